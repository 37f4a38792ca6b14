"""Training messages that ask for several pictures: how many is what the message says, and what else it asks stays."""

from __future__ import annotations

import json
import random
import re

import pytest

from assistant.messages import PLAN
from assistant.training.samples import random_samples
from assistant.training.several import AT_MOST, MOST, fields_of, of_several, of_what_is_there, uncounted
from captioner.world.scene import CORE

NUMBERS = {
    "a couple": 2, "two": 2, "three": 3, "a few": 3, "some": 3, "four": 4, "five": 5, "six": 6, "half a dozen": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "a dozen": 12, "twelve": 12, "twenty": 20,
}  # fmt: skip


def said_in(text: str) -> list[int]:
    """Return the numbers that a text says, in words or digits."""
    text = text.replace("half a dozen", "six")
    found = re.findall(rf"\b(?:\d+|{'|'.join(NUMBERS)})\b", text)
    return [int(number) if number.isdigit() else NUMBERS[number] for number in found]


@pytest.mark.parametrize("dev", [False, True])
@pytest.mark.parametrize(("message", "act"), [("a red fox", "create"), ("Draw a cat!", "create"), ("happier", "edit")])
def test_a_message_asks_for_as_many_as_it_says(message: str, act: str, dev: bool) -> None:
    rng = random.Random(3)
    for _ in range(200):
        asked = of_several(message, act, rng, dev)
        assert asked is not None
        assert said_in(asked[0]) == [asked[1]] and message.rstrip("!") in asked[0], asked
        template, number, _ = of_what_is_there(rng, dev)
        assert said_in(template) == [number], template


def test_what_asks_for_pictures_already_or_ends_in_a_question_gets_no_number() -> None:
    rng = random.Random(0)
    for message in ("two pictures of a cat", "can you draw a cat?", "paint it three times"):
        assert of_several(message, "create", rng, False) is None


def test_variations_without_a_number_are_four_and_a_few_are_three() -> None:
    said = {"variations please": 4, "some variations": 3, "a few variants of it": 3, "a couple of variations": 2}
    said["a variation"] = 1
    assert {message: uncounted(message) for message in said} == said


def test_more_than_can_be_painted_at_once_is_said() -> None:
    assert fields_of(3) == {"count": 3, "reply": ""} and fields_of(1)["count"] == 0
    assert fields_of(20, "I see.") == {"count": MOST, "reply": f"I see. {AT_MOST}"}


def test_training_plans_of_several_pictures_are_plans_and_go_on_from_all_of_them() -> None:
    counted = 0
    for sample in random_samples(8, 3_000, CORE):
        plan = json.loads(sample.plan)
        if "count" in plan:
            counted += 1
            assert PLAN.validate_python(plan).act in ("create", "edit", "vary") and 2 <= plan["count"] <= MOST
    assert counted > 40
