"""What a language model remembers of the tokens that it has told, and what any captioner knows of its pictures."""

from __future__ import annotations

from torch import Tensor
from transformers import DynamicCache

Context = list[tuple[Tensor, ...]]
"""What a model needs of the pictures at every token: for each layer that looks at them, or before the first word."""


class LanguageCache:
    """The cache of a language model of transformers, which counts its own tokens; `length` is the caption's."""

    def __init__(self) -> None:
        self.kept = DynamicCache()
        self.length = 0

    def select(self, rows: Tensor) -> None:
        """Keep these rows, as `CaptionSteps.select`."""
        self.kept.batch_select_indices(rows)
