"""`limner train`: checks the options, then hands them to the training of the model that was named."""

from __future__ import annotations

import contextlib
import dataclasses
import inspect
import shlex
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ui.commands.world import setting_named
from ui.errors import SettingsError
from ui.settings import prepare_environment
from ui.training import MODELS, TrainOptions

if TYPE_CHECKING:
    from captioner.training.loop import RunOptions

OF_THE_RUN = ("accumulate", "clip", "log_with", "commit", "dry_run")
"""Options of any training, whatever it trains, as `RunOptions` takes them."""
OF_THE_COMMAND = ("data", "captions", "captioner", "push_to_hub", "public", *OF_THE_RUN)
"""Options that no training takes as they are."""


def train(model: str, options: TrainOptions) -> None:
    """Train, and say where the run is and what it came to.

    Raises:
        SettingsError: there is no such model, or an option cannot be used.
        CaptionerError: as the training.
    """
    if model not in MODELS:
        raise SettingsError(f"There is no model {model[:40]!r} to train; choose one of {', '.join(MODELS)}.")
    given = asked(options)
    prepare_environment(options.threads or 0)
    trainer = _trainer(model, bool(options.data))
    known = inspect.signature(trainer).parameters
    _check_known(model, options, given, set(known))
    if options.data:
        from captioner.training.own import OwnData
        from captioner.training.stream import source_named

        given["own"] = OwnData(tuple(map(source_named, options.data)), options.captions)
    elif options.synthetic is not None:
        from ui.wiring import load_embedded_captioner

        given["captioners"] = {"descriptive": load_embedded_captioner(options.captioner)}
    if "options" in known:
        given["options"] = _run_options(options)
    if options.dry_run:
        _rehearse(model, options, trainer, given)
    else:
        _train(model, options, trainer, given)


def asked(options: TrainOptions) -> dict[str, Any]:
    """Return the options that were given, as a training takes them.

    Raises:
        SettingsError: they do not go together.
    """
    given_budgets = (options.minutes is not None) + (options.steps is not None)
    if given_budgets == 2 or (given_budgets == 0 and not (options.resume or options.dry_run)):
        raise SettingsError("A training needs either --minutes or --steps; give one of the two.")
    for name in ("minutes", "steps", "threads", "batch", "width", "layers", "size", "accumulate"):
        value = getattr(options, name)
        if value is not None and value <= 0:
            raise SettingsError(f"--{name} must be more than 0 and {value} was given; leave it out for the usual.")
    if options.width is not None and options.width % 64:
        raise SettingsError(f"--width is a multiple of 64, an attention head's width; {options.width} was given.")
    if options.lessons is not None and options.lessons < 0:
        raise SettingsError(f"--lessons is a number of steps, 0 for none; {options.lessons} was given.")
    if options.truth is not None and options.truth < 0:
        raise SettingsError(f"--truth is a weight, 0 or more; {options.truth} was given. 0 turns it off.")
    if options.clip is not None and not options.clip >= 0:
        raise SettingsError(f"--clip is a gradient's length, 0 for none; {options.clip} was given.")
    if options.tower_rate is not None and not 0 <= options.tower_rate <= 1:
        raise SettingsError(
            f"--tower-rate is a share of the learning rate from 0, which freezes, to 1; {options.tower_rate} was given."
        )
    if options.tower_rate is not None and not (options.image_tower or options.text_decoder):
        raise SettingsError("--tower-rate is for --image-tower and --text-decoder; give one of them, or leave it out.")
    if options.synthetic is not None and not 0 <= options.synthetic <= 1:
        raise SettingsError(f"--synthetic is a share from 0 to 1; {options.synthetic} was given. The paper's is 0.95.")
    if options.captioner is not None and options.synthetic is None:
        raise SettingsError("--captioner says the words that --synthetic mixes in; give both, or leave it out.")
    if options.captions is not None and not options.data:
        raise SettingsError("--captions are of the pictures in --data; give both, or leave it out.")
    if options.captioner is not None and options.data:
        raise SettingsError(
            "Pictures of your own are captioned by `limner recaption`, whose file --captions takes; leave out "
            "--captioner."
        )
    if options.public and not options.push_to_hub:
        raise SettingsError("--public is for --push-to-hub; give both, or leave it out.")
    for name in ("warm_start", "pictures", "autoencoder", "captioner", "captions"):
        folder = getattr(options, name)
        if folder is not None and name != "pictures" and not folder.exists():
            raise SettingsError(f"There is no {folder} to read; check --{name.replace('_', '-')}.")
    given = {
        name: value
        for name, value in vars(options).items()
        if value is not None and value is not False and name not in OF_THE_COMMAND
    }
    if not options.data:
        given["setting"] = setting_named(options.setting or "core")
    return given


def _check_known(model: str, options: TrainOptions, given: dict[str, Any], known: set[str]) -> None:
    """Raises: SettingsError: an option was given that this training does not have."""
    unknown = [name for name in given if name not in known and not (name == "setting" and options.setting is None)]
    if "own" not in known:
        unknown += ["data"] if options.data else []
    if "options" not in known:
        unknown += [name for name in OF_THE_RUN if getattr(options, name)]
    if unknown:
        of = " from pictures of your own" if options.data and unknown != ["data"] else ""
        raise SettingsError(f"The {model} is trained{of} without --{unknown[0].replace('_', '-')}; leave it out.")


