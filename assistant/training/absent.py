"""Messages about what a picture does not show, and about what cannot be painted apart; and what to say to them.

"Make the giraffe bigger" of a picture of a frog changes nothing: the answer says that there is no giraffe. "Make its nose
red" changes nothing either, as the small world has no noses of their own. Both are told from names that are as strange and
mean what is there: a giraffe that was asked for and for which something else stands, "the critter", "this fellow".
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from assistant.llm.reading import KIN
from assistant.training import lexicon as lx
from assistant.training.asks import ABSENT, Ask, said_of
from assistant.training.simulated import Picture, State
from assistant.training.ways_of_asking import PAWED
from assistant.training.wishes import PAINTER_NOTE, choose, outside_noun
from captioner.errors import WorldError
from captioner.world import words
from captioner.world.scene import FACED, Scene, Thing, WorldSetting

NOT_THERE = "There is no {what} in this picture to change."
NOT_APART = "I can't paint {what} alone yet. " + PAINTER_NOTE
OF_THINGS = (
    "mood_up", "mood_up", "mood_down", "set_mood", "recolour", "recolour", "add_worn", "remove_worn", "recolour_worn", "add_held", "remove_held", "bigger", "bigger",
    "smaller", "pose_jump", "pose_wave", "pose_stand", "move", "replace_subject", "remove_thing",
)  # fmt: skip
"""Changes of a thing that the message has to name."""
OF_THE_STRANGER = (
    "make the {what} bigger", "make the {what} smaller", "remove the {what}", "the {what} should smile", "change the {what}", "make the {what} look older", "make the {what}'s neck longer", "give the {what} wings",
    "the {what} looks sad", "can the {what} be {colour}?", "make the {what} run", "turn the {what} around", "let the {what} sleep", "paint the {what} {colour}", "where is the {what}?", "move the {what} to the left",
    "make the {what} a bit taller", "i don't like the {what}", "fix the {what}", "give the {what} a nicer face", "zoom in on the {what}", "the {what}'s eyes should be {colour}", "the {what} needs longer legs", "the {what} is too big",
    "the {what} is too small", "the {what} should look at us", "swap the {what} for a {kind}", "turn the {what} into a {kind}", "replace the {what} with a {kind}", "only change the {what}", "put the {what} further back",
)  # fmt: skip
"""Ways to speak of one who is not there, beyond the changes that the world knows."""
PEOPLE = frozenset(
    word for text in (
        "man woman person people boy girl child kid baby toddler teenager lady gentleman guy gentlewoman dame chap bloke dude fellow lad lass",
        "gal mate buddy pal bestie sweetheart friend hero heroine mascot reader sleeper dreamer lover critter creature rodent beast figure",
        "character youngster infant stranger monster",
    ) for word in text.split()
)  # fmt: skip
"""Outside nouns that people may as well say of one who is there."""
OTHERWISE = (
    "the animal", "the creature", "the critter", "the fella", "this fellow", "the little fellow", "our friend", "our hero", "the little creature", "the beast", "this little fellow", "my little friend", "the sweet thing",
)  # fmt: skip
OTHERWISE_SHARE = 0.2
PARTS: dict[str, tuple[str, ...]] = {
    "face": ("eyes", "nose", "ears", "mouth", "teeth", "cheeks", "eyebrows", "head", "tongue", "chin", "eyelashes", "pupils"),
    "paws": ("tail", "paws", "legs", "belly", "whiskers", "feet", "claws", "neck", "back"),
    "robot": ("arms", "legs", "antenna", "hands", "feet", "buttons", "body"),
    "wizard": ("beard", "robe", "hands", "arms", "sleeves", "hair", "shoes", "wand"),
    "owl": ("wings", "beak", "feathers", "feet", "tail", "claws"),
    "penguin": ("wings", "flippers", "beak", "feet", "belly"),
    "house": ("door", "windows", "roof", "chimney", "walls", "doorstep"),
    "cake": ("icing", "candles", "cherry", "cream", "layers", "plate", "frosting"),
}  # fmt: skip
"""What the small world paints with a thing and never apart from it."""
SCENERY: dict[str, tuple[str, ...]] = {
    "": ("lines", "outlines", "shadows", "colours", "contrast", "light"),
    "outside": ("clouds", "horizon", "sun", "ground"), "meadow": ("grass", "hills", "flowers"), "beach": ("sand", "waves", "sea", "water"), "forest": ("trees", "grass", "leaves", "trunks"),
    "desert": ("sand", "dunes", "cactus"), "mountains": ("peaks", "mountains", "rocks"), "city": ("buildings", "street", "windows", "houses"), "snowfield": ("snow", "hills", "trees"),
    "room": ("floor", "wall", "window", "rug", "furniture", "wallpaper", "carpet"),
}  # fmt: skip
LOOKS = (
    "bigger", "smaller", "longer", "shorter", "rounder", "brighter", "darker", "thicker", "thinner", "softer", "higher", "sharper", "wider", "closed", "open", "fluffier", "more detailed", "less visible", "{colour}", "{colour}", "{colour}",
)  # fmt: skip
OF_PARTS = (
    "make {its} {part} {look}", "make {its} {part} {look} please", "{its} {part} should be {look}", "can {its} {part} be {look}?", "could you make {its} {part} {look}?", "change {its} {part}", "i want {its} {part} {look}",
    "{look} {part}", "{look} {part} please", "with {look} {part}", "{its} {part}: {look}", "paint {its} {part} {colour}", "change the colour of {its} {part}", "change {its} {part} to {colour}", "turn {its} {part} {colour}",
    "fix {its} {part}", "i don't like {its} {part}", "{its} {part} looks wrong", "have {its} {part} {look}", "let {its} {part} be {look}", "{its} {part} could be {look}", "redo {its} {part}", "colour {its} {part} {colour}",
    "what if {its} {part} was {look}?", "give it {look} {part}", "it needs {look} {part}", "remove {its} {part}", "hide {its} {part}", "only change {its} {part}",
)  # fmt: skip
OF_COLOURS = tuple(text for text in OF_PARTS if "{colour}" in text or "{look}" in text)
NO_SKIES = ("green", "purple", "teal", "brown", "yellow", "white", "violet", "turquoise", "striped", "full of planets")
"""What no time of day makes of a sky: a pink one is an evening's."""


