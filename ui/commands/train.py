"""`limner train`: checks the options, then hands them to the training of the model that was named."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ui.commands.world import setting_named
from ui.errors import SettingsError
from ui.settings import prepare_environment

MODELS = ("autoencoder", "painter", "judge", "rewriter", "captioner", "policy")


@dataclass(frozen=True)
class TrainOptions:
    """What was asked on the command line; None leaves it to the training itself."""

    out: Path
    minutes: float | None
    steps: int | None
    seed: int | None
    threads: int | None
    setting: str
    resume: bool
    warm_start: Path | None
    pictures: Path | None = None
    autoencoder: Path | None = None
    compiled: bool = False
    stage: str | None = None
    truth: float | None = None
    batch: int | None = None
    lessons: int | None = None
    width: int | None = None
    layers: int | None = None
    synthetic: float | None = None
    captioner: Path | None = None


def train(model: str, options: TrainOptions) -> None:
    """Train, and say where the run is and what it came to.

    Raises:
        SettingsError: there is no such model, or an option cannot be used.
    """
    if model not in MODELS:
        raise SettingsError(f"There is no model {model[:40]!r} to train; choose one of {', '.join(MODELS)}.")
    given = asked(options)
    try:
        options.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"{options.out} cannot be made ({error.strerror}); choose another --out.") from error
    prepare_environment(options.threads or 0)
    trainer = _trainer(model)
    known = inspect.signature(trainer).parameters
    captioner = given.pop("captioner", None)
    if unknown := [name for name in given if name not in known]:
        raise SettingsError(f"The {model} is trained without --{unknown[0].replace('_', '-')}; leave it out.")
    if options.synthetic is not None:
        from ui.wiring import load_embedded_captioner

        given["captioners"] = {"descriptive": load_embedded_captioner(captioner)}
    account = trainer(**given)
    print(f"The {model} is in {options.out}.")
    for name, value in account.items():
        if isinstance(value, int | float | str):
            print(f"  {name}: {value:.4g}" if isinstance(value, float) else f"  {name}: {value}")


def asked(options: TrainOptions) -> dict[str, Any]:
    """Return the options that were given, as a training takes them.

    Raises:
        SettingsError: they do not go together.
    """
    given_budgets = (options.minutes is not None) + (options.steps is not None)
    if given_budgets == 2 or (given_budgets == 0 and not options.resume):
        raise SettingsError("A training needs either --minutes or --steps; give one of the two.")
    for name in ("minutes", "steps", "threads", "batch", "width", "layers"):
        value = getattr(options, name)
        if value is not None and value <= 0:
            raise SettingsError(f"--{name} must be more than 0 and {value} was given; leave it out for the usual.")
    if options.width is not None and options.width % 64:
        raise SettingsError(f"--width is a multiple of 64, an attention head's width; {options.width} was given.")
    if options.lessons is not None and options.lessons < 0:
        raise SettingsError(f"--lessons is a number of steps, 0 for none; {options.lessons} was given.")
    if options.truth is not None and options.truth < 0:
        raise SettingsError(f"--truth is a weight, 0 or more; {options.truth} was given. 0 turns it off.")
    if options.synthetic is not None and not 0 <= options.synthetic <= 1:
        raise SettingsError(f"--synthetic is a share from 0 to 1; {options.synthetic} was given. The paper's is 0.95.")
    if options.captioner is not None and options.synthetic is None:
        raise SettingsError("--captioner says the words that --synthetic mixes in; give both, or leave it out.")
    for name in ("warm_start", "pictures", "autoencoder", "captioner"):
        folder = getattr(options, name)
        if folder is not None and name != "pictures" and not folder.exists():
            raise SettingsError(f"There is no {folder} to read; check --{name.replace('_', '-')}.")
    switches = ("resume", "compiled")
    given = {name: value for name, value in vars(options).items() if value is not None and name not in switches}
    given["setting"] = setting_named(options.setting)
    given |= {name: True for name in switches if getattr(options, name)}
    return given


def _trainer(model: str) -> Callable[..., dict[str, Any]]:
    if model == "autoencoder":
        from generation.training.autoencoder import train_autoencoder

        return train_autoencoder
    if model == "painter":
        from generation.training.painter import train_painter

        return train_painter
    if model == "judge":
        from generation.training.judge import train_judge

        return train_judge
    if model == "captioner":
        from captioner.training.captioner import train_captioner

        return train_captioner
    if model == "policy":
        from assistant.training.policy import train_policy

        return train_policy
    from assistant.training.train import train_rewriter

    return train_rewriter
