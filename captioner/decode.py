"""Captions from pictures, token by token: greedy, nucleus and beam, with a cache of keys and values. Knows no files.

Dimensions: B pictures, R rows in the batch (B at first; some leave, of beams there are several a picture), H = W
pixels, A heads, L tokens, D width, V vocabulary.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerFast

from captioner.models.prefix import AnyCoca
from captioner.request import Decoding
from captioner.tokenizer import TASKS, Task

LEAVE_AT = 0.125
"""Rows that ended leave the batch once they are this share of it: moving the others' keys and values costs too."""


class Teller:
    """Tells the next token of many rows at once: the model, its context of the pictures, and the cache of the rows."""

    def __init__(self, coca: AnyCoca, tokenizer: PreTrainedTokenizerFast, pictures: Tensor, room: int):
        self.coca = coca
        self.context = coca.prepare_context(coca.encode_pictures(pictures.to(coca.dtype)))
        self.pictures = list(range(len(pictures)))
        self.cache: Any = coca.new_cache(self.context, room)
        self.banned = torch.zeros(coca.config.vocab_size, dtype=torch.bool, device=self.context[0][0].device)
        # Padding, the names of tasks, and entries that only round the table up are never words of a caption.
        self.banned[[tokenizer.pad_token_id, *tokenizer.convert_tokens_to_ids(list(TASKS.values()))]] = True
        self.banned[len(tokenizer) :] = True

    def next_logits(self, last: Tensor) -> Tensor:
        """Return logits (R, V), in single precision, of what follows the rows' last tokens (R, 1)."""
        states = self.coca.next_states(last, self.cache.length, self.context, self.cache)
        self.cache.length += 1
        with torch.autocast(states.device.type, enabled=False):  # in bfloat16 many words would tie
            logits = self.coca.logits(states[:, -1].float())
        return logits.masked_fill(self.banned, -torch.inf)

    def select(self, rows: list[int]) -> None:
        """Keep these rows of the batch, as the cache's `select`; `pictures` tells which picture each is of."""
        if rows == list(range(len(self.pictures))):
            return
        taken = torch.tensor(rows, device=self.banned.device)
        pictures = [self.pictures[row] for row in rows]
        if pictures != self.pictures:
            self.context = [tuple(each[taken] for each in layer) for layer in self.context]
        self.pictures = pictures
        self.cache.select(taken)


@torch.inference_mode()
def tell(
    coca: AnyCoca,
    tokenizer: PreTrainedTokenizerFast,
    pictures: Tensor,
    task: Task,
    decoding: Decoding = Decoding(),
    seeds: Sequence[int] | None = None,
) -> list[str]:
    """Return a caption of each picture.

    A picture's caption does not depend on which others are in the batch, up to the rounding of sums, which two words
    that are all but equally likely may feel. Captions of one task are about equally long: batches are best of one.

    Args:
        pictures: (B, 3, H, W), −1 to 1.
        decoding: how; a model in single precision computes in bfloat16 unless `exact`.
        seeds: one for each picture, all the randomness of nucleus decoding; None takes 0, 1, 2 …

    Raises:
        ValueError: there are not as many seeds as pictures.
    """
    if not len(pictures):
        return []
    if seeds is not None and len(seeds) != len(pictures):
        raise ValueError(f"tell needs a seed for each of {len(pictures)} pictures; got {len(seeds)}")
    kind = pictures.device.type
    with torch.autocast(kind, torch.bfloat16, enabled=coca.dtype == torch.float32 and not decoding.exact):
        room = min(decoding.max_tokens, coca.config.max_tokens)
        first = tokenizer.convert_tokens_to_ids(TASKS[task])
        teller = Teller(coca, tokenizer, pictures, room)
        if decoding.way == "beam":
            rows = beam_search(teller, first, tokenizer.eos_token_id, room, decoding.beams, decoding.length_power)
        else:
            choose = _likeliest if decoding.way == "greedy" else _drawing(seeds or range(len(pictures)), decoding)
            rows = _one_by_one(teller, first, tokenizer.eos_token_id, room, choose)
    return [tokenizer.decode(row, skip_special_tokens=True).strip() for row in rows]


def greedy(
    coca: AnyCoca,
    tokenizer: PreTrainedTokenizerFast,
    pictures: Tensor,
    task: Task,
    max_tokens: int = 128,
) -> list[str]:
    """Return the likeliest caption, token by token, of each picture (B, 3, H, W) in −1 to 1."""
    return tell(coca, tokenizer, pictures, task, Decoding(max_tokens=max_tokens))


Choose = Callable[[Tensor, list[int]], Tensor]
"""From logits (R, V), and which pictures (R) the rows are of, to the tokens (R) to tell."""


