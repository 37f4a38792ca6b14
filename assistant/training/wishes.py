"""Wishes for a new picture, as people type them, with the scene that should be painted. Knows no plans, no model.

What a wish leaves unsaid gets the most likely pleasant value (a happy brown bear in a forest, by day), so that the
model learns one good elaboration and not a lottery.
"""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Sequence
from contextvars import ContextVar
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
    "could you paint me {}?", "would you make {}?", "pls draw {}", "plz draw {}", "can u make {}", "can you show me {}?", "may i have {}", "i wish for {}", "i'm looking for {}",
    "i'm in the mood for {}", "my daughter asked for {}", "my little one wants {}", "my students would love {}", "for a bedtime story: {}", "for a birthday invitation: {}",
    "for a sticker: {}", "make a card showing {}", "make a postcard with {}", "an artwork of {}", "artwork: {}", "a painting of {}", "painting of {}", "a pic of {}", "pic of {}",
    "photo of {}", "a scene: {}", "scene: {}", "prompt: {}", "subject: {}", "idea: {}", "here's my idea: {}", "my idea is {}", "i have an idea: {}", "let's make {}", "let's see {}",
    "let's paint {}", "let's try {}", "let us have {}", "start with {}", "begin with {}", "first, draw {}", "first {}", "simply {}", "just {}", "just draw {}", "maybe {}",
    "maybe {}?", "perhaps {}", "what if we had {}?", "could there be {}?", "there should be {}", "there is {}", "i see {}", "i dreamt of {}", "i'm dreaming of {}", "think of {}",
    "visualize {}", "visualise {}", "illustrate {}", "portray {}", "compose {}", "craft {}", "conjure up {}", "cook up {}", "knock up {}", "sketch me {}", "doodle {}",
    "please show {}", "please generate {}", "please create {}", "kindly draw {}", "be so kind and draw {}", "would you mind drawing {}?", "any chance of {}?", "got time for {}?",
    "hello, {}", "hi, {}", "hi there, can i get {}", "hey limner, {}", "limner, draw {}", "good morning! {} please", "yo, {}", "umm {}", "hmm, {}", "well, {}", "so, {}",
    "{} would be nice", "{} would be great", "{} would be lovely", "{}, if you can", "{} if possible", "{} for my mum", "{} for a poster", "{} for my website", "{} now",
    "{} as a picture", "{}, nothing else", "{}, that's all", "{} - can you do that?", "{}, can you?", "{}, ok?", "{} plz", "{} thx", "{}?",
)  # fmt: skip
AGAIN_OPENERS = (
    "now draw {}", "now {}", "new picture: {}", "something else: {}", "next: {}", "next, draw {}", "ok now draw {}", "forget that, draw {}",
    "let's try something new: {}", "start over with {}", "start over: {}", "a new one: {}", "new one please, {}", "great! now make me {}",
    "different idea: {}", "a completely different picture: {}", "cool, now show me {}", "now i want {}", "now paint {}", "new image of {}",
    "thanks! next i'd like {}", "let's do {} now", "scrap that. {}", "another picture, this time {}", "a fresh picture: {}", "nice. now {}",
    "ok, new idea, {}", "can you now draw {}?", "ok now something else: {}", "new subject: {}", "new topic: {}", "new drawing: {}", "new scene: {}", "change of plan: {}",
    "moving on: {}", "enough of that, {}", "that's done. now {}", "drop this one and draw {}", "throw that away and draw {}", "leave that. draw {}", "and now for something different: {}", "another idea: {}",
    "for the next one, {}", "for the next picture: {}", "next picture: {}", "next one: {}", "then {}", "then draw {}", "i'd also like a new picture of {}", "could i also get a picture of {}?",
    "lovely. now draw {}", "perfect, now a new one: {}", "super, next {}", "one more picture: {}", "clear it and draw {}", "from scratch: {}", "let's start fresh with {}", "ok forget it, {}",
    "never mind that, draw {}", "instead of all that, a new picture of {}", "fresh start: {}", "blank page: {}", "i also want a separate picture of {}", "begin again with {}", "draw a new picture of {}",
)  # fmt: skip
ADJECTIVE_CUTE = lx.ADORABLE
SIZE_SAID = {"small": (*words.SIZE_WORDS["small"], "teeny", "teeny tiny", "miniature", "mini", "very small", "small", "tiny"),
             "large": (*words.SIZE_WORDS["large"], "giant", "gigantic", "enormous", "massive", "colossal", "very big", "big", "huge")}  # fmt: skip
