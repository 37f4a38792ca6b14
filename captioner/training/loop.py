"""The one training loop: warm-up, flat, decay; moving average; checkpoints that resume exactly; an account of the run.

Knows nothing of what is trained: a module and a function from the step's number to a loss are all it gets. The loss
must draw its randomness from the step's number alone (`seeded`), so that a resumed run sees the same data and noise.

Under `torchrun` or `accelerate launch` with N processes each step takes N losses, one a process, and the mean of
their gradients. The module is trained on the process's own GPU where there is one (`training_device`); data and noise
are drawn on the CPU, so that a seed means the same on every machine, and `loss_at` moves them there.
"""

from __future__ import annotations

import dataclasses
import json
import math
import os
import platform
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from accelerate import PartialState
from PIL import Image
from torch import Tensor, nn
from tqdm import tqdm

from captioner.errors import TrainingError, WeightsError, first_line

MEASURED_STEPS = 12
"""Steps timed at the start to turn minutes into steps; the first third is warming up and does not count."""


@dataclass(frozen=True)
class RunSettings:
    """How long and how fast. Exactly one of `minutes` and `steps` is given, or, to resume, neither: then as before.

    `flat_until` is the share of the steps after warm-up at which the decay (to zero, linear) begins. Weight matrices
    whose names hold one of the fragments in `muon` are trained by Muon, at `muon_rate` times the rate, all else by
    AdamW.
    """

    minutes: float | None = None
    steps: int | None = None
    learning_rate: float = 1e-3
    weight_decay: float = 0.01
    warmup: int = 200
    flat_until: float = 0.8
    clip: float = 1.0
    ema: float = 0.999
    seed: int = 0
    save_minutes: float = 5.0
    resume: bool = False
    muon: tuple[str, ...] = ()
    muon_rate: float = 1.0

    def __post_init__(self) -> None:
        if (self.minutes is None) == (self.steps is None) and not (self.resume and self.steps is None):
            raise ValueError(f"give a run either minutes or steps; got minutes={self.minutes}, steps={self.steps}")


def seeded(*parts: int) -> torch.Generator:
    """Return a generator whose stream is a function of the numbers given."""
    state = 0
    for part in parts:
        state = (state * 1_000_003 + part + 1) % (1 << 62)
    return torch.Generator().manual_seed(state)


def learning_rate_at(step: int, steps: int, settings: RunSettings) -> float:
    """Return the learning rate of a step: linear warm-up, flat, linear decay to zero."""
    decay_from = int(steps * settings.flat_until)
    warm = min(1.0, (step + 1) / max(1, settings.warmup))
    left = min(1.0, (steps - step) / max(1, steps - decay_from))
    return settings.learning_rate * min(warm, left)


def optimizers_for(module: nn.Module, settings: RunSettings) -> list[torch.optim.Optimizer]:
    """Return AdamW for all parameters but those that Muon takes, and Muon where it takes any.

    Muon's steps are scaled to AdamW's size (arXiv:2502.16982, equation 4), so that one learning rate serves both.
    """
    named = list(module.named_parameters())
    hidden = [
        value
        for name, value in named
        if value.ndim == 2 and "table" not in name and any(f in name for f in settings.muon)
    ]
    chosen = {id(value) for value in hidden}
    rest = [value for _, value in named if id(value) not in chosen]
    rate, decay = settings.learning_rate, settings.weight_decay
    optimizers: list[torch.optim.Optimizer] = [torch.optim.AdamW(rest, rate, betas=(0.9, 0.98), weight_decay=decay)]
    if hidden:
        optimizers.append(torch.optim.Muon(hidden, rate, weight_decay=decay, adjust_lr_fn="match_rms_adamw"))
    return optimizers


class Average:
    """An exponential moving average of a module's parameters and buffers, with the usual quick start."""

    def __init__(self, module: nn.Module, decay: float):
        self.decay = decay
        self.state = {name: value.detach().clone() for name, value in module.state_dict().items()}

    @torch.no_grad()
    def update(self, module: nn.Module, step: int) -> None:
        keep = min(self.decay, (1 + step) / (10 + step))
        for name, value in module.state_dict().items():
            if value.is_floating_point():
                self.state[name].lerp_(value, 1 - keep)
            else:
                self.state[name].copy_(value)


