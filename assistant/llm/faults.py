"""What is wrong with a description after a change: facts lost or got, and what it lacks of the change.

Only what the world has words for is counted, and only of changes that are understood; what a change is about is read
from its own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from assistant.llm.written import MOODIER, PARTS, REPLACED, SIZED, SWAPPED, labels_of
from captioner.reading import Fact, Label, Said, read_caption
from captioner.world.scene import HELD, INDOORS

OTHERWISE = re.compile(r"^(?:add|remove|move|put|show|draw)\b")
"""Changes that may bring sentences, take some away, or tell of several things what they did not say before."""
SCENERY = frozenset({"place", "extra", "detail", "time", "weather", "style", "framing"})
_MOODY = frozenset({"mood", "joy", "pose"})
ALONE = frozenset({"time", "weather", "style", "framing"})
"""Of the scenery, what is told in a sentence of its own that neither comes nor goes."""
NOT_DONE = 100
"""A description without what was asked for is worse than one that lost any number of facts."""
_FALLING = re.compile(r"^(add|remove)\b")
_AWAY = re.compile(r"^take .+ (?:off|away)\b")
AGAIN_AND_AGAIN = re.compile(r"\b(\w.{11,}?)(?: \1){2}")
"""The same words three times in a row: a small model that does not find the end of a sentence."""
_POSED = re.compile(r"\b(?:jump|wave|waving|jumping|stand|standing)\b")


@dataclass
class Asked:
    """What a change is about: whose facts may come or go, which, and what has to be there, or no more, afterwards.

    `free` are names of attributes, items and scenery, `other` those of which one has to be another than before,
    `toward` one that has to rise (1) or fall (-1); `parts` are what each clause of a change of several is about.
    """

    kinds: list[str] = field(default_factory=list)
    free: set[str] = field(default_factory=set)
    there: list[Label] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    other: set[str] = field(default_factory=set)
    toward: tuple[str, int] | None = None
    replaced: tuple[str, str] | None = None
    parts: tuple[Asked, ...] = ()


def asked_by(change: str) -> Asked | None:
    """Return what a change is about; None where its words do not tell."""
    parts = []
    for part in PARTS.split(change):
        parts.append(Asked())
        if not _take(parts[-1], part):
            return None
    if any(label[0] == "place" and label[1] in INDOORS for part in parts for label in part.there):
        for part in parts:  # what falls or grows is not seen there
            part.there = [label for label in part.there if label[0] not in ("weather", "extra")]
    return Asked(
        replaced=next((part.replaced for part in parts if part.replaced), None),
        parts=tuple(parts),
    )


def _take(asked: Asked, part: str) -> bool:
    """Add what one part of a change is about; say whether its words tell."""
    labels = labels_of(part)
    of = {name: [value for key, value in labels if key == name] for name, _ in labels}
    kinds, items, colours = (of.get(name, []) for name in ("kind", "item", "colour"))
    asked.kinds += kinds
    if (falling := _FALLING.match(part)) and of.keys() <= {"weather", "extra"}:
        asked.free |= {*of, "detail"}
        asked.there += labels if falling[1] == "add" else []
        return bool(labels)
    if OTHERWISE.match(part):
        return False
    if REPLACED.match(part) and len(kinds) == 2:
        asked.replaced = (kinds[0], kinds[1])
        asked.free |= {*_MOODY, "relations"}
    elif items:
        away = _AWAY.match(part) is not None
        swapped = SWAPPED.match(part) is not None and len(items) == 2
        asked.gone += items[:1] if away or swapped else []
        asked.there += [] if away else [("item", items[-1]), *(("item colour", colour) for colour in colours[-1:])]
        asked.free |= {*items, *(HELD if set(items) & set(HELD) else ())}
    elif "mood" in of or MOODIER.search(part):
        asked.free |= _MOODY
        asked.there += [("mood", value) for value in of.get("mood", [])[-1:]]
        asked.other |= {"mood", "joy"}
        asked.toward = _toward(part, "mood")
    elif SIZED.search(part) or _POSED.search(part):
        asked.free |= {"size"} if SIZED.search(part) else {"pose", "joy"}
        asked.other |= {"size"} if SIZED.search(part) else {"pose", "joy"}
        asked.toward = _toward(part, "size")
    elif colours and kinds:
        asked.free |= {"colour", "relations"}
        asked.there.append(("colour", colours[-1]))
    elif "place" in of and not kinds:
        asked.free |= SCENERY
        asked.there += [("place", of["place"][-1])]
    elif (scenery := ALONE & of.keys()) and not kinds:
        asked.free |= scenery
        asked.there += [label for label in labels if label[0] in scenery and label[1]]
    else:
        return False
    return True


def faults(before: str, after: str, change: str) -> int:
    """Return what is wrong with a description after a change: facts lost or got, and what it lacks of the change.

    Only what the world has words for is counted, and only of changes that are understood: 0 is no proof.
    """
    asked = asked_by(change)
    rambling = NOT_DONE if AGAIN_AND_AGAIN.search(after) else 0
    if asked is None:
        return rambling
    old, new = read_caption(before), read_caption(after)
    if asked.replaced:
        if [thing.kind for thing in old.things].count(asked.replaced[0]) > 1:
            return rambling  # which of them is not told
        old = _renamed(old, *asked.replaced)
    lost, gained = old.facts() - new.facts(), new.facts() - old.facts()
    gone_or_come = lost + gained
    wrong = sum(number for fact, number in gone_or_come.items() if not any(_may_go(fact, part) for part in asked.parts))
    unchanged = asked.replaced is None and not gone_or_come
    undone = sum(
        not (_is_done(new, part) and _is_other(gone_or_come, part) and _has_gone(old, new, part))
        for part in asked.parts
    )
    rambling = rambling or NOT_DONE * any(
        len(thing.items) > len({kind for kind, _ in thing.items}) for thing in new.things
    )
    return wrong + rambling + NOT_DONE * (undone or unchanged)


def _may_go(fact: Fact, asked: Asked) -> bool:
    """Say whether a fact may come or go: one of a thing that is asked about, or of the scenery, if it is free."""
    group, first, *more = fact
    if group == "relations":
        return group in asked.free
    if group == "counts" or (group == "objects" and not more):
        return False
    if first in SCENERY:
        return first in asked.free
    return (not asked.kinds or first in asked.kinds) and more[0] in asked.free


def _is_other(gone_or_come: Iterable[Fact], asked: Asked) -> bool:
    """Say whether one of the attributes that have to be others is one of what is asked about."""
    changed = {tuple(fact[1:3]) for fact in gone_or_come if fact[0] == "attributes" and len(fact) > 3}
    return not asked.other or any(
        name in asked.other and (not asked.kinds or kind in asked.kinds) for kind, name in changed
    )


def _has_gone(old: Said, new: Said, asked: Asked) -> bool:
    """Say whether what has to rise or fall did, as far as both descriptions tell."""
    if asked.toward is None:
        return True
    name, sign = asked.toward
    before, after = (_level(said, asked.kinds, name) for said in (old, new))
    return before is None or after is None or (after - before) * sign > 0


def _level(said: Said, kinds: Sequence[str], name: str) -> int | None:
    """Return how big, or how happy, all of some kinds (of any where none is named) are together; None if not told."""
    things = [thing for thing in said.things if not kinds or thing.kind in kinds]
    if name == "size":
        return sum({"small": -1, "large": 1}.get(thing.value("size"), 0) for thing in things)
    moods = [thing.value("mood") for thing in things]
    return sum(int(mood) + thing.joy for mood, thing in zip(moods, things, strict=True)) if all(moods) else None


def _toward(part: str, name: str) -> tuple[str, int] | None:
    found = re.search(r"\b(?:(happier|merrier|bigger|larger)|(sadder|smaller|tinier))\b", part)
    return (name, 1 if found[1] else -1) if found else None


def _is_done(new: Said, asked: Asked) -> bool:
    """Say whether a description holds what a change asks for, as far as its labels tell."""
    things = [thing for thing in new.things if not asked.kinds or thing.kind in asked.kinds]
    if asked.replaced and asked.replaced[1] not in {thing.kind for thing in things}:
        return False
    had = {("item", kind) for thing in things for kind, _ in thing.items}
    had |= {("item colour", colour) for thing in things for _, colour in thing.items}
    had |= {label for thing in things for label in thing.attributes} | new.scenery | {("weather", "clear")}
    return set(asked.there) <= had and not {("item", kind) for kind in asked.gone} & had


def _renamed(said: Said, old: str, new: str) -> Said:
    """Return what is said, of another kind in place of one."""
    for thing in said.things:
        if thing.kind == old:
            thing.kind = new
    return said
