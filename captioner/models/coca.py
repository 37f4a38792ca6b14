"""CoCa (arXiv:2205.01917): an image encoder, a unimodal and a multimodal text half, in one transformers model.

The unimodal half reads text alone and gives the text's feature; the multimodal half reads its states and, by
cross-attention, the picture, and tells the next token. Knows no files, captions or training.

Dimensions: B batch, H = W pixels, N image states, L tokens, D text width, E feature width, V vocabulary.
"""

from __future__ import annotations

import math
from typing import Any, Protocol, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import PretrainedConfig, PreTrainedModel

from captioner.models.caches import Context
from captioner.models.layers import Attention, FeedForward
from captioner.models.steps import CaptionSteps
from captioner.models.tower import PictureTower, PretrainedTower

MAX_TOKENS = 128


class KeyValueCache(Protocol):
    """Keeps each layer's keys and values (B, A, L, D/A) between tokens; transformers' caches are such."""

    def update(self, key: Tensor, value: Tensor, layer: int) -> tuple[Tensor, Tensor]:
        """Add those of new tokens to a layer's and return all of them."""
        ...


class CocaConfig(PretrainedConfig):
    """What a model is made of; the defaults are the embedded captioner's.

    `image_tower` says what a pretrained image encoder in place of our own is built of, as `PretrainedTower` takes it.
    """

    model_type = "limner_coca"

    def __init__(
        self,
        vocab_size: int = 2048,
        image_size: int = 128,
        near_width: int = 128,
        near_layers: int = 2,
        image_width: int = 256,
        image_layers: int = 4,
        width: int = 192,
        heads: int = 3,
        unimodal_layers: int = 2,
        multimodal_layers: int = 3,
        feature_width: int = 192,
        max_tokens: int = MAX_TOKENS,
        world_version: int = 0,
        world_setting: str = "",
        image_tower: dict[str, Any] | None = None,
        **kwargs: Any,
    ):
        self.vocab_size = vocab_size
        self.image_size = image_size
        self.near_width = near_width
        self.near_layers = near_layers
        self.image_width = image_width
        self.image_layers = image_layers
        self.width = width
        self.heads = heads
        self.unimodal_layers = unimodal_layers
        self.multimodal_layers = multimodal_layers
        self.feature_width = feature_width
        self.max_tokens = max_tokens
        self.world_version = world_version
        self.world_setting = world_setting
        self.image_tower = image_tower
        super().__init__(**kwargs)


class TextBlock(nn.Module):
    """Causal self-attention, cross-attention to the picture where there is a context, and a feed-forward layer."""

    def __init__(self, width: int, heads: int, context_width: int | None = None):
        super().__init__()
        self.norm = nn.LayerNorm(width, eps=1e-6)
        self.attention = Attention(width, heads, quick=True)
        if context_width:
            self.cross_norm = nn.LayerNorm(width, eps=1e-6)
            self.cross_attention = Attention(width, heads, context_width, quick=True)
        self.feed_norm = nn.LayerNorm(width, eps=1e-6)
        self.feed_forward = FeedForward(width, 3 * width)

    def forward(
        self,
        x: Tensor,
        bias: Tensor | None,
        context: tuple[Tensor, ...] | None = None,
        cache: KeyValueCache | None = None,
        layer: int = 0,
    ) -> Tensor:
        y = self.norm(x)
        key, value = self.attention.keys_values(y)
        if cache is not None:
            key, value = cache.update(key, value, layer)
        x = x + self.attention(y, (key, value), bias)
        if context is not None:
            x = x + self.cross_attention(self.cross_norm(x), (context[0], context[1]))
        return x + self.feed_forward(self.feed_norm(x))


class AttentionalPooler(nn.Module):
    """Learned queries that attend to the image states; one of them gives a picture's feature (CoCa, section 3.2)."""

    def __init__(self, width: int, heads: int, context_width: int, queries: int = 1):
        super().__init__()
        self.queries = nn.Parameter(torch.randn(queries, width) * 0.5)
        self.attention = Attention(width, heads, context_width, quick=True)
        self.norm = nn.LayerNorm(width, eps=1e-6)

    def forward(self, states: Tensor) -> Tensor:
        """Return (B, queries, D) of states (B, N, image width)."""
        asked = self.queries.to(states.dtype).expand(len(states), -1, -1)
        return self.norm(self.attention(asked, self.attention.keys_values(states)))


def image_tower_of(config: CocaConfig) -> nn.Module:
    """Return the image encoder that a configuration names, with random weights."""
    if config.image_tower is not None:
        return PretrainedTower(**config.image_tower)
    return PictureTower(config.near_width, config.near_layers, config.image_width, config.image_layers)


