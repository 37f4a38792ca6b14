"""Multi-turn edits: the arithmetic of the report, against painters whose pictures are known to be right or wrong."""

from __future__ import annotations

import dataclasses
import io
import json
from functools import cache

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load as load_tensors

from captioner.world.captions import descriptive
from captioner.world.changes_thing import TOP
from captioner.world.phrasings import slice_of
from captioner.world.sample import held_out_scene
from captioner.world.scene import CORE, Scene
from generation.embedded import STEPS, EmbeddedPainter
from generation.evaluation.conversations import happier_conversations, held_out_conversations
from generation.evaluation.judge import Judge, JudgeModel
from generation.evaluation.multi_turn import evaluate_conversations
from generation.evaluation.multi_turn_report import TRUE, ahead_of, happier
from generation.evaluation.multi_turn_sheet import sheet
from generation.evaluation.turns import Follower, TrueRenderings, changed_and_staying, mood_degrees, read_scores
from generation.evaluation.ways import ImageToImage, Limner, MaskedPainting, NewPicture, Step, Version, ways_of
from generation.models.autoencoder import PictureAutoencoder
from generation.request import FakePainter, FakeRegionFinder, Region, RenderRequest
from tests.test_evaluation import DrawingPainter, KnowingJudge
from tests.test_painter import create, finished, painter, weights  # noqa: F401  (fixtures)

COUNT, TURNS = 5, 3
TINY = {"widths": (8, 8), "encoder_blocks": (1, 1), "decoder_blocks": (1, 1)}


class LookingJudge(KnowingJudge):
    """Reads true renderings rightly, by knowing them, and anything else as the first scene that it knows."""

    def __init__(self, scenes: list[Scene]):
        super().__init__(scenes)
        self.at_a_loss = next(iter(self.known.values()))

    def read(self, pictures: np.ndarray):
        return [self.known.get(picture.tobytes(), self.at_a_loss) for picture in pictures]


def drawn_as(talks, painted_as=lambda talk, turn: talk.scene(turn)) -> DrawingPainter:
    """Return a painter that draws the scene of each prompt, or another one in its place."""
    return DrawingPainter(
        {talk.prompt(turn): painted_as(talk, turn) for talk in talks for turn in range(len(talk.edits) + 1)}
    )


@cache
def evaluated(painted_as, peers_as=()):
    talks = held_out_conversations(COUNT, TURNS, CORE)
    ways = [Limner(drawn_as(talks, painted_as))]
    for number, peer_as in enumerate(peers_as):
        ways.append(NewPicture(drawn_as(talks, peer_as), same_seed=bool(number)))
    known = [act(talk, turn) for act in (right, painted_as) for talk in talks for turn in range(TURNS + 1)]
    return evaluate_conversations(
        drawn_as(talks), LookingJudge(known), PictureAutoencoder(**TINY), COUNT, TURNS, moods=0, ways=ways
    )


def right(talk, turn):
    return talk.scene(turn)


def idle(talk, turn):
    return talk.root


def anew(talk, turn):
    """Every edit is painted as it should be, in another style and another light than all before it."""
    scene, styles, times = talk.scene(turn), CORE.styles, CORE.times
    if not turn:
        return scene
    return dataclasses.replace(
        scene,
        style=styles[(styles.index(scene.style) + 1 + turn % 2) % 3],
        time=times[(times.index(scene.time) + 1 + turn % 2) % 3],
    )


def test_conversations_go_from_scene_to_scene_in_phrasings_that_are_held_out():
    talks = held_out_conversations(8, 10, CORE)
    for index, talk in enumerate(talks):
        assert talk.root == held_out_scene(index, CORE)
        assert [edit.before for edit in talk.edits] == [talk.scene(turn) for turn in range(10)]
        assert all(edit.before != edit.after for edit in talk.edits)
        assert talk.prompt(10) == descriptive(talk.edits[-1].after, talk.seed)
    assert talks == held_out_conversations(8, 10, CORE)
    said = {edit.instruction.strip(".").lower() for talk in talks for edit in talk.edits if edit.kind == "pose_wave"}
    assert said and not said & {text.lower() for text in slice_of("pose_wave", held_out=False)}


def test_the_first_conversations_are_the_same_however_many_there_are_and_development_has_others():
    few, many = held_out_conversations(2, 3, CORE), held_out_conversations(5, 6, CORE)
    assert [talk.root for talk in few] == [talk.root for talk in many[:2]]
    assert few[1].edits == many[1].edits[:3]
    other = held_out_conversations(5, 3, CORE, development=True)
    assert not {talk.root for talk in other} & {talk.root for talk in many}


def test_happier_five_times_climbs_five_degrees_from_low_moods():
    for talk in happier_conversations(6, CORE):
        degrees = [thing.mood + thing.joy for thing in (talk.scene(turn).main for turn in range(6))]
        assert np.diff(degrees).tolist() == [1] * 5
        assert degrees[0] <= 2 and degrees[-1] >= TOP


