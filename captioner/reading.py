"""What a caption says, read with the world's own words, in the shape in which a scene says it too.

A caption is any text: it is looked through for the phrases of `captioner.world.words`, the longest first, and what
nothing there explains is counted as unknown. Both sides come out as the same `Said`, so that a scene's own captions say
exactly what is true of it; a test holds the two together. Knows no pictures and no models.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from captioner.world import words
from captioner.world.captions import MOVING
from captioner.world.scene import (
    COLOURS,
    EXTRAS,
    FRAMINGS,
    HELD,
    RELATIONS,
    SIDES,
    SUBJECTS,
    TIMES,
    WEATHERS,
    WORN,
    Scene,
)

Fact = tuple[str, ...]
"""The group it counts in, then what it says: ("attributes", "bunny", "colour", "red")."""
GROUPS = ("objects", "attributes", "relations", "counts")
Label = tuple[str, str]
NO_WORDS = {"size": "medium", "pattern": "plain", "pose": "standing", "weather": "clear"}
"""What is said by saying nothing."""
QUOTED = "quotedwords"
"""Stands for words on a sign, which are not the caption's own."""
GLUE = frozenset(
    {
        "a", "also", "all", "an", "and", "are", "around", "at", "background", "by", "can", "carrying", "here",
        "holding", "in", "is", "it", "its", "look", "looking", "looks", "of", "on", "one", "picture", "place", "plus",
        "see", "setting", "shows", "stand", "standing", "stands", "still", "the", "their", "there", "they", "this",
        "time", "to", "up", "view", "we", "wear", "wearing", "wears", "what", "with", "word",
    }
)  # fmt: skip
"""Words that only join others."""


@dataclass
class SaidThing:
    """A thing as told: its attributes (name, value), and the items worn or held (kind, colour)."""

    kind: str
    count: int = 1
    attributes: set[Label] = field(default_factory=set)
    items: list[Label] = field(default_factory=list)
    joy: int = 0

    def value(self, name: str) -> str:
        return min((value for key, value in self.attributes if key == name), default="")


Reference = int | str
"""A thing's place in the list of things; or the kind alone, of one that the caption speaks of without telling it."""


@dataclass
class Said:
    """All that a caption or a scene says; `details` are things that the place has, `unknown` words without meaning."""

    things: list[SaidThing] = field(default_factory=list)
    scenery: set[Label] = field(default_factory=set)
    relations: set[tuple[Reference, str, Reference]] = field(default_factory=set)
    details: set[str] = field(default_factory=set)
    unknown: list[str] = field(default_factory=list)

    def facts(self) -> Counter[Fact]:
        """Return every fact, with how often it is said: two hats of two bunnies are two."""
        found: Counter[Fact] = Counter()
        for name, value in self.scenery:
            found["objects" if name in ("place", "extra") else "attributes", name, value] += 1
        for thing in self.things:
            found["objects", thing.kind] += 1
            found["counts", thing.kind, str(thing.count)] += 1
            for name, value in thing.attributes:
                found["attributes", thing.kind, name, value] += 1
            if thing.joy:
                found["attributes", thing.kind, "joy", str(thing.joy)] += 1
            for item, colour in thing.items:
                found["objects", thing.kind, item] += 1
                if colour:
                    found["attributes", thing.kind, item, colour] += 1
        names = _names(self.things)
        for subject, kind, obj in self.all_relations():
            one, two = (names[end] if isinstance(end, int) else end for end in (subject, obj))
            found["relations", one, kind, two] += 1
        return found

    def all_relations(self) -> set[tuple[Reference, str, Reference]]:
        """Return the relations, and who is left of whom as the sides tell it; "right of" is that, read backwards."""
        found = {(obj, "left of", one) if kind == "right of" else (one, kind, obj) for one, kind, obj in self.relations}
        places = [SIDES.index(side) if (side := thing.value("side")) else None for thing in self.things]
        for one, left in enumerate(places):
            for two, right in enumerate(places):
                if left is not None and right is not None and left < right:
                    found.add((one, "left of", two))
        return found


