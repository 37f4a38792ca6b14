"""The page in a real Chromium: what people do, and what must hold for everyone. Skipped where there is no Chromium."""

from __future__ import annotations

import functools
import gc
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browsing import Visit, axe_source, browsing
from tests.fakes import SlowPainter, build_with_fakes
from tests.serving import Site, serving
from ui.wiring import build

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# gradio and playwright leave sockets and event loops of their own open; that is nothing of ours.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
PAINTING_SECONDS = 0.8
CACHE = Path(__file__).parent.parent / "build" / "axe"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as browser:
        yield browser
    gc.collect()


@pytest.fixture(scope="module")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    from ui.web.server import make_server

    build = functools.partial(build_with_fakes, painter=SlowPainter(PAINTING_SECONDS))
    with serving(tmp_path_factory.mktemp("data"), build, make_server) as site:
        yield site


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Visit]:
    visit = Visit(browser, site)
    yield visit
    visit.close()


def test_from_the_first_wish_to_a_branch(visit: Visit) -> None:
    page = visit.open()
    assert page.locator(".lm-examples img").count() == 4
    assert page.locator(".lm-examples img").first.evaluate("image => image.naturalWidth") > 0
    page.click(".lm-examples button >> nth=0")
    page.wait_for_selector(".lm-unfinished img[src^='/previews/']")
    visit.wait_for_version("v1")
    assert page.locator(".lm-wish").count() == 3
    visit.say("make it happier", "v2")
    assert page.locator(".lm-prompt mark").first.text_content()
    page.keyboard.press("Escape")  # leaves the box
    page.keyboard.press("u")  # undo
    visit.wait_for_version("v1")
    visit.say("give it a hat", "v3")
    assert page.locator('#tree .lm-offshoot [data-version="v3"]').count() == 1
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector('#desk .lm-label >> text="v2"')
    page.click("#desk >> text=Compare")
    page.wait_for_selector("#lm-compare[open] #lm-under")
    before = page.evaluate("getComputedStyle(document.querySelector('#lm-over')).clipPath")
    page.press("#lm-share", "End")
    assert page.evaluate("getComputedStyle(document.querySelector('#lm-over')).clipPath") != before
    page.keyboard.press("Escape")
    page.click('#desk [data-do="branch"]')
    page.wait_for_selector("text=This is an earlier branch")
    visit.say("now paint it blue", "v4")
    assert [version.parents for version in visit.site.app.turns.versions(visit.conversation)][3] == ("v2",)


def test_an_edited_message_stands_beside_the_old_one(visit: Visit) -> None:
    page = visit.open()
    visit.say("draw a fox", "v1")
    page.click(".lm-said [data-do=edit]")
    page.fill(".lm-editor textarea", "draw a red fox & <b>cub</b> {{x}} ${1}")
    page.keyboard.press("Enter")
    visit.wait_for_version("v2")
    assert page.text_content(".lm-said .lm-words") == "draw a red fox & <b>cub</b> {{x}} ${1}"
    assert page.text_content(".lm-count") == "2 of 2"
    page.click(".lm-message-tools [data-do=branch]")
    page.wait_for_selector('#tree [data-version="v1"][aria-current]')
    assert page.text_content(".lm-said .lm-words") == "draw a fox"
    turns = visit.site.app.turns.history(visit.conversation)
    assert [turn.parent_id for turn in turns] == [None, None]


def test_buttons_under_a_picture_paint_without_the_language_model(visit: Visit) -> None:
    page = visit.open()
    visit.say("draw a bear", "v1")
    page.click("figure [data-toggle=prompt-v1]")
    page.click("#prompt-v1 [data-do=exact]")
    page.fill("#prompt-v1 textarea", "A bear, in exactly these words.")
    page.click("#prompt-v1 >> text=Paint exactly this")
    visit.wait_for_version("v2")
    page.click("figure [data-do=four][data-version=v2]")
    visit.wait_for_version("v3")
    assert page.locator(".lm-four figure").count() == 4
    page.click(".lm-four [data-do=return][data-version=v5]")
    visit.wait_for_version("v5")
    versions = visit.site.app.turns.versions(visit.conversation)
    assert versions[1].prompt == "A bear, in exactly these words."
    with page.expect_download() as saved:
        page.click("#desk >> text=Save")
    assert saved.value.suggested_filename == "limner-v5.png"


