"""The one training loop: warm-up, flat, decay; moving average; checkpoints that resume exactly; an account of the run.

Knows nothing of what is trained: a module and a function from the step's number to a loss are all it gets. The loss
must draw its randomness from the step's number alone (`seeded`), so that a resumed run sees the same data and noise.

Under `torchrun` or `accelerate launch` with N processes each step takes N losses, one a process, and the mean of
their gradients; with `accumulate` A each process takes A of them, one after the other. What cannot be drawn from a
number, such as a stream of people's own pictures, is a `Resumable`: its place is in the checkpoint. The module is
trained on the process's own GPU where there is one (`training_device`); data and noise are drawn on the CPU, so that a
seed means the same on every machine, and `loss_at` moves them there.
"""

from __future__ import annotations

import dataclasses
import importlib.metadata
import json
import math
import os
import platform
import resource
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch
from accelerate import PartialState
from accelerate.utils import gather_object
from torch import Tensor, nn
from tqdm import tqdm

from captioner.errors import TrainingError
from captioner.training.checkpoints import CHECKPOINT, load_checkpoint, misfit, save_checkpoint, writing
from captioner.training.trackers import USUAL, Trackers

ROOT = Path(__file__).parents[2]
MEASURED_STEPS = 12
"""Steps timed at the start to turn minutes into steps; the first third is warming up and does not count."""
REHEARSED_STEPS = 3
"""Steps of a rehearsal; the first is warming up and is not timed."""
REPORTED = 50
"""Steps whose mean is reported at once."""


@dataclass(frozen=True)
class RunSettings:
    """How long and how fast. Exactly one of `minutes` and `steps` is given, or, to resume, neither: then as before.

    `flat_until` is the share of the steps after warm-up at which the decay (to zero, linear) begins. Weight matrices
    whose names hold one of the fragments in `muon` are trained by Muon, at `muon_rate` times the rate, all else by
    AdamW. Those that begin with one of `slow`, such as pretrained parts, learn at `slow_rate` times the rate; at 0 they
    are frozen.
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
    slow: tuple[str, ...] = ()
    slow_rate: float = 1.0
    accumulate: int = 1

    def __post_init__(self) -> None:
        if (self.minutes is None) == (self.steps is None) and not (self.resume and self.steps is None):
            raise ValueError(f"give a run either minutes or steps; got minutes={self.minutes}, steps={self.steps}")


@dataclass(frozen=True)
class RunOptions:
    """What a person may choose of any training, whatever it trains.

    Attributes:
        accumulate: so many losses are taken, one after the other, for each step: a batch so many times larger in the
            same memory. (A contrastive loss still compares the pictures of one of them only.)
        clip: the length that gradients are cut to, in place of the training's own; 0 for none.
        log_with: the trackers, with commas between.
        rehearsal: a few steps on a few pictures, whose account says how large and how fast the run would be.
        commit: of the code, where it cannot be told from what lies beside it.
    """

    accumulate: int = 1
    clip: float | None = None
    log_with: str = USUAL
    rehearsal: bool = False
    commit: str | None = None


class Resumable(Protocol):
    """Something that a loss draws from and that has a place of its own, which a checkpoint keeps."""

    @property
    def last(self) -> Sequence[str]:
        """The names of what was drawn last."""
        ...

    def state(self) -> dict[str, Any]:
        """Return the place, as plain numbers and words."""
        ...

    def restore(self, state: dict[str, Any]) -> None: ...

    def about(self) -> list[dict[str, Any]]:
        """Return what has been drawn and skipped, for the account."""
        ...

    def close(self) -> None: ...


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

    Muon's steps are scaled to AdamW's size (arXiv:2502.16982, equation 4), so that one learning rate serves both. Each
    group says in `scale` what share of it is its own.
    """
    hidden, rest, slow = [], [], []
    for name, value in module.named_parameters():
        if name.startswith(settings.slow) and settings.slow:
            value.requires_grad_(settings.slow_rate > 0)
            slow.append(value)
        elif value.ndim == 2 and "table" not in name and any(fragment in name for fragment in settings.muon):
            hidden.append(value)
        else:
            rest.append(value)
    rate, decay = settings.learning_rate, settings.weight_decay
    groups: list[dict[str, Any]] = [{"params": rest, "scale": 1.0}]
    if slow and settings.slow_rate > 0:
        groups.append({"params": slow, "scale": settings.slow_rate})
    optimizers: list[torch.optim.Optimizer] = [torch.optim.AdamW(groups, rate, betas=(0.9, 0.98), weight_decay=decay)]
    if hidden:
        group = {"params": hidden, "scale": settings.muon_rate}
        optimizers.append(torch.optim.Muon([group], rate, weight_decay=decay, adjust_lr_fn="match_rms_adamw"))
    return optimizers


