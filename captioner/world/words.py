"""The words of the picture world: tables only, shared by captions, edits and requests.

Knows what things are called, never how a sentence is built (`captions.py`) nor what is drawn (`draw.py`). Every table
has an entry for the whole vocabulary of `scene.py`; a test holds the two together.
"""

from __future__ import annotations

PLURALS = {
    "mouse": "mice", "sheep": "sheep", "fish": "fish", "snowman": "snowmen", "spaceman": "spacemen", "calf": "calves",
    "gateau": "gateaux", "glasses": "glasses", "scarf": "scarves",
}  # fmt: skip
"""Only the irregular ones."""
NUMBERS = ("no", "one", "two", "three", "four", "five")

KIND_SYNONYMS: dict[str, tuple[str, ...]] = {
    "bunny": ("rabbit", "hare", "bunny rabbit"),
    "cat": ("kitty", "kitten", "pussycat"),
    "dog": ("puppy", "doggy", "pup", "hound"),
    "bear": ("teddy", "teddy bear", "bear cub"),
    "fox": ("fox cub", "foxy"),
    "owl": ("owlet", "hooty owl"),
    "frog": ("toad", "froggy"),
    "penguin": ("pengu", "baby penguin"),
    "robot": ("bot", "android", "droid"),
    "wizard": ("magician", "sorcerer", "mage"),
    "house": ("home", "cottage", "hut"),
    "cake": ("birthday cake", "gateau"),
    "mouse": ("mousey", "little mouse"),
    "pig": ("piggy", "piglet"),
    "cow": ("calf", "moo cow"),
    "sheep": ("lamb", "ewe"),
    "horse": ("pony", "foal"),
    "elephant": ("baby elephant",),
    "lion": ("lion cub",),
    "tiger": ("tiger cub",),
    "monkey": ("chimp", "little monkey"),
    "panda": ("panda bear",),
    "koala": ("koala bear",),
    "turtle": ("tortoise",),
    "duck": ("ducky", "duckling"),
    "chick": ("baby chicken",),
    "whale": ("big whale",),
    "octopus": ("squid",),
    "dragon": ("little dragon", "baby dragon"),
    "astronaut": ("spaceman", "cosmonaut"),
    "pirate": ("buccaneer",),
    "chef": ("cook",),
    "ghost": ("spook", "phantom"),
    "alien": ("martian", "space alien"),
    "boat": ("ship", "sailing boat"),
    "car": ("automobile", "little car"),
    "train": ("steam train", "choo choo"),
    "rocket": ("rocket ship", "spaceship"),
    "gift": ("present",),
    "lamp": ("light",),
    "sign": ("signpost", "notice"),
}
"""What people type for a kind; captions use the kind's own name alone, so that the painter's vocabulary stays small."""
CUTE = ("adorable", "cute", "sweet", "little", "lovely", "super cute", "fluffy", "pretty")
CUTE_THINGS = ("cute", "lovely", "pretty", "nice", "beautiful")
"""Of what has no face."""

# Mood, by degree, lowest first. The lists share no word: a word tells its degree.
MOOD_WORDS: tuple[tuple[str, ...], ...] = (
    ("heartbroken", "crying", "miserable", "sobbing", "weeping"),
    ("sad", "unhappy", "gloomy", "glum", "downcast"),
    ("calm", "peaceful", "relaxed", "quiet", "serene"),
    ("happy", "cheerful", "smiling", "glad", "merry"),
    ("overjoyed", "delighted", "beaming", "thrilled", "ecstatic"),
)
"""Adjectives that fit both "a … bunny" and "it looks …"."""
MOOD_SAID: tuple[tuple[str, ...], ...] = (
    ("heartbroken", "miserable", "devastated", "very sad"),
    ("sad", "unhappy", "gloomy", "glum"),
    ("calm", "peaceful", "relaxed", "serene", "neutral"),
    ("happy", "cheerful", "glad", "merry"),
    ("overjoyed", "delighted", "ecstatic", "thrilled", "very happy"),
)
"""What people type for a degree, after "make it …" and before "face"."""
MOOD_FACES: tuple[tuple[str, ...], ...] = (
    ("streaming tears and a wailing mouth", "tears down both cheeks"),
    ("a frown and one tear", "a turned-down mouth"),
    ("a straight mouth", "a level mouth"),
    ("a smile", "a friendly smile"),
    ("a huge open smile", "a big laughing mouth"),
)
JOY_VERBS = ("jumping for joy", "leaping for joy", "jumping with joy")
JOY_BEAMS = ("with sunbeams", "with bright sunbeams", "with golden sunbeams")
JOY_FLOWERS = (
    "and flowers and hearts all around",
    "and hearts and flowers everywhere",
    "plus hearts and flowers around",
)

