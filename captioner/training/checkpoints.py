"""A run's checkpoint on the disk: whole or not at all, and loaded only where it fits. Knows no data and no losses."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from torch import Tensor

from captioner.errors import TrainingError, WeightsError, first_line

CHECKPOINT = "checkpoint.pt"
LOCK = ".lock"
WRITERS = ("No space left", "File too large", "PytorchStreamWriter", "I/O error", "unexpected pos")
"""How libraries that raise no OSError say that a file could not be written."""


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Keep other processes from training in a folder.

    Raises:
        TrainingError: another one is, or the folder cannot be written.
    """
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / LOCK).open("a")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise TrainingError(
                f"Another process is training in {folder}; wait for it, or choose another --out."
            ) from error
        yield


@contextlib.contextmanager
def writing(place: Path) -> Iterator[None]:
    """Turn whatever says that a file cannot be written, such as a full disk, into a sentence.

    Raises:
        TrainingError: it could not be written.
    """
    try:
        yield
    except (OSError, RuntimeError, SafetensorError) as error:
        if not isinstance(error, OSError) and not any(sign in str(error) for sign in WRITERS):
            raise
        kept = "what the last checkpoint holds is kept" if (place / CHECKPOINT).exists() else "nothing was saved yet"
        raise TrainingError(
            f"{place} cannot be written ({getattr(error, 'strerror', None) or first_line(error)}); {kept}. Make room, "
            "then go on with --resume."
        ) from error


def save_checkpoint(path: Path, state: dict[str, Any]) -> None:
    """Write a checkpoint, with tensors on the CPU, so that a run can go on on another machine.

    Raises:
        OSError, RuntimeError: it cannot be written; the one that was there stays.
    """
    partial = path.with_suffix(".partial")
    try:
        with partial.open("wb") as file:
            torch.save(on_cpu(state), file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def load_checkpoint(path: Path) -> dict[str, Any]:
    """Raises: WeightsError: there is none, or it is damaged."""
    try:
        state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # the loader raises a dozen types; each means the same to a person
        raise misfit(path, error) from error
    return state


def misfit(path: Path, error: BaseException) -> WeightsError:
    return WeightsError(
        f"there is no checkpoint in {path.parent} that fits this run ({first_line(error)}); start anew, or resume with "
        "the options that it was begun with."
    )


def on_cpu(state: Any) -> Any:
    """Return nested dicts and lists with every tensor in them on the CPU."""
    if isinstance(state, dict):
        return {name: on_cpu(value) for name, value in state.items()}
    if isinstance(state, list):
        return [on_cpu(value) for value in state]
    return state.cpu() if isinstance(state, Tensor) else state
