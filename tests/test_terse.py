"""Prompts as people type them: every thing is named, and nothing is denied that is there."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest

from captioner.world import words
from captioner.world.draw import render
from captioner.world.sample import random_scene
from captioner.world.scene import CORE, FULL, INDOORS, Scene, Thing
from captioner.world.terse import light_denied, light_of, terse

SCENES = [random_scene(seed, CORE) for seed in range(400)]


def names_of(thing: Thing) -> set[str]:
    names = {thing.kind, *words.KIND_SYNONYMS.get(thing.kind, ())}
    return {words.plural(name) for name in names} if thing.count > 1 else names


def denied_in(text: str) -> list[str]:
    return re.findall(r"\b(?:without|no|not wearing|not holding) (?:any |a |an |the )?(\w+)", text)


@pytest.mark.parametrize("setting", [CORE, FULL], ids=lambda setting: setting.name)
def test_every_thing_is_named_with_its_number(setting) -> None:
    for seed in range(300):
        scene = random_scene(seed, setting)
        text = terse(scene, seed, setting)
        for thing in scene.things:
            assert any(name in text for name in names_of(thing)), text
            assert thing.count == 1 or words.NUMBERS[thing.count] in text, text


def test_prompts_are_a_few_words_and_the_same_for_the_same_seed() -> None:
    texts = [terse(scene, seed, CORE) for seed, scene in enumerate(SCENES)]
    assert texts == [terse(scene, seed, CORE) for seed, scene in enumerate(SCENES)]
    lengths = [len(text.split()) for text in texts]
    assert np.median(lengths) <= 12 and min(lengths) == 2 and max(lengths) < 50


def test_what_is_denied_is_not_there() -> None:
    found = []
    for seed, scene in enumerate(SCENES):
        has = {*scene.extras, *(item.kind for t in scene.things for item in t.worn)}
        has |= {light_of(scene)} | {thing.held.kind for thing in scene.things if thing.held}
        denied = denied_in(terse(scene, seed, CORE))
        alone = len(scene.things) == 1  # of two, what one lacks the other may have
        assert not alone or not has & set(denied)
        found += denied
    known = {*CORE.extras, *CORE.worn, *CORE.held, "sun"}
    assert known >= set(found) and len(set(found)) == len(known)


def test_two_things_stand_on_the_sides_that_the_prompt_says() -> None:
    owl, cake = Thing(1, "owl", "red", mood=2, side="left"), Thing(2, "cake", "blue", side="right")
    texts = [terse(Scene((owl, cake), "room"), seed, CORE) for seed in range(300)]
    assert any("left of" in text for text in texts) and any("on the right" in text for text in texts)
    for text in texts:
        first, second = (min(text.find(name) for name in names_of(thing) if name in text) for thing in (owl, cake))
        first_is_owl = first < second
        if "left of" in text:
            assert first_is_owl, text
        if "right of" in text:
            assert not first_is_owl, text


def test_a_picture_without_its_sun_says_so_and_shows_none() -> None:
    scenes = [scene for scene in SCENES if light_of(scene) == "sun"][:20]
    for seed, scene in enumerate(scenes):
        assert "sun" in denied_in(terse(scene, seed, CORE, unlit=True))
        assert "sun" in light_denied(scene, seed)
    by_day = dataclasses.replace(scenes[0], things=scenes[0].things[:1], relations=(), place="meadow", time="day")
    lit, dark = render(by_day), render(by_day, without=frozenset({"sun"}))
    where = np.argwhere((lit != dark).any(-1))
    assert len(where) > 100 and where[:, 0].max() < 48 and where[:, 1].min() > 80  # the sun stands up on the right


def test_indoors_and_under_clouds_there_is_no_light_to_take_away() -> None:
    for scene in SCENES:
        hidden = scene.place in INDOORS or scene.weather != "clear"
        assert light_of(scene) == (None if hidden else "moon" if scene.time == "night" else "sun")
