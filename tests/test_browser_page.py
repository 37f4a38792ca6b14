"""The page in a real Chromium: for everyone, with much on it, and when things go wrong."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from captioner.request import FakeChecker
from tests.browsing import Visit, axe_source, findings
from tests.fakes import SlowPainter, build_with_fakes
from tests.long_conversations import fill
from tests.serving import Site, serving
from ui.settings import Settings
from ui.wiring import App

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# gradio and playwright leave sockets and event loops of their own open; that is nothing of ours.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
CACHE = Path(__file__).parent.parent / "build" / "axe"
LONG_TURNS, LONG_PICTURES = 24, 36
LOST = "Connection to the server was lost"
BROKEN = "signal is aborted|Connection errored out|net::ERR|Failed to fetch|network error|Failed to load resource"
"""What Chromium and gradio's own script log when a connection breaks, as it does in these tests."""
HURT = """<img src=x onerror="window.hurt = 1"><script>window.hurt = 2</script>{{hurt}} ${hurt}"""


def make(app: App) -> Any:
    from ui.web.server import make_server

    return make_server(app)


@pytest.fixture(scope="module")
def talks() -> dict[str, str]:
    """Conversations that are there before the server is, by name."""
    return {}


@pytest.fixture(scope="module")
def site(browser: Browser, talks: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    def build(settings: Settings) -> App:
        checker = FakeChecker(sees=lambda image, word: word != "description")
        app = build_with_fakes(settings, SlowPainter(0.4), checker=checker)
        talks["long"] = fill(app, LONG_TURNS, LONG_PICTURES, side=512)
        return app

    with serving(tmp_path_factory.mktemp("data"), build, make, tries=1) as site:
        talks["short"] = site.app.turns.new_conversation().id
        for message in ("draw a robot", "make it sadder", "give it a hat", "let it snow"):
            site.app.turns.wait(site.app.turns.submit(talks["short"], message), 60)
        yield site


@contextmanager
def visiting(browser: Browser, site: Site, *look: Any) -> Iterator[Visit]:
    visit = Visit(browser, site, *look)
    yield visit
    visit.close()


@pytest.mark.parametrize(("width", "dark"), [(1360, False), (1360, True), (390, False), (390, True)])
def test_axe_finds_nothing_serious(browser: Browser, site: Site, talks: dict[str, str], width: int, dark: bool) -> None:
    script, name = axe_source(CACHE), f"{width}-{'dark' if dark else 'light'}"
    with visiting(browser, site, width, dark) as visit:
        page = visit.open()
        page.wait_for_selector("text=Fake paints, 64 × 64 pixels.")
        visit.picture(f"welcome-{name}")
        assert findings(page, script) == []
        visit.open(talks["short"])
        page.wait_for_selector(".lm-fold >> text=Paint it all at once")
        visit.picture(f"conversation-{name}")
        page.click("#chat .lm-checks summary >> nth=-1")
        page.wait_for_selector("#chat .lm-checks li.lm-gone >> text=description", state="attached")
        page.click("figure [data-toggle=prompt-v4]")
        page.click("[data-options]")
        visit.picture(f"all-open-{name}")
        alt = page.get_attribute("#chat figure:has([data-version=v2]) img", "alt")
        assert alt == "v2: A full description of this: draw a robot. Now: make it sadder."
        assert findings(page, script) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        page.click("[data-options]")
        if width < 760:
            for drawer, inside in (("past", "#shelf a"), ("side", "#desk [data-compare]")):
                page.click(f"[data-drawer={drawer}]")
                page.wait_for_selector(f"#{drawer}.lm-open {inside}", state="visible")
                visit.settle(f"#{drawer}")
                visit.picture(f"drawer-{drawer}-{name}")
                assert findings(page, script) == []
                page.keyboard.press("Escape")
                page.wait_for_selector(f"#{drawer}", state="hidden")
        else:
            for opener, dialog in (("#desk [data-compare]", "#lm-compare"), ("#desk [data-mask]", "#lm-mask")):
                page.click(opener)
                page.wait_for_selector(f"{dialog}[open]")
                visit.picture(f"{dialog[4:]}-{name}")
                assert findings(page, script) == []
                page.keyboard.press("Escape")
                page.wait_for_selector(dialog, state="hidden")


def test_a_conversation_is_painted_branched_and_stopped_with_the_keyboard_alone(browser: Browser, site: Site) -> None:
    def focused() -> str:
        name = "document.activeElement.getAttribute('aria-label') || document.activeElement.textContent"
        return str(page.evaluate(f"({name}).trim()"))

    with visiting(browser, site) as visit:
        page, keys = visit.open(), visit.page.keyboard
        page.wait_for_function("document.activeElement.closest('#message')")  # one can write at once
        for message, label in (("draw a robot", "v1"), ("make it sadder", "v2")):
            keys.type(message)
            keys.press("Enter")
            visit.wait_for_version(label)
        keys.press("Escape")  # leaves the line
        keys.press("ArrowLeft")
        page.wait_for_selector('#desk .lm-label >> text="v1"')
        keys.press("ArrowRight")
        page.wait_for_selector('#desk .lm-label >> text="v2"')
        keys.press("u")
        visit.wait_for_version("v1")
        page.focus("button#new, #new button")
        seen = [focused()]
        while len(seen) < 120 and "Send" not in seen:
            keys.press("Tab")
            seen.append(focused())
            is_visible = "document.activeElement.matches(':focus-visible')"
            assert page.evaluate(is_visible), seen[-1]
        for name in ("New picture", "Options", "Paint v1 again, another way", "The prompt of v2", "Edit this message"):
            assert name in seen, seen
        while len(seen) < 160 and not focused().startswith("v2"):  # on to the versions
            keys.press("Tab")
            seen.append(focused())
        keys.press("Enter")
        page.wait_for_selector('#desk .lm-label >> text="v2"')
        page.focus("#desk [data-compare]")
        keys.press("Enter")
        page.wait_for_selector("#lm-compare[open]")
        keys.press("Escape")
        page.wait_for_selector("#lm-compare", state="hidden")
        assert page.evaluate("document.activeElement.matches('[data-compare]')")  # back where one was
        page.focus("#desk [data-do=branch]")
        keys.press("Enter")
        page.wait_for_selector("text=This is an earlier branch")
        painter: Any = site.app.turns.painter
        painter.before_step, quick = (lambda step: time.sleep(0.5)), painter.before_step
        try:
            page.focus("#message textarea")
            keys.type("paint it blue")
            keys.press("Enter")
            page.wait_for_selector(".lm-live .lm-progress:not(.lm-waiting)")
            keys.press("Escape")
            page.wait_for_selector("text=Stopped.")
        finally:
            painter.before_step = quick
        page.focus("[data-do=retry]")
        keys.press("Enter")
        visit.wait_for_version("v3")
        assert site.app.turns.versions(visit.conversation)[2].parents == ("v2",)


def test_pictures_out_of_sight_are_not_fetched_until_they_are_scrolled_to(
    browser: Browser, site: Site, talks: dict[str, str]
) -> None:
    with visiting(browser, site) as visit:
        fetched: set[str] = set()
        visit.page.on("request", lambda request: fetched.add(request.url) if "/pictures/" in request.url else None)
        page = visit.open(talks["long"])
        visit.wait_for_version(f"v{LONG_PICTURES}")
        page.wait_for_function("[...document.querySelectorAll('#chat img')].at(-1).complete")
        page.wait_for_timeout(500)
        large = {url for url in fetched if "w=112" not in url}
        assert all("w=" in url for url in fetched)  # never whole ones
        assert 1 <= len(large) <= LONG_PICTURES / 2 and len(fetched) <= LONG_PICTURES
        height = page.evaluate("document.querySelector('#scroll').scrollHeight")
        page.evaluate("document.querySelector('#scroll').scrollTop = 0")
        page.wait_for_function("document.querySelector('#chat img').complete")
        assert len({url for url in fetched if "w=112" not in url}) > len(large)
        page.evaluate("document.querySelector('#scroll').scrollTop = 1e9")
        page.wait_for_function("[...document.querySelectorAll('#chat img')].at(-1).naturalWidth === 448")
        # What was never laid out has a guessed height, near enough that nothing jumps far.
        assert abs(page.evaluate("document.querySelector('#scroll').scrollHeight") - height) < height / 3


def test_a_lost_connection_is_said_and_the_turn_is_there_when_it_is_back(browser: Browser, site: Site) -> None:
    painter: Any = site.app.turns.painter
    with visiting(browser, site) as visit:
        page = visit.open()
        painter.before_step, quick = (lambda step: time.sleep(0.3)), painter.before_step
        try:
            page.fill("#message textarea", "draw a lighthouse")
            page.keyboard.press("Enter")
            page.wait_for_selector(".lm-live .lm-progress:not(.lm-waiting)")
            visit.context.set_offline(True)
            page.fill("#message textarea", "and then a ship")
            page.click("#stop")  # whatever one does now, it is said
            page.wait_for_selector(f"text={LOST}")
        finally:
            painter.before_step = quick
        visit.context.set_offline(False)
        page.wait_for_selector(".lm-said >> text=draw a lighthouse")
        visit.wait_for_version("v1")
        assert page.input_value("#message textarea") == "and then a ship"
        visit.allow(BROKEN)


def test_an_answer_that_comes_as_the_stream_of_answers_closes_is_shown(browser: Browser, site: Site) -> None:
    with visiting(browser, site) as visit:
        page = visit.open()
        closed = {"content_type": "text/event-stream", "body": 'data: {"msg": "close_stream"}\n\n'}
        page.route("**/queue/data?*", lambda route: route.fulfill(**closed), times=1)
        page.fill("#message textarea", "draw a lighthouse")
        page.keyboard.press("Enter")
        page.wait_for_selector(".lm-said >> text=draw a lighthouse")
        visit.wait_for_version("v1")


def test_a_server_that_is_restarted_under_an_open_page_loses_nothing(browser: Browser, tmp_path: Path) -> None:
    build = functools.partial(build_with_fakes, painter=SlowPainter(0.2))
    with serving(tmp_path, build, make) as site:
        visit = Visit(browser, site)
        page = visit.open()
        visit.say("draw a fox", "v1")
    port = int(site.address.rpartition(":")[2])
    page.fill("#message textarea", "make it happier")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"text={LOST}")
    with serving(tmp_path, build, make, port=port) as site:
        page.wait_for_selector(f"text={LOST}", state="detached")
        visit.wait_for_version("v1")
        assert page.input_value("#message textarea") == "make it happier"
        page.keyboard.press("Tab")
        page.press("#message textarea", "Enter")
        visit.wait_for_version("v2")
    with serving(tmp_path, build, make, port=port) as site:
        visit.site = site
        visit.say("let it snow", "v3")  # it was away while nobody looked
        turns = site.app.turns.history(visit.conversation)
        assert [turn.message for turn in turns] == ["draw a fox", "make it happier", "let it snow"]
        visit.allow(BROKEN)
        visit.close()


