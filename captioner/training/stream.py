"""People's own picture sets as an endless stream of pictures with words, several at once, each with its weight.

Nothing is kept in memory but the names of the files and a block of pictures for each set. The order of the files and
the pictures of each block are shuffled anew in every epoch, from the seed, so a place in the stream is four numbers; a
run that was broken off goes on at exactly its place, with the rest of the block and no picture twice.

What cannot be read is skipped, counted and named in a log. Knows no models.
"""

from __future__ import annotations

import bisect
import hashlib
import itertools
import random
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from captioner.data import Fault, Part, Sample, parts, read_part
from captioner.errors import DataError
from captioner.kept import KeptCaptions
from captioner.skipping import SkipLog

BLOCK, BLOCK_BYTES = 256, 2**28
"""Pictures that are shuffled together, fewer where they are large."""
AHEAD = 32
"""Pictures of each set that are decoded before they are asked for."""
Words = Literal["text", "short", "descriptive"]
LACKS: dict[Words, str] = {
    "text": "it has no words to learn: no text came with it, or an empty one",
    "short": "its short caption is empty",
    "descriptive": "its descriptive caption is empty",
}
HOPELESS = 1_000
"""A set of whose first so many pictures none can be used is not read to its end."""


@dataclass(frozen=True)
class Source:
    """A picture set and how often it comes up, beside the weights of the others."""

    place: Path
    weight: float = 1.0

    def __post_init__(self) -> None:
        if not 0 < self.weight < float("inf"):
            raise DataError(
                f"a picture set's weight is a number above 0 and {self.weight:g} was given for {self.place}; leave the "
                "set out to go without it."
            )


def source_named(text: str) -> Source:
    """Return the source that "PATH" or "PATH=WEIGHT" names; a path may have an = of its own.

    Raises:
        DataError: the weight is not above 0.
    """
    place, equals, weight = text.rpartition("=")
    try:
        return Source(Path(place), float(weight)) if equals and not Path(text).exists() else Source(Path(text))
    except ValueError:
        return Source(Path(text))


@dataclass(frozen=True)
class Example:
    """A picture to learn from, (side, side, 3) uint8, and its words: its own, and a captioner's where these are known.

    What is not known is empty.
    """

    name: str
    sha256: str
    pixels: np.ndarray
    text: str
    short: str = ""
    descriptive: str = ""


@dataclass(frozen=True)
class Place:
    """Where a set's reader is: the epoch, the file and the sample in it at which its block began, and how much of the
    block is taken."""

    epoch: int = 0
    part: int = 0
    sample: int = 0
    taken: int = 0


@dataclass
class Tally:
    """What a set has come to: pictures used, all in all and in this epoch; in the first epoch, pictures and skipped."""

    used: int = 0
    used_this_epoch: int = 0
    pictures: int = 0
    skipped: int = 0
    odd: int = 0


