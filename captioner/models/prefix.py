"""A captioner round somebody else's language model: what the image encoder saw is read before the caption's first word.

The same two losses as CoCa's: the language model reads a text alone for its feature, and behind the picture's prefix to
tell the next token. A prefix rather than cross-attention, so that any causal language model of transformers will do as
it is, frozen or trained (arXiv:2106.13884; arXiv:2111.09734).

Dimensions: B batch, N image states, P prefix tokens, L tokens, D the language model's width, E feature width,
V vocabulary.
"""

from __future__ import annotations

import math
from typing import Any, Self

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import PreTrainedModel

from captioner.models.caches import Context, LanguageCache
from captioner.models.coca import AttentionalPooler, CocaConfig, CocaModel, image_tower_of


class PrefixConfig(CocaConfig):
    """As `CocaConfig`, with the configuration of a language model, `model_type` included, in place of text halves.

    `own_tokens` are the language model's own; those from there to `vocab_size` (padding, the names of tasks) are ours.
    """

    model_type = "limner_prefix"

    def __init__(
        self, text_decoder: dict[str, Any] | None = None, prefix_tokens: int = 32, own_tokens: int = 0, **kwargs: Any
    ):
        self.text_decoder = text_decoder or {"model_type": "gpt2"}
        self.prefix_tokens = prefix_tokens
        self.own_tokens = own_tokens
        super().__init__(**kwargs)


class PrefixCaptioner(PreTrainedModel):
    """What `CocaModel` does, in the same calls, with a language model for both text halves."""

    config_class = PrefixConfig
    main_input_name = "pixel_values"

    def __init__(self, config: PrefixConfig):
        from transformers import AutoConfig, AutoModelForCausalLM

        super().__init__(config)
        self.image_tower = image_tower_of(config)
        self.image_pooler = AttentionalPooler(config.width, config.heads, config.image_width)
        self.image_projection = nn.Linear(config.width, config.feature_width, bias=False)
        self.prefix_pooler = AttentionalPooler(config.width, config.heads, config.image_width, config.prefix_tokens)
        self.decoder = AutoModelForCausalLM.from_config(AutoConfig.for_model(**config.text_decoder))
        width = self.decoder.get_input_embeddings().weight.shape[1]
        self.prefix_out = nn.Linear(config.width, width)
        self.own = nn.Embedding(config.vocab_size - config.own_tokens, width)
        self.summary = nn.Parameter(torch.randn(width))
        self.text_projection = nn.Linear(width, config.feature_width, bias=False)
        self.log_scale = nn.Parameter(torch.tensor(math.log(1 / 0.07)))
        self.post_init()

    def _init_weights(self, module: nn.Module) -> None:
        """Leave all as the constructors made it."""

    def train(self, mode: bool = True) -> Self:
        """Leave the language model without dropout, whose draws no checkpoint keeps."""
        super().train(mode)
        self.decoder.eval()
        return self

    @torch.no_grad()
    def fit_scale(self) -> None:
        """Begin with a prefix, tokens and a summary of the size that the language model's own embeddings have."""
        size = float(self.decoder.get_input_embeddings().weight.std())
        nn.init.normal_(self.prefix_out.weight, std=size / self.config.width**0.5)
        nn.init.zeros_(self.prefix_out.bias)
        nn.init.normal_(self.own.weight, std=size)
        nn.init.normal_(self.summary, std=size)

    def encode_pictures(self, pictures: Tensor) -> Tensor:
        """Return the image states (B, N, image width) of pictures (B, 3, H, W), −1 to 1."""
        states: Tensor = self.image_tower(pictures)
        return states

    def picture_features(self, states: Tensor) -> Tensor:
        """Return features (B, E) of length 1 of image states."""
        return F.normalize(self.image_projection(self.image_pooler(states)[:, 0]).float(), dim=-1)

    def encode_text(self, tokens: Tensor, is_real: Tensor) -> tuple[Tensor, Tensor]:
        """Return the tokens' embeddings (B, L, D) and the texts' features (B, E) of length 1.

        A learned token right behind each text gathers its feature, as in `CocaModel`; no other sees it, as the language
        model is causal.

        Args:
            tokens: (B, L) int64, padded on the right.
            is_real: (B, L) bool, False on padding.
        """
        embedded = self.embedded(tokens)
        places = torch.arange(tokens.shape[1] + 1, device=tokens.device)
        behind = places[None] == is_real.sum(1, keepdim=True)
        x = torch.where(behind[..., None], self.summary.to(embedded.dtype), F.pad(embedded, (0, 0, 0, 1)))
        states = self.decoder.base_model(inputs_embeds=x, use_cache=False).last_hidden_state
        return embedded, F.normalize(self.text_projection(states[behind]).float(), dim=-1)

    def prepare_context(self, states: Tensor) -> Context:
        """Return the prefix (B, P, D) of image states."""
        return [(self.prefix_out(self.prefix_pooler(states)),)]

    def decode(self, text_states: Tensor, context: Context) -> Tensor:
        """Return the last states (B, L, D) of embedded tokens, each of which tells the next token."""
        x = self._behind_prefix(text_states, context)
        states: Tensor = self.decoder.base_model(inputs_embeds=x, use_cache=False).last_hidden_state
        return states[:, -text_states.shape[1] :]

    def new_cache(self, context: Context, room: int) -> LanguageCache:
        return LanguageCache()

    def next_states(self, tokens: Tensor, place: int, context: Context, cache: Any) -> Tensor:
        """Return the last states (B, L, D) of tokens (B, L) that begin at a place."""
        x = self.embedded(tokens)
        if place == 0:
            x = self._behind_prefix(x, context)
        told = self.decoder.base_model(inputs_embeds=x, past_key_values=cache.kept, use_cache=True)
        states: Tensor = told.last_hidden_state
        return states[:, -tokens.shape[1] :]

    def logits(self, states: Tensor) -> Tensor:
        """Return logits (…, V) of the next token; ours are never told."""
        head = self.decoder.get_output_embeddings()
        bias = None if head.bias is None else head.bias.to(states.dtype)
        told = F.linear(states, head.weight.to(states.dtype), bias)
        config = self.decoder.config
        told = told * (getattr(config, "logit_scale", None) or 1) / (getattr(config, "logits_scaling", None) or 1)
        if cap := getattr(config, "final_logit_softcapping", None):
            told = cap * torch.tanh(told / cap)
        own = self.config.own_tokens
        return F.pad(told[..., :own], (0, self.config.vocab_size - own), value=-torch.inf)

    def embedded(self, tokens: Tensor) -> Tensor:
        """Return the embeddings (B, L, D) of tokens (B, L), the language model's and ours."""
        own = self.config.own_tokens
        theirs = self.decoder.get_input_embeddings()(tokens.clamp(max=own - 1))
        ours = self.own((tokens - own).clamp(min=0)).to(theirs.dtype)
        return torch.where((tokens >= own)[..., None], ours, theirs)

    def _behind_prefix(self, x: Tensor, context: Context) -> Tensor:
        prefix = context[0][0]
        return torch.cat((prefix.to(x.dtype), x), 1)


AnyCoca = CocaModel | PrefixCaptioner
