"""What edits lose of what should have stayed, and a chain that is painted at once when that is too much."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant.checking import Tries
from assistant.drift import drift_of
from assistant.messages import TurnOptions, TurnResult
from captioner.request import Check, Checklist, FakeChecker
from generation.request import FakePainter
from tests.conversing import said, talking


def checks(*found: str, gone: tuple[str, ...] = ()) -> Checklist:
    return tuple(Check(what, True) for what in found) + tuple(Check(what, False) for what in gone)


def test_drift_is_the_share_of_what_was_once_seen_and_is_still_demanded():
    root, first = checks("bunny", "hat", "meadow", gone=("day",)), checks("bunny", "scarf", "meadow", gone=("hat",))
    drift = drift_of(checks("bunny", gone=("hat", "meadow", "day", "owl")), [first, root])
    assert drift and (drift.lost, drift.gone, drift.all) == (("hat", "meadow"), 2, 3)
    assert drift.share == 2 / 3
    assert drift_of(checks("bunny"), [root]).share == 0  # type: ignore[union-attr]
    assert drift_of(None, [root]) is drift_of(checks("owl"), [root]) is drift_of((), [root, None]) is None


def chain(folder: Path, sees: Callable[[bytes, str], bool], **more: Any) -> tuple[list[TurnResult], FakePainter]:
    """Draw "a red bunny", edit it three times, and return the results."""
    painter = FakePainter(2)
    options = more.pop("options", None)
    checker = FakeChecker(sees)
    with talking(folder, painter, checker=checker, tries=Tries(1), **more) as turns:
        talk = turns.new_conversation().id
        results = [said(turns, talk, "a red bunny", options=TurnOptions(seed=40))]
        results += [said(turns, talk, f"edit {change}", options=options) for change in ("one", "two", "three")]
        return results, painter


class Fading:
    """Sees all words in the pictures painted first, and but one in those that came later, except of one number."""

    def __init__(self, good: int, sharp: frozenset[int] = frozenset()):
        self.pictures: list[bytes] = []
        self.good, self.sharp = good, sharp

    def __call__(self, image: bytes, word: str) -> bool:
        if image not in self.pictures:
            self.pictures.append(image)
        number = self.pictures.index(image) + 1
        return number <= self.good or number in self.sharp or word == "a"


def test_a_chain_that_lost_too_much_is_painted_at_once_beside_its_end(tmp_path: Path):
    results, painter = chain(tmp_path, Fading(2, frozenset({4})))
    assert [result.drift for result in results[:2]] == [None, 0.0]
    third = results[2]
    assert third.drift == 0.75 and third.version == "v3" and third.versions == ("v3", "v4")
    assert third.reply.startswith("Not seen any more, though it should have stayed: red, bunny, one. So all of it")
    fold = painter.painted[3]
    assert (fold.act, fold.prompt, fold.seed, fold.parent_latent) == ("vary", "a red bunny, one, two", 40, None)
    assert results[3].parents == ("v3",) and results[3].drift and results[3].drift > 0.5


def test_a_chain_is_left_alone_where_that_is_no_better_or_not_wanted(tmp_path: Path):
    ways: list[tuple[Callable[[bytes, str], bool], dict[str, Any]]] = [
        (lambda image, word: True, {}),
        (Fading(2, frozenset({4})), {"fold_beyond": 1.0}),
        (Fading(2, frozenset({4})), {"options": TurnOptions(fold=False)}),
        (Fading(2, frozenset({4})), {"options": TurnOptions(count=2)}),
    ]
    for number, (sees, more) in enumerate(ways):
        results, painter = chain(tmp_path / str(number), sees, **more)
        assert all("painted at once" not in result.reply for result in results)
        assert all(request.act != "vary" for request in painter.painted)


def test_one_edit_alone_is_no_chain(tmp_path: Path):
    results, _ = chain(tmp_path, Fading(1))
    assert results[1].drift == 2 / 3 and results[1].versions == ("v2",)
