"""Many people at the page at once, over real HTTP: each at their own tab, one server, one painter."""

from __future__ import annotations

import functools
import itertools
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.messages import Event, TurnStatus
from assistant.turns import Turns
from tests.fakes import SlowPainter, build_with_fakes
from tests.serving import Site, serving
from tests.tabs import Tab
from ui.web.signing_in import COOKIE

# gradio leaves sockets and event loops of its own open; that is nothing of ours.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
PEOPLE = ("ada", "bob", "cy", "dan", "eve", "flo", "gus", "hal")
PASSWORD = "correct horse battery"
PATIENCE = 200.0
"""Seconds; machines under load are slow, and nothing waits this long otherwise."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    from ui.web.server import make_server

    build = functools.partial(build_with_fakes, painter=SlowPainter(0.6))
    with serving(tmp_path_factory.mktemp("data"), build, make_server, auth=True) as site:
        for name in PEOPLE:
            site.app.users.set(name, PASSWORD, name, site.app.turns.clock())
        yield site


def soon() -> float:
    """Return in how many seconds Stop frees a place and a closed tab's listener is gone: 2, of a machine's own."""
    return 2.0 * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def cookie_of(site: Site, name: str) -> str:
    answer = httpx.post(f"{site.address}/sign-in", data={"name": name, "password": PASSWORD}, timeout=PATIENCE)
    return answer.cookies[COOKIE]


def until(holds: Callable[[], bool], seconds: float = PATIENCE) -> float:
    """Wait until something holds and return how long that took."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, "it never came about"
        time.sleep(0.02)
    return time.monotonic() - began


def waits_or_runs(live: str) -> bool:
    return "before you" in live or "Painting a new picture" in live


def only_turn(turns: Turns, owner: str) -> Any:
    (talk,) = turns.list_conversations(owner)
    (turn,) = turns.history(talk.id, owner)
    return turn


@pytest.mark.long
def test_eight_people_paint_at_once_and_each_sees_their_own_turn_and_place(site: Site) -> None:
    tabs = {name: Tab(site, headers={"cookie": f"{COOKIE}={cookie_of(site, name)}"}) for name in PEOPLE}
    turns, painter, go = site.app.turns, site.app.turns.painter, threading.Event()
    assert isinstance(painter, SlowPainter)
    quick = painter.before_step
    painter.before_step = lambda step: (go.wait(PATIENCE), quick(step))[1]
    threads = [
        threading.Thread(target=tab.say, args=(f"draw a pet of {name}",), daemon=True) for name, tab in tabs.items()
    ]
    for thread in threads:
        thread.start()
    until(lambda: all(any(map(waits_or_runs, tabs[name].lives)) for name in PEOPLE))
    painter.before_step = quick
    go.set()
    for thread in threads:
        thread.join(PATIENCE)
    spans = []
    for name, tab in tabs.items():
        turn = only_turn(turns, name)
        assert turn.status is TurnStatus.DONE and turn.made == ("v1",)
        assert f"draw a pet of {name}" in tab.sheet("chat") and "v1" in tab.sheets["tree"]
        frames = " ".join(tab.lives)
        assert "Painting, step" in frames
        assert set(re.findall(r"/previews/([0-9a-f]+)", frames)) == {turn.id}  # nobody else's
        places = [int(count) for count in re.findall(r"Waiting: (\d+) before you", frames)]
        assert places == sorted(places, reverse=True)
        spans.append((*times_of(site, turn.id, name), places))
        tab.client.close()
    spans.sort()
    assert max(places[0] for *_, places in spans if places) >= 4  # the last of them saw a real queue
    assert sum(bool(places) for *_, places in spans) >= 5
    for (_, ended, _), (begun, _, _) in itertools.pairwise(spans):
        assert 0 <= begun - ended < soon()  # one at a time, and nobody waits behind a finished one


def times_of(site: Site, turn_id: str, owner: str) -> tuple[float, float]:
    """Return when a turn was begun and when it ended, as the database has it."""
    from sqlalchemy import select

    from assistant.store.tables import EventRow

    with site.app.store.database.reading() as session:
        rows = session.execute(select(EventRow.kind, EventRow.created).where(EventRow.turn_id == turn_id)).all()
    when = {kind: datetime.fromisoformat(created).timestamp() for kind, created in rows}
    return when["planning"], when["done"]