def train(
    module: nn.Module,
    loss_at: Callable[[int], Tensor],
    settings: RunSettings,
    folder: Path,
    account: dict[str, Any],
    on_save: Callable[[int], None] = lambda step: None,
    noted: dict[str, list[float]] | None = None,
) -> dict[str, Any]:
    """Train a module in place and return the run's account.

    It trains on `training_device` and ends on the CPU, with its averaged weights. The account (settings, steps,
    minutes, last losses, commit, hardware and what the caller adds) is written to `training.json` in the folder.
    `before_decay.pt` keeps the averaged weights from just before the decay. `noted` holds the parts of the loss by
    name, a value a step, which `loss_at` appends; their means go to `losses.jsonl` and to TensorBoard's files in
    `folder`/tensorboard, and so do the `sheet-STEP.png` and `samples-STEP.txt` that `on_save` leaves in the folder.

    Raises:
        TrainingError: a loss was not a number; the last good checkpoint is kept.
        WeightsError: `resume` was asked and there is no checkpoint that fits.
    """
    folder.mkdir(parents=True, exist_ok=True)
    together = launched()
    module.to(together.device)
    optimizers = optimizers_for(module, settings)
    average = Average(module, settings.ema)
    step, seconds, steps, losses = 0, 0.0, settings.steps, []
    if settings.resume:
        step, seconds, kept_steps = _load(folder / "checkpoint.pt", module, optimizers, average)
        steps = steps or kept_steps
    last_save, timings = time.monotonic(), []
    board = _board(folder, step) if together.is_main_process else None
    bar = tqdm(
        total=steps, initial=step, mininterval=10, unit="step", desc=folder.name, disable=not together.is_main_process
    )
    module.train()
    while steps is None or step < steps:
        began = time.monotonic()
        for optimizer in optimizers:
            scale = settings.muon_rate if isinstance(optimizer, torch.optim.Muon) else 1.0
            for group in optimizer.param_groups:
                group["lr"] = scale * learning_rate_at(step, steps or 1 << 40, settings)
        loss = loss_at(step * together.num_processes + together.process_index)
        if not torch.isfinite(loss):
            raise TrainingError(
                f"the loss was {loss.item()} at step {step} of {folder.name}; the checkpoint before it is kept in "
                f"{folder / 'checkpoint.pt'}. Resume from it with a lower learning rate."
            )
        module.zero_grad(set_to_none=True)
        loss.backward()
        if together.num_processes > 1:
            average_gradients(module, together.num_processes)
        nn.utils.clip_grad_norm_(module.parameters(), settings.clip)
        for optimizer in optimizers:
            optimizer.step()
        average.update(module, step)
        step += 1
        took = time.monotonic() - began
        seconds += took
        losses.append(loss.item())
        if steps is None:
            timings.append(took)
            if len(timings) == MEASURED_STEPS:
                typical = sorted(timings[MEASURED_STEPS // 3 :])[MEASURED_STEPS // 3]
                if together.num_processes > 1:  # all must stop at the same step
                    slowest = torch.tensor(typical, device=together.device)
                    torch.distributed.all_reduce(slowest, torch.distributed.ReduceOp.MAX)
                    typical = slowest.item()
                steps = max(step + 1, math.ceil((settings.minutes or 0) * 60 / typical))
                bar.total = steps
        bar.update()
        if board is None:
            continue
        if step % 50 == 0:
            recent = sum(losses[-50:]) / len(losses[-50:])
            bar.set_postfix_str(f"loss {recent:.4f}")
            with (folder / "losses.jsonl").open("a") as log:
                row = {"step": step, "loss": recent, "seconds": round(seconds, 1)}
                row |= {name: sum(values[-50:]) / len(values[-50:]) for name, values in (noted or {}).items()}
                log.write(json.dumps(row) + "\n")
            rate = learning_rate_at(step - 1, steps or 1 << 40, settings)
            for name, value in {**row, "learning rate": rate}.items():
                if name != "step":
                    board.add_scalar(name, value, step)
        if steps is not None and step == int(steps * settings.flat_until):
            torch.save(_on_cpu(average.state), folder / "before_decay.pt")
        if time.monotonic() - last_save > 60 * settings.save_minutes:
            _save(folder / "checkpoint.pt", module, optimizers, average, step, seconds, steps)
            on_save(step)
            _show_samples(board, folder, step)
            last_save = time.monotonic()
    bar.close()
    if board is not None:
        board.close()
    if together.is_main_process:
        _save(folder / "checkpoint.pt", module, optimizers, average, step, seconds, steps)
    module.load_state_dict(average.state)
    module.to("cpu").eval()
    written = {
        **account,
        "settings": dataclasses.asdict(settings),
        "steps": step,
        "minutes": round(seconds / 60, 1),
        "parameters": sum(parameter.numel() for parameter in module.parameters()),
        "last_loss": sum(losses[-50:]) / max(1, len(losses[-50:])),
        "processes": together.num_processes,
        **surroundings(),
    }
    if together.is_main_process:
        write_account(folder, written)
    return written


def _board(folder: Path, step: int) -> Any:
    """Return a writer of TensorBoard's files; what a run that was broken off wrote after `step` counts no more."""
    from torch.utils.tensorboard import SummaryWriter  # takes a second to import

    return SummaryWriter(folder / "tensorboard", purge_step=step)  # type: ignore[no-untyped-call]


def _show_samples(board: Any, folder: Path, step: int) -> None:
    sheet, samples = folder / f"sheet-{step:06d}.png", folder / f"samples-{step:06d}.txt"
    if sheet.exists():
        board.add_image("samples", np.asarray(Image.open(sheet).convert("RGB")), step, dataformats="HWC")
    if samples.exists():
        board.add_text("samples", samples.read_text().replace("\n", "  \n"), step)


def write_account(folder: Path, account: dict[str, Any]) -> None:
    (folder / "training.json").write_text(json.dumps(account, indent=2) + "\n")


def launched() -> PartialState:
    """Return which of how many processes this is; the only one, unless a launcher started several."""
    return PartialState(cpu=not torch.cuda.is_available())


def training_device() -> torch.device:
    """Return where this process trains: its own GPU, or the CPU where there is none or none is to be seen."""
    device: torch.device = launched().device
    return device


def in_bfloat16() -> torch.autocast:
    """Return the context in which a loss is computed: matrix products in bfloat16, weights kept in single precision."""
    return torch.autocast(training_device().type, torch.bfloat16)


def average_gradients(module: nn.Module, processes: int) -> None:
    """Replace every gradient by its mean over all processes, in one exchange."""
    parameters = [parameter for parameter in module.parameters() if parameter.requires_grad]
    gradients = [torch.zeros_like(p) if p.grad is None else p.grad for p in parameters]
    together = torch.cat([gradient.flatten() for gradient in gradients])
    torch.distributed.all_reduce(together)
    for parameter, mean in zip(parameters, together.split([p.numel() for p in parameters]), strict=True):
        parameter.grad = mean.view_as(parameter) / processes


def surroundings() -> dict[str, Any]:
    """Return what a figure must stand beside: the code's commit, the hardware and the libraries."""
    try:
        described = subprocess.run(
            ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, cwd=Path(__file__).parent
        )
        commit = described.stdout.strip() or "unknown"
    except OSError:
        commit = "unknown"
    device = torch.cuda.get_device_name() if torch.cuda.is_available() else _processor()
    return {
        "commit": commit,
        "hardware": f"{device}, {os.cpu_count()} cores, {torch.get_num_threads()} threads used",
        "torch": torch.__version__,
    }


def _processor() -> str:
    """Return the processor's name, or as much of it as is known."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def _save(
    path: Path, module: nn.Module, optimizers: list[torch.optim.Optimizer], average: Average, step: int, seconds: float,
    steps: int | None,
) -> None:  # fmt: skip
    state = {
        "module": module.state_dict(),
        "optimizers": [optimizer.state_dict() for optimizer in optimizers],
        "average": average.state,
        "step": step,
        "seconds": seconds,
        "steps": steps,
    }
    # On the CPU, so that a run can go on on another machine.
    partial = path.with_suffix(".partial")
    torch.save(_on_cpu(state), partial)
    os.replace(partial, path)


def _on_cpu(state: Any) -> Any:
    """Return nested dicts and lists with every tensor in them on the CPU."""
    if isinstance(state, dict):
        return {name: _on_cpu(value) for name, value in state.items()}
    if isinstance(state, list):
        return [_on_cpu(value) for value in state]
    return state.cpu() if isinstance(state, Tensor) else state


def _load(
    path: Path, module: nn.Module, optimizers: list[torch.optim.Optimizer], average: Average
) -> tuple[int, float, int | None]:
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
        module.load_state_dict(state["module"])
        for optimizer, kept in zip(optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(kept)
    except (OSError, RuntimeError, KeyError, ValueError) as error:
        raise WeightsError(
            f"there is no checkpoint in {path.parent} that fits this run ({first_line(error)}); start anew."
        ) from error
    average.state = {name: value.to(training_device()) for name, value in state["average"].items()}
    return state["step"], state["seconds"], state["steps"]
