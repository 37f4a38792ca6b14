"""The page in a real Chromium: what people do, and what must hold for everyone."""

from __future__ import annotations

import functools
import io
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from tests.browsing import Visit, axe_source, findings
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
    assert visit.site.app.seen.is_set()  # now, and no sooner, models load
    assert page.locator(".lm-examples img").count() == 4
    page.wait_for_function("document.querySelector('.lm-examples img').naturalWidth > 0")
    painter, seen = visit.site.app.turns.painter, threading.Event()
    painter.before_step, quick = (lambda step: quick(step) or step < 5 or seen.wait(60)), painter.before_step
    try:
        page.click(".lm-examples button >> nth=0")
        page.wait_for_selector(".lm-unfinished img[src^='/previews/']")  # else it is there for half a second
    finally:
        seen.set()
        painter.before_step = quick
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
    page.click("[popovertarget=vary-v2]")
    page.click("#vary-v2 [data-do=four]")
    visit.wait_for_version("v3")
    assert page.locator(".lm-four figure").count() == 4
    page.click(".lm-four [data-do=return][data-version=v5]")
    visit.wait_for_version("v5")
    versions = visit.site.app.turns.versions(visit.conversation)
    assert versions[1].prompt == "A bear, in exactly these words."
    with page.expect_download() as saved:
        page.click("#desk >> text=Save")
    assert saved.value.suggested_filename == "limner-v5.png"


def test_a_picture_of_ones_own_is_brought_and_what_is_none_is_said(visit: Visit, tmp_path: Path) -> None:
    page = visit.open()
    photo, letter = tmp_path / "photo.png", tmp_path / "letter.png"
    Image.new("RGB", (64, 48), "orange").save(photo)
    letter.write_text("Dear all")
    page.set_input_files("#lm-file", letter)
    page.wait_for_selector(".toast-wrap >> text=The picture cannot be read")
    page.set_input_files("#lm-file", photo)
    visit.wait_for_version("v1")
    assert page.text_content(".lm-said").startswith("Youa picture of your own")
    visit.say("make it happier", "v2")
    assert visit.site.app.turns.versions(visit.conversation)[1].parents == ("v1",)
    visit.errors = [error for error in visit.errors if "400 (Bad Request)" not in error]


def mask_the_right_half(page: Any, label: str) -> None:
    page.click(f"#desk [data-mask={label}]")
    box = page.locator("#lm-mask canvas").bounding_box()
    page.check("#lm-mask [value=box]")
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] - 2)
    page.mouse.up()
    page.click("#lm-mask >> text=Use this mask")
    page.wait_for_selector(f"#lm-masked >> text=Only inside your mask on {label}")


