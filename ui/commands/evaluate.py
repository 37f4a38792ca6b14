"""`limner eval`: measures a model on what it was never trained on, and prints the figures."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ui.errors import SettingsError
from ui.settings import load_settings, prepare_environment

if TYPE_CHECKING:
    from generation.evaluation.conversations import Conversation
    from generation.evaluation.ways import Way
    from generation.request import Painter

SCENES, CAPTIONED, CONVERSATIONS, SINGLE_EDITS = 200, 1000, 200, 100
TURNS, MOST_TURNS = 10, 100


@dataclass(frozen=True)
class EditOptions:
    """What is asked of the evaluation of multi-turn edits alone; None leaves it at the usual, or writes no file."""

    turns: int | None = None
    development: bool = False
    json_file: Path | None = None
    sheet: Path | None = None
    rewriter: str | None = None


def evaluate_painter(count: int | None, seed: int, out: Path | None) -> None:
    """Print how well the painter follows its prompts. Raises: SettingsError: `count` is no number of scenes."""
    scenes = _counted(count, SCENES)
    prepare_environment(load_settings().threads)
    from generation.evaluation.judge import load_judge
    from generation.evaluation.painter import evaluate_painter
    from generation.models.autoencoder import PictureAutoencoder
    from generation.training.painter import weights_folder
    from ui.wiring import load_painter

    painter, judge = load_painter(load_settings()), load_judge()
    autoencoder = PictureAutoencoder.from_pretrained(weights_folder("autoencoder"))
    print(evaluate_painter(painter, judge, autoencoder, scenes=scenes, seed=seed, out=out).table())


def evaluate_edits(count: int | None, seed: int, out: Path | None, options: EditOptions = EditOptions()) -> None:
    """Print what edits do over many turns. Raises: SettingsError: an option cannot be used."""
    conversations, turns = _counted(count, CONVERSATIONS), TURNS if options.turns is None else options.turns
    if not 1 <= turns <= MOST_TURNS:
        raise SettingsError(
            f"--turns takes 1 to {MOST_TURNS} and {turns} was given; leave it out for the usual {TURNS}."
        )
    files: dict[str, Path | None] = {"txt": None, "json": options.json_file, "png": options.sheet}
    if out is not None:
        files = {kind: path or out / f"edits.{kind}" for kind, path in files.items()}
    for path in filter(None, files.values()):
        _writable(path)
    prepare_environment(load_settings().threads)
    from generation.evaluation.judge import load_judge
    from generation.evaluation.multi_turn import evaluate_conversations
    from generation.evaluation.multi_turn_sheet import sheet
    from generation.models.autoencoder import PictureAutoencoder
    from generation.training.painter import weights_folder
    from ui.wiring import load_painter

    command = f"limner eval edits --count {conversations} --turns {turns} --seed {seed}"
    command += " --development" * options.development
    command += f" --rewriter {options.rewriter}" if options.rewriter else ""
    painter = load_painter(load_settings())
    autoencoder = PictureAutoencoder.from_pretrained(weights_folder("autoencoder"))
    report, shown = evaluate_conversations(
        painter, load_judge(), autoencoder, conversations, turns, moods=conversations, seed=seed,
        development=options.development, another=_planned(options.rewriter, painter), command=command,
    )  # fmt: skip
    table = report.table()
    if files["txt"]:
        files["txt"].write_text(table + "\n")
    if files["json"]:
        files["json"].write_text(report.to_json())
    if files["png"]:
        sheet(shown.conversations, shown.pictures, report.titles).save(files["png"])
    print(table)


def evaluate_single_edits(count: int | None, seed: int, out: Path | None) -> None:
    """Print what one edit does to a picture. Raises: SettingsError: `count` is no number of edits."""
    count = _counted(count, SINGLE_EDITS)
    prepare_environment(load_settings().threads)
    from generation.evaluation.edits import evaluate_edits
    from generation.evaluation.judge import load_judge
    from ui.wiring import load_painter

    command = f"limner eval single-edits --count {count} --seed {seed}"
    report = evaluate_edits(load_painter(load_settings()), load_judge(), count, seed=seed, out=out, command=command)
    print(report.table())


def evaluate_checks(count: int | None, seed: int, out: Path | None) -> None:
    """Print how often the check of pictures is right. Raises: SettingsError: `count` is no number of scenes."""
    count = _counted(count, SCENES)
    prepare_environment(load_settings().threads)
    from captioner.checking import CaptionChecker
    from generation.evaluation.checks import evaluate_checks
    from generation.evaluation.judge import load_judge
    from ui.wiring import load_embedded_captioner, load_painter

    command = f"limner eval checks --count {count} --seed {seed}"
    painter, checker = load_painter(load_settings()), CaptionChecker(load_embedded_captioner())
    print(evaluate_checks(painter, checker, load_judge(), count, seed=seed, out=out, command=command).table())


def evaluate_captioner(count: int | None, seed: int, out: Path | None, weights: Path | None) -> None:
    """Print how true captions are. Raises: SettingsError: `count` is no number of scenes."""
    count = _counted(count, CAPTIONED)
    prepare_environment(load_settings().threads)
    from captioner.evaluation.captions import evaluate_captioner
    from ui.wiring import load_embedded_captioner

    captioner = load_embedded_captioner(weights)
    command = f"limner eval captioner --count {count} --seed {seed}"
    print(evaluate_captioner(captioner, captioner.world_setting, count, seed, out, command).table())


def evaluate_rewriter(out: Path | None) -> None:
    """Print how many plans are right on all the held-out messages."""
    prepare_environment(load_settings().threads)
    from assistant.training.evaluate import evaluate_rewriter
    from ui.wiring import embedded_rewriter

    rewriter, load = embedded_rewriter(load_settings())
    load()
    report = evaluate_rewriter(rewriter)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / "report.json").write_text(json.dumps(report.as_dict(), indent=2) + "\n")
        (out / "report.txt").write_text(f"{report}\n")
    print(report)


def evaluate_policy() -> None:
    """Print what the policy does to prompts whose verdict is known."""
    prepare_environment(load_settings().threads)
    from assistant.policy_evaluation import evaluate_policy
    from ui.wiring import load_policy

    print(evaluate_policy(load_policy(load_settings())))


def _counted(count: int | None, usual: int) -> int:
    if count is not None and count < 1:
        raise SettingsError(f"--count must be 1 or more and {count} was given; leave it out for the usual {usual}.")
    return usual if count is None else count


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
