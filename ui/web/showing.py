"""What people see: a conversation as the store has it, and how its running turn goes on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

import gradio as gr

from assistant.errors import AssistantError
from assistant.messages import Version
from captioner.naming import style_in
from generation.errors import GenerationError
from generation.request import Capabilities
from ui.web import buttons, desk, views, wishes
from ui.web.following import Look, Looks, Watch
from ui.web.options import COUNTS, Wanted
from ui.web.parts import Parts, Update
from ui.web.pictures import Kept
from ui.web.retelling import told
from ui.web.sheets import Sent
from ui.web.texts import _
from ui.web.toolbar import Able
from ui.web.touching import finder_of
from ui.web.views import Live, Shown
from ui.wiring import App

FRAME_SECONDS = 0.08
"""How often, at most, a picture in progress is drawn anew."""
TITLE_SECONDS = 20.0
"""How long, at most, a page waits for the title of a conversation whose first picture is there."""


class Showing:
    """Reads the store and says what the components show of it."""

    def __init__(self, app: App, parts: Parts, kept: Kept):
        self.app = app
        self.parts = parts
        self.kept = kept
        self.looks = Looks()
        self.able: dict[str, Able] = {}
        """By painter: what can be done with its pictures, once it is there."""
        self.bare: set[str] = set()
        """The tabs whose pictures came without the tools of a painter that was not there yet."""
        self.sent = Sent()
        self.searched: dict[str, str] = {}
        """What each tab looks for by now: a turn is followed for longer than that stays the same."""

    def show(self, wanted: Wanted, tab: str) -> Iterator[Update]:
        """Show a conversation, then follow its turn if one is running."""
        try:
            if wanted.conversation:
                self.app.turns.conversation(wanted.conversation, wanted.owner)
        except AssistantError as error:
            gr.Warning(told(str(error)))
            wanted = Wanted(wanted.owner, "", search=wanted.search)
        self.looks.begin(tab)
        yield self.view(wanted, tab)
        running = self.read(wanted).running
        if running:
            yield from self.follow(wanted, running.id, tab)

    def follow(self, wanted: Wanted, turn_id: str, tab: str) -> Iterator[Update]:
        """Show how the turn goes on until it has ended or the tab looks elsewhere."""
        look, watch = self.looks.begin(tab), Watch(turn_id)
        drawn = 0.0

        def gone() -> bool:
            return not self.looks.still(look)

        for before in self.app.turns.waiting(turn_id, owner=wanted.owner, stopped=gone):
            if before:
                yield {self.parts.live: views.live(watch.behind(before))}
        for event in self.app.turns.events(turn_id, owner=wanted.owner, stopped=gone):
            if event.image:
                self.kept.previews.put(turn_id, event.image)
            live = watch.after(event)
            # What is said once is shown at once: after it, nothing may come for as long as a step takes.
            if event.kind in ("plan", "checked") or time.monotonic() - drawn >= FRAME_SECONDS:
                yield {self.parts.live: views.live(live)}
                drawn = time.monotonic()
        if view := self.view(wanted, tab, look=look):
            yield view
        yield from self.titled(wanted, tab, look)

    def titled(self, wanted: Wanted, tab: str, look: Look) -> Iterator[Update]:
        """Show the list of conversations once this one's pictures are in words, unless the tab looks elsewhere."""
        with suppress(AssistantError):  # deleted meanwhile
            came = self.app.turns.wait_for_words(
                wanted.conversation, wanted.owner, timeout=TITLE_SECONDS, stopped=lambda: not self.looks.still(look)
            )
            if came and (shelf := self.shelved(wanted, tab, look)):
                yield shelf
        # gradio sends the last that a handler yields once more when that ends: to a tab that looks elsewhere by now, it
        # would bring back what was left.
        if not self.looks.still(look):
            yield {self.parts.message: gr.skip()}

    def view(self, wanted: Wanted, tab: str, live: Live | None = None, look: Look | None = None) -> Update:
        """Return what brings a tab to what the store has; nothing where its `look` has ended."""
        shown = self.read(wanted)
        (self.bare.add if shown.path and shown.able.can is None else self.bare.discard)(tab)
        running = shown.running is not None
        sheets = {
            "chat": views.chat(shown), "after": views.after(shown), "tree": desk.tree(shown),
            "shelf": self.shelf(wanted, tab),
        }  # fmt: skip
        news = self.sent.news(tab, sheets, wanted.conversation, wanted.tip, still=self._still(look))
        if not news:
            return {}
        return {
            self.parts.news: news,
            self.parts.live: views.live(live or (Live(doing=_("Thinking")) if running else None)),
            self.parts.desk: desk.desk(shown),
            self.parts.conversation: wanted.conversation,
            self.parts.tip: wanted.tip,
            self.parts.send: gr.update(visible=not running),
            self.parts.stop: gr.update(visible=running),
        }

    def desk(self, wanted: Wanted, label: str) -> str:
        """Return what stands beside the talk when a version is looked at."""
        return desk.desk(self.read(wanted), label)

    def tools(self, wanted: Wanted, tab: str) -> Update:
        """Return the pictures again, with the tools that a painter has which was not there before.

        Nothing where the tab shows another conversation by now.
        """
        shown = self.read(wanted)
        self.bare.discard(tab)
        if not shown.path:
            return {}
        news = self.sent.news(tab, {"chat": views.chat(shown)}, wanted.conversation, wanted.tip, is_part=True)
        return {self.parts.news: news, self.parts.desk: desk.desk(shown)} if news else {}

    def read(self, wanted: Wanted) -> Shown:
        """Return the conversation as the store has it; an unknown one is empty."""
        if not wanted.conversation:
            return Shown()
        try:
            turns = self.app.turns.history(wanted.conversation, wanted.owner)
            shown = views.shown(turns, self.app.turns.versions(wanted.conversation, wanted.owner), wanted.tip)
            return replace(shown, able=self.able.get(self.chosen(wanted.painter), Able()))
        except AssistantError:
            return Shown()  # deleted meanwhile, perhaps in another tab

    def shelf(self, wanted: Wanted, tab: str) -> dict[str, str]:
        search = self.searched.get(tab, wanted.search) or ""
        found = self.app.turns.list_conversations(wanted.owner, containing=search)
        return desk.shelf(found, wanted.conversation, datetime.now().astimezone(), search)

    def shelved(self, wanted: Wanted, tab: str, look: Look | None = None) -> Update:
        """Return what brings a tab to the list of conversations as it is.

        Nothing where it shows another conversation by now (with which the list came), or its `look` has ended.
        """
        shelf = {"shelf": self.shelf(wanted, tab)}
        news = self.sent.news(tab, shelf, wanted.conversation, is_part=True, still=self._still(look))
        return {self.parts.news: news} if news else {}

    def _still(self, look: Look | None) -> Callable[[], bool]:
        return lambda: look is None or self.looks.still(look)

    def chosen(self, painter: Any) -> str:
        """Return the name of the painter that is chosen; one that is no longer there gives way to the usual one."""
        turns = self.app.turns
        return painter if isinstance(painter, str) and painter in turns.painters else turns.name

    def painter(self, kept: Update) -> Update:
        """Say which model paints, once it is there, and offer its shapes and styles; `kept` has those chosen before."""
        name = self.chosen(kept.get(self.parts.painter))
        painter = self.app.turns.painters[name]
        try:
            can: Capabilities = painter.capabilities()
        except GenerationError as error:
            return {self.parts.bar: desk.bar(trouble=told(str(error)))}
        self.able[name] = Able(can, self.app.captioner is not None, finder_of(painter) is not None)
        shapes = [(name, f"{size[0]}x{size[1]}") for name, size in buttons.shapes(can)]
        styles = wishes.styles(wishes.styles_of(can.name))
        shape, style = kept.get(self.parts.shape), kept.get(self.parts.style)
        offered: Update = {
            self.parts.style: gr.update(
                choices=styles, value=style if style in [words for _name, words in styles] else ""
            ),
        }
        several = len(shapes) > 1
        chosen = shape if shape in dict(shapes).values() else shapes[0][1] if several else None
        offered[self.parts.shape] = gr.update(choices=shapes, value=chosen if several else None, visible=several)
        return {self.parts.bar: desk.bar(can)} | offered

    def words_of(self, version: Version, role: Literal["subject", "style"]) -> str:
        """Return the captioner's words for what a picture shows, or for its style; "" where it has none.

        Raises:
            AssistantError: the picture's file is gone.
            CaptionerError: the captioner cannot be used.
        """
        if self.app.captioner is None:
            return ""
        image = self.app.blobs.read(version.image)
        if role == "subject":
            return self.app.captioner.describe(image, "short").rstrip(".")
        return style_in(self.app.captioner.describe(image))

    def who(self, owner: str, language: str) -> str:
        settings = self.app.settings
        return desk.who(owner, settings.needs_sign_in and not settings.proxy_header, language)

    def recalled(self, remembered: Any, owner: str) -> Update:
        """Return the options as this person left them in this browser; what is no longer offered is left out."""
        values = remembered.get("values") if isinstance(remembered, dict) and remembered.get("owner") == owner else None
        if not isinstance(values, list) or len(values) != len(self.parts.kept):
            return {}
        count, style, keep_seed, exact, check, shape, painter = values
        parts = self.parts
        kept: Update = {
            parts.keep_seed: bool(keep_seed), parts.exact: bool(exact), parts.check: bool(check), parts.style: style,
            parts.shape: shape, parts.painter: self.chosen(painter),
        }  # fmt: skip
        return kept | ({parts.count: count} if count in COUNTS else {})
