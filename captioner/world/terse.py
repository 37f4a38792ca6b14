"""Prompts as people type them: the things by name, a fact or two, and now and then what is not to be there.

Apart from `captions.py`, whose captions a person never types: here most of what the picture shows is left unsaid, but
every thing is named, with how many there are. Knows no drawing.
"""

from __future__ import annotations

import random
from collections.abc import Iterable

from captioner.world import words
from captioner.world.scene import INDOORS, Scene, Thing, WorldSetting

SYNONYM_SHARE = 0.1
COLOURS_SAID = {"all": 0.5, "some": 0.15}
"""The share of prompts that say every thing's colour, and of those that say it of some; the rest say none."""
LEFT_FIRST = 0.9
"""The share of prompts with two things and no sides that name the left one first, as eyes read: where either order
means either picture, a painter in doubt between the two paints a third that is neither."""
DENIED_ITEM, DENIED_SCENERY, DENIED_LIGHT = 0.3, 0.3, 0.05
"""The shares of prompts that deny what is not there, of those that could."""
IN_WEATHER = {
    "rain": ("in the rain", "on a rainy day", "with rain"),
    "snow": ("in the snow", "while it is snowing", "with falling snow"),
    "fog": ("in the fog", "with thick fog"),
    "cloudy": ("under grey clouds", "with a cloudy sky"),
}
PICTURE_OF = ("a picture of", "a drawing of", "draw", "paint", "please draw")
NO_ARTICLE = frozenset({"butterflies", "glasses", "mushrooms"})
LIGHT_DENIALS = ("without the {}", "without {}", "with no {}", "and no {}", "no {}")
LIGHT_DENIED = ("There is no {} in the sky", "No {} is to be seen", "The sky is without a {}")


def terse(scene: Scene, seed: int, setting: WorldSetting, unlit: bool = False) -> str:
    """Return a prompt of a few words: "a red cat and a blue dog", "three owls at night, no moon".

    Args:
        seed: decides all; the same seed says the same.
        setting: what could be there, and so can be denied.
        unlit: the picture was drawn without the sun or the moon that it would have; then the prompt says so.
    """
    rng = random.Random(f"limner-terse-{seed}")
    text = _things(scene, rng, setting)
    tails = [*_where(scene, rng), *_scenery(scene, rng, setting, unlit)]
    text = " ".join([text, *tails])
    if rng.random() < 0.2:
        if rng.random() < 0.5:
            return f"{rng.choice(words.STYLE_WORDS[scene.style])} of {text}"
        return f"{text}, {rng.choice(words.STYLE_SAID[scene.style])}"
    return f"{rng.choice(PICTURE_OF)} {text}" if rng.random() < 0.08 else text


def light_of(scene: Scene) -> str | None:
    """Return "sun" or "moon", whichever the sky of the scene shows; None indoors and under clouds."""
    if scene.place in INDOORS or scene.weather != "clear":
        return None
    return "moon" if scene.time == "night" else "sun"


def light_denied(scene: Scene, seed: int) -> str:
    """Return a sentence for a long caption that says that the scene's sun or moon is not there."""
    rng = random.Random(f"limner-light-{seed}")
    return rng.choice(LIGHT_DENIED).format(light_of(scene)) + "."


def _things(scene: Scene, rng: random.Random, setting: WorldSetting) -> str:
    draw = rng.random()
    if draw < COLOURS_SAID["all"]:
        coloured = [True] * len(scene.things)
    else:
        some = draw < sum(COLOURS_SAID.values())
        coloured = [some and rng.random() < 0.5 for _ in scene.things]
    bare = rng.random() < 0.5
    said = {
        thing.id: _thing(thing, rng, setting, with_colour, bare)
        for thing, with_colour in zip(scene.things, coloured, strict=True)
    }
    if len(scene.things) == 2:
        return _two(scene, said, rng)
    return words.listed(list(said.values()))


def _two(scene: Scene, said: dict[int, str], rng: random.Random) -> str:
    first, second = rng.sample(scene.things, 2)
    one, two, draw = said[first.id], said[second.id], rng.random()
    beside = {"left": first.side, "right": second.side} if first.side != second.side else None
    others = [r for r in scene.relations if r.kind not in ("left of", "right of")]
    if others:  # always said, or "and" would mean all of them
        return f"{said[others[0].subject]} {rng.choice(words.RELATION_WORDS[others[0].kind])} {said[others[0].obj]}"
    if beside is None or {first.side, second.side} != {"left", "right"} or draw < 0.4:
        if (second.side, first.side) == ("left", "right") and rng.random() < (2 * LEFT_FIRST - 1):
            one, two = two, one
        return f"{one} {rng.choice(('and', 'and', 'and', 'next to', 'with', 'beside'))} {two}"
    if draw < 0.8:
        return f"{one} {rng.choice(words.RELATION_WORDS[f'{first.side} of'])} {two}"
    return f"{one} on the {first.side} and {two} on the {second.side}"


