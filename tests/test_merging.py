"""A merge is held against both that it comes of: no false alarm on the world's own, and faults are counted."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from assistant.llm.keeping import before_prompt, best_told
from assistant.llm.merging import faults_of_merge, is_possible
from assistant.llm.patching import descriptions
from assistant.llm.written import AGAIN
from assistant.training.samples import random_samples
from captioner.world.scene import CORE

CAT = "A red cat is on the left, looking sad and wearing a green hat. The place is a beach with blue sea. It is night."
OWL = "A blue owl is in the centre, looking happy. The place is a forest. It is day and snow is falling."
CONTEXT = f"whole v1: {CAT}\nnow v2: {OWL}\nsay: the cat of v1 with the background of this one"


def merge(prompt: str, change: str, targets: tuple[str, str] = ("v1", "v2")) -> str:
    plan = {"act": "merge", "targets": targets, "change": change, "prompt": prompt}
    return json.dumps(plan, separators=(",", ":"))


def test_the_worlds_own_merges_have_no_fault_and_are_possible() -> None:
    ways: Counter[str] = Counter()
    for sample in random_samples(77, 2_500, CORE):
        plan = json.loads(sample.plan)
        if plan["act"] != "merge":
            continue
        shown = descriptions(sample.context)
        first, second = (shown[label] for label in plan["targets"])
        assert is_possible(first, second, plan["change"]), plan
        assert faults_of_merge(first, second, plan["prompt"], plan["change"]) == 0, plan
        ways[plan["change"].split()[0]] += 1
    assert {"give", "add", "change", "take", "combine"} <= ways.keys() and ways.total() > 60


@pytest.mark.parametrize(
    ("change", "prompt", "wrong"),
    [
        ("change the background to that of v2", CAT.replace("beach with blue sea", "forest"), 3),
        ("change the background to that of v2", CAT, 5),  # beach, forest, night, day, snow
        ("give the cat the face of v2", CAT.replace("sad", "happy"), 0),
        ("give the cat the face of v2", CAT.replace("sad", "happy").replace(" and wearing a green hat", ""), 2),
        ("combine it with v2", f"{CAT} A blue owl is on the right, looking happy.", 0),
        ("combine it with v2", f"{CAT} A red owl is on the right, looking happy.", 2),
        ("combine it with v2", f"{CAT} A happy blue cat is on the right.", 8),  # the owl and all of it, for a cat's
        ("do something with v2", CAT, None),
    ],
)
def test_facts_that_neither_gives_or_that_are_lost_are_counted(change: str, prompt: str, wrong: int | None) -> None:
    assert faults_of_merge(CAT, OWL, prompt, change) == wrong


@pytest.mark.parametrize(
    ("change", "can"),
    [
        ("give the owl the green hat of v1", True),
        ("give the owl the red hat of v1", False),
        ("give the dog the green hat of v1", False),
        ("add the cat of v1", True),
        ("add the dog of v1", False),
        ("add the rainbow of v1", False),
        ("change the background to that of v1", True),
    ],
)
def test_what_is_not_there_cannot_be_taken_over(change: str, can: bool) -> None:
    assert is_possible(OWL, CAT, change) is can


def test_a_merge_that_takes_what_is_not_there_is_planned_again_and_then_its_description_is_written_again() -> None:
    change = "give the owl the green hat of v1"
    wrong = merge(OWL, "give the cat the green hat of v2")
    lacking, right = (
        merge(OWL.replace("happy", said), change, ("v2", "v1")) for said in ("happy", "happy and wearing a green hat")
    )
    begun: list[str] = []

    def again(head: str, number: int) -> str:
        begun.append(head)
        return {1: wrong, 2: lacking, 3: right}[len(begun)]

    assert best_told(wrong, CONTEXT, again) == right
    assert begun[:2] == ['{"act":"merge","targets":["'] * 2
    assert begun[2] == lacking[: lacking.index('"prompt":"') + len('"prompt":"')]
    assert before_prompt(wrong) == '{"act":"merge"'


def test_a_merge_that_nothing_mends_stays_as_it_was_first_planned() -> None:
    wrong, tries = merge(OWL, "give the cat the red hat of v2"), []

    def again(head: str, number: int) -> str:
        tries.append(number)
        return wrong

    assert best_told(wrong, CONTEXT, again) == wrong
    assert tries[:AGAIN] == list(range(1, AGAIN + 1))