class PictureStream:
    """Draws from several sets by their weights, for ever; the draws and every order follow from the seed alone.

    Of N processes each reads a share of every set; no picture is in two shares.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        read: Callable[[bytes], np.ndarray],
        log: Path | None,
        seed: int = 0,
        captions: KeptCaptions | None = None,
        needs: Sequence[Words] = ("text",),
        process: int = 0,
        processes: int = 1,
        workers: int = 2,
    ):
        """Open a stream; nothing is read yet.

        Args:
            read: makes the pixels of a picture's file; its DataErrors are reasons to skip it.
            log: where what is skipped is named; None for a look at the pictures that shall leave no trace.
            captions: what a captioner said of these pictures.
            needs: which words a picture must have; one that lacks them is skipped.
            workers: threads that decode.
        """
        if not sources:
            raise ValueError("a stream needs a source")
        self.seed, self.process, self.log_path = seed, process, log
        self._log: SkipLog | None = None
        self._kept_log = 0
        self._pool = ThreadPoolExecutor(workers, "decode")
        reader, share = _Reader(read, captions, tuple(needs)), (process, processes)
        self._sets = [_Set(source, index, seed, share, reader, self) for index, source in enumerate(sources)]
        self._bounds = list(itertools.accumulate(source.weight for source in sources))
        self.drawn = 0
        self.last: list[str] = []
        """The names of the batch that was drawn last."""

    def batch(self, number: int) -> list[Example]:
        """Return the next pictures.

        Raises:
            DataError: a set holds nothing that can be learned from, is none, or has changed since the run began.
        """
        examples = []
        for _ in range(number):
            draw = random.Random(f"{self.seed}-{self.process}-{self.drawn}").random()
            chosen = bisect.bisect(self._bounds, draw * self._bounds[-1])
            examples.append(self._sets[min(chosen, len(self._sets) - 1)].next())
            self.drawn += 1
        self.last = [example.name for example in examples]
        return examples

    def state(self) -> dict[str, Any]:
        """Return all that `restore` needs to go on from here, as plain numbers and words."""
        length = self._log.length if self._log else self._kept_log
        return {"drawn": self.drawn, "log": length, "sets": [each.state() for each in self._sets]}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a state; nothing may have been drawn yet.

        Raises:
            DataError: the run had other sets, or their files have changed.
        """
        if self._log or self.drawn or len(state["sets"]) != len(self._sets):
            raise DataError(
                f"the run began with {len(state['sets'])} picture sets and {len(self._sets)} are given; give the same "
                "--data to go on with it, or start anew."
            )
        self.drawn, self._kept_log = state["drawn"], state["log"]
        for each, kept in zip(self._sets, state["sets"], strict=True):
            each.restore(kept)

    def about(self) -> list[dict[str, Any]]:
        """Return what became of each set, for an account; of a path only its last name."""
        return [each.about() for each in self._sets]

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
        if self._log:
            self._log.close()

    def submit(self, task: Callable[[Sample], Example], sample: Sample) -> Future[Example]:
        return self._pool.submit(task, sample)

    def skipped(self, name: str, why: str) -> None:
        if log := self._opened_log():
            log.skipped(name, why)

    def remarked(self, name: str, why: str) -> None:
        if log := self._opened_log():
            log.remarked(name, why)

    def _opened_log(self) -> SkipLog | None:
        if self._log is None and self.log_path is not None:
            self._log = SkipLog(self.log_path, self._kept_log)
        return self._log


@dataclass(frozen=True)
class _Reader:
    """From a sample of a set to what is learned from it, in a thread beside the training."""

    read: Callable[[bytes], np.ndarray]
    captions: KeptCaptions | None
    needs: tuple[Words, ...]

    def __call__(self, sample: Sample) -> Example:
        words: dict[Words, str] = {"text": (sample.text or "").strip(), "short": "", "descriptive": ""}
        digest = hashlib.sha256(sample.data).hexdigest()
        if self.captions is not None:
            kept = self.captions.find(digest)
            if kept is None:
                raise DataError(f"it has no caption in {self.captions.path.name}; `limner recaption` adds what is new")
            words |= {"short": (kept.short or "").strip(), "descriptive": (kept.descriptive or "").strip()}
            words["text"] = words["text"] or (kept.original or "").strip()
        for kind in self.needs:
            if not words[kind]:
                raise DataError(LACKS[kind])
        return Example(sample.name, digest, self.read(sample.data), **words)


