"""`python -m benchmarks.sharing PAINTER REWRITER`: what it costs that two models share a GPU, in turns and together.

Without a GPU it measures the least that a move can cost, a copy of the weights in main memory, and says so.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence

import torch

from assistant.errors import ModelError
from assistant.llm.chat import ChatMessage
from assistant.llm.local import LocalChatModel
from generation.diffusers_painter import DiffusersPainter
from generation.errors import WeightsError
from generation.placement import GB, Machine, Wishes, give_back, this_machine
from generation.request import RenderRequest
from generation.sharing import SharedDevice

ASKED = [ChatMessage("user", "Describe a white bunny in a meadow in fifty words.")]


class Timed(SharedDevice):
    """A shared device that notes how long each move took, in seconds."""

    def __init__(self, look: Callable[[], Machine], wish: str):
        super().__init__(look, wish, give_back)
        self.moves: list[tuple[str, float]] = []

    def join(self, name: str, needed: int, come: Callable[[], object], leave: Callable[[], object]) -> None:
        super().join(name, needed, self._timed(f"{name} in", come), self._timed(f"{name} out", leave))

    def _timed(self, what: str, move: Callable[[], object]) -> Callable[[], None]:
        def moved() -> None:
            begun = time.perf_counter()
            move()
            _of(self.machine, "synchronize")
            self.moves.append((what, time.perf_counter() - begun))

        return moved


def _of(machine: Machine, name: str) -> int:
    """Return what torch's module of the device says under a name, 0 where it says nothing."""
    return int(getattr(torch.get_device_module(machine.device), name, int)() or 0)


class _Nothing:
    def read(self, digest: str) -> bytes:
        raise KeyError(digest)


def on_a_device(
    painter_name: str,
    rewriter_name: str,
    wish: str,
    turns: int,
    look: Callable[[], Machine] = this_machine,
    wishes: Wishes | None = None,
    steps: int | None = None,
) -> list[tuple[str, float]]:
    """Print how long turns take and the most memory that was taken, sharing as wished; return the moves.

    Raises:
        WeightsError, ModelError: they cannot be loaded, or do not fit there as wished.
    """
    device = Timed(look, wish)
    painter = DiffusersPainter(painter_name, wishes, shared=device)
    rewriter = LocalChatModel(rewriter_name, device=device.machine.device, sharing=device)
    rewriter.load()
    _of(device.machine, "reset_peak_memory_stats")
    for turn in range(turns):
        begun = time.perf_counter()
        words = "".join(rewriter.stream(ASKED))
        spoken = time.perf_counter()
        prompt = words[:500] if words.strip() else "a bunny"
        for _ in painter.paint([RenderRequest(str(turn), "create", prompt, seed=turn, steps=steps)], _Nothing()):
            pass
        print(f"{wish}, turn {turn + 1}: words {spoken - begun:.2f} s, picture {time.perf_counter() - spoken:.2f} s")
    for what, seconds in device.moves:
        print(f"  {what}: {seconds:.2f} s")
    if most := _of(device.machine, "max_memory_allocated"):
        print(f"  at most {most / GB:.1f} GB of {device.machine.free / GB:.1f} GB")
    return device.moves


def copied(weights: Sequence[torch.Tensor]) -> tuple[int, float]:
    """Return the bytes of weights and the seconds that a copy of them takes in main memory."""
    begun = time.perf_counter()
    for part in weights:
        part.clone()
    return sum(part.numel() * part.element_size() for part in weights), time.perf_counter() - begun


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sharing", description=__doc__)
    parser.add_argument("painter", help="a pipeline's folder, or its name on the hub")
    parser.add_argument("rewriter", help="a chat model's folder, or its name on the hub")
    parser.add_argument("--turns", type=int, default=3, help="how many times each works (3)")
    parser.add_argument("--steps", type=int, help="steps of each picture (the painter's own)")
    given = parser.parse_args(arguments)
    if this_machine().has_own_memory:
        for wish in ("turns", "together"):
            try:
                on_a_device(given.painter, given.rewriter, wish, given.turns, steps=given.steps)
            except (WeightsError, ModelError) as error:
                print(f"{wish}: {error}")
            give_back()
        return
    print("There is no GPU here, so no move was measured; a copy in main memory is the least that one costs:")
    modules = {
        "painter": [*DiffusersPainter(given.painter).loaded.pipeline.components.values()],
        "rewriter": [LocalChatModel(given.rewriter).module],
    }
    for name, parts in modules.items():
        weights = [p for part in parts if isinstance(part, torch.nn.Module) for p in part.parameters()]
        size, seconds = copied(weights)
        print(f"{name}: {size / GB:.2f} GB in {seconds:.2f} s, {size / GB / seconds:.1f} GB/s")


if __name__ == "__main__":
    main()
