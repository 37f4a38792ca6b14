"""What a tab is shown when things come out of step: late answers for what it has left."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import gradio as gr
import pytest

from assistant.turns import YOU
from tests.fakes import build_with_fakes
from tests.serving import without_leftovers
from ui.settings import Settings
from ui.web.options import Wanted
from ui.web.parts import Parts
from ui.web.pictures import Kept
from ui.web.showing import Showing

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture
def showing(tmp_path: Path) -> Iterator[Showing]:
    app = build_with_fakes(Settings(data=tmp_path))
    with without_leftovers(), app.turns, gr.Blocks(analytics_enabled=False):
        yield Showing(app, Parts(False, ("embedded",)), Kept())


@pytest.fixture
def left(showing: Showing) -> Wanted:
    """A conversation with a picture, which the tab was shown."""
    turns = showing.app.turns
    wanted = Wanted(YOU, turns.new_conversation().id)
    turns.submit(wanted.conversation, "draw a cat")
    turns.run_pending()
    assert showing.view(wanted, "tab")
    return wanted


def test_models_load_once_somebody_has_the_page_before_them_or_after_a_while(showing: Showing) -> None:
    app, first, second = showing.app, threading.Event(), threading.Event()
    app.warm_up(first.set, unseen=60.0)
    assert not first.wait(0.2)
    app.warm_up(second.set, unseen=0.01)
    assert second.wait(30.0) and not first.is_set()
    app.seen.set()
    assert first.wait(30.0)


def test_tools_of_a_painter_that_is_there_late_do_not_bring_back_the_conversation_before(
    showing: Showing, left: Wanted
) -> None:
    assert showing.tools(left, "tab")
    assert showing.view(Wanted(YOU, ""), "tab")
    assert showing.tools(left, "tab") == {}


def test_a_turn_that_ends_as_the_person_leaves_does_not_bring_its_conversation_back(
    showing: Showing, left: Wanted
) -> None:
    look = showing.looks.begin("tab")
    assert showing.view(left, "tab", look=look) and showing.shelved(left, "tab", look)
    showing.looks.begin("tab")
    assert showing.view(left, "tab", look=look) == {} == showing.shelved(left, "tab", look)


def test_every_tab_that_came_before_the_painter_is_told_of_its_tools(showing: Showing, left: Wanted) -> None:
    assert showing.view(left, "one") and showing.view(left, "two")
    assert {"one", "two"} <= showing.bare
    showing.painter({})
    for tab in ("one", "two"):
        (patch,) = showing.tools(left, tab)[showing.parts.news]["patches"][1:]
        assert "Zoom out" in str(patch["sheets"]["chat"])
    assert showing.view(left, "three") and not showing.bare & {"one", "two", "three"}
