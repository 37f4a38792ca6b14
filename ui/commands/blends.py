"""`limner eval blends`: the better-captions experiment, from drawn pictures to table and plot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ui.errors import SettingsError
from ui.settings import load_settings, prepare_environment

LEVELS = ("low", "medium", "high")


@dataclass(frozen=True)
class BlendOptions:
    """What was asked on the command line; None leaves it at the usual.

    Attributes:
        captioner, ssc: folders of the captioners that say descriptive and short captions; the embedded one else.
        levels: how noisy the alt text is, names separated by commas.
        shares: blends to hold against alt text in place of 95: descriptive captions in percent, separated by commas.
        curve: all blends of the paper's curve.
    """

    captioner: Path | None = None
    ssc: Path | None = None
    seeds: int | None = None
    levels: str | None = None
    shares: str | None = None
    curve: bool = False
    steps: int | None = None
    workers: int | None = None
    compiled: bool = False


def evaluate_blends(count: int | None, out: Path | None, options: BlendOptions) -> None:
    """Run the experiment, or what is left of it, and print its report.

    Raises:
        SettingsError: an option cannot be used.
        DataError: `out` holds an experiment with other settings.
    """
    levels = tuple((options.levels or "medium").split(","))
    if unknown := [level for level in levels if level not in LEVELS]:
        raise SettingsError(f"There is no noise level {unknown[0]!r}; choose from {', '.join(LEVELS)}.")
    if options.shares and options.curve:
        raise SettingsError("--curve has its own shares; leave out --shares, or --curve.")
    shares = tuple(_share(each) for each in (options.shares or "95").split(","))
    numbers = {"count": count, "seeds": options.seeds, "steps": options.steps, "workers": options.workers}
    for name, value in numbers.items():
        if value is not None and value < 1:
            raise SettingsError(f"--{name} must be 1 or more and {value} was given; leave it out for the usual.")
    if out is None:
        raise SettingsError("The experiment takes an hour or more and goes on where it stopped; say where: --out DIR.")
    prepare_environment(load_settings().threads)
    from captioner.places import WEIGHTS
    from captioner.request import CaptionKind
    from generation.evaluation.blends import CURVE, Settings, arms_of, evaluate_blends

    captioners: dict[CaptionKind, Path] = {"descriptive": options.captioner or WEIGHTS}
    if options.curve:
        captioners["short"] = options.ssc or WEIGHTS
    usual = Settings()
    settings = Settings(steps=options.steps or usual.steps, scenes=count or usual.scenes)
    report = evaluate_blends(
        out, captioners, CURVE if options.curve else arms_of(shares), levels, options.seeds or 5, options.workers or 1,
        settings, _rewriter(), options.compiled, _command(count, out, options), WEIGHTS,
    )  # fmt: skip
    print(report)


def _share(text: str) -> float:
    """Raises: SettingsError: it is no share in percent above 0."""
    try:
        share = float(text)
    except ValueError:
        share = 0.0
    if not 0 < share <= 100:
        raise SettingsError(
            f"--shares are percentages of descriptive captions above 0 and up to 100, such as 65,95; {text!r} was "
            "given. Alt text alone is always among them."
        )
    return share


def _rewriter() -> Callable[[str], str]:
    """Return the embedded rewriter as a function from a message to the prompt that it plans; the message, if none."""
    from assistant.errors import AssistantError
    from assistant.messages import ConversationPath
    from ui.wiring import embedded_rewriter

    rewriter, load = embedded_rewriter(load_settings())
    load()

    def rewrite(message: str) -> str:
        try:
            plan = rewriter.plan(ConversationPath(message))
        except AssistantError:
            return message
        return str(getattr(plan, "prompt", "") or message)

    return rewrite


def _command(count: int | None, out: Path, options: BlendOptions) -> str:
    given = {name: value for name, value in vars(options).items() if value not in (None, False)}
    words = [f"--{name}" if value is True else f"--{name} {value}" for name, value in given.items()]
    return " ".join(["limner eval blends", f"--out {out}", *([f"--count {count}"] if count else []), *words])
