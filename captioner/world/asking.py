"""How a person would type a change: a phrasing that fits it, its slots filled, and the slips of their fingers.

Knows phrasings and names; what changes in the scene is decided before (`changes_thing.py`, `changes_scene.py`).
"""

from __future__ import annotations

import random
import re

from captioner.world import phrasings, words
from captioner.world.captions import name_of
from captioner.world.changes import Change
from captioner.world.phrasings_thing import THING_PHRASINGS
from captioner.world.scene import Scene, Thing

TYPO_SHARE = 0.06
CAPITAL_SHARE = 0.3
FULL_STOP_SHARE = 0.5
"""Of those that begin with a capital."""
PRONOUNS = {
    "it": ("it", "its", "it"),
    "he": ("him", "his", "he"),
    "she": ("her", "her", "she"),
    "they": ("them", "their", "they"),
}
_SINGULAR_VERB = re.compile(r"\{(he|thing)\} (needs|looks|is|holds|says|was)\b|\ba (\w+ )?\{kind\}")
_NAMING = ("{thing}", "{old_kind}")
_REFERRING = ("{him}", "{his}", "{he}", "{kind}")
_NEAR_KEYS = {"a": "s", "e": "r", "i": "o", "o": "p", "n": "m", "t": "r", "s": "d", "r": "t", "l": "k", "h": "g"}


def ask(kind: str, scene: Scene, change: Change, rng: random.Random, held_out: bool) -> str | None:
    """Return what a person would type for a change; None when no phrasing tells which thing it is about."""
    template = choose(fitting(kind, scene, change, phrasings.slice_of(kind, held_out)), rng)
    if template is None:
        return None
    thing = target_of(scene, change)
    return as_typed(fill(template, scene, thing, change.slots, person_of(thing, rng)), rng)


def ask_both(
    kinds: tuple[str, str], scene: Scene, changes: tuple[Change, Change], rng: random.Random, held_out: bool
) -> str | None:
    """Return one request for two changes: "make it happier and give it a red hat"."""
    asked = []
    for kind, change in zip(kinds, changes, strict=True):
        clauses = set(phrasings.PHRASINGS[kind].cores)
        known = [text for text in phrasings.slice_of(kind, held_out) if text in clauses]
        template = choose(fitting(kind, scene, change, known), rng)
        if template is None:
            return None
        asked.append((template, target_of(scene, change), change.slots))
    person = person_of(scene.main, rng)  # the same thing is not "it" first and "her" afterwards
    first, second = (
        fill(template, scene, thing, slots, person if thing.id == scene.main.id else person_of(thing, rng))
        for template, thing, slots in asked
    )
    return as_typed(f"{first} {rng.choice(('and', 'and', 'and also', 'then'))} {second}", rng)


def target_of(scene: Scene, change: Change) -> Thing:
    return scene.main if change.target is None else scene.thing(change.target)


def fitting(kind: str, scene: Scene, change: Change, options: tuple[str, ...] | list[str]) -> list[str]:
    """Return the phrasings that fit: about another thing than the main one, they must name it."""
    thing = target_of(scene, change)
    fit = list(options)
    if thing.id != scene.main.id and any(name in text for text in fit for name in _NAMING):
        fit = [text for text in fit if any(n in text for n in _NAMING) and not any(r in text for r in _REFERRING)]
    elif sum(other.kind == thing.kind for other in scene.things) > 1:
        fit = [text for text in fit if "{kind}" not in text]
    if thing.count > 1:
        fit = [text for text in fit if not _SINGULAR_VERB.search(text)]
    if thing.id != scene.main.id and kind in THING_PHRASINGS:
        fit = [text for text in fit if any(name in text for name in _NAMING)]
    return fit


def choose(options: list[str], rng: random.Random) -> str | None:
    """Return a phrasing, the shorter the likelier: people are terse."""
    return rng.choices(options, [1 / len(text.split()) for text in options])[0] if options else None


def person_of(thing: Thing, rng: random.Random) -> str:
    """Return the pronoun for a thing; one with a face may be anybody."""
    if thing.count > 1:
        return "they"
    if thing.kind == "princess":
        return "she"
    return rng.choice(("it", "it", "he", "she")) if thing.has_face else "it"


def fill(template: str, scene: Scene, thing: Thing, slots: dict[str, str], person: str) -> str:
    """Return the template with its slots filled for one thing of the scene."""
    him, his, he = PRONOUNS[person]
    noun = words.plural(thing.kind) if thing.count > 1 else thing.kind
    kind = thing.kind if "kinds_now" in slots else noun  # of a count, "one more bunny"
    known = {"thing": name_of(scene, thing), "kind": kind, "him": him, "his": his, "he": he, "old_kind": noun}
    text = template.format(**(known | slots))
    return re.sub(r"\ba (?=[aeio])(?!one\b)", "an ", text)


def as_typed(text: str, rng: random.Random) -> str:
    """Return the text as typed: mostly in small letters, now and then with a slip."""
    if rng.random() < TYPO_SHARE:
        text = typos(text, rng)
    if rng.random() < CAPITAL_SHARE:
        text = text[0].upper() + text[1:]
        if text[-1].isalnum() and rng.random() < FULL_STOP_SHARE:
            text += "."
    return text


def typos(text: str, rng: random.Random) -> str:
    """Return the text with one slip of the fingers: two letters swapped, one dropped, doubled, or its neighbour hit."""
    long_words = re.finditer(r"[a-z]{5,}", text)  # in a short word a slip makes another word: "snow", "now"
    places = [at for word in long_words for at in range(word.start() + 1, word.end() - 1)]
    if not places:
        return text
    at = rng.choice(places)
    slip = rng.randrange(4)
    if slip == 0:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if slip == 1:
        return text[:at] + text[at + 1 :]
    if slip == 2:
        return text[:at] + text[at] + text[at:]
    return text[:at] + _NEAR_KEYS.get(text[at].lower(), "") + text[at + 1 :]
