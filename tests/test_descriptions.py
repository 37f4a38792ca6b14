"""The measure of descriptions of edited pictures: a rewriter that knows the truth has all of it, a copy has none."""

from __future__ import annotations

from assistant.errors import PlanError
from assistant.messages import ConversationPath, EditPlan, Plan
from assistant.rewriter import FakeRewriter
from assistant.training.descriptions import GROUPS, evaluate_descriptions, held_out_edits, table
from captioner.world.captions import descriptive


def test_each_group_has_edits_of_the_thing_that_it_says() -> None:
    for group in GROUPS:
        for _, edit in held_out_edits(group, 12):
            assert len(edit.before.things) == (1 if group == GROUPS[0] else 2)
            assert (edit.target == edit.before.main.id) == (group != GROUPS[2])


def test_the_truth_is_right_and_a_copy_of_the_description_before_is_not() -> None:
    plans = {}
    for group in GROUPS:
        for seed, edit in held_out_edits(group, 8):
            plans[descriptive(edit.before, seed)] = (edit.change, descriptive(edit.after, seed))

    def truth(path: ConversationPath) -> Plan:
        change, prompt = plans[path.versions[0].prompt]
        return EditPlan(prompt=prompt, change=change, targets=("v1",))

    def copied(path: ConversationPath) -> Plan:
        change, _ = plans[path.versions[0].prompt]
        return EditPlan(prompt=path.versions[0].prompt, change=change, targets=("v1",))

    def none(path: ConversationPath) -> Plan:
        raise PlanError("no plan")

    right = evaluate_descriptions(FakeRewriter(truth), 8)
    assert [row.both for row in right] == [1.0] * 3 and GROUPS[2] in table(right)
    half = evaluate_descriptions(FakeRewriter(copied), 8)
    assert [(row.change, row.description, row.both) for row in half] == [(1.0, 0.0, 0.0)] * 3
    assert all(row.change == row.description == 0 for row in evaluate_descriptions(FakeRewriter(none), 8))
