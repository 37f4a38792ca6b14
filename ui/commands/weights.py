"""`limner weights`: the embedded models as ordinary diffusers and transformers folders."""

from __future__ import annotations

import shutil
from pathlib import Path

from ui.errors import SettingsError
from ui.settings import load_settings, prepare_environment


def export_weights(folder: Path) -> None:
    """Write every embedded model into a folder of its own and say where they are.

    Raises:
        SettingsError: the folder cannot be written, or holds something else.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise SettingsError(f"{folder} is there already and not empty; choose another folder.")
    prepare_environment(load_settings().threads)
    from assistant.llm.embedded import DEFAULT_WEIGHTS
    from generation.export import export_painter

    try:
        folder.mkdir(parents=True, exist_ok=True)
        export_painter(folder / "painter")
        shutil.copytree(DEFAULT_WEIGHTS, folder / "rewriter", ignore=shutil.ignore_patterns("*.md"))
    except OSError as error:
        raise SettingsError(f"{folder} cannot be written ({error.strerror}); choose another folder.") from error
    for place in sorted(path for path in folder.iterdir() if path.is_dir()):
        print(place)


def publish_weights(autoencoder: Path, painter: Path) -> None:
    """Copy two runs into the embedded painter's folder, in half precision.

    Raises:
        SettingsError: one of the runs is not finished.
    """
    needed = [autoencoder / "autoencoder", painter / "denoiser", painter / "text_encoder", painter / "tokenizer"]
    for part in [*needed, autoencoder / "training.json", painter / "training.json"]:
        if not part.exists():
            raise SettingsError(f"There is no {part}; train to the end first, or name another run.")
    from generation.embedded import WEIGHTS
    from generation.export import publish_painter

    publish_painter(autoencoder, painter)
    print(WEIGHTS)
