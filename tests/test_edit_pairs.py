"""Pairs for edits: one of two things changes, either as often as the other; some skies lack their sun."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from captioner.training.loop import seeded
from captioner.training.pictures import PictureCache, draw_pairs
from captioner.world.draw import render
from captioner.world.edits import OF_ONE, edit_of
from captioner.world.sample import random_scene
from captioner.world.scene import CORE, Scene
from captioner.world.terse import light_of
from generation.training.painter import PainterData, make_batch

PAIRS = 90


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> PictureCache:
    return draw_pairs(tmp_path_factory.mktemp("pairs"), PAIRS, "core", 1, 64, 1, for_edits=True)


def two_things(number: int) -> list[Scene]:
    scenes = (random_scene(seed, CORE) for seed in range(20 * number))
    return [scene for scene in scenes if len(scene.things) == 2][:number]


def test_an_edit_of_one_thing_leaves_every_other_as_it_is() -> None:
    kinds: Counter[str] = Counter()
    for seed, scene in enumerate(two_things(60)):
        for thing, other in (scene.things, scene.things[::-1]):
            edit = edit_of(scene, thing.id, random.Random(seed), CORE)
            assert edit is not None and edit.target == thing.id and edit.kind in OF_ONE
            assert other in edit.after.things
            assert thing not in edit.after.things
            kinds[edit.kind] += 1
    assert max(kinds.values()) < 0.25 * kinds.total()


def test_most_edits_of_two_things_are_of_one_and_of_either_as_often(cache: PictureCache) -> None:
    changed: Counter[int] = Counter()
    pairs = [pair for pair in cache.pairs if len(pair.before.things) == 2 and pair.unlit != (False, True)]
    for pair in pairs:
        same = [thing in pair.after.things for thing in pair.before.things]
        if same.count(False) == 1:
            changed[same.index(False)] += 1
    assert changed.total() > 0.7 * len(pairs)
    assert min(changed[0], changed[1]) > 0.25 * changed.total()


def test_some_skies_lack_their_light_and_the_cache_knows_which(cache: PictureCache) -> None:
    dark = [index for index in range(2 * PAIRS) if cache.is_unlit(index)]
    assert 0.02 < len(dark) / (2 * PAIRS) < 0.3
    for index in dark:
        scene, light = cache.scene(index), light_of(cache.scene(index))
        assert light is not None
        assert np.array_equal(cache.pictures[index], render(scene, 64, frozenset({light})))
    lit = next(index for index in range(2 * PAIRS) if light_of(cache.scene(index)) and index not in dark)
    assert np.array_equal(cache.pictures[lit], render(cache.scene(lit), 64))


def test_an_edit_that_removes_the_light_says_so(cache: PictureCache) -> None:
    for pair in cache.pairs:
        if pair.unlit == (False, True):
            assert pair.change == f"remove the {light_of(pair.before)}" and pair.before == pair.after


def test_pairs_for_edits_serve_runs_that_need_none(cache: PictureCache) -> None:
    assert draw_pairs(cache.folder, PAIRS, "core", 2, 64, 1).about == cache.about
    assert "of_one" in json.loads(Path(cache.folder / "cache.json").read_text())


def test_brief_batches_have_prompts_of_a_few_words_and_dark_skies_are_told(cache: PictureCache) -> None:
    latents = np.random.default_rng(0).normal(size=(2 * PAIRS, 4, 8, 8)).astype(np.float16)
    for share, brief in ((0.0, False), (1.0, True)):
        data = PainterData(batch=64, size=64, text_dropout=0.0, edits=0.0, terse=share)
        batch = make_batch(cache, latents, data, seeded(1, 2), setting=CORE)
        assert batch.brief is brief
        lengths = [len(prompt.split()) for prompt in batch.prompts]
        assert brief == (np.median(lengths) < 15)
        assert not brief or not any(batch.described)
        for prompt, picture, described in zip(batch.prompts, batch.pictures, batch.described, strict=True):
            if cache.is_unlit(picture) and (brief or described):
                assert light_of(cache.scene(picture)) in prompt
