"""Messages with two values: of one attribute at once, which is asked back; as a correction, of which the last counts.

"Make it red and make it blue" cannot be done, and whoever picks one of the two in silence does half of what was asked:
the answer says what contradicts what. "Make it red, no, blue" and "first red, then blue" do say which; and "make the cat
red and the dog blue" is about two, and "make it red and happy" about two attributes.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from assistant.training import lexicon as lx
from assistant.training.asks import Ask, joined, said_as_clause, wrapped
from assistant.training.ways_of_asking import GERUNDS
from assistant.training.wishes import choose
from captioner.errors import WorldError
from captioner.world import words
from captioner.world.captions import name_of
from captioner.world.edits import Edit, apply_kind, random_edit
from captioner.world.scene import MOODS, Scene, WorldSetting, is_held_out

NOT_BOTH = "It can't be {one} and {two} at once. Which shall it be?"
LOOKS = (
    "make {it} {one} and make {it} {two}", "make {it} {one} and {two}", "make {it} both {one} and {two}", "{it} should be {one} and {two} at once", "make {it} {one} and {two} at the same time", "make {it} {one} but also {two}",
    "i want {it} {one} and {two}", "{it} should be {one}. {it} should be {two}", "can {it} be {one} and {two}?", "let {it} be {one} and also {two}", "make {it} {one}, and make {it} {two}", "have {it} be {one} and {two}",
    "{it} must be {one} and {two}", "at the same time {one} and {two}", "make {it} {one} yet {two}", "i want {it} to be {one} and i want {it} to be {two}", "make {it} look {one} and {two}", "{it} should look {one} but {two}",
    "{one} and {two}", "{one} and {two} please", "{one} and {two} at once", "both {one} and {two}", "{one} but also {two}", "{it}: {one} and {two}", "could {it} be {one} and at the same time {two}?", "make {it} {one} as well as {two}",
    "make {it} {one} and also make {it} {two}", "make {it} {one}. make {it} {two}", "{it} should be {one} and {it} should be {two}", "let {it} be {one} and let {it} be {two}", "simultaneously {one} and {two}", "make {it} {one} while {two}",
)  # fmt: skip
COLOURINGS = (
    "turn {it} {one} and turn {it} {two}", "paint {it} {one} and paint {it} {two}", "colour {it} {one} and {two}", "change {it} to {one} and to {two}", "turn {it} {one} and {two}", "paint {it} {one} and {two}", "dye {it} {one} and also {two}",
)  # fmt: skip
PLACINGS = (
    "put {it} {one} and {two}", "put {it} {one} and put {it} {two}", "i want {it} {one} and {two}", "{one} and {two}", "{it} should be {one} and {two} at the same time", "{it} should be {one} and also {two}", "let {it} be {one} and {two}",
    "move {it} {one} and move {it} {two}", "show {it} {one} and {two} at once", "can {it} be {one} and {two}?", "both {one} and {two}", "place {it} {one} and {two}", "have {it} {one} and {two} please",
)  # fmt: skip
DRAWINGS = (
    "make {it} {one} and make {it} {two}", "draw {it} as {one} and as {two}", "{one} and {two} style", "in {one} and in {two}", "make {it} {one} and {two}", "change the style to {one} and to {two}", "{it} should be {one} and {two} at once",
    "{one} and {two}", "redraw {it} in {one} and {two}", "both {one} and {two}", "use {one} and {two}", "paint {it} in {one} and in {two}",
)  # fmt: skip
ITEMS = (
    "give {it} {a} and take the {item} off", "{one} and {two}", "add {a} and remove the {item}", "{a} but no {item}", "give {it} {a} and no {item}", "{it} should wear {a} and not wear {a}", "put {a} on {it} and take the {item} away",
    "add {a} and no {item}", "{it} needs {a}, and no {item}", "make {it} {one} and {two}", "give {it} {a} but without {a}", "i want {it} {one} and {two} at the same time", "give {it} {a} and remove the {item} please",
    "{a} and no {item}", "let {it} have {a}, and don't give {it} {a}", "show {it} {one} and {two}", "add {a}, and take away the {item}", "put {a} on and leave the {item} off",
)  # fmt: skip
OF_BOTH = (
    "make them both {one}", "make both {one}", "make both of them {one}", "they should both be {one}", "both should be {one}", "make {a} and {b} {one}", "i want both {one}", "let both be {one}", "turn both {one}", "can they both be {one}?",
    "{one}, both of them", "both {one}", "make them {one}", "make them all {one}", "{a} and {b} should be {one}", "i want {a} and {b} {one}", "make both {a} and {b} {one}", "let them both be {one}", "have both be {one}", "both of them should be {one}",
    "make {a} {one} and {b} too", "make {a} {one} and make {b} {one}", "turn them both {one}", "can both of them be {one}?", "make the two of them {one}", "make everyone {one}", "they should be {one}", "i'd like both to be {one}",
)  # fmt: skip
GIVEN = (
    "give {a} {one}{link}{b} {two}", "put {one} on {a}{link}{two} on {b}", "{one} for {a}{link}{two} for {b}", "{a} should wear {one}{link}{b} {two}", "add {one} to {a}{link}{two} to {b}", "give {a} {one}{link}give {b} {two}",
    "let {a} wear {one}{link}{b} {two}", "{a} with {one}{link}{b} with {two}", "dress {a} in {one}{link}{b} in {two}", "i want {a} with {one}{link}{b} with {two}", "have {a} wear {one}{link}{b} wear {two}",
)  # fmt: skip
CORRECTIONS = tuple(
    f"{stop} {word}{pause} "
    for stop in (".", ",", "...", " -", "!")
    for word in (
        "no", "no wait", "wait no", "wait", "actually", "nope", "oh no", "hmm no", "sorry", "sorry, i meant", "i mean", "scratch that", "on second thought", "change of mind", "or rather", "no, better", "hmm, rather", "or no",
        "no, make that", "correction", "ah no", "rather", "no no", "i meant", "oops", "forget that", "not that", "well, rather",
    )
    for pause in (",", "", ":")
)  # fmt: skip
AFTERWARDS = (
    ", then ",
    " and then ",
    ". then ",
    ", and after that ",
    ", afterwards ",
    "; then ",
    ". after that, ",
    ", and then ",
    " and afterwards ",
    ". next, ",
)
_WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "time": {"day": ("day", "daytime", "noon", "midday"), "evening": ("evening", "sunset", "dusk", "twilight"), "night": ("night", "midnight", "night time")},
    "style": {"flat": ("flat", "cartoon", "flat illustration"), "watercolour": ("watercolour", "watercolor", "aquarelle"), "pencil": ("pencil", "pencil drawing", "pencil sketch")},
}  # fmt: skip
_SIZED = (
    ("bigger", "smaller"),
    ("larger", "smaller"),
    ("huge", "tiny"),
    ("big", "small"),
    ("bigger", "tinier"),
    ("giant", "tiny"),
    ("large", "small"),
    ("enormous", "small"),
)
_MOODED = (
    ("happier", "sadder"),
    ("more cheerful", "sadder"),
    ("happier", "more sad"),
    ("merrier", "gloomier"),
    ("happier", "less happy"),
)
_FRAMED = (("closer", "further away"), ("nearer", "farther away"), ("closer", "farther"))
_SOMEONE = re.compile(r"\b(?:it|him|her|them|its|his)\b")
_TOGETHER = ({"meadow", "forest"}, {"snowfield", "meadow"}, {"snowfield", "forest"})
"""Places that one picture may show both of; mountains stand behind any."""
_KINDS = {
    "recolour": 6, "set_mood": 6, "mood_up": 2, "mood_down": 1, "time": 3, "place": 2, "style": 1, "bigger": 1.5, "smaller": 1.5, "recolour_worn": 1.5, "recolour_held": 0.5, "closer": 0.5, "wider": 0.5,
    "add_worn": 1.5, "remove_worn": 1, "add_extra": 0.5,
}  # fmt: skip
_OF_ONE_THING = ("recolour", "recolour", "set_mood", "set_mood", "mood_up", "mood_down", "add_worn", "add_worn", "remove_worn", "recolour_worn", "bigger", "smaller")  # fmt: skip
DRAWS = 120
CORRECTED, APART, UNLIKE, PLAINLY, OF_ONE = 0.35, 0.7, 0.6, 0.25, 0.4
"""Of such messages, the shares that correct themselves; of two different things, those that ask something else of each, of
these, those that ask for changes of two kinds, and of their clauses those in the plan's words; and those that ask for two
attributes of one.
"""


@dataclass(frozen=True)
class _Two:
    """An edit, what a message calls it and another value of the same, and the ways to ask for both."""

    edit: Edit
    one: str
    two: str
    forms: tuple[str, ...]
    clause: str


def of_two_values(scene: Scene, rng: random.Random, setting: WorldSetting, dev: bool = False) -> Ask | None:
    """Return a message that names two values: of one attribute, of one for each of two things, or of two."""
    kinds = {thing.kind for thing in scene.things}
    if len(kinds) > 1 and rng.random() < APART:
        return _apart(scene, rng, setting, dev)
    if rng.random() < OF_ONE:
        return _of_one(scene, rng, setting, dev)
    two = _two_values(scene, rng, setting)
    if two is None:
        return None
    it = _it(two.edit, rng)
    slots = {"it": it, "one": two.one, "two": two.two, **_item_slots(two.edit)}
    if two.clause and rng.random() < CORRECTED:
        return _corrected(two, slots, rng, dev)
    if rng.random() < 0.5:
        slots |= {"one": two.two, "two": two.one} if two.clause else {}
    text = choose(rng, two.forms, dev).format(**slots)
    is_clause = text.partition(" ")[0] in GERUNDS
    return Ask(wrapped(text, is_clause, rng, dev), None, reply=NOT_BOTH.format(**slots), act="ask")


def values_in(reply: str) -> tuple[str, ...]:
    """Return the two values that an answer of this module says cannot be at once; none for any other answer."""
    found = re.match(r"It can't be (.+) and (.+) at once\.", reply)
    return (found[1], found[2]) if found else ()


def _corrected(two: _Two, slots: dict[str, str], rng: random.Random, dev: bool) -> Ask | None:
    if is_held_out(two.edit.after) and not dev:
        return None
    first = two.clause.format(it=slots["it"], value=two.one)
    second = two.clause.format(it=slots["it"], value=two.two)
    if rng.random() < 0.25:
        text = rng.choice(("", "first ")) + first + choose(rng, AFTERWARDS, dev) + second
    else:
        text = first + choose(rng, CORRECTIONS, dev) + (second if rng.random() < 0.5 else two.two)
    return Ask(text, two.edit)


def _apart(scene: Scene, rng: random.Random, setting: WorldSetting, dev: bool) -> Ask | None:
    """Return a message that asks something of each of two things: one value for both, one for each, or changes of two kinds."""
    kind = rng.choice(("recolour", "recolour", "set_mood", "set_mood", "mood_up", "add_worn", "add_worn", "bigger"))
    is_same = kind != "add_worn" and rng.random() < 0.3
    other = kind if is_same else {"bigger": "smaller", "mood_up": "mood_down"}.get(kind, kind)
    if not is_same and rng.random() < UNLIKE:
        kind, other = rng.sample(_OF_ONE_THING, 2)
    first = _edit(kind, scene, rng, setting)
    if first is None or first.target is None:
        return None
    second = _edit(other, first.after, rng, setting, first.target, first.slots if is_same else {})
    if second is None or (is_held_out(second.after) and not dev):
        return None
    one, two = _value(first, rng), _value(second, rng)
    a, b = (name_of(scene, scene.thing(edit.target)) for edit in (first, second) if edit.target is not None)
    if is_same:
        text = choose(rng, OF_BOTH, dev).format(one=one, a=a, b=b)
        return joined(first, second, wrapped(text, text.partition(" ")[0] in GERUNDS, rng, dev))
    links = (" and ", ", and ", " and ", " but ", ", ", " while ")
    if one and two and rng.random() < 0.6:
        verbs = ("make", "make", "turn", "paint") if kind == other == "recolour" else ("make", "make", "let")
        verb = rng.choice(verbs)
        be = "be " if verb == "let" else ""
        again = verb + " " if rng.random() < 0.3 else ""
        text = f"{verb} {a} {be}{one}{rng.choice(links)}{again}{b} {be}{two}"
    elif kind == other == "add_worn" and rng.random() < 0.6:
        one, two = (edit.slots["an_item"] for edit in (first, second))
        text = choose(rng, GIVEN, dev).format(a=a, b=b, one=one, two=two, link=rng.choice(links[:5]))
    else:
        clauses = [_clause(edit, rng, dev) for edit in (first, second)]
        if any(_SOMEONE.search(clause) for clause in clauses):
            return None  # which of the two is not said
        text = rng.choice(links[:4]).join(clauses)
    return joined(first, second, wrapped(text, text.partition(" ")[0] in GERUNDS, rng, dev))


def _clause(edit: Edit, rng: random.Random, dev: bool) -> str:
    """Return an edit as a clause: as people say it, or as plainly as the plan does."""
    return edit.change if rng.random() < PLAINLY else said_as_clause(edit, rng, dev)


def _edit(
    kind: str, scene: Scene, rng: random.Random, setting: WorldSetting, but: int | None = None,
    slots: Mapping[str, str] = MappingProxyType({}),
) -> Edit | None:  # fmt: skip
    """Return an edit of a kind, of another thing than `but` and to the same value as `slots` have; None if none comes."""
    values = {name: slots[name] for name in ("colour", "mood") if name in slots}
    for _ in range(DRAWS):
        change = apply_kind(kind, scene, rng, setting)
        if change is None or change.after == scene:
            return None
        if change.target != but and values.items() <= change.slots.items():
            return Edit(kind, scene, change.after, "", change.clause, change.region, change.slots, change.target)
    return None


def _of_one(scene: Scene, rng: random.Random, setting: WorldSetting, dev: bool) -> Ask | None:
    """Return a message that asks for values of two attributes of one thing: "make it red and happy"."""
    mood, size = rng.choice(("set_mood", "mood_up", "mood_down")), rng.choice(("bigger", "smaller"))
    kinds = rng.sample(("recolour", mood, size), 2)
    first = _edit(kinds[0], scene, rng, setting)
    second = None if first is None else _edit(kinds[1], first.after, rng, setting)
    if first is None or second is None or first.target != second.target or (is_held_out(second.after) and not dev):
        return None
    slots = {"it": _it(first, rng), "one": _value(first, rng), "two": _value(second, rng)}
    if not slots["one"] or not slots["two"]:
        return None
    text = choose(rng, LOOKS, dev).format(**slots)
    return joined(first, second, wrapped(text, text.partition(" ")[0] in GERUNDS, rng, dev))


def _value(edit: Edit, rng: random.Random) -> str:
    """Return what a thing is to become, as an adjective; "" where an edit has none."""
    if edit.kind == "recolour":
        return _colour(edit.slots["colour"], rng)
    if edit.kind == "set_mood":
        mood = edit.after.thing(edit.target).mood if edit.target else None
        return "" if mood is None else _mood(mood, rng)
    said = {"mood_up": ("happier", "more cheerful"), "mood_down": ("sadder", "less happy"), "bigger": ("bigger", "larger"), "smaller": ("smaller", "tinier")}  # fmt: skip
    return rng.choice(said.get(edit.kind, ("",)))


def _two_values(scene: Scene, rng: random.Random, setting: WorldSetting) -> _Two | None:
    kind = rng.choices(tuple(_KINDS), tuple(_KINDS.values()))[0]
    try:
        edit = random_edit(scene, rng, setting, [kind])
    except WorldError:
        return None
    slots = edit.slots
    if "colour" in kind:
        other = rng.choice([colour for colour in setting.colours if colour != slots["colour"]])
        one, two = (_colour(colour, rng) for colour in (other, slots["colour"]))
        return _Two(edit, one, two, (*LOOKS, *COLOURINGS), rng.choice(("make {it} {value}", "turn {it} {value}", "paint {it} {value}")))  # fmt: skip
    if kind == "set_mood":
        level = edit.after.thing(edit.target).mood if edit.target else None
        if level is None:
            return None
        far = [mood for mood in range(len(MOODS)) if abs(mood - level) > 1 and {mood, level} - {2} == {mood, level}]
        if not far:
            return None
        one, two = (_mood(mood, rng) for mood in (rng.choice(far), level))
        return _Two(edit, one, two, LOOKS, rng.choice(("make {it} {value}", "make {it} look {value}")))
    if kind in ("time", "style"):
        known = _WORDS[kind]
        if slots[kind] not in known:
            return None
        other = rng.choice([value for value in known if value != slots[kind]])
        one, two = (rng.choice(known[value]) for value in (other, slots[kind]))
        return _Two(edit, one, two, LOOKS if kind == "time" else DRAWINGS, "make it {value}")
    if kind == "place":
        apart = [p for p in setting.places if p != slots["place"] and {p, slots["place"]} not in _TOGETHER and "mountains" not in (p, slots["place"])]  # fmt: skip
        if not apart:
            return None
        one, two = (_place(place, rng) for place in (rng.choice(apart), slots["place"]))
        return _Two(edit, one, two, PLACINGS, "put {it} {value}")
    pairs = {"bigger": _SIZED, "smaller": _SIZED, "mood_up": _MOODED, "mood_down": _MOODED, "closer": _FRAMED, "wider": _FRAMED}  # fmt: skip
    if kind in pairs:
        up, down = rng.choice(pairs[kind])
        one, two = (down, up) if kind in ("bigger", "mood_up", "closer") else (up, down)
        return _Two(edit, one, two, LOOKS, "make {it} {value}" if one.endswith("er") and two.endswith("er") else "")
    item = _item_slots(edit)
    return _Two(edit, f"with {item['a']}", f"without {item['a']}", ITEMS, "")


def _item_slots(edit: Edit) -> dict[str, str]:
    item = edit.slots.get("items") or edit.slots.get("an_extra", "").split(" ")[-1]
    if not item:
        return {}
    many = item.endswith("s")
    return {"item": item, "a": item if many else words.article(item)}


def _it(edit: Edit, rng: random.Random) -> str:
    """Return what a message calls what an edit is about: by its name where there is another."""
    scene = edit.before
    if edit.kind in ("recolour_worn", "recolour_held"):
        item = edit.slots["items"]
        return f"{name_of(scene, scene.thing(edit.target))}'s {item}" if edit.target and len(scene.things) > 1 else f"the {item}"  # fmt: skip
    if edit.target is None or edit.kind in ("place", "style", "time", "closer", "wider"):
        return "it"
    thing = scene.thing(edit.target)
    if len(scene.things) == 1 and thing.count == 1 and rng.random() < 0.55:
        return "it"
    names = (thing.kind, thing.kind, *lx.SAME_KINDS.get(thing.kind, ()))
    return f"the {rng.choice(names)}" if len(scene.things) == 1 and thing.count == 1 else name_of(scene, thing)


def _colour(colour: str, rng: random.Random) -> str:
    return colour if rng.random() < 0.7 else rng.choice(lx.SAME_COLOURS.get(colour) or (colour,))


def _mood(level: int, rng: random.Random) -> str:
    return MOODS[level] if rng.random() < 0.45 else rng.choice([m for m in lx.SAME_MOODS[level] if " and " not in m])


def _place(place: str, rng: random.Random) -> str:
    return rng.choice([said for said in lx.SAME_PLACES[place] if said.startswith(("in ", "on ", "at "))][:6])