class Average:
    """An exponential moving average of a module's parameters and buffers, with the usual quick start.

    Of frozen parameters it holds no copy of its own.
    """

    def __init__(self, module: nn.Module, decay: float):
        self.decay = decay
        self.frozen = {name for name, value in module.named_parameters() if not value.requires_grad}
        self.state = {
            name: value.detach() if name in self.frozen else value.detach().clone()
            for name, value in module.state_dict().items()
        }

    @torch.no_grad()
    def update(self, module: nn.Module, step: int) -> None:
        keep = min(self.decay, (1 + step) / (10 + step))
        for name, value in module.state_dict().items():
            if name in self.frozen:
                continue
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
    options: RunOptions = RunOptions(),
    stream: Resumable | None = None,
    pictures: int = 0,
) -> dict[str, Any]:
    """Train a module in place and return the run's account.

    It trains on `training_device` and ends on the CPU, with its averaged weights. The account (settings, steps,
    minutes, last losses, commit, hardware and what the caller adds) is written to `training.json` in the folder.
    `before_decay.pt` keeps the averaged weights from just before the decay. `noted` holds the parts of the loss by
    name, a value for each loss, which `loss_at` appends; their means go to `losses.jsonl` and to the trackers, and so
    do the `sheet-STEP.png` and `samples-STEP.txt` that `on_save` leaves in the folder.

    Args:
        loss_at: gives the loss of a number; numbers come in order, each once.
        stream: what the losses are drawn from beside their numbers.
        pictures: how many pictures a loss is of, to tell how many are learned in a second.

    Raises:
        TrainingError: a loss or a gradient was not a number, or the disk is full; the last good checkpoint is kept.
        WeightsError: `resume` was asked and there is no checkpoint that fits.
        DataError: as `stream` does.
    """
    try:
        return _trained(module, loss_at, settings, folder, account, on_save, noted, options, stream, pictures)
    finally:
        if stream is not None:
            stream.close()


