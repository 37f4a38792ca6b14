"""What the page says, in the language of whoever reads it: gettext, with English as the source.

The English sentences stand in the code inside `_()`; `languages/messages.pot` lists them, and every other language is
one .po file beside it. Which language is spoken is known from the request: `spoken` sets it for what runs inside,
`speaking` for each step of a handler that gives several answers. What gradio is handed before anybody asked holds marks
(`MARKED`) instead, which `ui.web.wording` puts into words on the way out.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import TypeVar

from babel import Locale, negotiate_locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).with_name("languages")
SOURCE = "en"
PSEUDO = "en-XA"
"""A language in which every text of ours stands in brackets, so that what was forgotten can be seen. A browser gets it
that asks for it first; nobody is offered it.
"""
MARKED = "marked"
MARKS = "⟦", "⟧"
_Step = TypeVar("_Step")


@dataclass(frozen=True)
class Language:
    """A language: its code (BCP 47), its name in itself, and what looks up a text, and one in its plural forms."""

    code: str
    name: str
    look_up: Callable[[str], str]
    look_up_many: Callable[[str, str, int], str]

    @property
    def direction(self) -> str:
        """Return "ltr" or "rtl"."""
        return "ltr" if self.code in (MARKED, PSEUDO) else Locale.parse(self.code, sep="-").text_direction


@cache
def languages() -> tuple[str, ...]:
    """Return the codes of the languages that there are, the source first."""
    return (SOURCE, *sorted(path.stem for path in FOLDER.glob("*.po")))


def catalogue(code: str) -> Catalog:
    """Return the file of a language as Babel reads it."""
    with (FOLDER / f"{code}.po").open("rb") as file:
        return read_po(file, locale=code, abort_invalid=True)


@cache
def language(code: str) -> Language:
    """Return a language by its code; the source where there is no such language."""
    if code == PSEUDO:
        return Language(code, code, "[{}]".format, lambda one, many, count: f"[{one if count == 1 else many}]")
    if code == MARKED:
        return Language(code, code, f"{MARKS[0]}{{}}{MARKS[1]}".format, lambda one, many, count: one)
    texts = NullTranslations()
    if code in languages()[1:]:
        compiled = io.BytesIO()
        write_mo(compiled, catalogue(code))
        compiled.seek(0)
        texts = GNUTranslations(compiled)
    else:
        code = SOURCE
    name = Locale.parse(code, sep="-").get_display_name(code) or code
    return Language(code, name[0].upper() + name[1:], texts.gettext, texts.ngettext)


_now: ContextVar[str] = ContextVar("language", default=SOURCE)


def now() -> Language:
    """Return the language that is spoken here."""
    return language(_now.get())


@contextmanager
def spoken(code: str) -> Iterator[Language]:
    """Speak a language inside; not across a `yield`, for which there is `speaking`."""
    token = _now.set(code)
    try:
        yield now()
    finally:
        _now.reset(token)


def speaking(code: str, steps: Iterator[_Step]) -> Iterator[_Step]:
    """Speak a language during each step: gradio runs every one in a thread and a context of its own."""
    try:
        while True:
            with spoken(code):
                try:
                    step = next(steps)
                except StopIteration:
                    return
            yield step
    finally:
        getattr(steps, "close", lambda: None)()


def _(text: str, /, **values: object) -> str:
    """Return a text in the language that is spoken, with its `{placeholders}` filled in."""
    found = now().look_up(text)
    return found.format(**values) if values else found


def N_(text: str) -> str:
    """Return the text as it is: it is put into words where it is used, and is only noted here."""
    return text


def _n(one: str, several: str, count: int, /, **values: object) -> str:
    """Return a text in the form that its language has for so many; `{count}` is filled in."""
    return now().look_up_many(one, several, count).format(count=count, **values)


def wanted(header: str | None) -> str:
    """Return the code of the language that fits best what a browser asks for in Accept-Language (RFC 9110, 12.5.4)."""
    asked: list[tuple[float, str]] = []
    for part in (header or "").split(","):
        tag, _, weight = part.partition(";")
        try:
            asked.append((float(weight.strip().removeprefix("q=") or 1), tag.strip()))
        except ValueError:
            continue
    tags = [tag for weight, tag in sorted(asked, key=lambda one: -one[0]) if weight > 0]
    if PSEUDO in tags[:1]:
        return PSEUDO
    return negotiate_locale(tags, languages(), sep="-") or SOURCE


def script_texts() -> Mapping[str, str]:
    """Return the texts of the page's scripts, in the language that is spoken where that has other words."""
    found = {text: now().look_up(text) for text in _of_scripts()}
    return {text: said for text, said in found.items() if said != text}


@cache
def _of_scripts() -> tuple[str, ...]:
    with (FOLDER / "messages.pot").open("rb") as file:
        source = read_po(file)
    return tuple(
        message.id
        for message in source
        if isinstance(message.id, str) and any(str(path).endswith(".js") for path, _line in message.locations)
    )