def test_true_renderings_as_a_painter_score_the_ceiling_at_every_turn():
    report, _ = evaluated(right)
    for measure in ("followed", "kept", "success"):
        assert report.means["limner"][measure] == report.means[TRUE][measure] == [1.0] * TURNS
        assert [share.value for share in report.of_true[measure]] == [1.0] * TURNS
    assert report.means["limner"]["distance"] == [0.0] * TURNS
    assert report.means["limner"]["changed"] == report.means[TRUE]["changed"]
    assert report.means["limner"]["drift"] == report.means[TRUE]["drift"]
    assert report.means["round trips"]["distance"][0] > 0


def test_a_painter_that_does_nothing_keeps_everything_and_follows_nothing():
    report, _ = evaluated(idle)
    assert report.means["limner"]["kept"] == [1.0] * TURNS
    assert report.means["limner"]["changed"] == report.means["limner"]["drift"] == [0.0] * TURNS
    assert report.means["limner"]["followed"][0] == report.means["limner"]["success"][0] == 0.0
    assert report.of_true["followed"][0].value == 0.0


def test_a_painter_that_repaints_anew_follows_and_loses_what_it_should_keep():
    report, _ = evaluated(anew)
    means = report.means["limner"]
    assert min(means["followed"]) > 0.5
    assert max(means["kept"]) < 0.95
    assert means["success"][0] < 0.2
    assert min(means["drift"]) > 10 * max(report.means[TRUE]["drift"])


def test_limner_is_held_against_the_best_of_its_peers():
    report, _ = evaluated(anew, peers_as=(right, idle))
    assert [each.value for each in report.ahead] == [
        pytest.approx(ours - 1.0) for ours in report.means["limner"]["success"]
    ]
    assert report.ahead[0].high < 0
    assert "success ahead of every peer, each turn" in report.table()


def test_what_is_lost_once_is_not_kept_again_and_is_newly_wrong_only_once():
    changed, stays = changed_and_staying(
        {"mood": 1, "place": "room", "style": "ink"}, {"mood": 2, "place": "room", "style": "ink"}
    )
    first, lost = {"mood": 1, "place": "room", "style": "ink"}, {"mood": 2, "place": "cave", "style": "ink"}
    assert (changed, stays) == ({"mood": 2}, {"place": "room", "style": "ink"})
    assert read_scores(changed, stays, first, lost, first) == (1.0, 0.5, 0.0)
    assert read_scores(changed, stays, lost, lost, first) == (1.0, 0.5, 1.0)
    assert read_scores(changed, stays, first, first, first) == (0.0, 1.0, 0.0)
    assert read_scores(changed, {}, first, lost, first) == (1.0, 1.0, 1.0)


def test_the_lead_and_its_interval_follow_the_closed_form_of_paired_differences():
    rng = np.random.default_rng(1)
    peer = (rng.random(3000) < 0.5).astype(float)
    ours = np.where(rng.random(3000) < 0.2, 1.0, peer)
    got = ahead_of(ours, peer[None])
    difference = ours - peer
    half = 1.96 * difference.std() / np.sqrt(len(difference))
    assert got.value == pytest.approx(difference.mean(), abs=1e-4)
    assert (got.high - got.value, got.value - got.low) == (pytest.approx(half, rel=0.1), pytest.approx(half, rel=0.1))
    assert half < 1.96 * np.sqrt(ours.var() / 3000 + peer.var() / 3000)  # pairs tell more than two samples would


def test_the_best_peer_is_asked_anew_in_every_draw():
    rng = np.random.default_rng(2)
    peers = (rng.random((4, 300)) < 0.5).astype(float)
    got = ahead_of(peers[0], peers)
    assert got.value == pytest.approx(peers[0].mean() - peers.mean(1).max(), abs=1e-4)
    assert got.high <= 0.0


def test_mood_that_falls_or_has_no_face_is_seen():
    talks = happier_conversations(3, CORE)
    true = TrueRenderings(talks, 5)
    judge = KnowingJudge([talk.scene(turn) for talk in talks for turn in range(6)])
    follower = Follower(talks, judge, true, true.turns[0])
    for turn in (1, 2, 1, 4, 5):
        follower.turn(len(follower.history), true.turns[turn])
    degrees = mood_degrees(follower.history)
    assert np.diff(degrees[0]).tolist() == [1, 1, -1, 3, 1]
    assert happier(follower) == {"never falls": 0.0, "ends at the top or past it": 1.0}


def test_a_pixel_outside_the_region_that_changes_is_counted():
    talks = held_out_conversations(2, 1, CORE)
    true = TrueRenderings(talks, 1)
    judge = LookingJudge([talk.scene(turn) for talk in talks for turn in range(2)])
    mask = np.zeros((128, 128), np.uint8)
    mask[:64] = 255
    after = true.turns[0].copy()
    after[:, :64] = 7
    after[1, 100, 3] ^= 1
    for pictures, differing in ((after, 1), (np.stack([after[0], after[0]]), 1), (true.turns[0], 0)):
        follower = Follower(talks, judge, true, true.turns[0])
        follower.turn(1, pictures, masks=[png(mask), png(mask)])
        assert (follower.scores.masked, follower.scores.differing) == (2, differing)


