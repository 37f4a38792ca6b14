"""Extending, merging, varying and enlarging, from a plan to a request, a version, a recipe and its replay."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from assistant.export import export, read_export, replay
from assistant.extents import cut_out, extended, fitting
from assistant.messages import ConversationPath, ExtendPlan, TurnOptions, TurnStatus, VaryPlan
from assistant.rendering import MERGED, SUBTLE, added, key_of, requests_of
from assistant.rewriter import FakeRewriter
from assistant.telling import Teller
from assistant.turns import Turns
from assistant.uploads import read_upload
from generation.errors import RequestError
from generation.request import FakePainter, FakeRegionFinder, RenderRequest
from tests.conversing import decoded, plan_of, said, talking
from tests.test_multi_turn import png as as_png
from tests.test_recaption import encoded, noise

CAN = dataclasses.replace(
    FakePainter().capabilities(), min_size=128, max_size=128, default_size=(128, 128), max_canvas=512
)


def pixels(turns: Turns, image: str | None) -> np.ndarray:
    assert image
    return np.asarray(decoded(turns.picture(image)))


@pytest.mark.parametrize(
    ("wish", "size", "place"),
    [
        ({}, (192, 192), (32, 32)),
        ({"direction": "left"}, (192, 128), (64, 0)),
        ({"direction": "right"}, (192, 128), (0, 0)),
        ({"direction": "up"}, (128, 192), (0, 64)),
        ({"direction": "down"}, (128, 192), (0, 0)),
        ({"shape": "3:2"}, (192, 128), (32, 0)),
        ({"shape": "16:9"}, (240, 128), (56, 0)),
        ({"shape": "9:16"}, (128, 240), (0, 56)),
    ],
)
def test_an_extension_holds_its_picture_at_whole_cells(wish: dict[str, str], size: object, place: object):
    assert extended((128, 128), ExtendPlan(**wish), None, CAN, "v1") == (size, place)


def test_an_extension_that_cannot_be_gets_one_sentence():
    with pytest.raises(RequestError, match="v1 is 128x128 pixels and has 1:1 already as its shape; ask for another"):
        extended((128, 128), ExtendPlan(shape="1:1"), None, CAN, "v1")
    with pytest.raises(RequestError, match="multiples of 16 from 128 to 512 pixels, and this would be 576x576; go on"):
        extended((384, 384), ExtendPlan(), None, CAN, "v5")
    with pytest.raises(RequestError, match="v1 is 128x128, more than 64x256; ask for a larger size"):
        extended((128, 128), ExtendPlan(), (64, 256), CAN, "v1")
    assert extended((128, 128), ExtendPlan(), (200, 128), CAN, "v1") == ((208, 128), (40, 0))


def test_a_picture_of_ones_own_is_extended_in_its_own_size_or_one_that_leaves_room():
    assert fitting((256, 128), CAN) == (256, 128)
    assert fitting((1000, 700), CAN) == (336, 240)
    assert fitting((100, 60), CAN) == (208, 128)
    assert fitting((5000, 10), CAN) == (336, 128)


def test_an_extension_keeps_every_pixel_at_its_place_and_the_prompt(tmp_path: Path):
    painter = FakePainter(2)
    with talking(tmp_path, painter) as turns:
        talk = turns.new_conversation().id
        first = said(turns, talk, "a bunny", options=TurnOptions(seed=40))
        result = said(turns, talk, "extend left")
        assert (result.act, result.parents, result.prompt, result.seed) == ("extend", ("v1",), "a bunny", 40)
        version = turns.versions(talk)[1]
        assert (version.width, version.height) == (96, 64) and version.recipe and version.recipe.place == (32, 0)
        assert np.array_equal(pixels(turns, result.image)[:, 32:], pixels(turns, first.image))
        wider = said(turns, talk, "extend 3:1")
        assert wider.parents == ("v2",) and pixels(turns, wider.image).shape == (64, 192, 3)
        refused = said(turns, talk, "extend 3:1")
        assert refused.status is TurnStatus.FAILED and "has 3:1 already" in refused.error


def test_what_an_extension_shall_show_beyond_is_told_apart(tmp_path: Path):
    def plans(path: ConversationPath) -> ExtendPlan:
        return ExtendPlan(direction="right", prompt="A bunny. It is day. A castle stands there.")

    assert added("A bunny. It is day.", "A bunny.  It is DAY.") == ""
    painter = FakePainter(2)
    with talking(tmp_path, painter, FakeRewriter(lambda p: plans(p) if p.current else plan_of(p))) as turns:
        talk = turns.new_conversation().id
        said(turns, talk, "A bunny. It is day.")
        assert said(turns, talk, "a castle on the right").prompt == "A bunny. It is day. A castle stands there."
    assert painter.painted[-1].change == "A castle stands there."


def test_a_large_picture_of_ones_own_is_extended_smaller_and_both_stay(tmp_path: Path):
    with talking(tmp_path, FakePainter(2)) as turns:
        talk = turns.new_conversation().id
        turns.bring(talk, read_upload(encoded(noise(1, (1000, 700)))))
        result = said(turns, talk, "extend")
        recipe = turns.versions(talk)[1].recipe
        assert recipe and (recipe.width, recipe.height, recipe.place) == (1008, 720, (168, 120)) and not result.error
        x, y = recipe.place
        kept = np.asarray(decoded(turns.blobs.read(recipe.parent_image or "")))
        assert np.array_equal(pixels(turns, result.image)[y : y + kept.shape[0], x : x + kept.shape[1]], kept)
        assert recipe.parent_image in turns.store.named_digests()


def test_a_merge_takes_a_region_of_the_second_and_keeps_the_first_elsewhere(tmp_path: Path):
    painter = FakePainter(2)
    with talking(tmp_path, painter, regions=FakeRegionFinder()) as turns:
        talk = turns.new_conversation().id
        first, second = said(turns, talk, "a bunny"), said(turns, talk, "a cat in a hat")
        result = said(turns, talk, "merge v1 v2: the hat")
        assert (result.act, result.parents, result.region) == ("merge", ("v1", "v2"), "the hat")
        assert (result.prompt, result.change, result.changed) == ("v1 and v2", "take the hat", 0.5)
        assert np.array_equal(pixels(turns, result.image)[32:], pixels(turns, first.image)[32:])
        one, two, three = turns.versions(talk)
        asked, recipe = painter.painted[-1], three.recipe
        assert asked.parent_latent == one.latent and asked.source_latent == two.latent and recipe
        assert asked.mask == asked.source_mask and asked.strength == MERGED
        assert (recipe.source, recipe.source_mask) == (f"latent:{two.latent}", asked.mask)
        assert second.image == two.image
        whole = said(turns, talk, "merge v1 v2")
        assert whole.parents == ("v1", "v2") and painter.painted[-1].strength == 1 and not painter.painted[-1].mask
        ground = said(turns, talk, "merge v1 v2: the background")
        assert ground.changed == 1 and painter.painted[-1].strength == 1 and not painter.painted[-1].source_mask


def test_what_a_merge_takes_from_a_picture_of_another_size_is_laid_on_one_of_the_first_ones(tmp_path: Path):
    painter = FakePainter(2)
    with talking(tmp_path, painter, regions=FakeRegionFinder()) as turns:
        talk = turns.new_conversation().id
        first = said(turns, talk, "a bunny")
        wide = said(turns, talk, "extend left")
        for order, kept, size in (("v1 v2", first, (64, 64)), ("v2 v1", wide, (96, 64))):
            result = said(turns, talk, f"merge {order}: the hat")
            assert not result.error and pixels(turns, result.image).shape[:2] == size[::-1]
            assert np.array_equal(pixels(turns, result.image)[32:], pixels(turns, kept.image)[32:])
            asked, recipe = painter.painted[-1], turns.versions(talk)[-1].recipe
            assert recipe and asked.source_image and asked.source_latent is None
            assert decoded(turns.blobs.read(asked.source_image)).size == size
            assert {asked.source_image, asked.source_mask} <= turns.store.named_digests()
        whole = said(turns, talk, "merge v1 v2")
        assert not whole.error and pixels(turns, whole.image).shape[:2] == (64, 64)


@pytest.mark.parametrize(
    ("size", "columns", "left"),
    [((4, 6), (4, 5, 6, 7), 2), ((12, 6), (0, 0, *range(8), 7, 7), 8), ((8, 6), tuple(range(8)), 6)],
)
def test_a_part_is_laid_out_in_its_own_size_near_the_middle(size: tuple[int, int], columns: tuple[int, ...], left: int):
    picture, mask = np.zeros((6, 8, 3), np.uint8), np.zeros((6, 8), np.uint8)
    picture[..., 0], mask[2:4, 6:8] = np.arange(8), 255
    laid, marks = (np.asarray(decoded(each)) for each in cut_out(as_png(picture), as_png(mask), size))
    assert laid[3, :, 0].tolist() == list(columns) and laid.shape == (size[1], size[0], 3)
    assert np.flatnonzero(marks[2]).tolist() == [left, left + 1] and np.flatnonzero(marks[:, left]).tolist() == [2, 3]


def test_what_cannot_be_merged_gets_one_sentence(tmp_path: Path):
    class Nowhere:
        def find_region(self, request: RenderRequest, blobs: object) -> None:
            assert request.change == "make the giraffe green" and request.prompt == "a cat"

    with talking(tmp_path, regions=Nowhere()) as turns:
        talk = turns.new_conversation().id
        said(turns, talk, "a bunny")
        said(turns, talk, "a cat")
        result = said(turns, talk, "merge v1 v2: the giraffe")
        assert result.error == (
            "“the giraffe” was not found in v2; name a part that can be seen there, or ask for the change in words."
        )
        assert "There is no v9" in said(turns, talk, "merge v1 v9").error
    with talking(tmp_path / "no finder") as turns:
        talk = turns.new_conversation().id
        said(turns, talk, "a bunny")
        assert "fake cannot take a part of a picture" in said(turns, talk, "merge v1 v1: the hat").error


def test_a_subtle_variation_starts_from_its_version_with_another_seed_and_a_strong_one_from_noise(tmp_path: Path):
    painter, seeds = FakePainter(2), iter(range(100))
    with talking(tmp_path, painter, seeds=lambda: next(seeds)) as turns:
        talk = turns.new_conversation().id
        said(turns, talk, "a bunny")
        said(turns, talk, "near")
        latent = turns.versions(talk)[0].latent
        near = painter.painted[-1]
        assert (near.act, near.parent_latent, near.strength, near.seed) == ("vary", latent, SUBTLE, 1)
        said(turns, talk, "again")
        far = painter.painted[-1]
        assert (far.parent_latent, far.parent_image, far.strength, far.seed) == (None, None, 1.0, 2)
        starts = [version.recipe.start for version in turns.versions(talk) if version.recipe]
        assert starts == ["noise", f"latent:{latent}", "noise"]


def test_an_enlargement_is_asked_of_painters_that_can(tmp_path: Path):
    painter = FakePainter(2)
    with talking(tmp_path, painter) as turns:
        talk = turns.new_conversation().id
        first = said(turns, talk, "a bunny")
        result = said(turns, talk, "upscale")
        assert (result.act, result.parents, result.prompt) == ("upscale", ("v1",), "a bunny")
        asked = painter.painted[-1]
        assert (asked.width, asked.height, asked.parent_image, asked.seed) == (128, 128, first.image, 7)
        assert "no picture to change yet" in said(turns, turns.new_conversation().id, "upscale").reply


@pytest.mark.parametrize("words", ["extend", "merge v1 v1", "upscale"])
def test_a_painter_that_cannot_says_so_in_one_sentence(tmp_path: Path, words: str):
    class Plain(FakePainter):
        def capabilities(self):
            return dataclasses.replace(super().capabilities(), acts=("create", "edit"))

    with talking(tmp_path, Plain(2)) as turns:
        talk = turns.new_conversation().id
        said(turns, talk, "a bunny")
        act = words.partition(" ")[0]
        result = said(turns, talk, words)
        assert result.error == f"The painter fake cannot {act} pictures, only create, edit; ask for that."


def test_every_act_is_replayed_identically_from_an_export(tmp_path: Path):
    with talking(tmp_path, FakePainter(2), regions=FakeRegionFinder()) as turns:
        talk = turns.new_conversation()
        for words in ("a bunny", "a cat", "merge v1 v2: the hat", "near", "extend out", "upscale", "edit bluer"):
            assert not said(turns, talk.id, words).error
        own = turns.bring(talk.id, read_upload(encoded(noise(2, (50, 40)))))
        assert not said(turns, talk.id, "extend left", parent_turn=own).error

        class Unsigned:
            def sign(self, data: bytes, *rest: object) -> bytes:
                return data

        tell = Teller(turns.blobs.read, Unsigned(), "Limner").picture  # type: ignore[arg-type]
        made = export(talk, turns.history(talk.id), turns.versions(talk.id), turns.blobs.read, tell)
    assert not made.missing
    results = {result.label: result for result in replay(read_export(made.files.get), lambda recipe: FakePainter(2))}
    assert len(results) == 9 and results.pop("v8").problem == "it was not painted here"
    assert all(result.identical for result in results.values()), results


def test_the_hash_of_a_request_is_what_it_was_before_the_later_acts():
    can = dataclasses.replace(FakePainter().capabilities(), acts=("create", "edit", "vary"))
    request = RenderRequest("r", "edit", "a bunny", 7, "happier", parent_latent="ab", mask="cd")
    before = {name: value for name, value in dataclasses.asdict(request).items() if not name.startswith("source")}
    del before["place"]
    able = dataclasses.asdict(can)
    del able["max_canvas"], able["patterns"], able["signs_as"]
    old = hashlib.sha256(json.dumps([able, [{**before, "id": ""}], 0]).encode()).hexdigest()
    assert key_of([request], 0, can) == key_of([request], 0, FakePainter().capabilities()) == old
    assert key_of([dataclasses.replace(request, place=(0, 0))], 0, can) != old


def test_requests_of_an_extension_and_a_variation_inherit_what_they_should(tmp_path: Path):
    with talking(tmp_path, FakePainter(2)) as turns:
        talk = turns.new_conversation().id
        said(turns, talk, "a bunny", options=TurnOptions(seed=3))
        (version,) = turns.versions(talk)
    can = FakePainter().capabilities()
    (wider,) = requests_of("t", ExtendPlan(), TurnOptions(), (version,), can, lambda: 9)
    (other,) = requests_of("t", ExtendPlan(), TurnOptions(another=True), (version,), can, lambda: 9)
    (near,) = requests_of("t", VaryPlan(prompt="x", strength="subtle"), TurnOptions(), (version,), can, lambda: 9)
    assert (wider.seed, other.seed, near.seed) == (3, 9, 9)
    with pytest.raises(RequestError, match="A subtle variation keeps the size of its picture, and v1 is 64x64"):
        requests_of(
            "t", VaryPlan(prompt="x", strength="subtle"), TurnOptions(size=(128, 128)), (version,), can, lambda: 9
        )


def test_again_of_a_picture_that_was_extended_is_painted_in_a_size_that_can_be(tmp_path: Path):
    with talking(tmp_path, FakePainter(2)) as turns:
        talk = turns.new_conversation().id
        said(turns, talk, "a bunny")
        (version,) = turns.versions(talk)
    larger, again = dataclasses.replace(version, width=192, height=128), VaryPlan(prompt="x", strength="strong")
    (request,) = requests_of("t", again, TurnOptions(), (larger,), CAN, lambda: 9)
    assert (request.width, request.height) == (128, 128)
    with pytest.raises(RequestError, match="192x128 was asked"):
        requests_of("t", again, TurnOptions(size=(192, 128)), (larger,), CAN, lambda: 9)
