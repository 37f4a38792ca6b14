"""Which older versions a message may mean: by label, by place in the row, by the way back, by what only they show.

A hint and no decision: `assistant.rewriter.render_path` shows what is found here whole, so that whoever plans can tell
and can carry its description forward. Knows words and prompts, no model and no plans.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import cache, lru_cache

from assistant.messages import ConversationPath, PathVersion

MOST = 2
"""How many versions are shown whole beside the current one."""
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "twice": 2, "thrice": 3}
_LABEL = re.compile(
    r"(?:\b(?:v|versions?|numbers?|no\.?|nr\.?|pictures?|pics?|images?)|#) ?v?([1-9][0-9]{0,5})\b"
    r"(?: ?(?:,|&|\+|and|with|or) ?v?([1-9][0-9]{0,5})\b)?"
)
_NOUN = r"(?:one|version|picture|image|pic|drawing|painting|try|attempt|of (?:the|those|these|them|all))"
_NTH = re.compile(rf"\b({'|'.join(ORDINALS)}|last)\b(?= (?:\w+ )?{_NOUN}\b|'s\b|$|[,.!?;:])")
_OF_GROUP = re.compile(r"\bof (?:the|those|these|them|all)\b")
_OLDEST = re.compile(r"\b(?:original|initial|very beginning|at the start)\b")
_BACK = re.compile(r"\b(?:undo|back|before|previous|earlier|prior|revert|one step|steps)\b")
_STEPS = re.compile(r"\b(twice|thrice|one|two|three|four|five|[1-5])\b")
_CUE = re.compile(rf"\b(?:{_NOUN}|back to|when (?:it|he|she|they)|return to|again)\b")
_CLAUSE = re.compile(r"[,;:]|\bbut\b|\bonly\b|\band (?:make|give|put|add|let|change|turn|remove|take|now|then)\b")
_WORD = re.compile(r"[^\W_]+")
_EMPTY = frozenset(
    _WORD.findall(
        "a an the one ones of in on at to it its is was with and or that this those these version picture image pic "
        "back go please had has have where when which i we you me my liked like want show use take put make give from "
        "there be as for into by her his their first second third last but return again can could bring"
    )
)

ALIKE = (
    "bunny bunnies rabbit rabbits hare hares", "cat cats kitty kitties kitten kittens pussycat pussycats",
    "dog dogs puppy puppies doggy doggies pup pups hound hounds", "bear bears teddy teddies",
    "fox foxes foxy foxies", "owl owls owlet owlets", "frog frogs toad toads froggy froggies",
    "penguin penguins pengu pengus", "robot robots bot bots android androids droid droids",
    "wizard wizards magician magicians sorcerer sorcerers mage mages",
    "house houses home homes cottage cottages hut huts", "cake cakes gateau gateaux", "mouse mice mousey mouseys",
    "pig pigs piggy piggies piglet piglets", "cow cows calf calves", "sheep lamb lambs ewe ewes",
    "horse horses pony ponies foal foals", "elephant elephants", "lion lions", "tiger tigers",
    "monkey monkeys chimp chimps", "panda pandas", "koala koalas", "turtle turtles tortoise tortoises",
    "duck ducks ducky duckies duckling ducklings", "chick chicks", "whale whales", "octopus octopuses squid squids",
    "dragon dragons", "astronaut astronauts spaceman spacemen cosmonaut cosmonauts",
    "pirate pirates buccaneer buccaneers", "chef chefs cook cooks", "ghost ghosts spook spooks phantom phantoms",
    "alien aliens martian martians", "boat boats ship ships", "car cars automobile automobiles", "train trains",
    "rocket rockets spaceship spaceships", "gift gifts present presents", "lamp lamps light lights",
    "sign signs signpost signposts notice notices", "heartbroken crying miserable sobbing weeping devastated",
    "sad unhappy gloomy glum downcast", "calm peaceful relaxed quiet serene neutral",
    "happy cheerful smiling glad merry", "overjoyed delighted beaming thrilled ecstatic", "morning sunrise",
    "day daytime midday", "evening sunset dusk", "night nighttime midnight", "clear fine", "cloud cloudy overcast",
    "rain rainy wet", "snow snowy wintry snowfield", "fog foggy misty", "colour color", "grey gray",
)  # fmt: skip
"""Rows of words that call one thing; the first is what the others are read as."""


def meant(path: ConversationPath) -> tuple[str, ...]:
    """Return the labels of at most `MOST` older versions that the message may mean, in the order of the versions."""
    message = " ".join(path.message.lower().split())
    called = [*_by_label(message), *_by_place(message, path), *_by_words(message, path)] or _by_steps(message, path)
    found = dict.fromkeys(label for label in called if label != path.current and path.version(label) is not None)
    kept = list(found)[:MOST]
    return tuple(version.label for version in path.versions if version.label in kept)


def _by_label(message: str) -> Iterator[str]:
    for found in _LABEL.finditer(message):
        yield from (f"v{number}" for number in found.groups() if number)


def _by_place(message: str, path: ConversationPath) -> Iterator[str]:
    """Yield what "the second one" and "the original" mean: of all versions, or "of those" of the last ones alike."""
    row = _last_alike(path) if _OF_GROUP.search(message) else path.versions
    for found in _NTH.finditer(message):
        at = len(row) - 1 if found[1] == "last" else ORDINALS.index(found[1])
        if 0 <= at < len(row):
            yield row[at].label
    if _OLDEST.search(message) and path.versions:
        yield path.versions[0].label


def _last_alike(path: ConversationPath) -> tuple[PathVersion, ...]:
    """Return the newest versions that were painted together: of one prompt and the same parents."""
    if not path.versions:
        return ()
    last = path.versions[-1]
    count = 0
    for version in reversed(path.versions):
        if (version.prompt, version.parents, version.change) != (last.prompt, last.parents, last.change):
            break
        count += 1
    return path.versions[-count:] if count > 1 else path.versions


def _by_steps(message: str, path: ConversationPath) -> Iterator[str]:
    """Yield the version that a way back leads to: the parent, or as many generations up as the message counts."""
    if path.current is None or not _BACK.search(message):
        return
    said = _STEPS.search(message)
    number = said[1] if said else "1"
    steps = _NUMBERS.get(number) or int(number)
    version = path.version(path.current)
    for _ in range(steps):
        version = _before(version, path) if version else None
    if version is not None:
        yield version.label


def _before(version: PathVersion, path: ConversationPath) -> PathVersion | None:
    """Return a version's parent; of one without, the version that was made before it."""
    if version.parents:
        return path.version(version.parents[0])
    at = path.versions.index(version)
    return path.versions[at - 1] if at else None


