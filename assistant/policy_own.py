"""Words that whoever runs a Limner has refused beside the policy's own lists, from a file of theirs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from assistant.errors import PolicyError
from assistant.policy_model import UNSPACED, plain

MAX_LETTERS = 200


class OwnWords:
    """Words and phrases, each refused wherever it stands by itself.

    Args:
        words: a `*` at a word's end stands for any ending. Accents and capitals weigh nothing; Chinese and Japanese,
            which put no spaces between words, are found anywhere.
    """

    name = "own words"

    def __init__(self, words: Iterable[str]):
        patterns = [_pattern(word) for word in dict.fromkeys(plain(word) for word in words)]
        self._pattern = re.compile("|".join(patterns) if patterns else r"(?!)")

    def found(self, reading: str) -> str:
        """Return the first of them that stands in a text as `assistant.policy_model.plain` makes it, or ""."""
        match = self._pattern.search(reading)
        return match.group() if match else ""

    def said(self, word: str) -> str:
        """Return the sentence for whoever used a word."""
        return f"“{word}” is not drawn here; say what should be seen without it."


def read_own_words(file: Path) -> OwnWords:
    """Return the words of a file, one or a phrase a line; what follows a # is for people.

    Raises:
        PolicyError: it cannot be read, or a line of it holds nothing that could stand in a text.
    """
    try:
        lines = file.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise PolicyError(f"The words to refuse in {file} cannot be read ({why}); mend LIMNER_POLICY_WORDS.") from error
    words = []
    for number, line in enumerate(lines, 1):
        word = line.partition("#")[0].strip()
        if not word:
            continue
        if not re.search(r"\w", plain(word)) or len(word) > MAX_LETTERS:
            raise PolicyError(
                f"Line {number} of {file} is no word to refuse ({word[:40]!r}); give a word or a phrase of at most "
                f"{MAX_LETTERS} letters on each line."
            )
        words.append(word)
    return OwnWords(words)


def _pattern(word: str) -> str:
    parts = r"\s+".join(re.escape(part).replace(r"\*", r"\w*") for part in word.split())
    return parts if UNSPACED.search(word) else rf"(?<!\w){parts}(?!\w)"
