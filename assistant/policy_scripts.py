"""What is written in letters that hide it, read in Latin ones: look-alikes, fancy letters, names in other scripts.

"nаkеd" with Cyrillic а and е, "ɴᴀᴋᴇᴅ" and "𝐧𝐚𝐤𝐞𝐝" are one word to whoever reads them, and Путин is Putin. Words that
are ordinary in their own script stay as they are: the lists know other languages' words in their own letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, partial

from assistant.policy_model import plain
from assistant.policy_names import SPACED, UNSPACED
from assistant.policy_words import ARTISTS, PEOPLE

WORD = re.compile(r"\w+")
FANCY = re.compile("[\U0001f110-\U0001f189]")
"""Letters in squares and circles, which count as signs."""
LETTERS = re.compile(r"[^\W\d_]+")
LOOK_ALIKE = ("CYRILLIC", "GREEK", "COPTIC", "ARMENIAN", "CHEROKEE", "LISU")
"""Scripts with letters that stand for Latin ones to the eye."""
SOUNDED = ("CYRILLIC", "GREEK", "ARABIC", "HEBREW", "GEORGIAN", "ARMENIAN", "DEVANAGARI")
"""Scripts that spell other people's names by their sounds."""
SOUNDS_ENOUGH = 6
"""Consonants of a name in two or more parts that are found by them; fewer are also those of ordinary words."""
BEGINNINGS = "(?:ال|و|ب|ה|ו|ב)?"
"""What Arabic and Hebrew put before them: the, and, in."""
ENDINGS = r"(?:а|у|ом|ым|е|ой|ы|ю|ем|я|и|ς|ου)?"
"""What Russian and Greek put behind names."""


def names_in_latin(text: str) -> str:
    """Return the text with names of the lists in Latin letters where another script writes them."""
    if text.isascii():
        return text
    text = _sounded(text)
    for pattern, names in _written():
        text = pattern.sub(partial(_called, names), text)
    return text


def _called(names: Mapping[str, str], found: re.Match[str]) -> str:
    return f" {names[_squeezed(found['name'])]} "


def unmasked(text: str) -> str:
    """Return the text with look-alike and fancy letters as the Latin ones that the eye takes them for.

    A word that has a letter of its own script stays as it is.
    """
    if text.isascii():
        return text
    text = FANCY.sub(lambda found: _looks_like(found.group()) or found.group(), text)
    return WORD.sub(lambda found: _seen(found.group()), text)


def _seen(word: str) -> str:
    letters = [_looks_like(letter) for letter in word]
    return word if None in letters else "".join(filter(None, letters))


@cache
def _looks_like(letter: str) -> str | None:
    """Return the Latin letters that one stands for; None where it stands for itself alone."""
    if letter.isascii() or unicodedata.category(letter) in ("Mn", "Cf", "Nd"):
        return letter
    name = unicodedata.name(letter, "")
    flat = unicodedata.normalize("NFKD", letter)
    if flat.isascii():
        return flat
    if name.startswith("LATIN") or unicodedata.category(letter) == "So":
        from anyascii import anyascii

        return anyascii(letter) or None
    if not name.startswith(LOOK_ALIKE):
        return None
    return next((found for form in (letter, letter.casefold()) if (found := _look_alikes().get(form))), None)


@cache
def _look_alikes() -> Mapping[str, str]:
    """Return the Latin letter of each that Unicode's table of confusables (UTS 39) has beside one."""
    from confusable_homoglyphs.confusables import confusables_data

    found = {}
    for letter, others in confusables_data.items():
        latin = [other["c"] for other in others if other["c"].isascii() and other["c"].isalpha()]
        if len(letter) == 1 and not letter.isascii() and latin:
            found[letter] = latin[0]
    return found


@cache
def _written() -> tuple[tuple[re.Pattern[str], Mapping[str, str]], ...]:
    """Return patterns of names in other scripts, and by which name of the lists each is called."""
    found = []
    for table, frame in ((UNSPACED, "(?P<name>{})"), (SPACED, rf"(?<!\w){BEGINNINGS}(?P<name>{{}}){ENDINGS}(?!\w)")):
        called = {_squeezed(written): name for name, forms in table.items() for written in forms}
        every = sorted({written for forms in table.values() for written in forms}, key=len, reverse=True)
        pattern = "|".join(re.sub(r"(?:\\[ \-]|·|・)+", r"[\\s·・\\-]*", re.escape(written)) for written in every)
        found.append((re.compile(frame.format(pattern), re.IGNORECASE), called))
    return tuple(found)


def _squeezed(name: str) -> str:
    return re.sub(r"[\s·・\-]+", "", plain(name))


def _sounded(text: str) -> str:
    """Return the text with names of the lists in place of words of other scripts that sound like all their parts."""
    words = [found for found in LETTERS.finditer(text) if unicodedata.name(found.group()[0], "").startswith(SOUNDED)]
    if len(words) < 2:
        return text
    sounds = [_sound_of(found.group()) for found in words]
    for parts, name in _by_sound().items():
        for at in range(len(words) - len(parts) + 1):
            if all(part in heard for part, heard in zip(parts, sounds[at : at + len(parts)], strict=True)):
                begin, end = words[at].start(), words[at + len(parts) - 1].end()
                return f"{text[:begin]}{name}{_sounded(text[end:])}"
    return text


@cache
def _by_sound() -> Mapping[tuple[str, ...], str]:
    found = {}
    for name in (*PEOPLE, *ARTISTS):
        parts = [part for part in re.split(r"[\s.\-]+", name) if part]
        for spoken in ("", "v"):
            heard = tuple(_consonants(part, spoken) for part in parts)
            if len(parts) > 1 and sum(map(len, heard)) >= SOUNDS_ENOUGH and all(heard):
                found[heard] = name
    return found


@cache
def _sound_of(word: str) -> frozenset[str]:
    """Return the consonants of a word of another script, with and without an ending that its grammar put behind it."""
    from anyascii import anyascii

    heard = _consonants(anyascii(word))
    ending = re.sub(r"(?:ом|ем|ым)$", "", word.casefold())
    return frozenset((heard, _consonants(anyascii(ending))))


SAME_SOUND = (
    ("dzh", "j"), ("tsch", "C"), ("sch", "S"), ("sh", "S"), ("ch", "C"), ("kh", "h"), ("ph", "f"), ("th", "t"),
    ("ck", "k"), ("x", "ks"), ("q", "k"), ("ce", "se"), ("ci", "si"), ("c", "k"), ("ts", "z"),
)  # fmt: skip


def _consonants(word: str, w: str = "") -> str:
    """Return what a word sounds like without its vowels, doubled letters once; `w` is what a w is taken for."""
    word = plain(word)
    for letters, sound in SAME_SOUND:
        word = word.replace(letters, sound)
    word = re.sub(r"[^a-zCS]|[aeiouy]", "", word.replace("w", w))
    return re.sub(r"(.)\1+", r"\1", word)