NOT_BEFORE_NOUNS = ("in ", "a bit", "a little", "over ", "very", "extremely", "so ", "on ", "down ", "full ", "at ", "beside ", "bursting ", "with ", "as ", "the ", "neither ", "beyond ",
                    "feeling ", "tickled", "laughing out", "cracking", "crying its", "zoned", "happy as", "nice and", "somewhat", "kind of", "not ", "insanely", "quite", "fairly", "radiant ")  # fmt: skip
"""How moods begin that are said after the noun alone."""
NO_LOOKS = ("in ", "on ", "beside ", "beyond ", "laughing out", "cracking", "crying its", "the ")
HARMLESS_TAILS = (
    "killing time", "shooting hoops", "playing dead", "having a blast", "cutting paper stars", "hunting for easter eggs", "chopping vegetables", "kicking a ball", "fighting a cold", "hitting a drum",
    "burning marshmallows", "hanging out", "hanging upside down", "slaying it", "stabbing a pea with a fork", "shooting a photo", "bombing down a slide", "dying of laughter", "dressed to kill",
    "with a killer smile", "having a pillow fight", "throwing snowballs", "taking a bath", "having a bath", "in the shower", "cutting a cake", "carving a pumpkin", "blowing bubbles", "bleeding ink from a pen",
    "playing with a toy gun", "dead tired", "fighting off sleep", "arm wrestling", "boxing", "eating a steak", "crashing a party", "hugging everyone", "kissing a friend on the cheek",
)  # fmt: skip
"""Doings that sound worse than they are; the picture shows the one who does them."""
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
NUMBERS = {
    2: ("two", "2", "a pair of", "a couple of", "two", "a duo of", "twin", "2x", "two identical", "exactly two", "a twosome of", "two little"),
    3: ("three", "3", "three", "a trio of", "a group of three", "3x", "exactly three", "a team of three", "a set of three", "a few", "several", "three little", "a family of three", "a row of three"),
}  # fmt: skip
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
    "half a dozen",
    "dozens of",
    "a flock of",
    "twenty",
    "eight",
    "9",
    "12",
    "fifty",
    "countless",
    "loads of",
    "a ton of",
    "tons of",
    "a group of ten",
    "an army of",
    "a swarm of",
    "hundreds of",
    "a thousand",
    "plenty of",
    "a whole family of six",
    "so many",
    "a pack of",
    "a gang of",
    "100",
    "a score of",
    "a group of five",
    "a row of four",
)
JOINTS = (
    "and", "and", "and", "next to", "with", "beside", "together with", "near", "playing with", "talking to", "hugging", "and also", "along with",
    "alongside", "plus", "looking at", "chasing", "meeting", "close to", "in the company of", "who is with", "standing next to", "accompanied by",
    "and", "and", "with", "beside", "next to", "holding hands with", "greeting", "following", "dancing with", "sitting next to", "sitting beside", "arguing with", "racing", "teaching", "comforting",
    "meets", "meeting", "visiting", "walking with", "having tea with", "sharing lunch with", "singing with", "and a friend,", "and its friend,", "with its friend,", "smiling at", "waving at", "by",
    "right next to", "side by side with", "in front of", "standing beside", "standing near", "posing with", "&", "+", "as well as", "and then", "who is hugging", "who is next to", "that is beside",
    "not far from", "a few steps from", "and, next to it,", "and beside it", "and near it", "with a friend:", "dreaming of", "cuddling", "embracing", "helping", "listening to",
)  # fmt: skip
LR, RL = ("left", "right"), ("right", "left")
PAIR_FORMS: dict[str, tuple[str, str]] = {
    "{1} to the right of {2}": RL, "{1} to the left of {2}": LR, "{1} on the left and {2} on the right": LR, "{1} on the right and {2} on the left": RL,
    "{1} left of {2}": LR, "{1} right of {2}": RL, "{1} on the left of {2}": LR, "{1} on the right of {2}": RL, "{1} at the left, {2} at the right": LR,
    "{1} at the right, {2} at the left": RL, "{1} (left) and {2} (right)": LR, "{1} (right) and {2} (left)": RL, "{1} on the left side, {2} on the right side": LR,
    "{1} on the right side and {2} on the left side": RL, "{1} on the left with {2} on the right": LR, "{1} on the right with {2} on the left": RL,
    "{1} on the left, {2} on the right": LR, "{1} on the right, {2} on the left": RL, "{1} on the left next to {2}": LR, "{1} on the right next to {2}": RL,
    "{1} and on the right {2}": LR, "{1} and on the left {2}": RL, "{1} and to the left of it {2}": RL, "{1} and to the right of it {2}": LR,
    "{1} with {2} to its left": RL, "{1} with {2} to its right": LR, "{1} with {2} on the left": RL, "{1} with {2} on the right": LR,
    "on the left {1}, on the right {2}": LR, "on the right {1}, on the left {2}": RL, "on the left {1} and on the right {2}": LR, "on the right {1} and on the left {2}": RL,
    "on the left side {1} and on the right side {2}": LR, "left: {1}, right: {2}": LR, "right: {1}, left: {2}": RL, "to the left of {1}, {2}": RL, "to the right of {1}, {2}": LR,
    "left of {1} {2}": RL, "right of {1} {2}": LR, "{1} is on the left and {2} is on the right": LR, "{1} stands on the right and {2} stands on the left": RL,
    "{1} standing to the left of {2}": LR, "{1} standing to the right of {2}": RL, "{1} whose left neighbour is {2}": RL, "{1}, left, and {2}, right": LR, "{1}, right, and {2}, left": RL,
    "at the left {1}, at the right {2}": LR, "a picture with {1} on the left and {2} on the right": LR, "a picture with {1} on the right and {2} on the left": RL,
}  # fmt: skip
"""Two things and their sides; the first is named first."""
FRIEND_FORMS = (
    "{1}, {2}", "two friends: {1} and {2}", "two friends, {1} and {2}", "a duo: {1} and {2}", "best friends {1} and {2}", "best friends: {1} and {2}", "a pair of friends: {1} and {2}", "{1} and {2} together",
    "{1} and {2} side by side", "both {1} and {2}", "{1} and {2} as friends", "{1} and {2} holding hands", "{1} and {2} hugging", "{1} with its friend {2}", "{1} and its friend {2}", "{1} and its buddy {2}",
    "a friendship between {1} and {2}", "a meeting of {1} and {2}", "{1} meets {2}", "{1} who is friends with {2}", "two characters: {1} and {2}", "{1}. next to it {2}", "{1}, and beside it {2}", "{1} and {2} playing together",
    "two animals, {1} and {2}", "two of them: {1} and {2}", "{1}, {2}, side by side", "not one but two: {1} and {2}", "next to {1}, {2}", "beside {1} there is {2}", "near {1} stands {2}", "together: {1} and {2}",
    "{1} has a friend, {2}", "{1} loves {2}", "{1} and also {2}", "{1} plus {2}", "two things: {1} and {2}", "the two of them, {1} and {2}", "a couple: {1} and {2}", "{1} and {2} in one picture", "{1} and {2} in the same picture",
    "{1} and {2} sitting together", "{1} and {2} standing together", "{1} and {2} next to each other", "{1} and {2} having a party", "{1} and {2} looking at each other", "{1} and {2} walking together", "an unlikely pair: {1} and {2}",
    "companions: {1} and {2}", "buddies: {1} and {2}", "{1}/{2} duo", "{1} & {2}", "{1} + {2}", "{1} and {2}", "{1} and {2}", "{1} and {2}", "{1} and with it {2}", "first {1}, second {2}", "1. {1} 2. {2}", "someone drew {1} and {2}",
)  # fmt: skip
BOTH_MOOD_FORMS = (
    "{1} and {2}, both {mood}", "{1} and {2}, both looking {mood}", "{1} and {2} are both {mood}", "{mood} friends: {1} and {2}", "two {mood} friends, {1} and {2}", "{1} and {2}, both of them {mood}", "{1} with {2}, both {mood}",
    "{1} beside {2}, both {mood}", "both {mood}: {1} and {2}", "a {mood} pair: {1} and {2}", "{1} and {2}, they are {mood}", "{1} and {2} looking {mood}", "{1} next to {2}, both are {mood}", "{1} and {2} and both are {mood}",
)  # fmt: skip
BOTH_ITEM_FORMS = (
    "{1} and {2}, both wearing {items}", "{1} and {2}, both in {items}", "{1} and {2}, each with {an_item}", "{1} and {2}, both with {items}", "{1} and {2} in matching {items}", "{1} with {2}, both wearing {items}",
    "{1} and {2}, each wearing {an_item}", "{1} and {2} with {items} on both", "{1} next to {2}, both in {items}",
)  # fmt: skip
PLACED_FIRST = (
    "on the ",
    "to the ",
    "left of ",
    "right of ",
    "at the ",
    "left: ",
    "right: ",
    "next to ",
    "beside ",
    "near ",
    "1. ",
    "first ",
)
"""With these most openers make no sentence."""
THREE_FORMS = (
    "{1}, {2} and {3}", "{1}, {2}, {3}", "{1} and {2} and {3}", "{1}, {2}, and {3}", "three friends: {1}, {2} and {3}", "{1} with {2} and {3}", "{1} between {2} and {3}", "{1}, {2} & {3}", "all three: {1}, {2} and {3}",
    "{1} together with {2} and {3}", "a group: {1}, {2} and {3}", "{1} next to {2} and {3}",
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
BARE_SHARE = 0.1
"""How many wishes are bare names of what cannot be painted, as people begin with: from wishes full of other words a
small model does not learn thousands of names."""
FOREIGN_SHARE = 0.05
BEFORE_NAMES = ("ja", "zh", "ko", "tr")
"""Tongues that say all there is of a thing before it."""
PAINTER_NOTE = "A bigger model, attached with --painter, can."


EVERY: ContextVar[bool] = ContextVar("every", default=False)
"""Whether all templates are drawn: for the last stretch of a training, when nothing is chosen by development messages."""


@dataclass(frozen=True)
class Wish:
    """A message, the scene it should become, what it says shall not be there, and an excuse where one is due.

    `called` is the name under which it wishes for its main subject, where something else stands for that.
    """

    message: str
    scene: Scene
    removed: tuple[str, ...] = ()
    reply: str = ""
    called: str = ""


def is_dev(text: str) -> bool:
    """Tell whether a template belongs to the eighth that is kept for the development set."""
    return zlib.crc32(text.encode()) % 8 == 3


def may_say(text: str, dev: bool) -> bool:
    """Tell whether a template is of training, or of the development set if so asked; of both where `EVERY` is set."""
    return EVERY.get() or is_dev(text) == dev


def choose(rng: random.Random, options: Sequence[str], dev: bool = False) -> str:
    """Return one of the templates of training, or of the development set."""
    return rng.choice([option for option in options if may_say(option, dev)] or list(options))


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
    return rng.choice(lx.SAME_COLOURS[colour]) if rng.random() < 0.22 else colour


def excuse(what: Sequence[str], instead: str) -> str:
    return f"I can't paint {' or '.join(what)} yet, so here is {instead}. {PAINTER_NOTE}"


def random_wish(rng: random.Random, setting: WorldSetting, dev: bool = False, midway: bool = False) -> Wish:
    """Return a wish for a new picture; `midway` when there are pictures already."""
    while True:
        roll = rng.random()
        if roll < BARE_SHARE:
            wish = bare_wish(rng, setting, dev)
        elif roll < BARE_SHARE + FOREIGN_SHARE:
            wish = foreign_wish(rng, setting)
        else:
            wish = _wish(rng, setting, dev, midway)
        if not is_held_out(wish.scene):
            return wish


def bare_wish(rng: random.Random, setting: WorldSetting, dev: bool = False) -> Wish:
    """Return a wish that names what cannot be painted and nothing else: "draw a horse"."""
    said, kind, plural = outside_noun(rng, setting)
    place = lx.HOME.get(kind, "meadow")
    place = place if place in setting.places else setting.places[0]
    mood = 3 if kind in FACED else None
    thing = Thing(1, kind, default_colour(kind), mood=mood, words="HELLO" * (kind == "sign"))
    name = said if plural == said else _with_article(said)
    message = choose(rng, OPENERS, dev).format(name) if rng.random() < 0.8 else rng.choice((name, said))
    reply = excuse((name,), f"{words.article(kind)} {' '.join(words.PLACE_NAMES[place])}")
    return Wish(message, Scene((thing,), place, "day", "clear", setting.styles[0], "medium"), (), reply, said)


def _wish(rng: random.Random, setting: WorldSetting, dev: bool, midway: bool) -> Wish:
    outside = rng.random() < 0.3
    cannot: list[str] = []
    faced = [s for s in setting.subjects if s in FACED]
    kind = rng.choice(faced if rng.random() < 0.3 else setting.subjects)
    said_noun = noun(kind, rng)
    plural = words.plural(said_noun)
    called = ""
    if outside and rng.random() < 0.8:
        said_noun, kind, plural = outside_noun(rng, setting)
        cannot.append(said_noun)
        called = said_noun
    has_face = kind in FACED

    adjectives: list[str] = []
    mood = 3 if has_face else None
    joy = 0
    roll = rng.random()
    roll_mood = has_face and roll < 0.33
    if roll_mood:
        mood = rng.randrange(5)
        adjectives.append(rng.choice(lx.SAME_MOODS[mood] if rng.random() < 0.5 else words.MOOD_WORDS[mood]))
    elif roll < 0.45:
        adjectives.append(rng.choice(ADJECTIVE_CUTE))
    if rng.random() < (0.35 if outside else 0.06):
        adjectives.insert(0, rng.choice(lx.EMPTY_ADJECTIVES))
    size = "medium"
    if rng.random() < 0.13:
        size = rng.choice(("small", "large"))
        adjectives.insert(0, rng.choice(SIZE_SAID[size]))
    colour = default_colour(kind)
    if rng.random() < 0.5:
        colour = rng.choice(setting.colours)
        adjectives.append(colour_said(colour, rng))
    long_adjectives = [a for a in adjectives if a.startswith(NOT_BEFORE_NOUNS) and a not in ("very small", "very big")]
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
            if not _bare(said_noun)
            else " ".join([*adjectives, said_noun])
        )
        if rng.random() < 0.15:
            phrase = phrase.removeprefix("an ").removeprefix("a ")
    if cannot and cannot[0] == said_noun:
        cannot[0] = plural if count > 1 else _with_article(said_noun)

    tail: list[str] = [
        a
        if a.startswith("with ")
        else f"{rng.choice(('who is', 'that is'))} {a}"
        if rng.random() < 0.6 or a.startswith(NO_LOOKS)
        else f"that looks {a}"
        for a in long_adjectives
    ]
    worn, held, removed = _items(rng, setting, tail, has_face, count)
    pose = "standing"
    if has_face and rng.random() < 0.12:
        pose = rng.choice(("jumping", "jumping", "waving", "waving", "standing"))
        tail.append(rng.choice({"jumping": JUMPING, "waving": WAVING, "standing": STANDING}[pose]))
    elif has_face and rng.random() < 0.03:
        tail.append(choose(rng, HARMLESS_TAILS, dev))

    pair = None
    if count == 1 and rng.random() < 0.5:
        first = Thing(1, kind, colour, "plain", mood, joy, size, "middle", pose, 1, worn, held, "HELLO" if kind == "sign" else "", 0)  # fmt: skip
        said_mood = bool(long_adjectives) or roll_mood
        pair = _pair(rng, setting, first, " ".join([phrase, *tail]), said_mood, outside, removed, dev)
        phrase, tail = pair.text, []
        cannot += pair.cannot
    side = "middle"
    if pair is None and count == 1 and rng.random() < 0.05:
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
    if pair is not None:
        things = pair.things
        relations = (Relation(f"{things[0].side} of", 1, 2),) if len(things) == 2 else ()
    scene = Scene(things, place, time, weather, style, framing, relations, extras)
    reply = ""
    if cannot:
        shown = (
            f"{words.NUMBERS[count]} {words.plural(kind)}"
            if count > 1
            else words.listed([words.article(t.kind) for t in things])
        )
        reply = excuse(cannot, f"{shown} {' '.join(words.PLACE_NAMES[place])}")
    openers = AGAIN_OPENERS if midway and rng.random() < 0.6 else OPENERS
    opener = choose(rng, openers, dev)
    if text.startswith(PLACED_FIRST) and not opener.startswith("{}") and rng.random() < 0.8:
        opener = "{}"
    message = opener.format(text) if rng.random() < 0.72 or dev or (midway and rng.random() < 0.5) else text
    if rng.random() < 0.14:
        message = _in_company(message, midway, rng, dev)
    return Wish(message, scene, tuple(removed), reply, called)


