"""Where a run's figures and samples are shown: TensorBoard's files beside it, or any of the services that accelerate
knows (Weights & Biases and others), which are asked for by name and need to be installed.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from captioner.errors import TrainingError

USUAL = "tensorboard"
NONE = "none"
PROJECT = "limner"


class Trackers:
    """Those of one run, open; made on the main process alone."""

    def __init__(self, names: str, folder: Path, step: int, account: dict[str, Any]):
        """Open them.

        Args:
            names: of trackers, with commas between; "none" for none.
            step: what a run that was broken off showed after it counts no more.

        Raises:
            TrainingError: there is no such tracker, or it is not installed or cannot be reached.
        """
        from accelerate.tracking import LOGGER_TYPE_TO_CLASS

        self._opened: list[Any] = []
        for name in tracker_names(names):
            kind: Any = LOGGER_TYPE_TO_CLASS[name]
            if name == USUAL:
                tracker = kind(USUAL, folder, purge_step=step)
            elif name == "wandb":
                tracker = kind(PROJECT, name=folder.name, dir=str(folder), config=account)
            else:
                given = {"logging_dir": folder} if kind.requires_logging_directory else {}
                tracker = kind(PROJECT, **given)
            try:
                tracker.start()
            except Exception as error:  # each service has errors of its own
                raise TrainingError(
                    f"{name} cannot be used ({type(error).__name__}: {str(error)[:200]}); log in to it, or leave out "
                    "--log-with."
                ) from error
            self._opened.append(tracker)

    def log(self, values: dict[str, float | str], step: int) -> None:
        for tracker in self._opened:
            tracker.log(values, step=step)

    def show(self, folder: Path, step: int) -> None:
        """Show the `sheet-STEP.png` and `samples-STEP.txt` that a run has left, if it has."""
        sheet, samples = folder / f"sheet-{step:06d}.png", folder / f"samples-{step:06d}.txt"
        if sheet.exists():
            pixels = np.asarray(Image.open(sheet).convert("RGB"))[None]
            for tracker in self._opened:
                options = {"dataformats": "NHWC"} if tracker.name == USUAL else {}
                if hasattr(tracker, "log_images"):
                    tracker.log_images({"samples": pixels}, step=step, **options)
        if samples.exists():
            self.log({"samples": samples.read_text("utf-8").replace("\n", "  \n")}, step)

    def close(self) -> None:
        for tracker in self._opened:
            tracker.finish()


def tracker_names(names: str) -> Sequence[str]:
    """Return the names in a list with commas.

    Raises:
        TrainingError: there is no such tracker, or it is not installed.
    """
    from accelerate.tracking import LOGGER_TYPE_TO_CLASS, get_available_trackers

    wanted = [name for part in names.split(",") if (name := part.strip()) and name != NONE]
    available = {str(getattr(tracker, "value", tracker)) for tracker in get_available_trackers()}
    for name in wanted:
        if name not in LOGGER_TYPE_TO_CLASS:
            known = ", ".join(sorted(LOGGER_TYPE_TO_CLASS))
            raise TrainingError(f"there is no tracker {name[:40]!r} for --log-with; choose of {known}, or {NONE}.")
        if name not in available:
            package = "'limner[train]'" if name == USUAL else name.replace("_", "-")
            raise TrainingError(
                f"{name} is not installed; install it with `pip install {package}`, or give another --log-with "
                f"({NONE} for none)."
            )
    return tuple(dict.fromkeys(wanted))
