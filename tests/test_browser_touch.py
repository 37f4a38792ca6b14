"""The page in a real Chromium under fingers: touches as a phone sends them, 390 pixels wide, no mouse."""

from __future__ import annotations

import contextlib
import functools
import gc
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browsing import Visit, browsing
from tests.fakes import build_with_fakes
from tests.serving import serving
from tests.test_browser_tools import FindingPainter, mask_of

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

# gradio and playwright leave sockets and event loops of their own open; that is nothing of ours.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
Place = tuple[float, float]


class Finger:
    """Drags on a page through the browser itself, so that scrolling and `touch-action` act as they do on a phone.

    Taps are the page's own: of a tap in the session that has dragged, Chromium makes no click.
    """

    def __init__(self, page: Page):
        self.page = page
        self.browser = page.context.new_cdp_session(page)

    def tap(self, part: str | Place, then: str) -> None:
        """Tap until what comes of it is there: a busy browser can take the first tap after a drag for its end."""
        from playwright.sync_api import TimeoutError as TooLong

        for _ in range(10):
            if not isinstance(part, tuple):
                self.page.locator(part).tap(trial=True)  # what still slides in would be missed, and shut by that
            self.page.touchscreen.tap(*(part if isinstance(part, tuple) else at(self.page.locator(part))))
            with contextlib.suppress(TooLong):
                self.page.wait_for_selector(then, state="attached", timeout=6_000)
                return
        raise AssertionError(f"a tap on {part} did nothing; there is no {then}")

    def drag(self, start: Place, end: Place, steps: int = 6) -> None:
        self._send("touchStart", start)
        for step in range(1, steps + 1):
            share = step / steps
            self._send("touchMove", (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share))
        self._send("touchEnd")

    def _send(self, kind: str, *places: Place) -> None:
        points = [{"x": x, "y": y} for x, y in places]
        self.browser.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def at(part: Locator, across: float = 0.5, down: float = 0.5) -> Place:
    box = part.bounding_box()
    assert box is not None
    return box["x"] + box["width"] * across, box["y"] + box["height"] * down


def by(place: Place, right: float = 0.0, down: float = 0.0) -> Place:
    return place[0] + right, place[1] + down


def test_masks_edges_and_comparisons_are_drawn_with_a_finger(tmp_path: Path) -> None:
    from ui.web.server import make_server

    fakes = functools.partial(build_with_fakes, painter=FindingPainter(2))
    with browsing() as browser, serving(tmp_path, fakes, make_server) as site:
        visit = Visit(browser, site, 390, has_touch=True, is_mobile=True)
        page = visit.open()
        finger = Finger(page)
        visit.say("draw a bunny", "v1")

        finger.tap("#chat [data-mask=v1]", "#lm-mask[open]")
        sheet = page.locator("#lm-mask canvas")
        finger.drag(at(sheet, 0.1, 0.9), at(sheet, 0.9, 0.9))  # a stroke of the brush
        finger.tap("#lm-mask label:has([value=box])", "#lm-mask [value=box]:checked")
        finger.drag(at(sheet, 0.5, 0.5), at(sheet, 0.98, 0.75))
        finger.tap("#lm-mask label:has([value=thing])", "#lm-mask [value=thing]:checked")
        finger.tap(
            at(sheet, 0.5, 0.25), "#lm-found >> text=Selected: the bunny"
        )  # the upper half, as the fake finds it
        finger.tap("#lm-mask [value=use]", "#lm-masked:not([hidden])")
        visit.say("paint it green", "v2")
        mask = mask_of(site, "v2", visit.conversation) > 0
        assert mask[:32].all() and mask[34:46, 34:60].all() and mask[57, 8:56].all()
        assert not mask[34:46, :30].any() and not mask[50, :].any()

        page.locator("#chat [popovertarget=more-v2]").scroll_into_view_if_needed()
        finger.tap("#chat [popovertarget=more-v2]", "#more-v2:popover-open")
        finger.tap("#more-v2 [data-canvas]", "#lm-canvas[open]")
        right, up = (page.locator(f"#lm-canvas [data-side={side}]") for side in ("right", "up"))
        finger.drag(at(right), by(at(right), right=200))
        finger.drag(at(up), by(at(up), down=-10))
        assert right.get_attribute("aria-valuenow") == "64" and int(up.get_attribute("aria-valuenow") or 0) in (16, 32)
        finger.tap("#lm-paint-rest", "#lm-canvas:not([open])")
        visit.wait_for_version("v3")

        finger.tap("[data-drawer=side]", "#side.lm-open")
        finger.tap("#desk [data-compare]", "#lm-compare[open]")
        seen = "parseFloat(document.querySelector('.lm-stack').style.getPropertyValue('--share'))"
        finger.drag(at(page.locator("#lm-share")), at(page.locator("#lm-share"), 0.9))
        assert page.evaluate(seen) > 80
        finger.drag(at(page.locator("#lm-compare .lm-stack")), at(page.locator("#lm-compare .lm-stack"), 0.2))
        assert page.evaluate(seen) == pytest.approx(20, abs=3)
        visit.picture("touch-compare")
        finger.tap("#lm-compare form button", "#lm-compare:not([open])")

        finger.tap((20.0, 400.0), "#side:not(.lm-open)")  # beside the drawer, which shuts it
        page.wait_for_selector("#side", state="hidden")
        below = page.evaluate("document.querySelector('#scroll').scrollTop")
        assert below > 200
        for _ in range(10):  # a busy browser can take the first drag after a dialog for a tap
            finger.drag((200, 300), (200, 600), 10)
            page.wait_for_timeout(300)
            if page.evaluate("document.querySelector('#scroll').scrollTop") < below - 100:
                break
        else:
            raise AssertionError("a finger did not scroll the conversation")
        visit.close()
    gc.collect()
