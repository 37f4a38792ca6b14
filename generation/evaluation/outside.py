"""Prompts and pictures of other people's: painted, and scored by what can be scored.

Every picture gets the cosine of its feature and its prompt's, by the encoder named. Where a prompt file says in clauses
what must be there (GenEval's), and all of that is in the world that the judge knows, the judge reads the picture too.
It was trained on drawings of that world: this is done for the embedded painter's pictures alone, and how many prompts
are in the world stands beside it. Nothing is guessed for the others.

Dimensions: N pictures, H = W pixels, D features.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from captioner.data import Fault, samples
from captioner.errors import DataError
from captioner.pictures import SUFFIXES, read_picture
from generation.errors import RequestError
from generation.evaluation.clauses import follows, outside_world
from generation.evaluation.distances import NEIGHBOURS, frechet_distance, precision_recall
from generation.evaluation.encoders import Encoder
from generation.evaluation.judge import Judge
from generation.evaluation.painter import NoBlobs, paint_all, picture_of
from generation.evaluation.prompt_files import OutsidePrompt, PromptFile
from generation.request import Painter, RenderRequest

LOOKED_AT = 256
"""Pixels a side at which pictures from files are looked at."""


@dataclass(frozen=True)
class Result:
    """A picture's line of results.jsonl.

    `outside` says what of the prompt the judge does not know; `followed` is None where it was not asked.
    """

    id: str
    prompt: str
    category: str
    picture: str
    score: float | None
    followed: bool | None = None
    outside: str = ""


@dataclass(frozen=True)
class OutsideReport:
    """What came of all prompts or pictures; `lines` are said below the table."""

    title: str
    results: tuple[Result, ...]
    lines: tuple[str, ...]

    def table(self) -> str:
        lines = [self.title, "", f"{'category':<28}{'n':>6}{'score':>8}{'in the world':>14}{'followed':>10}"]
        groups = sorted({result.category for result in self.results})
        for group in [*groups, None] if len(groups) > 1 else [None]:
            some = [result for result in self.results if group in (None, result.category)]
            scores = [result.score for result in some if result.score is not None]
            judged = [result.followed for result in some if result.followed is not None]
            lines.append(
                f"{'all' if group is None else group or '–':<28}{len(some):>6}"
                f"{f'{np.mean(scores):.3f}' if scores else '–':>8}{len(judged):>14}"
                f"{f'{np.mean(judged):.3f}' if judged else '–':>10}"
            )
        return "\n".join([*lines, "", *self.lines])

    def write(self, out: Path) -> None:
        """Write report.txt and results.jsonl into a folder."""
        out.mkdir(parents=True, exist_ok=True)
        (out / "report.txt").write_text(self.table() + "\n")
        rows = (json.dumps(dataclasses.asdict(result), ensure_ascii=False) for result in self.results)
        (out / "results.jsonl").write_text("".join(row + "\n" for row in rows))


def evaluate_prompts(
    painter: Painter, file: PromptFile, judge: Judge | None, encoder: Encoder, out: Path, batch: int = 8, seed: int = 0
) -> OutsideReport:
    """Paint every prompt into `out`/pictures as NAME.png and score the pictures.

    Args:
        judge: None where the painter's pictures are not of the judge's world.
        seed: decides the noise.

    Raises:
        PaintingError: a picture was not finished.
        WeightsError: the encoder reads no texts.
    """
    folder = out / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    pictures: list[np.ndarray] = []
    by = ""
    paths: list[str] = []
    for start in range(0, len(file.prompts), batch):
        some = file.prompts[start : start + batch]
        requests = [RenderRequest(f"{start + i}", "create", each.text, seed + start + i) for i, each in enumerate(some)]
        for place, event in enumerate(paint_all(painter, requests, NoBlobs(), batch, quiet=True)):
            path = folder / f"{start + place:05}.png"
            path.write_bytes(event.image)
            paths.append(str(path.relative_to(out)))
            pictures.append(picture_of(event.image))
            made = event.recipe
            by = f"painter: {made.painter} {made.weights[:16]}, {made.steps} steps, guidance {made.guidance:g}"
    report = _scored(file, pictures, paths, judge, encoder, f"{len(file.prompts)} prompts, {file.form}, painted")
    return dataclasses.replace(report, lines=(*report.lines, by))


def score_pictures(file: PromptFile, folder: Path, encoder: Encoder) -> OutsideReport:
    """Score the pictures that somebody else's painter made of a file's prompts.

    Raises:
        RequestError: a prompt has no picture; they are sought as NUMBER/samples/*.png, GenEval's way, and as ID.png or
            NUMBER.png, numbers with five digits from 0.
        DataError: a picture cannot be read.
    """
    found = [_pictures_of(folder, number, prompt) for number, prompt in enumerate(file.prompts)]
    if missing := [prompt.id for prompt, paths in zip(file.prompts, found, strict=True) if not paths]:
        raise RequestError(
            f"{folder} has no picture of {len(missing)} of {len(found)} prompts, {missing[0]} the first; it is sought "
            f"as {missing[0]}.png, as its five-digit number, or in NUMBER/samples, as GenEval has it."
        )
    prompts = [prompt for prompt, paths in zip(file.prompts, found, strict=True) for _ in paths]
    paths = [path for some in found for path in some]
    pictures = [_decoded(path.read_bytes(), str(path)) for path in paths]
    several = PromptFile(file.form, tuple(prompts))
    title = f"{len(paths)} pictures of {len(file.prompts)} prompts, {file.form}"
    return _scored(several, pictures, [str(path.relative_to(folder)) for path in paths], None, encoder, title)


def score_folder(folder: Path, encoder: Encoder, reference: Path | None = None) -> OutsideReport:
    """Score a picture set against its own texts, where it has any, and hold it against a reference set of pictures.

    Raises:
        DataError: a folder is no picture set, or has too few pictures to compare.
    """
    names, pictures, texts, lines = _set(folder)
    told = [index for index, text in enumerate(texts) if text]
    cosines = encoder.cosines(np.stack([pictures[i] for i in told]), [texts[i] for i in told]) if told else np.zeros(0)
    scores = dict(zip(told, cosines.tolist(), strict=True))
    results = tuple(
        Result(name, texts[index], "", name, _rounded(scores.get(index))) for index, name in enumerate(names)
    )
    if reference is not None:
        _, others, _, faults = _set(reference)
        lines += [*faults, compared(np.stack(others), np.stack(pictures), encoder)]
    title = f"{len(names)} pictures of {folder}, {len(told)} of them with a text"
    return OutsideReport(title, results, (*lines, _about(encoder)))


def compared(true: np.ndarray, painted: np.ndarray, encoder: Encoder) -> str:
    """Return a line with the Fréchet distance and precision and recall of pictures (N, H, W, 3) against true ones.

    Raises:
        DataError: there are too few.
    """
    if min(len(true), len(painted)) <= NEIGHBOURS:
        raise DataError(f"Two sets of at least {NEIGHBOURS + 1} pictures can be compared; {len(painted)} came.")
    known, made = encoder.features(true), encoder.features(painted)
    precision, recall = precision_recall(known, made)
    return (
        f"FD ({encoder.name}) {frechet_distance(known, made):.4f}; precision {precision:.3f}, recall {recall:.3f} (k = "
        f"{NEIGHBOURS}); {len(made)} pictures against {len(known)}, {known.shape[1]} features"
    )


def _scored(
    file: PromptFile, pictures: Sequence[np.ndarray], paths: Sequence[str], judge: Judge | None, encoder: Encoder,
    title: str,
) -> OutsideReport:  # fmt: skip
    cosines = _cosines(encoder, pictures, [prompt.text for prompt in file.prompts])
    results = [
        Result(prompt.id, prompt.text, prompt.category, path, _rounded(float(cosine)))
        for prompt, path, cosine in zip(file.prompts, paths, cosines, strict=True)
    ]
    lines = [_about(encoder)]
    claused = [index for index, prompt in enumerate(file.prompts) if prompt.asked]
    if judge is not None and claused:
        readings = judge.read(np.stack([pictures[index] for index in claused]))
        for index, reading in zip(claused, readings, strict=True):
            asked = file.prompts[index].asked
            assert asked is not None
            outside = outside_world(asked, judge.setting)
            followed = None if outside else follows(reading, asked)
            results[index] = dataclasses.replace(results[index], outside=outside, followed=followed)
        known = sum(result.followed is not None for result in results)
        lines.append(
            f"In the world of the judge ({judge.setting.name}): {known} of {len(claused)} prompts with clauses, "
            f"{known / len(claused):.1%}; the others are not judged. These are drawings, no photographs: "
            "the figure is none of GenEval's."
        )
    elif claused:
        lines.append("The judge reads the picture world's drawings alone and was not asked about these pictures.")
    return OutsideReport(title, tuple(results), tuple(lines))


def _cosines(encoder: Encoder, pictures: Sequence[np.ndarray], texts: Sequence[str]) -> np.ndarray:
    """Return the cosines (N), whatever sizes the pictures have."""
    cosines = np.zeros(len(texts))
    for shape in {picture.shape for picture in pictures}:
        rows = [index for index, picture in enumerate(pictures) if picture.shape == shape]
        cosines[rows] = encoder.cosines(np.stack([pictures[i] for i in rows]), [texts[i] for i in rows])
    return cosines


def _set(folder: Path) -> tuple[list[str], list[np.ndarray], list[str], list[str]]:
    """Return names, pictures and texts of a picture set, and a line about what could not be read."""
    names, pictures, texts, faults = [], [], [], []
    for found in samples(folder):
        if isinstance(found, Fault):
            faults.append(f"{found.name}: {found.why}")
            continue
        try:
            pictures.append(_decoded(found.data, found.name))
        except DataError as error:
            faults.append(str(error))
            continue
        names.append(found.name)
        texts.append(found.text or "")
    if not pictures:
        raise DataError(f"{folder} has no picture that can be read; give a folder, a .tar or a .parquet with some.")
    return names, pictures, texts, [f"not read: {len(faults)}, {faults[0]} the first"] if faults else []


def _pictures_of(folder: Path, number: int, prompt: OutsidePrompt) -> list[Path]:
    many = sorted((folder / f"{number:05}" / "samples").glob("*"))
    one = [folder / f"{stem}.{suffix}" for stem in (prompt.id, f"{number:05}") for suffix in sorted(SUFFIXES)]
    return [path for path in many if path.suffix[1:].lower() in SUFFIXES] or [path for path in one if path.is_file()][
        :1
    ]


def _decoded(data: bytes, name: str) -> np.ndarray:
    try:
        picture = read_picture(data, LOOKED_AT)
    except DataError as error:
        raise DataError(f"{name} cannot be read: {error}.") from error
    return np.frombuffer(picture.pixels, np.uint8).reshape(LOOKED_AT, LOOKED_AT, 3)


def _rounded(score: float | None) -> float | None:
    return None if score is None else round(score, 4)


def _about(encoder: Encoder) -> str:
    return f"score: mean cosine of a picture's feature and its prompt's, by {encoder.name}."
