"""CIDEr-D: how near captions are to several reference captions of the same picture, by rare n-grams they share.

Vedantam et al. 2015, arXiv:1411.5726, equations 1 to 3 and section 8 for the D. For short captions only: on long ones
it hardly agrees with people, and what those say is held against scene graphs.
Words are what is left of a caption without punctuation, in small letters; they are not stemmed, as in COCO's own code.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

LONGEST = 4
"""Words of an n-gram."""
SIGMA = 6.0
"""How far, in words, a caption's length may be off before it costs."""

Grams = Counter[tuple[str, ...]]


def cider(captions: Sequence[str], references: Sequence[Sequence[str]]) -> list[float]:
    """Return the CIDEr-D of each caption, 0 to 10.

    How rare an n-gram is, is counted over the pictures whose references have it: the figures of one set of pictures
    cannot be compared with those of another.

    Raises:
        ValueError: there are not references for each caption.
    """
    if len(captions) != len(references) or not all(references):
        raise ValueError(f"cider needs references for each of {len(captions)} captions; got {len(references)}")
    told = [[_grams(text) for text in some] for some in references]
    pictures_with = Counter(gram for some in told for gram in set().union(*some))
    rarity = math.log(len(captions))

    def weighed(grams: Grams) -> list[dict[tuple[str, ...], float]]:
        parts: list[dict[tuple[str, ...], float]] = [{} for _ in range(LONGEST)]
        for gram, count in grams.items():
            parts[len(gram) - 1][gram] = count * (rarity - math.log(max(1, pictures_with[gram])))
        return parts

    scores = []
    for caption, some in zip(captions, told, strict=True):
        grams = _grams(caption)
        said = weighed(grams)
        alike = [_alike(said, _length(grams), weighed(reference), _length(reference)) for reference in some]
        scores.append(10 * sum(alike) / len(alike))
    return scores


def _alike(
    said: Sequence[dict[tuple[str, ...], float]], said_words: int,
    reference: Sequence[dict[tuple[str, ...], float]], reference_words: int,
) -> float:  # fmt: skip
    """Return the mean cosine over the lengths of n-grams, of which no more count than the reference has."""
    cosines = []
    for one, two in zip(said, reference, strict=True):
        shared = sum(min(weight, two[gram]) * two[gram] for gram, weight in one.items() if gram in two)
        lengths = math.hypot(*one.values()) * math.hypot(*two.values())
        cosines.append(shared / lengths if lengths else 0.0)
    return sum(cosines) / LONGEST * math.exp(-((said_words - reference_words) ** 2) / (2 * SIGMA**2))


def _grams(text: str) -> Grams:
    words = re.findall(r"[\w'-]+", text.lower())
    return Counter(
        tuple(words[start : start + n]) for n in range(1, LONGEST + 1) for start in range(len(words) - n + 1)
    )


def _length(grams: Grams) -> int:
    return sum(count for gram, count in grams.items() if len(gram) == 1)
