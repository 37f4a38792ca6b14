"""`limner eval`: measures a model on what it was never trained on, and prints the figures."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.checking import MAX_TRIES, Tries
from ui.errors import SettingsError
from ui.settings import load_settings, prepare_environment

if TYPE_CHECKING:
    from generation.evaluation.conversations import Conversation
    from generation.evaluation.encoders import Encoder
    from generation.evaluation.ways import Way
    from generation.request import Painter

SCENES, PROMPTS, CAPTIONED, CONVERSATIONS, SINGLE_EDITS, BY_EYE = 400, 100, 1000, 200, 100, 100
CHECKED, ENLARGED = 200, 50
TURNS, MOST_TURNS = 10, 100


@dataclass(frozen=True)
class PainterOptions:
    """What is asked of the evaluation of painters; None leaves it at the usual, or out.

    Attributes:
        groups: prompts of each group.
        prompts: a prompt file of other people's; `pictures` a folder of pictures that are there already, and
            `reference` one of pictures to hold them against.
        encoder: a vision model in place of our own captioner.
    """

    groups: int | None = None
    prompts: Path | None = None
    pictures: Path | None = None
    reference: Path | None = None
    encoder: str | None = None


@dataclass(frozen=True)
class EditOptions:
    """What is asked of the evaluation of multi-turn edits alone; None leaves it at the usual, or writes no file."""

    turns: int | None = None
    development: bool = False
    json_file: Path | None = None
    sheet: Path | None = None
    rewriter: str | None = None
    tries: int | None = None


def evaluate_painter(count: int | None, seed: int, out: Path | None, options: PainterOptions) -> None:
    """Print how well the painter follows its prompts, or those of a file, or how pictures of other painters score.

    Raises:
        SettingsError: an option cannot be used.
        RequestError: the prompt file cannot be read.
    """
    scenes, groups = _counted(count, SCENES), PROMPTS if options.groups is None else options.groups
    if options.groups is not None and options.groups < 0:
        raise SettingsError(f"--groups is a number of prompts and {groups} was given; 0 leaves the groups out.")
    if options.reference is not None and (options.pictures is None or options.prompts is not None):
        raise SettingsError("--reference is what --pictures, without prompts, is held against; name such pictures.")
    if options.prompts is not None and options.pictures is None and out is None:
        raise SettingsError("The pictures of --prompts must go somewhere; say where: --out DIR.")
    prepare_environment(load_settings().threads)
    if options.prompts is not None or options.pictures is not None:
        print(_outside(count, seed, out, options))
        return
    from captioner.packing import load_model
    from generation.evaluation.following import evaluate_following
    from generation.evaluation.judge import RELATIONS_FOLDER, load_judge
    from generation.evaluation.painter import evaluate_painter
    from generation.evaluation.relations import evaluate_relations
    from generation.models.autoencoder import PictureAutoencoder
    from generation.training.painter import weights_folder
    from ui.wiring import load_painter

    painter, judge = load_painter(load_settings()), load_judge()
    autoencoder = load_model(PictureAutoencoder, weights_folder("autoencoder"))
    command = f"limner eval painter --count {scenes} --groups {groups} --seed {seed}"
    command += f" --encoder {options.encoder}" if options.encoder else ""
    parts = []
    if groups:
        following = evaluate_following(painter, judge, autoencoder, groups, seed=seed)
        of_relations = load_judge(RELATIONS_FOLDER)
        relations = evaluate_relations(painter, of_relations, autoencoder, max(1, groups // 7), seed=seed)
        parts += [following.table() + "\n", relations.table() + "\n"]
    encoder = _encoder(options.encoder)
    report = evaluate_painter(
        painter, judge, autoencoder, scenes=scenes, seed=seed, out=out, command=command, encoder=encoder
    )
    parts.append(report.table())
    if out is not None and groups:
        (out / "report.txt").write_text("\n".join(parts) + "\n")
        followed = following.as_dict() | {"relations": relations.as_dict()}
        (out / "following.json").write_text(json.dumps(followed, indent=2) + "\n")
    print("\n".join(parts))


def _outside(count: int | None, seed: int, out: Path | None, options: PainterOptions) -> str:
    """Paint and score the prompts of a file, or score pictures that are there already."""
    from captioner.training.loop import surroundings
    from generation.evaluation.judge import load_judge
    from generation.evaluation.outside import evaluate_prompts, score_folder, score_pictures
    from generation.evaluation.prompt_files import PromptFile, read_prompts
    from ui.wiring import load_painter

    encoder = _encoder(options.encoder)
    if options.prompts is None:
        assert options.pictures is not None
        report = score_folder(options.pictures, encoder, options.reference)
    else:
        file = read_prompts(options.prompts)
        if count is not None:
            file = PromptFile(file.form, file.prompts[:count])
        if options.pictures is not None:
            report = score_pictures(file, options.pictures, encoder)
        else:
            assert out is not None
            settings = load_settings()
            judge = load_judge() if settings.painter == "embedded" else None
            report = evaluate_prompts(load_painter(settings), file, judge, encoder, out, seed=seed)
    named = {"count": count, "out": out, **vars(options)}
    given = " ".join(f"--{name} {value}" for name, value in named.items() if value is not None)
    about = {"command": f"limner eval painter {given} --seed {seed}", **surroundings()}
    lines = (*report.lines, *(f"{name}: {value}" for name, value in about.items()))
    report = replace(report, lines=lines)
    if out is not None:
        report.write(out)
    return report.table()


def _encoder(name: str | None) -> Encoder:
    from generation.evaluation.encoders import HubEncoder, OwnEncoder
    from ui.wiring import load_embedded_captioner

    return OwnEncoder(load_embedded_captioner()) if name is None else HubEncoder(name)


def evaluate_by_eye(count: int | None, out: Path, readings: Path | None) -> None:
    """Paint sheets to be read by eye into a folder; or, with readings of them, print how the judge agrees.

    Raises:
        PictureError: the readings or the pictures cannot be read.
    """
    count = _counted(count, BY_EYE)
    prepare_environment(load_settings().threads)
    from generation.evaluation.by_eye import agreements, paint_sheets, table
    from generation.evaluation.judge import load_judge
    from ui.wiring import load_painter

    if readings is not None:
        print(table(agreements(load_judge(), readings, out)))
        return
    paint_sheets(load_painter(load_settings()), count, load_judge().setting, out)
    print(f"{count} pictures are on the sheets in {out}; write down what you see, then give it with --readings FILE.")


def evaluate_edits(count: int | None, seed: int, out: Path | None, options: EditOptions = EditOptions()) -> None:
    """Print what edits do over many turns. Raises: SettingsError: an option cannot be used."""
    conversations, turns = _counted(count, CONVERSATIONS), TURNS if options.turns is None else options.turns
    if not 1 <= turns <= MOST_TURNS:
        raise SettingsError(
            f"--turns takes 1 to {MOST_TURNS} and {turns} was given; leave it out for the usual {TURNS}."
        )
    tries = Tries().most if options.tries is None else options.tries
    if not 1 <= tries <= MAX_TRIES:
        raise SettingsError(
            f"--tries takes 1 to {MAX_TRIES} and {tries} was given; leave it out for the usual {Tries().most}."
        )
    files: dict[str, Path | None] = {"txt": None, "json": options.json_file, "png": options.sheet}
    if out is not None:
        files = {kind: path or out / f"edits.{kind}" for kind, path in files.items()}
    for path in filter(None, files.values()):
        _writable(path)
    prepare_environment(load_settings().threads)
    from captioner.packing import load_model
    from generation.evaluation.judge import load_judge
    from generation.evaluation.multi_turn import evaluate_conversations
    from generation.evaluation.multi_turn_sheet import sheet
    from generation.models.autoencoder import PictureAutoencoder
    from generation.training.painter import weights_folder
    from ui.wiring import load_painter

    command = f"limner eval edits --count {conversations} --turns {turns} --seed {seed}"
    command += " --development" * options.development
    command += f" --rewriter {options.rewriter}" if options.rewriter else ""
    command += f" --tries {tries}" if tries != Tries().most else ""
    painter = load_painter(load_settings())
    autoencoder = load_model(PictureAutoencoder, weights_folder("autoencoder"))
    report, shown = evaluate_conversations(
        painter, load_judge(), autoencoder, conversations, turns, moods=conversations, seed=seed,
        development=options.development, ways=_ways(painter, tries), another=_planned(options.rewriter, painter),
        command=command,
    )  # fmt: skip
    table = report.table()
    if files["txt"]:
        files["txt"].write_text(table + "\n")
    if files["json"]:
        files["json"].write_text(report.to_json())
    if files["png"]:
        sheet(shown.conversations, shown.pictures, report.titles).save(files["png"])
    print(table)


def _ways(painter: Painter, tries: int) -> list[Way]:
    """Return Limner's way, as its turns have it and with one try, and those of its peers."""
    from captioner.checking import CaptionChecker
    from captioner.remembering import RememberingCaptioner
    from generation.evaluation.ways import ways_of
    from ui.commands.checked import Checked
    from ui.wiring import load_embedded_captioner

    ways = ways_of(painter)
    if tries <= 1:
        return ways
    checker = CaptionChecker(RememberingCaptioner(load_embedded_captioner()))
    return [Checked(painter, checker, tries, checker.see), *ways]


