"""`limner eval`: measures a model on what it was never trained on, and prints the figures."""

from __future__ import annotations

import json
from pathlib import Path

from ui.errors import SettingsError
from ui.settings import load_settings, prepare_environment

MODELS = ("painter", "edits", "checks", "rewriter", "captioner", "policy")


def evaluate(model: str, count: int | None, seed: int, out: Path | None, weights: Path | None = None) -> None:
    """Measure the model and print the table.

    Raises:
        SettingsError: there is no such model.
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
    prepare_environment(load_settings().threads)
    match model:
        case "painter":
            print(_painter(count or 200, seed, out))
        case "edits":
            print(_edits(count or 100, seed, out))
        case "checks":
            print(_checks(count or 200, seed, out))
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


def _edits(count: int, seed: int, out: Path | None) -> str:
    from generation.evaluation.edits import evaluate_edits
    from generation.evaluation.judge import load_judge
    from ui.wiring import load_painter

    command = f"limner eval edits --count {count} --seed {seed}"
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
    from ui.wiring import embedded_rewriter

    rewriter, load = embedded_rewriter(load_settings())
    load()
    report = evaluate_rewriter(rewriter)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / "report.json").write_text(json.dumps(report.as_dict(), indent=2) + "\n")
        (out / "report.txt").write_text(f"{report}\n")
    return str(report)