def _trained(
    module: nn.Module, loss_at: Callable[[int], Tensor], settings: RunSettings, folder: Path, account: dict[str, Any],
    on_save: Callable[[int], None], noted: dict[str, list[float]] | None, options: RunOptions,
    stream: Resumable | None, pictures: int,
) -> dict[str, Any]:  # fmt: skip
    clip = settings.clip if options.clip is None else options.clip
    settings = dataclasses.replace(settings, accumulate=options.accumulate, clip=clip)
    if options.rehearsal:
        settings = dataclasses.replace(settings, minutes=None, steps=REHEARSED_STEPS, resume=False)
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    together = launched()
    module.to(together.device)
    optimizers = optimizers_for(module, settings)
    average = Average(module, settings.ema)
    step, seconds, steps, losses = 0, 0.0, settings.steps, []
    if settings.resume:
        step, seconds, kept_steps = _resumed(folder / CHECKPOINT, module, optimizers, average, stream)
        steps = steps or kept_steps
    last_save, timings = time.monotonic(), []
    board = Trackers(options.log_with, folder, step, account) if together.is_main_process else None
    bar = tqdm(
        total=steps, initial=step, mininterval=10, unit="step", desc=folder.name, disable=not together.is_main_process
    )
    per_step = settings.accumulate * together.num_processes

    def save(on_disk: bool) -> None:
        places = None if stream is None else gather_object([stream.state()])
        if on_disk:
            state = {
                "module": module.state_dict(), "optimizers": [optimizer.state_dict() for optimizer in optimizers],
                "average": average.state, "step": step, "seconds": seconds, "steps": steps, "stream": places,
            }  # fmt: skip
            with writing(folder):
                save_checkpoint(folder / CHECKPOINT, state)

    module.train()
    while steps is None or step < steps:
        began = time.monotonic()
        for optimizer in optimizers:
            for group in optimizer.param_groups:
                group["lr"] = group["scale"] * learning_rate_at(step, steps or 1 << 40, settings)
        module.zero_grad(set_to_none=True)
        value = 0.0
        for part in range(settings.accumulate):
            number = (step * settings.accumulate + part) * together.num_processes + together.process_index
            loss = loss_at(number) / settings.accumulate
            if not torch.isfinite(loss):
                raise _not_a_number(f"the loss was {loss.item()}", number, step, folder, stream)
            loss.backward()
            value += loss.item()
        if together.num_processes > 1:
            average_gradients(module, together.num_processes)
        length = nn.utils.clip_grad_norm_(module.parameters(), settings.clip or math.inf)
        if not torch.isfinite(length):
            number = step * per_step + together.process_index
            raise _not_a_number(f"the gradient's length was {length.item()}", number, step, folder, stream)
        for optimizer in optimizers:
            optimizer.step()
        average.update(module, step)
        step += 1
        took = time.monotonic() - began
        seconds += took
        losses.append(value)
        if steps is None or options.rehearsal:
            timings.append(took)
            if steps is None and len(timings) == MEASURED_STEPS:
                typical = sorted(timings[MEASURED_STEPS // 3 :])[MEASURED_STEPS // 3]
                if together.num_processes > 1:  # all must stop at the same step
                    slowest = torch.tensor(typical, device=together.device)
                    torch.distributed.all_reduce(slowest, torch.distributed.ReduceOp.MAX)
                    typical = slowest.item()
                steps = max(step + 1, math.ceil((settings.minutes or 0) * 60 / typical))
                bar.total = steps
        bar.update()
        if board is not None and step % REPORTED == 0:
            recent = mean(losses[-REPORTED:])
            row: dict[str, float] = {"step": step, "loss": recent, "seconds": round(seconds, 1)}
            for name, values in (noted or {}).items():
                row[name] = mean(values[-REPORTED * settings.accumulate :])
            shown = {"learning rate": learning_rate_at(step - 1, steps or 1 << 40, settings)}
            if pictures and seconds:
                shown["pictures a second"] = step * per_step * pictures / seconds
            rate = f", {shown['pictures a second']:.1f} pictures/s" if pictures and seconds else ""
            bar.set_postfix_str(f"loss {recent:.4f}{rate}")
            with writing(folder), (folder / "losses.jsonl").open("a") as log:
                log.write(json.dumps(row) + "\n")
            board.log({name: value for name, value in {**row, **shown}.items() if name != "step"}, step)
        if board is not None and steps is not None and step == int(steps * settings.flat_until):
            with writing(folder):
                save_checkpoint(folder / "before_decay.pt", average.state)
        if _together(time.monotonic() - last_save > 60 * settings.save_minutes, stream):
            save(on_disk=board is not None)
            if board is not None:
                with writing(folder):
                    on_save(step)
                    board.show(folder, step)
            last_save = time.monotonic()
    bar.close()
    save(on_disk=board is not None)
    if board is not None:
        board.close()
    module.load_state_dict(average.state)
    module.to("cpu").eval()
    written = {
        **account,
        "settings": dataclasses.asdict(settings),
        "steps": step,
        "minutes": round(seconds / 60, 1),
        "parameters": sum(parameter.numel() for parameter in module.parameters()),
        "last_loss": mean(losses[-REPORTED:]),
        "processes": together.num_processes,
        **surroundings(options.commit),
    }
    if stream is not None:
        shares = gather_object([stream.about()])
        written["sources"] = [_summed(parts) for parts in zip(*shares, strict=True)]
    if options.rehearsal:
        took = mean(timings[1:])
        written["rehearsal"] = {
            "parts": {name: sum(p.numel() for p in part.parameters()) for name, part in module.named_children()},
            "seconds_a_step": round(took, 3),
            "pictures_a_second": round(per_step * pictures / took, 1),
            "memory_gb": round(_memory() / 1e9, 2),
            "checkpoint_mb": round((folder / CHECKPOINT).stat().st_size / 1e6, 1) if board is not None else 0.0,
        }
    if together.is_main_process:
        write_account(folder, written)
    return written


def mean(values: list[float]) -> float:
    """Return the mean; 0 of nothing, as of a run that was at its end already."""
    return sum(values) / max(1, len(values))


def _not_a_number(what: str, number: int, step: int, folder: Path, stream: Resumable | None) -> TrainingError:
    batch = f"batch {number}"
    if stream is not None and stream.last:
        names = ", ".join(stream.last[:5])
        batch += f" ({names}{f' and {len(stream.last) - 5} more' if len(stream.last) > 5 else ''})"
    checkpoint = folder / CHECKPOINT
    kept = (
        f"the last good checkpoint is kept in {checkpoint}; resume from it with a lower learning rate"
        if checkpoint.exists()
        else "no checkpoint had been saved yet; start anew with a lower learning rate"
    )
    return TrainingError(f"{what} at step {step} of {folder.name}, {batch}; {kept}.")


def _together(is_due: bool, stream: Resumable | None) -> bool:
    """Return whether to save now; with a stream of its own in each process all save together, when the first wants."""
    together = launched()
    if stream is None or together.num_processes == 1:
        return is_due
    due = torch.tensor(float(is_due and together.is_main_process), device=together.device)
    torch.distributed.all_reduce(due, torch.distributed.ReduceOp.MAX)
    return bool(due.item())


def _summed(parts: tuple[dict[str, Any], ...]) -> dict[str, Any]:
    """Return what became of a source over all processes, each of which had its share."""
    counts = ("used", "pictures", "skipped", "odd")
    return parts[0] | {name: sum(part[name] for part in parts) for name in counts if name in parts[0]}


def _memory() -> int:
    """Return the most bytes that were in use: of the GPU where one trains, else of this process."""
    if training_device().type == "cuda":
        return torch.cuda.max_memory_allocated()
    unit = 1 if platform.system() == "Darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


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


def surroundings(commit: str | None = None) -> dict[str, Any]:
    """Return what a figure must stand beside: the code's commit, the hardware and the libraries."""
    device = torch.cuda.get_device_name() if torch.cuda.is_available() else _processor()
    return {
        "commit": commit or code_commit(),
        "hardware": f"{device}, {os.cpu_count()} cores, {torch.get_num_threads()} threads used",
        "torch": torch.__version__,
    }


def code_commit(root: Path = ROOT) -> str:
    """Return the code's commit: git's, or what `git archive` wrote into the tree, or else the release that it is of."""
    ask = ["git", "-C", str(root)]
    try:
        top = subprocess.run([*ask, "rev-parse", "--show-toplevel"], capture_output=True, text=True).stdout.strip()
        if top and Path(top).resolve() == root.resolve():  # not of a repository that the code merely lies in
            described = subprocess.run([*ask, "describe", "--always", "--dirty"], capture_output=True, text=True)
            if described.stdout.strip():
                return described.stdout.strip()
    except OSError:
        pass  # no git
    exported = root / ".commit"
    if exported.is_file() and (found := exported.read_text().strip()) and not found.startswith("$"):
        return found[:12]
    return f"release {importlib.metadata.version('limner')}"


def _processor() -> str:
    """Return the processor's name, or as much of it as is known."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def _resumed(
    path: Path, module: nn.Module, optimizers: list[torch.optim.Optimizer], average: Average, stream: Resumable | None
) -> tuple[int, float, int | None]:
    """Put a checkpoint back; returns the step, the seconds and the steps that it was of."""
    state = load_checkpoint(path)
    try:
        module.load_state_dict(state["module"])
        for optimizer, kept in zip(optimizers, state["optimizers"], strict=True):
            groups = zip(optimizer.param_groups, kept["param_groups"], strict=True)
            kept["param_groups"] = [old | {"scale": group["scale"]} for group, old in groups]
            optimizer.load_state_dict(kept)
        step, seconds, steps = state["step"], state["seconds"], state["steps"]
        places = state.get("stream")
        if stream is not None:
            stream.restore(places[launched().process_index] if places else {})
    except (RuntimeError, KeyError, ValueError, TypeError, IndexError) as error:
        raise misfit(path, error) from error
    device, own = training_device(), module.state_dict()
    for name, value in state["average"].items():
        average.state[name] = own[name].detach() if name in average.frozen else value.to(device)
    return step, seconds, steps
