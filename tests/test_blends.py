"""The better-captions recipe: which words a painter learns by, and how the experiment on them is counted."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from captioner.blend import Blend, Told, blended
from captioner.errors import DataError
from captioner.places import WEIGHTS
from captioner.request import CaptionerAbilities, CaptionKind, Decoding, Picture
from captioner.training.captioner import CaptionerData, train_captioner
from captioner.training.loop import seeded
from captioner.training.pictures import PictureCache, draw_pairs
from captioner.training.told import told_by
from captioner.world.alt import ALT_HIGH, ALT_LOW
from captioner.world.captions import alt_text, descriptive
from captioner.world.sample import held_out_scene
from captioner.world.scene import CORE
from generation.evaluation.blends import CURVE, Arm, Settings, arms_of, evaluate_blends
from generation.evaluation.blends_report import paired
from generation.evaluation.facts import facts_said
from generation.training.painter import PainterData, make_batch
from ui.commands.blends import BlendOptions
from ui.commands.blends import evaluate_blends as command
from ui.errors import SettingsError

TINY = {
    "near_width": 32, "near_layers": 1, "image_width": 64, "image_layers": 1, "width": 64, "heads": 1,
    "unimodal_layers": 1, "multimodal_layers": 1, "feature_width": 32,
}  # fmt: skip


class Counting:
    """A captioner that says how often it was asked; it tells pictures apart by their hash."""

    asked = 0

    def abilities(self) -> CaptionerAbilities:
        return CaptionerAbilities("counting", "c" * 64, ("short", "descriptive"), 64, 8, 128)

    def caption(
        self, pictures: Sequence[Picture], kind: CaptionKind, decoding: Decoding = Decoding(), seed: int = 0
    ) -> list[str]:
        self.asked += len(pictures)
        return [f"{kind} of\n{picture.sha256[:8]}" for picture in pictures]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> PictureCache:
    return draw_pairs(tmp_path_factory.mktemp("pictures"), 12, CORE.name, 1, 64, 1)


@pytest.mark.parametrize(("blend", "shares"), [
    (Blend(0.0), (1, 0, 0)), (Blend(1.0), (0, 0, 1)), (Blend(0.95, 0.0), (0.05, 0.95, 0)),
    (Blend(0.8, 0.5), (0.2, 0.4, 0.4)),
])  # fmt: skip
def test_each_kind_of_words_comes_up_as_often_as_the_blend_says(
    blend: Blend, shares: tuple[float, float, float]
) -> None:
    rng, told = random.Random(1), Told(("short",), ("descriptive",))
    drawn = [blended("original", told, 0, blend, rng) for _ in range(4_000)]
    found = [drawn.count(kind) / len(drawn) for kind in ("original", "short", "descriptive")]
    assert found == pytest.approx(shares, abs=4 * 0.5 / len(drawn) ** 0.5)


def test_a_blend_that_is_no_share_and_captions_that_were_not_told_are_refused() -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        Blend(95)
    with pytest.raises(ValueError, match="wants short captions"):
        blended("original", Told(None, ("a",)), 0, Blend(1.0, 0.0), random.Random(1))


def test_captions_of_the_pictures_are_found_once_and_after_a_kill_only_the_missing_ones(
    cache: PictureCache, tmp_path: Path
) -> None:
    first = Counting()
    told = told_by(cache, {"descriptive": first}, tmp_path)
    assert told.short is None and told.descriptive is not None
    assert len(set(told.descriptive)) == first.asked == 2 * len(cache)
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    second = Counting()
    assert told_by(cache, {"descriptive": second}, tmp_path) == told
    assert path.read_bytes() == whole and 0 < second.asked < first.asked
    third = Counting()
    before = path.stat().st_mtime_ns
    assert told_by(cache, {"descriptive": third}, tmp_path) == told and not third.asked
    assert path.stat().st_mtime_ns == before, "runs beside this one read it"


def test_batches_of_two_blends_differ_in_their_words_alone(cache: PictureCache) -> None:
    latents = np.random.default_rng(1).normal(size=(24, 8, 8, 8)).astype(np.float16)
    told = Told(None, tuple(f"picture {i}" for i in range(24)))
    data = [PainterData(pairs=12, batch=16, size=64, blend=blend) for blend in (Blend(0.0), Blend(1.0))]
    alt, dsc = (make_batch(cache, latents, each, seeded(1, 2), told) for each in data)
    assert alt.pictures == dsc.pictures and np.array_equal(alt.clean, dsc.clean) and np.array_equal(alt.mask, dsc.mask)
    pairs = [(a, d, p) for a, d, p in zip(alt.prompts, dsc.prompts, dsc.pictures, strict=True) if a or d]
    assert pairs
    for a, d, picture in pairs:
        assert d == f"picture {picture}" and a == alt_text(cache.scene(picture), picture)


def test_what_a_prompt_says_is_found_by_the_worlds_words() -> None:
    for index in range(60):
        scene = held_out_scene(index, CORE)
        said = facts_said(descriptive(scene, index), scene)
        assert {"kind", "colour", "place"} <= set(said), descriptive(scene, index)
        assert facts_said("IMG_0001.jpg", scene) == ()
    assert ("mood" in facts_said("a sad cat", held_out_scene(0, CORE))) is (held_out_scene(0, CORE).main.mood == 1)


def test_the_interval_of_paired_differences_is_that_of_the_closed_form() -> None:
    rng = np.random.default_rng(3)
    of_scene = rng.normal(0.2, 0.5, 400)
    found = paired(np.tile(of_scene, (3, 1)))  # the runs agree: only the scenes are uncertain
    half = 1.96 * of_scene.std() / 20
    assert found.value == pytest.approx(of_scene.mean())
    assert (found.low, found.high) == pytest.approx((found.value - half, found.value + half), abs=0.1 * half)
    of_run = rng.normal(0, 0.5, 200)
    found = paired(np.tile(of_run[:, None], (1, 3)))  # the scenes agree: only the runs are
    assert (found.high - found.low) / 2 == pytest.approx(1.96 * of_run.std() / 200**0.5, rel=0.1)


def test_the_experiment_runs_in_miniature_goes_on_is_scored_anew_and_refuses_another_in_its_folder(
    tmp_path: Path,
) -> None:
    train_captioner(
        tmp_path / "c", steps=1, threads=1, data=CaptionerData(pairs=12, batch=8, size=128), stage="both", shape=TINY
    )
    small = Settings(steps=2, batch=4, pairs=12, width=64, layers=1, text_layers=3, scenes=3)
    captioners: dict[CaptionKind, Path] = {"descriptive": tmp_path / "c" / "captioner"}

    def run(settings: Settings = small, scorer: Path | None = None) -> str:
        return evaluate_blends(
            tmp_path / "out", captioners, arms_of((65,)), ("low", "high"), 1, 1, settings,
            lambda text: f"{text}, seen well", scorer=scorer,
        )  # fmt: skip

    report = run()
    assert f"{ALT_HIGH.fair:.0%} of it fair; 1 seeds" in report and f"{ALT_LOW.fair:.0%} of it fair" in report
    assert "as typed, rewritten" in report and "it favours those arms" in report
    rows = [line for line in report.splitlines() if "65 % DSC" in line and line.startswith("long ")]
    assert len(rows) == 2 and all("[" in row for row in rows)
    assert report.count("goal: the lift of 65 % DSC on long prompts") == 2
    assert (tmp_path / "out" / "blends.png").stat().st_size > 5_000
    scores = sorted((tmp_path / "out").glob("*/scores.json"))
    assert len(scores) == 4
    written = [path.stat().st_mtime_ns for path in scores[1:]]
    kept = json.loads(scores[0].read_text())
    shutil.rmtree(scores[0].parent)
    assert run().split("minutes")[0] == report.split("minutes")[0]  # trained and painted again, to the same figures
    assert json.loads(scores[0].read_text())["scores"] == kept["scores"]
    assert [path.stat().st_mtime_ns for path in scores[1:]] == written

    kept = json.loads(scores[0].read_text())
    painters = [(path.parent / "trained.json").stat().st_mtime_ns for path in scores]
    (scores[1].parent / "trained.json").unlink()  # as in folders of before there was such a file
    assert "no arm learned from" in run(scorer=WEIGHTS)
    assert [(path.parent / "trained.json").stat().st_mtime_ns for path in (scores[0], *scores[2:])] == [
        painters[0], *painters[2:],
    ]  # fmt: skip
    again = json.loads(scores[0].read_text())
    assert again["minutes"] == kept["minutes"] and again["by"]["scorer"] != kept["by"]["scorer"]
    assert all(again["scores"][kind]["right"] == kept["scores"][kind]["right"] for kind in kept["scores"])
    with pytest.raises(DataError, match="another steps"):
        run(Settings(steps=3, batch=4, pairs=12, width=64, layers=1, text_layers=3, scenes=3))


def test_the_arms_of_shares_have_alt_text_first() -> None:
    assert [arm.name for arm in arms_of((0, 12.5, 95))] == ["alt text", "12.5 % DSC", "95 % DSC"]
    assert CURVE[-1] == Arm("95 % SSC", Blend(0.95, 0.0)) and len(CURVE) == 7


@pytest.mark.parametrize(("options", "named"), [
    (BlendOptions(levels="loud"), "'loud'"), (BlendOptions(shares="0,95"), "'0'"),
    (BlendOptions(shares="most"), "'most'"), (BlendOptions(shares="101"), "'101'"),
    (BlendOptions(shares="65", curve=True), "--curve"), (BlendOptions(), "--out DIR"),
])  # fmt: skip
def test_options_of_the_experiment_that_make_no_sense_are_refused(options: BlendOptions, named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        command(None, None, options)