def about_nobody(
    picture: Picture, state: State, rng: random.Random, setting: WorldSetting, dev: bool = False
) -> Ask | None:
    """Return a message about one whom no picture of the conversation shows nor any message named."""
    told = {thing.kind for one in state.pictures for thing in one.scene.things}
    kind = rng.choice([k for k in setting.subjects if k not in told] or [""])
    if not kind:
        return None
    colour = rng.choice(setting.colours)
    if rng.random() < 0.4:
        what = _stranger(kind, told, state, rng, setting)
        text = choose(rng, OF_THE_STRANGER, dev) if rng.random() < 0.6 else choose(rng, ABSENT, dev)
        other = rng.choice(setting.subjects)
        text = text.format(what=what, item=what, a=words.article(what), colour=colour, kind=other)
        return Ask(text, None, reply=NOT_THERE.format(what=what))
    scene = _with_instead(picture.scene, kind, rng)
    for _ in range(8):
        try:
            message, of = said_of(scene, rng, setting, OF_THINGS, dev)
        except WorldError:
            continue
        named = _named(message, kind)
        if of != kind or named is None:
            continue
        what = named if rng.random() < 0.5 else _stranger(kind, told, state, rng, setting)
        return Ask(re.sub(rf"\b{re.escape(named)}\b", what, message), None, reply=NOT_THERE.format(what=what))
    return None


def _with_instead(scene: Scene, kind: str, rng: random.Random) -> Scene:
    """Return a scene with a thing of another kind in place of one of its own."""
    thing = rng.choice(scene.things)
    faced = kind in FACED
    mood = None if not faced else 2 if thing.mood is None else thing.mood
    other = Thing(thing.id, kind, thing.colour, mood=mood, side=thing.side, size=thing.size, worn=thing.worn * faced, held=thing.held if faced else None)  # fmt: skip
    return scene.with_thing(other)


