"""`limner caption` and `limner recaption`: pictures in, captions out. The captioner is loaded when it is needed."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Literal

from captioner.errors import DataError
from captioner.pictures import LARGEST_FILE, read_picture
from captioner.request import KINDS, Captioner, CaptionKind, Decoding
from ui.errors import InputError, SettingsError

Loader = Callable[[], Captioner]


def caption(load: Loader, pictures: Sequence[Path], kind: str, as_json: bool, decoding: Decoding) -> None:
    """Print a caption of each picture, or one JSON object a line.

    Raises:
        SettingsError: there is no such kind.
        InputError: a picture cannot be read; the others' captions are printed all the same.
    """
    asked = kind_named(kind)
    captioner = load()
    abilities = captioner.abilities()
    read, problems = [], []
    for path in pictures:
        try:
            read.append((path, read_picture(_bytes_of(path), abilities.side)))
        except DataError as error:
            problems.append((path, str(error)))
    for start in range(0, len(read), abilities.max_batch):
        batch = read[start : start + abilities.max_batch]
        said = captioner.caption([picture for _, picture in batch], asked, decoding)
        for (path, picture), text in zip(batch, said, strict=True):
            row = {"picture": str(path), "sha256": picture.sha256, "kind": asked, "caption": text, "error": None}
            print(json.dumps(row, ensure_ascii=False) if as_json else _line(path, text, len(pictures)))
    for path, why in problems:
        row = {"picture": str(path), "sha256": None, "kind": asked, "caption": None, "error": why}
        if as_json:
            print(json.dumps(row, ensure_ascii=False))
        else:
            print(f"limner: {path} cannot be captioned: {why}.", file=sys.stderr)
    if problems:
        raise InputError(f"{len(problems)} of {len(pictures)} pictures cannot be captioned.")


def recaption(load: Loader, source: Path, out: Path, decoding: Decoding, workers: int, as_json: bool) -> None:
    """Caption a whole picture set and say what it came to.

    Raises:
        SettingsError: an option cannot be used.
        DataError, WeightsError: as `captioner.recaption.recaption` and the captioner do.
    """
    from tqdm import tqdm

    from captioner.recaption import check_out, recaption

    if workers < 1:
        raise SettingsError(f"--workers must be 1 or more and {workers} was given; leave it out for the usual.")
    check_out(out)
    if not source.exists():
        raise DataError(f"There is no {source}; check the path.")
    with tqdm(desc="captioning", unit="picture", mininterval=1, disable=None) as bar:
        summary = recaption(source, out, load(), decoding, workers, bar.update)
    if as_json:
        print(json.dumps({"out": str(out)} | asdict(summary) | {"log": str(summary.log) if summary.log else None}))
        return
    print(f"{out}: {summary.pictures} pictures, {summary.captioned} captioned now, in {summary.seconds:.1f} s.")
    for count, what in (
        (summary.again, "samples have the bytes of another one; they stand in its row."),
        (summary.alike, "pictures look like an earlier one; column `like` names it."),
        (summary.without_text, "came without a caption of their own."),
        (summary.broken, "could not be read and were skipped."),
        (summary.remarks, "have a text that was odd."),
    ):
        if count:
            print(f"  {count} {what}")
    if summary.log:
        print(f"  {summary.log} names them.")


def kind_named(kind: str) -> CaptionKind:
    """Raises: SettingsError: there is no such kind of caption."""
    for known in KINDS:
        if kind == known:
            return known
    raise SettingsError(f"There is no {kind[:40]!r} caption; choose one of {', '.join(KINDS)}.")


def decoding_named(way: str, beams: int | None) -> Decoding:
    """Raises: SettingsError: there is no such way, or it has no such option."""
    ways: dict[str, Literal["greedy", "nucleus", "beam"]] = {"greedy": "greedy", "nucleus": "nucleus", "beam": "beam"}
    if way not in ways:
        raise SettingsError(f"There is no decoding {way[:40]!r}; choose one of {', '.join(ways)}.")
    if beams is not None and (way != "beam" or not 1 <= beams <= 64):
        raise SettingsError("--beams is a number from 1 to 64 and goes with --decoding beam.")
    return Decoding(ways[way], beams=beams or 4)


def _bytes_of(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise DataError("there is no such file" if not path.exists() else "it is no ordinary file")
        if path.stat().st_size > LARGEST_FILE:
            raise DataError(f"it has more than {LARGEST_FILE // 2**20} MiB")
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"it cannot be read ({error.strerror})") from error


def _line(path: Path, text: str, pictures: int) -> str:
    return text if pictures == 1 else f"{path}: {text}"
