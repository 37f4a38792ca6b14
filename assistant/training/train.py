"""Trains the embedded rewriter from scratch on simulated conversations.

A stock `LlamaForCausalLM`; cross-entropy on the plan alone; the loop is everyone's (`captioner.training.loop`): Muon for
the layers' matrices and AdamW for the rest, an average of the weights, checkpoints that resume exactly, one process or
several. Data order depends on the seed and the step only.

Dimensions: B batch, L tokens, V vocabulary.
"""

from __future__ import annotations

import bisect
import contextlib
import json
import logging
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch import Tensor
from transformers import LlamaConfig, LlamaForCausalLM

from assistant.llm.copying import copying_of
from assistant.llm.patching import NOW, WAS
from assistant.llm.reading import THEN
from assistant.training.samples import TokenSamples, batches, encoded, random_samples
from assistant.training.tokenizer import BEGIN, END, PAD, save_tokenizer, train_tokenizer
from captioner.training.loop import (
    RunOptions,
    RunSettings,
    in_bfloat16,
    launched,
    train,
    training_device,
    write_account,
)
from captioner.world.scene import CORE, WORLD_VERSION, WorldSetting

log = logging.getLogger(__name__)
TOKENIZER_SAMPLES = 12_000
REHEARSED_SAMPLES = 400


@dataclass(frozen=True)
class Hyperparameters:
    """What a run is made of; written into training.json as it was. `muon_rate` is Muon's rate in AdamW's; with
    `every_phrasing` the phrasings that are kept for development are trained on, too.
    """

    width: int = 256
    layers: int = 6
    heads: int = 4
    inner: int = 512
    tokens_a_batch: int = 2_816
    rate: float = 1.2e-3
    muon_rate: float = 1.0
    warm_up: int = 200
    decay_share: float = 0.65
    weight_decay: float = 0.02
    clip: float = 1.0
    ema: float = 0.998
    samples: int = 300_000
    every_phrasing: bool = False
    bf16: bool = True


def train_rewriter(
    out: Path,
    minutes: float | None = None,
    steps: int | None = None,
    seed: int = 0,
    threads: int = 2,
    setting: WorldSetting = CORE,
    resume: bool = False,
    warm_start: Path | None = None,
    compiled: bool = False,
    settings: Hyperparameters | None = None,
    options: RunOptions = RunOptions(),
) -> dict[str, Any]:
    """Train a rewriter, save it in `out`/weights, an ordinary transformers folder, and return the run's account.

    Args:
        out: folder of the run: data, checkpoints, and the result.
        minutes: budget of training time; `steps` is the other way to give one.
        resume: go on from the checkpoint in `out`, exactly; a budget in steps then is the new end, one in minutes the old.
        warm_start: folder of weights and tokenizer to begin from.
        compiled: fuse the layers with torch.compile: needs a C++ compiler and a minute; steps take 2/3 of the time.

    Raises:
        TrainingError, WeightsError: as `captioner.training.loop.train`.
        ValueError: no budget, or two.
    """
    settings = settings or Hyperparameters()
    if options.rehearsal:
        settings = replace(settings, samples=min(settings.samples, REHEARSED_SAMPLES))
    run = RunSettings(
        minutes, steps, learning_rate=settings.rate, weight_decay=settings.weight_decay, warmup=settings.warm_up,
        flat_until=1 - settings.decay_share, clip=settings.clip, ema=settings.ema, seed=seed, resume=resume,
        muon=(".layers.",), muon_rate=settings.muon_rate,
    )  # fmt: skip
    torch.set_num_threads(threads)
    out.mkdir(parents=True, exist_ok=True)
    with launched().main_process_first():
        tokenizer, data = _data(out, seed, setting, settings, warm_start)
    torch.manual_seed(seed)
    model = _model(tokenizer, settings, warm_start)
    if compiled:
        for layer in model.model.layers:
            layer.compile(dynamic=True)
    order = BatchOrder(data, settings.tokens_a_batch, seed)
    pad, copying = tokenizer.get_vocab()[PAD], copying_of(tokenizer)

    def loss_at(step: int) -> Tensor:
        batch = [torch.from_numpy(array).to(training_device()) for array in data.batch(order[step], pad, copying)]
        with in_bfloat16() if settings.bf16 else contextlib.nullcontext():
            return plan_loss(model, *batch)

    account: dict[str, Any] = {
        "model": "rewriter",
        "world_version": WORLD_VERSION,
        "world_setting": setting.name,
        "data": asdict(settings),
    }
    account = train(model, loss_at, run, out, account, options=options)
    if launched().is_main_process:
        _save(model, tokenizer, out / "weights")
        write_account(out / "weights", account)
    return account


