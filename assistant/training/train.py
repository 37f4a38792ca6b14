"""Trains the embedded rewriter from scratch on simulated conversations.

A stock `LlamaForCausalLM`; cross-entropy on the plan alone; Muon for the layers' matrices and AdamW for the rest, with
warm-up, a flat stretch and a decay; an average of the weights (EMA) is what is saved. Data order depends on the seed and the step only, so a resumed run goes on exactly
as it would have. A budget in minutes is turned into steps once, after a short measurement, and written down.

Dimensions: B batch, L tokens, V vocabulary.
"""

from __future__ import annotations

import json
import logging
import math
import os
import platform
import subprocess
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch import Tensor
from transformers import LlamaConfig, LlamaForCausalLM

from assistant.errors import ModelError
from assistant.training.samples import TokenSamples, batches, encoded, random_samples
from assistant.training.tokenizer import BEGIN, END, PAD, save_tokenizer, train_tokenizer
from captioner.world.scene import CORE, WORLD_VERSION, WorldSetting

log = logging.getLogger(__name__)
TOKENIZER_SAMPLES = 12_000
MEASURED_STEPS = 24


@dataclass(frozen=True)
class Hyperparameters:
    """What a run is made of; written into training.json as it was. `muon_rate` is Muon's rate in AdamW's."""

    width: int = 256
    layers: int = 6
    heads: int = 4
    inner: int = 512
    tokens_a_batch: int = 2_816
    rate: float = 1.2e-3
    muon_rate: float = 1.0
    warm_up: int = 200
    decay_share: float = 0.3
    weight_decay: float = 0.02
    clip: float = 1.0
    ema: float = 0.998
    samples: int = 300_000
    bf16: bool = True


