"""What is refused before it is drawn, and the words in which it is refused.

The first policy: a modest list of words, matched whole. It stands in one place of the flow (`assistant.flow`), before
the rewriter for messages and after it for prompts, so that a better one can take its place.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Protocol

from assistant.errors import MessageError
from assistant.messages import MAX_MESSAGE_LETTERS

MAX_STORED_LETTERS = 1_000_000


@dataclass(frozen=True)
class Allowed:
    pass


@dataclass(frozen=True)
class Refused:
    reason: str


Decision = Allowed | Refused


class Policy(Protocol):
    """Says of a message and of a prompt whether it may be drawn."""

    def check_message(self, message: str) -> Decision: ...

    def check_prompt(self, prompt: str) -> Decision: ...


def _words(*words: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(words) + r")\b")


CHILD = _words(
    "child", "children", "childlike", "kids?", "minors?", "toddlers?", "bab(?:y|ies)", "infants?", "(?:pre)?teens?",
    "teenagers?", "teenaged?", "under-?aged?", "school-?(?:girl|boy)s?", "(?:little|young) (?:girl|boy)s?", "girls?",
    "boys?", "(?:1[0-7]|[1-9])[- ]?year[- ]?olds?", "(?:1[0-7]|[1-9]) years? old",
)  # fmt: skip
SEXUAL = _words(
    "nud(?:e|es|ity)", "naked", "sex(?:y|ual|ually|ualised|ualized)?", "erotic(?:a|ally)?", "nsfw", "topless",
    "porn(?:o|ography|ographic)?", "lingerie", "seductive(?:ly)?", "undress(?:ed|ing)?", "genitals?", "orgasm",
    "fetish", "hentai",
)  # fmt: skip
ABUSE = _words("loli(?:con|ta)?s?", "shota(?:con)?s?", "csam", "p(?:a)?edophil(?:e|es|ia|ic)")
GORE = _words(
    "gor[ey]", "disembowel(?:l?ed|l?ing|ment)?", "decapitat(?:e|ed|ing|ion)", "behead(?:ed|ing)?",
    "severed (?:head|arm|leg|hand|limb|finger)s?", "dismember(?:ed|ing|ment)?", "mutilat(?:e|ed|ing|ion)", "entrails",
    "eviscerat(?:e|ed|ing|ion)", "torn[- ]apart (?:body|bodies|corpses?)",
)  # fmt: skip
HATE = _words(
    "swastikas?", "hakenkreuz", "nazi (?:flag|salute|symbol|emblem|banner|uniform)s?", "kkk", "ku klux klan",
    "ss runes?", "hitler(?:gru(?:ss|ß))? salute",
)  # fmt: skip
HARMLESS = re.compile(r"\b(?:al gore|naked mole[- ]rats?|naked eye|same[- ]sex|unisex)\b")

NO_CHILDREN = "Limner does not draw children, or anyone who may be one, in a sexual way; ask for another picture."
NO_GORE = "Limner does not draw gore; say what should be seen without it."
NO_HATE = "Limner does not draw hateful symbols; say what should be seen without them."


class WordPolicy:
    """The first policy: bounds on what is text, and short lists of whole words."""

    def check_message(self, message: str) -> Decision:
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
        return _check_words(message)

    def check_prompt(self, prompt: str) -> Decision:
        """Say whether the rewriter's prompt may go to the painter."""
        if name := _not_text(prompt):
            return Refused(f"The description is not plain text: it holds {name}; say it in other words.")
        return _check_words(prompt)


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


def _check_words(text: str) -> Decision:
    plain = HARMLESS.sub(" ", _plain(text))
    if ABUSE.search(plain) or (CHILD.search(plain) and SEXUAL.search(plain)):
        return Refused(NO_CHILDREN)
    if GORE.search(plain):
        return Refused(NO_GORE)
    if HATE.search(plain):
        return Refused(NO_HATE)
    return Allowed()


def _plain(text: str) -> str:
    """Return the text in small letters without accents, invisible letters and double spaces."""
    letters = (x for x in unicodedata.normalize("NFKD", text.casefold()) if unicodedata.category(x) not in ("Mn", "Cf"))
    return " ".join("".join(letters).split())
