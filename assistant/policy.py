"""What is refused or altered before it is drawn, and the words in which that is said.

A policy stands in one place of the flow (`assistant.flow`): before the rewriter for messages, after it for prompts,
before anything is kept for pictures. The policy here reads words alone, by lists (`assistant.policy_words`) and then by
a small model of our own (`assistant.policy_model`), which catches what they miss. What looks at pictures is laid over
it by `assistant.policy_pictures`; a policy that asks a service is `assistant.moderation`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

from assistant.errors import MessageError
from assistant.messages import MAX_MESSAGE_LETTERS
from assistant.policy_model import SmallModel, plain
from assistant.policy_own import OwnWords
from assistant.policy_scripts import names_in_latin, unmasked
from assistant.policy_words import ABUSE, ARTISTS, CHILD, GORE, HARMLESS, HATE, PEOPLE, SEXUAL

MAX_STORED_LETTERS = 1_000_000
Level = Literal["auto", "low"]
"""How strict: `low`, as the API has it, lets pass what is merely grim."""
PictureStage = Literal["upload", "result"]
Stage = Literal["message", "prompt"] | PictureStage


@dataclass(frozen=True)
class Allowed:
    """`by` names who decided, as everywhere here: for what is allowed, all who were asked."""

    by: str = field(default="", compare=False)


@dataclass(frozen=True)
class Altered:
    """The text goes on in other words; `reason` is one sentence for the person."""

    text: str
    reason: str
    rule: str
    by: str = field(default="", compare=False)


@dataclass(frozen=True)
class Refused:
    reason: str
    rule: str = "text"
    by: str = field(default="", compare=False)


Decision = Allowed | Altered | Refused


class Policy(Protocol):
    """Says of a message, a prompt and pictures whether they may be drawn, kept and shown.

    `name` stands in the records of what no part of it decided by itself.
    """

    name: str

    def check_message(self, message: str, level: Level = "auto") -> Decision: ...

    def check_prompt(self, prompt: str, level: Level = "auto") -> Decision: ...

    def check_pictures(
        self, pictures: Sequence[bytes], stage: PictureStage, level: Level = "auto"
    ) -> Sequence[Decision]:
        """Return a decision, allowed or refused, for each picture's file; none at all where nobody looks.

        Raises:
            ModelError, CaptionerError, GenerationError: who looks cannot be had; then nothing passes.
        """
        ...

    def may_show(self, preview: bytes, level: Level = "auto") -> bool:
        """Say whether an unfinished picture may be seen before the finished one is decided on. Raises: as above."""
        ...


BY_LISTS, BY_MODEL = "words", "small model"
NO_CHILDREN = "Limner does not draw children, or anyone who may be one, in a sexual way; ask for another picture."
NO_GORE = "Limner does not draw gore; say what should be seen without it."
NO_HATE = "Limner does not draw hateful symbols; say what should be seen without them."
NO_PERSON_SO = "Limner does not draw people of public life naked or in a sexual way; ask for another picture."
NO_LIVING_STYLE = (
    "Limner does not imitate artists of our time by name ({names}); what such pictures look like stands in the prompt "
    "instead."
)
NO_LIKENESS = (
    "Limner does not draw the likeness of people of public life ({names}); somebody else stands in the prompt instead."
)


SAID = {"children": NO_CHILDREN, "gore": NO_GORE, "hate": NO_HATE}
"""What is said where the small model refuses, by its rule."""


class WordPolicy:
    """Bounds on what is text, short lists of whole words that are refused, and names that are put in other words.

    Args:
        model: reads what the lists let pass; None leaves it at them.
        own: words that whoever runs this Limner has refused as well, at every level.
    """

    def __init__(self, model: SmallModel | None = None, own: OwnWords | None = None):
        self.model = model
        self.own = own
        self.name = f"{BY_LISTS} and {BY_MODEL}" if model else BY_LISTS

    def check_message(self, message: str, level: Level = "auto") -> Decision:
        """Say whether the message may go to the rewriter; any script and direction of writing is fine."""
        if not message.strip():
            return Refused("The message is empty; say what you would like to see.")
        if len(message) > MAX_MESSAGE_LETTERS:
            return Refused(
                f"The message has {len(message):,} letters and at most {MAX_MESSAGE_LETTERS:,} can be read; shorten it "
                "and send it again."
            )
        if name := _not_text(message):
            return Refused(f"The message is not plain text: it holds {name}; send words only.")
        return self._checked(message, level)

    def check_prompt(self, prompt: str, level: Level = "auto") -> Decision:
        """Say whether the rewriter's prompt may go to the painter."""
        if name := _not_text(prompt):
            return Refused(f"The description is not plain text: it holds {name}; say it in other words.")
        return self._checked(prompt, level)

    def check_pictures(
        self, pictures: Sequence[bytes], stage: PictureStage, level: Level = "auto"
    ) -> Sequence[Decision]:
        """Nothing here can see."""
        return ()

    def may_show(self, preview: bytes, level: Level = "auto") -> bool:
        return True

    def _checked(self, words: str, level: Level) -> Decision:
        """Return what the lists decide, or that the model refuses what they let pass. Raises: ModelError."""
        decision = _check_words(words, level, self.own)
        if isinstance(decision, Refused):
            return decision if decision.by else replace(decision, by=BY_LISTS)
        if self.model is not None:
            rule = self.model.refused(*for_model(unmasked(words)), but=("gore",) if level == "low" else ())
            if rule:
                return Refused(SAID[rule], rule, BY_MODEL)
        return replace(decision, by=BY_LISTS if isinstance(decision, Altered) else self.name)


