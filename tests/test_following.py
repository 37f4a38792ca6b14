"""Prompt following by groups: prompts say what their group asks, and painters of known skill get known figures."""

from __future__ import annotations

import dataclasses

import pytest

from captioner.reading import read_caption
from captioner.world.scene import CORE
from generation.evaluation import following
from generation.evaluation.following import GROUPS, evaluate_following, tasks_for
from generation.models.autoencoder import PictureAutoencoder
from tests.test_evaluation import DrawingPainter, KnowingJudge, recoloured

COUNT = 6


@pytest.fixture(autouse=True)
def no_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "round_trip", lambda autoencoder, pictures: pictures)


def evaluated(painted_as=lambda scene: scene, count: int = COUNT):
    tasks = tasks_for(count)
    shown = {prompt: scene for task in tasks for prompt, scene in zip(task.prompts, task.scenes, strict=True)}
    painted = {prompt: painted_as(scene) for prompt, scene in shown.items()}
    judge = KnowingJudge([*shown.values(), *painted.values()])
    return evaluate_following(DrawingPainter(painted), judge, PictureAutoencoder(), count)


def test_a_painter_of_true_renderings_follows_everything() -> None:
    report = evaluated()
    assert {(row.group, row.form) for row in report.rows} >= {
        (group, form) for group in GROUPS for form in ("short", "long")
    }
    assert {row.painted for row in report.rows} == {row.true for row in report.rows} == {1.0}
    assert {row.prompts for row in report.rows} == {COUNT}
    assert report.table().count("  met") == 16


def test_wrong_colours_miss_colour_and_binding_and_nothing_else() -> None:
    report = evaluated(recoloured)
    for row in report.rows:
        if row.group in ("colour", "colour binding"):
            assert (row.painted, row.verdict) == (0, "missed"), row
        elif row.group in ("single", "two", "counting", "position", "mood exact") or "negation" in row.group:
            assert row.painted == 1, row


def test_a_painter_that_paints_what_is_denied_loses_negation_alone() -> None:
    def stubborn(scene):
        return dataclasses.replace(scene, extras=CORE.extras) if scene.place != "room" else scene

    report = evaluated(stubborn)
    assert report.row("negation: scenery, absent", "short").painted == 0
    assert report.row("negation: scenery, told apart", "short").painted == 0
    assert report.row("negation: worn or held, told apart", "short").painted == 1
    assert report.row("two", "long").painted == 1


def test_short_prompts_say_what_is_asked_and_no_more() -> None:
    for task in tasks_for(20):
        (scene, prompt) = (task.scenes[0], task.prompts[0])
        if task.form == "long" or task.group not in GROUPS:
            continue
        said = read_caption(prompt)
        assert not [word for word in said.unknown if word not in ("left", "right", "of")], prompt
        kinds = {thing.kind for thing in said.things}
        wanted = {
            thing.kind
            for thing in (scene.things if task.group in ("two", "position", "colour binding") else scene.things[:1])
        }
        assert kinds == wanted, prompt
        colours = {thing.value("colour") for thing in said.things} - {""}
        assert bool(colours) == (task.group in ("colour", "colour binding")), prompt
        if task.group == "counting":
            assert said.things[0].count == scene.main.count > 1


def test_denials_name_the_thing_and_its_pair_asks_for_it() -> None:
    for task in tasks_for(12):
        if task.group.endswith("told apart"):
            asked, denied = task.prompts
            assert any(word in denied.split() for word in ("no", "without", "not")), denied
            assert not any(word in asked.split() for word in ("no", "without", "not")), asked
            first, second = task.scenes
            assert first != second


def test_fewer_tasks_are_the_first_of_more() -> None:
    few, more = ([task.prompts for task in tasks_for(n) if task.group == "two"] for n in (3, 5))
    assert more[: len(few)] == few


def test_the_same_words_for_two_scenes_are_two_pictures() -> None:
    tasks = tasks_for(14)  # more than there are kinds, so that "a cat" comes up again
    shown = {prompt: scene for task in tasks for prompt, scene in task.pairs}
    painter = DrawingPainter(shown)
    evaluate_following(
        painter, KnowingJudge([scene for task in tasks for scene in task.scenes]), PictureAutoencoder(), 14
    )
    prompts = [request.prompt for request in painter.painted]
    assert len(set(prompts)) < len(prompts) == len({request.seed for request in painter.painted})
