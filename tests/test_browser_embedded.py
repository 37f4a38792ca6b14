"""The page in a real Chromium with the embedded models and nothing faked: one conversation over all that people do."""

from __future__ import annotations

import gc
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from assistant.messages import Turn, TurnStatus, Version
from tests.browsing import PATIENCE_MS, Visit, axe_source, browsing, findings
from tests.serving import Site, serving
from tests.test_browser import CACHE, mask_the_right_half, sign_in
from tests.test_browser_page import BROKEN
from ui.wiring import build

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# gradio and playwright leave sockets and event loops of their own open; that is nothing of ours.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
PAINTING = ".lm-live .lm-progress:not(.lm-waiting)"


def versions(visit: Visit) -> list[Version]:
    return visit.site.app.turns.versions(visit.conversation, "ada")


def pixels(site: Site, version: Version) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(site.app.blobs.read(version.image))).convert("RGB")).astype(int)


def begin(visit: Visit, message: str) -> None:
    visit.page.fill("#message textarea", message)
    visit.page.press("#message textarea", "Enter")
    visit.page.wait_for_selector(PAINTING)


def test_one_conversation_over_all_that_people_do(tmp_path: Path) -> None:
    from ui.web.server import make_server

    def embedded(settings: Any) -> Any:
        return build(settings.model_copy(update={"threads": 1}))

    with browsing() as browser, serving(tmp_path, embedded, make_server, auth=True) as site:
        for name in ("ada", "bob"):
            site.app.users.set(name, f"password of {name}", name, site.app.turns.clock())
        ada = Visit(browser, site)
        ada.page.set_default_timeout(3 * PATIENCE_MS)  # the models load at the first picture
        ada.page.goto(site.address)
        sign_in(ada, "ada", "password of ada")
        ada.page.wait_for_selector(".lm-welcome")
        paint_undo_branch_and_compare(ada)
        keep_to_a_mask(ada)
        stop_and_try_again(ada)
        reload_in_the_middle(ada)
        assert findings(ada.page, axe_source(CACHE)) == []
        go_on_by_keys_alone(ada)
        find_nothing_of_another_on_a_phone(browser, site, ada)
        ada.allow(BROKEN)  # of the reload
        ada.close()
    gc.collect()


def paint_undo_branch_and_compare(ada: Visit) -> None:
    page = ada.page
    page.click(".lm-examples button >> nth=0")
    ada.wait_for_version("v1")
    assert "The embedded painter paints, 512 × 512 pixels" in page.inner_text(".lm-model")
    ada.say("make it happier", "v2")
    page.keyboard.press("Escape")  # leaves the box
    page.keyboard.press("u")
    ada.wait_for_version("v1")
    ada.say("make it night", "v3")
    first, happier, night = versions(ada)
    assert (first.parents, happier.parents, night.parents) == ((), ("v1",), ("v1",))
    assert len({first.image, happier.image, night.image}) == 3
    page.click("#desk [data-compare]")
    page.wait_for_selector("#lm-compare[open]")
    clipped = "getComputedStyle(document.querySelector('#lm-over')).clipPath"
    before = page.evaluate(clipped)
    page.press("#lm-share", "End")
    assert page.evaluate(clipped) != before
    page.keyboard.press("Escape")


def keep_to_a_mask(ada: Visit) -> None:
    mask_the_right_half(ada.page, "v3")
    ada.say("let it snow", "v4")
    before, after = (pixels(ada.site, version) for version in versions(ada)[2:])
    assert (before[:, :252] == after[:, :252]).all() and (before[:, 288:] != after[:, 288:]).any()


def finished(ada: Visit, message: str) -> Turn:
    """Return the last turn, once it has painted and the page shows it."""
    turns = ada.site.app.turns
    turns.wait(turns.history(ada.conversation, "ada")[-1].id, 180, "ada")
    turn = turns.history(ada.conversation, "ada")[-1]
    assert (turn.message, turn.status) == (message, TurnStatus.DONE) and turn.made, (turn.reply, turn.error)
    ada.wait_for_version(turn.made[0])
    return turn


def stop_and_try_again(ada: Visit) -> None:
    page, before = ada.page, len(versions(ada))
    page.click("[data-options]")
    page.click("#count label >> text=4")
    page.click("[data-options]")  # else Escape shuts these first
    begin(ada, "as a watercolour")
    page.keyboard.press("Escape")
    page.wait_for_selector("text=Stopped.")
    assert len(versions(ada)) == before
    page.click("[data-do=retry]")
    page.wait_for_selector("#stop", state="visible")
    assert len(finished(ada, "as a watercolour").made) == 4
    assert page.locator(".lm-four figure").count() == 4


def reload_in_the_middle(ada: Visit) -> None:
    begin(ada, "give it a red hat")
    ada.page.reload()
    finished(ada, "give it a red hat")
    assert ada.page.locator(".lm-said .lm-words").last.text_content() == "give it a red hat"


def go_on_by_keys_alone(ada: Visit) -> None:
    page, keys = ada.page, ada.page.keyboard
    for _ in range(200):  # to the line to write on, wherever one is
        keys.press("Tab")
        if page.evaluate("!!document.activeElement.closest('#message')"):
            break
    keys.type("make it sadder")
    keys.press("Enter")
    page.wait_for_selector("#stop", state="visible")
    made = finished(ada, "make it sadder").made[0]
    parent = next(version for version in versions(ada) if version.label == made).parents[0]
    keys.press("Escape")
    keys.press("u")
    ada.wait_for_version(parent)
    rows = page.eval_on_selector_all("#tree .lm-row", "rows => rows.map((row) => row.dataset.version)")
    keys.press("ArrowLeft")
    page.wait_for_selector(f'#desk .lm-label >> text="{rows[rows.index(parent) - 1]}"')


def find_nothing_of_another_on_a_phone(browser: Browser, site: Site, ada: Visit) -> None:
    bob = Visit(browser, site, 390)
    bob.page.goto(f"{site.address}/?c={ada.conversation}")
    sign_in(bob, "bob", "password of bob")
    bob.page.wait_for_selector(".toast-wrap >> text=There is no conversation")
    bob.page.wait_for_selector(".lm-welcome")
    assert "make it sadder" not in bob.page.content()
    address = f"{site.address}/pictures/{versions(ada)[0].image}"
    assert ada.page.request.get(address).status == 200
    assert [bob.page.request.get(address + more).status for more in ("", "?w=112", "?save=v1")] == [404] * 3
    bob.say("a fox in the snow", "v1")
    bob.say("make it happier", "v2")
    assert bob.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert findings(bob.page, axe_source(CACHE)) == []
    bob.close()
