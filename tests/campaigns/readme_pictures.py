"""Take the README's pictures of the page anew, with the embedded models: `python -m tests.campaigns.readme_pictures`.

Look at each of them afterwards; what is painted differs a little from one machine to another.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from tests.browsing import Visit, browsing
from tests.serving import serving
from ui.wiring import build

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FOLDER = Path(__file__).parent.parent.parent / "docs" / "pictures"
QUALITY = 80


def keep(visit: Visit, name: str) -> None:
    """Write what the page looks like, once all its pictures are there and nothing moves."""
    page = visit.page
    page.wait_for_function("[...document.images].every((one) => one.complete || one.loading === 'lazy')")
    page.mouse.move(5, 5)
    page.wait_for_timeout(1500)
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    shot.save(FOLDER / f"{name}.webp", quality=QUALITY, method=6)
    print(name, shot.size, (FOLDER / f"{name}.webp").stat().st_size)


def take(browser: Browser, site: Any) -> None:
    visit = Visit(browser, site, 1280)
    page = visit.open()
    visit.say("draw an adorable white bunny in a meadow", "v1")
    visit.say("make the bunny happier", "v2")
    visit.say("make it night", "v3")
    keep(visit, "talk")
    phone = Visit(browser, site, 390)
    phone.page.set_viewport_size({"width": 390, "height": 844})
    phone.open(visit.conversation)
    phone.wait_for_version("v3")
    keep(phone, "phone")
    phone.close()
    page.click("#desk [data-mask]")
    page.check("#lm-mask [value=thing]")
    box: Any = page.locator("#lm-mask canvas").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.62)
    page.wait_for_selector("#lm-found >> text=Selected")
    keep(visit, "mask")
    page.keyboard.press("Escape")
    page.click("#desk [popovertarget=beside-v3]")
    page.click("#beside-v3 [data-canvas]")
    page.click("[data-shape='3:2']")
    keep(visit, "canvas")
    page.keyboard.press("Escape")
    page.fill("#message textarea", "what is in this picture?")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=What I see in it.")
    keep(visit, "describe")
    visit.close()


def main() -> None:
    from ui.web.server import make_server

    with (
        tempfile.TemporaryDirectory() as folder,
        browsing() as browser,
        serving(Path(folder), build, make_server) as site,
    ):
        take(browser, site)


if __name__ == "__main__":
    sys.exit(main())