class BatchOrder:
    """Which samples each step takes: pass after pass over the data, each in an order that the seed and the pass decide."""

    def __init__(self, data: TokenSamples, tokens_a_batch: int, seed: int):
        self._data = data
        self._tokens = tokens_a_batch
        self._seed = seed
        self._ends: list[int] = []
        self._loaded = -1
        self._batches: list[np.ndarray] = []

    def __getitem__(self, step: int) -> np.ndarray:
        while not self._ends or step >= self._ends[-1]:
            self._load(len(self._ends))
            self._ends.append((self._ends[-1] if self._ends else 0) + len(self._batches))
        index = bisect.bisect(self._ends, step)
        if index != self._loaded:
            self._load(index)
        return self._batches[step - (self._ends[index - 1] if index else 0)]

    def _load(self, index: int) -> None:
        self._batches = batches(self._data, self._tokens, self._seed * 1_000 + index)
        self._loaded = index


def plan_loss(model: LlamaForCausalLM, tokens: Tensor, is_plan: Tensor, copied: Tensor, bonus: Tensor) -> Tensor:
    """Return the mean next-token cross-entropy over the tokens of plans, in nats.

    Args:
        tokens: (B, L) int64, padded on the right; causal attention never looks there.
        is_plan: (B, L) bool, true where a token belongs to a plan (or ends it).
        copied: (N,) int64, for each plan token what the copying prior proposes, -1 for nothing.
        bonus: (N,) float, what is added to the proposal's logit.
    """
    hidden = model.model(input_ids=tokens[:, :-1], use_cache=False).last_hidden_state
    wanted = is_plan[:, 1:]
    logits = model.lm_head(hidden[wanted]).float()
    prior = torch.zeros_like(logits).scatter_(1, copied.clamp(min=0)[:, None], (bonus * (copied >= 0))[:, None])
    return torch.nn.functional.cross_entropy(logits + prior, tokens[:, 1:][wanted])


def _data(
    out: Path, seed: int, setting: WorldSetting, settings: Hyperparameters, warm_start: Path | None
) -> tuple[Tokenizer, TokenSamples]:
    """Return tokenizer and samples, made once and kept beside the run."""
    tokens_file, data_file = out / "tokenizer.json", out / "data.npz"
    if tokens_file.exists() and data_file.exists():
        return Tokenizer.from_file(str(tokens_file)), TokenSamples.load(data_file)
    started = time.monotonic()
    samples = random_samples(seed, settings.samples, setting, every=settings.every_phrasing)
    if warm_start:
        tokenizer = Tokenizer.from_file(str(warm_start / "tokenizer.json"))
        tokenizer.add_special_tokens([THEN, WAS, NOW])
    else:
        tokenizer = train_tokenizer([s.context + s.plan for s in samples[:TOKENIZER_SAMPLES]])
    data = encoded(samples, tokenizer)
    tokenizer.save(str(tokens_file))
    data.save(data_file)
    log.info("%d samples of %.0f tokens in %.0f s", len(data), len(data.tokens) / len(data), time.monotonic() - started)
    return tokenizer, data


def _model(tokenizer: Tokenizer, settings: Hyperparameters, warm_start: Path | None) -> LlamaForCausalLM:
    # Eager attention: at these lengths the fused kernel's backward pass takes a quarter of a step on a CPU.
    if warm_start:
        return LlamaForCausalLM.from_pretrained(warm_start, dtype=torch.float32, attn_implementation="eager")
    config = LlamaConfig(
        vocab_size=-(-tokenizer.get_vocab_size() // 64) * 64, hidden_size=settings.width, intermediate_size=settings.inner,
        num_hidden_layers=settings.layers, num_attention_heads=settings.heads, num_key_value_heads=settings.heads,
        max_position_embeddings=2_048, tie_word_embeddings=True, bos_token_id=tokenizer.token_to_id(BEGIN),
        eos_token_id=tokenizer.token_to_id(END), pad_token_id=tokenizer.token_to_id(PAD), attn_implementation="eager",
    )  # fmt: skip
    return LlamaForCausalLM(config)


def _save(model: LlamaForCausalLM, tokenizer: Tokenizer, folder: Path) -> None:
    """Write weights in half precision, config and tokenizer."""
    folder.mkdir(parents=True, exist_ok=True)
    model.config.save_pretrained(folder)
    config_file = folder / "config.json"
    config = json.loads(config_file.read_text()) | {
        "architectures": ["LlamaForCausalLM"], "dtype": "bfloat16", "limner_world_version": WORLD_VERSION,
    }  # fmt: skip
    config_file.write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
    weights = {name: value.detach() for name, value in model.named_parameters()}
    halves = {name: value.to(torch.bfloat16).contiguous() for name, value in weights.items()}
    save_file(halves, folder / "model.safetensors", metadata={"format": "pt"})
    save_tokenizer(tokenizer, folder)