def _one_by_one(teller: Teller, first: int, end: int, room: int, choose: Choose) -> list[list[int]]:
    told: list[list[int]] = [[] for _ in teller.pictures]
    chosen = [first] * len(told)
    for place in range(room):
        last = torch.tensor(chosen, device=teller.banned.device)[:, None]
        chosen = choose(teller.next_logits(last), teller.pictures).tolist()
        going = []
        for row, (picture, token) in enumerate(zip(teller.pictures, chosen, strict=True)):
            if told[picture][-1:] != [end]:
                told[picture].append(token)
                if token != end:
                    going.append(row)
        if not going or place == room - 1:
            break
        if len(chosen) - len(going) >= LEAVE_AT * len(chosen):
            teller.select(going)
            chosen = [chosen[row] for row in going]
    return told


def _likeliest(logits: Tensor, pictures: list[int]) -> Tensor:
    return logits.argmax(-1)


def _drawing(seeds: Sequence[int], decoding: Decoding) -> Choose:
    """Return a choice that draws each picture's tokens from a stream of its own."""
    streams = [torch.Generator().manual_seed(seed) for seed in seeds]

    def choose(logits: Tensor, pictures: list[int]) -> Tensor:
        draws = torch.stack([torch.rand((), generator=streams[picture]) for picture in pictures])
        return nucleus(logits, draws.to(logits.device), decoding.top_p, decoding.temperature)

    return choose


def nucleus(logits: Tensor, draws: Tensor, top_p: float, temperature: float = 1.0) -> Tensor:
    """Return tokens (R) drawn from the fewest likeliest that together have the probability `top_p`.

    Args:
        logits: (R, V).
        draws: (R), even between 0 and 1: which part of that probability is hit.

    Source: arXiv:1904.09751, section 3.1.
    """
    chances, order = (logits / temperature).softmax(-1).sort(dim=-1, descending=True, stable=True)
    before = chances.cumsum(-1) - chances
    chances = chances.masked_fill((before >= top_p) & (before > 0), 0.0)
    summed = chances.cumsum(-1)
    hit = (summed <= draws[:, None] * summed[:, -1:]).sum(-1, keepdim=True)
    last_kept = (chances > 0).sum(-1, keepdim=True) - 1  # sums round; a draw of nearly 1 must not fall off the end
    return order.gather(-1, hit.minimum(last_kept))[:, 0]


@dataclass
class _Search:
    """The search for one picture: the rows and log-probabilities of its beams, and the best caption that ended."""

    beams: list[tuple[int, float, list[int]]]
    score: float = -float("inf")
    told: list[int] = field(default_factory=list)


def beam_search(
    teller: Teller, first: int, end: int, room: int, beams: int, length_power: float = 1.0
) -> list[list[int]]:
    """Return for each picture the best caption that a search with so many beams finds.

    A caption's score is its log-probability over its length (the end counts) to the power `length_power`. One that
    ended gives up its beam, so that one beam is greedy decoding. A picture's search ends when none of its beams can
    come to pass the best that ended.
    """
    searches = [_Search([(row, 0.0, [])]) for row in range(len(teller.pictures))]
    slots = [beams] * len(searches)
    last = [first] * len(searches)
    for length in range(1, room + 1):
        logits = teller.next_logits(torch.tensor(last, device=teller.banned.device)[:, None])
        # The best of all beams of a picture are among the best of each.
        likeliest = logits.log_softmax(-1).topk(min(beams, logits.shape[1]), -1)
        chances, tokens = likeliest.values.tolist(), likeliest.indices.tolist()
        for picture, search in enumerate(searches):
            grown = [
                (row, score + chance, [*told, token])
                for row, score, told in search.beams
                for chance, token in zip(chances[row], tokens[row], strict=True)
            ]
            grown = sorted(grown, key=lambda beam: -beam[1])[: slots[picture]]
            search.beams = []
            for row, score, told in grown:
                if told[-1] != end and length < room:
                    search.beams.append((row, score, told))
                    continue
                slots[picture] -= 1
                if score / length**length_power > search.score:
                    search.score, search.told = score / length**length_power, told
            # A log-probability only falls; at best it will be spread over the longest caption there is.
            if search.beams and search.beams[0][1] / room**length_power <= search.score:
                search.beams = []
        kept = [beam for search in searches for beam in search.beams]
        if not kept:
            break
        teller.select([row for row, _, _ in kept])
        last = [told[-1] for _, _, told in kept]
        rows = iter(range(len(kept)))
        for search in searches:
            search.beams = [(next(rows), score, told) for _, score, told in search.beams]
    return [search.told for search in searches]
