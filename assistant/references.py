"""Which older versions a message may mean: by label, by place in the row, by the way back, by what only they show.

A hint and no decision: `assistant.rewriter.render_path` shows what is found here whole, so that whoever plans can tell
and can carry its description forward. Knows words and prompts, no model and no plans.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import cache, lru_cache, partial

from assistant.messages import ConversationPath, PathVersion

MOST = 2
"""How many versions are shown whole beside the current one."""
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
DIGIT_ORDINALS = ("1st", "2nd", "3rd", "4th", "5th", "6th", "7th", "8th")
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "couple": 2, "twice": 2, "thrice": 3}
_LABEL = re.compile(
    r"(?:\b(?:v|vers|versions?|numbers?|num|no\.?|nr\.?|pictures?|pics?|images?|imgs?|options?)|#)"
    r" ?v?([1-9][0-9]{0,5})\b"
    r"(?: ?(?:,|&|\+|and|with|or|into|in|to) ?v?([1-9][0-9]{0,5})\b)?"
)
_SPELLED = re.compile(r"\b(?:v|versions?|number|picture|pic|image|option) (one|two|three|four|five|six)\b")
_NOUN = (
    r"(?:ones?|versions?|pictures?|images?|pics?|imgs?|drawings?|paintings?|tr(?:y|ies)|attempts?|takes?|options?|results?"
    r"|of (?:the|those|these|them|all|that))"
)
_NTH = re.compile(
    rf"\b({'|'.join((*ORDINALS, *DIGIT_ORDINALS))}|last|latest|newest|oldest|earliest|middle)\b"
    rf"(?= (?:\w+ )?{_NOUN}\b|'s\b|$|[,.!?;:)]| (?:and|with|into|in|on|but|again|please|was|is|had|has|looked|&)\b)"
)
_FROM_END = re.compile(
    r"\b(?:(second|third|2nd|3rd)[ -](?:to[ -])?last"
    r"|(next[ -]to[ -]last|penultimate|last but one|(?:one|version|picture) before (?:the )?last))\b"
)
_SEVERAL = re.compile(rf"\b(first|last|latest|previous) (two|2|couple of|three|3)(?= {_NOUN}|$|[,.!?]| together| into)")
_BOTH = re.compile(r"\b(?:both|the two(?: of them)?|the two (?:pictures|versions|images|of them|pics)|them)\b")
_JOIN = re.compile(
    r"\b(?:merg\w*|combin\w*|mix\w*|blend\w*|fus[ei]\w*|mash\w*|join\w*|unit[ei]\w*|together|cross\w*|marry|crossover)\b"
)
_OF_GROUP = re.compile(r"\bof (?:the|those|these|them|all)\b")
_OLDEST = re.compile(r"\b(?:original|initial|very beginning|at the start)\b")
_BACK = re.compile(
    r"\b(?:undo|back|before|previous|earlier|prior|revert|rewind|one step|steps?|ago|older|preceding|former)\b"
)
_STEPS = re.compile(r"\b(twice|thrice|one|two|three|four|five|six|couple|[1-6])\b(?! (?:with|in|on|where|that)\b)")
_LACKING = re.compile(
    r"\b(?:before|without|until|prior to|minus|no) "
    r"(?:(?:the|a|an|any|it|he|she|they|you|we|i|its|his|her|their|that|had|got|has|was|were|became|turned|"
    r"put|added|gave|made|painted|drew|changed|all|on|in|at|to|one|of) )*([^\W_]+(?: [^\W_]+)?)"
)
"""What a version lacks that is called "the one before the hat" or "the one without the hat"."""
_QUOTES = "\"'“”„‘’«»"
_LEADS = re.compile(
    r"\b(?:(?:back|return|go) to|on from|continue (?:from|with)|start(?:ing)? from|branch (?:off )?from|versions?"
    r"|pictures?|(?:one|version|picture) (?:called|named))(?: (?:the|my|version|picture))* $",
    re.IGNORECASE,
)
"""What comes before a version's name that stands without quotation marks."""
_WRITTEN = re.compile(
    r"\b(?:say(?:s|ing)?|reads?|reading|words?|text|writ\w+|letters|sign|banner) ?:? ?$", re.IGNORECASE
)
"""What comes before quoted words that shall stand in the picture."""
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
    named = [*_by_label(message), *_by_place(message, path)]
    called = [*named, *_by_lack(message, path), *_by_words(message, path)]
    if _JOIN.search(message):
        called += [*_by_each_word(message, path), *_both(message, path)]
    called = called or list(_by_steps(message, path))
    found = dict.fromkeys(label for label in called if label != path.current and path.version(label) is not None)
    kept = list(found)[:MOST]
    return tuple(version.label for version in path.versions if version.label in kept)


