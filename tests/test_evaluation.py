"""The painter's report: its arithmetic, against painters whose pictures are known to be right or wrong."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
import pytest
from PIL import Image

from captioner.world.captions import descriptive
from captioner.world.draw import render as render_anew
from captioner.world.sample import held_out_scene
from captioner.world.scene import CORE, Item, Scene, Thing
from generation.errors import PaintingError
from generation.evaluation import painter as painter_module
from generation.evaluation.distances import frechet_distance, precision_recall
from generation.evaluation.edits import edits_at_once, evaluate_edits, held_out_edits
from generation.evaluation.facts import MEASURES, changed_facts, facts_asked, facts_read
from generation.evaluation.judge import SIDES, Reading, ThingReading
from generation.evaluation.painter import evaluate_painter, share
from generation.models.autoencoder import PictureAutoencoder
from generation.request import FakePainter, Recipe, RenderFinished

SCENES = 12
render = cache(render_anew)
NOTHING = ThingReading(0.01, None, "red", None, 0, "medium", "standing", 1, {})


def true_reading(scene: Scene) -> Reading:
    """Return what a judge that is always right reads."""
    sides = dict.fromkeys(SIDES, NOTHING)
    for thing in scene.things:
        items = {item.kind: item.colour for item in thing.worn + ((thing.held,) if thing.held else ())}
        sides[thing.side] = ThingReading(
            0.99, thing.kind, thing.colour, thing.mood, thing.joy, thing.size, thing.pose, thing.count, items
        )
    return Reading(sides, scene.place, scene.time, scene.weather, scene.style, scene.framing, scene.extras)


class KnowingJudge:
    """Reads true renderings rightly, by knowing them."""

    setting = CORE

    def __init__(self, scenes: list[Scene]):
        self.known = {render(scene).tobytes(): true_reading(scene) for scene in scenes}

    def read(self, pictures: np.ndarray) -> list[Reading]:
        return [self.known[picture.tobytes()] for picture in pictures]


class DrawingPainter(FakePainter):
    """Returns true renderings of the scenes that it is told to take the prompts for."""

    def __init__(self, scenes: dict[str, Scene]):
        super().__init__()
        self.scenes = scenes

    def paint(self, requests, blobs, stopped=lambda: False):
        for request in requests:
            if request.parent_latent:
                assert blobs.read(request.parent_latent).startswith(b"latent of ")
            png = io.BytesIO()
            Image.fromarray(render(self.scenes[request.prompt])).save(png, "PNG")
            self.painted.append(request)
            recipe = Recipe(
                painter="drawing", weights="", act=request.act, prompt=request.prompt, change=request.change,
                seed=request.seed, candidate=0, batch=1, steps=1, guidance=1.0, scheduler="", width=128, height=128,
                start="noise",
            )  # fmt: skip
            yield RenderFinished(request.id, png.getvalue(), b"latent of " + request.id.encode(), recipe)


@pytest.fixture
def no_loss(monkeypatch):
    monkeypatch.setattr(painter_module, "round_trip", lambda autoencoder, pictures: pictures)


def recoloured(scene: Scene) -> Scene:
    """Return the scene with its main thing in another colour."""
    colours = CORE.colours
    other = colours[(colours.index(scene.main.colour) + 5) % len(colours)]
    return scene.with_thing(dataclasses.replace(scene.main, colour=other))


class MeanColour:
    """An encoder whose features are the mean colour; it calls every picture a fit for the prompt of its own place."""

    name = "mean colour"
    scores_text = True

    def features(self, pictures: np.ndarray) -> np.ndarray:
        return pictures.mean((1, 2)) / 255

    def cosines(self, pictures: np.ndarray, texts: Sequence[str]) -> np.ndarray:
        return np.array([text == descriptive(held_out_scene(index), index) for index, text in enumerate(texts)], float)


def evaluated(painted_as: Callable[[Scene], Scene], out=None, encoder=None):
    scenes = [held_out_scene(index) for index in range(SCENES)]
    painted = {descriptive(scene, index): painted_as(scene) for index, scene in enumerate(scenes)}
    judge = KnowingJudge(scenes + list(painted.values()))
    return evaluate_painter(DrawingPainter(painted), judge, PictureAutoencoder(), SCENES, 4, out, encoder=encoder)


def test_whole_pictures_are_held_against_other_true_renderings(no_loss):
    report = evaluated(lambda scene: scene, encoder=MeanColour())
    figures = {each.name: (each.painted, each.true, each.round_trip) for each in report.likeness}
    true, others = (
        np.stack([render(held_out_scene(start + index)) for index in range(SCENES)]).mean((1, 2)) / 255
        for start in (0, SCENES)
    )
    assert figures["FD (mean colour)"] == (pytest.approx(frechet_distance(others, true)),) * 3
    assert figures["precision (mean colour)"] == (precision_recall(others, true)[0],) * 3
    assert figures["recall (mean colour)"] == (precision_recall(others, true)[1],) * 3
    assert figures["cosine with its prompt (mean colour)"] == (1, 1, 1)
    assert figures["cosine with another's prompt (mean colour)"] == (0, 0, 0)
    assert "FD (mean colour)" in report.table() and "no FID" in report.table()
    worse = evaluated(recoloured, encoder=MeanColour())
    assert worse.likeness[2].painted != worse.likeness[2].true


def test_a_painter_of_true_renderings_reaches_the_whole_ceiling(no_loss, tmp_path):
    report = evaluated(lambda scene: scene, tmp_path)
    assert {row.of_true.value for row in report.rows} == {1.0}
    assert {row.of_round_trip.low for row in report.rows} == {1.0}
    assert report.row("subject").scenes == SCENES
    assert json.loads((tmp_path / "report.json").read_text())["rows"][0]["name"] == "subject"
    assert "limner eval painter" in (tmp_path / "report.txt").read_text()
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.width > 1000


def test_a_painter_of_wrong_colours_loses_colour_and_nothing_else(no_loss):
    report = evaluated(recoloured)
    assert report.row("its colour").of_true.value == 0.0
    assert report.row("its colour").true == 1.0
    assert {report.row(name).of_true.value for name in ("subject", "place", "its mood", "style")} == {1.0}


def test_a_painter_half_wrong_is_half_right_with_an_interval_round_it(no_loss):
    indices = iter(range(SCENES))
    report = evaluated(lambda scene: recoloured(scene) if next(indices) % 2 else scene)
    colour = report.row("its colour").of_round_trip
    assert colour.value == 0.5
    assert 0.1 < colour.low < 0.5 < colour.high < 0.9


def test_ceilings_come_from_the_autoencoder_given():
    scenes = [held_out_scene(index) for index in range(2)]
    pictures = np.stack([render(scene) for scene in scenes])
    trips = painter_module.round_trip(
        PictureAutoencoder(widths=(8, 8), encoder_blocks=(1, 1), decoder_blocks=(1, 1)), pictures
    )
    assert (trips.shape, trips.dtype) == (pictures.shape, np.uint8)
    assert not np.array_equal(trips, pictures)


def test_a_picture_that_is_not_finished_is_an_error():
    class Lazy(FakePainter):
        def paint(self, requests, blobs, stopped=lambda: False):
            yield from super().paint(requests, blobs, lambda: True)

    with pytest.raises(PaintingError, match="2 of 2 pictures were not finished"):
        evaluate_painter(Lazy(), KnowingJudge([]), PictureAutoencoder(), 2)


def test_a_share_is_of_the_ceiling_and_its_interval_follows_the_closed_form():
    rng = np.random.default_rng(0)
    ceiling = np.ones(2000)
    painted = (rng.random(2000) < 0.8).astype(float)
    got = share(painted, ceiling)
    half = 1.96 * np.sqrt(painted.mean() * (1 - painted.mean()) / 2000)
    assert got.value == pytest.approx(painted.mean(), abs=1e-4)
    assert got.high - got.low == pytest.approx(2 * half, rel=0.15)
    assert share(0.4 * ceiling, 0.8 * ceiling).value == 0.5
    assert share(ceiling, 0 * ceiling) is None


def test_one_thing_is_found_where_it_is_clearest_and_of_two_each_on_its_side():
    fox = Thing(1, "fox", "teal", mood=2, side="left")
    read_right = true_reading(Scene((dataclasses.replace(fox, side="right"),), "room"))
    assert facts_read(read_right, Scene((fox,), "room"))["main kind"] == "fox"
    two = Scene((fox, Thing(2, "cake", "red", side="right")), "room")
    facts = facts_read(read_right, two)
    assert (facts["main kind"], facts["main colour"], facts["other kind"]) == (None, None, "fox")


def test_every_measure_holds_for_what_was_asked():
    scenes = [held_out_scene(index) for index in range(100)]
    for measure in MEASURES:
        fit = [scene for scene in scenes if measure.applies(scene)]
        assert fit, measure.name
        assert all(measure.is_right(facts_asked(scene), facts_read(true_reading(scene), scene)) for scene in fit)


def test_a_mood_one_degree_off_is_near_and_not_exact():
    asked = Scene((Thing(1, "cat", "red", mood=1),), "room")
    read = true_reading(Scene((Thing(1, "cat", "red", mood=2),), "room"))
    verdicts = {m.name: m.is_right(facts_asked(asked), facts_read(read, asked)) for m in MEASURES if m.applies(asked)}
    assert not verdicts["its mood"]
    assert verdicts["its mood, within a degree"]


def test_changed_facts_are_those_that_the_edit_is_about():
    cat = Thing(1, "cat", "red", mood=1, worn=(Item("hat", "blue"),))
    before, after = (facts_asked(Scene((thing,), "room")) for thing in (cat, dataclasses.replace(cat, worn=(), mood=2)))
    assert changed_facts(before, after) == {"main items", "main mood"}


def test_edits_that_do_what_was_asked_are_followed_and_those_that_do_nothing_keep_everything():
    edits, pairs = held_out_edits(8), edits_at_once(3)
    scenes = [scene for edit in (*edits, *pairs) for scene in (edit.before, edit.after)]
    judge = KnowingJudge(scenes)
    numbered = [*enumerate(edits), *enumerate(pairs)]
    prompts = {descriptive(edit.before, index): edit.before for index, edit in numbered}
    obedient = DrawingPainter(prompts | {descriptive(edit.after, index): edit.after for index, edit in numbered})
    report = evaluate_edits(obedient, judge, 8, 4, of_two=3)
    row, two = report.row("all"), report.row("two changes at once")
    assert (two.edits, two.followed, two.kept) == (3, 1.0, 1.0) and all(" and " in edit.change for edit in pairs)
    assert (row.edits, row.followed, row.true_followed, row.kept) == (8, 1.0, 1.0, 1.0)
    assert row.pixel_change == row.true_pixel_change > 0
    assert (row.region, row.covered) == (1.0, 1.0) and 0 < row.true_region < 1
    request = next(request for request in obedient.painted if request.act == "edit")
    assert request.change == edits[0].change
    assert request.parent_latent == hashlib.sha256(b"latent of before-0").hexdigest()
    idle = DrawingPainter(prompts | {descriptive(edit.after, index): edit.before for index, edit in enumerate(edits)})
    row = evaluate_edits(idle, judge, 8, 4).row("all")
    assert (row.followed, row.pixel_change) == (0.0, 0.0)
    assert row.true_followed == 1.0
