"""Picture sets as people have them, read one sample after another: folders, tars, parquet.

Knows no models and decodes no pictures. A part that cannot be read is a `Fault` in its place in the stream, so that
whoever reads counts it and goes on; only a source that is no picture set at all raises.
"""

from __future__ import annotations

import json
import os
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from captioner.errors import DataError, first_line
from captioner.pictures import LARGEST_FILE, SUFFIXES

TARS = (".tar", ".tar.gz", ".tgz")
SETS = (*TARS, ".parquet")
TEXT_KEYS = ("text", "caption")
LONGEST_TEXT = 2**20
METADATA = "metadata.jsonl"


@dataclass(frozen=True)
class Sample:
    """A picture's bytes, the text that came with it, if any, and what was odd about that."""

    name: str
    data: bytes
    text: str | None = None
    remark: str = ""


@dataclass(frozen=True)
class Fault:
    """A part of a picture set that cannot be read."""

    name: str
    why: str


@dataclass(frozen=True)
class Part:
    """A file of a picture set: a picture, with the text that the metadata has for it, or a tar or parquet file."""

    name: str
    path: Path
    text: str | None = None

    @property
    def is_set(self) -> bool:
        """Whether it holds many pictures."""
        return self.name.lower().endswith(SETS)

    def read(self) -> Iterator[Sample | Fault]:
        """Yield what it holds, in its order. Raises: DataError: it is no parquet file, or has no pictures' column."""
        if not self.path.is_file():
            yield Fault(self.name, "it is no ordinary file")
        elif self.name.lower().endswith(TARS):
            yield from _tar(self.path, self.name)
        elif self.is_set:
            yield from _parquet(self.path, self.name)
        else:
            yield _file(self.path, self.name, self.text)


def parts(source: Path, without: frozenset[Path] = frozenset()) -> Iterator[Part | Fault]:
    """Yield the files of a picture set, in the order of names; none is opened.

    Args and errors: as `samples`.
    """
    if source.is_dir():
        yield from _folder(source, without)
    elif not source.exists():
        raise DataError(f"There is no {source}; check the path.")
    elif source.name.lower().endswith(SETS) or (_suffix(source.name) in SUFFIXES and source.is_file()):
        yield Part(clean(source.name), source)
    else:
        raise DataError(f"{source} is no picture set: give a folder, a .tar, a .parquet or a picture.")


def samples(source: Path, without: frozenset[Path] = frozenset()) -> Iterator[Sample | Fault]:
    """Yield all of a folder, a tar, a parquet file or a picture, in the order of names.

    A folder may hold pictures with kohya's sidecar `.txt` or the Hub's `metadata.jsonl` (`file_name`, `text`), tars in
    the way of WebDataset (`key.jpg` beside `key.txt` or `key.json`), and parquet files (columns `image`, `text`).

    Args:
        without: files of a folder that are no part of the set.

    Raises:
        DataError: there is no such source, or it is none of these.
    """
    for part in parts(source, without):
        yield from [part] if isinstance(part, Fault) else read_part(part, source)


def read_part(part: Part, source: Path) -> Iterator[Sample | Fault]:
    """Yield what a file of a source holds; what is no picture set is a fault, unless it is the source itself."""
    try:
        yield from part.read()
    except DataError as error:
        if part.path == source:
            raise
        yield Fault(part.name, str(error))


def clean(text: str) -> str:
    """Return the text with what no file can hold (halves of characters, as JSON and file names may have) escaped."""
    return text.encode("utf-8", "backslashreplace").decode()


def _folder(root: Path, without: frozenset[Path]) -> Iterator[Part | Fault]:
    avoided = {path.resolve() for path in without}
    unreadable: list[OSError] = []
    texts: dict[str, str] = {}
    for where, folders, files in os.walk(root, onerror=unreadable.append):
        folders.sort()
        here = Path(where)
        inside = here.relative_to(root)
        if METADATA in files:
            for found in _metadata(here / METADATA, inside):
                if isinstance(found, Fault):
                    yield found
                else:
                    texts.update([found])
        for file in sorted(files):
            path = here / file
            if (file.lower().endswith(SETS) or _suffix(file) in SUFFIXES) and path.resolve() not in avoided:
                name = clean((inside / file).as_posix())
                yield Part(name, path, texts.pop(name, None))
    for failure in unreadable:
        yield Fault(clean(str(failure.filename)), f"it cannot be read ({failure.strerror})")


