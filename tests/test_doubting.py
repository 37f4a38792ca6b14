"""Pictures that a message calls alike are asked about; whoever is told apart is not."""

from __future__ import annotations

import json

import pytest

from assistant.llm.chat import ChatMessage
from assistant.llm.doubting import called_alike, takes_one_of
from assistant.llm.embedded import EmbeddedChatModel
from assistant.messages import ConversationPath, PathTurn, PathVersion
from assistant.rewriter import render_path

BUNNY = "A white bunny is standing in the centre in a meadow with green grass, looking cheerful. It is bright daytime."
RED, BLUE = (BUNNY.replace("bunny is", f"bunny in a {colour} hat is") for colour in ("red", "blue"))
VERSIONS = (
    PathVersion("v1", (), BUNNY, ""),
    PathVersion("v2", ("v1",), RED, "give the bunny a red hat"),
    PathVersion("v3", ("v1",), BLUE, "give the bunny a blue hat"),
    PathVersion("v4", ("v1",), BUNNY.replace("bright daytime", "late at night"), "make it night"),
)
TURNS = tuple(
    PathTurn(message, act, on)
    for message, act, on in (
        ("a bunny in a meadow", "create", "v1"), ("give it a red hat", "edit", "v2"), ("undo", "return", "v1"),
        ("give it a blue hat", "edit", "v3"), ("undo", "return", "v1"), ("make it night", "edit", "v4"),
    )
)  # fmt: skip


def context_of(message: str) -> str:
    return render_path(ConversationPath(message, TURNS, VERSIONS, "v4"))


@pytest.mark.parametrize(
    ("message", "labels"),
    [
        ("back to the one with the hat", ["v2", "v3"]),
        ("The version with the hat, but sad", ["v2", "v3"]),
        ("back to the one with the red hat", []),
        ("back to the first one with the hat", []),
        ("the one with the hat, v3", []),
        ("back to the one at night", []),
        ("give it a hat", []),
        ("back to the one with the dragon", []),
    ],
)
def test_pictures_are_called_alike_where_the_same_came_in_and_nothing_tells_them_apart(
    message: str, labels: list[str]
) -> None:
    assert called_alike(context_of(message)) == labels


def test_a_plan_that_goes_to_one_of_them_or_to_none_is_found() -> None:
    alike = ["v2", "v3"]
    assert takes_one_of('{"act":"return","targets":["v2"]}', alike)
    assert takes_one_of('{"act":"edit","targets":["v3"],"change":"x"', alike)
    assert takes_one_of('{"act":"ask","reply":"None of the pictures here shows that. Which one do you mean?"}', alike)
    assert not takes_one_of('{"act":"ask","targets":["v2","v3"],"reply":"Do you mean v2 or v3? Both fit."}', alike)
    assert not takes_one_of('{"act":"return","targets":["v1"]}', alike)
    assert not takes_one_of('{"act":"return","targets":["v2"]}', [])


def test_the_embedded_rewriter_asks_which_of_two_pictures_is_meant_that_are_called_alike() -> None:
    model = EmbeddedChatModel()
    for message in ("back to the one with the hat", "back to the picture with the hat"):
        plan = json.loads("".join(model.stream([ChatMessage("user", context_of(message))])))
        assert plan == {"act": "ask", "targets": ["v2", "v3"], "reply": "Do you mean v2 or v3? Both fit."}
    plan = json.loads("".join(model.stream([ChatMessage("user", context_of("back to the one with the red hat"))])))
    assert plan == {"act": "return", "targets": ["v2"]}
