"""Three kinds of caption of a scene: descriptive, short, and alt text as noisy as the web's.

Every choice of phrase is keyed by (seed, what is being said, thing id), never drawn from one stream of random
numbers: so the captions of a scene before and after an edit, under one seed, differ in the words of what changed and in
nothing else. Knows no drawing; it says only what the drawing shows.
"""

from __future__ import annotations

import dataclasses
import zlib
from collections.abc import Sequence
from typing import TypeVar

from captioner.world import words
from captioner.world.alt import ALT_HIGH, ALT_LOW, ALT_MEDIUM, ALT_RATES, AltRates, noisy
from captioner.world.scene import INDOORS, SPATIAL, Scene, Thing

__all__ = ["ALT_HIGH", "ALT_LOW", "ALT_MEDIUM", "ALT_RATES", "AltRates", "alt_text", "descriptive", "name_of", "short"]

MAX_WORDS = 90
MOVING = frozenset(SPATIAL) - {"left of", "right of"}
"""Relations that put their subject where the object is, whatever its own side."""
T = TypeVar("T")


def keyed(seed: int, slot: str, bound: int) -> int:
    """Return a number below `bound` that depends on the seed and the slot only.

    CRC alone is linear: two slots of equal length would be picked in lockstep for every seed. The multiplications
    (the finaliser of MurmurHash3) break that.
    """
    x = zlib.crc32(f"{seed}|{slot}".encode())
    x = ((x ^ (x >> 16)) * 0x85EBCA6B) & 0xFFFFFFFF
    x = ((x ^ (x >> 13)) * 0xC2B2AE35) & 0xFFFFFFFF
    return (x ^ (x >> 16)) % bound


def pick(seed: int, slot: str, options: Sequence[T]) -> T:
    return options[keyed(seed, slot, len(options))]


def name_of(scene: Scene, thing: Thing) -> str:
    """Return "the bunny", with as much more as tells it from the other things."""
    noun = words.plural(thing.kind) if thing.count > 1 else thing.kind
    if thing.count > 1 and noun == thing.kind:  # "the sheep" would be one of them
        noun = f"{words.NUMBERS[thing.count]} {noun}"
    alike = [other for other in scene.things if other.kind == thing.kind and other.id != thing.id]
    if not alike:
        return f"the {noun}"
    if all(other.colour != thing.colour for other in alike):
        return f"the {thing.colour} {noun}"
    return f"the {noun} {words.SIDE_WORDS[thing.side][0]}"


def descriptive(scene: Scene, seed: int) -> str:
    """Return 30 to 90 words that state every visible fact of the scene."""
    text = _composed(scene, seed)
    # Two or three things, each with all there is to have, are too many facts for sentences.
    return text if text.count(" ") < MAX_WORDS else _enumerated(scene, seed)


def short(scene: Scene, seed: int, about: Thing | None = None) -> str:
    """Return one thing and where it is in 3 to 12 words; `about` None takes the one that comes first."""
    thing = about or scene.main
    form = keyed(seed, "short", 4)
    adjectives = [_mood_word(thing, seed)] if thing.has_face and form != 3 else []
    if thing.size != "medium" and form == 1:
        adjectives.insert(0, pick(seed, "size/1", words.SIZE_WORDS[thing.size]))
    phrase = _counted(thing, [*adjectives, thing.colour])
    if form == 2 and thing.worn:
        return f"{phrase} with {_items(thing)[0]}"
    if form == 3 and thing.held:
        return f"{phrase} {_held(thing, 'holding')}"
    preposition, place = words.PLACE_NAMES[scene.place]
    return f"{phrase} {preposition} {place}"


def alt_text(scene: Scene, seed: int, rates: AltRates = ALT_RATES) -> str:
    """Return a caption as found beside pictures on the web: mostly poor, at the stated rates."""
    fair = short(scene, seed)
    return noisy(scene, fair, seed, rates)


def _composed(scene: Scene, seed: int) -> str:
    many = len(scene.things) > 1
    order = keyed(seed, "order", 4)
    place_joins = order == 1 and not many and scene.main.has_face
    things: list[str] = []
    for thing in scene.things:
        things += _thing_sentences(scene, thing, seed, many, _place(scene, seed, 2) if place_joins else "")
    things += _relation_sentences(scene, seed)
    place = [] if place_joins else [_place_sentence(scene, seed, 1 if many else 2)]
    sky, style, extras = [_sky(scene, seed)], [_style(scene, seed)], _extras(scene, seed)
    parts = {
        0: style + things + place + sky + extras,
        1: things + place + sky + extras + style,
        2: place + things + extras + sky + style,
        3: style + sky + place + extras + things,
    }[order]
    return " ".join(part[0].upper() + part[1:] + "." for part in parts)


