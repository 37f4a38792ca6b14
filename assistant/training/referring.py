"""How people call an older version, and what they ask of it: go back, change it, say what it showed, or which of two.

A version is called by its label, its place in the row, the way back to it, or by something that the picture shows. What
it shows fits the version in which it came in; where it came in twice, the answer asks which. Knows scenes, no model.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from assistant.llm.reading import NONE_SUCH
from assistant.references import DIGIT_ORDINALS, ORDINALS
from assistant.training import chatter
from assistant.training import lexicon as lx
from assistant.training import whole_ways as ways
from assistant.training.simulated import Picture, Said, State, before, nothing, plan_json, return_to
from assistant.training.wishes import choose
from captioner.world import words
from captioner.world.scene import Scene, WorldSetting

EditOf = Callable[[Picture, str, bool], Said | None]
"""Plans a change of a picture in a message of the given form, "{}" being the change: a sentence, or a few words of it."""
ORDINAL = (
    "the {} one",
    "the {} one",
    "the {} version",
    "the {} picture",
    "the {} image",
    "the {}",
    "the {} pic",
    "the {} drawing",
    "the {} attempt",
    "the {} try",
)
OF_GROUP = ("the {} of those {n}", "the {} of these {n}", "the {} one of those", "the {} of the {n}", "the {} of them", "the {} one of the {n}", "the {} of those", "the {} of these",
            "the {} one of these {n}", "the {} one of them", "the {} of all {n}")  # fmt: skip
BEFORE = ("the one before", "the previous one", "the previous version", "the one before this", "the last one before this", "the picture before", "the earlier one", "how it was before",
          "the version before this one", "the one before that change", "the one we had before", "the prior version", "the picture before this one", "the previous picture")  # fmt: skip
ORIGINAL = (
    "the original",
    "the original one",
    "the very first one",
    "the original version",
    "the initial version",
    "the original picture",
    "the one we began with",
    "the very first picture",
)
TWICE = (
    "undo twice", "undo the last two changes", "go back two steps", "two steps back", "undo two times", "go back 2", "back two", "undo both changes", "undo, and undo again", "undo the last 2",
    "take back the last two changes", "go two versions back", "revert the last two edits", "undo 2 times", "undo two", "two back please", "back 2 steps", "undo 2 steps", "go back twice", "step back twice",
    "rewind two steps", "roll back two changes", "undo my last two changes", "forget the last two changes", "drop the last two edits", "take two steps back", "go back by two", "the one two steps ago",
    "the version two before this", "undo it twice", "undo the last two edits please", "back up two versions", "back up 2", "cancel the last two changes", "undo those last two", "undo x2", "ctrl z twice", "ctrl+z ctrl+z",
)  # fmt: skip
STEPS_BACK = (
    "(undo|revert|take back|cancel|drop|forget|discard|scrap|reverse|roll back|throw away|unmake) (the last|my last|these last|those last|the latest|the previous|my previous) N (changes|edits|things|steps|ones|wishes|requests|modifications|versions)(| please| again)",
    "(go|step|jump|move|take me|bring me|get|rewind|skip|come) (back |)(by |)N (steps|versions|pictures|changes|edits|images)(| back| please)", "N (steps|versions|pictures|changes|edits) (back|earlier|ago)(| please| again)", "(the one|the version|the picture|how it was|what we had|the state|the image) (from |)N (steps|versions|changes|edits|pictures) (ago|back|earlier|before)(| please| was better| again)", "undo( it| that| this|) (Nx|N times)(| please)", "(go|step) back N(| please| times)", "BACKTO (the one|the version|the picture) (from |)N (steps|versions|changes|edits|pictures) (ago|back|before this|earlier)",
    "(undo|revert|remove) N (steps|changes|edits)(| please)", "i (liked|want|preferred) (the one|it|the version) (from |)N (versions|steps|changes|edits) (ago|earlier)(| more| better| back|)", "the last N (changes|edits|steps) (were bad|were a mistake|have to go|were wrong|should go|didn't help)(|, undo them|. go back)",
)  # fmt: skip
"""N is the number of steps."""
NUMBER_OF_STEPS = {2: "(two|2|two|a couple of)", 3: "(three|3)"}
PENULTIMATE = (
    "the one before the last",
    "the second to last one",
    "the second to last",
    "the penultimate one",
    "the next to last one",
    "the last but one",
    "the version before the last",
    "the second last one",
    "the second-to-last picture",
    "the picture before the last one",
)
BEFORE_IT = ("the (one|version|picture|image) (before|from before|without) {}", "the (one|version|picture) (that had no|that was before|that we had before|prior to) {}", "(how it was|what it was like|what we had|the way it was|it as it was) before {}", "the (one|version|picture) before (you |we |i |it got |it had |you added |you painted |you put in |there was |you made |you drew |i asked for ){}", "the last (one|version|picture) (before|without) {}")  # fmt: skip
"""How a version is called by what came in with the next one."""
MADE = ("when you (made it|changed it to|set it to) {}", "the (one|version|picture) (where|in which) (you|i|we) (added|put in|asked for|got|wanted|brought in|changed it to|went for) {}", "the (one|version|picture) (with|that has|that had|that got|you gave|that shows|showing|having) {}", "when it (had|got|was with|still had) {}", "the (one|version|picture) from when it (had|got|still had) {}")  # fmt: skip
"""How a version is called by what came in with it."""
THRICE = (
    "undo three times", "undo the last three changes", "go back three steps", "three steps back", "go back 3", "back three", "undo the last 3", "take back the last three changes", "go three versions back",
    "undo 3 times", "revert the last three edits", "undo three", "back 3 steps", "roll back three changes", "take three steps back", "rewind 3 steps", "forget the last three changes", "the version three before this", "undo it three times",
)  # fmt: skip
LOOKED = (
    "what did {} look like?", "what was in {}?", "what did {} show?", "remind me what {} was", "remind me what {} looked like", "what was {} again?", "describe {}", "what is in {}?", "tell me about {}",
    "what did you paint in {}?", "how did {} look?", "what does {} look like?", "what was {}?", "what was there in {}?", "describe {} to me", "can you describe {}?", "what could you see in {}?", "what was different in {}?",
    "i forgot what {} looked like", "what was on {}?", "say what {} showed", "what do you see in {}?", "tell me what was in {}", "tell me what {} looked like", "what did we have in {}?", "can you tell me what {} looked like?",
    "do you remember {}? what was in it?", "what have you drawn in {}?", "what is {} a picture of?", "put {} into words", "caption {}", "what happened in {}?",
)  # fmt: skip
THEN = (
    "back to {ref}, but {{}}", "go back to {ref}, but {{}}", "{ref}, but {{}}", "{ref} but {{}}", "go back to {ref} and {{}}", "back to {ref} and {{}}", "take {ref} and {{}}", "use {ref} and {{}}", "in {ref}, {{}}",
    "{ref}: {{}}", "return to {ref} and {{}}", "{{}} in {ref}", "start from {ref} and {{}}", "starting from {ref}, {{}}", "with {ref}, {{}}", "for {ref}: {{}}", "go back to {ref}. {{}}", "{ref} again, but {{}}",
    "{ref} please, but {{}}", "i want {ref} back, but {{}}", "i liked {ref}. {{}}", "{ref} was better. now {{}}", "{ref} was nicer, but {{}}", "on {ref}, {{}}", "from {ref}: {{}}", "let's take {ref} and {{}}",
    "let's go back to {ref} and {{}}", "can you take {ref} and {{}}?", "can we go back to {ref} and {{}}?", "based on {ref}, {{}}", "change {ref}: {{}}", "edit {ref}: {{}}", "work from {ref}: {{}}", "bring back {ref}, but {{}}",
    "same as {ref}, but {{}}", "like {ref}, but {{}}", "i prefer {ref}, but {{}}", "{{}}, but in {ref}", "pick {ref} and {{}}", "continue from {ref}: {{}}", "show {ref} again, but {{}}",
)  # fmt: skip
KIND_BACK = (
    "the {}", "go back to the {}", "the {} was better", "i liked the {}", "bring back the {}", "back to the {} please", "the {} picture", "the {} again", "i liked the {} more", "return to the {}", "show me the {} again", "the {} please", "i want the {} back",
    "where is the {}?", "can i have the {} back?", "i preferred the {}", "the {} was nicer", "back to the {}", "the picture of the {}", "the one of the {}", "let's go back to the {}", "where did the {} go? bring it back",
)  # fmt: skip
_WITH_WORDS = (
    "with the {}",
    "with the {}",
    "with {a}",
    "that has the {}",
    "that had {a}",
    "where it has {a}",
    "wearing the {}",
    "in the {}",
)
_HELD_WORDS = (
    "with the {}",
    "with {a}",
    "holding the {}",
    "that holds {a}",
    "where it holds {a}",
    "that had the {}",
    "carrying the {}",
)
_SEEN_WORDS = ("with the {}", "with {a}", "that has {a}", "that had the {}", "where there is {a}", "with the {} in it")
_PLACES = {
    "meadow": ("in the meadow", "in the grass", "on the grass", "in the field", "on the meadow"), "beach": ("on the beach", "at the beach", "by the sea", "at the seaside", "in the sand by the sea"),
    "forest": ("in the forest", "in the woods", "among the trees", "in the wood"), "desert": ("in the desert", "in the dunes"), "mountains": ("in the mountains", "up in the mountains", "with the mountains"),
    "city": ("in the city", "in town", "downtown", "in the street"), "snowfield": ("in the snow", "in the snow", "in the snowfield", "out in the snow"), "room": ("in the room", "indoors", "inside", "in the house"),
}  # fmt: skip
_TIMES = {
    "night": ("at night", "in the dark", "in the moonlight", "by night"),
    "evening": ("in the evening", "at sunset", "at dusk"),
    "day": ("in daylight", "by day", "in the daytime"),
}
_WEATHERS = {
    "rain": ("in the rain", "with the rain", "where it rains"),
    "snow": ("in the snow", "with the snow", "where it snows", "with falling snow"),
}
_STYLES = {
    "pencil": ("in pencil", "drawn in pencil"),
    "watercolour": ("in watercolour", "in watercolours", "painted in watercolour"),
    "flat": ("in the flat style", "in cartoon style"),
}
_ADJECTIVES = {"night": ("night", "nighttime", "dark"), "evening": ("evening", "sunset"), "rain": ("rainy", "wet"), "snow": ("snowy",), "snowfield": ("snowy",), "pencil": ("pencil", "sketched"),
               "watercolour": ("watercolour", "watercolor"), "beach": ("beach",), "forest": ("forest",), "city": ("city",), "desert": ("desert",)}  # fmt: skip


_KINDS = {name for kind, names in lx.SAME_KINDS.items() for name in (kind, *names)}


def shown(scene: Scene) -> dict[str, tuple[str, ...]]:
    """Return what a scene shows that people call a picture by, and how they say it after "the one".

    Where what is said begins with "=", it stands before "one" instead: "the sleepy one".
    """
    main = scene.main
    names = (main.kind, *lx.SAME_KINDS.get(main.kind, ())[:4])
    colour, kind = main.colour, main.kind
    found: dict[str, tuple[str, ...]] = {
        f"kind {kind}": (*(f"={name}" for name in names), f"with the {kind}"),
        f"colour {colour}": (f"={colour}", f"={colour}", f"with the {colour} {kind}", f"where it is {colour}"),
    }
    if main.mood is not None and main.mood != 2:
        said = [word for word in lx.SAME_MOODS[main.mood] if " " not in word]
        found[f"mood {main.mood}"] = (
            tuple(f"={word}" for word in said[:8])
            + tuple(f"where it is {word}" for word in said[:4])
            + tuple(f"with the {word} face" for word in said[:3])
        )
    if main.mood == 2:
        found["mood 2"] = tuple(f"={word}" for word in ("calm", "peaceful", "relaxed", "serene", "quiet"))
    for thing in scene.things:
        for item in thing.worn:
            found |= _item(item.kind, item.colour, _WITH_WORDS)
        if thing.held:
            found |= _item(thing.held.kind, thing.held.colour, _HELD_WORDS)
    for extra in scene.extras:
        a = extra if extra.endswith("s") else words.article(extra)
        found[f"extra {extra}"] = tuple(text.format(extra, a=a) for text in _SEEN_WORDS)
    for thing in scene.things[1:]:
        found[f"beside {thing.kind}"] = tuple(
            text.format(thing.kind, a=words.article(thing.kind)) for text in _SEEN_WORDS
        )
    for value, table in (
        (scene.place, _PLACES),
        (scene.time, _TIMES),
        (scene.weather, _WEATHERS),
        (scene.style, _STYLES),
    ):
        if value in table:
            key = "snow" if value == "snowfield" else value
            found[key] = (*found.get(key, ()), *table[value], *(f"={word}" for word in _ADJECTIVES.get(value, ())))
    return found


def _item(kind: str, colour: str, forms: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    found = {}
    for name in (kind, f"{colour} {kind}"):
        a = name if name.endswith("s") else words.article(name)
        found[f"item {name}"] = tuple(text.format(name, a=a) for text in forms)
    return found


def described(state: State, rng: random.Random) -> tuple[str, tuple[Picture, ...]] | None:
    """Return a way to call older versions by what they show, and those that it fits best: one, or two that fit alike."""
    found = _fitting(state, rng)
    return (_called(found[0], rng), found[1]) if found else None


def _fitting(state: State, rng: random.Random) -> tuple[str, tuple[Picture, ...]] | None:
    """Return what is said of older versions, as `shown` has it, and those versions in which it came in."""
    assert state.current is not None
    ways = {picture.label: shown(picture.scene) for picture in state.pictures}
    now = ways[state.current.label]
    holders: dict[str, list[Picture]] = {}
    for picture in state.pictures:
        for key in ways[picture.label]:
            if key not in now and picture is not state.current:
                holders.setdefault(key, []).append(picture)
    fitting: dict[str, tuple[Picture, ...]] = {}
    for key, pictures in holders.items():
        began = [p for p in pictures if not any(key in ways.get(parent, ()) for parent in p.parents)]
        if len(began) == 1 or (len(began) == 2 and len({(p.prompt, p.parents) for p in began}) == 2):
            fitting[key] = tuple(began)
    if not fitting:
        return None
    twofold = [key for key in fitting if len(fitting[key]) == 2]
    key = rng.choice(twofold if twofold and rng.random() < 0.6 else list(fitting))
    return rng.choice(ways[fitting[key][0].label][key]), fitting[key]


def _called(said: str, rng: random.Random) -> str:
    if not said.startswith("="):
        return f"{rng.choice(('the one', 'the one', 'the one', 'the picture', 'the version', 'that one', 'the image'))} {said}"
    word = said[1:]
    if word in _KINDS and rng.random() < 0.3:
        return f"the {word}"
    return rng.choice(
        (
            f"the {word} one",
            f"the {word} one",
            f"the {word} one",
            f"the {word} version",
            f"the {word} picture",
            f"that {word} one",
        )
    )


def _asked_back(said: str, rng: random.Random, dev: bool) -> str:
    """Return a wish to go back to what is called so."""
    if rng.random() < 0.4:
        return choose(rng, chatter.LABEL, dev).format(_called(said, rng))
    if not said.startswith("="):
        return choose(rng, chatter.DESCRIBED_WITH, dev).format(said)
    if said[1:] in _KINDS and rng.random() < 0.5:
        return choose(rng, KIND_BACK, dev).format(said[1:])
    return choose(rng, chatter.DESCRIBED, dev).format(said[1:])


def came_in(state: State, rng: random.Random) -> tuple[str, Picture] | None:
    """Return a way to call a version by a change: the one before something came in, or the one in which it did."""
    assert state.current is not None
    found: list[tuple[str, Picture, Picture]] = []
    seen: set[str] = set()
    for picture in reversed(state.pictures):
        parent = state.find(picture.parents[0]) if picture.parents else None
        if parent is None:
            continue
        old = shown(parent.scene)
        for key in shown(picture.scene):
            if key in old or key in seen or key.startswith("mood"):
                continue
            seen.add(key)
            found.append((key, parent, picture))
    if not found:
        return None
    key, parent, picture = rng.choice(found)
    what, _, name = key.rpartition(" ") if not key.startswith("item") else ("item", "", key.removeprefix("item "))
    if what in ("item", "extra", "beside", "kind"):
        said = rng.choice((f"the {name}", f"the {name}", name if name.endswith("s") else words.article(name)))
    elif what == "colour":
        said = f"it was {name}"
    elif name in _TIMES or name in _WEATHERS:
        said = rng.choice({"night": ("the night", "it was night", "it got dark"), "evening": ("the evening", "it was evening"), "day": ("it was day", "the daylight"),
                           "rain": ("the rain", "it rained"), "snow": ("the snow", "it snowed")}[name])  # fmt: skip
    elif name in _PLACES:
        said = f"the {name}"
    else:
        return None
    by_noun = said.startswith(("the ", "a ", "an ")) or " " not in said
    if parent is not state.current and (rng.random() < 0.65 or not by_noun):
        forms = BEFORE_IT if by_noun else BEFORE_IT[2:3]
        return ways.composed(rng.choice(forms), rng).format(said), parent
    if by_noun and picture is not state.current and key not in shown(state.current.scene):
        return ways.composed(rng.choice(MADE), rng).format(said), picture
    return None


def placed(state: State, rng: random.Random) -> tuple[str, Picture] | None:
    """Return a way to call an older version by its place in the row, or among those painted together."""
    assert state.current is not None
    if len(state.pictures) > 2 and rng.random() < 0.05 and state.pictures[-2] is not state.current:
        return rng.choice(PENULTIMATE), state.pictures[-2]
    others = [at for at, picture in enumerate(state.pictures) if picture is not state.current]
    group = last_alike(state)
    roll = rng.random()
    if 1 < len(group) <= len(ORDINALS) and roll < 0.6:
        at = rng.randrange(len(group))
        picture, number = (
            group[at],
            rng.choice((words.NUMBERS[len(group)], str(len(group)))) if len(group) <= 5 else str(len(group)),
        )
        nth = "last" if at == len(group) - 1 and rng.random() < 0.5 else _nth(at, rng)
        return rng.choice(OF_GROUP).format(nth, n=number), picture
    if roll < 0.75 and others:
        at = rng.choice(others)
        if at < len(ORDINALS) and state.pictures[at].label == f"v{at + 1}":
            if at == 0 and rng.random() < 0.4:
                return rng.choice(ORIGINAL), state.pictures[0]
            return rng.choice(ORDINAL).format(_nth(at, rng)), state.pictures[at]
    older = before(state)
    return (rng.choice(BEFORE), older) if older is not None else None


def _nth(at: int, rng: random.Random) -> str:
    return (DIGIT_ORDINALS if rng.random() < 0.2 else ORDINALS)[at]


def last_alike(state: State) -> list[Picture]:
    """Return the newest pictures that were painted together."""
    last = state.pictures[-1]
    alike = [p for p in state.pictures if (p.prompt, p.parents, p.change) == (last.prompt, last.parents, last.change)]
    return alike if state.pictures[-len(alike) :] == alike else [last]


def called(state: State, rng: random.Random, labels: float = 0.4) -> tuple[str, Picture] | None:
    """Return any way to call one older version; `labels` is the share of those called by their label."""
    assert state.current is not None
    others = [p for p in state.pictures if p is not state.current]
    if not others:
        return None
    roll = rng.random()
    if roll < labels:
        picture = rng.choice(others)
        return chatter.spelled(picture.label, rng), picture
    if roll < labels + (1 - labels) * 0.5 and (found := described(state, rng)) and len(found[1]) == 1:
        return found[0], found[1][0]
    if roll < labels + (1 - labels) * 0.68 and (one := came_in(state, rng)):
        return one
    return placed(state, rng)


def back(state: State, rng: random.Random, setting: WorldSetting, dev: bool) -> Said | None:
    """Go back to a version that is called by what it shows or by its place."""
    roll = rng.random()
    if roll < 0.18 and (one := came_in(state, rng)):
        return return_to(one[1], _wishing(one[0], rng, dev), state)
    found = _fitting(state, rng) if roll < 0.72 else None
    if found is not None:
        said, pictures = found
        message = _wishing(_called(said, rng), rng, dev) if rng.random() < 0.5 else _asked_back(said, rng, dev)
        return which(message, pictures) if len(pictures) > 1 else return_to(pictures[0], message, state)
    if rng.random() < 0.1:
        return _none_such(state, rng, setting, dev)
    one = placed(state, rng)
    if one is None:
        return None
    message = _wishing(one[0], rng, dev) if rng.random() < 0.6 else choose(rng, chatter.LABEL, dev).format(one[0])
    return return_to(one[1], message, state)


def _wishing(called_so: str, rng: random.Random, dev: bool) -> str:
    """Return a wish to go back to the version that is called so."""
    return ways.said(rng, dev, ways.GOING_BACK, ways.GONE_BACK, ways.REASONS_BACK).replace("{}", called_so)


def _none_such(state: State, rng: random.Random, setting: WorldSetting, dev: bool) -> Said | None:
    """Go back to a version that is not there: the answer says so."""
    here = " ".join(picture.prompt for picture in state.pictures)
    thing = rng.choice(
        (*setting.subjects, *setting.worn, *setting.held, *setting.extras, *rng.sample(sorted(lx.NOUNS), 12))
    )
    if thing in here or lx.NOUNS.get(thing, thing) in here:
        return None
    return _asked_back(f"with the {thing}", rng, dev), plan_json(act="ask", reply=NONE_SUCH), nothing


def which(message: str, pictures: tuple[Picture, ...]) -> Said:
    """Ask which of several versions that fit equally well is meant."""
    labels = [picture.label for picture in sorted(pictures, key=lambda p: int(p.label[1:]))]
    reply = f"Do you mean {' or '.join(labels)}? Both fit."
    return message, plan_json(act="ask", targets=labels, reply=reply), nothing


def steps_back(state: State, rng: random.Random, setting: WorldSetting, dev: bool) -> Said | None:
    """Undo two or three changes at once."""
    steps, forms = (2, TWICE) if rng.random() < 0.75 else (3, THRICE)
    message = choose(rng, forms, dev)
    if rng.random() < 0.6:
        message = ways.said(rng, dev, STEPS_BACK, (), ways.REASONS_BACK, N=NUMBER_OF_STEPS[steps])
        message = message.replace("a couple of times", "twice").replace("back a couple of please", "back two please")
    at: Picture | None = state.current
    for _ in range(steps):
        at = before(state, at) if at is not None else None
    if at is None:
        return (
            (message, plan_json(act="ask", reply=chatter.NOTHING_BACK_REPLY), nothing) if rng.random() < 0.08 else None
        )
    return return_to(at, message, state)


def looked(state: State, rng: random.Random, setting: WorldSetting, dev: bool) -> Said | None:
    """Ask what an older version looked like: the answer describes it and stays where it is."""
    found = called(state, rng, labels=0.6)
    if found is None:
        return None
    if rng.random() < 0.6:
        message = ways.said(rng, dev, ways.LOOKING, ways.LOOKED).replace("{}", found[0])
    else:
        message = choose(rng, LOOKED, dev).format(found[0])
    return message, plan_json(act="describe", targets=[found[1].label], reply=chatter.DESCRIBE_REPLY), nothing


def changed(state: State, rng: random.Random, dev: bool, edit_of: EditOf) -> Said | None:
    """Change an older version that is called by its label, what it shows, or its place."""
    found = described(state, rng) if rng.random() < 0.4 else None
    if found is not None and len(found[1]) > 1:
        said = edit_of(found[1][0], _form(found[0], rng, dev, False), False)
        return which(said[0], found[1]) if said else None
    one = (found[0], found[1][0]) if found else called(state, rng, labels=0.45)
    if one is None:
        return None
    brief = rng.random() < 0.45
    return edit_of(one[1], _form(one[0], rng, dev, brief), brief)


def _form(called_so: str, rng: random.Random, dev: bool, brief: bool) -> str:
    """Return how a change of the version that is called so is asked for, "{}" being the change."""
    if brief:
        form = ways.said(rng, dev, ways.THEN_BRIEF, ())
    elif rng.random() < 0.6:
        form = ways.said(rng, dev, ways.THEN, ())
    else:
        form = choose(rng, THEN, dev)
    return form.replace("{ref}", called_so).replace("{{}}", "{}")
