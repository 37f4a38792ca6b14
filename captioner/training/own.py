"""What a captioner learns from people's own pictures, in place of the picture world.

Dimensions: B batch, H = W pixels that the captioner looks at.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch

from captioner.data import Sample, samples
from captioner.errors import DataError, TrainingError
from captioner.kept import KeptCaptions
from captioner.pictures import read_picture
from captioner.tokenizer import Task
from captioner.training.lesson import Lesson
from captioner.training.loop import launched
from captioner.training.stream import Example, PictureStream, Source, Words

TEXTS = 2_000
"""Captions of each set that a tokenizer is learned from."""
SHOWN = 8
"""Pictures whose captions a run shows."""
WORDS: dict[Task, Words] = {"alt": "text", "short": "short", "descriptive": "descriptive"}


@dataclass(frozen=True)
class OwnData:
    """People's own picture sets, as `--data` and `--captions` give them.

    Attributes:
        sources: the sets and their weights.
        captions: the parquet file that `limner recaption` wrote for them; None to learn from their own texts alone.
    """

    sources: tuple[Source, ...]
    captions: Path | None = None
    _opened: list[KeptCaptions] = field(default_factory=list, compare=False, repr=False)

    def kept(self) -> KeptCaptions | None:
        """Return the captions, opened once. Raises: DataError: they cannot be read."""
        if self.captions is not None and not self._opened:
            self._opened.append(KeptCaptions(self.captions))
        return self._opened[0] if self._opened else None

    def texts(self, number: int = TEXTS) -> list[str]:
        """Return the first captions of every set, and those that a captioner said of them.

        Raises:
            DataError: there is not one.
        """
        kept, found = self.kept(), list[str]()
        for source in self.sources:
            of_set = [each for each in itertools.islice(samples(source.place), number) if isinstance(each, Sample)]
            found += [each.text for each in of_set if each.text]
        if kept is not None:
            found += kept.first_texts(number)
        if not found:
            named = ", ".join(str(source.place) for source in self.sources)
            raise DataError(
                f"none of the first {number:,} pictures in {named} has words to learn from; give each a .txt beside "
                'it, a metadata.jsonl, a column "text", or --captions from `limner recaption`.'
            )
        return found

    def stream(
        self, read: Callable[[bytes], np.ndarray], log: Path | None, seed: int, needs: Sequence[Words], workers: int = 2
    ) -> PictureStream:
        """Return the pictures as a stream of this process's share, as `PictureStream`."""
        place = launched()
        if log is not None and place.process_index:
            log = log.with_stem(f"{log.stem}-{place.process_index}")
        return PictureStream(
            self.sources, read, log, seed, self.kept(), needs, place.process_index, place.num_processes, workers
        )

    def first(
        self, read: Callable[[bytes], np.ndarray], seed: int, needs: Sequence[Words], number: int
    ) -> list[Example]:
        """Return a few pictures to show or to measure by; the stream that is learned from stays where it is.

        Raises:
            DataError: as `PictureStream.batch`.
        """
        stream = PictureStream(self.sources, read, None, seed, self.kept(), needs)
        try:
            return stream.batch(number)
        finally:
            stream.close()


class OwnLessons:
    """Batches for a captioner: pictures squeezed as it looks at them, each with one of its captions."""

    def __init__(
        self, data: OwnData, mix: dict[Task, float], size: int, batch: int, seed: int, log: Path | None, workers: int
    ):
        if len(mix) > 1 and data.captions is None:
            raise TrainingError(
                f"this stage learns {len(mix)} kinds of captions of each picture, and the pictures come with one; give "
                "--captions from `limner recaption`, or choose --stage base, ssc or dsc."
            )
        self.data, self.mix, self.size, self.number, self.seed = data, mix, size, batch, seed
        self.stream = data.stream(self.read, log, seed, self.needs, workers)

    @property
    def needs(self) -> tuple[Words, ...]:
        return ("text",) if self.data.captions is None else tuple(WORDS[task] for task in self.mix)

    def read(self, data: bytes) -> np.ndarray:
        picture = read_picture(data, self.size)
        return np.frombuffer(picture.pixels, np.uint8).reshape(self.size, self.size, 3)

    def lesson(self, generator: torch.Generator) -> Lesson:
        examples = self.stream.batch(self.number)
        rng = random.Random(int(torch.randint(1 << 40, (1,), generator=generator)))
        tasks = rng.choices(list(self.mix), list(self.mix.values()), k=len(examples))
        texts = [self.words(example, task) for example, task in zip(examples, tasks, strict=True)]
        return Lesson(np.stack([example.pixels for example in examples]), texts, tasks)

    def words(self, example: Example, task: Task) -> str:
        """Return a picture's caption of a kind; with texts of its own alone they are the kind that is learned."""
        words: str = example.text if self.data.captions is None else getattr(example, WORDS[task])
        return words

    def shown(self) -> tuple[np.ndarray, list[dict[Task, str]]]:
        examples = self.data.first(self.read, self.seed + 1, self.needs, SHOWN)
        truths = [{task: self.words(example, task) for task in self.mix} for example in examples]
        return np.stack([example.pixels for example in examples]), truths

    def about(self) -> dict[str, Any]:
        return {"captions": self.data.captions.name if self.data.captions else None}