LEADS_TO_SCENERY = (
    "it should be", "set it", "the scene is", "all this is", "it happens", "put it", "it's", "it is", "everything is", "make it", "i imagine it", "we are",
)  # fmt: skip
BEFORE_WISHES = (
    "hi!", "hello!", "hey there.", "good evening!", "i'm bored.", "my son turned five today.", "it's my mum's birthday.", "i'm making a card.", "i'm writing a story.", "we are decorating a nursery.", "quick one:", "ok here goes:", "let's begin.",
    "i had a dream last night.", "a small wish:", "i have no idea if you can do this, but", "not sure if this works:", "for school:", "this is for my sister.", "could you help me?", "i need your help.", "my turn!", "now my turn:", "here is what i want:", "i've got an idea.",
    "be creative.", "take your time.", "no rush.", "i love your pictures.", "you are great.", "first time here.", "my english is not good, sorry.", "excuse me,", "dear painter,", "hey painter,", "listen,", "so my kids want this:", "my boss wants this:", "the theme is simple:",
)  # fmt: skip
AFTER_WISHES = (
    "it's for my son.", "thanks in advance!", "thank you!", "that would be lovely.", "make it nice!", "my kid will love it.", "i'll print it.", "it's a present.", "do your best.", "surprise me with the rest.", "the rest is up to you.", "you decide the rest.", "nothing else in it.", "keep it simple.",
    "simple please.", "that's all.", "please hurry.", "can you do that?", "is that possible?", "i hope that's clear.", "many thanks!", "cheers!", "it should be cute.", "for a bedtime story.", "for our kitchen.", "i can't wait!", "you know what i mean.", "like in a picture book.", "just that.", "as you like it.",
)  # fmt: skip


