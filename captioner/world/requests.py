"""What a person types to get a new picture, with the scene it should become: from "bunny" to every fact.

Most requests say little. What is not said is elaborated by the scene itself, with two exceptions: a mood that nobody
asked for is a pleasant one, and a second thing that nobody asked for is not there.
"""

from __future__ import annotations

import dataclasses
import random
import re

from captioner.world import words
from captioner.world.asking import as_typed
from captioner.world.scene import MOODS, Scene, Thing

HELD_OUT_EVERY = 5
TEMPLATES = (
    "{bare}", "{bare} please", "draw {a_bare}", "{a_cute}", "draw {a_cute}", "{a_bare}", "paint {a_bare}",
    "a picture of {a_bare}", "{cute}", "can you draw {a_bare}?", "{a_colour}", "draw {a_colour}", "{colour}",
    "i want {a_colour}", "{a_mood}", "draw {a_mood}", "{mood}", "make me {a_mood}", "{a_bare} {in_place}",
    "draw {a_bare} {in_place}", "{bare} {in_place}", "{a_cute} {in_place}", "{a_mood} {in_place}",
    "paint {a_mood} {in_place}", "{a_colour} {in_place}", "show me {a_colour} {in_place}",
    "{a_mood} {in_place} {at_time}", "{a_bare} {at_time}", "draw {a_cute} {in_place} {at_time}", "{a_mood_colour}",
    "{a_mood_colour} {in_place}", "please draw {a_mood_colour} {in_place}", "{a_full}", "draw {a_full} {in_place}",
    "{a_bare} {wearing}", "draw {a_colour} {wearing}", "{a_cute} {wearing} {in_place}", "{a_bare} {holding}",
    "draw {a_mood} {holding}", "{a_colour} {holding} {in_place}", "{a_full} {wearing} {holding}", "{a_bare} {posing}",
    "{a_mood} {posing} {in_place}", "draw {a_cute} {posing}", "{style} picture of {a_bare}", "{a_style} of {a_mood}",
    "{a_bare}, {style}", "{a_bare} {in_place}, {style} style", "please make {a_style} of {a_colour} {in_place}",
    "{a_bare} in the {weather}", "{a_mood} {in_place} in the {weather}", "draw {a_colour} in the {weather} {at_time}",
    "{a_bare} and {other}", "draw {a_mood} and {other}", "{a_colour} {relation} {other}",
    "{a_bare} {relation} {other}", "draw {a_cute} {relation} {other} {in_place}", "{a_bare} and {other} {in_place}",
    "{a_mood} next to {other}, {style}", "{a_bare} with {extra}", "{a_mood} {in_place} with {extra}",
    "draw {a_colour} and {extra}", "hi! could you draw {a_cute} for my daughter?",
    "my kid wants {a_colour} {in_place}", "i'd love a picture of {a_cute} {in_place}", "a card with {a_mood} on it",
    "something with {a_bare} {in_place}", "close-up of {a_mood}", "wide view of {a_bare} {in_place}",
    "{a_full} {in_place} {at_time}, {style}", "{a_style}: {a_full} {in_place}, {time}",
    "draw {a_full} {wearing} {in_place} {at_time}", "i want {a_full} {posing} {in_place}, in {style} style",
    "can you paint {a_full} {holding} {in_place} {at_time}?", "{bare}, {colour_word}, {place}",
    "{place} with {a_bare}", "{place} {at_time} with {a_mood}", "{time}, {place}, {bare}",
    "{a_bare} that says {words}", 'draw {a_colour} with the word "{words}"',
)  # fmt: skip
"""Each slot says a fact, and needs it: {wearing} fits only a thing that wears something."""
JOY_SAID = ("super happy", "incredibly happy", "crazy happy")
SYNONYM_SHARE = 0.3
PLEASANT = (MOODS.index("calm"), MOODS.index("happy"))
_SAYS_MOOD = ("{a_mood", "{mood}", "{a_full}")


def random_request(scene: Scene, rng: random.Random, held_out: bool = False) -> tuple[str, Scene]:
    """Return a request and the scene it should become.

    Args:
        scene: where said and unsaid facts come from.
        rng: decides the words and the unsaid mood.
        held_out: use the templates that are never trained on, and only those.
    """
    template = rng.choice([t for t in templates(held_out) if _fits(t, scene)])
    if "{other}" not in template and len(scene.things) > 1:
        for thing in scene.things[1:]:
            scene = scene.without_thing(thing.id)
    elif len(scene.things) > 2:
        for thing in scene.things[2:]:
            scene = scene.without_thing(thing.id)
    if "close-up" in template or "wide view" in template:
        scene = dataclasses.replace(scene, framing="close" if "close-up" in template else "wide")
    says_mood = any(slot in template for slot in _SAYS_MOOD)
    for thing in scene.things:
        if thing.has_face and not (says_mood and thing.id == scene.main.id):
            scene = scene.with_thing(dataclasses.replace(thing, mood=rng.choice(PLEASANT), joy=0))
    text = template.format(**_slots(scene, rng))
    return as_typed(re.sub(r"\ba (?=[aeio])(?!one\b)", "an ", text), rng), scene