def test_an_edit_keeps_to_the_mask_that_was_painted(visit: Visit) -> None:
    visit.open()
    visit.say("draw a lamp", "v1")
    mask_the_right_half(visit.page, "v1")
    visit.say("paint it green", "v2")
    assert visit.page.locator("#lm-masked").is_hidden()
    recipe = visit.site.app.turns.versions(visit.conversation)[1].recipe
    assert recipe is not None and recipe.mask is not None
    mask = np.array(Image.open(io.BytesIO(visit.site.app.blobs.read(recipe.mask))).convert("L"))
    left, right = mask[:, : mask.shape[1] // 2 - 1], mask[2:-2, mask.shape[1] // 2 + 1 : -2]
    assert not left.any() and right.all()
    visit.say("and now blue", "v3")
    assert visit.site.app.turns.versions(visit.conversation)[2].recipe.mask is None  # a mask is for one message


def test_an_edit_becomes_a_new_picture_and_a_new_picture_an_edit(visit: Visit) -> None:
    page = visit.open()
    visit.say("draw a whale", "v1")
    visit.say("make it happier", "v2")
    assert "Changed v1: " in (page.text_content(".lm-done") or "")
    page.click("text=Make a new picture instead")
    visit.wait_for_version("v3")
    page.click("text=Change v1 instead")
    visit.wait_for_version("v4")
    assert [version.parents for version in visit.site.app.turns.versions(visit.conversation)] == [
        (),
        ("v1",),
        (),
        ("v1",),
    ]
    assert page.text_content(".lm-count") == "3 of 3"


def test_options_are_kept_by_the_browser_and_paint_what_they_say(visit: Visit) -> None:
    page = visit.open()
    page.wait_for_selector("text=Fake paints")
    page.click("[data-options]")
    page.click("#count label >> text=6")
    page.click("#style input")
    page.click("[role=option] >> text=Watercolour")
    page.wait_for_selector("#options-set >> text=×6 watercolour")
    page.wait_for_function("localStorage.getItem('limner-options')")
    visit.say("draw a moose.", "v1")
    assert page.locator(".lm-many figure").count() == 6
    visit.say("make it happier", "v7")
    messages = [turn.message for turn in visit.site.app.turns.history(visit.conversation)]
    assert messages == ["draw a moose, as a watercolour", "make it happier"]
    visit.open()
    page.wait_for_selector("#options-set >> text=×6 watercolour")


def test_stop_reload_and_retry(browser: Browser, site: Site) -> None:
    painter: Any = site.app.turns.painter
    painter.before_step, quick = (lambda step: time.sleep(3.0)), painter.before_step
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
    assert page.request.get(f"{visit.site.address}/pictures/{image}?w=112").status == 404


def sign_in(visit: Visit, name: str, password: str) -> None:
    visit.page.fill("[name=name]", name)
    visit.page.fill("[name=password]", password)
    visit.page.keyboard.press("Enter")


def test_two_people_sign_in_and_neither_finds_the_others_pictures(browser: Browser, tmp_path: Path) -> None:
    from ui.web.server import make_server

    with serving(tmp_path, build_with_fakes, make_server, auth=True) as site:
        for name in ("ada", "bob"):
            site.app.users.set(name, f"password of {name}", name, site.app.turns.clock())
        ada, bob = Visit(browser, site), Visit(browser, site, 390)
        ada.page.goto(site.address)
        sign_in(ada, "ada", "a wrong password")
        ada.page.wait_for_selector("[role=alert] >> text=do not go together")
        sign_in(ada, "ada", "password of ada")
        ada.page.wait_for_selector(".lm-welcome")
        ada.page.wait_for_selector("#who >> text=ada")
        ada.say("draw a purple secret", "v1")
        address = f"{site.address}{ada.page.get_attribute('#chat figure a', 'href')}"
        assert ada.page.request.get(address).status == 200

        bob.page.goto(f"{site.address}/?c={ada.conversation}")
        assert findings(bob.page, axe_source(CACHE)) == []
        sign_in(bob, "bob", "password of bob")
        bob.page.wait_for_selector(".toast-wrap >> text=There is no conversation")
        bob.page.wait_for_selector(".lm-welcome")
        assert "purple" not in bob.page.content()
        for query in ("", "?w=112", "?save=v1"):
            assert bob.page.request.get(address + query).status == 404
        bob.page.click("[data-drawer=past]")
        bob.page.click("text=Sign out")
        bob.page.wait_for_selector("h1 >> text=Limner")
        assert bob.page.url == f"{site.address}/sign-in"
        assert bob.page.request.get(address).status == 401
        ada.errors = [error for error in ada.errors if "401" not in error]  # the wrong password, which Chromium logs
        ada.close()
        bob.close()


def test_the_embedded_models_paint_in_the_page(browser: Browser, tmp_path: Path) -> None:
    from ui.web.server import make_server

    with serving(tmp_path, lambda settings: build(settings.model_copy(update={"threads": 1})), make_server) as site:
        visit = Visit(browser, site)
        page = visit.open()
        page.click(".lm-examples button >> nth=0")
        visit.wait_for_version("v1")
        visit.say("make it happier", "v2")
        assert [(version.width, version.height) for version in site.app.turns.versions(visit.conversation)] == 2 * [
            (512, 512)
        ]
        assert page.wait_for_selector("text=The embedded painter paints, 512 × 512 pixels")
        mask_the_right_half(page, "v2")
        visit.say("make it night", "v3")
        before, after = (
            np.array(Image.open(io.BytesIO(site.app.blobs.read(version.image)))).astype(int)
            for version in site.app.turns.versions(visit.conversation)[1:]
        )
        assert (before[:, :252] == after[:, :252]).all() and np.abs(before - after)[32:-32, 288:-32].mean() > 10
        visit.close()
