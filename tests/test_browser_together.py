"""Eight people in eight tabs of a real Chromium, signed in, painting at once on one server and one painter."""

from __future__ import annotations

import functools
import gc
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.messages import TurnStatus
from tests.browsing import Visit, browsing
from tests.fakes import SlowPainter, build_with_fakes
from tests.serving import Site, serving
from tests.test_together import PASSWORD, PATIENCE, PEOPLE, cookie_of, only_turn, soon, until
from ui.web.signing_in import COOKIE

# gradio and playwright leave sockets and event loops of their own open; that is nothing of ours.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
WATCH = """() => {
  window.seen = [];
  const live = document.querySelector("#live");
  const note = () => {
    const preview = live.querySelector("img")?.getAttribute("src") ?? "";
    if (live.textContent.trim()) window.seen.push(live.textContent + " " + preview);
  };
  new MutationObserver(note).observe(live, { childList: true, subtree: true, characterData: true, attributes: true });
}"""
"""Notes all that a tab shows of how far its picture is."""


@pytest.fixture
def listening(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the turns that somebody listens to at the server now, once for each listener."""
    from assistant.turns import Turns

    now: list[str] = []

    def watched(listen: Any) -> Any:
        @functools.wraps(listen)
        def watching(turns: Turns, turn_id: str, *given: Any, **more: Any) -> Iterator[Any]:
            now.append(turn_id)
            try:
                yield from listen(turns, turn_id, *given, **more)
            finally:
                now.remove(turn_id)

        return watching

    for name in ("events", "waiting"):
        monkeypatch.setattr(Turns, name, watched(getattr(Turns, name)))
    return now


def signed_in(browser: Any, site: Site, name: str) -> Visit:
    visit = Visit(browser, site, reduced_motion="reduce")  # eight pages that move take all of a small machine
    visit.context.add_cookies([{"name": COOKIE, "value": cookie_of(site, name), "url": site.address}])
    return visit


def live(visit: Visit) -> str:
    return str(visit.page.locator("#live").text_content())


def test_eight_tabs_paint_at_once_and_a_closed_one_finds_its_picture_on_return(
    tmp_path: Path, listening: list[str]
) -> None:
    from ui.web.server import make_server

    painter, begin, go_on = SlowPainter(0.0), threading.Event(), threading.Event()

    def at_its_pace(step: int) -> None:
        begin.wait(PATIENCE)
        if step == 2:
            go_on.wait(PATIENCE)
        time.sleep(0.12)  # each of eight tabs is to see that it is the next

    painter.before_step = at_its_pace
    build = functools.partial(build_with_fakes, painter=painter)
    with browsing() as browser, serving(tmp_path, build, make_server, auth=True) as site:
        turns = site.app.turns
        for name in PEOPLE:
            site.app.users.set(name, PASSWORD, name, turns.clock())
        visits = {name: signed_in(browser, site, name) for name in PEOPLE}
        for visit in visits.values():
            visit.open().evaluate(WATCH)
        for name, visit in visits.items():
            visit.page.fill("#message textarea", f"draw a pet of {name}")
            visit.page.press("#message textarea", "Enter")

        # One is painted, and seven see how many come before them.
        def places() -> list[int]:
            return sorted(
                int(re.findall(r"Waiting: (\d+) before you|$", live(visit))[0] or 0) for visit in visits.values()
            )

        until(lambda: places() == list(range(8)))
        first = next(name for name in PEOPLE if only_turn(turns, name).status is TurnStatus.PAINTING)

        # Whose picture is being painted closes the tab: nobody listens any more, and it is painted on.
        begin.set()
        visits[first].page.wait_for_selector("#live >> text=Painting, step")
        turn, conversation = only_turn(turns, first), visits[first].conversation
        assert turn.id in listening
        visits[first].page.close()
        assert until(lambda: turn.id not in listening) < soon()
        assert only_turn(turns, first).status is TurnStatus.PAINTING
        go_on.set()

        for name, visit in visits.items():
            if name != first:
                visit.wait_for_version("v1")
                seen = " ".join(visit.page.evaluate("window.seen"))
                own = only_turn(turns, name)
                assert "Painting, step" in seen and set(re.findall(r"/previews/([0-9a-f]+)", seen)) == {own.id}
                waited = [int(count) for count in re.findall(r"Waiting: (\d+) before you", seen)]
                assert waited == sorted(waited, reverse=True) and waited[-1] == 1
                said = visit.page.locator("#chat .lm-said .lm-words").all_text_contents()
                assert said == [f"draw a pet of {name}"]
        assert turns.wait(turn.id, PATIENCE, first).status is TurnStatus.DONE
        back = visits[first].context.new_page()
        back.goto(f"{site.address}/?c={conversation}")
        back.wait_for_selector('#tree [data-version="v1"][aria-current]', state="attached", timeout=PATIENCE * 1000)
        assert back.locator("#chat .lm-said .lm-words").text_content() == f"draw a pet of {first}"
        for visit in visits.values():
            visit.close()
    gc.collect()
