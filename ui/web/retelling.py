"""Says in the reader's language what other parts of Limner said in English (`ui.web.sentences`). Pure functions."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from functools import cache

from ui.web.sentences import LIKE, PARTS, SENTENCES
from ui.web.texts import now

PLACEHOLDER = re.compile(r"\\\{(\w+)\\\}")
SAME = re.compile(r"[\W\d]*(?:v\d+)?[\W\d]*")
"""What is the same in every language: numbers, sizes, the label of a version."""


@cache
def _patterns(among: tuple[str, ...]) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return what finds each sentence with placeholders, those with the most words of their own first."""

    def place(found: re.Match[str]) -> str:
        return f"(?P<{found[1]}>{LIKE.get(found[1], '.+')})"

    held = [one for one in among if "{" in one]
    held.sort(key=lambda one: -len(re.sub(r"\{\w+\}", "", one)))
    return tuple((re.compile(PLACEHOLDER.sub(place, re.escape(one)), re.DOTALL), one) for one in held)


def _read(sentence: str, among: tuple[str, ...]) -> tuple[str, dict[str, str]] | None:
    """Return a sentence's text in the language that is spoken, and what stands in its places; None where that does not
    know it.
    """
    if sentence in among:
        translated = now().look_up(sentence)
        return (translated, {}) if translated != sentence else None
    for pattern, template in _patterns(among):
        if found := pattern.fullmatch(sentence):
            translated = now().look_up(template)
            return (translated, found.groupdict()) if translated != template else None
    return None


def known(sentence: str, among: tuple[str, ...] = SENTENCES) -> str | None:
    """Return a sentence in the language that is spoken; None where that does not know it."""
    found = _read(sentence, among)
    if found is None:
        return None
    text, places = found
    return text.format(**{name: known(part, PARTS.get(name, ())) or part for name, part in places.items()})


def told(sentence: str, among: tuple[str, ...] = SENTENCES) -> str:
    """Return a sentence as HTML in the language that is spoken; one that it does not know is marked as English."""
    found = _read(sentence, among)
    return english(sentence) if found is None else _filled(*found)


def _filled(text: str, places: Mapping[str, str]) -> str:
    return html.escape(text).format(**{name: _part(name, part) for name, part in places.items()})


def _part(name: str, part: str) -> str:
    found = _read(part, PARTS.get(name, ()))
    return _filled(*found) if found else others(part)


def english(words: str) -> str:
    """Return words as HTML that says that they are English, where another language is spoken."""
    said = html.escape(words)
    return said if now().code == "en" else f'<bdi lang="en">{said}</bdi>'


def others(words: str) -> str:
    """Return, as HTML, what a model or a person wrote: of whatever language, in whatever direction."""
    said = html.escape(words)
    return said if SAME.fullmatch(words) else f'<bdi dir="auto">{said}</bdi>'
