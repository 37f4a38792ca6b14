"""`limner models`: which models can paint, which are here, what they need and what they can do."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

from generation.catalog import BYTES_A_PARAMETER, Known, known_models
from generation.errors import WeightsError
from generation.placement import GB, Machine, Wishes, place, this_machine
from ui.settings import load_settings, prepare_environment
from ui.wiring import painter_wishes


def models(folder: Path | None, as_json: bool) -> None:
    """Print the models, one a line or one JSON object a line.

    Raises:
        GenerationError: the folder holds no pipeline that can be used, or a setting cannot be used.
    """
    settings = load_settings()
    prepare_environment(settings.threads)
    wishes = painter_wishes(settings)
    machine = this_machine()
    if not as_json:
        print(f"Painting on {machine.name}, with {machine.free / GB:.1f} GB free.")
        print("embedded: this package's own; 512 x 512 pixels; creates, edits, keeps to masks, upscales")
    for known in known_models(folder):
        placed = _placed(known, machine, wishes)
        if as_json:
            print(json.dumps({**dataclasses.asdict(known), "placed": placed}))
        else:
            _print(known, placed)
    if not as_json:
        print("Sizes of what is not cached are those that the models' cards name, at two bytes a parameter.")


def _placed(known: Known, machine: Machine, wishes: Wishes) -> str:
    """Return how a model would be put on this machine, or why it cannot be; "" where its size is not known."""
    if not known.weights or known.problem:
        return ""
    total, largest = known.weights // BYTES_A_PARAMETER, known.largest // BYTES_A_PARAMETER
    try:
        found = place(known.name or known.preset, machine, total, largest or total, wishes)
    except WeightsError:
        return "too large for this machine"
    offloads = found.offload != "none" and not largest  # how, is known once its parts are here
    return f"{found.device}, {found.dtype}, offloaded" if offloads else str(found)


def _print(known: Known, placed: str) -> None:
    where = "here" if known.cached else "not here"
    size = f"{known.weights / GB:.1f} GB" if known.weights else "size unknown"
    facts = ", ".join(fact for fact in (where, size, placed) if fact)
    print(f"{known.name or known.source} ({known.preset or 'no pipeline'}): {facts}")
    if known.problem:
        print(f"    {known.problem}")
    for act, how in known.can.items():
        print(f"    {act}: {how}")
