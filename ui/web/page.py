"""The page, in gradio: what is on it and what happens when something is pressed. It keeps nothing itself.

What is shown comes from the store through `ui.web.views`; a turn in progress is followed by its events. So a reload, a
second tab or another machine shows the same, and closing the page stops nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import gradio as gr

from assistant.errors import AssistantError
from assistant.messages import Event, ReturnPlan, Turn, Version
from ui.web import views
from ui.web.views import Live
from ui.wiring import App

FRAME_SECONDS = 0.08
"""How often, at most, the chat is redrawn while something is painted."""

WELCOME = "## What shall we draw?\n\nSay it in a few words. Then say what to change."
FONT = [
    "ui-sans-serif",
    "system-ui",
    "-apple-system",
    "Segoe UI",
    "Roboto",
    "Helvetica Neue",
    "Noto Sans",
    "sans-serif",
]
MONO = ["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"]

HEAD = """
<meta name="color-scheme" content="light dark">
<script>window.addEventListener("popstate", () => window.location.reload());</script>
"""
ARRIVE = (
    """(conversation, wide) => [new URLSearchParams(window.location.search).get("c") || "", window.innerWidth > 980]"""
)
PRESS_VERSION = """element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-version]");
  if (button && !button.hasAttribute("aria-current")) trigger("click", { version: button.dataset.version });
});"""
PRESS_CONVERSATION = """element.addEventListener("click", (event) => {
  const link = event.target.closest("[data-conversation]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  trigger("click", { conversation: link.dataset.conversation });
});
watch("value", () => {
  const shelf = element.querySelector("[data-current]");
  const here = new URLSearchParams(window.location.search).get("c") || "";
  if (!shelf || shelf.dataset.current === here) return;
  const query = shelf.dataset.current ? "?c=" + encodeURIComponent(shelf.dataset.current) : "";
  window.history.pushState(null, "", window.location.pathname + query);
});"""
"""Presses a conversation, and keeps the address naming the one that is shown."""

Update = dict[Any, Any]


def make_theme() -> gr.themes.Base:
    """Return the theme: system fonts, nothing fetched from anywhere; the colours are those of style.css."""
    return gr.themes.Base(font=FONT, font_mono=MONO, radius_size="lg").set(
        body_background_fill="var(--lm-paper)",
        body_background_fill_dark="var(--lm-paper)",
        body_text_color="var(--lm-ink)",
        body_text_color_dark="var(--lm-ink)",
        background_fill_primary="var(--lm-sheet)",
        background_fill_primary_dark="var(--lm-sheet)",
        background_fill_secondary="var(--lm-paper)",
        background_fill_secondary_dark="var(--lm-paper)",
        border_color_primary="var(--lm-line)",
        border_color_primary_dark="var(--lm-line)",
        block_background_fill="transparent",
        block_background_fill_dark="transparent",
        button_primary_background_fill="var(--lm-accent)",
        button_primary_background_fill_dark="var(--lm-accent)",
        button_primary_text_color="var(--lm-accent-ink)",
        button_primary_text_color_dark="var(--lm-accent-ink)",
        button_secondary_background_fill="var(--lm-sheet)",
        button_secondary_background_fill_dark="var(--lm-sheet)",
        button_secondary_text_color="var(--lm-ink)",
        button_secondary_text_color_dark="var(--lm-ink)",
        button_secondary_border_color="var(--lm-line)",
        button_secondary_border_color_dark="var(--lm-line)",
        input_placeholder_color="var(--lm-soft)",
        input_placeholder_color_dark="var(--lm-soft)",
    )


def make_page(app: App) -> gr.Blocks:
    """Return the page."""
    with gr.Blocks(title="Limner", analytics_enabled=False, fill_width=True) as blocks:
        _Page(app, blocks)
    blocks.queue(default_concurrency_limit=32)
    return blocks


class _Page:
    """The components and their handlers. What a browser tab looks at is remembered only to stop following it."""

    def __init__(self, app: App, blocks: gr.Blocks):
        self.app = app
        self.looks: dict[str, _Look] = {}
        self._lay_out()
        self._connect(blocks)

    def _lay_out(self) -> None:
        self.conversation = gr.Textbox(visible="hidden", elem_id="conversation", show_label=False)
        self.wide = gr.Checkbox(visible="hidden", show_label=False)
        with gr.Sidebar(open=False, width=280, elem_id="past") as self.sidebar:
            gr.HTML("<h1>Limner</h1><p>Say it, see it, change it.</p>", elem_id="name", apply_default_css=False)
            self.new = gr.Button("New picture", elem_id="new", variant="secondary")
            self.shelf = gr.HTML(elem_id="shelf", apply_default_css=False, js_on_load=PRESS_CONVERSATION)
        with gr.Row(elem_id="room", equal_height=False):
            with gr.Column(scale=3, elem_id="talk"):
                self.chat = gr.Chatbot(
                    elem_id="chat", show_label=False, label="Conversation", container=False, height="100%", buttons=[],
                    placeholder=WELCOME, examples=[{"text": starter} for starter in views.STARTERS],
                    latex_delimiters=[], feedback_options=None, group_consecutive_messages=False, allow_tags=False,
                )  # fmt: skip
                with gr.Row(elem_id="composer"):
                    self.message = gr.Textbox(
                        elem_id="message", placeholder="Say what to draw or change", show_label=False,
                        label="Your message", lines=1, max_lines=6, autofocus=True, scale=1, container=False,
                    )  # fmt: skip
                    self.send = gr.Button("Send", elem_id="send", variant="primary", scale=0)
                    self.stop = gr.Button("Stop", elem_id="stop", variant="secondary", scale=0, visible=False)
            with gr.Column(scale=2, elem_id="side"):
                self.desk = gr.HTML(views.desk(None), elem_id="desk", apply_default_css=False)
                self.strip = gr.HTML(elem_id="strip", apply_default_css=False, js_on_load=PRESS_VERSION)

    def _connect(self, blocks: gr.Blocks) -> None:
        view = [
            self.chat, self.desk, self.strip, self.shelf, self.conversation, self.send, self.stop, self.message,
            self.sidebar,
        ]  # fmt: skip
        talk = [self.message, self.conversation]
        quiet = {"show_progress": "hidden"}
        blocks.load(self.arrive, [self.conversation, self.wide], view, js=ARRIVE, api_name="open", **quiet)
        blocks.unload(self.leave)
        gr.on([self.message.submit, self.send.click], self.say, talk, view, api_name="send", **quiet)
        private = {**quiet, "api_visibility": "private"}
        self.chat.example_select(self.say_starter, self.conversation, view, **private)
        self.strip.click(self.go_back, self.conversation, view, **private)
        self.shelf.click(self.look_at, None, view, **private)
        self.new.click(self.begin, None, view, **private)
        self.stop.click(self.halt, self.conversation, None, api_name="stop", **quiet)

    # What people do.

    def arrive(self, conversation: str, wide: bool, request: gr.Request) -> Iterator[Update]:
        """Show the conversation that the address names, or an empty page; follow its turn if one is running."""
        look = self._look(request)
        yield {self.sidebar: gr.update(open=bool(wide))}
        yield from self._show(conversation, look)

    def look_at(self, event: gr.EventData, request: gr.Request) -> Iterator[Update]:
        yield from self._show(str(event.conversation), self._look(request))

    def begin(self, request: gr.Request) -> Update:
        self._look(request)
        return self._view("")

    def say(self, message: str, conversation: str, request: gr.Request) -> Iterator[Update]:
        """Take a message and follow its turn to the end."""
        yield from self._submit(conversation, message or "", None, request)

    def say_starter(self, event: gr.SelectData, conversation: str, request: gr.Request) -> Iterator[Update]:
        yield from self._submit(conversation, str(event.value["text"]), None, request)

    def go_back(self, event: gr.EventData, conversation: str, request: gr.Request) -> Iterator[Update]:
        label = str(event.version)
        yield from self._submit(
            conversation, f"Go back to {label}", ReturnPlan(targets=(label,), reply=f"Back at {label}."), request
        )

    def halt(self, conversation: str) -> None:
        """Stop the turn that is running in this conversation, whoever started it."""
        for turn in self._history(conversation)[0]:
            if not turn.status.ended:
                self.app.turns.cancel(turn.id, self.app.owner)

    def leave(self, request: gr.Request) -> None:
        self.looks.pop(request.session_hash or "", None)

    # What they see.

    def _submit(
        self, conversation: str, message: str, plan: ReturnPlan | None, request: gr.Request
    ) -> Iterator[Update]:
        """Store the message, then follow its turn; what cannot be stored stays in the box, with the reason."""
        look = self._look(request)
        turns = self.app.turns
        if plan is None and not message.strip():
            yield {}
            return
        try:
            if conversation and any(not turn.status.ended for turn in turns.history(conversation, self.app.owner)):
                gr.Info("A picture is still being painted; press Stop, or wait for it.")
                yield {}
                return
            conversation = conversation or turns.new_conversation(self.app.owner).id
            turn_id = turns.submit(conversation, message, plan=plan, owner=self.app.owner)
        except AssistantError as error:
            gr.Warning(str(error))
            yield {self.message: message}
            return
        yield {self.message: ""} | self._view(conversation, Live(doing="Thinking"))
        yield from self._follow(conversation, turn_id, look)

    def _show(self, conversation: str, look: _Look) -> Iterator[Update]:
        """Show a conversation, then follow its turn if one is running."""
        try:
            turns = self.app.turns.history(conversation, self.app.owner) if conversation else ()
        except AssistantError as error:
            gr.Warning(str(error))
            conversation, turns = "", ()
        yield self._view(conversation)
        running = [turn for turn in turns if not turn.status.ended]
        for turn in running:
            yield from self._follow(conversation, turn.id, look)

    def _follow(self, conversation: str, turn_id: str, look: _Look) -> Iterator[Update]:
        """Show how the turn goes on until it has ended or the tab looks elsewhere."""
        turns, versions = self._history(conversation)
        live = Live(doing="Thinking")
        drawn = time.monotonic()
        for event in self.app.turns.events(turn_id, owner=self.app.owner, stopped=lambda: not self._still(look)):
            live = advanced(live, event)
            if time.monotonic() - drawn >= FRAME_SECONDS:
                yield {self.chat: views.chat_messages(turns, versions, live)}
                drawn = time.monotonic()
        if self._still(look):
            yield self._view(conversation)

    def _view(self, conversation: str, live: Live | None = None) -> Update:
        """Return the whole page as the store has it."""
        turns, versions = self._history(conversation)
        shelf = self.app.turns.list_conversations(self.app.owner)
        running = any(not turn.status.ended for turn in turns)
        label = next((turn.ends_on for turn in reversed(turns) if turn.ends_on), None)
        shown = versions.get(label or "")
        parent = versions.get(shown.parents[0]) if shown and shown.parents else None
        return {
            self.chat: views.chat_messages(turns, versions, live),
            self.desk: views.desk(shown, parent),
            self.strip: views.strip(tuple(versions.values()), label),
            self.shelf: views.shelf(shelf, conversation),
            self.conversation: conversation,
            self.send: gr.update(visible=not running),
            self.stop: gr.update(visible=running),
        }

    def _history(self, conversation: str) -> tuple[tuple[Turn, ...], dict[str, Version]]:
        """Return the turns on the path to the newest one, and all versions by label."""
        if not conversation:
            return (), {}
        turns = self.app.turns.history(conversation, self.app.owner)
        versions = self.app.turns.versions(conversation, self.app.owner)
        return views.path_to_newest(turns), {version.label: version for version in versions}

    def _look(self, request: gr.Request) -> _Look:
        """Note that the tab now looks at something else; who followed for it before stops."""
        session = request.session_hash or ""
        self.looks[session] = look = _Look(session)
        return look

    def _still(self, look: _Look) -> bool:
        return self.looks.get(look.session) is look


class _Look:
    """One thing that one tab looks at."""

    def __init__(self, session: str):
        self.session = session


def advanced(live: Live, event: Event) -> Live:
    """Return how far the turn is after one more event."""
    data = event.data
    match event.kind:
        case "plan":
            return replace(live, plan=str(data.get("line", "")), doing="Getting ready to paint")
        case "progress":
            return replace(live, step=int(data.get("step", 0)), steps=int(data.get("steps", 0)))
        case "preview":
            return replace(live, preview=event.image or live.preview)
        case _:
            return live