def png(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(array).save(buffer, "PNG")
    return buffer.getvalue()


class HalfFinder(FakePainter):
    """Finds the upper half to be the region of every edit."""

    def find_region(self, request: RenderRequest, blobs: object) -> Region:
        return FakeRegionFinder().find_region(request, blobs)


def step(parent: Version, seed: int = 5) -> Step:
    return Step("s", parent, "a happy bunny", "make it happier", seed, turn=1)


def test_limner_edits_as_a_turn_does_within_the_region_found_from_the_latent_with_the_same_seed():
    drawn = HalfFinder()
    parent = Version(png(np.full((64, 64, 3), 9, np.uint8)), b"latent")
    version = Limner(drawn).paint([step(parent)], 8)[0]
    asked = drawn.painted[0]
    assert (asked.act, asked.prompt, asked.change, asked.seed) == ("edit", "a happy bunny", "make it happier", 5)
    assert asked.parent_latent and asked.parent_image and asked.mask
    before, after = (np.asarray(Image.open(io.BytesIO(data))) for data in (parent.image, version.image))
    assert np.array_equal(before[32:], after[32:]) and not np.array_equal(before[:32], after[:32])
    assert version.mask == HalfFinder().find_region(asked, None).mask


def test_new_pictures_of_peers_know_nothing_of_their_parents():
    for same in (True, False):
        drawn = FakePainter()
        NewPicture(drawn, same_seed=same).paint([step(Version(b"", b""))], 8)
        asked = drawn.painted[0]
        assert (asked.act, asked.change, asked.parent_latent, asked.parent_image) == ("create", "", None, None)
        assert (asked.seed == 5) is same


def first_version(painter: EmbeddedPainter) -> Version:  # noqa: F811
    event = finished(painter, create(3))[0]
    return Version(event.image, event.latent)


def test_image_to_image_at_full_strength_is_a_new_picture_and_at_little_stays_near(painter: EmbeddedPainter) -> None:  # noqa: F811
    parent = first_version(painter)
    new = NewPicture(painter, same_seed=True).paint([step(parent)], 8)[0]
    full, slight = (ImageToImage(painter, strength).paint([step(parent)], 8)[0] for strength in (1.0, 0.1))
    assert full.image == new.image
    encoded = painter._encode(Image.open(io.BytesIO(parent.image))).numpy()
    far, near = (np.abs(latent_of(version) - encoded).mean() for version in (full, slight))
    assert near < far / 2


def latent_of(version: Version) -> np.ndarray:
    return load_tensors(version.latent)["latent"].numpy()


def test_masked_painting_hides_what_lies_inside_the_mask_and_keeps_what_lies_outside(
    painter: EmbeddedPainter,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mask = np.zeros((128, 128), np.uint8)
    mask[32:96, 32:96] = 255
    monkeypatch.setattr(painter, "find_region", lambda request, blobs: Region(png(mask)))
    parent = first_version(painter)
    seen = []
    monkeypatch.setattr(
        painter, "step", lambda painting: seen.append(painting) or EmbeddedPainter.step(painter, painting)
    )
    version = MaskedPainting(painter).paint([step(parent)], 8)[0]
    inside = torch.zeros(16, 16, dtype=torch.bool)
    inside[4:12, 4:12] = True
    assert not seen[0].parent[0][:, inside].any() and not seen[0].known[0][:, inside].any()
    assert seen[0].parent[0][:, ~inside].any() and seen[0].known[0][:, ~inside].all()
    before, after = (np.asarray(Image.open(io.BytesIO(data))) for data in (parent.image, version.image))
    assert np.array_equal(before[mask == 0], after[mask == 0]) and not np.array_equal(before, after)
    assert (version.mask, len(seen)) == (png(mask), STEPS)


def test_the_whole_evaluation_runs_on_real_classes_and_can_be_looked_at(painter: EmbeddedPainter) -> None:  # noqa: F811
    report, shown = evaluate_conversations(
        painter, Judge(JudgeModel(widths=(8, 8, 8), features=8, looks=1, hidden=8)), painter.autoencoder, 1, 2, moods=1
    )
    assert [way.name for way in ways_of(painter)] == list(report.titles)[2:]
    assert set(report.mood) == {"true", "round trips", "limner"}
    told = json.loads(report.to_json())
    assert len(told["means"]["masked"]["success"]) == 2 and told["about"]["conversations"] == 1
    table = report.table()
    assert all(title in table for title in report.titles.values())
    assert "pixels outside the region" in table and "identical" in table
    picture = sheet(shown.conversations, shown.pictures, report.titles)
    assert picture.width > 3 * 128 and picture.height > len(shown.pictures) * 128


def test_a_painter_that_takes_no_steps_one_by_one_is_held_against_new_pictures_alone():
    assert [way.name for way in ways_of(FakePainter())] == ["limner", "new seed", "same seed"]
