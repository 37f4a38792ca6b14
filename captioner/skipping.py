"""The log of what was skipped or odd in a picture set: every part by name, counted, never silent."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from captioner.data import clean
from captioner.errors import DataError


class SkipLog:
    """Names what was skipped or odd, a line each, and counts it; a context manager that leaves no empty file behind.

    Attributes:
        broken, remarks: how many parts were skipped, and how many samples have a text that was odd.
        noted: how many lines there are.
    """

    def __init__(self, path: Path, keep: int = 0):
        """Begin a log, or go on with one.

        Args:
            keep: bytes of an earlier log that stay; what a run that was broken off wrote behind them goes.

        Raises:
            DataError: it cannot be written.
        """
        self.path = path
        self.broken = self.remarks = self.noted = 0
        try:
            self._file = path.open("a+b")
            self._file.truncate(min(keep, path.stat().st_size))
        except OSError as error:
            raise DataError(f"{path} cannot be written ({error.strerror}); choose another --out.") from error
        self.length = min(keep, path.stat().st_size)

    def __enter__(self) -> SkipLog:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        with contextlib.suppress(OSError):  # what failed to be written was reported when it was
            self._file.close()
        if not self.length:
            self.path.unlink(missing_ok=True)

    def skipped(self, name: str, why: str) -> None:
        self.broken += 1
        self._note("skipped", name, why)

    def remarked(self, name: str, why: str) -> None:
        self.remarks += 1
        self._note("odd", name, why)

    def alike(self, name: str, other: str) -> None:
        self._note("alike", name, f"it looks like {other}")

    def _note(self, what: str, name: str, why: str) -> None:
        self.noted += 1
        line = f"{what} {json.dumps(clean(name), ensure_ascii=False)}: {' '.join(clean(why).split())}\n".encode()
        try:
            self._file.write(line)
            self._file.flush()
        except OSError as error:
            raise DataError(
                f"{self.path} cannot be written ({error.strerror}); make room and run the same command again: it goes "
                "on where it stopped."
            ) from error
        self.length += len(line)
