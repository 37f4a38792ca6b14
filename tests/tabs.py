"""A tab of the page without a browser: it sends what page.js sends and lays out what page.js lays out."""

from __future__ import annotations

import time
from typing import Any

from gradio_client import Client

from tests.serving import Site

NEWS, DESK, CONVERSATION, LIVE = range(4)
"""Places of the values that the page's handlers give, as `ui.web.parts.Parts.view` has them."""


class Tab:
    """One tab. `lives` are all frames of the turns that it followed; `received` all patches it was sent."""

    def __init__(self, site: Site, **more: Any):
        self.client = Client(site.address, verbose=False, download_files=False, **more)
        self.conversation = self.desk = self.state = ""
        self.lives: list[str] = []
        self.received: list[dict[str, Any]] = []
        self.sheets: dict[str, dict[str, str]] = {}

    def __enter__(self) -> Tab:
        return self

    def __exit__(self, *why: object) -> None:
        self.client.close()

    def sheet(self, name: str) -> str:
        return "".join(self.sheets.get(name, {}).values())

    def open(self, conversation: str) -> Tab:
        """Open the page anew, as a reload does."""
        self.state, self.sheets = "", {}
        return self.follow(self.client.submit(conversation, api_name="/open"))

    def begin(self, message: str, conversation: str = "", exact: bool = False, mask: str = "") -> Any:
        """Say something and return the job that `follow` takes."""
        wanted = (conversation, "", "", "1", False, exact, None, "", True, None, mask)
        return self.client.submit(message, *wanted, api_name="/send")

    def say(self, message: str, conversation: str = "", **more: Any) -> Tab:
        return self.follow(self.begin(message, conversation, **more))

    def follow(self, job: Any) -> Tab:
        seen, is_over = 0, False
        while not is_over:
            is_over = job.done()
            frames = job.outputs()
            for frame in frames[seen:]:
                self._take(frame)
            seen = len(frames)
            time.sleep(0 if is_over else 0.02)  # the client's own way to wait asks a thousand times a second
        job.result()
        return self

    def _take(self, frame: Any) -> None:
        news, desk, conversation, live = (value_of(frame[place]) for place in (NEWS, DESK, CONVERSATION, LIVE))
        if isinstance(news, dict):
            self._lay_out(news["patches"])
        self.desk = self.desk if desk is None else desk
        self.conversation = self.conversation if conversation is None else conversation
        self.lives += [live] if live else []

    def _lay_out(self, patches: list[dict[str, Any]]) -> None:
        if patches[-1]["to"] == self.state:
            return
        first = next((at for at, patch in enumerate(patches) if patch["from"] == self.state), None)
        assert first is not None, "a patch was missed"
        for patch in patches[first:]:
            self.received.append(patch)
            self.state = patch["to"]
            for name, changes in patch["sheets"].items():
                self.sheets[name] = laid_out(self.sheets.get(name, {}), changes)


def laid_out(pieces: dict[str, str], changes: dict[str, Any]) -> dict[str, str]:
    """Return a sheet's pieces after a patch, put one after the other as page.js does."""
    order = [key for key in pieces if key not in changes.get("drop", ())]
    kept = dict(pieces)
    for key, before, piece in changes.get("put", ()):
        if key not in order:
            order.insert(order.index(before) + 1 if before in order else 0, key)
        kept[key] = piece
    return {key: kept[key] for key in changes.get("order", order)}


def value_of(value: Any) -> Any:
    """Return what a handler gave for a component; None where it left it as it was."""
    if isinstance(value, dict) and value.get("__type__") == "update":
        return value.get("value")
    return value
