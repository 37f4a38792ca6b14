"""CoCa's two losses (arXiv:2205.01917, equations 1 and 2): tensors in, scalar out. No models, data or logging.

Dimensions: B batch, L caption tokens, V vocabulary, E feature width.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def caption_loss(logits: Tensor, wanted: Tensor) -> Tensor:
    """Return the mean cross-entropy, in nats per real token.

    Args:
        logits: (R, V) float, one row for each real token of the batch.
        wanted: (R,) int64, the token that each row should tell.

    Raises:
        ValueError: the shapes disagree.
    """
    if logits.ndim != 2 or wanted.shape != logits.shape[:1]:
        raise ValueError(f"caption_loss needs logits (R, V) and wanted (R); got {logits.shape} and {wanted.shape}")
    return F.cross_entropy(logits, wanted)


def contrastive_loss(pictures: Tensor, texts: Tensor, scale: Tensor, same: Tensor | None = None) -> Tensor:
    """Return the mean cross-entropy, in nats, of finding each picture's text among all of the batch, and the reverse.

    Args:
        pictures, texts: (B, E), of length 1; row i of the one belongs to row i of the other.
        scale: what similarities are multiplied by, the inverse of a temperature.
        same: (B, B) bool, true where two rows have the same text: neither is then wrong for the other.

    Raises:
        ValueError: the shapes disagree.
    """
    if pictures.shape != texts.shape or pictures.ndim != 2:
        raise ValueError(f"contrastive_loss needs two of (B, E); got {pictures.shape} and {texts.shape}")
    scores = scale * pictures @ texts.T
    own = torch.arange(len(scores), device=scores.device)
    if same is not None:
        twins = same & (own[:, None] != own)
        scores = scores.masked_fill(twins, torch.finfo(scores.dtype).min)
    return (F.cross_entropy(scores, own) + F.cross_entropy(scores.T, own)) / 2