def test_stop_reload_and_retry(browser: Browser, site: Site) -> None:
    painter: Any = site.app.turns.painter
    painter.before_step, quick = (lambda step: time.sleep(1.0)), painter.before_step
    visit = Visit(browser, site)
    try:
        page = visit.open()
        page.fill("#message textarea", "draw a cake")
        page.keyboard.press("Enter")
        page.wait_for_selector(".lm-live .lm-progress:not(.lm-waiting)")
        page.reload()
        page.wait_for_selector(".lm-live .lm-progress:not(.lm-waiting)")  # the turn went on, and so does the page
        page.keyboard.press("Escape")
        page.wait_for_selector("text=Stopped.")
    finally:
        painter.before_step = quick
    page.click("[data-do=retry]")
    visit.wait_for_version("v1")
    # A page that is left in the middle of a stream says so; that is gradio's own, and the page is gone by then.
    visit.errors = [error for error in visit.errors if not re.search("signal is aborted|Connection errored out", error)]
    visit.close()


def test_history_is_searched_renamed_and_really_deleted(visit: Visit) -> None:
    page = visit.open()
    visit.say("draw a purple octopus", "v1")
    named = visit.conversation
    image = visit.site.app.turns.versions(named)[0].image
    page.fill("#search input", "OCTOPUS purple")
    page.wait_for_function("document.querySelectorAll('#shelf li').length === 1")
    page.click("#shelf [data-do=rename]")
    page.fill("#shelf .lm-editor input", "<i>Inky</i>")
    page.keyboard.press("Enter")
    page.wait_for_selector("#shelf a >> text=<i>Inky</i>")
    page.click("#shelf [data-do=delete]")
    page.click("#shelf .lm-ask .lm-danger")
    page.wait_for_selector(".lm-welcome")
    assert named not in page.url
    assert page.request.get(f"{visit.site.address}/pictures/{image}").status == 404
    assert page.request.get(f"{visit.site.address}/pictures/{image}?small=1").status == 404


@pytest.mark.parametrize(("width", "dark"), [(1360, False), (1360, True), (390, False)])
def test_axe_finds_nothing_serious(browser: Browser, site: Site, width: int, dark: bool) -> None:
    script = axe_source(CACHE)
    visit = Visit(browser, site, width, dark)
    page = visit.open()
    page.wait_for_selector("text=Fake paints, 64 × 64 pixels.")
    assert findings(page, script) == []
    visit.say("draw a robot", "v1")
    visit.say("make it sadder", "v2")
    page.click("[data-options]")
    page.click("figure [data-toggle=prompt-v2]")
    assert page.get_attribute("#chat figure:has([data-version=v2]) img", "alt") == (
        "v2: A full description of this: draw a robot. Now: make it sadder."
    )
    assert findings(page, script) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    if width < 760:
        page.click("[data-drawer=side]")
        page.wait_for_selector("#side.lm-open [data-version=v1]", state="visible")
        page.keyboard.press("Escape")
        page.wait_for_selector("#side", state="hidden")
    visit.close()


def findings(page: Any, script: str) -> list[str]:
    """Return what axe-core finds serious or critical, as short lines."""
    page.evaluate(script)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def test_the_embedded_models_paint_in_the_page(browser: Browser, tmp_path: Path) -> None:
    from ui.web.server import make_server

    with serving(tmp_path, lambda settings: build(settings.model_copy(update={"threads": 1})), make_server) as site:
        visit = Visit(browser, site)
        page = visit.open()
        page.click(".lm-examples button >> nth=0")
        visit.wait_for_version("v1")
        visit.say("make it happier", "v2")
        assert page.locator("#chat .lm-picture img").last.evaluate("image => image.naturalWidth") == 128
        assert page.wait_for_selector("text=The embedded painter paints, 128 × 128 pixels")
        visit.close()
