"""People whom a prompt leaves open are varied, and whoever is described already is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.messages import ConversationPath, CreatePlan, EditPlan, Plan, TurnOptions
from assistant.people import DESCENTS, GENDERS, SEVERAL, varied
from assistant.rewriter import FakeRewriter
from tests.conversing import said, talking

EVERYBODY = {f"{descent} {gender}" for descent in DESCENTS for gender in GENDERS}


def test_somebody_of_whom_only_the_work_is_said_is_anybody():
    found = {varied("A doctor is standing in a hospital.", str(seed)) for seed in range(400)}
    who = {text.removeprefix("A doctor, ").split(",")[0].split(" ", 1)[1] for text in found}
    assert who == EVERYBODY
    assert all(text.endswith(", is standing in a hospital.") for text in found)


def test_the_same_seed_varies_in_the_same_way_and_several_people_differ():
    prompt = "A baker and a pilot. An elderly scientist with a cat."
    assert varied(prompt, "7") == varied(prompt, "7")
    assert len({varied(prompt, str(seed)) for seed in range(20)}) == 20
    assert varied("Two nurses in a room.", "1") == f"Two nurses {SEVERAL} in a room."
    assert varied("People on a bench", "1") == f"People {SEVERAL} on a bench"


@pytest.mark.parametrize(
    "prompt",
    [
        "a bunny in a meadow", "A woman doctor at work.", "A doctor holds her bag.",
        "A Black nurse with a cup.", "A Japanese cook in a kitchen.", "A farmer in Kenya.", "A worker bee on a flower",
        "a soldier ant", "a doctor's office", "a painter's easel", "the nurse of whom we spoke",
        "A dark-skinned pilot.",
    ],
)  # fmt: skip
def test_what_is_grounded_or_no_person_is_left_as_it_was_said(prompt: str):
    assert all(varied(prompt, str(seed)) == prompt for seed in range(5))


def test_a_white_coat_says_nothing_of_whoever_wears_it():
    assert varied("A doctor in a white coat.", "1") != "A doctor in a white coat."


def test_a_new_picture_is_varied_in_its_prompt_and_words_of_a_persons_own_are_not(tmp_path: Path):
    def writes(path: ConversationPath) -> Plan:
        if path.current:
            return EditPlan(prompt="A doctor in a red room.", change="make the room red")
        return CreatePlan(prompt="A doctor in a room.")

    with talking(tmp_path, rewriter=FakeRewriter(writes)) as turns:
        talk = turns.new_conversation().id
        first = said(turns, talk, "a doctor", options=TurnOptions(seed=4))
        assert first.prompt == varied("A doctor in a room.", "4") != "A doctor in a room."
        assert said(turns, talk, "make the room red").prompt == "A doctor in a red room."
        own = said(turns, turns.new_conversation().id, "a doctor", plan=CreatePlan(prompt="A doctor."))
        assert own.prompt == "A doctor."