def _named(message: str, kind: str) -> str | None:
    """Return the name that a message gives one of a kind after "the", in any number of words."""
    names = sorted({kind, *lx.SAME_KINDS.get(kind, ())}, key=len, reverse=True)
    return next((n for n in names if re.search(rf"\bthe {re.escape(n)}\b", message)), None)


def _stranger(kind: str, told: set[str], state: State, rng: random.Random, setting: WorldSetting) -> str:
    """Return a name of one who is not there: of the kind, or of something that the small world does not know."""
    for _ in range(8 if rng.random() < 0.7 else 0):
        said, nearest, _plural = outside_noun(rng, setting)
        is_clear = nearest not in told or said in lx.FULL_KINDS
        if is_clear and said not in PEOPLE and not said.startswith(("my ", "the ")) and not _was_said(said, state):
            return said
    return rng.choice((kind, kind, *lx.SAME_KINDS.get(kind, ())))


def _was_said(what: str, state: State) -> bool:
    return any(re.search(rf"\b{re.escape(what)}", turn.message, re.IGNORECASE) for turn in state.turns)


def about_a_part(scene: Scene, rng: random.Random, setting: WorldSetting, dev: bool = False) -> Ask:
    """Return a message about a part of a thing or of the place, which cannot be painted apart."""
    thing = rng.choice(scene.things)
    parts: Sequence[str]
    if rng.random() < 0.65:
        parts = (*(PARTS["face"] * (thing.kind in FACED)), *(PARTS["paws"] * (thing.kind in PAWED)), *PARTS.get(thing.kind, ()))  # fmt: skip
        alone = len(scene.things) == 1 and thing.count == 1
        its = rng.choice(("its", "the", f"the {thing.kind}'s") if alone else ("the",) if thing.count > 1 else (f"the {thing.kind}'s",))  # fmt: skip
    else:
        parts = (*SCENERY[""], *SCENERY.get(scene.place, ()), *(SCENERY["outside"] * (scene.place != "room")))
        held = [thing.held.kind for thing in scene.things if thing.held]
        parts = [part for part in parts if part.removesuffix("s") not in (*held, *scene.extras, scene.weather)]
        its = "the"
    part = rng.choice(parts)
    colour = rng.choice(setting.colours)
    look = rng.choice(LOOKS).format(colour=colour)
    if its == "the" and scene.place != "room" and rng.random() < 0.1:
        part, look = "sky", rng.choice(NO_SKIES)
        colour = look
    text = choose(rng, OF_COLOURS if part == "sky" else OF_PARTS, dev)
    text = text.format(its=its, part=part, look=look, colour=colour)
    return Ask(text, None, reply=NOT_APART.format(what=f"the {part}"))


def called_otherwise(message: str, picture: Picture, rng: random.Random) -> str:
    """Return a change of the only thing in a picture with it under the name that it was asked for by, or a vague one."""
    thing = picture.scene.main
    if len(picture.scene.things) > 1 or thing.count > 1:
        return message
    named = _named(message, thing.kind)
    if named is None:
        return message
    if picture.called and rng.random() < 0.6:
        return re.sub(rf"\bthe {re.escape(named)}\b", f"the {picture.called}", message)
    if rng.random() < OTHERWISE_SHARE:
        names = (*(f"the {name}" for name in KIN.get(thing.kind, ())), *(OTHERWISE if thing.kind in FACED else ()))
        return re.sub(rf"\bthe {re.escape(named)}\b(?!')", rng.choice(names), message)
    return message


def denied(plan_reply: str) -> str | None:
    """Return what an answer of this module says is not there or not to be painted apart; None for any other."""
    found = re.match(r"There is no (.+) in this picture to change\.|I can't paint the (.+) alone yet\.", plan_reply)
    return (found[1] or found[2]) if found else None
