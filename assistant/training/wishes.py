"""Wishes for a new picture, as people type them, with the scene that should be painted. Knows no plans, no model.

What a wish leaves unsaid gets the most likely pleasant value (a happy brown bear in a forest, by day), so that the
model learns one good elaboration and not a lottery.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.training import lexicon as lx
from captioner.world import words
from captioner.world.scene import FACED, FULL, INDOORS, Item, Relation, Scene, Thing, WorldSetting, is_held_out

OPENERS = (
    "draw {}", "draw me {}", "please draw {}", "paint {}", "paint me {}", "make {}", "make me {}", "create {}", "generate {}", "show me {}",
    "can you draw {}?", "can you paint {}", "could you draw {}?", "could you please make {}?", "can u draw {}", "i want {}", "i want to see {}",
    "i'd like {}", "i would like {}", "i'd love {}", "i need {}", "give me {}", "a picture of {}", "picture of {}", "an image of {}", "image of {}",
    "a drawing of {}", "drawing of {}", "an illustration of {}", "i'd like to see {}", "let me see {}", "how about {}", "what about {}?",
    "let's have {}", "let's draw {}", "let's start with {}", "imagine {}", "i'm imagining {}", "picture this: {}", "please make a picture of {}",
    "can you make a picture of {}?", "can you create an image of {}?", "make a painting of {}", "do {}", "sketch out {}", "depict {}", "render {}",
    "would you draw {} for me?", "would you paint {}?", "could i get {}?", "can i have {}?", "may i see {}?", "i was thinking of {}", "i'm thinking {}",
    "hi, i'd like {}", "hello! please draw {}", "hey can you draw {}", "hey, {}", "for my daughter: {}", "my son wants {}", "my kid would love {}",
    "i want a picture with {}", "a scene with {}", "a nice picture of {}", "something with {}", "we need {} for a birthday card", "a card with {}",
    "{} for my kid", "{} please", "{}, please", "{} pls", "{} thanks", "{}, thank you", "please, {}", "ok {}", "ok, draw {}", "try {}", "design {}",
    "what would {} look like?", "do you know how to draw {}?", "are you able to paint {}?", "is it possible to get {}?", "think you can draw {}?",
    "show {}", "put together a picture of {}", "come up with {}", "whip up {}", "i feel like seeing {}", "surprise me with {}", "could we have {}",
    "i'm writing a children's book and need {}", "it's for a poster: {}", "could you do {}", "a quick picture of {}", "produce {}", "bring me {}",
)  # fmt: skip
AGAIN_OPENERS = (
    "now draw {}", "now {}", "new picture: {}", "something else: {}", "next: {}", "next, draw {}", "ok now draw {}", "forget that, draw {}",
    "let's try something new: {}", "start over with {}", "start over: {}", "a new one: {}", "new one please, {}", "great! now make me {}",
    "different idea: {}", "a completely different picture: {}", "cool, now show me {}", "now i want {}", "now paint {}", "new image of {}",
    "thanks! next i'd like {}", "let's do {} now", "scrap that. {}", "another picture, this time {}", "a fresh picture: {}", "nice. now {}",
    "ok, new idea, {}", "can you now draw {}?", "i also want a separate picture of {}", "begin again with {}", "draw a new picture of {}",
)  # fmt: skip
ADJECTIVE_CUTE = lx.ADORABLE
JUMPING = (
    "jumping",
    "hopping",
    "leaping",
    "jumping up",
    "dancing",
    "bouncing",
    "jumping around",
    "leaping into the air",
    "doing a jump",
    "skipping",
)
WAVING = (
    "waving",
    "waving hello",
    "saying hi",
    "waving at us",
    "waving one arm",
    "greeting us",
    "waving at me",
    "waving goodbye",
)
STANDING = ("standing still", "standing", "just standing there", "sitting", "resting", "posing", "looking at us")
CLOSE = (
    "close-up of {}",
    "a close-up of {}",
    "{} from close up",
    "{}, close up",
    "a closeup of {}",
    "{} seen very close",
    "{}, zoomed in",
    "a portrait of {}",
)
WIDE = (
    "{} from far away",
    "a wide view of {}",
    "a wide shot of {}",
    "{}, seen from a distance",
    "{} in the distance",
    "{}, zoomed out",
    "{}, wide view",
)
SIDES = {
    "left": ("on the left", "on the left side", "at the left"), "right": ("on the right", "on the right side", "at the right"),
    "middle": ("in the middle", "in the centre", "in the center"),
}  # fmt: skip
NUMBERS = {2: ("two", "2", "a pair of", "a couple of", "two"), 3: ("three", "3", "three", "a trio of")}
MANY = (
    "four",
    "five",
    "six",
    "ten",
    "4",
    "5",
    "7",
    "a dozen",
    "many",
    "lots of",
    "a hundred",
    "a bunch of",
    "a crowd of",
    "a herd of",
)
JOINTS = (
    "and", "and", "and", "next to", "with", "beside", "together with", "near", "playing with", "talking to", "hugging", "and also", "along with",
    "alongside", "plus", "looking at", "chasing", "meeting", "close to", "in the company of", "who is with", "standing next to", "accompanied by",
)  # fmt: skip
SYLLABLES = (
    "ba",
    "zor",
    "fli",
    "mu",
    "tak",
    "gri",
    "bo",
    "sni",
    "lum",
    "pex",
    "dra",
    "wob",
    "ko",
    "vin",
    "ra",
    "shu",
    "plo",
    "nim",
    "quo",
    "jib",
)
DEFAULT_ITEM_COLOURS = {"hat": "red", "scarf": "blue", "glasses": "black", "balloon": "red", "flower": "yellow", "crown": "yellow", "bow": "pink",
                        "umbrella": "blue", "lantern": "yellow", "flag": "red"}  # fmt: skip
SPARE_COLOURS = ("white", "brown", "grey", "blue", "red", "yellow")
PAINTER_NOTE = "A bigger model, attached with --painter, can."


@dataclass(frozen=True)
class Wish:
    """A message, the scene it should become, what it says shall not be there, and an excuse where one is due."""

    message: str
    scene: Scene
    removed: tuple[str, ...] = ()
    reply: str = ""


def is_dev(text: str) -> bool:
    """Tell whether a template belongs to the eighth that is kept for the development set."""
    return zlib.crc32(text.encode()) % 8 == 3


def choose(rng: random.Random, options: Sequence[str], dev: bool = False) -> str:
    """Return one of the templates of training, or of the development set."""
    return rng.choice([option for option in options if is_dev(option) == dev] or list(options))


def default_colour(kind: str) -> str:
    """Return the colour of a kind when none is said, never one of a held-out combination."""
    colours = (lx.COAT.get(kind, "brown"), *SPARE_COLOURS)
    for colour in colours:
        if not is_held_out_pair(kind, colour):
            return colour
    raise AssertionError(kind)


def is_held_out_pair(kind: str, colour: str) -> bool:
    return zlib.crc32(f"{kind}/{colour}".encode()) % 16 == 3


def noun(kind: str, rng: random.Random) -> str:
    return rng.choice(lx.SAME_KINDS.get(kind, (kind,))) if rng.random() < 0.35 else kind


def colour_said(colour: str, rng: random.Random) -> str:
    return rng.choice(lx.SAME_COLOURS[colour]) if rng.random() < 0.15 else colour


def excuse(what: Sequence[str], instead: str) -> str:
    return f"I can't paint {' or '.join(what)} yet, so here is {instead}. {PAINTER_NOTE}"


def random_wish(rng: random.Random, setting: WorldSetting, dev: bool = False, midway: bool = False) -> Wish:
    """Return a wish for a new picture; `midway` when there are pictures already."""
    while True:
        wish = _wish(rng, setting, dev, midway)
        if not is_held_out(wish.scene):
            return wish


def _wish(rng: random.Random, setting: WorldSetting, dev: bool, midway: bool) -> Wish:
    outside = rng.random() < 0.3
    cannot: list[str] = []
    faced = [s for s in setting.subjects if s in FACED]
    kind = rng.choice(faced if rng.random() < 0.3 else setting.subjects)
    said_noun = noun(kind, rng)
    plural = words.plural(said_noun)
    if outside and rng.random() < 0.8:
        said_noun, kind, plural = _outside_noun(rng, setting)
        cannot.append(said_noun)
    has_face = kind in FACED

    adjectives: list[str] = []
    mood = 3 if has_face else None
    joy = 0
    roll = rng.random()
    if has_face and roll < 0.33:
        mood = rng.randrange(5)
        adjectives.append(rng.choice(lx.SAME_MOODS[mood] if rng.random() < 0.5 else words.MOOD_WORDS[mood]))
    elif roll < 0.45:
        adjectives.append(rng.choice(ADJECTIVE_CUTE))
    if rng.random() < (0.35 if outside else 0.06):
        adjectives.insert(0, rng.choice(lx.EMPTY_ADJECTIVES))
    size = "medium"
    if rng.random() < 0.13:
        size = rng.choice(("small", "large"))
        adjectives.insert(0, rng.choice(words.SIZE_WORDS[size]))
    colour = default_colour(kind)
    if rng.random() < 0.5:
        colour = rng.choice(setting.colours)
        adjectives.append(colour_said(colour, rng))
    long_adjectives = [a for a in adjectives if a.startswith(("in ", "a bit", "over ", "very", "extremely", "so "))]
    adjectives = [a for a in adjectives if a not in long_adjectives]

    count = 1
    roll = rng.random()
    if roll < 0.1:
        count = rng.randint(2, min(setting.max_count, 3))
        number = rng.choice(NUMBERS[count])
    elif roll < 0.115 and not outside:
        count, number = setting.max_count, rng.choice(MANY)
        cannot.append(f"{number} {plural}")
    if count > 1:
        phrase = " ".join([number, *adjectives, plural])
    else:
        phrase = (
            words.article(" ".join([*adjectives, said_noun]))
            if not _is_proper(said_noun)
            else " ".join([*adjectives, said_noun])
        )
        if rng.random() < 0.15:
            phrase = phrase.removeprefix("an ").removeprefix("a ")
    if cannot and cannot[0] == said_noun:
        cannot[0] = plural if count > 1 else said_noun if _is_proper(said_noun) else words.article(said_noun)

    tail: list[str] = [
        f"who is {a}" if rng.random() < 0.3 else f"that looks {a}" if not a.startswith("in ") else a
        for a in long_adjectives
    ]
    worn, held, removed = _items(rng, setting, tail, has_face, count)
    pose = "standing"
    if has_face and rng.random() < 0.12:
        pose = rng.choice(("jumping", "jumping", "waving", "waving", "standing"))
        tail.append(rng.choice({"jumping": JUMPING, "waving": WAVING, "standing": STANDING}[pose]))

    other, sides = None, ("left", "right")
    if count == 1 and rng.random() < 0.34 and not (outside and not cannot):
        other, phrase, sides = _pair(rng, setting, kind, " ".join([phrase, *tail]))
        tail = []
    side = "middle"
    if other is None and count == 1 and rng.random() < 0.05:
        side = rng.choice(("left", "right", "middle"))
        tail.append(rng.choice(SIDES[side]))

    place = lx.HOME.get(kind, "meadow")
    place = place if place in setting.places else setting.places[0]
    scenery: list[str] = []
    if outside and (rng.random() < 0.25 or not cannot):
        said = rng.choice(
            [p for p in lx.PLACES if lx.nearest_place(p, setting)]
            + [p for p in lx.FULL_PLACES if p not in setting.places]
        )
        place = lx.nearest_place(said, setting) or place
        named = said.title() if rng.random() < 0.5 and " " not in said else said
        lead = rng.choice(("in", "in", "at", "on", "near", "in front of"))
        if said in FULL.places:
            lead, named = words.PLACE_NAMES[said]
        scenery.append(f"{lead} {named}")
        cannot.append(named)
    elif rng.random() < 0.45:
        place = rng.choice(setting.places)
        in_place = " ".join(words.PLACE_NAMES[place])
        scenery.append(rng.choice(lx.SAME_PLACES.get(place, (in_place,))) if rng.random() < 0.65 else in_place)
    time, weather = "day", "clear"
    extras: tuple[str, ...] = ()
    if rng.random() < 0.2:
        time = rng.choice(setting.times)
        scenery.append(
            rng.choice(lx.SAME_TIMES.get(time, words.TIME_AT[time]))
            if rng.random() < 0.6
            else rng.choice(words.TIME_AT[time])
        )
    if place not in INDOORS and rng.random() < 0.13:
        weather = rng.choice(setting.weathers)
        scenery.append(rng.choice(lx.SAME_WEATHERS.get(weather, (f"with {words.WEATHER_NOUNS[weather]}",))))
    if place not in INDOORS and rng.random() < 0.09:
        extra = rng.choice(setting.extras)
        extras = (extra,)
        said = rng.choice(lx.SAME_EXTRAS.get(extra, words.EXTRA_WORDS[extra]))
        scenery.append(
            f"{rng.choice(('with', 'and', 'and there is' if 'some' not in said else 'and there are', 'next to', 'plus', 'near'))} {said}"
        )
    elif rng.random() < 0.05 and place not in INDOORS:
        extra = rng.choice(setting.extras)
        removed.append(extra)
        tail.append(
            rng.choice(("without a {}", "no {}", "but no {}")).format(extra).replace("a butterflies", "butterflies")
        )

    style = setting.styles[0]
    prefix = suffix = ""
    if outside and rng.random() < 0.12:
        said = rng.choice(list(lx.STYLES))
        style = lx.nearest_style(said, setting) or style
        cannot.append(f"{said} style")
        suffix = rng.choice((f", {said}", f" in {said} style", f", {said} style", f" like {said}", f" ({said})"))
    elif rng.random() < 0.22:
        style = rng.choice(setting.styles)
        prefix, suffix = _style_said(rng, style)
    framing = "medium"

    if len(tail) > 1:
        rng.shuffle(tail)
    rng.shuffle(scenery)
    text = _joined(rng, phrase, tail, scenery, scenery_first=bool(scenery) and rng.random() < 0.08)
    if rng.random() < 0.07:
        framing = rng.choice(("close", "wide"))
        text = rng.choice(CLOSE if framing == "close" else WIDE).format(text)
        prefix = ""
    if prefix:
        text = prefix.format(text)
    elif not suffix and style != setting.styles[0]:
        style = setting.styles[0]
    text += suffix
    thing = Thing(1, kind, colour, "plain", mood, joy, "small" if count > 1 else size, side, pose, count, worn, held,
                  "HELLO" if kind == "sign" else "", 0)  # fmt: skip
    things: tuple[Thing, ...] = (thing,)
    relations: tuple[Relation, ...] = ()
    if other is not None:
        things = (replace(thing, side=sides[0]), replace(other, side=sides[1]))
        relations = (Relation(f"{sides[0]} of", 1, 2),)
    scene = Scene(things, place, time, weather, style, framing, relations, extras)
    reply = ""
    if cannot:
        shown = f"{words.NUMBERS[count]} {words.plural(kind)}" if count > 1 else words.article(kind)
        reply = excuse(cannot, f"{shown} {' '.join(words.PLACE_NAMES[place])}")
    openers = AGAIN_OPENERS if midway and rng.random() < 0.6 else OPENERS
    opener = choose(rng, openers, dev)
    message = opener.format(text) if rng.random() < 0.72 or dev or (midway and rng.random() < 0.5) else text
    return Wish(message, scene, tuple(removed), reply)


def _is_proper(said: str) -> bool:
    return said.startswith(("my ", "the ")) or said[:1].isupper()


def _outside_noun(rng: random.Random, setting: WorldSetting) -> tuple[str, str, str]:
    """Return an outside noun, its nearest kind and its plural; at times the noun is an invented one."""
    if rng.random() < 0.07:
        made_up = "".join(rng.choice(SYLLABLES) for _ in range(rng.randint(2, 3)))
        return made_up, setting.subjects[0], made_up + "s"
    fuller = [kind for kind in lx.FULL_KINDS if kind not in setting.subjects]
    if fuller and rng.random() < 0.25:
        kind = rng.choice(fuller)
        said = rng.choice((kind, *words.KIND_SYNONYMS.get(kind, ())))
        nearest = lx.nearest_kind(kind, setting)
    else:
        taken = {name for names in lx.SAME_KINDS.values() for name in names} | set(setting.subjects)
        said = rng.choice([word for word in lx.NOUNS if word not in taken])
        nearest = lx.nearest_kind(said, setting)
    assert nearest is not None
    return (
        said,
        nearest,
        words.plural(said) if not said.endswith(("s", "x", "ch")) else said + ("" if said.endswith("s") else "es"),
    )


def _items(
    rng: random.Random, setting: WorldSetting, tail: list[str], has_face: bool, count: int
) -> tuple[tuple[Item, ...], Item | None, list[str]]:
    """Add what is worn and held to the words, and return it; what shall not be there comes third."""
    worn: list[Item] = []
    removed: list[str] = []
    if not has_face:
        return (), None, []
    for _ in range(rng.choices((0, 1, 2), (0.7, 0.25, 0.05))[0]):
        kind = rng.choice([w for w in setting.worn if w not in {i.kind for i in worn}])
        if {kind, *(i.kind for i in worn)} >= {"hat", "crown"}:
            continue
        item, said = item_said(rng, setting, kind, lx.SAME_WORN, count)
        worn.append(item)
        tail.append(
            f"{rng.choice(('with', 'wearing', 'in', 'with', 'wearing', 'who wears', 'that has', 'dressed in'))} {said}"
        )
    held = None
    if rng.random() < 0.13:
        held, said = item_said(rng, setting, rng.choice(setting.held), lx.SAME_HELD, count)
        tail.append(f"{rng.choice(('with', 'holding', 'carrying', 'holding', 'that holds', 'with'))} {said}")
    if rng.random() < 0.06:
        absent = [
            k
            for k in (*setting.worn, *setting.held)
            if k not in {i.kind for i in worn} and (held is None or held.kind != k)
        ]
        removed.append(rng.choice(absent))
        tail.append(
            rng.choice(("without a {}", "no {}", "but no {}", "not wearing any {}", "without {}")).format(removed[0])
        )
    return tuple(sorted(worn, key=lambda i: i.kind)), held, removed


def item_said(
    rng: random.Random,
    setting: WorldSetting,
    kind: str,
    names: dict[str, tuple[str, ...]],
    count: int = 1,
    coloured: float = 0.65,
) -> tuple[Item, str]:
    """Return an item and how it is said: with its colour, or without, when it has the usual one."""
    said = rng.choice(names.get(kind, (kind,))) if rng.random() < 0.35 else kind
    many = count > 1 or kind == "glasses"
    colour = DEFAULT_ITEM_COLOURS.get(kind, "red")
    full = said
    if rng.random() < coloured:
        colour = rng.choice(setting.colours)
        full = f"{colour_said(colour, rng)} {said}"
    if many:
        plural = said if said.endswith("s") else words.plural(said)
        return Item(kind, colour), full.replace(said, plural)
    return Item(kind, colour), words.article(full)


def _pair(rng: random.Random, setting: WorldSetting, first: str, phrase: str) -> tuple[Thing, str, tuple[str, str]]:
    """Return another thing beside the `first` kind, the phrase for both, and on which sides they are."""
    kind = rng.choice([subject for subject in setting.subjects if subject != first])
    colour, adjectives = default_colour(kind), []
    mood = 3 if kind in FACED else None
    if kind in FACED and rng.random() < 0.2:
        mood = rng.randrange(5)
        adjectives.append(rng.choice(words.MOOD_WORDS[mood]))
    if rng.random() < 0.5:
        colour = rng.choice(setting.colours)
        adjectives.append(colour_said(colour, rng))
    said = words.article(" ".join([*adjectives, noun(kind, rng)]))
    other = Thing(2, kind, colour, "plain", mood, words="HELLO" if kind == "sign" else "")
    form = rng.randrange(8)
    if form == 0:
        return other, f"{phrase} to the right of {said}", ("right", "left")
    if form == 1:
        return other, f"{phrase} to the left of {said}", ("left", "right")
    if form == 2:
        return other, f"{phrase} on the left and {said} on the right", ("left", "right")
    if form == 3:
        return other, f"{phrase} on the right and {said} on the left", ("right", "left")
    joint = rng.choice(JOINTS)
    return other, f"{phrase} {joint} {said}", ("left", "right")


def _style_said(rng: random.Random, style: str) -> tuple[str, str]:
    """Return a pattern that goes round the wish, or an ending."""
    said = rng.choice(lx.SAME_STYLES.get(style, words.STYLE_SAID[style]))
    if said.startswith(("a ", "an ")) and rng.random() < 0.6:
        return rng.choice((f"{said} of {{}}", f"{said} with {{}}", f"{said}: {{}}")), ""
    bare = said.removeprefix("a ").removeprefix("an ")
    endings = (f", {bare}", f", {bare} style", f" in {bare}", f" in {bare} style", f" as {words.article(bare)}", f" ({bare})", f", make it {bare}",
               f", style: {bare}", f" done in {bare}", f". {bare} please")  # fmt: skip
    return "{}", rng.choice(endings)


def _joined(rng: random.Random, phrase: str, tail: list[str], scenery: list[str], scenery_first: bool) -> str:
    if scenery_first:
        return f"{scenery[0]}, {phrase} {' '.join(tail + scenery[1:])}".strip()
    if tail and rng.random() < 0.12:  # in sentences of their own
        pieces = [
            f"it is {t}" if t.endswith("ing") or t.startswith(("wearing", "holding", "carrying", "in ", "on ")) else t
            for t in tail
        ]
        return f"{' '.join([phrase, *scenery])}. {', '.join(pieces)}"
    if scenery and rng.random() < 0.2:
        return ", ".join([" ".join([phrase, *tail]), *scenery])
    parts = [phrase, *tail, *scenery]
    if len(parts) > 2 and rng.random() < 0.1:
        parts = [phrase, *scenery, *tail]
    return " ".join(parts)
