"""Conversations painted from their messages: what a rewriter plans is what is painted, and the path goes on from it."""

from __future__ import annotations

import dataclasses
import hashlib
import io

import pytest
from PIL import Image

from assistant.errors import PlanError
from assistant.messages import ConversationPath, CreatePlan, EditPlan, ExtendPlan, Plan, ReturnPlan, WordsPlan
from assistant.rewriter import FakeRewriter
from captioner.world.scene import CORE
from generation.evaluation.conversations import Conversation, held_out_conversations
from generation.evaluation.ways import Step, Version
from generation.request import FakePainter
from ui.commands.planned import Planned


@pytest.fixture(scope="module")
def talks() -> list[Conversation]:
    return held_out_conversations(2, 2, CORE)


def version() -> Version:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 64), "white").save(buffer, "PNG")
    return Version(buffer.getvalue(), b"latent", b"the mask of the turn before")


def steps(talks: list[Conversation], parents: list[Version], turn: int) -> list[Step]:
    return [
        Step(f"{index}-{turn}", parent, talk.prompt(turn), talk.edits[turn - 1].change, talk.seed, turn)
        for index, (talk, parent) in enumerate(zip(talks, parents, strict=True))
    ]


def test_the_plan_of_each_message_is_painted_and_joins_the_path_of_its_own_conversation(talks) -> None:
    def plans(path: ConversationPath) -> Plan:
        return EditPlan(change=f"the change of {path.message}"[:60], prompt=f"prompt {len(path.versions)}")

    rewriter, painter = FakeRewriter(plans), FakePainter(steps=1)
    way = Planned(rewriter, painter, talks)
    first = way.paint(steps(talks, [version(), version()], 1), 8)
    way.paint(steps(talks, first, 2), 8)
    assert [path.message for path in rewriter.asked] == [
        talk.edits[turn].instruction for turn in range(2) for talk in talks
    ]
    assert [(request.act, request.prompt) for request in painter.painted] == [("edit", "prompt 1")] * 2 + [
        ("edit", "prompt 2")
    ] * 2
    assert painter.painted[0].change == f"the change of {talks[0].edits[0].instruction}"[:60]
    last = rewriter.asked[-1]
    assert [turn.ended_on for turn in last.turns] == ["v1", "v2"] and last.current == "v2"
    assert last.versions[0].prompt == talks[1].prompt(0) and last.versions[1].parents == ("v1",)
    assert last.turns[1].message == talks[1].edits[0].instruction


def test_a_turn_that_paints_nothing_or_fails_ends_where_it_began_and_a_new_picture_is_painted_as_one(talks) -> None:
    def plans(path: ConversationPath) -> Plan:
        if path.message == talks[0].edits[0].instruction:
            return CreatePlan(prompt="a new picture", reply="Here.")
        if path.message == talks[1].edits[0].instruction:
            return WordsPlan(act="reply", reply="I would rather not.")
        raise PlanError("no plan")

    painter = FakePainter(steps=1)
    way, parents = Planned(FakeRewriter(plans), painter, talks), [version(), version()]
    ended = way.paint(steps(talks, parents, 1), 8)
    assert [request.act for request in painter.painted] == ["create"]
    assert ended[0].image != parents[0].image and ended[1].image == parents[1].image
    assert ended[1].mask is None  # nothing was painted within it in this turn
    after = way.paint(steps(talks, ended, 2), 8)
    assert [one.image for one in after] == [one.image for one in ended]
    assert way.paths[1].current == "v1" and len(way.paths[1].turns) == 3


def test_an_extension_is_painted_gone_on_from_as_it_is_and_looked_at_in_the_first_size(talks) -> None:
    said = iter(
        [ExtendPlan(direction="left"), EditPlan(change="a hat", prompt="with a hat"), ReturnPlan(targets=("v1",))]
    )
    painter = FakePainter(steps=1)
    way = Planned(FakeRewriter(lambda path: next(said)), painter, talks[:1])
    ended = [version()]
    first = ended[0].image
    for turn in (1, 2, 3):
        ended = way.paint([dataclasses.replace(steps(talks[:1], ended, 1)[0], turn=min(turn, 2))], 8)
        assert Image.open(io.BytesIO(ended[0].image)).size == (64, 64)
    extension, edit = painter.painted
    assert (extension.act, extension.prompt, extension.place) == ("extend", talks[0].prompt(0), (32, 0))
    assert (extension.width, extension.height) == (96, 64)
    assert edit.parent_image == hashlib.sha256(way.made[0]["v2"].image).hexdigest()
    assert Image.open(io.BytesIO(way.made[0]["v2"].image)).size == (96, 64)
    assert ended[0].image == first and way.paths[0].current == "v1"
