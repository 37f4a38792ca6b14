"""`limner weights`: the embedded models as ordinary diffusers and transformers folders."""

from __future__ import annotations

import shutil
from pathlib import Path

from captioner.places import WEIGHTS as CAPTIONER
from ui.errors import SettingsError
from ui.settings import load_settings, prepare_environment

POLICY_FILES = ("model.safetensors", "config.json", "training.json")


def export_weights(folder: Path) -> None:
    """Write every embedded model into a folder of its own and say where they are.

    Raises:
        SettingsError: the folder cannot be written, or holds something else.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise SettingsError(f"{folder} is there already and not empty; choose another folder.")
    prepare_environment(load_settings().threads)
    from assistant.llm.embedded import DEFAULT_WEIGHTS
    from captioner.export import export_captioner
    from generation.export import export_enlarger, export_finder, export_painter

    try:
        folder.mkdir(parents=True, exist_ok=True)
        export_painter(folder / "painter")
        export_enlarger(folder / "enlarger")
        export_finder(folder / "finder")
        shutil.copytree(DEFAULT_WEIGHTS, folder / "rewriter", ignore=shutil.ignore_patterns("*.md"))
        if CAPTIONER.exists():
            export_captioner(folder / "captioner")
    except OSError as error:
        raise SettingsError(f"{folder} cannot be written ({error.strerror}); choose another folder.") from error
    for place in sorted(path for path in folder.iterdir() if path.is_dir()):
        print(place)


def publish_weights(
    painter: Path | None, autoencoder: Path | None, rewriter: Path | None, captioner: Path | None = None,
    enlarger: Path | None = None, finder: Path | None = None, policy: Path | None = None,
) -> None:  # fmt: skip
    """Copy runs to where the embedded models are looked for; what is not named stays as it is.

    Raises:
        SettingsError: no run is named, an autoencoder's without its painter's, or one is not finished.
    """
    if painter is None and (not any((rewriter, captioner, enlarger, finder, policy)) or autoencoder is not None):
        raise SettingsError(
            "Name the run to publish: --painter (with --autoencoder, if that is new), --enlarger, --finder, "
            "--rewriter, --captioner or --policy."
        )
    needed = {
        painter: ("denoiser", "text_encoder", "tokenizer", "training.json"),
        autoencoder: ("autoencoder", "training.json"),
        rewriter: ("weights/model.safetensors",),
        captioner: ("captioner/config.json", "training.json"),
        enlarger: ("enlarger/config.json", "training.json"),
        finder: ("finder/config.json", "training.json"),
        policy: POLICY_FILES,
    }
    for run, parts in needed.items():
        if run and (missing := [run / part for part in parts if not (run / part).exists()]):
            raise SettingsError(f"There is no {missing[0]}; train to the end first, or name another run.")
    if painter:
        from generation.embedded import WEIGHTS
        from generation.export import publish_painter

        publish_painter(painter, autoencoder)
        print(WEIGHTS)
    if enlarger:
        from generation.enlarge import WEIGHTS as ENLARGER
        from generation.export import publish_enlarger

        publish_enlarger(enlarger)
        print(ENLARGER)
    if finder:
        from generation.export import publish_finder
        from generation.finding import WEIGHTS as FINDER

        publish_finder(finder)
        print(FINDER)
    if rewriter:
        from assistant.llm.embedded import DEFAULT_WEIGHTS

        own_card = shutil.ignore_patterns("README.md")  # the run's card is of the run
        shutil.copytree(rewriter / "weights", DEFAULT_WEIGHTS, ignore=own_card, dirs_exist_ok=True)
        print(DEFAULT_WEIGHTS)
    if captioner:
        from captioner.export import publish_captioner

        publish_captioner(captioner)
        print(CAPTIONER)
    if policy:
        from assistant.policy_model import WEIGHTS as POLICY

        for name in POLICY_FILES:
            shutil.copy(policy / name, POLICY / name)
        print(POLICY)
