"""The captioner's words: byte-level BPE in which the fixed phrases of the picture world may be tokens of their own.

A row is <task> words <end>; the task (alt text, short or descriptive) tells which kind of caption is meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal

import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
from torch import Tensor
from transformers import PreTrainedTokenizerFast

Task = Literal["alt", "short", "descriptive"]
PAD, END = "<pad>", "<end>"
TASKS: dict[Task, str] = {"alt": "<alt>", "short": "<short>", "descriptive": "<descriptive>"}
LEAST_SHARE = 0.002
"""A phrase is one token if it comes up in this share of the texts, at least."""


def train_tokenizer(
    texts: Sequence[str], entries: int = 2048, phrases: Iterable[str] = (), max_tokens: int = 128
) -> PreTrainedTokenizerFast:
    """Return a tokenizer learned from texts; any text at all can be encoded with it, and comes back as it was.

    Args:
        entries: of the vocabulary, at most, phrases included.
        phrases: of several words, to be one token each where the texts have them often.
    """
    joined = "\n".join(texts)
    kept = [phrase for phrase in dict.fromkeys(phrases) if joined.count(phrase) >= LEAST_SHARE * len(texts)]
    core = Tokenizer(models.BPE())
    core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    core.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=entries - len(kept),
        special_tokens=[PAD, END, *TASKS.values()],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    core.train_from_iterator(texts, trainer)
    core.add_tokens([AddedToken(phrase, normalized=False, special=False) for phrase in kept])
    return PreTrainedTokenizerFast(
        tokenizer_object=core,
        pad_token=PAD,
        eos_token=END,
        additional_special_tokens=list(TASKS.values()),
        clean_up_tokenization_spaces=False,
        model_max_length=max_tokens,
    )


def phrases_of(table: object) -> Iterator[str]:
    """Yield every phrase of several words in nested tables of words, as it stands in a text and at its beginning."""
    if isinstance(table, str):
        if " " in table.strip() and len(table) < 60:
            capital = table[0].upper() + table[1:]
            yield from (" " + table, " " + capital, capital)
    elif isinstance(table, dict):
        for key, value in table.items():
            if not str(key).startswith("__"):
                yield from phrases_of(value)
    elif isinstance(table, (tuple, list)):
        for value in table:
            yield from phrases_of(value)


def load_tokenizer(folder: Path) -> PreTrainedTokenizerFast:
    return PreTrainedTokenizerFast.from_pretrained(folder)


def tokenize(
    tokenizer: PreTrainedTokenizerFast, texts: Sequence[str], tasks: Sequence[Task], max_tokens: int = 128
) -> tuple[Tensor, Tensor]:
    """Return tokens (B, L) int64 and which of them are real (B, L) bool; L is a multiple of 8, plus 1.

    A text that is too long loses its last words and its <end>, so that none is learned to end in the middle.
    """
    first = tokenizer.convert_tokens_to_ids([TASKS[task] for task in tasks])
    encoded = tokenizer(list(texts), add_special_tokens=False)["input_ids"]
    end = tokenizer.eos_token_id
    rows = [[task, *text, end][: max_tokens + 1] for task, text in zip(first, encoded, strict=True)]
    length = -(-(max(map(len, rows)) - 1) // 8) * 8 + 1
    tokens = torch.full((len(rows), length), tokenizer.pad_token_id)
    for index, row in enumerate(rows):
        tokens[index, : len(row)] = torch.tensor(row)
    lengths = torch.tensor([len(row) for row in rows])
    return tokens, torch.arange(length)[None] < lengths[:, None]