def said_by_scene(scene: Scene) -> Said:
    """Return what is true of a scene and can be told."""
    index = {thing.id: place for place, thing in enumerate(scene.things)}
    moved = {relation.subject for relation in scene.relations if relation.kind in MOVING}
    said = Said(
        scenery={("place", scene.place), ("time", scene.time), ("style", scene.style), ("framing", scene.framing)}
        | {("extra", extra) for extra in scene.extras},
        relations={(index[r.subject], r.kind, index[r.obj]) for r in scene.relations},
        details=set(words.PLACE_DETAILS[scene.place]),
    )
    if scene.weather != "clear":
        said.scenery.add(("weather", scene.weather))
    for thing in scene.things:
        told = SaidThing(thing.kind, thing.count, {("colour", thing.colour)}, joy=thing.joy)
        told.items = [(item.kind, item.colour) for item in (*thing.worn, thing.held) if item]
        if thing.mood is not None:
            told.attributes.add(("mood", str(thing.mood)))
        if thing.id not in moved:
            told.attributes.add(("side", thing.side))
        pose = "standing" if thing.joy else thing.pose  # joy takes over the pose
        for name, value in (("size", thing.size), ("pattern", thing.pattern), ("pose", pose)):
            if value != NO_WORDS[name]:
                told.attributes.add((name, value))
        if thing.words:
            told.attributes.add(("words", thing.words))
        said.things.append(told)
    return said


def read_caption(text: str) -> Said:
    """Return what a caption says, whatever its words."""
    said = Said()
    signs = iter(re.findall(r'"([^"]*)"', text))
    plain = re.sub(r'"[^"]*"', f" {QUOTED} ", text).lower()
    pending: list[tuple[str, str, str]] = []
    for sentence in re.split(r"[.!?]+(?:\s|$)", plain):
        rest = _RELATION.sub(lambda found: _noted(found, pending), sentence)
        _read_sentence(rest, said, signs)
    for one, kind, two in pending:
        said.relations.add((_resolved(one, said.things), kind, _resolved(two, said.things)))
    return said


def labels_in(text: str) -> list[Label]:
    """Return the labels of all phrases that stand in a text, whatever stands between them."""
    return list(_labelled(text.lower(), []))


def _noted(found: re.Match[str], pending: list[tuple[str, str, str]]) -> str:
    pending.append((found["one"], _HOW_WORDS[found["how"]], found["two"]))
    return " "


def _read_sentence(sentence: str, said: Said, signs: Iterator[str]) -> None:
    """Take a sentence's phrases in their order: adjectives wait for their noun, all else belongs to the last thing."""
    waiting: list[Label] = []
    before: list[Label] = []  # told before the sentence's own thing: "on the left stands a bunny"
    current: SaidThing | None = None
    count = 1
    for name, value in _labelled(sentence, said.unknown):
        if name == "number":
            count = words.NUMBERS.index(value)
        elif name in ("colour", "size", "pattern", "mood"):
            waiting.append((name, value))
        elif name == "kind":
            current = SaidThing(value, count, {*waiting, *before})
            said.things.append(current)
            waiting, before, count = [], [], 1
        elif name == "item":
            colour = next((shade for key, shade in waiting if key == "colour"), "")
            waiting = [label for label in waiting if label[0] != "colour"]
            owner = current or (said.things[-1] if said.things else None)
            _leave(waiting, owner, before)
            waiting, count = [], 1
            if owner is not None:
                owner.items.append((value, colour))
        else:
            owner = current or (said.things[-1] if said.things and name != "side" else None)
            _leave(waiting, owner, before)
            waiting = []
            if name in ("side", "pose"):
                if name == "side" or value != NO_WORDS["pose"]:
                    _leave([(name, value)], owner, before)
            elif name == "joy":
                if owner is not None:
                    owner.joy = max(owner.joy, int(value))
            elif name == "quoted":
                written = next(signs, "")
                if owner is not None:
                    owner.attributes.add(("words", written))
            elif name == "detail":
                said.details.add(value)
            elif (name, value) != ("weather", NO_WORDS["weather"]):
                said.scenery.add((name, value))
    _leave(waiting, current or (said.things[-1] if said.things else None), [])


def _leave(labels: list[Label], owner: SaidThing | None, before: list[Label]) -> None:
    if owner is None:
        before += labels
    else:
        owner.attributes |= set(labels)


def _labelled(sentence: str, unknown: list[str]) -> Iterator[Label]:
    """Yield the labels of a sentence's phrases, the longest that fits at each place; other words go into `unknown`."""
    tokens = re.findall(r"[\w'-]+", sentence)
    place = 0
    while place < len(tokens):
        for length in range(min(_LONGEST, len(tokens) - place), 0, -1):
            label = _LABELS.get(" ".join(tokens[place : place + length]))
            if label is not None:
                yield label
                place += length
                break
        else:
            if tokens[place] not in GLUE:
                unknown.append(tokens[place])
            place += 1