def _in_company(message: str, midway: bool, rng: random.Random, dev: bool) -> str:
    """Return a wish with a sentence before or after it that wishes for nothing."""
    if rng.random() < 0.5 and not midway:
        return f"{choose(rng, BEFORE_WISHES, dev)} {message}"
    after = choose(rng, AFTER_WISHES, dev)
    return f"{message}{'' if message[-1:] in '.!?' else '.'} {after}"


def foreign_wish(rng: random.Random, setting: WorldSetting) -> Wish:
    """Return a short wish in another language over the core world, one thing or two."""
    name = rng.choice(list(lx.FOREIGN))
    tongue = lx.FOREIGN[name]
    kinds = [kind for kind in rng.sample(lx.FOREIGN_KEYS["kinds"], 2) if kind in setting.subjects]
    first, said = _foreign_thing(rng, name, kinds[0], 1)
    things: tuple[Thing, ...] = (first,)
    relations: tuple[Relation, ...] = ()
    if len(kinds) == 2 and rng.random() < 0.3:
        other, said_other = _foreign_thing(rng, name, kinds[1], 2)
        things, relations = (replace(first, side="left"), replace(other, side="right")), (Relation("left of", 1, 2),)
        space = " " if " " in tongue["order"] else ""
        form = tongue["sides"] if rng.random() < 0.4 else f"{{1}}{space}{tongue['and']}{space}{{2}}"
        said = _put(form, said, said_other)
    place = lx.HOME.get(first.kind, "meadow")
    place = place if place in setting.places else setting.places[0]
    facts = {"time": "day", "weather": "clear", "style": setting.styles[0]}
    ends: list[str] = []
    if rng.random() < 0.45:
        place, text = _foreign_word(rng, name, "places")
        ends.append(text)
    if rng.random() < 0.25:
        sky, text = _foreign_word(rng, name, "skies")
        if sky in ("evening", "night"):
            facts["time"] = sky
            ends.append(text)
        elif place not in INDOORS:
            facts["weather"] = sky
            ends.append(text)
    if rng.random() < 0.12:
        facts["style"], text = _foreign_word(rng, name, "styles")
        ends.append(text)
    space = " " if " " in tongue["order"] else ""
    said = space.join([*ends, said] if name in BEFORE_NAMES else [said, *ends])
    message = rng.choice(tongue["leads"].split("|")).format(said)
    return Wish(message, Scene(things, place, facts["time"], facts["weather"], facts["style"], relations=relations))


