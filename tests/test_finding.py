"""What an instruction changes in a picture: the embedded finder against the world's exact masks, and its training."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from captioner.errors import WorldError
from captioner.packing import save_packed
from captioner.training.loop import RunOptions
from captioner.training.pictures import PictureCache, draw_pairs
from captioner.world.captions import descriptive
from captioner.world.draw import render
from captioner.world.edits import Edit, random_edit
from captioner.world.sample import held_out_scene
from captioner.world.scene import CORE
from captioner.world.truth import ground_truth
from generation.embedded import EmbeddedPainter
from generation.errors import WeightsError
from generation.finding import EmbeddedFinder, Eyes
from generation.models.finder import RegionFinder
from generation.regions import read_mask, weight_of
from generation.request import RenderRequest
from generation.training.finder import PIXELS, TOUCHED, FinderData, asked, changed_cells, train_finder
from tests.test_painter import Blobs

OF_A_THING = ("recolour", "mood_down", "add_worn", "remove_worn", "recolour_worn", "add_held", "remove_held")


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> PictureCache:
    return draw_pairs(tmp_path_factory.mktemp("finder") / "pictures", 16, "core", 5, 128, 1)


def of_two(count: int) -> Iterator[Edit]:
    """Yield edits of one thing in held-out scenes of two, in phrasings that nothing was trained on."""
    index = 0
    while count:
        scene, index = held_out_scene(index), index + 1
        if len(scene.things) != 2 or any(thing.count > 1 for thing in scene.things):
            continue
        try:
            edit = random_edit(scene, random.Random(index), CORE, OF_A_THING, held_out=True)
        except ValueError:
            continue
        count -= 1
        yield edit


def test_an_edit_of_one_of_two_things_leaves_the_other_alone() -> None:
    painter, inside_other, covered = EmbeddedPainter(device="cpu"), [], []
    for edit in of_two(24):
        before, after = render(edit.before), render(edit.after)
        touched = np.abs(before.astype(np.int16) - after).max(-1) > TOUCHED
        other = next(thing for thing in edit.before.things if thing.id != edit.target)
        buffer, blobs = io.BytesIO(), Blobs()
        Image.fromarray(before).save(buffer, "PNG")
        blobs.kept = {"parent": buffer.getvalue()}
        request = RenderRequest("r", "edit", descriptive(edit.after, 1), 1, edit.change, parent_image="parent")
        region = painter.find_region(request, blobs)
        inside = weight_of(read_mask(region.mask), (128, 128)) > 0.5 if region else np.ones_like(touched)
        others = ground_truth(edit.before).masks[str(other.id)] & ~touched
        inside_other.append((others & inside).sum() / max(1, others.sum()))
        covered.append((touched & inside).sum() / touched.sum())
    assert np.mean(inside_other) < 0.15 and np.mean(covered) > 0.9


def test_a_change_of_two_things_or_of_a_thing_and_the_place_is_found_whole() -> None:
    painter, covered = EmbeddedPainter(device="cpu"), []
    for index, first in enumerate(of_two(16)):
        kinds = OF_A_THING if index % 2 else ("place",)
        for draw in range(40):
            try:
                second = random_edit(first.after, random.Random(draw), CORE, kinds)
            except WorldError:
                continue
            if second.target != first.target:
                break
        else:
            continue
        before, after = render(first.before), render(second.after)
        touched = np.abs(before.astype(np.int16) - after).max(-1) > TOUCHED
        buffer, blobs = io.BytesIO(), Blobs()
        Image.fromarray(before).save(buffer, "PNG")
        blobs.kept = {"parent": buffer.getvalue()}
        change = f"{first.change} and {second.change}"
        request = RenderRequest("r", "edit", descriptive(second.after, 1), 1, change, parent_image="parent")
        region = painter.find_region(request, blobs)
        inside = weight_of(read_mask(region.mask), (128, 128)) > 0.5 if region else np.ones_like(touched)
        covered.append((touched & inside).sum() / touched.sum())
    assert len(covered) > 10 and np.mean(covered) > 0.93


def test_the_cells_that_change_are_those_whose_pixels_do(cache: PictureCache) -> None:
    found = changed_cells(cache)
    assert found.shape == (16, 16, 16)
    for pair in range(0, 16, 5):
        before, after = (cache.pictures[2 * pair + side].astype(int) for side in (0, 1))
        for row, column in ((0, 0), (5, 7), (8, 8), (11, 3), (15, 15)):
            cell = np.s_[8 * row : 8 * row + 8, 8 * column : 8 * column + 8]
            changed = (np.abs(before[cell] - after[cell]) > TOUCHED).any(-1).sum()
            assert found[pair, row, column] == (changed >= PIXELS)


def test_a_miniature_run_learns_and_its_finder_is_loaded_and_used(cache: PictureCache, tmp_path: Path) -> None:
    data = FinderData(pairs=16, batch=16)
    account = train_finder(
        tmp_path, steps=150, seed=5, threads=1, data=data, pictures=cache.folder, width=64, layers=1,
        options=RunOptions(log_with="none"),
    )  # fmt: skip
    losses = [json.loads(line)["loss"] for line in (tmp_path / "losses.jsonl").read_text().splitlines()]
    assert account["steps"] == 150 and losses[-1] < 0.8 * losses[0]
    save_packed(RegionFinder.from_pretrained(tmp_path / "finder"), tmp_path / "packed")
    finder = EmbeddedFinder(tmp_path / "packed")
    pixels = torch.from_numpy(np.array(cache.pictures[:8:2])).permute(0, 3, 1, 2) / 127.5 - 1
    likely = finder.likely(pixels, cache.pairs[0].change)
    assert likely.shape == (4, 1, 16, 16) and likely.min() >= 0 and likely.max() <= 1
    one = finder.likely(pixels[1:2], cache.pairs[0].change)
    torch.testing.assert_close(one, likely[1:2], atol=0.02, rtol=0)


def test_instructions_are_a_plans_clauses_or_peoples_words(cache: PictureCache) -> None:
    first, second = cache.pairs[3], cache.pairs[4]
    assert asked(cache, [3, 4], [True, False]) == [first.change, second.instruction]


def test_a_finder_that_learned_on_another_captioner_is_refused(tmp_path: Path) -> None:
    save_packed(RegionFinder(captioner="another", world_version=1), tmp_path)
    with pytest.raises(WeightsError, match="another captioner's states"):
        EmbeddedFinder(tmp_path)
    with pytest.raises(WeightsError, match="missing or damaged"):
        EmbeddedFinder(tmp_path / "none")
    with pytest.raises(WeightsError, match="captioner's weights"):
        Eyes(tmp_path)


def test_padding_changes_nothing() -> None:
    torch.manual_seed(1)
    model = RegionFinder(16, 8, 32, heads=2, layers=1).eval()
    picture, text = torch.randn(1, 16, 16), torch.randn(1, 5, 8)
    is_real = torch.ones(1, 5, dtype=torch.bool)
    longer = torch.cat((text, torch.randn(1, 3, 8)), 1)
    padded = torch.cat((is_real, torch.zeros(1, 3, dtype=torch.bool)), 1)
    first = model(picture, text, is_real)
    assert first.shape == (1, 1, 8, 8)
    torch.testing.assert_close(model(picture, longer, padded), first)