def evaluate_single_edits(count: int | None, seed: int, out: Path | None) -> None:
    """Print what one edit does to a picture. Raises: SettingsError: `count` is no number of edits."""
    count = _counted(count, SINGLE_EDITS)
    prepare_environment(load_settings().threads)
    from generation.evaluation.edits import evaluate_edits
    from generation.evaluation.judge import load_judge
    from ui.wiring import load_painter

    command = f"limner eval single-edits --count {count} --seed {seed}"
    painter, judge = load_painter(load_settings()), load_judge()
    report = evaluate_edits(painter, judge, count, seed=seed, out=out, command=command, of_one=count, of_two=count)
    print(report.table())


def evaluate_enlarger(count: int | None, out: Path | None) -> None:
    """Print how well pictures are enlarged. Raises: SettingsError: `count` is no number of scenes."""
    count = _counted(count, ENLARGED)
    prepare_environment(load_settings().threads)
    from captioner.packing import load_model
    from generation.enlarge import Enlarger
    from generation.evaluation.enlarger import evaluate_enlarger
    from generation.models.autoencoder import PictureAutoencoder
    from generation.training.painter import weights_folder

    autoencoder = load_model(PictureAutoencoder, weights_folder("autoencoder"))
    print(evaluate_enlarger(Enlarger(), autoencoder, count, out).table())