def _file(path: Path, name: str, text: str | None) -> Sample | Fault:
    """Read a picture and its text: the metadata's if it has one, else the sidecar's."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            return Fault(name, _too_large(path.stat().st_size))
        data, remark = path.read_bytes(), ""
        sidecar = path.with_suffix(".txt")
        if text is None and sidecar.is_file():
            with sidecar.open("rb") as file:
                text, remark = _decoded(file.read(LONGEST_TEXT + 1))
    except OSError as error:
        return Fault(name, f"it cannot be read ({error.strerror or error})")
    return Sample(name, data, text, remark)


def _metadata(path: Path, inside: Path) -> Iterator[tuple[str, str] | Fault]:
    """Yield names, from the root of the set, and texts."""
    own = (inside / METADATA).as_posix()
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                row = _json(line)
                if not isinstance(row, dict) or not isinstance(row.get("file_name"), str):
                    if line.strip():
                        yield Fault(f"{own} line {number}", 'it is no JSON object with a "file_name"')
                    continue
                file = clean(row["file_name"])
                if "\0" in file or not (path.parent / file).is_file():
                    yield Fault(f"{own} line {number}", f"there is no picture {file[:200]!r}")
                elif (text := _text_of(row)) is not None:
                    yield os.path.normpath(inside / file), text
    except OSError as error:
        yield Fault(own, f"it cannot be read ({error.strerror or error})")


def _tar(path: Path, name: str) -> Iterator[Sample | Fault]:
    """Read the members in their order, as a stream; nothing is ever unpacked to a disk."""
    try:
        with tarfile.open(path) as tar:
            yield from _grouped(tar, name)
            # `tarfile` ends without a word at a damaged header, or where a file was cut between two members.
            stream: IO[bytes] = tar.fileobj  # type: ignore[assignment]
            if stream.tell() - tar.offset != tarfile.BLOCKSIZE or stream.read(tarfile.BLOCKSIZE).strip(b"\0"):
                yield Fault(name, "it is cut short or damaged; what lies before that is read")
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        yield Fault(name, f"it is cut short or damaged ({error}); what lies before that is read")


def _grouped(tar: tarfile.TarFile, name: str) -> Iterator[Sample | Fault]:
    """Yield the samples of a tar: members beside each other whose names are the same up to the first dot."""
    group: dict[str, bytes] = {}
    key = ""
    try:
        for member in tar:
            if member.isdir():
                continue
            path = PurePosixPath(member.name)
            base, _, suffix = path.name.partition(".")
            own = clean(f"{name}/{path.parent / base}")
            if own != key:
                yield from _sample_of(key, group)
                group, key = {}, own
            if not member.isfile():
                yield Fault(clean(f"{name}/{path}"), "it is no ordinary file")
            elif member.size > LARGEST_FILE:
                yield Fault(clean(f"{name}/{path}"), _too_large(member.size))
            elif _suffix(suffix) in SUFFIXES or suffix.lower() in ("txt", "json"):
                file = tar.extractfile(member)
                assert file is not None
                group[suffix] = file.read()
    except (tarfile.TarError, OSError, EOFError, ValueError):
        yield from _sample_of(key, group)  # what is whole of the last group
        raise
    yield from _sample_of(key, group)


def _sample_of(key: str, group: dict[str, bytes]) -> Iterator[Sample | Fault]:
    pictures = {suffix: data for suffix, data in group.items() if _suffix(suffix) in SUFFIXES}
    if group and not pictures:
        yield Fault(key, "it has a text and no picture")
    text, remark = None, ""
    for suffix, data in group.items():
        if suffix.lower() == "txt":
            text, remark = _decoded(data)
        elif suffix.lower() == "json" and text is None:
            row = _json(data)
            text = _text_of(row) if isinstance(row, dict) else None
            remark = "" if isinstance(row, dict) else "its .json is no JSON object"
    for suffix, data in pictures.items():
        yield Sample(f"{key}.{clean(suffix)}", data, text, remark)


def _parquet(path: Path, name: str) -> Iterator[Sample | Fault]:
    """Read a parquet file's rows: `image` is bytes, or a struct of bytes and a path as the Hub writes it.

    Raises:
        DataError: it is no parquet file, or has no such column.
    """
    pyarrow = require_pyarrow()

    try:
        file = pyarrow.parquet.ParquetFile(path)
    except (pyarrow.ArrowException, OSError) as error:
        raise DataError(f"{path} is no whole parquet file ({first_line(error, 120)}).") from error
    with file:
        columns = file.schema_arrow.names
        if "image" not in columns:
            raise DataError(
                f'{path} has no column "image", only {", ".join(map(repr, columns))[:200]}; rename the one.'
            )
        text_key = next((key for key in TEXT_KEYS if key in columns), None)
        row = 0
        try:
            for batch in file.iter_batches(16, columns=["image", *([text_key] if text_key else [])]):
                for entry in batch.to_pylist():
                    yield _row(f"{name}/{row}", entry["image"], entry[text_key] if text_key else None)
                    row += 1
        except (pyarrow.ArrowException, OSError, ValueError) as error:
            yield Fault(name, f"it is damaged from row {row} or so ({first_line(error, 120)})")


def require_pyarrow() -> Any:
    """Return pyarrow, its `parquet` included. Raises: DataError: it is not installed."""
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise DataError("Parquet files need pyarrow; install it with `pip install 'limner[train]'`.") from error
    return pyarrow


def _row(name: str, image: object, text: object) -> Sample | Fault:
    data = image.get("bytes") if isinstance(image, dict) else image
    if not isinstance(data, bytes):
        return Fault(name, "its image holds no bytes")
    if len(data) > LARGEST_FILE:
        return Fault(name, _too_large(len(data)))
    if text is None or isinstance(text, str):
        return Sample(name, data, None if text is None else clean(text).strip())
    return Sample(name, data, None, "its text is no text")


def _decoded(data: bytes) -> tuple[str, str]:
    """Return a text file's text, and what was odd about it."""
    remark = ""
    if len(data) > LONGEST_TEXT:
        data, remark = data[:LONGEST_TEXT], f"its text is longer than {LONGEST_TEXT} bytes and was cut"
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("utf-8-sig", "backslashreplace")
        remark = remark or "its text is not UTF-8; the odd bytes are kept escaped"
    return text.strip(), remark


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _text_of(row: dict[str, Any]) -> str | None:
    found = next((row[key] for key in TEXT_KEYS if isinstance(row.get(key), str)), None)
    return None if found is None else clean(found).strip()


def _suffix(name: str) -> str:
    return name.rpartition(".")[2].lower()


def _too_large(size: int) -> str:
    return f"it has {size:,} bytes, more than {LARGEST_FILE // 2**20} MiB"