def test_a_full_disk_is_said_and_the_message_stays_to_be_sent_again(browser: Browser, tmp_path: Path) -> None:
    with serving(tmp_path, build_with_fakes, make) as site:
        engine = site.app.store.database.engine

        def is_full(connection: Any, *_: Any) -> None:
            connection.execute(f"PRAGMA max_page_count = {connection.execute('PRAGMA page_count').fetchone()[0]}")

        def has_room(connection: Any, *_: Any) -> None:
            connection.execute("PRAGMA max_page_count = 1000000")

        with visiting(browser, site) as visit:
            page = visit.open()
            message = "draw a bunny " * 20_000
            event.listen(engine, "checkout", is_full)
            page.fill("#message textarea", message)
            page.press("#message textarea", "Enter")
            page.wait_for_selector(".toast-wrap >> text=disk is full")
            assert page.input_value("#message textarea") == message
            event.remove(engine, "checkout", is_full)
            event.listen(engine, "checkout", has_room)
            visit.say("draw a bunny", "v1")
            assert len(site.app.turns.list_conversations()) == 1


def test_what_is_pasted_is_shown_and_never_run(browser: Browser, site: Site) -> None:
    with visiting(browser, site) as visit:
        page = visit.open()
        visit.say(f"draw {HURT}", "v1")
        page.click("figure [data-toggle=prompt-v1]")
        page.click("#prompt-v1 [data-do=exact]")
        page.fill("#prompt-v1 textarea", HURT)
        page.click("#prompt-v1 >> text=Paint exactly this")
        visit.wait_for_version("v2")
        page.hover("#shelf li")
        page.click("#shelf [data-do=rename] >> nth=0")
        page.fill("#shelf .lm-editor input", HURT[:55])
        page.keyboard.press("Enter")
        page.wait_for_selector("#shelf a >> text=onerror")
        page.click("#desk [data-compare]")
        page.wait_for_selector("#lm-compare[open]")
        for again in range(2):
            assert page.text_content(".lm-said .lm-words") == f"draw {HURT}"
            assert page.text_content("#desk .lm-prompt") == HURT
            assert page.evaluate("window.hurt") is None and page.locator("img[src=x]").count() == 0
            if not again:
                visit.open(visit.conversation)


def test_options_that_do_nothing_are_not_offered(browser: Browser, tmp_path: Path) -> None:
    counted: dict[int, int] = {}
    build: Callable[[Settings], App] = functools.partial(build_with_fakes, checker=FakeChecker())
    for tries in (0, 1):
        with serving(tmp_path, build, make, tries=tries) as site, visiting(browser, site) as visit:
            visit.open().click("[data-options]")
            counted[tries] = visit.page.locator("#options >> text=Check the picture").count()
    assert counted == {0: 0, 1: 1}