SIZE_WORDS = {"small": ("small", "tiny"), "medium": (), "large": ("large", "big", "huge")}
PATTERN_WORDS = {
    "plain": (),
    "striped": ("striped", "stripy"),
    "spotted": ("spotted", "dotted"),
    "checked": ("checked", "chequered"),
}
PATTERN_NOUNS = {"striped": "stripes", "spotted": "spots", "checked": "checks"}
SIDE_WORDS = {
    "left": ("on the left", "at the left side", "on the left side"),
    "middle": ("in the middle", "in the centre", "at the centre"),
    "right": ("on the right", "at the right side", "on the right side"),
}
POSE_WORDS = {
    "standing": ("standing", "standing still"),
    "waving": ("waving", "waving hello", "waving one arm"),
    "jumping": ("jumping", "jumping up", "leaping up"),
}
NO_LEGS = frozenset({"fish", "whale", "octopus", "snail", "ghost", "snowman"})
"""Faced kinds that one does not call standing."""
WEAR_WORDS = ("wearing", "dressed in", "wearing")
HOLD_WORDS = ("holding", "carrying", "holding up")

RELATION_WORDS: dict[str, tuple[str, ...]] = {
    "left of": ("to the left of", "left of"),
    "right of": ("to the right of", "right of"),
    "behind": ("behind",),
    "in": ("in", "inside"),
    "on": ("on", "on top of"),
    "under": ("under", "underneath"),
    "covering": ("covering",),
    "near": ("near", "close to"),
    "occluded by": ("partly hidden by", "half hidden behind"),
    "hanging over": ("hanging over", "hanging above"),
    "tied to": ("tied to", "tied with a rope to"),
    "pushing": ("pushing",),
    "pulling": ("pulling",),
    "touching": ("touching",),
    "hitting": ("hitting",),
    "kicking": ("kicking",),
    "helping": ("helping",),
    "hindering": ("hindering", "getting in the way of"),
}

PLACE_NAMES: dict[str, tuple[str, str]] = {
    "meadow": ("in", "a meadow"), "beach": ("on", "a beach"), "forest": ("in", "a forest"),
    "desert": ("in", "a desert"), "mountains": ("in", "the mountains"), "city": ("in", "a city"),
    "snowfield": ("in", "a snowfield"), "room": ("in", "a room"), "garden": ("in", "a garden"),
    "lake": ("by", "a lake"), "farm": ("on", "a farm"), "jungle": ("in", "a jungle"), "park": ("in", "a park"),
    "harbour": ("in", "a harbour"), "rooftop": ("on", "a rooftop"), "playground": ("in", "a playground"),
    "bridge": ("on", "a bridge"), "volcano": ("by", "a volcano"), "fairground": ("at", "a fairground"),
    "castle yard": ("in", "a castle yard"), "kitchen": ("in", "a kitchen"), "library": ("in", "a library"),
    "cave": ("in", "a cave"), "stage": ("on", "a stage"),
}  # fmt: skip
PLACE_DETAILS: dict[str, tuple[str, ...]] = {
    "meadow": ("green grass", "small flowers", "soft hills"),
    "beach": ("yellow sand", "blue sea", "a palm tree"),
    "forest": ("tall green trees", "grassy ground"),
    "desert": ("sand dunes", "a green cactus"),
    "mountains": ("tall blue peaks", "snowy tops"),
    "city": ("tall buildings", "many windows", "a grey street"),
    "snowfield": ("white snow", "snowy hills", "snowy trees"),
    "room": ("a wooden floor", "a window", "a pink rug", "a picture on the wall"),
    "garden": ("rows of flowers", "a green hedge"),
    "lake": ("blue water", "a grassy shore"),
    "farm": ("a red barn", "a brown field"),
    "jungle": ("big leaves", "hanging vines"),
    "park": ("green grass", "a path"),
    "harbour": ("blue water", "a wooden pier"),
    "rooftop": ("a flat roof", "buildings behind"),
    "playground": ("a slide", "a swing"),
    "bridge": ("a railing", "a river below"),
    "volcano": ("dark rocks", "glowing lava"),
    "fairground": ("a big wheel", "striped tents"),
    "castle yard": ("stone walls", "towers"),
    "kitchen": ("cupboards", "a stove"),
    "library": ("bookshelves", "rows of books"),
    "cave": ("dark rock walls", "stones"),
    "stage": ("red curtains", "a wooden floor"),
}
"""What the drawing always has in that place, so that a caption with them says only what can be seen."""
PLACE_LEADS = ("The place is", "All around is", "The setting is", "The background is")