def _run_options(options: TrainOptions) -> RunOptions:
    """Raises: TrainingError: there is no such tracker, or it is not installed."""
    from captioner.training.loop import RunOptions
    from captioner.training.trackers import NONE, tracker_names

    names = {"dry_run": "rehearsal"}
    chosen = {names.get(name, name): getattr(options, name) for name in OF_THE_RUN}
    run = RunOptions(**{name: value for name, value in chosen.items() if value is not None})
    tracker_names(run.log_with)
    return dataclasses.replace(run, log_with=NONE) if run.rehearsal else run


def _train(model: str, options: TrainOptions, trainer: Callable[..., dict[str, Any]], given: dict[str, Any]) -> None:
    from captioner.training.card import write_card
    from captioner.training.checkpoints import writing
    from captioner.training.hub import prepare_repo, push_run
    from captioner.training.loop import launched

    is_main = launched().is_main_process
    with _alone_in(options.out) if is_main else contextlib.nullcontext():
        repo = prepare_repo(options.push_to_hub, options.public) if options.push_to_hub and is_main else None
        account = trainer(**given)
        if not is_main:
            return
        with writing(options.out):
            for folder in (options.out, options.out / model, options.out / "weights"):
                if folder.is_dir():
                    write_card(folder, account, command_of(model, options))
        print(f"The {model} is in {options.out}.")
        for name, value in account.items():
            if isinstance(value, int | float | str):
                print(f"  {name}: {value:.4g}" if isinstance(value, float) else f"  {name}: {value}")
        for row in account.get("sources", ()):
            print(
                f"  {row['source']}: {row['pictures']} pictures, {row['skipped']} skipped, {row['odd']} with odd texts"
            )
        if any(row["skipped"] or row["odd"] for row in account.get("sources", ())):
            print(f"  {options.out / 'skipped.log'} names them.")
        if repo:
            message = f"{model.capitalize()}, {account['steps']} steps"
            print(f"  sent to {push_run(options.out, model, repo, message)}")


@contextlib.contextmanager
def _alone_in(out: Path) -> Iterator[None]:
    """Raises: SettingsError: the folder cannot be made. TrainingError: another process trains there."""
    from captioner.training.checkpoints import alone_in

    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"{out} cannot be made ({error.strerror}); choose another --out.") from error
    with alone_in(out):
        yield


def _rehearse(model: str, options: TrainOptions, trainer: Callable[..., dict[str, Any]], given: dict[str, Any]) -> None:
    """Load everything, take a few steps in a folder that is then thrown away, and say what a run would need."""
    with tempfile.TemporaryDirectory(prefix="limner-dry-run-") as folder:
        place = Path(folder)
        if options.pictures is not None and (options.pictures / "cache.json").exists():
            from captioner.training.pictures import REHEARSED_PAIRS, PictureCache, few_pairs

            few_pairs(PictureCache(options.pictures), place / "pictures", REHEARSED_PAIRS)
        given = {**given, "out": place / "run", "pictures": place / "pictures", "minutes": None, "steps": 1}
        known = inspect.signature(trainer).parameters
        account = trainer(**{name: value for name, value in given.items() if name in known and name != "resume"})
    found = account["rehearsal"]
    seconds = found["seconds_a_step"]
    print(f"Dry run of the {model}: nothing was written.")
    print(f"  parameters: {account['parameters']:,}")
    for part, number in found["parts"].items():
        print(f"    {part}: {number:,}")
    pictures = f", {found['pictures_a_second']:.3g} pictures a second" if found["pictures_a_second"] else ""
    print(f"  a step: {seconds:.3g} s{pictures}, on {account['hardware']}")
    print(f"  memory: {found['memory_gb']:.2f} GB at most; a checkpoint: {found['checkpoint_mb']:.1f} MB")
    if options.steps:
        print(f"  {options.steps:,} steps would take about {options.steps * seconds / 60:,.1f} minutes")
    elif options.minutes:
        print(f"  {options.minutes:g} minutes would be about {int(options.minutes * 60 / seconds):,} steps")
    for row in account.get("sources", ()):
        print(f"  {row['source']}: of the first pictures {row['pictures']} can be learned from, {row['skipped']} not")


def command_of(model: str, options: TrainOptions) -> str:
    """Return the command line that these options stand for, with the last names of folders alone."""
    words = ["limner", "train", model]
    for field in dataclasses.fields(options):
        value = getattr(options, field.name)
        if value == field.default or value is None or field.name in ("push_to_hub", "public"):
            continue
        flag = "--" + field.name.replace("_", "-")
        for one in value if isinstance(value, list) else (value,):
            words += [flag] if one is True else [flag, _shortened(one)]
    return shlex.join(words)


def _shortened(value: object) -> str:
    if isinstance(value, Path) or (isinstance(value, str) and Path(value).is_absolute()):
        return Path(value).name
    return str(value)


def _trainer(model: str, own: bool) -> Callable[..., dict[str, Any]]:
    if model == "autoencoder":
        from generation.training.autoencoder import train_autoencoder

        return train_autoencoder
    if model == "painter":
        if own:
            from generation.training.own import train_own_painter

            return train_own_painter
        from generation.training.painter import train_painter

        return train_painter
    if model == "distillation":
        from generation.training.distillation import train_distillation

        return train_distillation
    if model == "enlarger":
        from generation.training.enlarger import train_enlarger

        return train_enlarger
    if model == "finder":
        from generation.training.finder import train_finder

        return train_finder
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