def _resolved(name: str, things: list[SaidThing]) -> Reference:
    """Return which thing a name ("red bunny on the left") means: the one that it fits best; else its kind."""
    labels = list(_labelled(name, []))
    kind = next((value for key, value in labels if key == "kind"), "")
    fits = [
        (sum(label in thing.attributes for label in labels), -place)
        for place, thing in enumerate(things)
        if thing.kind == kind
    ]
    return -max(fits)[1] if fits else kind


def _names(things: list[SaidThing]) -> list[str]:
    """Return a name of each thing: its kind, and where that is another's too, its colour, or else its side."""
    names = []
    for thing in things:
        alike = [other for other in things if other.kind == thing.kind and other is not thing]
        if not alike:
            names.append(thing.kind)
        elif all(other.value("colour") != thing.value("colour") for other in alike):
            names.append(f"{thing.value('colour')} {thing.kind}")
        else:
            names.append(f"{thing.kind} {thing.value('side')}")
    return names


def _phrases() -> Iterator[tuple[str, Label]]:
    """Yield every phrase of the world's captions and what it says; of equal phrases the last counts."""
    for kind in SUBJECTS:
        yield from ((kind, ("kind", kind)), (words.plural(kind), ("kind", kind)))
    for item in (*WORN, *HELD):
        yield from ((item, ("item", item)), (words.plural(item), ("item", item)))
    yield from ((colour, ("colour", colour)) for colour in COLOURS)
    yield from ((number, ("number", number)) for number in words.NUMBERS[1:])
    for degree, faces in enumerate(words.MOOD_FACES):
        yield from ((phrase, ("mood", str(degree))) for phrase in (*words.MOOD_WORDS[degree], *faces))
    tables = (
        ("size", words.SIZE_WORDS), ("pattern", words.PATTERN_WORDS), ("side", words.SIDE_WORDS),
        ("pose", words.POSE_WORDS), ("time", words.TIME_WORDS), ("weather", words.WEATHER_WORDS),
        ("extra", words.EXTRA_WORDS), ("framing", words.FRAMING_WORDS), ("style", words.STYLE_WORDS),
    )  # fmt: skip
    for name, table in tables:
        for value, phrases in table.items():
            yield from ((phrase, (name, value)) for phrase in phrases if phrase)
    yield from ((time, ("time", time)) for time in TIMES)
    yield from ((words.WEATHER_NOUNS[weather], ("weather", weather)) for weather in WEATHERS if weather != "snow")
    yield from ((extra, ("extra", extra)) for extra in EXTRAS)
    yield from ((f"{framing} view", ("framing", framing)) for framing in FRAMINGS)
    yield from ((phrase, ("joy", "1")) for phrase in words.JOY_VERBS)
    yield from ((phrase, ("joy", "2")) for phrase in (*words.JOY_BEAMS, "sunbeams"))
    yield from ((phrase, ("joy", "3")) for phrase in (*words.JOY_FLOWERS, "hearts and flowers"))
    for place, details in words.PLACE_DETAILS.items():
        yield from ((detail, ("detail", detail)) for detail in details)
        noun = words.PLACE_NAMES[place][1]
        yield from ((phrase, ("place", place)) for phrase in (noun, noun.split(" ", 1)[1]))
    yield QUOTED, ("quoted", "")
    yield "snow", ("weather", "snow")


_LABELS: dict[str, Label] = {" ".join(re.findall(r"[\w'-]+", text.lower())): label for text, label in _phrases()}
_HOW_WORDS = {phrase: name for name in RELATIONS for phrase in words.RELATION_WORDS[name]}
_LONGEST = max(text.count(" ") for text in _LABELS) + 1


def _either(options: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, options), key=len, reverse=True))


_KIND = _either(text for text, label in _LABELS.items() if label[0] == "kind")
_BEFORE = _either(text for text, label in _LABELS.items() if label[0] in ("colour", "number"))
_SIDE = _either(text for text, label in _LABELS.items() if label[0] == "side")
_HOW = _either(_HOW_WORDS)
_NAME = rf"the (?:(?:{_BEFORE}) )*(?:{_KIND})(?: (?:{_SIDE}))?\b"
_RELATION = re.compile(rf"\b(?P<one>{_NAME}) (?:is|are) (?P<how>{_HOW}) (?P<two>{_NAME})")