def evaluate_checks(count: int | None, seed: int, out: Path | None) -> None:
    """Print how often the check of pictures is right. Raises: SettingsError: `count` is no number of scenes."""
    count = _counted(count, CHECKED)
    prepare_environment(load_settings().threads)
    from captioner.checking import CaptionChecker
    from generation.evaluation.checks import evaluate_checks
    from generation.evaluation.judge import load_judge
    from ui.wiring import load_embedded_captioner, load_painter

    command = f"limner eval checks --count {count} --seed {seed}"
    painter, checker = load_painter(load_settings()), CaptionChecker(load_embedded_captioner())
    print(evaluate_checks(painter, checker, load_judge(), count, seed=seed, out=out, command=command).table())


def evaluate_captioner(count: int | None, seed: int, out: Path | None, weights: Path | None, speed: bool) -> None:
    """Print how true captions are, or how fast they come. Raises: SettingsError: `count` is no number of scenes."""
    scenes = _counted(count, CAPTIONED)
    prepare_environment(load_settings().threads)
    from captioner.evaluation.captions import evaluate_captioner
    from ui.wiring import load_embedded_captioner

    captioner = load_embedded_captioner(weights)
    if speed:
        from captioner.evaluation.captions import held_out_pictures
        from captioner.evaluation.speed import BATCH, measure_speed

        print(measure_speed(captioner, held_out_pictures(captioner, _counted(count, BATCH))).table())
        return
    command = f"limner eval captioner --count {scenes} --seed {seed}"
    print(evaluate_captioner(captioner, captioner.world_setting, scenes, seed, out, command).table())


def evaluate_rewriter(out: Path | None) -> None:
    """Print how many plans are right on all the held-out messages, for each of their files."""
    prepare_environment(load_settings().threads)
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
    print(text)


def evaluate_descriptions(count: int, out: Path | None) -> None:
    """Print how many descriptions of edited pictures say just what is true. Raises: SettingsError: `count` is none."""
    count = _counted(count, count)
    prepare_environment(load_settings().threads)
    from assistant.training.descriptions import as_json, evaluate_descriptions, table
    from ui.wiring import embedded_rewriter

    rewriter, load = embedded_rewriter(load_settings())
    load()
    rows = evaluate_descriptions(rewriter, count)
    print(table(rows))
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / "descriptions.json").write_text(as_json(rows))


def evaluate_policy() -> None:
    """Print what the policy does to prompts whose verdict is known."""
    prepare_environment(load_settings().threads)
    from assistant.policy_evaluation import DISGUISED_FILE, HELD_OUT_FILE, evaluate_policy, load_cases
    from ui.wiring import load_policy

    policy = load_policy(load_settings())
    print(evaluate_policy(policy))
    print(f"\nheld out, {evaluate_policy(policy, load_cases(HELD_OUT_FILE))}")
    print(f"\nin disguise, {evaluate_policy(policy, load_cases(DISGUISED_FILE))}")


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