def templates(held_out: bool) -> tuple[str, ...]:
    return tuple(t for at, t in enumerate(TEMPLATES) if (at % HELD_OUT_EVERY == HELD_OUT_EVERY - 1) == held_out)


def _fits(template: str, scene: Scene) -> bool:
    """Tell whether the scene has what the template says."""
    main = scene.main
    needs = {
        "{a_mood": main.has_face, "{mood}": main.has_face, "{wearing}": bool(main.worn),
        "{holding}": main.held is not None,
        "{posing}": main.pose != "standing" and not main.joy, "{weather}": scene.weather not in ("clear", "cloudy"),
        "{extra}": bool(scene.extras), "{other}": len(scene.things) > 1, "{words}": bool(main.words),
        "{relation}": any(r.subject == main.id and r.obj == scene.things[1].id for r in scene.relations),
    }  # fmt: skip
    if " and {other}" in template or "next to" in template:  # vague: the pair may stand either way round
        needs["{relation}"] = True
    return all(fits for slot, fits in needs.items() if slot in template)


def _slots(scene: Scene, rng: random.Random) -> dict[str, str]:
    main = scene.main
    mood = [_mood_said(main, rng)] if main.has_face else []
    size = [rng.choice(words.SIZE_WORDS[main.size])] if main.size != "medium" else []
    pattern = [rng.choice(words.PATTERN_WORDS[main.pattern])] if main.pattern != "plain" else []
    preposition, place = words.PLACE_NAMES[scene.place]
    noun = _noun(main, rng)
    cutes = [c for c in words.CUTE if c != "little" or main.size == "small"]
    cute = [rng.choice(cutes if main.has_face else words.CUTE_THINGS)]
    slots = {
        "bare": _bare(main, noun, []), "cute": _bare(main, noun, cute), "colour": _bare(main, noun, [main.colour]),
        "mood": _bare(main, noun, mood), "colour_word": main.colour,
        "a_bare": _some(main, noun, []), "a_cute": _some(main, noun, cute),
        "a_colour": _some(main, noun, [main.colour]),
        "a_mood": _some(main, noun, mood), "a_mood_colour": _some(main, noun, [*mood, main.colour]),
        "a_full": _some(main, noun, [*size, *mood, main.colour, *pattern]),
        "in_place": f"{preposition} {place}", "place": scene.place, "time": rng.choice(words.TIME_SAID[scene.time]),
        "at_time": rng.choice(words.TIME_AT[scene.time]),
        "weather": words.WEATHER_NOUNS[scene.weather], "style": rng.choice(words.STYLE_SAID[scene.style]),
        "a_style": rng.choice(words.STYLE_WORDS[scene.style]), "words": main.words,
        "posing": rng.choice(words.POSE_WORDS[main.pose]),
        "extra": words.listed([words.EXTRA_WORDS[e][0] for e in scene.extras]) if scene.extras else "",
        "wearing": "", "holding": "", "other": "", "relation": "",
    }  # fmt: skip
    if main.worn:
        worn = [_item(item.kind, item.colour, main.count) for item in main.worn]
        slots["wearing"] = rng.choice(("with", "wearing", "in")) + " " + words.listed(worn)
    if main.held:
        slots["holding"] = (
            rng.choice(("with", "holding", "carrying")) + " " + _item(main.held.kind, main.held.colour, main.count)
        )
    if len(scene.things) > 1:
        other = scene.things[1]
        slots["other"] = _some(other, _noun(other, rng), [other.colour] if rng.random() < 0.6 else [])
        for relation in scene.relations:
            slots["relation"] = words.RELATION_WORDS[relation.kind][0]
    return slots


def _item(kind: str, colour: str, count: int) -> str:
    return f"{colour} {words.plural(kind)}" if count > 1 else words.item_words(kind, colour)


def _noun(thing: Thing, rng: random.Random) -> str:
    """Return the kind or, at times, another name for it."""
    synonyms = words.KIND_SYNONYMS.get(thing.kind, ())
    noun = rng.choice(synonyms) if synonyms and rng.random() < SYNONYM_SHARE else thing.kind
    return words.plural(noun) if thing.count > 1 else noun


def _bare(thing: Thing, noun: str, adjectives: list[str]) -> str:
    number = [words.NUMBERS[thing.count]] if thing.count > 1 else []
    return " ".join([*number, *adjectives, noun])


def _some(thing: Thing, noun: str, adjectives: list[str]) -> str:
    bare = _bare(thing, noun, adjectives)
    return bare if thing.count > 1 else words.article(bare)


def _mood_said(thing: Thing, rng: random.Random) -> str:
    assert thing.mood is not None
    return rng.choice(JOY_SAID if thing.joy else words.MOOD_WORDS[thing.mood])
