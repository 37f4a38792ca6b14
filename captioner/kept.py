"""The captions that `limner recaption` wrote, looked up by a picture's content hash. Their texts stay on the disk."""

from __future__ import annotations

import bisect
import itertools
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from captioner.data import require_pyarrow
from captioner.errors import DataError, first_line

COLUMNS = ("sha256", "short", "descriptive", "original")
GROUPS_KEPT = 16
"""Row groups whose texts are in memory; a set is learned in much the order in which it was captioned."""


@dataclass(frozen=True)
class Kept:
    """What was said of a picture, and the text that came with it."""

    short: str | None
    descriptive: str | None
    original: str | None


class KeptCaptions:
    """A parquet file of captions, open; threads may ask it at the same time.

    Raises:
        DataError: it is no parquet file, lacks a column, or holds no captions.
    """

    def __init__(self, path: Path):
        pyarrow = require_pyarrow()
        self.path = path
        try:
            self._file = pyarrow.parquet.ParquetFile(path)
            names = self._file.schema_arrow.names
            if missing := [name for name in COLUMNS if name not in names]:
                raise DataError(
                    f"{path} has no column {missing[0]!r}, so `limner recaption` did not write it; give the "
                    "file that it wrote for these pictures."
                )
            digests = self._file.read(["sha256"]).column("sha256").to_pylist()
            found = np.array([bytes.fromhex(digest) for digest in digests], dtype="S32")
        except (pyarrow.ArrowException, OSError, TypeError, ValueError) as error:
            raise DataError(f"{path} is no whole parquet file of captions ({first_line(error, 120)}).") from error
        if not len(found):
            raise DataError(f"{path} holds no captions; caption the pictures with `limner recaption` first.")
        self._order = np.argsort(found)
        self._digests = found[self._order]
        metadata = self._file.metadata
        sizes = [metadata.row_group(group).num_rows for group in range(metadata.num_row_groups)]
        self._ends = list(itertools.accumulate(sizes))
        self._groups: OrderedDict[int, list[dict[str, Any]]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._digests)

    def first_texts(self, number: int) -> list[str]:
        """Return the captions, of every kind, of the first pictures."""
        batch = next(self._file.iter_batches(number, columns=list(COLUMNS[1:])))
        return [text for column in batch.columns for text in column.to_pylist() if text]

    def find(self, digest: str) -> Kept | None:
        """Return what is kept of the picture whose file has this SHA-256, or None."""
        wanted = np.array(bytes.fromhex(digest), dtype="S32")
        place = int(np.searchsorted(self._digests, wanted))
        if place == len(self._digests) or self._digests[place] != wanted:
            return None
        row = int(self._order[place])
        group = bisect.bisect(self._ends, row)
        with self._lock:
            if group not in self._groups:
                self._groups[group] = self._file.read_row_group(group, list(COLUMNS[1:])).to_pylist()
                if len(self._groups) > GROUPS_KEPT:
                    self._groups.popitem(last=False)
            self._groups.move_to_end(group)
            found = self._groups[group][row - (self._ends[group - 1] if group else 0)]
        return Kept(**found)
