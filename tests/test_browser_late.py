"""The page in a real Chromium where answers come late, out of order or never: none lands where it does not belong."""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from generation.request import BlobReader, FakeRegionFinder, Region, RenderRequest
from tests.browsing import PATIENCE_MS, Visit
from tests.fakes import SlowPainter, build_with_fakes
from tests.serving import Site, serving
from tests.test_browser_tending import DogSpotter

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request, Route

PAINTED = """() => { const sheet = document.querySelector("#lm-mask canvas");
  return sheet.getContext("2d").getImageData(0, 0, sheet.width, sheet.height).data.some(Boolean); }"""
"""Says whether anything is painted in the mask that is open."""
TWICE = """() => ["first", "second"].forEach(() => document.querySelector("#message textarea").dispatchEvent(
  new KeyboardEvent("keypress", { key: "Enter", bubbles: true, cancelable: true })))"""
"""The key that sends, twice before the page can answer."""
Held = list[Callable[[], None]]
# gradio and playwright leave sockets and event loops of their own open; that is nothing of ours.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
SETTLED_MS = 1500
"""After so long a follower has seen that its tab looks elsewhere, and what gradio repeats has come."""


class HeldPainter(SlowPainter):
    """Paints on at its second step once it may; finds regions, too."""

    def __init__(self) -> None:
        super().__init__(0.0)
        self.may = threading.Event()
        self.may.set()
        self.before_step = lambda step: step < 2 or self.may.wait(60)

    def find_region(self, request: RenderRequest, blobs: BlobReader) -> Region | None:
        return FakeRegionFinder().find_region(request, blobs)


PAINTER, EYES = HeldPainter(), DogSpotter()


@pytest.fixture(scope="module")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    from ui.web.server import make_server

    build = functools.partial(build_with_fakes, painter=PAINTER, captioner=EYES)
    with serving(tmp_path_factory.mktemp("data"), build, make_server) as site:
        yield site


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Visit]:
    visit = Visit(browser, site)
    yield visit
    PAINTER.may.set()
    EYES.may_look.set()
    visit.close()


@contextmanager
def held(page: Page, address: str, is_it: Callable[[Request], bool] = lambda request: True) -> Iterator[Held]:
    """Hold the answers to some requests back, though the server has given them, until they are let go."""
    held: Held = []

    def hold(route: Route) -> None:
        if is_it(route.request):
            answer = route.fetch()
            held.append(lambda: route.fulfill(response=answer))
        else:
            route.continue_()

    page.route(address, hold)
    yield held
    page.unroute(address, hold)