def _enumerated(scene: Scene, seed: int) -> str:
    """Return the facts of a crowded scene in the fewest words."""
    style, place = pick(seed, "style", words.STYLE_WORDS[scene.style]), _place(scene, seed, 0)
    sky = scene.time if scene.weather == "clear" else f"{scene.time}, {words.WEATHER_NOUNS[scene.weather]}"
    sentences = [", ".join([style, f"{scene.framing} view", place, sky, *scene.extras])]
    for thing in scene.things:
        doing = [_noun_phrase(thing, seed, with_mood=thing.has_face), _where(scene, thing, seed)]
        joy = ("jumping for joy", "sunbeams", "hearts and flowers")[: thing.joy]
        items = [f"{item.colour} {item.kind}" for item in (*thing.worn, thing.held) if item]
        pose = [] if thing.joy or thing.pose == "standing" else [_pose(thing, seed)]
        written = [f'"{thing.words}"'] if thing.words else []
        sentences.append(", ".join(filter(None, [" ".join(doing).strip(), *joy, *pose, *items, *written])))
    beyond_sides = [r for r in scene.relations if r.kind not in ("left of", "right of")]
    sentences += _relation_sentences(dataclasses.replace(scene, relations=tuple(beyond_sides)), seed)
    return " ".join(part[0].upper() + part[1:] + "." for part in sentences)


def _thing_sentences(scene: Scene, thing: Thing, seed: int, many: bool, place: str) -> list[str]:
    key = f"/{thing.id}"
    they, is_ = ("they", "are") if thing.count > 1 else ("it", "is")
    mood_form = keyed(seed, "mood form" + key, 2 if many else 3) if thing.has_face else None
    wear_form = keyed(seed, "wear form" + key, 2 if many else 3)
    phrase = _noun_phrase(thing, seed, with_mood=mood_form == 0)
    doing, more = [], []
    if thing.has_face and mood_form == 1:
        doing.append(_mood_said(thing, seed, "looking"))
    elif thing.has_face and mood_form == 2 and thing.mood is not None:
        face = pick(seed, "face" + key, words.MOOD_FACES[thing.mood])
        more.append(f"{they} {_mood_said(thing, seed, 'look' if thing.count > 1 else 'looks')}, with {face}")
    if thing.worn:
        worn = words.listed(_items(thing))
        if wear_form == 0:
            phrase += " in " + worn
        elif wear_form == 1:
            doing.append("wearing " + worn)
        else:
            more.append(f"{they} {'wear' if thing.count > 1 else 'wears'} {worn}")
    if thing.held:
        doing.append(_held(thing, pick(seed, "hold" + key, words.HOLD_WORDS)))
    if thing.words:
        phrase += f' with the word "{thing.words}" on it'
    where = _where(scene, thing, seed)
    pose = _pose(thing, seed)
    tail = ", " + words.listed(doing) if doing else ""
    place = f" {place}" if place else ""
    joy = _joy(thing, seed)
    if where and not place and keyed(seed, "thing form" + key, 3) == 2:
        standing = pose in words.POSE_WORDS["standing"]
        verb = ("stand" if thing.count > 1 else "stands") if standing else is_
        first = f"{where} {verb} {phrase}{'' if standing or not pose else ', ' + pose}{joy}{tail}"
    else:
        verb = " ".join(part for part in (is_, pose, where) if part)
        first = f"there {is_} {phrase}{joy}{tail}" if verb == is_ else f"{phrase} {verb}{joy}{place}{tail}"
    return [first, *more]


def _noun_phrase(thing: Thing, seed: int, with_mood: bool) -> str:
    key = f"/{thing.id}"
    adjectives = [_mood_word(thing, seed)] if with_mood else []
    if sizes := words.SIZE_WORDS[thing.size]:
        adjectives.insert(0, pick(seed, "size" + key, sizes))
    adjectives.append(thing.colour)
    if patterns := words.PATTERN_WORDS[thing.pattern]:
        adjectives.append(pick(seed, "pattern" + key, patterns))
    return _counted(thing, adjectives)


