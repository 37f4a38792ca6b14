"""A whole picture set captioned anew: both kinds, the original beside them, keyed by content hash.

What is done stands in a journal beside the output, batch by batch; at the end it becomes the parquet file, whole or not
at all, and goes. So the same command, after a kill at any instant, goes on where it stopped. Run on a finished output,
it adds what is new in the source. Knows no models: the captioner is given.
"""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
import json
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from captioner.data import Fault, Sample, require_pyarrow, samples
from captioner.errors import DataError
from captioner.journal import Journal, Row
from captioner.likeness import Likeness
from captioner.pictures import read_picture
from captioner.request import KINDS, Captioner, Decoding, Picture
from captioner.skipping import SkipLog

FORMAT = 1
ABOUT = b"limner"
"""The key of the parquet file's metadata under which the journal's header is kept."""
MOST_BYTES = 2**29
"""Of pictures that wait to be decoded."""
PART = 1_000
"""Rows that the parquet file is written in."""


@dataclass(frozen=True)
class Summary:
    """What a recaptioning came to.

    Attributes:
        pictures: different pictures in the output.
        captioned: those of them that this run captioned.
        again: samples whose picture is another sample's, byte for byte.
        alike: pictures that look like an earlier one.
        broken: parts that could not be read and were skipped; the log names them.
        remarks: samples whose text was odd; the log names them.
        without_text: samples that came without an original caption, of those that this run read.
    """

    pictures: int
    captioned: int
    again: int
    alike: int
    broken: int
    remarks: int
    without_text: int
    seconds: float
    log: Path | None


def recaption(
    source: Path,
    out: Path,
    captioner: Captioner,
    decoding: Decoding = Decoding(),
    workers: int = 2,
    progress: Callable[[int], None] = lambda pictures: None,
) -> Summary:
    """Caption every picture of a source into a parquet file.

    Its columns: `sha256` (unique), `short`, `descriptive`, `original` (the text that came with the picture), `name`,
    `others` (names and texts of further samples of the same bytes), `width`, `height`, `look`, and `like`, the SHA-256
    of the first picture that it looks like.

    Args:
        workers: threads that decode pictures while the model captions others.
        progress: told after each batch how many pictures it had.

    Raises:
        DataError: there is nothing to caption, the output cannot be written or is not of this captioner, another
            process is writing it, or the journal is damaged. What was done stays done.
    """
    started = time.monotonic()
    check_out(out)
    abilities = captioner.abilities()
    header = {
        "format": FORMAT, "captioner": abilities.name, "weights": abilities.weights,
        "decoding": dataclasses.asdict(decoding),
    }  # fmt: skip
    journal_path, log_path = (out.with_name(out.name + ending) for ending in (".journal", ".log"))
    with Journal(journal_path, header, lambda: _finished_rows(out, header)) as journal, SkipLog(log_path) as log:
        run = _Run(captioner, decoding, journal, log, progress)
        try:
            run.read(samples(source, frozenset((out, journal_path, log_path))), workers)
            if not run.done:
                raise DataError(_nothing(source, log))
        except BaseException:
            if not run.done:
                journal.remove()
            raise
        alike = _write(out, journal, header, log)
        journal.remove()
    return Summary(
        pictures=len(run.done), captioned=run.captioned, again=run.again, alike=alike, broken=log.broken,
        remarks=log.remarks, without_text=run.without_text, seconds=time.monotonic() - started,
        log=log_path if log.noted else None,
    )  # fmt: skip


def check_out(out: Path) -> None:
    """Raises: DataError: the output could not be written, known before any work is done."""
    require_pyarrow()
    if out.suffix.lower() != ".parquet":
        raise DataError(f"Captions are written as parquet, and {out.name[:80]!r} does not end in .parquet.")
    if out.is_dir() or not out.parent.is_dir():
        raise DataError(f"{out} cannot be written: it is a folder, or there is no folder {out.parent} to hold it.")
    if not os.access(out if out.exists() else out.parent, os.W_OK):
        raise DataError(f"{out} cannot be written: there is no permission to; choose another --out.")


@dataclass
class _Waiting:
    """A picture that is being decoded, and the other samples of the same bytes that came up meanwhile."""

    sample: Sample
    picture: Future[Picture]
    size: int
    others: list[Sample] = field(default_factory=list)


