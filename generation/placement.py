"""Where a pipeline's weights go, and in which precision: chosen from the device that is there, or as it is wished.

`place` is a pure function of what was found; `this_machine` is the only one that looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from generation.errors import RequestError, WeightsError

Dtype = Literal["float32", "float16", "bfloat16"]
Offload = Literal["none", "model", "sequential"]

GB = 1_000_000_000
ROOM = 2 * GB
"""Bytes that a picture of a megapixel takes beside the weights: a rule of thumb, not a measurement of each model."""
WIDTH: dict[str, int] = {"float32": 4, "float16": 2, "bfloat16": 2}


@dataclass(frozen=True)
class Machine:
    """A device and how many bytes are free on it and in main memory; on a CPU the two are the same."""

    device: str
    name: str
    free: int
    ram: int

    @property
    def has_own_memory(self) -> bool:
        """Whether what is moved off the device makes room on it; a CPU and Apple's GPUs work in main memory itself."""
        return self.device not in ("cpu", "mps")


@dataclass(frozen=True)
class Wishes:
    """What a person set; "auto" leaves it to what is found.

    `attention` is "auto", "slicing" (less memory, slower) or a backend of diffusers ("native", "flash", "xformers" …).
    `tiling` decodes large pictures in tiles: "auto", "on" or "off".
    """

    dtype: str = "auto"
    offload: str = "auto"
    attention: str = "auto"
    tiling: str = "auto"

    def __post_init__(self) -> None:
        for name, value, known in (
            ("painter_dtype", self.dtype, get_args(Dtype)), ("painter_offload", self.offload, get_args(Offload)),
            ("painter_tiling", self.tiling, ("on", "off")),
        ):  # fmt: skip
            if value not in ("auto", *known):
                raise RequestError(
                    f"The setting {name!r} cannot be {value[:40]!r}; use 'auto' or one of {', '.join(known)}."
                )


@dataclass(frozen=True)
class Placement:
    """What was chosen. With offload "model" one part at a time is on the device, with "sequential" one layer.

    `needed` is how many bytes of the device a picture takes, weights included.
    """

    device: str
    dtype: Dtype
    offload: Offload
    attention: str
    tiling: bool
    needed: int = 0

    def __str__(self) -> str:
        parts = [self.device, self.dtype]
        if self.offload != "none":
            parts.append(f"{self.offload} offload")
        if self.attention != "auto":
            parts.append(f"{self.attention} attention")
        if self.tiling:
            parts.append("tiled decoding")
        return ", ".join(parts)


def place(name: str, machine: Machine, total: int, largest: int, wishes: Wishes | None = None) -> Placement:
    """Return where a pipeline goes.

    Args:
        name: what the person called it.
        total, largest: the parameters of all its parts, and of the largest.

    Raises:
        WeightsError: there is too little memory, whatever is done.
    """
    wishes = wishes or Wishes()
    dtype = _dtype(machine, total, wishes)
    width = WIDTH[dtype]
    offload = _offload(machine, total * width, largest * width, wishes)
    needed = {"none": total * width + ROOM, "model": largest * width + ROOM, "sequential": ROOM}[offload]
    if needed > machine.free and not (machine.device == "cpu" and total * width <= machine.free):
        where = "main memory" if machine.device == "cpu" else machine.name
        raise _too_little(name, where, needed, machine.free, dtype)
    if machine.device != "cpu" and offload != "none" and total * width > machine.ram:
        raise _too_little(name, "main memory", total * width, machine.ram, dtype)
    tiling = wishes.tiling == "on" or (wishes.tiling == "auto" and offload != "none")
    return Placement(machine.device, dtype, offload, wishes.attention, tiling, needed)


def _dtype(machine: Machine, total: int, wishes: Wishes) -> Dtype:
    if wishes.dtype != "auto":
        return wishes.dtype  # type: ignore[return-value]
    if machine.device == "cpu" and total * WIDTH["float32"] + ROOM <= machine.free:
        return "float32"  # half precision is slower on most CPUs, so it is taken only where it saves the day
    return "float32" if machine.device == "cpu" and total * WIDTH["float32"] <= ROOM else "bfloat16"


def _offload(machine: Machine, weights: int, largest: int, wishes: Wishes) -> Offload:
    if machine.device == "cpu":
        return "none"
    if wishes.offload != "auto":
        return wishes.offload  # type: ignore[return-value]
    if weights + ROOM <= machine.free:
        return "none"
    return "model" if largest + ROOM <= machine.free else "sequential"


def _too_little(name: str, where: str, needed: int, free: int, dtype: str) -> WeightsError:
    return WeightsError(
        f"There is too little memory for {name}: it needs about {needed / GB:.1f} GB of {where} in {dtype}, and "
        f"{free / GB:.1f} GB are free; close other programs, or choose a smaller model."
    )


def this_machine() -> Machine:
    """Look at what there is."""
    import torch

    ram = free_ram()
    if torch.cuda.is_available():
        free, _ = torch.cuda.mem_get_info()
        return Machine("cuda", torch.cuda.get_device_name(), free, ram)
    if torch.backends.mps.is_available():
        return Machine("mps", "Apple GPU", ram, ram)
    return Machine("cpu", "CPU", ram, ram)


def give_back() -> None:
    """Give memory that nothing uses any more back to the device, where others find it."""
    import torch

    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def free_ram(cgroup: Path = Path("/sys/fs/cgroup")) -> int:
    """Return how many bytes of main memory this process may still take, a container's limit included."""
    import psutil

    available = int(psutil.virtual_memory().available)
    try:
        limit = int((cgroup / "memory.max").read_text())
        used = int((cgroup / "memory.current").read_text())
        stat = dict(line.split() for line in (cgroup / "memory.stat").read_text().splitlines())
    except (OSError, ValueError):  # no such file, or "max"
        return available
    return min(available, limit - used + int(stat.get("inactive_file", 0)))