def train_rewriter(
    out: Path,
    minutes: float | None = None,
    steps: int | None = None,
    seed: int = 0,
    threads: int = 0,
    setting: WorldSetting = CORE,
    resume: bool = False,
    warm_start: Path | None = None,
    compiled: bool = False,
    settings: Hyperparameters | None = None,
    checkpoint_minutes: float = 4.0,
    on_checkpoint: Callable[[Path, int], None] | None = None,
) -> Path:
    """Train and return the folder with the finished weights, an ordinary transformers folder.

    Args:
        out: folder of the run: data, checkpoints, and the result in `out / "weights"`.
        minutes: budget of training time; `steps` is the other way to give one.
        threads: of torch; 0 leaves it as it is.
        resume: go on from the checkpoint in `out`, exactly; a budget in steps then is the new end, one in minutes the old.
        warm_start: folder of weights and tokenizer to begin from.
        compiled: fuse the layers with torch.compile, which needs a C++ compiler and a minute; steps then take 2/3 of the time.
        on_checkpoint: called with the folder of the averaged weights so far, and the step.

    Raises:
        ModelError: nothing to resume from, or no budget.
    """
    settings = settings or Hyperparameters()
    if (minutes is None) == (steps is None):
        raise ModelError("training needs a budget: give either minutes or steps.")
    if threads:
        torch.set_num_threads(threads)
    out.mkdir(parents=True, exist_ok=True)
    checkpoint = out / "checkpoint.pt"
    if resume and not checkpoint.exists():
        raise ModelError(f"there is no checkpoint to resume from in {out}.")
    tokenizer, data = _data(out, seed, setting, settings, warm_start)
    torch.manual_seed(seed)
    model = _model(tokenizer, settings, warm_start)
    optimizers = _optimizers(model, settings)
    average = {name: value.detach().clone() for name, value in model.named_parameters()}
    step, spent, losses, total = 0, 0.0, [], steps
    if resume:
        state = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(state["model"])
        for optimizer, kept in zip(optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(kept)
        average = state["average"]
        step, spent, losses, total = state["step"], state["spent"], state["losses"], steps or state["total"]
    if compiled:
        for layer in model.model.layers:
            layer.compile(dynamic=True)
    run = _Run(out, model, tokenizer, settings, setting, seed, threads)
    order: list = []
    epoch = -1
    started = time.monotonic()
    last_saved = started
    measured_from = started
    while total is None or step < total:
        at, begin = _place(step, data, settings, seed)
        if at != epoch:
            epoch, order = at, batches(data, settings.tokens_a_batch, seed * 1_000 + at)
        loss = _step(model, optimizers, data, order[step - begin], _rate(step, total, settings), tokenizer, settings)
        losses.append(loss)
        step += 1
        with torch.no_grad():
            keep = min(settings.ema, step / (step + 10))
            for name, value in model.named_parameters():
                average[name].lerp_(value, 1 - keep)
        now = time.monotonic()
        if step == MEASURED_STEPS // 2:  # what comes before is warming up, compiling included
            measured_from = now
        if total is None and step == MEASURED_STEPS:
            each = (now - measured_from) / (MEASURED_STEPS - MEASURED_STEPS // 2)
            assert minutes is not None
            total = max(step + 1, int(minutes * 60 / each))
            log.info("%.3f s a step: %d steps in %.1f minutes", each, total, minutes)
        if step % 50 == 0:
            mean = sum(losses[-50:]) / len(losses[-50:])
            log.info("step %d of %s, loss %.4f, %.1f minutes", step, total, mean, (spent + now - started) / 60)
        is_flat_end = total is not None and step == int(total * (1 - settings.decay_share))
        if now - last_saved > checkpoint_minutes * 60 or is_flat_end or step == total:
            used = spent + now - started
            torch.save(
                {"model": model.state_dict(), "optimizers": [optimizer.state_dict() for optimizer in optimizers],
                 "average": average, "step": step, "spent": used, "losses": losses, "total": total}, out / "checkpoint.tmp",
            )  # fmt: skip
            os.replace(out / "checkpoint.tmp", checkpoint)
            if is_flat_end:
                run.save(
                    out / "before-decay",
                    {n: v.detach() for n, v in model.named_parameters()},
                    step,
                    total,
                    used,
                    losses,
                )
            folder = out / "weights"
            run.save(folder, average, step, total, used, losses)
            if on_checkpoint:
                on_checkpoint(folder, step)
            last_saved = time.monotonic()
    return out / "weights"


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


def _step(
    model: LlamaForCausalLM, optimizers: list[torch.optim.Optimizer], data: TokenSamples, indices: np.ndarray, rate: float,
    tokenizer: Tokenizer, settings: Hyperparameters,
) -> float:  # fmt: skip
    batch = [torch.from_numpy(array) for array in data.batch(indices, tokenizer.get_vocab()[PAD])]
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=settings.bf16):
        loss = plan_loss(model, *batch)
    if not math.isfinite(loss.item()):
        raise ModelError("the loss is not finite: training cannot go on; resume from the checkpoint with a lower rate.")
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), settings.clip)
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["lr"] = rate * (settings.muon_rate if isinstance(optimizer, torch.optim.Muon) else 1.0)
        optimizer.step()
    model.zero_grad(set_to_none=True)
    return loss.item()


def _rate(step: int, total: int | None, settings: Hyperparameters) -> float:
    """Warm-up, a flat stretch, then linear decay to a hundredth."""
    if step < settings.warm_up or total is None:
        return settings.rate * min(1.0, (step + 1) / settings.warm_up)
    decay_from = total * (1 - settings.decay_share)
    if step < decay_from:
        return settings.rate
    return settings.rate * max(0.01, (total - step) / (total - decay_from))


_COUNTS: dict[tuple[int, int, int], int] = {}


