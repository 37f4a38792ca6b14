"""`limner eval checks`: its shares are those of captioners whose sight is known, and the embedded one sees well."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import pytest

from captioner.checking import CaptionChecker
from captioner.embedded import EmbeddedCaptioner
from captioner.reading import read_caption
from captioner.request import CaptionKind, Check, Decoding, FakeCaptioner, Picture
from captioner.world.captions import descriptive
from captioner.world.draw import render
from captioner.world.sample import held_out_scene
from generation.errors import RequestError
from generation.evaluation import checks
from generation.evaluation.judge import SIDE_PIXELS, load_judge
from generation.request import FakePainter

SCENES = [held_out_scene(index) for index in range(12)]


class Seer(FakeCaptioner):
    """Says of each true rendering what is so; of the first `blind` of them nothing."""

    def __init__(self, blind: int = 0) -> None:
        super().__init__()
        files = [hashlib.sha256(checks._png(scene)).hexdigest() for scene in SCENES]
        self.captions = {file: descriptive(scene, 99) for file, scene in zip(files, SCENES, strict=True)}
        self.captions |= dict.fromkeys(files[:blind], "")

    def caption(
        self, pictures: Sequence[Picture], kind: CaptionKind, decoding: Decoding = Decoding(), seed: int = 0
    ) -> list[str]:
        return [self.captions[picture.sha256] for picture in pictures]


def test_who_sees_all_catches_all_and_raises_no_false_alarm() -> None:
    groups, complete = checks.check_true_renderings(CaptionChecker(Seer()), SCENES, 0)
    assert complete == 1 and groups["all"].caught == groups["all"].missing > 20 and groups["all"].false_alarms == 0
    parts = [group for name, group in groups.items() if name != "all"]
    assert sum(group.there for group in parts) == groups["all"].there > 100


def test_two_seen_where_one_thing_is_are_a_false_alarm_and_one_seen_of_two_is_missed() -> None:
    two, one = (checks.checklist(*checks.demands("a bunny"), read_caption(text)) for text in ("two bunnies", "a bunny"))
    assert len(two) == len(one) + 1
    said = {check.what: (check.found, is_there) for check, is_there in checks._beside_truth(two, one)}
    assert said == {"bunny": (True, True), "one bunny": (False, True)}
    said = {check.what: (check.found, is_there) for check, is_there in checks._beside_truth(one, two)}
    assert said == {"bunny": (True, True), "one bunny": (True, False)}


def test_who_sees_nothing_raises_an_alarm_for_everything() -> None:
    groups, complete = checks.check_true_renderings(CaptionChecker(Seer(blind=6)), SCENES, 0)
    assert complete == 0.5 and groups["all"].caught == groups["all"].missing
    blind, _ = checks.check_true_renderings(CaptionChecker(Seer(blind=6)), SCENES[:6], 0)
    assert groups["all"].false_alarms == blind["all"].false_alarms == blind["all"].there


@pytest.mark.parametrize(
    ("what", "group"),
    [
        ("bunny", "kind"), ("red bunny", "colour"), ("bunny on the left", "side"), ("red hat of it", "worn or held"),
        ("fox left of bunny", "relation"), ("three bunnies", "number"), ("night", "time"), ("an oil painting", "style"),
        ("close view", "framing"), ("bunny with sunbeams", "joy"), ("happy bunny", "mood"), ("bunny waving", "pose"),
    ],
)  # fmt: skip
def test_details_are_counted_by_what_they_tell(what: str, group: str) -> None:
    assert checks.group_of(Check(what, True)) == group


def test_what_the_best_of_tries_gains_is_read_by_the_judge() -> None:
    right = [render(scene, SIDE_PIXELS) for scene in SCENES]
    wrong = [np.full_like(picture, 255) for picture in right]
    gains = checks.gains_of(load_judge(), SCENES, list(zip(wrong, wrong, right, strict=True)), (1, 2, 4))
    whole = gains[0]
    assert whole.shares[0] == whole.shares[1] == 0 and whole.shares[2] == whole.true > 0.5
    assert whole.gained.value == whole.true and whole.gained.low > 0


def test_the_embedded_captioner_misses_little_and_cries_wolf_seldom() -> None:
    groups, _ = checks.check_true_renderings(CaptionChecker(EmbeddedCaptioner()), SCENES, 0)
    every = groups["all"]
    assert every.caught >= 0.97 * every.missing and every.false_alarms <= 0.08 * every.there


@pytest.mark.parametrize("tries", [(2, 4), (1, 4, 2), (1, 9)])
def test_tries_that_cannot_be_are_refused(tries: tuple[int, ...]) -> None:
    with pytest.raises(RequestError, match="tries rise from 1 to at most 8"):
        checks.evaluate_checks(FakePainter(), CaptionChecker(Seer()), load_judge(), 2, tries=tries)