def labelled(path: ConversationPath) -> str:
    """Return the message with versions' labels in place of their names, where these are said as names: in quotation
    marks, or after words such as "back to". A version may be called "hat" and somebody still be given a hat.
    """
    message = path.message
    for version in sorted(path.versions, key=lambda version: -len(version.name)):
        if version.name:
            name = r"\s+".join(re.escape(word) for word in version.name.split())
            said = re.compile(rf"(?P<quoted>[{_QUOTES}]\s?{name}\s?[{_QUOTES}])|(?<!\w){name}(?!\w)", re.IGNORECASE)
            message = said.sub(partial(_label_for, version.label), message)
    return message


def _label_for(label: str, found: re.Match[str]) -> str:
    before = found.string[: found.start()]
    is_name = not _WRITTEN.search(before) if found["quoted"] else _LEADS.search(before)
    return label if is_name else found[0]


def _by_label(message: str) -> Iterator[str]:
    for found in _LABEL.finditer(message):
        yield from (f"v{number}" for number in found.groups() if number)
    for found in _SPELLED.finditer(message):
        yield f"v{_NUMBERS[found[1]]}"


def _by_place(message: str, path: ConversationPath) -> Iterator[str]:
    """Yield what "the second one" and "the original" mean: of all versions, or "of those" of the last ones alike."""
    row = _last_alike(path) if _OF_GROUP.search(message) else path.versions
    for found in _FROM_END.finditer(message):
        at = 3 if (found[1] or "").startswith(("third", "3")) else 2
        if at <= len(row):
            yield row[-at].label
    if _JOIN.search(message) and (several := _SEVERAL.search(message)):
        count = 3 if several[2] in ("three", "3") else 2
        yield from (version.label for version in (row[:count] if several[1] == "first" else row[-count:]))
        return
    if _FROM_END.search(message):
        return
    for found in _NTH.finditer(message):
        if 0 <= (at := _place(found[1], len(row))) < len(row):
            yield row[at].label
    if _OLDEST.search(message) and path.versions:
        yield path.versions[0].label


def _place(nth: str, count: int) -> int:
    """Return the place in a row of so many that a word such as "second" or "last" means, counted from 0."""
    if nth in ("last", "latest", "newest"):
        return count - 1
    if nth in ("oldest", "earliest"):
        return 0
    if nth == "middle":
        return count // 2
    return (ORDINALS if nth in ORDINALS else DIGIT_ORDINALS).index(nth)


def _both(message: str, path: ConversationPath) -> Iterator[str]:
    """Yield the newest versions beside the current one, where a message that joins says "both" or "them"."""
    if _BOTH.search(message):
        yield from (version.label for version in reversed(path.versions) if version.label != path.current)


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


def _by_lack(message: str, path: ConversationPath) -> Iterator[str]:
    """Yield the parents of the versions in which something came in: "the one before the hat", "without the hat"."""
    for found in _LACKING.finditer(message):
        words = {_known(word) for word in _WORD.findall(found[1])} - _EMPTY
        is_change = found[0].startswith(("no ", "without", "minus")) and not _CUE.search(message[: found.start()])
        if not words or is_change:  # "make it without the hat" calls no version
            continue
        for version in reversed(path.versions):
            parent = path.version(version.parents[0]) if version.parents else None
            if parent is None:
                continue
            new = _words_of(version.prompt) | _words_of(version.change)
            if any(word in new and word not in _words_of(parent.prompt) for word in words):
                yield parent.label
                break


def _by_each_word(message: str, path: ConversationPath) -> Iterator[str]:
    """Yield for each word of a message that joins pictures the one version that alone shows what it says."""
    held = {version.label: _words_of(version.prompt) for version in path.versions}
    for word in _WORD.findall(message):
        known = _known(word)
        holders = [label for label, words in held.items() if known in words and known not in _EMPTY]
        if 0 < len(holders) < len(held):
            first = next((v.label for v in path.versions if v.label in holders and not {*v.parents} & {*holders}), None)
            if first is not None:
                yield first


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


def same_words(word: str) -> tuple[str, ...]:
    """Return the words that call the same thing as a word, itself among them: "rabbit" gives "bunny", "hares" too."""
    word = word.lower()
    return next((tuple(row.split()) for row in ALIKE if word in row.split()), (word,))


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