TIME_WORDS = {
    "morning": ("It is early morning", "The time is morning", "The morning light is soft"),
    "day": ("It is bright daytime", "It is the middle of the day", "It is full daylight"),
    "evening": ("It is late evening", "The light is an orange sunset", "It is evening at sunset"),
    "night": ("The time is night", "It is a dark night", "It is late at night"),
}
WEATHER_WORDS = {
    "clear": ("and the weather is fine", "in clear weather", ""),
    "cloudy": ("and the sky is cloudy", "with grey clouds", "and there are clouds"),
    "rain": ("and rain is falling", "with rain", "and it is raining"),
    "snow": ("and snow is falling", "with falling snow", "and it is snowing"),
    "fog": ("and there is fog", "with thick fog", "and it is foggy"),
}
TIME_SAID = {
    "morning": ("morning", "early morning", "sunrise"),
    "day": ("daytime", "day", "midday"),
    "evening": ("evening", "sunset", "dusk"),
    "night": ("night", "nighttime", "midnight"),
}
TIME_AT = {
    "morning": ("in the morning", "early in the morning", "at sunrise"),
    "day": ("in daylight", "during the day", "at midday"),
    "evening": ("in the evening", "at sunset", "at dusk"),
    "night": ("at night", "late at night", "at midnight"),
}
WEATHER_NOUNS = {"clear": "clear sky", "cloudy": "clouds", "rain": "rain", "snow": "snow", "fog": "fog"}
WEATHER_ADJECTIVES = {
    "clear": ("clear", "fine"), "cloudy": ("cloudy", "overcast"), "rain": ("rainy", "wet"),
    "snow": ("snowy", "wintry"), "fog": ("foggy", "misty"),
}  # fmt: skip
EXTRA_WORDS = {
    "rainbow": ("a rainbow", "a bright rainbow"),
    "tree": ("a tree", "a leafy tree"),
    "butterflies": ("butterflies", "some butterflies"),
    "mushrooms": ("mushrooms", "some mushrooms"),
    "kite": ("a kite", "a flying kite"),
    "fence": ("a fence", "a wooden fence"),
}
EXTRA_LEADS = ("The picture also shows", "Also in the picture:", "One can also see")
FRAMING_WORDS = {
    "close": ("in a close-up view", "seen from close up", "shown from very close"),
    "medium": ("in a medium view", "seen from a medium distance", "shown at medium distance"),
    "wide": ("in a wide view", "seen from far away", "shown from a wide distance"),
}
STYLE_WORDS = {
    "flat": ("a flat cartoon illustration", "a flat illustration", "a flat colour drawing"),
    "watercolour": ("a watercolour painting", "a soft watercolour", "a watercolour picture"),
    "pencil": ("a pencil drawing", "a coloured pencil sketch", "a pencil sketch"),
    "ink": ("an ink drawing", "a pen and ink drawing", "an ink picture"),
    "pixel art": ("a pixel art picture", "a pixel art drawing", "a pixel art image"),
    "oil": ("an oil painting", "a thick oil painting", "a painting in oils"),
    "paper cut": ("a paper cut picture", "a paper cut-out collage", "a cut paper picture"),
    "pastel": ("a pastel drawing", "a soft pastel picture", "a chalk pastel drawing"),
}
STYLE_SAID = {
    "flat": ("flat cartoon", "flat", "flat colour"),
    "watercolour": ("watercolour", "watercolor", "watercolours"),
    "pencil": ("pencil", "pencil drawing", "coloured pencil"),
    "ink": ("ink", "pen and ink", "ink drawing"),
    "pixel art": ("pixel art", "pixels", "8-bit pixel art"),
    "oil": ("oil paint", "oil painting", "oils"),
    "paper cut": ("paper cut", "cut paper", "paper collage"),
    "pastel": ("pastel", "chalk pastel", "pastels"),
}
"""What people type for a style."""
STYLE_LEADS = ("This is", "Here is", "What we see is")


def plural(noun: str) -> str:
    """Return the plural of a kind or of another name for it; of several words, the last one's."""
    before, space, last = noun.rpartition(" ")
    if last in PLURALS:
        return before + space + PLURALS[last]
    if last.endswith("y") and last[-2] not in "aeo":
        return noun[:-1] + "ies"
    return noun + ("es" if last.endswith(("s", "x", "ch", "sh")) else "s")


def article(words: str) -> str:
    """Return the words with "a" or "an" before them; every word here starts as it sounds, save "unicorn"."""
    if words[0] in "aeiou" and not words.startswith(("unicorn", "one")):
        return "an " + words
    return "a " + words


def item_words(kind: str, colour: str) -> str:
    """Return a worn or held thing with its article: "a red hat", "blue glasses"."""
    return f"{colour} {kind}" if kind == "glasses" else article(f"{colour} {kind}")


def listed(parts: list[str]) -> str:
    """Join as English does: "a", "a and b", "a, b and c"."""
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