class _Run:
    """One pass over a source: decoding ahead in threads, captioning in batches, both kinds for each batch."""

    def __init__(
        self, captioner: Captioner, decoding: Decoding, journal: Journal, log: SkipLog, progress: Callable[[int], None]
    ):
        self.captioner, self.decoding, self.journal, self.log, self.progress = (
            captioner, decoding, journal, log, progress,
        )  # fmt: skip
        self.batch = captioner.abilities().max_batch
        self.captioned = self.again = self.without_text = 0
        self.done: dict[str, set[str]] = {}
        """SHA-256 → the names of the samples that are in the journal."""
        for row in journal.rows():
            self.done.setdefault(row["sha256"], set()).add(row["name"])
            self.done[row["sha256"]].update(other["name"] for other in row.get("others", ()))

    def read(self, stream: Iterator[Sample | Fault], workers: int) -> None:
        side = self.captioner.abilities().side
        waiting: dict[str, _Waiting] = {}
        ready: list[_Waiting] = []
        with ThreadPoolExecutor(max(1, workers), "decode") as pool:
            try:
                for found in stream:
                    if isinstance(found, Fault):
                        self.log.skipped(found.name, found.why)
                        continue
                    if found.remark:
                        self.log.remarked(found.name, found.remark)
                    self.without_text += not found.text
                    digest = hashlib.sha256(found.data).hexdigest()
                    if digest in self.done:
                        self._note_again(digest, found)
                    elif digest in waiting:
                        waiting[digest].others.append(dataclasses.replace(found, data=b""))
                    else:
                        picture = pool.submit(read_picture, found.data, side)
                        waiting[digest] = _Waiting(dataclasses.replace(found, data=b""), picture, len(found.data))
                    # Twice: the next batch is decoded during this one.
                    while len(waiting) >= 2 * self.batch + workers or _bytes_in(waiting) > MOST_BYTES:
                        self._take(waiting, ready)
                while waiting:
                    self._take(waiting, ready)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def _take(self, waiting: dict[str, _Waiting], ready: list[_Waiting]) -> None:
        """Wait for the oldest picture; once a batch of whole ones is together, or all there are, caption it."""
        ready.clear()
        for digest, entry in list(waiting.items()):
            if entry.picture.exception() is None:
                ready.append(entry)
            else:
                self._skip(entry)
                del waiting[digest]
            if len(ready) == self.batch:
                break
        self._caption(ready)
        for entry in ready:
            del waiting[entry.picture.result().sha256]

    def _skip(self, entry: _Waiting) -> None:
        error = entry.picture.exception()
        if not isinstance(error, DataError):
            assert error is not None
            raise error
        for sample in (entry.sample, *entry.others):
            self.log.skipped(sample.name, str(error))

    def _caption(self, entries: list[_Waiting]) -> None:
        """Caption pictures, one kind after the other as captions of one kind are about equally long, and note them."""
        if not entries:
            return
        pictures = [entry.picture.result() for entry in entries]
        said = {kind: self.captioner.caption(pictures, kind, self.decoding) for kind in KINDS}
        rows = []
        for index, (entry, picture) in enumerate(zip(entries, pictures, strict=True)):
            others = [{"name": other.name, "text": other.text} for other in entry.others]
            rows.append(
                {
                    "sha256": picture.sha256, "name": entry.sample.name, "original": entry.sample.text,
                    "short": said["short"][index], "descriptive": said["descriptive"][index],
                    "width": picture.width, "height": picture.height, "look": picture.look, "others": others,
                }
            )  # fmt: skip
            self.again += len(others)
            self.done[picture.sha256] = {entry.sample.name, *(other.name for other in entry.others)}
        self.journal.append(rows)
        self.captioned += len(rows)
        self.progress(len(rows))

    def _note_again(self, digest: str, sample: Sample) -> None:
        names = self.done[digest]
        if sample.name not in names:
            self.journal.append([{"sha256": digest, "name": sample.name, "text": sample.text}])
            names.add(sample.name)
            self.again += 1


def _bytes_in(waiting: dict[str, _Waiting]) -> int:
    return sum(entry.size for entry in waiting.values() if not entry.picture.done())


def _nothing(source: Path, log: SkipLog) -> str:
    if log.broken:
        return f"None of the {log.broken} pictures in {source} can be read; {log.path} says why of each."
    return f"{source} holds no pictures; give a folder, tar or parquet file that does."


def _write(out: Path, journal: Journal, header: Row, log: SkipLog) -> int:
    """Write the parquet file, whole or not at all; returns how many pictures look like an earlier one."""
    pyarrow = require_pyarrow()

    text, number = pyarrow.string(), pyarrow.int32()
    other = pyarrow.struct({"name": text, "text": text})
    schema = pyarrow.schema(
        {
            "sha256": text, "short": text, "descriptive": text, "original": text, "name": text,
            "others": pyarrow.list_(other), "width": number, "height": number, "look": text, "like": text,
        },
        metadata={ABOUT: json.dumps(header)},
    )  # fmt: skip
    more: dict[str, list[dict[str, Any]]] = {}
    for row in journal.rows():
        if "look" not in row:
            more.setdefault(row["sha256"], []).append({"name": row["name"], "text": row["text"]})
    whole = (row for row in journal.rows() if "look" in row)
    likeness, alike = Likeness(), 0
    partial = out.with_name(f".{out.name}.partial")
    try:
        with partial.open("wb") as file:
            with pyarrow.parquet.ParquetWriter(file, schema, compression="zstd") as writer:
                while rows := list(itertools.islice(whole, PART)):
                    for row in rows:
                        row["others"] = [*row["others"], *more.get(row["sha256"], ())]
                        row["like"] = likeness.like(row["look"], row["sha256"])
                        if row["like"]:
                            alike += 1
                            log.alike(row["name"], row["like"])
                    writer.write_table(pyarrow.Table.from_pylist(rows, schema))
            file.flush()
            os.fsync(file.fileno())
        partial.replace(out)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise DataError(
            f"{out} cannot be written ({error.strerror}); make room and run the same command again: nothing is lost."
        ) from error
    return alike


def _finished_rows(out: Path, header: Row) -> Iterator[Row]:
    """Yield a finished output's rows, for a journal to begin with; none if there is no output yet.

    Raises:
        DataError: the file is no recaptioning's, or another captioner's.
    """
    if not out.exists():
        return
    pyarrow = require_pyarrow()

    try:
        file = pyarrow.parquet.ParquetFile(out)
        about = json.loads((file.schema_arrow.metadata or {}).get(ABOUT, b"null"))
    except (pyarrow.ArrowException, OSError, ValueError):
        about, file = None, None
    if about is None or file is None:
        raise DataError(f"{out} is there already and was not written by `limner recaption`; choose another --out.")
    if about != header:
        raise DataError(
            f"{out} was written with {json.dumps(about)[:300]}, not with {json.dumps(header)[:300]}; choose another "
            "--out."
        )
    with file:
        for batch in file.iter_batches(PART):
            yield from batch.to_pylist()