def _foreign_word(rng: random.Random, name: str, column: str) -> tuple[str, str]:
    """Return something of a column of a tongue, and how that tongue says it."""
    known = list(zip(lx.FOREIGN_KEYS[column], lx.FOREIGN[name][column].split("|"), strict=True))
    return rng.choice(known)


def _foreign_thing(rng: random.Random, name: str, kind: str, thing_id: int) -> tuple[Thing, str]:
    """Return a thing and what another tongue calls it, with article, adjectives and what it has on."""
    tongue = lx.FOREIGN[name]
    called = dict(zip(lx.FOREIGN_KEYS["kinds"], tongue["kinds"].split("|"), strict=True))[kind]
    gender = int(called[0]) if called[0].isdigit() else 0
    article, end = ((*column.split("|"), "", "", "")[gender] for column in (tongue["articles"], tongue["ends"]))
    colour, mood, adjectives = default_colour(kind), 3 if kind in FACED else None, []
    if rng.random() < 0.45:
        colour, text = _foreign_word(rng, name, "colours")
        adjectives.append(text.replace("*", end))
    if mood is not None and rng.random() < 0.22:
        degree, text = _foreign_word(rng, name, "moods")
        mood = int(degree)
        adjectives.append(text.replace("*", end))
    space = " " if " " in tongue["order"] else ""
    parts = {"a": article if rng.random() < 0.92 else "", "c": space.join(adjectives), "n": called.lstrip("012")}
    said = space.join(filter(None, (parts[key] for key in tongue["order"].replace(" ", ""))))
    worn: tuple[Item, ...] = ()
    held = None
    if mood is not None and rng.random() < 0.2:
        item, text = _foreign_word(rng, name, "items")
        if item in ("balloon", "flower"):
            held = Item(item, DEFAULT_ITEM_COLOURS[item])
        else:
            worn = (Item(item, DEFAULT_ITEM_COLOURS[item]),)
        said = space.join([text, said] if name in BEFORE_NAMES else [said, text])
    return Thing(thing_id, kind, colour, mood=mood, worn=worn, held=held), said