def for_model(words: str) -> tuple[str, dict[str, bool]]:
    """Return words as the small model reads them, and the notions that the lists find in them."""
    found = HARMLESS.sub(" ", plain(words))
    return found, {"young": bool(CHILD.search(found)), "sexual": bool(SEXUAL.search(found))}


def check_storable(message: str) -> None:
    """Let pass what can be stored as text at all; the rest of a message's checks come after it is stored.

    Raises:
        MessageError: the message is no text, or too long even to keep.
    """
    if len(message) > MAX_STORED_LETTERS:
        raise MessageError(
            f"The message has {len(message):,} letters and at most {MAX_MESSAGE_LETTERS:,} can be read; shorten it and "
            "send it again."
        )
    if "\0" in message or any("\ud800" <= letter <= "\udfff" for letter in message):
        raise MessageError(f"The message is not plain text: it holds {_not_text(message)}; send words only.")


def _not_text(text: str) -> str:
    """Return the name of the first letter that no person types, or ""."""
    for letter in text:
        category = unicodedata.category(letter)
        if category == "Cs":
            return f"half of a letter (U+{ord(letter):04X})"
        if category == "Cc" and letter not in "\n\r\t":
            return f"a control character (U+{ord(letter):04X})"
    return ""


def _check_words(text: str, level: Level, own: OwnWords | None) -> Decision:
    """Decide by the lists, on the text as it stands and as it may be meant."""
    named = names_in_latin(text)
    seen = unmasked(named)
    found = plain(seen)
    spelled = _spelled(found)
    for reading in dict.fromkeys((plain(text), found, spelled)):
        if refused := _refused(HARMLESS.sub(" ", reading), level):
            return refused
        if own and (word := own.found(reading)):
            return Refused(own.said(word), f"own words: {word}", own.name)
    return _altered((named, seen, found, spelled))


def _refused(reading: str, level: Level) -> Refused | None:
    sexual = SEXUAL.search(reading)
    if ABUSE.search(reading) or (sexual and CHILD.search(reading)):
        return Refused(NO_CHILDREN, "children")
    if sexual and PERSON.search(reading):
        return Refused(NO_PERSON_SO, "likeness")
    if level == "auto" and GORE.search(reading):
        return Refused(NO_GORE, "gore")
    if HATE.search(reading):
        return Refused(NO_HATE, "hate")
    return None


LEET = str.maketrans("01345789@$!", "oieastbgasi")
APART = re.compile(r"(?<!\w)\w([ .*_-])\w(?:\1\w)+(?!\w)")
MIXED = re.compile(r"[\w@$!]*[a-z][\w@$!]*")


