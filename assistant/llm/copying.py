"""A copying prior for the embedded rewriter: a bonus for the token that would go on copying the context.

Copying a prompt of 50 words with one word changed is what a rewriter does most and a small language model learns last.
So it is given the habit: at each place, the spot in the context that fits the last tokens best proposes what followed
there, and that token's logit is raised. The model learns when not to follow. It is the pointer of See et al.
2017 (arXiv:1704.04368) with fixed attention, or an induction head by rule (compare arXiv:2411.01958). Once a plan has
named its targets, only what is theirs is copied: a change of an older version goes on from its description and not from
the newest one, which mostly says the same up to the word that matters. In a patch (`assistant.llm.patching`) a sentence
as it is now follows the sentence as it was first of all. Training and decoding use the same function. numpy alone.

Dimensions: C context tokens, P places to be filled, W window.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from assistant.llm.patching import NOW, WAS

if TYPE_CHECKING:
    from tokenizers import Tokenizer

WEIGHTS = np.array((1.0, 0.8, 0.6, 0.5, 0.4, 0.3, 0.3, 0.3), np.float32)
"""What a match of the last token counts for, of the one before it, and so on; W of them."""
BONUS_A_POINT = 2.0
MOST_BONUS = 7.0
OF_TWO = 0.12
"""What is left of a bonus in a plan of two targets; of 0, 0.12, 0.25, 0.5 and 1 the best on development merges."""
NOTHING, UNKNOWN = -1, -2
"""No proposal, and a token that is like none."""
MARKS = ("\nwhole", "\nnow")
"""The pieces of the frame (tokens of their own) with which the lines of whole prompts begin."""
SAY = "\nsay:"
PROMPT_BEGIN = '"prompt":"'
LONGEST_HEAD = 24
"""Within so many tokens a plan has named its targets, if it names any."""
_TARGETS = re.compile(r'"targets":\["(v[0-9]+(?:","v[0-9]+)*)"\]')


def proposals(context: np.ndarray, history: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return for each place the proposed token, `NOTHING` where none fits, and its bonus.

    Args:
        context: (C,) int64, what may be copied.
        history: (P, W) int64, the tokens before each place, the last one first.

    Returns:
        tokens (P,) int64 and bonus (P,) float32. Of spots that fit equally well, the latest is taken.
    """
    count, window = history.shape
    scores = np.zeros((count, len(context)), np.float32)
    for back in range(window):
        at = back + 1
        if at < len(context):
            scores[:, at:] += WEIGHTS[back] * (history[:, back, None] == context[None, : len(context) - at])
    best = len(context) - 1 - scores[:, ::-1].argmax(1)
    score = scores[np.arange(count), best]
    tokens = np.where(score > 0, context[best], NOTHING)
    return tokens, np.minimum(MOST_BONUS, BONUS_A_POINT * score).astype(np.float32)