def _by_words(message: str, path: ConversationPath) -> Iterator[str]:
    """Yield the versions that hold most of what the message calls one by, the rarer the word the more it counts."""
    clause = next((part for part in _CLAUSE.split(message) if _CUE.search(part)), "")
    called = {_known(word) for word in _WORD.findall(clause)} - _EMPTY
    older = [version for version in path.versions if version.label != path.current]
    if not called or not older:
        return
    held = {version.label: _words_of(version.prompt) for version in path.versions}
    holders = {word: sum(word in each for each in held.values()) for word in called}
    rarity = {word: math.log(len(held) / count) if count else 0.0 for word, count in holders.items()}

    def score(version: PathVersion) -> float:
        own = _words_of(version.change or ("" if version.parents else version.prompt))
        return sum(rarity[word] * ((word in held[version.label]) + 0.5 * (word in own)) for word in called)

    scores = {version.label: score(version) for version in older}
    best = max(scores.values())
    if best > 0:
        ranked = sorted(scores, key=lambda label: -scores[label])
        yield from (label for label in ranked[:MOST] if scores[label] >= 0.95 * best)


@lru_cache(4_096)
def _words_of(text: str) -> frozenset[str]:
    return frozenset(_known(word) for word in _WORD.findall(text.lower()))


@lru_cache(16_384)
def _known(word: str) -> str:
    """Return a word's stand-in: one for all the names of a kind, a mood, a time, a weather; else its stem."""
    return _stand_ins().get(word) or re.sub(r"(?<=...)(?:es|s|y|ing)$", "", word)


@cache
def _stand_ins() -> dict[str, str]:
    return {word: row.split()[0] for row in ALIKE for word in row.split()}
