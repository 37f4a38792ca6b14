"""Simulated conversations as token arrays: made once, kept in one file, batched by length.

Dimensions: N samples, T all tokens together, B batch, L tokens of the longest sample in a batch.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from assistant.llm.copying import Copying
from assistant.llm.reading import THEN, as_read, as_written
from assistant.training.conversations import conversation
from assistant.training.simulated import Sample
from assistant.training.tokenizer import BEGIN, END, PLAN_BEGIN
from assistant.training.wishes import EVERY
from captioner.world.scene import WorldSetting

LONGEST = 420
CHUNK = 4_096
"""Samples whose order is drawn together; inside a chunk, batches are of like lengths."""


@dataclass(frozen=True)
class TokenSamples:
    """`tokens` (T,) uint16; sample i is tokens[starts[i]:starts[i + 1]] and its plan begins at `plans[i]` within it."""

    tokens: np.ndarray
    starts: np.ndarray
    plans: np.ndarray

    def __len__(self) -> int:
        return len(self.plans)

    def save(self, path: Path) -> None:
        np.savez(path, tokens=self.tokens, starts=self.starts, plans=self.plans)

    @staticmethod
    def load(path: Path) -> TokenSamples:
        with np.load(path) as arrays:
            return TokenSamples(arrays["tokens"], arrays["starts"], arrays["plans"])

    def batch(
        self, indices: np.ndarray, pad: int, copying: Copying
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Return tokens (B, L) int64, padded on the right, and is_plan (B, L) bool: what the loss is taken on.

        Third and fourth, for each plan token in reading order, come the copying prior's proposal and its bonus.
        """
        lengths = self.starts[indices + 1] - self.starts[indices]
        longest = int(lengths.max())
        tokens = np.full((len(indices), longest), pad, np.int64)
        is_plan = np.zeros((len(indices), longest), bool)
        copied, bonus = [], []
        for row, (index, length) in enumerate(zip(indices, lengths, strict=True)):
            start = self.starts[index]
            tokens[row, :length] = self.tokens[start : start + length]
            is_plan[row, self.plans[index] : length] = True
            plan = int(self.plans[index])
            found = copying.proposals(tokens[row, :plan], tokens[row, plan:length])
            copied.append(found[0])
            bonus.append(found[1])
        return tokens, is_plan, np.concatenate(copied), np.concatenate(bonus)


def random_samples(
    seed: int, number: int, setting: WorldSetting, dev: bool = False, every: bool = False
) -> list[Sample]:
    """Return at least `number` samples of whole conversations.

    Args:
        dev: in the phrasings that are kept for development, of scenes that are held out, too.
        every: in all phrasings, of scenes of training.
    """
    rng = random.Random(f"limner-rewriter-{seed}-{dev}")
    samples: list[Sample] = []
    was = EVERY.set(every)
    try:
        while len(samples) < number:
            samples += conversation(rng, setting, dev)
    finally:
        EVERY.reset(was)
    return samples


def encoded(samples: list[Sample], tokenizer: Tokenizer) -> TokenSamples:
    """Return the samples as tokens: begin, context, plan begin, notes if any, plan, end; overlong ones are left out."""
    known = tokenizer.get_vocab()
    begin, plan_begin, end, then = (known[token] for token in (BEGIN, PLAN_BEGIN, END, THEN))
    contexts = tokenizer.encode_batch([as_read(sample.context) for sample in samples], add_special_tokens=False)
    plans = tokenizer.encode_batch(
        [as_written(sample.plan, sample.context) for sample in samples], add_special_tokens=False
    )
    notes = tokenizer.encode_batch([sample.notes for sample in samples], add_special_tokens=False)
    tokens: list[int] = []
    starts, plan_starts = [0], []
    for context, noted, plan in zip(contexts, notes, plans, strict=True):
        answer = [*noted.ids, then, *plan.ids] if noted.ids else plan.ids
        ids = [begin, *context.ids, plan_begin, *answer, end]
        if len(ids) > LONGEST:
            continue
        tokens += ids
        starts.append(len(tokens))
        plan_starts.append(len(context.ids) + 2)
    return TokenSamples(np.array(tokens, np.uint16), np.array(starts, np.int64), np.array(plan_starts, np.int64))


def batches(samples: TokenSamples, tokens_a_batch: int, seed: int) -> list[np.ndarray]:
    """Return the indices of every batch of one pass, in an order that depends on the seed alone."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(samples))
    lengths = np.diff(samples.starts)
    found: list[np.ndarray] = []
    for chunk in np.split(order, range(CHUNK, len(order), CHUNK)):
        chunk = chunk[np.argsort(lengths[chunk], kind="stable")]
        here, start = [], 0
        while start < len(chunk):
            end = start + 1
            while end < len(chunk) and lengths[chunk[end]] * (end + 1 - start) <= tokens_a_batch:
                end += 1
            here.append(chunk[start:end])
            start = end
        found += [here[at] for at in rng.permutation(len(here))]
    return found
