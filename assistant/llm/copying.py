"""A copying prior for the embedded rewriter: a bonus for the token that would go on copying the context.

Copying a prompt of 50 words with one word changed is what a rewriter does most and a small language model learns last.
So it is given the habit: at each place, the spot in the context that fits the last tokens best proposes what followed
there, and that token's logit is raised. The model learns when not to follow. It is the pointer of See et al.
2017 (arXiv:1704.04368) with fixed attention, or an induction head by rule (compare arXiv:2411.01958). Training and
decoding use the same function. numpy alone.

Dimensions: C context tokens, P places to be filled, W window.
"""

from __future__ import annotations

import numpy as np

WEIGHTS = np.array((1.0, 0.8, 0.6, 0.5, 0.4, 0.3, 0.3, 0.3), np.float32)
"""What a match of the last token counts for, of the one before it, and so on; W of them."""
BONUS_A_POINT = 2.0
MOST_BONUS = 7.0
NOTHING = -1
MARKS = ("\nwhole", "\nnow")
"""The pieces of the frame (tokens of their own) with which the lines of whole prompts begin."""


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


def source_start(context: np.ndarray, marks: tuple[int, ...]) -> int:
    """Return where the part of a context begins that is worth copying: at the first mark, or at its start.

    The marks begin the lines with whole prompts; the short lines before them mislead more than they help.
    """
    found = np.flatnonzero(np.isin(context, marks))
    return int(found[0]) if len(found) else 0


def histories(tokens: np.ndarray, first: int) -> np.ndarray:
    """Return the (P, W) tokens before each place from `first` to the end of `tokens` (L,), the last one first."""
    window = len(WEIGHTS)
    padded = np.concatenate([np.full(window, -2, np.int64), tokens])
    places = np.arange(first, len(tokens)) + window
    return padded[places[:, None] - 1 - np.arange(window)]
