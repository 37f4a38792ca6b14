"""The words in which people ask something of a whole picture: every template can be said, and in very many ways."""

from __future__ import annotations

import random
import re

import pytest

from assistant.training import referring
from assistant.training import whole_ways as ways

SIDES = {"TOWARD": ways.TOWARD["left"], "ONSIDE": ways.ONSIDE["left"], "BEYOND": ways.BEYOND["left"]}
FORMAT = dict(zip(("NAME", "PURPOSE"), ways.SHAPE_NAMES["2:1"], strict=True))
REQUESTS = {
    "upscale": (ways.UPSCALING, ways.UPSCALING_ALONE, {}),
    "zoom out": (ways.ZOOMING, ways.ZOOMING_ALONE, {}),
    "pan": (ways.PANNING, ways.PANNING_ALONE, SIDES),
    "shape": (ways.SHAPING, ways.SHAPING_ALONE, FORMAT),
    "subtle": (ways.SUBTLY, ways.SUBTLY_ALONE, {}),
    "anew": (ways.ANEW, ways.ANEW_ALONE, {}),
    "merge": (ways.MERGING, (), {}),
    "background": (ways.GROUNDS, (), {}),
    "back": (ways.GOING_BACK, ways.GONE_BACK, {}),
    "looked": (ways.LOOKING, ways.LOOKED, {}),
    "steps": (referring.STEPS_BACK, (), {"N": "(two|2)"}),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_every_template_is_said_whole_with_no_mark_of_the_tables_left(name: str) -> None:
    clauses, alone, parts = REQUESTS[name]
    rng = random.Random(5)
    for template in (*clauses, *alone):
        for dev in (False, True):
            text = ways.said(rng, dev, (template,), (), **parts)
            assert not re.search(r"\||\b(?!PIC\b)[A-Z]{2,}\b(?<!A2)(?<!A3)", text), text
            assert text.count("(") == re.sub(r"[:;]\)", "", text).count(")")


@pytest.mark.parametrize("name", REQUESTS)
def test_few_of_many_requests_are_worded_alike(name: str) -> None:
    clauses, alone, parts = REQUESTS[name]
    rng = random.Random(7)
    said = {ways.said(rng, False, clauses, alone, ways.REASONS_BACK, **parts) for _ in range(2_000)}
    assert len(said) > 1_200


def test_every_way_to_take_something_over_names_both_pictures() -> None:
    for table in (ways.GROUNDS, ways.SKIES_OF, ways.ITEMS_OF, ways.SUBJECTS_OF, ways.STYLES_OF, ways.FACES_OF):
        assert all("{a}" in template and "{b}" in template for template in table)
