"""`limner eval`: measures a model on what it was never trained on, and prints the figures."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ui.commands.blends import BlendOptions, blends
from ui.errors import SettingsError
from ui.settings import load_settings, prepare_environment

if TYPE_CHECKING:
    from generation.evaluation.conversations import Conversation
    from generation.evaluation.ways import Way
    from generation.request import Painter

MODELS = ("painter", "edits", "single-edits", "checks", "blends", "rewriter", "captioner", "policy")
CONVERSATIONS, TURNS, MOST_TURNS = 200, 10, 100


@dataclass(frozen=True)
class EditOptions:
    """What is asked of the evaluation of multi-turn edits alone; None leaves it at the usual, or writes no file."""

    turns: int | None = None
    development: bool = False
    json_file: Path | None = None
    sheet: Path | None = None
    rewriter: str | None = None


def evaluate(
    model: str,
    count: int | None,
    seed: int,
    out: Path | None,
    weights: Path | None = None,
    edits: EditOptions = EditOptions(),
    better_captions: BlendOptions = BlendOptions(),
) -> None:
    """Measure the model and print the table.

    Raises:
        SettingsError: there is no such model, or it is not measured so.
    """
    if model not in MODELS:
        raise SettingsError(f"There is no evaluation of {model[:40]!r}; choose one of {', '.join(MODELS)}.")
    if count is not None and count < 1:
        raise SettingsError(f"--count must be 1 or more and {count} was given; leave it out for the usual.")
    if model == "rewriter" and count is not None:
        raise SettingsError("The rewriter is measured on all its held-out messages; leave --count out.")
    if model == "policy" and (count is not None or out is not None):
        raise SettingsError("The policy is held against all its prompts and prints what it did; leave options out.")
    if weights is not None and model != "captioner":
        raise SettingsError(f"--weights names a captioner's; the {model} is measured without, leave it out.")
    if model != "edits" and edits != EditOptions():
        raise SettingsError(
            f"--turns, --development, --json, --sheet and --rewriter are for `limner eval edits`; leave them out to "
            f"measure the {model}."
        )
    if model != "blends" and better_captions != BlendOptions():
        raise SettingsError(
            "--captioner, --ssc, --seeds, --levels, --curve, --steps, --workers and --compiled are for `limner eval "
            f"blends`; leave them out to measure the {model}."
        )
    if edits.turns is not None and not 1 <= edits.turns <= MOST_TURNS:
        raise SettingsError(
            f"--turns takes 1 to {MOST_TURNS} and {edits.turns} was given; leave it out for the usual {TURNS}."
        )
    prepare_environment(load_settings().threads)
    match model:
        case "painter":
            print(_painter(count or 200, seed, out))
        case "edits":
            print(_edits(count or CONVERSATIONS, seed, out, edits))
        case "single-edits":
            print(_single_edits(count or 100, seed, out))
        case "checks":
            print(_checks(count or 200, seed, out))
        case "blends":
            print(blends(count, out, better_captions))
        case "captioner":
            print(_captioner(count or 1000, seed, out, weights))
        case "policy":
            print(_policy())
        case _:
            print(_rewriter(out))


def _policy() -> str:
    from assistant.policy_evaluation import evaluate_policy
    from ui.wiring import load_policy

    return str(evaluate_policy(load_policy(load_settings())))


def _painter(scenes: int, seed: int, out: Path | None) -> str:
    from generation.evaluation.judge import load_judge
    from generation.evaluation.painter import evaluate_painter
    from generation.models.autoencoder import PictureAutoencoder
    from generation.training.painter import weights_folder
    from ui.wiring import load_painter

    painter, judge = load_painter(load_settings()), load_judge()
    autoencoder = PictureAutoencoder.from_pretrained(weights_folder("autoencoder"))
    return evaluate_painter(painter, judge, autoencoder, scenes=scenes, seed=seed, out=out).table()


def _edits(count: int, seed: int, out: Path | None, options: EditOptions) -> str:
    from generation.evaluation.judge import load_judge
    from generation.evaluation.multi_turn import evaluate_conversations
    from generation.evaluation.multi_turn_sheet import sheet
    from generation.models.autoencoder import PictureAutoencoder
    from generation.training.painter import weights_folder
    from ui.wiring import load_painter

    files: dict[str, Path | None] = {"txt": None, "json": options.json_file, "png": options.sheet}
    if out is not None:
        files = {kind: path or out / f"edits.{kind}" for kind, path in files.items()}
    for path in filter(None, files.values()):
        _writable(path)
    turns = options.turns or TURNS
    command = f"limner eval edits --count {count} --turns {turns} --seed {seed}"
    command += " --development" * options.development
    command += f" --rewriter {options.rewriter}" if options.rewriter else ""
    painter = load_painter(load_settings())
    autoencoder = PictureAutoencoder.from_pretrained(weights_folder("autoencoder"))
    report, shown = evaluate_conversations(
        painter, load_judge(), autoencoder, count, turns, moods=count, seed=seed,
        development=options.development, another=_planned(options.rewriter, painter), command=command,
    )  # fmt: skip
    table = report.table()
    if files["txt"]:
        files["txt"].write_text(table + "\n")
    if files["json"]:
        files["json"].write_text(report.to_json())
    if files["png"]:
        sheet(shown.conversations, shown.pictures, report.titles).save(files["png"])
    return table


def _planned(name: str | None, painter: Painter) -> Callable[[Sequence[Conversation]], Way] | None:
    """Return what makes the way that goes by a rewriter's plans; None where none is named.

    Raises:
        SettingsError: there is no such rewriter.
    """
    if name is None:
        return None
    from ui.commands.planned import Planned
    from ui.wiring import load_rewriter

    rewriter, load = load_rewriter(load_settings(rewriter=name))
    load()
    return lambda talks: Planned(rewriter, painter, talks)


def _writable(path: Path) -> None:
    """Make the folder of a file that is written after half an hour's work, or say at once that it cannot be.

    Raises:
        SettingsError: it cannot be written there.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab"):
            pass
    except OSError as error:
        raise SettingsError(f"{path} cannot be written ({error.strerror}); name another file.") from error


