"""The captioner's weights between their homes: a run's folder, the repository's packed one, an ordinary one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from captioner.packing import save_packed
from captioner.places import WEIGHTS
from captioner.saved import load_coca
from captioner.tokenizer import load_tokenizer

ACCOUNT = "training.json"


def publish_captioner(run: Path, to: Path = WEIGHTS) -> None:
    """Copy a trained captioner from its run to where the embedded one is looked for, packed.

    Raises:
        WeightsError, OSError: the run cannot be read; what was there stays.
    """
    coca = load_coca(run / "captioner")
    tokenizer = load_tokenizer(run / "captioner")
    account = json.loads((run / ACCOUNT).read_text())
    account.pop("warm_start", None)  # a folder of whoever trained it
    save_packed(coca, to)
    config = json.loads((to / "config.json").read_text())
    config.pop("_name_or_path", None)  # the loaders note where they read a model from; that is nobody's business
    (to / "config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
    tokenizer.save_pretrained(to)
    (to / ACCOUNT).write_text(json.dumps(account, indent=2) + "\n")


def export_captioner(folder: Path, weights: Path = WEIGHTS) -> None:
    """Write the embedded captioner, in single precision, as a folder that `from_pretrained` loads."""
    load_coca(weights).save_pretrained(folder)
    load_tokenizer(weights).save_pretrained(folder)
    shutil.copy(weights / ACCOUNT, folder / ACCOUNT)
