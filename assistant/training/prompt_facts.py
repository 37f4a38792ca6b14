"""Reads facts out of a prompt's words: "is there a rabbit", "is the hat red", "is the cat happier than before".

A phrase is plain words, found whole and in any case, or one of these macros, which the tables of
`captioner.world.words` spell out:

    @subject:bunny      any name of the kind, one or many         @item:hat           "hat" or "hats"; "flower" alone
    @colour:red hat     the colour said of the kind or item       @size:large cat     a word for the size, said of it
    @count:3 cat        that many of the kind                     @side:left cat      a sentence with both
    @place:beach  @time:night  @weather:rain  @style:pencil  @framing:close  @extra:tree  @pose:waving
    @mood>=3  @mood<=1  @mood=2  @mood>before  @mood:cat<before   the degree read of the main (or named) subject,
                                                                  against a number or the version before

The main subject is the first one with a face that a prompt names. Degrees run from 0 (heartbroken) to 4 (overjoyed),
and on to 7 for what lies past the top. Knows no scene and no model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from captioner.world import words
from captioner.world.scene import COLOURS, FACED, FRAMINGS, HELD, MOODS, PLACES, STYLES, SUBJECTS, TIMES, WEATHERS, WORN

Tokens = tuple[str, ...]

TIME_WORDS = {
    "morning": ("morning", "sunrise", "dawn"),
    "day": ("day", "daytime", "daylight", "noon", "midday"),
    "evening": ("evening", "sunset", "dusk", "twilight"),
    "night": ("night", "nighttime", "midnight", "moonlight", "moonlit"),
}
WEATHER_WORDS = {
    "clear": ("clear", "sunny", "sunshine"),
    "cloudy": ("cloudy", "clouds", "overcast"),
    "rain": ("rain", "raining", "rainy", "raindrops"),
    "snow": ("snow is falling", "falling snow", "snowing", "snowfall", "snowflakes", "with snow"),
    "fog": ("fog", "foggy", "mist", "misty"),
}
"""Snow that lies belongs to a place, so the word alone is no weather."""
STYLE_WORDS = {
    "flat": ("flat", "cartoon"),
    "pencil": ("pencil",),
    "watercolour": ("watercolour",),
    "oil": ("oil", "oils"),
}
FRAMING_WORDS = {"close": ("close up", "very close"), "wide": ("wide", "far away"), "medium": ("medium",)}
SPELLINGS = {"gray": "grey", "watercolor": "watercolour", "color": "colour", "center": "centre"}
JOY_TOKENS = {"joy": 5, "sunbeams": 6, "hearts": 7}
TOP = len(MOODS) - 1

_SENTENCE = re.compile(r"[.!?;\n]+")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_MACRO = re.compile(r"@([a-z]+)(?::([^<>=]+))?(?:(>=|<=|>|<|=)(before|[0-7]))?")


def holds(phrase: str, prompt: str, before: str) -> bool:
    """Tell whether a prompt says what a phrase or macro asks; `before` is the prompt that `before` compares with.

    Raises:
        ValueError: the macro is unknown, or about something the world's tables do not have.
    """
    sentences = tokenised(prompt)
    if not phrase.startswith("@"):
        return _any_in((phrase,), sentences)
    what, about, how, than = _parsed(phrase)
    if what == "mood":
        return _mood_holds(about, how, than, prompt, before)
    if what == "colour":
        colour, _, noun = about.partition(" ")
        return any(_said_of((colour,), _names(noun), sentence) for sentence in sentences)
    if what == "size":
        size, _, noun = about.partition(" ")
        return any(_said_of(words.SIZE_WORDS[size], _names(noun), sentence) for sentence in sentences)
    if what == "count":
        number, _, noun = about.partition(" ")
        return _counted(int(number), noun, sentences)
    if what == "side":
        side, _, noun = about.partition(" ")
        return any(_any_in(words.SIDE_WORDS[side], [s]) and _any_in(_names(noun), [s]) for s in sentences)
    return _any_in(_alternatives(what, about), sentences)


def check_phrase(phrase: str) -> None:
    """Raise ValueError unless the phrase is plain words or a macro that can be read."""
    holds(phrase, "", "")


def mood_of(prompt: str, kind: str = "") -> tuple[int, int] | None:
    """Return the lowest and highest degree of mood that a prompt says of a kind, None where it says none.

    A mood word belongs to the kind that follows it with adjectives alone between, else to the last kind named before
    it, in an earlier sentence if need be.
    """
    found: list[tuple[str, int]] = []
    last = ""
    for sentence in tokenised(prompt):
        for at in range(len(sentence)):
            degree = _MOOD_DEGREES.get(sentence[at], JOY_TOKENS.get(sentence[at]))
            if degree is not None:
                found.append((_kind_ahead(sentence, at + 1) or last, degree))
            last = _kind_at(sentence, at) or last
    kind = kind or main_kind(prompt)
    degrees = [degree for said_of, degree in found if said_of in (kind, "")]
    plain = [degree for degree in degrees if degree <= TOP]
    past = max((degree for degree in degrees if degree > TOP), default=0)
    if past and all(degree == TOP for degree in plain):
        return past, past
    return (min(plain), max(plain)) if plain else None


def main_kind(prompt: str) -> str:
    """Return the first kind with a face that a prompt names, "" where it names none."""
    kinds = (_kind_at(sentence, at) for sentence in tokenised(prompt) for at in range(len(sentence)))
    return next((kind for kind in kinds if kind), "")


@cache
def tokenised(text: str) -> tuple[Tokens, ...]:
    """Return the words of each sentence, lower case, in one spelling; hyphens part words."""
    sentences = (_WORD.findall(sentence.lower().replace("’", "'")) for sentence in _SENTENCE.split(text))
    return tuple(tuple(SPELLINGS.get(word, word) for word in sentence) for sentence in sentences if sentence)


def _parsed(phrase: str) -> tuple[str, str, str, str]:
    match = _MACRO.fullmatch(phrase)
    if match is None or (match[1] == "mood") != (match[3] is not None):
        raise ValueError(f"{phrase!r} is no macro; see assistant/training/prompt_facts.py for what there is")
    what, about = match[1], match[2] or ""
    if what == "mood":
        known = not about or about in FACED
    elif what in ("colour", "size", "side", "count"):
        value, _, noun = about.partition(" ")
        values = {"colour": COLOURS, "size": tuple(words.SIZE_WORDS), "side": tuple(words.SIDE_WORDS), "count": "12345"}
        known = value in values[what] and noun in SUBJECTS + WORN + HELD
    else:
        tables = {
            "subject": SUBJECTS, "item": WORN + HELD, "place": PLACES, "time": TIMES, "weather": WEATHERS,
            "style": STYLES, "framing": FRAMINGS, "extra": tuple(words.EXTRA_WORDS), "pose": tuple(words.POSE_WORDS),
        }  # fmt: skip
        known = about in tables.get(what, ())
    if not known:
        raise ValueError(f"{phrase!r} is about something that the picture world does not have")
    return what, about, match[3] or "", match[4] or ""


def _alternatives(what: str, about: str) -> tuple[str, ...]:
    """Return the words that say a fact which needs no more than being named."""
    if what == "subject":
        return _names(about)
    if what == "item":
        return (about,) if about == "flower" else _names(about)  # many flowers are a meadow's, not anyone's
    if what == "place":
        noun = words.PLACE_NAMES[about][1].partition(" ")[2]
        return noun, _plural(noun), noun.removesuffix("s")
    if what == "extra":
        return (about, *words.EXTRA_WORDS[about], about.removesuffix("s"))
    if what == "pose":
        return words.POSE_WORDS[about]
    tables = {"time": TIME_WORDS, "weather": WEATHER_WORDS, "style": STYLE_WORDS, "framing": FRAMING_WORDS}
    own = {"style": words.STYLE_WORDS, "framing": words.FRAMING_WORDS}
    return (*tables[what].get(about, ()), *own.get(what, {}).get(about, ()), *((about,) if what == "style" else ()))


@cache
def _names(noun: str) -> tuple[str, ...]:
    """Return every name of a kind or item, one and many."""
    names = (noun, *words.KIND_SYNONYMS.get(noun, ()))
    return names + tuple(_plural(name) for name in names)


def _plural(name: str) -> str:
    if name in words.PLURALS:
        return words.PLURALS[name]
    if name.endswith("y") and name[-2] not in "aeiou":
        return name[:-1] + "ies"
    return name + ("es" if name.endswith(("x", "s", "ch")) else "s")


_MOOD_DEGREES = {word: degree for degree, known in enumerate(words.MOOD_WORDS) for word in known}
_ADJECTIVES = frozenset(
    {word for known in (words.SIZE_WORDS, words.PATTERN_WORDS) for values in known.values() for word in values}
    | {word for phrase in words.CUTE for word in phrase.split()}
    | {*COLOURS, *_MOOD_DEGREES, "and", "very", "really", "so", "more", "even", "looking", "of"}
)


@cache
def _kind_names() -> dict[Tokens, str]:
    return {tuple(name.split()): kind for kind in FACED for name in _names(kind)}


def _kind_at(sentence: Tokens, at: int) -> str:
    return _kind_names().get(sentence[at : at + 2]) or _kind_names().get(sentence[at : at + 1], "")


def _kind_ahead(sentence: Tokens, at: int) -> str:
    for here in _skip_adjectives(sentence, at):
        if kind := _kind_at(sentence, here):
            return kind
    return ""


def _skip_adjectives(sentence: Tokens, at: int) -> Iterator[int]:
    """Yield the places after `at` that only adjectives part from it."""
    while at < len(sentence):
        yield at
        if sentence[at] not in _ADJECTIVES:
            return
        at += 1


def _find(phrase: str, sentence: Tokens) -> Iterator[int]:
    wanted = tuple(word for part in tokenised(phrase) for word in part)
    for at in range(len(sentence) - len(wanted) + 1):
        if sentence[at : at + len(wanted)] == wanted:
            yield at


def _any_in(phrases: tuple[str, ...], sentences: list[Tokens] | tuple[Tokens, ...]) -> bool:
    return any(True for sentence in sentences for phrase in phrases for _ in _find(phrase, sentence))


def _said_of(values: tuple[str, ...], names: tuple[str, ...], sentence: Tokens) -> bool:
    """Tell whether an adjective stands before a noun with adjectives alone between, or after "noun is"."""
    places = {at for name in names for at in _find(name, sentence)}
    for value in values:
        for at in _find(value, sentence):
            if any(here in places for here in _skip_adjectives(sentence, at + 1)):
                return True
    after = {at + len(name.split()) for name in names for at in _find(name, sentence)}
    return any(
        sentence[here] in values
        for at in after
        if at < len(sentence) and sentence[at] in ("is", "are")
        for here in _skip_adjectives(sentence, at + 1)
    )


def _counted(number: int, noun: str, sentences: tuple[Tokens, ...]) -> bool:
    singular = (noun, *words.KIND_SYNONYMS.get(noun, ()))
    plurals = tuple(_plural(name) for name in singular)
    if number == 1:
        return _any_in(singular, sentences) and not _any_in(tuple(p for p in plurals if p not in singular), sentences)
    spoken = (words.NUMBERS[number], str(number), *(("pair", "couple") if number == 2 else ()))
    return any(_said_of(spoken, plurals, sentence) for sentence in sentences)


def _mood_holds(kind: str, how: str, than: str, prompt: str, before: str) -> bool:
    read = mood_of(prompt, kind)
    if read is None:
        return False
    low, high = read
    if than == "before":
        floor, ceiling = mood_of(before, kind) or (2, 2)
    else:
        floor = ceiling = int(than)
    if how == "=":
        return min(low, TOP) == min(floor, TOP) and min(high, TOP) == min(ceiling, TOP)
    return {">": low > ceiling, ">=": low >= ceiling, "<": high < floor, "<=": high <= floor}[how]
