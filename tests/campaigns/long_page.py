"""The page with a long conversation in a real Chromium: what it weighs, how it types and scrolls.

    python -m tests.campaigns.long_page --turns 200 --pictures 300 --side 512

The server is real, with a fake painter behind it; the conversation is written straight into the store.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.browsing import Visit, browsing
from tests.fakes import SlowPainter, build_with_fakes
from tests.long_conversations import fill
from tests.serving import serving
from ui.settings import Settings
from ui.wiring import App

PAINTING_SECONDS = 1.0
WORDS = "make it happier and let it rain"
WATCH = """() => {
  window.long = []; window.keys = []; window.frames = [];
  new PerformanceObserver((list) => list.getEntries().forEach((one) => window.long.push(one.duration)))
    .observe({ type: "longtask", buffered: true });
  document.addEventListener("keydown", (event) => {
    const pressed = event.timeStamp;
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => window.keys.push(performance.now() - pressed);
      channel.port2.postMessage(0);
    });
  }, true);
}"""
SCROLL = """async () => {
  const scroll = document.querySelector("#scroll");
  scroll.scrollTop = scroll.scrollHeight;
  const frames = [];
  let last = performance.now();
  for (let at = 0; at < 240 && scroll.scrollTop > 0; at += 1) {
    scroll.scrollTop -= 120;
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    frames.push(now - last);
    last = now;
  }
  return frames;
}"""


class Weight:
    """Bytes that came over the network, by kind of address."""

    def __init__(self, visit: Visit):
        self.bytes: dict[str, int] = {}
        self.pictures: set[str] = set()
        self._urls: dict[str, str] = {}
        session = visit.context.new_cdp_session(visit.page)
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", lambda event: self._asked(event["requestId"], event["request"]["url"]))
        session.on("Network.dataReceived", self._received)

    def _asked(self, request: str, url: str) -> None:
        self._urls[request] = url
        if "/pictures/" in url:
            self.pictures.add(url)

    def _received(self, event: dict[str, Any]) -> None:
        url = self._urls.get(event["requestId"], "")
        kind = "pictures" if "/pictures/" in url or "/previews/" in url else "words" if "/queue/" in url else "rest"
        self.bytes[kind] = self.bytes.get(kind, 0) + event["dataLength"]

    def since(self, before: dict[str, int]) -> dict[str, int]:
        return {kind: count - before.get(kind, 0) for kind, count in self.bytes.items()}


def run(turns: int, pictures: int, side: int) -> str:
    """Return what was measured, a line each."""
    named = []

    def build(settings: Settings) -> App:
        app = build_with_fakes(settings, SlowPainter(PAINTING_SECONDS))
        named.append(fill(app, turns, pictures, side))
        return app

    def make(app: App) -> Any:
        from ui.web.server import make_server

        return make_server(app)

    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder), build, make) as site,
        browsing() as browser,
    ):
        lines = [f"{turns} messages, {pictures} pictures of {side} x {side}"]
        for when in ("first visit, cold", "second visit"):
            visit = Visit(browser, site)
            page, weight = visit.page, Weight(visit)
            began = time.monotonic()
            page.goto(f"{site.address}/?c={named[0]}")
            page.wait_for_selector("#message textarea")
            page.evaluate(WATCH)
            ready = time.monotonic() - began
            page.wait_for_selector(f'#tree [data-version="v{pictures}"][aria-current]', state="attached")
            shown = time.monotonic() - began
            page.wait_for_timeout(3000)
            opened = dict(weight.bytes)
            lines.append(
                f"{when}: can be typed in after {ready:.2f} s, conversation shown after {shown:.2f} s; "
                f"{_kilobytes(opened)}; {len(weight.pictures)} pictures asked for"
            )
            if when != "second visit":
                visit.close()
        page.click("#message textarea")
        page.keyboard.type(WORDS, delay=60)
        keys = sorted(page.evaluate("window.keys"))
        lines.append(f"key to paint, {len(keys)} keys: {_spread(keys)}")
        frames = sorted(page.evaluate(SCROLL)[1:])
        lines.append(f"scrolling, {len(frames)} frames: {_spread(frames)}")
        page.evaluate("window.keys = []")
        before, long_before = dict(weight.bytes), len(page.evaluate("window.long"))
        page.keyboard.press("Enter")
        page.wait_for_selector(".lm-live .lm-progress:not(.lm-waiting)")
        page.keyboard.type("and then", delay=60)
        visit.wait_for_version(f"v{pictures + 1}")
        page.wait_for_timeout(500)
        lines.append(f"one turn: {_kilobytes(weight.since(before))}")
        keys = sorted(page.evaluate("window.keys.slice(1)"))
        lines.append(f"key to paint while it paints, {len(keys)} keys: {_spread(keys)}")
        long = page.evaluate("window.long")
        lines.append(
            f"tasks over 50 ms: {long_before} while opening, typing and scrolling "
            f"(the longest {max(long[:long_before], default=0):.0f} ms), {len(long) - long_before} in the turn "
            f"(the longest {max(long[long_before:], default=0):.0f} ms)"
        )
        visit.context.close()
    return "\n".join(lines)


def _kilobytes(counts: dict[str, int]) -> str:
    return ", ".join(f"{kind} {count / 1000:,.0f} kB" for kind, count in sorted(counts.items()))


def _spread(values: list[float]) -> str:
    if not values:
        return "none"
    middle, late = values[len(values) // 2], values[int(0.95 * (len(values) - 1))]
    return f"{middle:.0f} ms (median), {late:.0f} ms (95 of 100), {values[-1]:.0f} ms (longest)"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=200)
    parser.add_argument("--pictures", type=int, default=300)
    parser.add_argument("--side", type=int, default=512)
    given = parser.parse_args()
    print(run(given.turns, given.pictures, given.side))
