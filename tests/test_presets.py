"""The presets' numbers, held against the pipelines that they are for, as diffusers has them."""

from __future__ import annotations

import inspect
import re
import sys

import diffusers
import pytest

from generation.presets import DEFAULTS, EXAMPLE, FOUND, PRESETS, Preset

BY_NAME = {preset.name: preset for preset in PRESETS}


def pipeline_of(preset: Preset) -> type:
    route = preset.create or preset.edit or preset.masked
    assert route is not None
    return getattr(diffusers, route.pipeline)


def defaults_of(preset: Preset) -> tuple[float, float]:
    parameters = inspect.signature(pipeline_of(preset).__call__).parameters
    return parameters[preset.steps_as].default, parameters[preset.guidance_as].default


def examples_of(preset: Preset, argument: str) -> set[float]:
    words = sys.modules[pipeline_of(preset).__module__].EXAMPLE_DOC_STRING
    return {float(number) for number in re.findall(rf"\b{argument}\s*=\s*([0-9.]+)", words)}


@pytest.mark.parametrize("name", [name for name, where in FOUND.items() if where == DEFAULTS])
def test_numbers_that_are_a_pipelines_own_are_its_defaults(name: str) -> None:
    preset = BY_NAME[name]
    assert (preset.steps, preset.guidance) == defaults_of(preset)


@pytest.mark.parametrize("name", [name for name, where in FOUND.items() if where == EXAMPLE])
def test_numbers_that_were_found_in_an_example_stand_there(name: str) -> None:
    preset = BY_NAME[name]
    assert preset.steps in examples_of(preset, preset.steps_as)
    assert preset.guidance in examples_of(preset, preset.guidance_as)


def test_kontexts_guidance_stands_in_its_example_and_its_steps_are_its_defaults() -> None:
    preset = BY_NAME["flux1-kontext"]
    assert preset.steps == defaults_of(preset)[0] and preset.guidance in examples_of(preset, preset.guidance_as)


def test_where_numbers_were_found_is_said_of_every_preset() -> None:
    assert set(FOUND) == set(BY_NAME) and all(preset.source for preset in PRESETS)
