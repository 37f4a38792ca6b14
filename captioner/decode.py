"""Captions from image states: greedy decoding with a cache of keys and values. Knows no files.

Dimensions: B batch, H = W pixels, A heads, L tokens, D width.
"""

from __future__ import annotations

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerFast

from captioner.models.coca import CocaModel
from captioner.tokenizer import TASKS, Task


class RoomyCache:
    """Keys and values of all layers in tensors that have room for the whole caption from the start."""

    def __init__(self, layers: int, batch: int, heads: int, room: int, head_width: int, dtype: torch.dtype):
        shape = (2, layers, batch, heads, room, head_width)
        self.kept = torch.zeros(shape, dtype=dtype)
        self.length = 0

    def update(self, key: Tensor, value: Tensor, layer: int) -> tuple[Tensor, Tensor]:
        end = self.length + key.shape[2]
        self.kept[0, layer, :, :, self.length : end] = key
        self.kept[1, layer, :, :, self.length : end] = value
        return self.kept[0, layer, :, :, :end], self.kept[1, layer, :, :, :end]


@torch.inference_mode()
def greedy(
    coca: CocaModel, tokenizer: PreTrainedTokenizerFast, pictures: Tensor, task: Task, max_tokens: int = 128
) -> list[str]:
    """Return the likeliest caption, token by token, of each picture (B, 3, H, W) in −1 to 1."""
    config = coca.config
    end = tokenizer.eos_token_id
    count, layers = len(pictures), config.unimodal_layers + config.multimodal_layers
    with torch.autocast("cpu", torch.bfloat16):
        context = coca.prepare_context(coca.encode_pictures(pictures))
        cache = RoomyCache(layers, count, config.heads, max_tokens, config.width // config.heads, context[0][0].dtype)
        last = torch.full((count, 1), tokenizer.convert_tokens_to_ids(TASKS[task]))
        told = torch.full((count, max_tokens), tokenizer.pad_token_id)
        going = torch.ones(count, dtype=torch.bool)
        for place in range(max_tokens):
            states = coca.next_states(last, place, context, cache)
            cache.length += 1
            last = coca.logits(states[:, -1]).argmax(-1, keepdim=True)
            going &= last[:, 0] != end
            if not going.any():
                break
            told[:, place] = torch.where(going, last[:, 0], tokenizer.pad_token_id)
    return [tokenizer.decode(row, skip_special_tokens=True).strip() for row in told]