def until(page: Page, happened: Callable[[], object]) -> None:
    for _ in range(PATIENCE_MS // 50):
        if happened():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it did not happen")


def looks(request: Request) -> bool:
    """Say whether a request asks for the picture of a version, by the label that is its last value."""
    return bool(re.fullmatch(r"v\d+", str((request.post_data_json or {}).get("data", [""])[-1])))


def test_a_conversation_that_is_left_while_its_picture_is_painted_does_not_come_back(visit: Visit) -> None:
    page = visit.open()
    visit.say("draw a fox", "v1")
    PAINTER.may.clear()
    page.fill("#message textarea", "make it happier")
    page.keyboard.press("Enter")
    page.wait_for_selector(".lm-live")
    page.click("#new")
    page.wait_for_selector(".lm-welcome")
    page.wait_for_timeout(SETTLED_MS)
    assert page.locator(".lm-live").count() == 0 and page.locator("#send").is_visible()


def test_a_conversation_that_is_left_before_its_pictures_are_in_words_does_not_come_back(visit: Visit) -> None:
    page = visit.open()
    EYES.may_look.clear()
    visit.say("draw a fox", "v1")
    page.click("#new")
    page.wait_for_selector(".lm-welcome")
    page.wait_for_timeout(SETTLED_MS)
    assert page.locator("#desk img").count() == 0 and page.input_value("#conversation textarea") == ""


def test_a_key_whose_answer_comes_as_the_stream_of_answers_closes_is_heard(visit: Visit) -> None:
    page = visit.open()
    visit.say("draw a fox", "v1")
    visit.say("make it happier", "v2")
    page.wait_for_timeout(SETTLED_MS)  # until the stream is closed
    closed = {"content_type": "text/event-stream", "body": 'data: {"msg": "close_stream"}\n\n'}
    asked: list[str] = []
    page.route("**/queue/data?*", lambda route: (asked.append(route.request.url), route.fulfill(**closed)), times=1)
    page.keyboard.press("Escape")  # leaves the box
    page.keyboard.press("u")
    visit.wait_for_version("v1")
    assert asked


def test_the_version_that_was_looked_at_last_is_shown_though_the_one_before_comes_late(visit: Visit) -> None:
    page = visit.open()
    for message, label in (("draw a fox", "v1"), ("make it happier", "v2"), ("give it a hat", "v3")):
        visit.say(message, label)
    with held(page, "**/gradio_api/run/**", looks) as late:
        page.click("#tree .lm-row[data-version=v1]")
        until(page, lambda: late)
        page.click("#tree .lm-row[data-version=v2]")
        page.wait_for_timeout(300)  # for its question, were it not to wait for the first one's answer
        while late:
            late.pop(0)()
            page.wait_for_timeout(300)
    page.wait_for_selector('#desk .lm-label >> text="v2"')


def test_a_picture_that_comes_after_its_conversation_was_left_is_not_shown(visit: Visit) -> None:
    page = visit.open()
    visit.say("draw a fox", "v1")
    visit.say("make it happier", "v2")
    with held(page, "**/gradio_api/run/**", looks) as late:
        page.click("#tree .lm-row[data-version=v1]")
        until(page, lambda: late)
        page.click("#new")
        page.wait_for_selector(".lm-welcome")
        late.pop()()
        page.wait_for_timeout(SETTLED_MS)
    assert page.locator("#desk img").count() == 0


def test_a_lock_stays_shown_though_the_answer_from_before_it_comes_late(visit: Visit) -> None:
    page = visit.open()
    visit.say("draw a fox", "v1")
    with held(page, "**/locks?*", lambda request: request.method == "GET") as late:
        lock_words(page)
        until(page, lambda: late)
        page.wait_for_timeout(300)  # for the lock's own answer, were it not to wait for the first
        late.pop()()
        page.wait_for_selector("#prompt-v1 .lm-locks >> text=full description")
        page.wait_for_timeout(300)
    assert page.text_content("#prompt-v1 .lm-locks li span", timeout=1000) == "full description"


def lock_words(page: Page) -> None:
    """Open the prompt of v1, which asks what is locked, and lock two words of it."""
    page.click("[data-toggle=prompt-v1]")
    page.click("#prompt-v1 [data-lock]")
    page.fill("#prompt-v1 .lm-editor input", "full description")
    page.keyboard.press("Enter")


def test_words_are_locked_where_they_stood_though_their_turn_comes_after_that_was_left(visit: Visit) -> None:
    page, turns = visit.open(), visit.site.app.turns
    visit.say("draw a fox", "v1")
    conversation = visit.conversation
    with held(page, "**/locks?*", lambda request: request.method == "GET") as late:
        lock_words(page)
        until(page, lambda: late)
        page.click("#new")
        page.wait_for_selector(".lm-welcome")
        late.pop()()
        until(page, lambda: turns.locked(conversation, "v1", visit.site.app.owner) == ("full description",))


def test_a_picture_that_was_brought_pulls_nobody_back_to_it(visit: Visit, tmp_path: Path) -> None:
    page = visit.open()
    visit.say("draw a fox", "v1")
    Image.new("RGB", (64, 48), "orange").save(tmp_path / "photo.png")
    page.click("#new")
    page.wait_for_selector(".lm-welcome")
    known = page.locator("#shelf a").count()
    with held(page, "**/pictures?*") as late:
        page.set_input_files("#lm-file", tmp_path / "photo.png")
        until(page, lambda: late)
        page.click("#shelf a >> nth=0")
        visit.wait_for_version("v1")
        where = visit.conversation
        late.pop()()
        page.wait_for_function(f"document.querySelectorAll('#shelf a').length === {known + 1}")
    page.wait_for_timeout(SETTLED_MS)
    assert visit.conversation == where and page.text_content(".lm-said .lm-words") == "draw a fox"


@pytest.mark.parametrize("way", ["a wish", "the button", "the key"])
def test_what_is_sent_twice_at_once_begins_one_conversation(visit: Visit, way: str) -> None:
    page, turns = visit.open(), visit.site.app.turns
    before = len(turns.list_conversations())
    if way == "a wish":
        page.dblclick(".lm-examples button >> nth=0")
    else:
        page.fill("#message textarea", "draw a fox")
        if way == "the button":
            page.dblclick("#send")
        else:
            page.evaluate(TWICE)
    visit.wait_for_version("v1")
    page.wait_for_timeout(SETTLED_MS)
    assert len(turns.list_conversations()) == before + 1


def mark_and_say(page: Page, message: str) -> None:
    """Use a mask, and send the message before it can have arrived."""
    page.click("#desk [data-mask]")
    page.click("#lm-mask canvas")
    page.click("#lm-mask >> text=Use this mask")
    page.fill("#message textarea", message)
    page.keyboard.press("Enter")


def test_a_message_waits_for_the_mask_that_it_is_held_to(visit: Visit) -> None:
    page = visit.open()
    visit.say("draw a fox", "v1")
    with held(page, "**/masks?*") as late:
        mark_and_say(page, "paint it green")
        until(page, lambda: late)
        page.wait_for_timeout(300)  # for the message, were it not to wait
        late.pop()()
        visit.wait_for_version("v2")
    recipe = visit.site.app.turns.versions(visit.conversation)[1].recipe
    assert recipe is not None and recipe.mask is not None
    assert page.locator("#lm-masked").is_hidden()


def test_a_message_whose_mask_did_not_arrive_stays_to_be_sent_again(visit: Visit) -> None:
    page = visit.open()
    visit.say("draw a fox", "v1")
    asked: list[Route] = []
    page.route("**/masks?*", lambda route: asked.append(route))
    mark_and_say(page, "paint it green")
    until(page, lambda: asked)
    asked[0].abort()
    page.wait_for_selector(".toast-wrap >> text=The mask could not be sent")
    assert page.input_value("#message textarea") == "paint it green"
    assert len(visit.site.app.turns.history(visit.conversation)) == 1
    visit.allow("net::ERR")


def test_a_mask_whose_conversation_was_left_holds_no_message(visit: Visit) -> None:
    page = visit.open()
    visit.say("draw a fox", "v1")
    with held(page, "**/masks?*") as late:
        mark_and_say(page, "")
        until(page, lambda: late)
        page.click("#new")
        page.wait_for_selector(".lm-welcome")
        late.pop()()
        page.wait_for_timeout(300)
    assert page.locator("#lm-masked").is_hidden()


def test_a_thing_that_comes_late_is_not_painted_into_another_mask(visit: Visit) -> None:
    page = visit.open()
    visit.say("draw a bunny", "v1")
    with held(page, "**/parts?*") as late:
        page.click("#desk [data-mask]")
        page.check("#lm-mask [value=thing]")
        page.click("#lm-mask canvas", position={"x": 60, "y": 40})
        until(page, lambda: late)
        page.click("#lm-mask >> text=Cancel")
        page.click("#desk [data-mask]")
        late.pop()()
        page.wait_for_timeout(500)
        assert not page.evaluate(PAINTED)
        page.click("#lm-mask canvas", position={"x": 60, "y": 40})
        until(page, lambda: late)
        late.pop()()
        page.wait_for_selector("#lm-found >> text=Selected: the bunny")
        assert page.evaluate(PAINTED)


def test_options_that_are_set_in_a_row_are_remembered_as_they_are_at_last(visit: Visit) -> None:
    page = visit.open()
    page.click("[data-options]")
    with held(page, "**/gradio_api/run/**", lambda request: len(request.post_data_json["data"]) == 7) as late:
        page.click("#count label >> text=6")
        until(page, lambda: late)
        page.click("#count label >> text=3")
        page.wait_for_timeout(300)  # for its question, were it not to wait for the first one's answer
        while late:
            late.pop()()  # the later one first
            page.wait_for_timeout(300)
    page = visit.open()
    page.wait_for_selector("#options-set >> text=×3")
