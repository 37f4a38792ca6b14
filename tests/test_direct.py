"""What buttons and flags stand for: painting what many edits came to at once."""

from __future__ import annotations

import functools
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant import direct
from assistant.direct import edited_from, fold
from assistant.errors import MessageError
from assistant.messages import TurnOptions, Version
from assistant.turns import Turns
from assistant.uploads import read_upload
from generation.request import FakePainter
from tests.conversing import said, talking
from tests.test_cli import run, turns_of  # noqa: F401 - a fixture
from tests.test_recaption import encoded, noise
from ui.web import views


def versions_of(turns: Turns, conversation: str) -> dict[str, Version]:
    return {version.label: version for version in turns.versions(conversation)}


def test_a_chain_of_edits_is_painted_at_once_from_the_noise_that_it_began_with(tmp_path: Path):
    painter = FakePainter(2)
    with talking(tmp_path, painter) as turns:
        talk = turns.new_conversation().id
        said(turns, talk, "bunny", options=TurnOptions(seed=40, count=3))
        said(turns, talk, "back to v2")
        for change in ("redder", "happier", "bigger"):
            said(turns, talk, f"edit {change}")
        versions = versions_of(turns, talk)
        root, edits = edited_from(versions["v6"], versions)
        assert root == versions["v2"] and edits == 3
        message, plan, options = fold(versions["v6"], versions)
        result = said(turns, talk, message, plan=plan, options=options)
        assert (result.version, result.parents) == ("v7", ("v2",)) and "go back to v6" in result.reply
        assert versions_of(turns, talk)["v6"] == versions["v6"]
        painted = painter.painted[-1]
        assert (painted.prompt, painted.change) == ("bunny, redder, happier, bigger", "")
        assert (painted.seed, painted.candidate, painted.steps, painted.parent_latent) == (40, 1, painter.steps, None)
        pieces = views.chat(views.shown(turns.history(talk), turns.versions(talk)))
    page, answer = "".join(pieces.values()), list(pieces.values())[-1]
    assert 'data-large="v6"' in answer and 'data-large="v7"' in answer
    assert 'data-do="return" data-version="v6"' in answer and page.count('id="prompt-v6"') == 1


def test_the_page_offers_it_after_three_edits(tmp_path: Path):
    with talking(tmp_path) as turns:
        talk = turns.new_conversation().id
        said(turns, talk, "bunny")
        for number in range(1, 4):
            said(turns, talk, f"edit {number}")
            below = views.after(views.shown(turns.history(talk), turns.versions(talk)))["after"]
            assert ('data-do="fold" data-version="v4"' in below) == (number == 3)


def test_there_is_nothing_to_fold_without_two_edits_or_from_a_persons_own_picture(tmp_path: Path):
    with talking(tmp_path) as turns:
        talk = turns.new_conversation().id
        said(turns, talk, "bunny")
        said(turns, talk, "edit redder")
        versions = versions_of(turns, talk)
        assert fold(versions["v1"], versions) is fold(versions["v2"], versions) is None
        wide = turns.new_conversation().id
        for words in ("bunny", "extend out", "edit redder", "edit bluer"):
            said(turns, wide, words)
        versions = versions_of(turns, wide)
        assert edited_from(versions["v4"], versions) == (versions["v2"], 2) and fold(versions["v4"], versions) is None
        own = turns.new_conversation().id
        turns.bring(own, read_upload(encoded(noise(1))))
        for _ in range(2):
            said(turns, own, "edit redder")
        versions = versions_of(turns, own)
        assert edited_from(versions["v3"], versions) == (versions["v1"], 2) and fold(versions["v3"], versions) is None
        told = versions | {"v1": replace(versions["v1"], recipe=versions["v2"].recipe)}  # as its file told it
        told["v1"] = replace(told["v1"], recipe=replace(told["v1"].recipe, act="create"))
        assert fold(told["v3"], told) is None
        del versions["v1"]
        assert edited_from(versions["v3"], versions) == (None, 1) and fold(versions["v3"], versions) is None


def test_the_terminal_paints_it_at_once_with_a_flag(run: Any, tmp_path: Path) -> None:  # noqa: F811
    chat = functools.partial(run, "chat", "--json", "--data", tmp_path)
    code, _, err = chat("--at-once")
    assert code == 1 and "--at-once paints two or more edits on one another anew" in err
    chat(stdin=b"draw a bunny\nredder\nhappier\n")
    code, out, _ = chat("--at-once")
    (turn,) = turns_of(out)
    assert code == 0 and (turn["act"], turn["version"], turn["parents"]) == ("vary", "v4", ["v1"])
    assert turn["prompt"] == "A full description of this: draw a bunny. Now: redder. Now: happier."


A = Version("a", "c", "t", 1, (), "A calm bunny.", "", "", "0" * 64, None, 64, 48)
B = replace(A, id="b", number=2, prompt="A bunny with a hat.")


def test_a_variation_says_how_far_it_goes_and_takes_another_seed():
    message, plan, options = direct.variation(A, "subtle")
    assert message == "Vary v1 a little" and options.another
    assert (plan.targets, plan.prompt, plan.strength) == (("v1",), A.prompt, "subtle")
    assert direct.variation(A, "strong")[1].strength == "strong"


def test_a_canvas_is_as_much_larger_as_its_edges_went_outwards():
    message, plan, options = direct.extension(A, direct.Margins(left=16), (64, 48))
    assert message == "Paint on to the left of v1" and (plan.direction, options.size, options.place) == (
        "left",
        (80, 48),
        (16, 0),
    )
    _, plan, options = direct.extension(A, direct.Margins(16, 32, 8, 0), (64, 48))
    assert (plan.direction, plan.size, options.size, options.place) == ("out", (112, 56), (112, 56), (16, 8))
    for wrong in (direct.Margins(), direct.Margins(left=-16)):
        with pytest.raises(MessageError, match="No edge of v1 goes outwards"):
            direct.extension(A, wrong, (64, 48))


def test_two_versions_are_combined_in_a_prompt_that_says_what_is_taken():
    message, plan = direct.combination(A, B, " the  hat ")
    assert message == "Combine v1 with the hat of v2" and plan.targets == ("v1", "v2")
    assert (plan.region, plan.change, plan.prompt) == ("the hat", "take the hat of v2", "A calm bunny, with the hat.")
    assert direct.combination(A, B, "")[1].prompt == "A calm bunny, with a bunny with a hat."
    with pytest.raises(MessageError, match="cannot be combined with itself"):
        direct.combination(A, A, "")
    with pytest.raises(MessageError, match="at most 200 letters and this has 201"):
        direct.combination(A, B, "x" * 201)
