"""What a recaptioning has done so far: one JSON object a line, made durable batch by batch, in one process's hands.

A kill leaves whole lines and at most one torn one, which is cut off when the journal is opened again.
"""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from captioner.errors import DataError

Row = Mapping[str, Any]
CARRIED = "carried"
"""The key, in the first line, of how many rows a journal begins with."""


class Journal:
    """An open journal; a context manager. The first line is the header, which says what the others were made with."""

    def __init__(self, path: Path, header: Row, rows: Callable[[], Iterable[Row]] = tuple):
        """Open a journal or begin one.

        Args:
            rows: what a new journal begins with; asked once no other process can write it.

        Raises:
            DataError: another process has it open, its header is another one, it is damaged, or it cannot be written;
                or as `rows` does.
        """
        self.path = path
        try:
            self._file = _opened(path)
        except BlockingIOError as error:
            raise DataError(f"Another process is writing {path}; wait for it, or choose another --out.") from error
        except OSError as error:
            raise DataError(f"{path} cannot be written ({error.strerror}); choose another --out.") from error
        try:
            about = self._about() if self._cut_to_whole_lines() else None
            if about is None:
                self._begin(header, rows)
            elif about != header:
                raise DataError(
                    f"{path} was begun with {json.dumps(about)[:300]}, not with {json.dumps(header)[:300]}; go on with "
                    "that, remove it, or choose another --out."
                )
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):  # of a full disk, which `append` has reported
            self._file.close()

    def _begin(self, header: Row, rows: Callable[[], Iterable[Row]]) -> None:
        try:
            carried = list(rows())
            self._file.truncate(0)
            self.append([{**header, CARRIED: len(carried)}, *carried])
        except DataError:
            self.remove()
            raise

    def append(self, rows: Sequence[Row]) -> None:
        """Write rows; when this returns, they outlive a power cut.

        Raises:
            DataError: they cannot be written; what was written before stays.
        """
        data = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
        try:
            self._file.seek(0, os.SEEK_END)
            self._file.write(data)
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise DataError(
                f"{self.path} cannot be written ({error.strerror}); make room and run the same command again: it goes "
                "on where it stopped."
            ) from error

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield all rows but the header. Raises: DataError: one is damaged."""
        with self.path.open("rb") as lines:
            next(lines, None)
            for number, line in enumerate(lines, 2):
                yield self._parsed(line, number)

    def remove(self) -> None:
        self.path.unlink()

    def _about(self) -> dict[str, Any] | None:
        """Return the header; None if a kill left fewer rows than the journal was to begin with."""
        with self.path.open("rb") as lines:
            about = self._parsed(next(lines), 1)
            carried = about.pop(CARRIED, 0)
            return about if sum(1 for _ in itertools.islice(lines, carried)) == carried else None

    def _parsed(self, line: bytes, number: int) -> dict[str, Any]:
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if not isinstance(row, dict):
            raise DataError(f"{self.path} is damaged at line {number}; remove it and begin again.")
        return row

    def _cut_to_whole_lines(self) -> int:
        """Cut off what a kill left of a line; returns the bytes that stay."""
        end = self._file.seek(0, os.SEEK_END)
        while end:
            start = max(0, end - 65_536)
            self._file.seek(start)
            found = self._file.read(end - start).rfind(b"\n")
            if found >= 0:
                end = start + found + 1
                break
            end = start
        self._file.truncate(end)
        return end


def _opened(path: Path) -> IO[bytes]:
    """Open and lock the file of this name. Raises: BlockingIOError: another process has locked it."""
    while True:
        file = path.open("a+b")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if path.exists() and os.path.samestat(os.fstat(file.fileno()), path.stat()):
                return file
            file.close()  # the process that had it has finished and removed it meanwhile
        except BaseException:
            file.close()
            raise