def _is_proper(said: str) -> bool:
    return said.startswith(("my ", "the ")) or said[:1].isupper()


def outside_noun(rng: random.Random, setting: WorldSetting) -> tuple[str, str, str]:
    """Return an outside noun, its nearest kind and its plural; at times the noun is an invented one."""
    if rng.random() < 0.07:
        made_up = "".join(rng.choice(SYLLABLES) for _ in range(rng.randint(2, 3)))
        return made_up, setting.subjects[0], made_up + "s"
    if rng.random() < 0.08:
        said = rng.choice(list(lx.HARMLESS))
        nearest = lx.nearest_kind(said, setting)
        assert nearest is not None
        return said, nearest, words.plural(said)
    fuller = [kind for kind in lx.FULL_KINDS if kind not in setting.subjects]
    if fuller and rng.random() < 0.25:
        kind = rng.choice(fuller)
        said = rng.choice((kind, *words.KIND_SYNONYMS.get(kind, ())))
        nearest = lx.nearest_kind(kind, setting)
    else:
        taken = {name for names in lx.SAME_KINDS.values() for name in names} | set(setting.subjects)
        wanted = rng.choice(("wizard", "robot", "")) if rng.random() < 0.3 else ""
        said = rng.choice([word for word, kind in lx.NOUNS.items() if word not in taken and kind.startswith(wanted)])
        nearest = lx.nearest_kind(said, setting)
    assert nearest is not None
    return (
        said,
        nearest,
        said if said.endswith("s") and not said.endswith("ss") else words.plural(said),
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


@dataclass(frozen=True)
class _Pair:
    """Different things in one picture: all of them in their places, how they are said, and what of them cannot be painted."""

    things: tuple[Thing, ...]
    text: str
    cannot: tuple[str, ...] = ()


def _pair(
    rng: random.Random,
    setting: WorldSetting,
    first: Thing,
    phrase: str,
    mood_said: bool,
    outside: bool,
    removed: Sequence[str],
    dev: bool,
) -> _Pair:
    """Return another thing, at times two, beside the first; `phrase` says the first."""
    other, said, cannot, other_mood_said = _other(rng, setting, (first.kind,), 2, outside, removed)
    roll = rng.random()
    if roll < 0.06:
        third, said_third, cannot_third, _ = _other(rng, setting, (first.kind, other.kind), 3, outside, removed)
        form = choose(rng, THREE_FORMS, dev)
        places = ("middle", "left", "right") if "between" in form else ("left", "middle", "right")
        things = tuple(replace(t, side=s) for t, s in zip((first, other, third), places, strict=True))
        return _Pair(things, _put(form, phrase, said, said_third), (*cannot, *cannot_third))
    both = first.has_face and other.has_face
    sides = LR
    if roll < 0.4:
        form = choose(rng, list(PAIR_FORMS), dev)
        sides = PAIR_FORMS[form]
    elif roll < 0.5 and both and not (mood_said or other_mood_said):
        mood = rng.choice((0, 1, 1, 2, 3, 3, 3, 4))
        word = rng.choice([w for w in lx.SAME_MOODS[mood] if not w.startswith(NOT_BEFORE_NOUNS)])
        form = choose(rng, BOTH_MOOD_FORMS, dev).replace("{mood}", word)
        form = re.sub(r"^a (?=[aeiou])", "an ", form)
        first, other = replace(first, mood=mood), replace(other, mood=mood)
    elif roll < 0.56 and both and not (first.worn or other.worn):
        item, an_item = item_said(rng, setting, rng.choice([k for k in setting.worn if k not in removed]), lx.SAME_WORN)
        bare = re.sub("^an? ", "", an_item)
        items = bare if bare.endswith("s") else words.plural(bare)
        form = choose(rng, BOTH_ITEM_FORMS, dev).replace("{items}", items).replace("{an_item}", an_item)
        first, other = replace(first, worn=(item,)), replace(other, worn=(item,))
    elif roll < 0.78:
        form = choose(rng, FRIEND_FORMS, dev)
    else:
        form = f"{{1}} {rng.choice(JOINTS)} {{2}}"
    return _Pair((replace(first, side=sides[0]), replace(other, side=sides[1])), _put(form, phrase, said), cannot)


def _put(form: str, *said: str) -> str:
    """Return the form with the things in it; in a list by commas and after "both" they keep their articles or lose them as they are."""
    for number, one in enumerate(said, 1):
        form = form.replace(f"{{{number}}}", one)
    return form


def _other(
    rng: random.Random,
    setting: WorldSetting,
    taken: tuple[str, ...],
    thing_id: int,
    outside: bool,
    removed: Sequence[str],
) -> tuple[Thing, str, tuple[str, ...], bool]:
    """Return a thing of a kind not taken, how it is said, what of that cannot be painted, and whether its mood is said."""
    free = [subject for subject in setting.subjects if subject not in taken]
    kind = rng.choice([s for s in free if s in FACED] if rng.random() < 0.3 else free)
    name = noun(kind, rng)
    cannot: tuple[str, ...] = ()
    if outside and rng.random() < 0.35:
        for _ in range(8):
            name, kind, _ = outside_noun(rng, setting)
            if kind not in taken:
                break
        else:
            kind = rng.choice(free)
            name = kind
        if name != kind:
            cannot = (_with_article(name),)
    adjectives: list[str] = []
    mood, mood_said, size = (3 if kind in FACED else None), False, "medium"
    if rng.random() < 0.13:
        size = rng.choice(("small", "large"))
        adjectives.append(rng.choice(SIZE_SAID[size]))
    elif rng.random() < 0.08:
        adjectives.append(rng.choice(ADJECTIVE_CUTE))
    if kind in FACED and rng.random() < 0.28:
        mood, mood_said = rng.randrange(5), True
        known = [w for w in lx.SAME_MOODS[mood] if not w.startswith(NOT_BEFORE_NOUNS)]
        adjectives.append(rng.choice(known if rng.random() < 0.5 else words.MOOD_WORDS[mood]))
    colour = default_colour(kind)
    if rng.random() < 0.5:
        colour = rng.choice(setting.colours)
        adjectives.append(colour_said(colour, rng))
    said = " ".join([*adjectives, name])
    said = said if _bare(said) else words.article(said)
    if rng.random() < 0.08:
        said = re.sub("^an? ", "", said)
    worn: tuple[Item, ...] = ()
    held = None
    if kind in FACED and rng.random() < 0.22:
        item, item_text = item_said(
            rng, setting, rng.choice([k for k in setting.worn if k not in removed]), lx.SAME_WORN
        )
        worn = (item,)
        said += f" {rng.choice(('with', 'wearing', 'in', 'with', 'in', 'that wears'))} {item_text}"
    elif kind in FACED and rng.random() < 0.08:
        held, item_text = item_said(
            rng, setting, rng.choice([k for k in setting.held if k not in removed]), lx.SAME_HELD
        )
        said += f" {rng.choice(('holding', 'with', 'carrying'))} {item_text}"
    thing = Thing(
        thing_id, kind, colour, "plain", mood, size=size, worn=worn, held=held, words="HELLO" if kind == "sign" else ""
    )
    return thing, said, cannot, mood_said


def _bare(said: str) -> bool:
    """Tell whether a noun takes no article: a name, or one of several things."""
    return _is_proper(said) or (said.endswith("s") and not said.endswith(("ss", "us", "is", "as", "os")))


def _with_article(said: str) -> str:
    return said if _bare(said) else words.article(said)


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
    if scenery and rng.random() < 0.1:  # where and when, in a sentence of its own
        lead = rng.choice(LEADS_TO_SCENERY)
        with_lead = [part for part in scenery if not part.startswith(("with", "and", "plus", "next to", "near"))]
        others = [part for part in scenery if part not in with_lead]
        if with_lead:
            return f"{' '.join([phrase, *tail, *others])}. {lead} {' '.join(with_lead)}"
    if scenery and rng.random() < 0.2:
        return ", ".join([" ".join([phrase, *tail]), *scenery])
    parts = [phrase, *tail, *scenery]
    if len(parts) > 2 and rng.random() < 0.1:
        parts = [phrase, *scenery, *tail]
    return " ".join(parts)