class Copying:
    """What may be copied at each place of an answer, over the tokens of one tokenizer.

    Args:
        texts: the text of each token; byte-level tokens write a space as "Ġ".
    """

    def __init__(self, texts: Sequence[str]):
        self.texts = [text.replace("Ġ", " ") for text in texts]
        self._marks = np.array([at for at, text in enumerate(self.texts) if text in MARKS], np.int64)
        self._say = np.array([at for at, text in enumerate(self.texts) if text == SAY], np.int64)
        self._colon = next((at for at, text in enumerate(self.texts) if text == ":"), NOTHING)
        self._begins = np.array([at for at, text in enumerate(self.texts) if text.endswith(PROMPT_BEGIN)], np.int64)
        self._was, self._now = (self.texts.index(mark) if mark in self.texts else NOTHING for mark in (WAS, NOW))

    def proposals(self, context: np.ndarray, answer: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return proposals and bonuses for every token of an answer, as `proposals` does, in reading order.

        Args:
            context: (C,) int64, all that was read, up to the token that begins the answer.
            answer: (P,) int64, all of it.
        """
        places = histories(np.concatenate([context, answer]), len(context))
        stretches = self._stretches(answer)
        found = [
            self._found(context, answer[:start], places[start:end])
            for start, end in zip(stretches, [*stretches[1:], len(answer)], strict=True)
        ]
        return np.concatenate([tokens for tokens, _ in found]), np.concatenate([bonus for _, bonus in found])

    def next(self, context: np.ndarray, answer: Sequence[int]) -> tuple[int, float]:
        """Return the proposal for the token after an answer, and its bonus."""
        said = np.array(answer, np.int64)
        place = np.concatenate([context[-len(WEIGHTS) :], said])[: -len(WEIGHTS) - 1 : -1]
        start = max(at for at in self._stretches(said, ahead=True) if at <= len(said))
        tokens, bonus = self._found(context, said[:start], place[None], len(said) - start)
        return int(tokens[0]), float(bonus[0])

    def _stretches(self, answer: np.ndarray, ahead: bool = False) -> list[int]:
        """Return where the stretches of an answer begin that copy from one source each.

        `ahead` counts the one that begins with the token after the answer.
        """
        named = self._named(answer)
        marks = np.flatnonzero(np.isin(answer, [self._was, self._now])) + 1
        starts = [0, *([named[0]] if named else []), *map(int, marks)]
        return [at for at in starts if at < len(answer) or (ahead and at == len(answer)) or at == 0]

    def _found(
        self, context: np.ndarray, before: np.ndarray, places: np.ndarray, within: int = 0
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return proposals and bonuses for the places (P, W) of one stretch, the first of them `within` tokens into it.

        Args:
            before: (B,) int64, the answer before the stretch.
        """
        named = self._named(before)
        source = self.source(context, named[1] if named else ())
        marked = len(before) > 0 and before[-1] in (self._was, self._now)
        if marked:
            # What stands before the mark says nothing of what follows it.
            ages = np.arange(within, within + len(places))[:, None] < np.arange(places.shape[1])
            places = np.where(ages, UNKNOWN, places)
        if marked and before[-1] == self._now:
            was = int(np.flatnonzero(before == self._was)[-1])
            source = np.concatenate([source, before[-1:], before[was + 1 : -1]])
        elif named:
            places = self._begun(places)
        return _softened(proposals(source, places), named[1] if named else ())

    def source(self, context: np.ndarray, targets: tuple[str, ...] = ()) -> np.ndarray:
        """Return the part of a context that is worth copying.

        Without targets: from the first whole description on; the short lines before mislead more than they help. With
        targets: their descriptions, the first one's last, then the message; all as without, where one is not shown.
        """
        marks = np.flatnonzero(np.isin(context, self._marks))
        start = int(marks[0]) if len(marks) else 0
        said = np.flatnonzero(np.isin(context, self._say))
        if not targets or not len(said) or not len(marks):
            return context[start:]
        lines = dict(self._line(context[a:b]) for a, b in zip(marks, [*marks[1:], said[-1]], strict=True))
        if targets[0] not in lines:
            return context[start:]
        own = [lines[target] for target in reversed(targets) if target in lines]
        return np.concatenate([*own, context[said[-1] :]])

    def _line(self, line: np.ndarray) -> tuple[str, np.ndarray]:
        """Return the label of a line with a whole description, and the line from the colon on."""
        colons = np.flatnonzero(line == self._colon)
        end = int(colons[0]) if len(colons) else len(line)
        heading = "".join(self.texts[at] for at in line[1:end])
        return heading.split("<")[0].strip(), line[end:]

    def _named(self, answer: np.ndarray) -> tuple[int, tuple[str, ...]] | None:
        """Return how many tokens an answer takes to name its targets, and these; None where it names none (yet)."""
        text = ""
        for at, token in enumerate(answer[:LONGEST_HEAD]):
            text += self.texts[token] if token < len(self.texts) else ""  # a model may have spare tokens
            if found := _TARGETS.search(text):
                return at + 1, tuple(re.findall(r"v[0-9]+", found[1]))
        return None

    def _begun(self, places: np.ndarray) -> np.ndarray:
        """Return the places with what begins a prompt in an answer as what begins one in a context."""
        return np.where(np.isin(places, self._begins), self._colon, places)


def _softened(found: tuple[np.ndarray, np.ndarray], targets: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Return proposals with their bonuses, which are less where two versions are to become one: much of it is new."""
    tokens, bonus = found
    return tokens, bonus * np.float32(OF_TWO if len(targets) > 1 else 1.0)


def copying_of(tokenizer: Tokenizer) -> Copying:
    """Return the copying prior over a tokenizer's tokens."""
    return Copying([tokenizer.id_to_token(at) or "" for at in range(tokenizer.get_vocab_size())])


def histories(tokens: np.ndarray, first: int) -> np.ndarray:
    """Return the (P, W) tokens before each place from `first` to the end of `tokens` (L,), the last one first."""
    window = len(WEIGHTS)
    padded = np.concatenate([np.full(window, UNKNOWN, np.int64), tokens])
    places = np.arange(first, len(tokens)) + window
    return padded[places[:, None] - 1 - np.arange(window)]