def _single_edits(count: int, seed: int, out: Path | None) -> str:
    from generation.evaluation.edits import evaluate_edits
    from generation.evaluation.judge import load_judge
    from ui.wiring import load_painter

    command = f"limner eval single-edits --count {count} --seed {seed}"
    report = evaluate_edits(load_painter(load_settings()), load_judge(), count, seed=seed, out=out, command=command)
    return report.table()


def _checks(count: int, seed: int, out: Path | None) -> str:
    from captioner.checking import CaptionChecker
    from generation.evaluation.checks import evaluate_checks
    from generation.evaluation.judge import load_judge
    from ui.wiring import load_embedded_captioner, load_painter

    command = f"limner eval checks --count {count} --seed {seed}"
    painter, checker = load_painter(load_settings()), CaptionChecker(load_embedded_captioner())
    return evaluate_checks(painter, checker, load_judge(), count, seed=seed, out=out, command=command).table()


def _captioner(count: int, seed: int, out: Path | None, weights: Path | None) -> str:
    from captioner.evaluation.captions import evaluate_captioner
    from ui.wiring import load_embedded_captioner

    captioner = load_embedded_captioner(weights)
    command = f"limner eval captioner --count {count} --seed {seed}"
    return evaluate_captioner(captioner, captioner.world_setting, count, seed, out, command).table()


def _rewriter(out: Path | None) -> str:
    from assistant.training.evaluate import evaluate_rewriter
    from assistant.training.held_out_schema import HELD_OUT_MESSAGES, HELD_OUT_PICTURES
    from ui.wiring import embedded_rewriter

    rewriter, load = embedded_rewriter(load_settings())
    load()
    reports = {file.stem: evaluate_rewriter(rewriter, file) for file in (HELD_OUT_MESSAGES, HELD_OUT_PICTURES)}
    text = "\n\n".join(f"{name}.jsonl\n{report}" for name, report in reports.items())
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        figures = {name: report.as_dict() for name, report in reports.items()}
        (out / "report.json").write_text(json.dumps(figures, indent=2) + "\n")
        (out / "report.txt").write_text(f"{text}\n")
    return text