def _place(step: int, data: TokenSamples, settings: Hyperparameters, seed: int) -> tuple[int, int]:
    """Return the pass over the data that a step is in, and the step that the pass began with."""
    epoch, begin = 0, 0
    while True:
        key = (id(data), seed, epoch)
        if key not in _COUNTS:
            _COUNTS[key] = len(batches(data, settings.tokens_a_batch, seed * 1_000 + epoch))
        if step < begin + _COUNTS[key]:
            return epoch, begin
        begin += _COUNTS[key]
        epoch += 1


def _data(
    out: Path, seed: int, setting: WorldSetting, settings: Hyperparameters, warm_start: Path | None
) -> tuple[Tokenizer, TokenSamples]:
    """Return tokenizer and samples, made once and kept beside the run."""
    tokens_file, data_file = out / "tokenizer.json", out / "data.npz"
    if tokens_file.exists() and data_file.exists():
        return Tokenizer.from_file(str(tokens_file)), TokenSamples.load(data_file)
    started = time.monotonic()
    samples = random_samples(seed, settings.samples, setting)
    if warm_start:
        tokenizer = Tokenizer.from_file(str(warm_start / "tokenizer.json"))
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


def _optimizers(model: LlamaForCausalLM, settings: Hyperparameters) -> list[torch.optim.Optimizer]:
    """Muon for the layers' matrices, its steps scaled to AdamW's size (arXiv:2502.16982, equation 4); AdamW for the rest."""
    matrices = [p for p in model.model.layers.parameters() if p.ndim == 2]
    vectors = [p for p in model.parameters() if p.ndim < 2]
    groups = [
        {"params": [model.model.embed_tokens.weight], "weight_decay": settings.weight_decay},
        {"params": vectors, "weight_decay": 0.0},
    ]
    return [
        torch.optim.AdamW(groups, lr=settings.rate, betas=(0.9, 0.98), fused=True),
        torch.optim.Muon(matrices, settings.rate, settings.weight_decay, adjust_lr_fn="match_rms_adamw"),
    ]


@dataclass(frozen=True)
class _Run:
    out: Path
    model: LlamaForCausalLM
    tokenizer: Tokenizer
    settings: Hyperparameters
    setting: WorldSetting
    seed: int
    threads: int

    def save(
        self, folder: Path, weights: dict[str, Tensor], step: int, total: int | None, spent: float, losses: list[float]
    ) -> None:
        """Write weights in half precision, config, tokenizer and what was reached."""
        folder.mkdir(parents=True, exist_ok=True)
        self.model.config.save_pretrained(folder)
        config_file = folder / "config.json"
        config = json.loads(config_file.read_text()) | {
            "architectures": ["LlamaForCausalLM"], "dtype": "bfloat16", "limner_world_version": WORLD_VERSION,
        }  # fmt: skip
        config_file.write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
        halves = {name: value.to(torch.bfloat16).contiguous() for name, value in weights.items()}
        save_file(halves, folder / "model.safetensors", metadata={"format": "pt"})
        save_tokenizer(self.tokenizer, folder)
        report = {
            "steps": step, "of": total, "minutes": round(spent / 60, 2),
            "loss": round(sum(losses[-100:]) / max(1, len(losses[-100:])), 4), "seed": self.seed, "setting": self.setting.name,
            "world_version": WORLD_VERSION, "parameters": sum(p.numel() for p in self.model.parameters()),
            "settings": asdict(self.settings), "threads": self.threads or torch.get_num_threads(), "hardware": hardware(),
            "commit": code_commit(), "torch": torch.__version__,
        }  # fmt: skip
        (folder / "training.json").write_text(json.dumps(report, indent=2) + "\n")


def hardware() -> str:
    """Return the name of the processor and how many cores there are."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        name = next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        name = platform.processor() or platform.machine()
    return f"{name}, {os.cpu_count()} cores"


def code_commit() -> str:
    """Return the commit of the code, "" outside a repository."""
    found = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=Path(__file__).parent, capture_output=True, text=True, check=False
    )
    return found.stdout.strip() if found.returncode == 0 else ""