def _thing(thing: Thing, rng: random.Random, setting: WorldSetting, with_colour: bool, bare: bool) -> str:
    """Return "two sad cats", "a red bunny wearing a hat"; `bare` says no more than number, colour and kind."""
    adjectives = [thing.colour] if with_colour else []
    noun = thing.kind
    if rng.random() < SYNONYM_SHARE and (other := words.KIND_SYNONYMS.get(thing.kind)):
        noun = rng.choice(other)
    after: list[str] = []
    if not bare:
        if thing.mood is not None and rng.random() < 0.4:
            adjectives.insert(0, rng.choice(words.MOOD_WORDS[thing.mood]))
        if (sizes := words.SIZE_WORDS[thing.size]) and rng.random() < 0.4:
            adjectives.insert(0, rng.choice(sizes))
        after = _doing(thing, rng, setting)
    if thing.words:
        after.append(f'that says "{thing.words}"')
    if thing.count > 1:
        phrase = " ".join([words.NUMBERS[thing.count], *adjectives, words.plural(noun)])
    else:
        phrase = words.article(" ".join([*adjectives, noun]))
    return " ".join([phrase, *after])


def _doing(thing: Thing, rng: random.Random, setting: WorldSetting) -> list[str]:
    if thing.mood is None:
        return []
    said = []
    for item in thing.worn:
        if rng.random() < 0.7:
            named = f"{item.colour} {words.plural(item.kind)}" if thing.count > 1 else _an(item.kind, item.colour, rng)
            said.append(f"{rng.choice(('wearing', 'with', 'in'))} {named}")
    if thing.held and rng.random() < 0.7:
        held = thing.held
        named = f"{held.colour} {words.plural(held.kind)}" if thing.count > 1 else _an(held.kind, held.colour, rng)
        said.append(f"{rng.choice(('holding', 'with', 'carrying'))} {named}")
    if thing.joy and rng.random() < 0.6:
        said.append(rng.choice(words.JOY_VERBS))
    elif thing.pose != "standing" and rng.random() < 0.5:
        said.append(rng.choice(words.POSE_WORDS[thing.pose]))
    has = {item.kind for item in (*thing.worn, thing.held) if item}
    lacking = [kind for kind in setting.worn + setting.held if kind not in has]
    if lacking and rng.random() < DENIED_ITEM:
        kind = rng.choice(lacking)
        doing = "holding" if kind in setting.held else "wearing"
        said.append(rng.choice((f"without {_a(kind)}", f"with no {kind}", f"not {doing} {_a(kind)}")))
    return said


def _an(kind: str, colour: str, rng: random.Random) -> str:
    return words.item_words(kind, colour) if rng.random() < 0.8 else _a(kind)


def _a(thing: str) -> str:
    return thing if thing in NO_ARTICLE else words.article(thing)


def _where(scene: Scene, rng: random.Random) -> Iterable[str]:
    if rng.random() < 0.4:
        yield " ".join(words.PLACE_NAMES[scene.place])
    if rng.random() < (0.08 if scene.time == "day" else 0.3):
        yield rng.choice(words.TIME_AT[scene.time])
    if scene.weather in IN_WEATHER and rng.random() < 0.4:
        yield rng.choice(IN_WEATHER[scene.weather])


def _scenery(scene: Scene, rng: random.Random, setting: WorldSetting, unlit: bool) -> Iterable[str]:
    for extra in scene.extras:
        if rng.random() < 0.7:
            yield f"{rng.choice(('with', 'with', 'and'))} {words.EXTRA_WORDS[extra][0]}"
    if scene.place in INDOORS:
        return
    lacking = [extra for extra in setting.extras if extra not in scene.extras]
    if lacking and rng.random() < DENIED_SCENERY:
        extra = rng.choice(lacking)
        yield rng.choice((f"without {_a(extra)}", f"with no {extra}", f"and no {extra}", f"without any {extra}"))
    light = light_of(scene)
    if unlit and light:
        yield rng.choice(LIGHT_DENIALS).format(light)
    elif light != "sun" and rng.random() < DENIED_LIGHT:
        yield rng.choice(LIGHT_DENIALS).format("sun")
