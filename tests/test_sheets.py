"""The patches that bring a tab from one state of its sheets to the next."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tabs import laid_out
from ui.web.sheets import AGAIN_SECONDS, Sent, patch_of

SHEETS = st.lists(st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from(["<p>1</p>", "<p>2</p>"])), min_size=1)


@settings(max_examples=40, deadline=None)
@given(SHEETS, st.randoms())
def test_patches_one_after_the_other_give_what_stands_there(states: list[dict[str, str]], rng: random.Random) -> None:
    sent, laid, state = Sent(), {}, ""
    for pieces in states:
        shuffled = dict(rng.sample(list(pieces.items()), len(pieces)))
        (*_, patch) = sent.news("tab", {"chat": shuffled})["patches"]
        assert patch["from"] == state
        state = patch["to"]
        laid = laid_out(laid, patch["sheets"].get("chat", {}))
        assert list(laid.items()) == list(shuffled.items())


def test_what_stays_is_not_sent_again() -> None:
    old = {str(number): f"<p>{number}</p>" for number in range(100)}
    prints = {"chat": {key: hash(piece) for key, piece in old.items()}}
    new = {**old, "99": "<p>now</p>", "100": "<p>100</p>"}
    assert patch_of(prints, {"chat": new}) == {
        "sheets": {"chat": {"put": [["99", "98", "<p>now</p>"], ["100", "99", "<p>100</p>"]]}}
    }
    assert patch_of(prints, {"chat": old}) == {"sheets": {}}


def test_a_tab_that_may_have_missed_the_last_patch_is_sent_it_again_for_a_while() -> None:
    now = [0.0]
    sent = Sent(lambda: now[0])
    sent.news("tab", {"chat": {"a": "<p>1</p>"}})
    two = sent.news("tab", {"chat": {"a": "<p>2</p>"}})["patches"]
    assert [patch["from"] for patch in two] == ["", two[0]["to"]]
    now[0] += AGAIN_SECONDS
    assert [patch["from"] for patch in sent.news("tab", {"chat": {}})["patches"]] == [two[1]["to"]]
    sent.forget("tab")
    assert sent.news("tab", {"chat": {"a": "<p>2</p>"}})["patches"][0]["from"] == ""


def test_what_comes_late_for_a_place_that_the_tab_has_left_is_not_sent() -> None:
    sent, cat = Sent(), {"chat": {"a": "<p>a cat</p>"}}
    sent.news("tab", cat, "cats", "turn 3")
    assert sent.news("tab", cat, "cats", "turn 3", is_part=True)["conversation"] == "cats"
    assert sent.news("tab", {"shelf": {"s": "<p>cats</p>"}}, "cats", is_part=True)["patches"]
    sent.news("tab", {"chat": {}}, "", "")
    state = sent.news("tab", {}, "", "")["patches"][-1]["to"]
    assert sent.news("tab", cat, "cats", "turn 3", is_part=True) == {}
    assert sent.news("tab", {"shelf": {"s": "<p>dogs</p>"}}, "cats", is_part=True) == {}
    assert sent.news("tab", cat, "cats", "turn 3", still=lambda: False) == {}
    after = sent.news("tab", {}, "", "")["patches"][-1]
    assert after["from"] == state and after["sheets"] == {}


def test_a_part_for_a_tab_that_a_server_started_anew_knows_nothing_of_is_sent() -> None:
    assert Sent().news("tab", {"shelf": {"s": "<p>cats</p>"}}, "cats", is_part=True)["patches"][0]["from"] == ""
