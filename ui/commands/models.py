"""`limner models`: which models can paint, which are here, what they need and what they can do."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

from assistant.llm.local import TALK_BYTES
from generation.catalog import BYTES_A_PARAMETER, Known, chat_model_weights, known_models
from generation.errors import WeightsError
from generation.placement import GB, Machine, Wishes, place, this_machine
from generation.sharing import share
from ui.settings import Settings, load_settings, prepare_environment
from ui.wiring import is_local_model, painter_wishes


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
        if beside := _beside(settings, machine):
            print(beside)
        print(
            "embedded: this package's own; 512 x 512 pixels; creates, edits, keeps to masks, extends, merges, upscales"
        )
    for known in known_models(folder):
        placed = _placed(known, machine, wishes)
        if as_json:
            print(json.dumps({**dataclasses.asdict(known), "placed": placed}))
        else:
            _print(known, placed)
    if not as_json:
        print("Sizes of what is not cached are those that the models' cards name, at two bytes a parameter.")


def sharing_line(settings: Settings) -> str:
    """Return how the painter and the rewriter will share a GPU; "" where they need not, or where that is seen later.

    Raises:
        GenerationError: the painter's folder holds no pipeline that can be used.
    """
    if settings.painter == "embedded" or not is_local_model(settings.rewriter):
        return ""
    machine = this_machine()
    if not machine.has_own_memory:
        return ""
    folder = Path(settings.painter)
    found = known_models(folder) if folder.is_dir() else [k for k in known_models() if k.name == settings.painter]
    talking = chat_model_weights(settings.rewriter)
    if not found or not found[0].weights or not talking:
        return f"The painter and the rewriter share {machine.name}; how, is decided once both are downloaded."
    painter = place(
        settings.painter, machine, found[0].weights // BYTES_A_PARAMETER,
        (found[0].largest or found[0].weights) // BYTES_A_PARAMETER, painter_wishes(settings),
    )  # fmt: skip
    return f"On the GPU, {share(painter.needed, talking + TALK_BYTES, machine, settings.sharing)}."


def _beside(settings: Settings, machine: Machine) -> str:
    """Return what the rewriter that is set leaves to painters on the same GPU; "" where it is not there."""
    if not is_local_model(settings.rewriter) or not machine.has_own_memory:
        return ""
    talking = chat_model_weights(settings.rewriter)
    if not talking:
        return f"The rewriter {settings.rewriter} shares the GPU; how, is known once it is downloaded."
    left = max(machine.free - talking - TALK_BYTES, 0) / GB
    wish = {
        "auto": f"painters that need up to {left:.1f} GB stay loaded beside it, larger ones take turns with it",
        "together": f"painters have {left:.1f} GB beside it", "turns": "painters take turns with it",
    }[settings.sharing]  # fmt: skip
    return f"The rewriter {settings.rewriter} needs {(talking + TALK_BYTES) / GB:.1f} GB of the GPU; {wish}."


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
