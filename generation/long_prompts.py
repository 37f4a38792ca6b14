"""Descriptions longer than CLIP's 77 tokens, for the pipelines that read by CLIP alone (Stable Diffusion, SDXL).

Such a text is read in pieces of 75 tokens, each between its own begin and end, whose embeddings stand one after
another; cross-attention takes any length. So do the usual interfaces to these models; diffusers itself cuts the text.

Dimensions: P pieces, L 77 tokens, D width of the embeddings.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor


def is_long(pipeline: Any, prompt: str) -> bool:
    """Say whether a prompt is longer than a pipeline reads, where that is for CLIP's sake alone."""
    parts = pipeline.components
    encoders = [type(part).__name__ for name, part in parts.items() if name.startswith("text_encoder") and part]
    if not encoders or any(not name.startswith("CLIPText") for name in encoders) or "unet" not in parts:
        return False
    return len(_tokens(parts["tokenizer"], prompt)) > _room(parts["tokenizer"])


def embeddings_of(pipeline: Any, prompt: str) -> dict[str, Tensor]:
    """Return the arguments that stand in for a long prompt: its embeddings (1, P * L, D) and those of no words.

    With two encoders (SDXL) their last but one layers stand side by side, and the pooled words of the second's first
    piece describe the whole, as in the pipeline's own `encode_prompt`.
    """
    parts = pipeline.components
    encoders = [(parts["tokenizer"], parts["text_encoder"])]
    if parts.get("text_encoder_2") is not None:
        encoders.append((parts["tokenizer_2"], parts["text_encoder_2"]))
    count = max(len(_pieces(tokenizer, prompt)) for tokenizer, _ in encoders)
    given: dict[str, Tensor] = {}
    for role, text in (("prompt", prompt), ("negative_prompt", "")):
        read = [_read(tokenizer, encoder, text, count, len(encoders) > 1) for tokenizer, encoder in encoders]
        given[f"{role}_embeds"] = torch.cat([embedded for embedded, _ in read], -1)
        if len(encoders) > 1:
            given[f"{role.replace('prompt', 'pooled_prompt')}_embeds"] = read[-1][1]
    if len(encoders) > 1 and pipeline.config.get("force_zeros_for_empty_prompt"):
        for name in ("negative_prompt_embeds", "negative_pooled_prompt_embeds"):
            given[name] = torch.zeros_like(given[name])
    return given


def _read(tokenizer: Any, encoder: Any, text: str, count: int, penultimate: bool) -> tuple[Tensor, Tensor]:
    """Return a text's embeddings (1, P * L, D) over `count` pieces, and the pooled ones of the first (1, D)."""
    pieces = _pieces(tokenizer, text)
    pieces += [[]] * (count - len(pieces))
    begin, end = tokenizer.bos_token_id, tokenizer.eos_token_id
    pad = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else end
    rows = [[begin, *piece, end, *[pad] * (_room(tokenizer) - len(piece))] for piece in pieces]
    with torch.inference_mode():
        read = encoder(torch.tensor(rows, device=encoder.device), output_hidden_states=True)
    embedded = read.hidden_states[-2] if penultimate else read[0]
    return embedded.flatten(0, 1)[None], read[0][:1]


def _pieces(tokenizer: Any, text: str) -> list[list[int]]:
    tokens, room = _tokens(tokenizer, text), _room(tokenizer)
    return [tokens[at : at + room] for at in range(0, len(tokens), room)] or [[]]


def _tokens(tokenizer: Any, text: str) -> list[int]:
    return list(tokenizer(text, add_special_tokens=False, truncation=False, verbose=False)["input_ids"])


def _room(tokenizer: Any) -> int:
    return int(tokenizer.model_max_length) - 2