class _Set:
    """One set's pictures, epoch after epoch, decoded a little ahead of where it is."""

    def __init__(
        self, source: Source, number: int, seed: int, share: tuple[int, int], reader: _Reader, stream: PictureStream
    ):
        self.source, self.number, self.share, self.reader, self.stream = source, number, share, reader, stream
        self.key = f"{seed}-{number}"
        self.place, self.tally, self.digest = Place(), Tally(), ""
        self._parts: list[Part | Fault] = []
        self._ahead: deque[tuple[Sample | Fault | None, Place, Future[Example] | None]] = deque()
        self._items: Iterator[tuple[Sample | Fault | None, Place]] | None = None

    def next(self) -> Example:
        """Return the next picture that can be used."""
        while True:
            self._fill()
            found, self.place, decoded = self._ahead.popleft()
            if found is None:
                self._end_epoch()
            elif isinstance(found, Fault):
                self._skip(found.name, found.why)
            else:
                assert decoded is not None
                try:
                    example = decoded.result()
                except DataError as error:
                    self._skip(found.name, str(error))
                    continue
                if found.remark and self.place.epoch == 0:
                    self.tally.odd += 1
                    self.stream.remarked(found.name, found.remark)
                self.tally.used += 1
                self.tally.used_this_epoch += 1
                self.tally.pictures += self.place.epoch == 0
                return example

    def state(self) -> dict[str, Any]:
        self._list()
        return {"place": asdict(self.place), "tally": asdict(self.tally), "files": self.digest}

    def restore(self, state: dict[str, Any]) -> None:
        self._list()
        if state["files"] != self.digest:
            raise DataError(
                f"{self.source.place} holds other files than when the run began, so it cannot go on as it was; put "
                "them back, or start anew with --warm-start."
            )
        self.place, self.tally = Place(**state["place"]), Tally(**state["tally"])

    def about(self) -> dict[str, Any]:
        return {
            "source": self.source.place.name, "weight": self.source.weight, "epochs": self.place.epoch,
            **{name: value for name, value in asdict(self.tally).items() if name != "used_this_epoch"},
        }  # fmt: skip

    def _fill(self) -> None:
        if self._items is None:
            self._list()
            self._items = self._from(self.place)
        while len(self._ahead) < AHEAD:
            found, place = next(self._items)
            sample = found if isinstance(found, Sample) else None
            self._ahead.append((found, place, self.stream.submit(self.reader, sample) if sample else None))
            if found is None and not sum(isinstance(each, Sample) for each, *_ in self._ahead):
                break  # a set without a picture would be gone through for ever

    def _list(self) -> None:
        if not self.digest:
            self._parts = list(parts(self.source.place))
            names = "\n".join(part.name for part in self._parts)
            self.digest = hashlib.sha256(names.encode()).hexdigest()[:16]

    def _from(self, place: Place) -> Iterator[tuple[Sample | Fault | None, Place]]:
        """Yield everything from a place on, each with the place behind it, and None at the end of every epoch."""
        epoch = place.epoch
        while True:
            for begin, end, block in self._blocks(epoch, place.part, place.sample):
                random.Random(f"{self.key}-{epoch}-{begin}").shuffle(block)
                for taken in range(place.taken, len(block)):
                    behind = Place(epoch, *begin, taken + 1) if taken + 1 < len(block) else Place(epoch, *end)
                    yield block[taken], behind
                place = Place(epoch, *end)
            epoch += 1
            place = Place(epoch)
            yield None, place

    def _blocks(
        self, epoch: int, part: int, skip: int
    ) -> Iterator[tuple[tuple[int, int], tuple[int, int], list[Sample | Fault]]]:
        """Yield blocks of an epoch, from a part and past so many of its samples; each with where it begins and ends."""
        raw = self._raw(epoch, part, skip)
        begin = end = (part, skip)
        while True:
            block: list[Sample | Fault] = []
            size = 0
            for place, found in raw:
                end = place
                block.append(found)
                size += len(found.data) if isinstance(found, Sample) else 0
                if len(block) >= BLOCK or size >= BLOCK_BYTES:
                    break
            if not block:
                return
            yield begin, end, block
            begin = end

    def _raw(self, epoch: int, part: int, skip: int) -> Iterator[tuple[tuple[int, int], Sample | Fault]]:
        """Yield this process's share of an epoch, each with the file that it is in and the number of what is next."""
        order = list(range(len(self._parts)))
        random.Random(f"{self.key}-{epoch}").shuffle(order)
        process, processes = self.share
        for index in range(part, len(order)):
            file = self._parts[order[index]]
            alone = isinstance(file, Fault) or not file.is_set
            if alone and index % processes != process:
                continue  # unread
            read = iter([file]) if isinstance(file, Fault) else read_part(file, self.source.place)
            for number, found in enumerate(read):
                if (index > part or number >= skip) and (index + number) % processes == process:
                    yield (index, number + 1), found

    def _skip(self, name: str, why: str) -> None:
        if self.place.epoch == 0:
            self.tally.skipped += 1
            self.stream.skipped(name, why)
        if not self.tally.used and self.tally.skipped >= HOPELESS:
            raise DataError(f"None of the first {HOPELESS:,} pictures of {self.source.place} can be used: {why}.")

    def _end_epoch(self) -> None:
        if not self.tally.used_this_epoch:
            place, log = self.source.place, self.stream.log_path
            if not self.tally.skipped:
                fewer = f", or fewer than the {self.share[1]} processes" if self.share[1] > 1 else ""
                raise DataError(f"{place} holds no pictures{fewer}; give a folder, tar or parquet file that does.")
            raise DataError(
                f"None of the {self.tally.skipped} pictures of {place} can be used"
                + (f"; {log} says why of each." if log else ".")
            )
        self.tally.used_this_epoch = 0
