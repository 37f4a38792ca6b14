"""The painter's words: tokens of a prompt and a change, and the states of the text encoder.

Dimensions: B batch, L tokens, D text width.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from torch import Tensor
from transformers import PreTrainedTokenizerFast, SiglipTextConfig, SiglipTextModel

from captioner.packing import load_model

MAX_TOKENS = 128
PAD, BEGIN, CHANGE, END = "<pad>", "<begin>", "<change>", "<end>"


def train_tokenizer(texts: Iterable[str], entries: int = 2048) -> PreTrainedTokenizerFast:
    """Return a byte-level BPE tokenizer trained on texts; any text at all can be encoded with it."""
    core = Tokenizer(models.BPE())
    core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    core.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=entries,
        special_tokens=[PAD, BEGIN, CHANGE, END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    core.train_from_iterator(texts, trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=core,
        pad_token=PAD,
        bos_token=BEGIN,
        eos_token=END,
        additional_special_tokens=[CHANGE],
        model_max_length=MAX_TOKENS,
    )


def load_tokenizer(folder: Path) -> PreTrainedTokenizerFast:
    return PreTrainedTokenizerFast.from_pretrained(folder)


def tokenize(
    tokenizer: PreTrainedTokenizerFast, prompts: Sequence[str], changes: Sequence[str]
) -> tuple[Tensor, Tensor]:
    """Return tokens (B, L) int64 and which of them are real (B, L) bool; L is a multiple of 16, at most MAX_TOKENS.

    A row is <begin> prompt <change> change <end>, with an empty prompt or change left empty. A prompt that is too
    long loses its last words, never the change.
    """
    begin, mark, end = tokenizer.convert_tokens_to_ids([BEGIN, CHANGE, END])
    rows = []
    encoded = tokenizer([*(p.lower() for p in prompts), *(c.lower() for c in changes)], add_special_tokens=False)
    for prompt, change in zip(encoded["input_ids"][: len(prompts)], encoded["input_ids"][len(prompts) :], strict=True):
        tail = [mark, *change[: MAX_TOKENS // 2], end] if change else [end]
        rows.append([begin, *prompt[: MAX_TOKENS - 1 - len(tail)], *tail])
    length = min(MAX_TOKENS, -(-max(map(len, rows)) // 16) * 16)
    tokens = torch.full((len(rows), length), tokenizer.pad_token_id)
    for index, row in enumerate(rows):
        tokens[index, : len(row)] = torch.tensor(row)
    lengths = torch.tensor([len(row) for row in rows])
    return tokens, torch.arange(length)[None] < lengths[:, None]


def new_text_encoder(
    entries: int, ends: Sequence[int] = (), width: int = 256, layers: int = 4, sentence_layers: int = 3
) -> SiglipTextModel:
    """Return an untrained SigLIP text tower of our size; eager attention is the fastest here on a CPU.

    Args:
        entries: how many tokens the tokenizer has.
        ends: those of them after which another sentence begins; see `text_states`.
    """
    config = SiglipTextConfig(
        vocab_size=entries,
        hidden_size=width,
        intermediate_size=4 * width,
        num_hidden_layers=layers,
        num_attention_heads=width // 64,
        max_position_embeddings=MAX_TOKENS,
        projection_size=width,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=3,
        attn_implementation="eager",
        sentence_layers=sentence_layers,
        sentence_ends=list(ends),
    )
    return SiglipTextModel(config)


def sentence_ends(tokenizer: PreTrainedTokenizerFast) -> list[int]:
    """Return the tokens after which another sentence begins."""
    ends: list[int] = tokenizer.convert_tokens_to_ids([".", "!", "?", ";", CHANGE])
    return ends


def load_text_encoder(folder: Path) -> SiglipTextModel:
    """Return a saved text encoder, in single precision."""
    if not (folder / "config.json").exists():
        raise FileNotFoundError(folder / "config.json")
    encoder: SiglipTextModel = load_model(SiglipTextModel, folder, attn_implementation="eager")
    return encoder


def deepened(encoder: SiglipTextModel, layers: int, ends: Sequence[int], sentence_layers: int = 3) -> SiglipTextModel:
    """Return the encoder with new layers on top, `layers` in all; the first `sentence_layers` now see one sentence.

    The new layers change nothing at first; that the others see less does, so that lessons should follow
    (`generation.training.lessons`). An encoder that has as many layers already is returned as it is.
    """
    old = len(encoder.encoder.layers)
    if old >= layers:
        return encoder
    config = copy.deepcopy(encoder.config)
    config.num_hidden_layers, config.sentence_layers = layers, sentence_layers
    config.sentence_ends = list(ends)
    deeper = SiglipTextModel(config)
    deeper.load_state_dict(encoder.state_dict(), strict=False)
    for layer in deeper.encoder.layers[old:]:
        for last in (layer.self_attn.out_proj, layer.mlp.fc2):
            torch.nn.init.zeros_(last.weight)
            torch.nn.init.zeros_(last.bias)
    return deeper


def text_states(encoder: SiglipTextModel, tokens: Tensor, is_real: Tensor) -> Tensor:
    """Return the encoder's states (B, L, D).

    The first `config.sentence_layers` layers let a token see its own sentence alone: there a colour and a side belong
    to the thing that they are said of. (Last instead of first, they learned no side: what a token brings along from
    layers that see everything is already mixed.) With none of them this is the SigLIP tower as it stands.
    """
    alone = int(getattr(encoder.config, "sentence_layers", 0))
    states = encoder.embeddings(input_ids=tokens)
    seen = is_real[:, None, None].expand(-1, 1, tokens.shape[1], -1)
    everywhere = _bias(seen, states)
    if alone:
        sentence = sentence_ids(tokens, encoder.config.sentence_ends)
        within = _bias(seen & (sentence[:, None, :, None] == sentence[:, None, None]), states)
    for index, layer in enumerate(encoder.encoder.layers):
        states = layer(states, within if index < alone else everywhere)
    final: Tensor = encoder.final_layer_norm(states)
    return final


def sentence_ids(tokens: Tensor, ends: Sequence[int]) -> Tensor:
    """Return the number (B, L) of the sentence that each token is in; what ends a sentence is in it."""
    last = torch.isin(tokens, torch.tensor(list(ends), device=tokens.device))
    return last.cumsum(1) - last.long()


def _bias(seen: Tensor, states: Tensor) -> Tensor:
    """Return what attention adds to its scores (B, 1, L, L): nothing where a token is seen, else very much less."""
    bias = torch.zeros(seen.shape, dtype=states.dtype, device=states.device)
    return bias.masked_fill(~seen, torch.finfo(torch.bfloat16).min)