def _counted(thing: Thing, adjectives: list[str]) -> str:
    if thing.count > 1:
        return " ".join([words.NUMBERS[thing.count], *adjectives, words.plural(thing.kind)])
    return words.article(" ".join([*adjectives, thing.kind]))


def _mood_word(thing: Thing, seed: int) -> str:
    assert thing.mood is not None
    return pick(seed, f"mood/{thing.id}", words.MOOD_WORDS[thing.mood])


def _mood_said(thing: Thing, seed: int, looking: str) -> str:
    """Return "looking sad", but "sobbing" and "is sobbing" where the word is itself something done."""
    word = _mood_word(thing, seed)
    if not word.endswith("ing"):
        return f"{looking} {word}"
    return {"looking": word, "looks": f"is {word}", "look": f"are {word}"}[looking]


def _items(thing: Thing) -> list[str]:
    return [_item(item.kind, item.colour, thing.count) for item in thing.worn]


def _item(kind: str, colour: str, count: int) -> str:
    return f"{colour} {words.plural(kind)}" if count > 1 else words.item_words(kind, colour)


def _held(thing: Thing, verb: str) -> str:
    assert thing.held is not None
    return f"{verb} {_item(thing.held.kind, thing.held.colour, thing.count)}"


def _pose(thing: Thing, seed: int) -> str:
    if not thing.has_face:
        return ""
    key = f"pose/{thing.id}"
    if thing.joy:
        return pick(seed, key, words.JOY_VERBS)  # joy takes over the pose in the drawing too
    if thing.pose == "standing" and thing.kind in words.NO_LEGS:
        return ""
    return pick(seed, key, words.POSE_WORDS[thing.pose])


def _joy(thing: Thing, seed: int) -> str:
    key = f"joy/{thing.id}"
    text = " " + pick(seed, key, words.JOY_BEAMS) if thing.joy >= 2 else ""
    return text + (" " + pick(seed, key + "/3", words.JOY_FLOWERS) if thing.joy >= 3 else "")


def _where(scene: Scene, thing: Thing, seed: int) -> str:
    """Return where the thing is; nothing where a relation says it better."""
    if any(thing.id == r.subject and r.kind in MOVING for r in scene.relations):
        return ""
    return pick(seed, f"side/{thing.id}", words.SIDE_WORDS[thing.side])


def _relation_sentences(scene: Scene, seed: int) -> list[str]:
    sentences = []
    for relation in scene.relations:
        subject, obj = scene.thing(relation.subject), scene.thing(relation.obj)
        how = pick(seed, f"relation/{relation.subject}/{relation.obj}", words.RELATION_WORDS[relation.kind])
        is_ = "are" if subject.count > 1 else "is"
        sentences.append(f"{name_of(scene, subject)} {is_} {how} {name_of(scene, obj)}")
    return sentences


def _place(scene: Scene, seed: int, details: int) -> str:
    preposition, place = words.PLACE_NAMES[scene.place]
    return f"{preposition} {_place_noun(scene, seed, place, details)}"


def _place_sentence(scene: Scene, seed: int, details: int) -> str:
    lead = pick(seed, "place lead", words.PLACE_LEADS)
    return f"{lead} {_place_noun(scene, seed, words.PLACE_NAMES[scene.place][1], details)}"


def _place_noun(scene: Scene, seed: int, place: str, details: int) -> str:
    known = words.PLACE_DETAILS[scene.place]
    first = keyed(seed, "place details", len(known))
    chosen = [known[(first + step) % len(known)] for step in range(details)]
    return f"{place} with {words.listed(chosen)}" if chosen else place


def _sky(scene: Scene, seed: int) -> str:
    time = pick(seed, "time", words.TIME_WORDS[scene.time])
    if scene.place in INDOORS and scene.weather == "clear":
        return time
    return f"{time} {pick(seed, 'weather', words.WEATHER_WORDS[scene.weather])}".rstrip()


def _style(scene: Scene, seed: int) -> str:
    style = pick(seed, "style", words.STYLE_WORDS[scene.style])
    framing = pick(seed, "framing", words.FRAMING_WORDS[scene.framing])
    return f"{pick(seed, 'style lead', words.STYLE_LEADS)} {style} {framing}"


def _extras(scene: Scene, seed: int) -> list[str]:
    if not scene.extras:
        return []
    named = [pick(seed, f"extra/{extra}", words.EXTRA_WORDS[extra]) for extra in scene.extras]
    return [f"{pick(seed, 'extra lead', words.EXTRA_LEADS)} {words.listed(named)}"]
