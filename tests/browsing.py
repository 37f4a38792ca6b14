"""A real Chromium for tests: the page as a person meets it.

Debian's Chromium is driven by playwright. Where neither it nor playwright's own is found, these tests are skipped; they
fail instead where LIMNER_TESTS_NEED_BROWSER is set, as `.ci/run` does.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import re
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from tests.serving import Site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SCREENSHOTS = Path(__file__).parent.parent / "build" / "screenshots"
PATIENCE_MS = 60_000
"""Machines under load are slow; nothing waits this long otherwise."""
REST_MS = 5_000
"""How long what is still asked is waited for before the page is left; some of it is held back by the test itself."""
AXE = "axe-core@4.14.1"
AXE_SHA256 = "e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745"


def missing(reason: str) -> NoReturn:
    """Skip the test, or fail it where it must run."""
    if os.environ.get("LIMNER_TESTS_NEED_BROWSER"):
        pytest.fail(f"{reason}; the browser tests must run here", pytrace=False)
    pytest.skip(reason)


@contextlib.contextmanager
def browsing() -> Iterator[Browser]:
    """Start Chromium; where there is none, skip or fail."""
    try:
        import playwright.sync_api as api
    except ModuleNotFoundError:
        missing("playwright was not found (make setup installs it)")
    with api.sync_playwright() as playwright:
        found = next(filter(None, map(shutil.which, CHROMIUMS)), None) or playwright.chromium.executable_path
        if not Path(found).exists():
            missing("no Chromium was found; install one to run the browser tests (apt-get install chromium)")
        root = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium's sandbox does not start as root
        browser = playwright.chromium.launch(executable_path=found, args=[*root, "--disable-gpu"], timeout=PATIENCE_MS)
        yield browser
        browser.close()


class Visit:
    """One tab, which notes what must never happen: errors in the console, and requests to other hosts."""

    def __init__(self, browser: Browser, site: Site, width: int = 1360, dark: bool = False, **more: Any):
        self.site = site
        self.context = browser.new_context(
            viewport={"width": width, "height": 860},
            color_scheme="dark" if dark else "light",
            accept_downloads=True,
            **more,
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.errors: list[str] = []
        self.foreign: list[str] = []
        self.page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", self._note)
        self.asked: set[Request] = set()
        """What is asked of gradio's handlers and not answered yet; its heartbeat, which never ends, is none of it."""
        for end in ("requestfinished", "requestfailed"):
            self.page.on(end, lambda request: self.asked.discard(request))  # playwright marks what it is given

    def _note(self, request: Request) -> None:
        if not request.url.startswith((self.site.address, "data:", "blob:")):
            self.foreign.append(request.url)
        if re.search("/gradio_api/(queue|run)/", request.url):
            self.asked.add(request)

    def rest(self) -> None:
        """Wait until all is answered, or long enough: who leaves in mid-stream breaks it off, and gradio logs that."""
        for _ in range(REST_MS // 50):
            if not self.asked:
                return
            self.page.wait_for_timeout(50)
        self.asked.clear()

    def open(self, conversation: str = "") -> Page:
        self.rest()
        self.page.goto(self.site.address + (f"/?c={conversation}" if conversation else ""))
        self.arrive()
        return self.page

    def arrive(self) -> None:
        """Wait until the page stands there whole: who leaves sooner breaks off what it asks, and gradio logs that."""
        self.page.wait_for_selector(".lm-welcome, .lm-turn")
        self.page.wait_for_selector("#bar .lm-model:not([data-waiting]), #bar .lm-trouble", state="attached")

    def say(self, message: str, then: str) -> None:
        """Say it and wait until the version `then` is the current one."""
        self.page.fill("#message textarea", message)
        self.page.press("#message textarea", "Enter")
        self.wait_for_version(then)

    def wait_for_version(self, label: str) -> None:
        self.page.wait_for_selector(f'#tree [data-version="{label}"][aria-current]', state="attached")
        self.page.wait_for_selector("#send", state="visible")

    def settle(self, part: str) -> None:
        """Wait until a part has slid to where it stays."""
        self.page.locator(part).element_handle().wait_for_element_state("stable")

    def picture(self, name: str) -> None:
        """Keep what the page looks like now, to be looked at after the tests."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")

    def allow(self, pattern: str) -> None:
        """Forget errors that the test itself brought about."""
        self.errors = [error for error in self.errors if not re.search(pattern, error)]

    @property
    def conversation(self) -> str:
        return self.page.url.partition("?c=")[2]

    def close(self) -> None:
        self.context.close()
        assert not self.errors, self.errors
        assert not self.foreign, self.foreign


def findings(page: Page, script: str) -> list[str]:
    """Return what axe-core finds serious or critical, as short lines."""
    page.evaluate(script)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def axe_source(cache: Path) -> str:
    """Return axe-core's script, fetched by npm once and checked against its hash; where it cannot be, skip or fail."""
    archive = cache / "axe-core-4.14.1.tgz"
    if not archive.is_file():
        npm = shutil.which("npm")
        if npm is None:
            missing("axe-core comes by npm, which was not found")
        cache.mkdir(parents=True, exist_ok=True)
        command = [npm, "pack", AXE, "--silent", "--pack-destination", str(cache)]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=cache)
        if ran.returncode or not archive.is_file():
            missing("npm could not fetch axe-core")
    data = archive.read_bytes()
    assert hashlib.sha256(data).hexdigest() == AXE_SHA256, f"{archive} is not the axe-core that was pinned"
    with tarfile.open(fileobj=io.BytesIO(data)) as files:
        script = files.extractfile("package/axe.min.js")
        assert script is not None
        return script.read().decode()