@pytest.mark.long
def test_stop_frees_the_place_for_who_comes_next(site: Site) -> None:
    turns, painter = site.app.turns, site.app.turns.painter
    assert isinstance(painter, SlowPainter)
    painter.before_step, quick = (lambda step: time.sleep(0.2)), painter.before_step
    try:
        first = turns.submit(turns.new_conversation("ada").id, "draw a slow one", owner="ada")
        until(lambda: turns.result(first, "ada").status is TurnStatus.PAINTING)
        waiting = {
            turns.submit(turns.new_conversation(name).id, "draw a next one", owner=name): name for name in ("bob", "cy")
        }
        places = {next(turns.waiting(turn, owner=name)): (turn, name) for turn, name in waiting.items()}
        assert sorted(places) == [1, 2]
        (second, to_stop), (third, next_one) = places[1], places[2]
        turns.cancel(second, to_stop)
        assert turns.result(second, to_stop).status is TurnStatus.CANCELLED
        assert next(turns.waiting(third, owner=next_one)) == 1
        turns.cancel(first, "ada")
        assert until(lambda: turns.result(third, next_one).status is TurnStatus.PAINTING) < soon()
        assert turns.result(first, "ada").status is TurnStatus.CANCELLED
    finally:
        painter.before_step = quick
    assert turns.wait(third, 30, next_one).status is TurnStatus.DONE


def test_a_closed_tabs_listener_is_gone_while_its_turn_finishes_and_is_there_on_return(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns, listening = site.app.turns, []
    events = turns.events

    def watched(turn_id: str, **more: Any) -> Iterator[Event]:
        listening.append(turn_id)
        try:
            yield from events(turn_id, **more)
        finally:
            listening.remove(turn_id)

    monkeypatch.setattr(turns, "events", watched)
    painter = turns.painter
    assert isinstance(painter, SlowPainter)
    painter.before_step, quick = (lambda step: time.sleep(0.6)), painter.before_step
    cookies = {COOKIE: cookie_of(site, "hal")}
    before = {talk.id for talk in turns.list_conversations("hal")}
    try:
        with httpx.Client(base_url=site.address, cookies=cookies, timeout=PATIENCE) as browser:
            config = browser.get("/config").json()
            send = next(one["id"] for one in config["dependencies"] if one["api_name"] == "send")
            with browser.stream("GET", "/gradio_api/heartbeat/hals-tab"):
                values = ["draw a long one", "", "", "", "1", False, False, None, "", True, None, ""]
                job = {"data": values, "fn_index": send, "session_hash": "hals-tab"}
                assert browser.post("/gradio_api/queue/join", json=job).status_code == 200
                until(lambda: bool(listening))
        assert until(lambda: not listening) < soon()
    finally:
        painter.before_step = quick
    (talk,) = {talk.id for talk in turns.list_conversations("hal")} - before
    (turn,) = turns.history(talk, "hal")
    assert turns.wait(turn.id, 60, "hal").status is TurnStatus.DONE
    with Tab(site, headers={"cookie": f"{COOKIE}={cookies[COOKIE]}"}) as back:
        assert "draw a long one" in back.open(talk).sheet("chat") and "v1" in back.sheets["tree"]


def test_a_turn_sends_as_much_of_a_long_conversation_as_of_a_short_one(tmp_path: Path) -> None:
    from tests.long_conversations import fill
    from ui.settings import Settings
    from ui.web.server import make_server
    from ui.wiring import App

    talks = {}

    def build(settings: Settings) -> App:
        app = build_with_fakes(settings)
        talks.update({count: fill(app, count, count + count // 2) for count in (6, 60)})
        return app

    sent = {}
    with serving(tmp_path, build, make_server) as site:
        for count, talk in talks.items():
            with Tab(site) as tab:
                tab.open(talk)
                whole, tab.received = len(str(tab.received)), []
                tab.say("make it happier", talk)
                assert len(tab.sheets["chat"]) == count + 1
                sent[count] = len(str(tab.received))
                assert sent[count] < whole / (2 if count == 6 else 10)
    assert sent[60] < 1.2 * sent[6]