def _spelled(text: str) -> str:
    """Return the text with words that are spelled to hide ("n4k3d", "n a k e d") as they are meant."""

    def joined(found: re.Match[str]) -> str:
        word = re.sub(r"[ .*_-]", "", found.group())
        return f"{word} {word[1:]}" if word.startswith("a") else word  # that may be an article

    together = APART.sub(joined, text)
    return MIXED.sub(lambda found: found.group().rstrip("!").translate(LEET), together)


def _named(names: Mapping[str, str]) -> str:
    """Return a pattern of names, the longest first, with anything that may stand between their parts, or nothing."""
    every = sorted({*names, *map(plain, names)}, key=len, reverse=True)
    return "|".join(re.sub(r"(?:\\ |\\-|\\\.)+", r"[\\s._-]*", re.escape(name)) for name in every)


PERSON = re.compile(rf"(?<!\w)(?:{_named(PEOPLE)})(?!\w)", re.IGNORECASE)
ARTIST = re.compile(rf"(?<!\w)(?P<name>{_named(ARTISTS)})(?!\w)", re.IGNORECASE)
BY_ARTIST = re.compile(
    r"(?:,\s*)?(?:\b(?:painted|drawn|made|done|illustrated|photographed|directed|rendered)\s+)?"
    r"\b(?:in|with|after|by|like|as|à la|a la|inspired by|reminiscent of)\s+(?:if (?:painted |drawn )?by\s+)?"
    r"(?:the\s+)?(?:(?:\w+\s+){0,2}?(?:style|manner|aesthetics?|look|vein|spirit)\s+of\s+)?"
    rf"(?:an?\s+)?(?P<name>{_named(ARTISTS)})(?:['’]s?)?(?:[\s-]+(?:inspired\s+)?(?:style[sd]?|manner|look|films?|movies?|"
    r"paintings?|aesthetics?|colou?rs))?(?!\w)",
    re.IGNORECASE,
)
STYLE_WORD = re.compile(
    rf"(?<!\w)(?P<name>{_named(ARTISTS)})(?:['’]s?)?[\s-]+(?:style[sd]?|like|esque|inspired|aesthetics?)(?!\w)\s*",
    re.IGNORECASE,
)


def _key(name: str) -> str:
    return re.sub(r"[\s._-]+", "", plain(name))


LOOKS = {_key(name): look for name, look in ARTISTS.items()}
STANDS_IN = {_key(name): other for name, other in PEOPLE.items()}


def _altered(readings: Sequence[str]) -> Decision:
    """Put names in other words, in the first of the readings in which as many are found as in any."""

    def names_in(text: str) -> int:
        return len(_names(ARTIST, text)) + len(_names(PERSON, text))

    most = max(map(names_in, readings))
    if not most:
        return Allowed()
    text = next(reading for reading in readings if names_in(reading) == most)
    artists, people = _names(ARTIST, text), _names(PERSON, text)
    looks: list[str] = []

    def style(match: re.Match[str]) -> str:
        return f" in a style of {_look(match)}"

    def told_apart(match: re.Match[str]) -> str:
        looks.append(_look(match))
        return ""

    text = BY_ARTIST.sub(style, text)
    text = STYLE_WORD.sub(told_apart, text)
    text = ARTIST.sub("an artist", text)
    text = PERSON.sub(lambda match: STANDS_IN[_key(match.group())], text)
    text = "".join([text.rstrip(), *(f", in a style of {look}" for look in dict.fromkeys(looks))])
    reasons = [
        reason.format(names=", ".join(names))
        for reason, names in ((NO_LIVING_STYLE, artists), (NO_LIKENESS, people))
        if names
    ]
    rule = "+".join(rule for rule, names in (("artist", artists), ("likeness", people)) if names)
    text = re.sub(r" {2,}", " ", re.sub(r"\ban? (an? )", r"\1", text))
    return Altered(text.strip(), " ".join(reasons), rule)


def _names(pattern: re.Pattern[str], text: str) -> list[str]:
    return list(dict.fromkeys(" ".join(match.group().split()) for match in pattern.finditer(text)))


def _look(match: re.Match[str]) -> str:
    return LOOKS[_key(match["name"])]