class CocaModel(PreTrainedModel):
    """Tells pictures and texts as features that match, and captions as logits of their next tokens.

    The embedded image encoder ends in so few tokens that the multimodal half reads them all; the pooler of the
    captioning half, which CoCa has for that, would only lose their places.
    """

    config_class = CocaConfig
    main_input_name = "pixel_values"
    _no_split_modules = ("TowerBlock", "TextBlock")

    def __init__(self, config: CocaConfig):
        super().__init__(config)
        width, heads = config.width, config.heads
        self.image_tower = image_tower_of(config)
        self.image_pooler = AttentionalPooler(width, heads, config.image_width)
        self.image_projection = nn.Linear(width, config.feature_width, bias=False)
        self.tokens = nn.Embedding(config.vocab_size, width)
        self.places = nn.Embedding(config.max_tokens, width)
        nn.init.normal_(self.tokens.weight, std=width**-0.5)
        nn.init.normal_(self.places.weight, std=0.1)
        self.summary = nn.Parameter(torch.randn(width))
        self.unimodal_blocks = nn.ModuleList([TextBlock(width, heads) for _ in range(config.unimodal_layers)])
        self.text_norm = nn.LayerNorm(width, eps=1e-6)
        self.text_projection = nn.Linear(width, config.feature_width, bias=False)
        multimodal = [TextBlock(width, heads, config.image_width) for _ in range(config.multimodal_layers)]
        self.multimodal_blocks = nn.ModuleList(multimodal)
        self.norm = nn.LayerNorm(width, eps=1e-6)
        self.log_scale = nn.Parameter(torch.tensor(math.log(1 / 0.07)))
        self.post_init()

    def _init_weights(self, module: nn.Module) -> None:
        """Leave all as the constructors made it."""

    def encode_pictures(self, pictures: Tensor) -> Tensor:
        """Return the image states (B, N, image width) of pictures (B, 3, H, W), −1 to 1."""
        states: Tensor = self.image_tower(pictures)
        return states

    def picture_features(self, states: Tensor) -> Tensor:
        """Return features (B, E) of length 1 of image states."""
        return F.normalize(self.image_projection(self.image_pooler(states)[:, 0]).float(), dim=-1)

    def encode_text(self, tokens: Tensor, is_real: Tensor) -> tuple[Tensor, Tensor]:
        """Return the unimodal half's states (B, L, D) and the texts' features (B, E) of length 1.

        A learned token behind each text gathers its feature (CoCa, section 3.2); no other sees it.

        Args:
            tokens: (B, L) int64, padded on the right.
            is_real: (B, L) bool, False on padding.
        """
        length = tokens.shape[1]
        x = torch.cat((self._embedded(tokens, 0), self.summary.expand(len(tokens), 1, -1)), 1)
        lowest = torch.finfo(torch.bfloat16).min
        bias = causal_bias(length + 1, length + 1, x.device).expand(len(tokens), 1, -1, -1).clone()
        bias[:, 0, -1, :-1] = torch.zeros(is_real.shape, device=x.device).masked_fill(~is_real, lowest)
        for block in self.unimodal_blocks:
            x = block(x, bias.to(x.dtype))
        summary = F.normalize(self.text_projection(self.text_norm(x[:, -1])).float(), dim=-1)
        return x[:, :-1], summary

    def decode(self, text_states: Tensor, context: Context) -> Tensor:
        """Return the multimodal half's last states (B, L, D) from the unimodal half's."""
        x = text_states
        bias = causal_bias(x.shape[1], x.shape[1], x.device).to(x.dtype)
        for block, picture in zip(self.multimodal_blocks, context, strict=True):
            x = block(x, bias, picture)
        return self.norm(x)

    def next_states(self, tokens: Tensor, place: int, context: Context, cache: Any) -> Tensor:
        """Return the last states (B, L, D) of tokens (B, L) that begin at a place, through both halves.

        Args:
            cache: of `new_cache`, which takes one token at a time, or a `KeyValueCache`.
        """
        if isinstance(cache, CaptionSteps):
            return cache.next_states(tokens, place, context)
        x = self._embedded(tokens, place)
        length = tokens.shape[1]
        bias = causal_bias(length, place + length, x.device).to(x.dtype) if length > 1 else None
        for layer, block in enumerate(self.unimodal_blocks):
            x = block(x, bias, None, cache, layer)
        first = len(self.unimodal_blocks)
        for layer, (block, picture) in enumerate(zip(self.multimodal_blocks, context, strict=True)):
            x = block(x, bias, picture, cache, first + layer)
        return self.norm(x)

    def new_cache(self, context: Context, room: int) -> CaptionSteps:
        """Return what tells captions of so many tokens one by one, with a row for each of the context's."""
        return CaptionSteps(self, context, room)

    def prepare_context(self, states: Tensor) -> Context:
        """Return each multimodal layer's keys and values of the image states, the same for every token."""
        blocks = (cast(TextBlock, block) for block in self.multimodal_blocks)
        keys_values = (block.cross_attention.keys_values(states) for block in blocks)
        return [(key.contiguous(), value.contiguous()) for key, value in keys_values]  # they are read at every token

    def logits(self, states: Tensor) -> Tensor:
        """Return logits (…, V) of the next token; the table of tokens is read backwards."""
        return F.linear(states, self.tokens.weight.to(states.dtype))

    def _embedded(self, tokens: Tensor, place: int) -> Tensor:
        places = torch.arange(place, place + tokens.shape[1], device=tokens.device)
        return self.tokens(tokens) * self.config.width**0.5 + self.places(places)


def causal_bias(rows: int, columns: int, device: torch.device) -> Tensor:
    """Return (rows, columns) for the last tokens of a sequence: 0 where each may look, very low at what comes after."""
    after = torch.arange(columns, device=device) > torch.arange(columns - rows, columns, device=device)[:, None]
    return torch.zeros(rows, columns, device=device).masked_fill(after, torch.finfo(torch.bfloat16).min)
