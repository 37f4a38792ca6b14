"""The page, in gradio: what is on it and what happens when something is pressed. It keeps nothing itself.

What is shown comes from the store through `ui.web.views` and `ui.web.desk`; a turn in progress is followed by its
events. So a reload, a second tab or another machine shows the same, and closing the page stops nothing.
"""

from __future__ import annotations

import html
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import gradio as gr

from assistant import direct
from assistant.errors import AssistantError
from assistant.messages import Event, Plan, TurnOptions, Version
from generation.errors import GenerationError
from generation.request import Capabilities
from ui.web import buttons, desk, views
from ui.web.pictures import Recent
from ui.web.views import Live, Shown
from ui.web.wishes import STYLES, styles_of
from ui.wiring import App

COUNTS = ("1", "2", "3", "4", "6", "8")
FRAME_SECONDS = 0.08
"""How often, at most, a picture in progress is drawn anew."""
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

SCRIPT = Path(__file__).with_name("page.js")
HEAD = '<meta name="color-scheme" content="light dark">\n<script>{script}</script>'
ARRIVE = '(conversation, remembered) => [new URLSearchParams(window.location.search).get("c") || "", remembered]'
HANDS = "window.limner.connect((kind, data) => trigger(kind, data));"
"""Lets page.js hand presses and keys on: one component hears them all."""

SENDS = "(...values) => window.limner.sends(values)"
"""Lets page.js add the mask that was painted, and forget it: it is for one message."""
NAMED = "(...values) => { setTimeout(window.limner.nameOptions, 50); return values; }"
"""Lets page.js say beside the button what is set, however it came to be."""
DIGEST = re.compile(r"[0-9a-f]{64}")

Update = dict[Any, Any]


def make_head() -> str:
    return HEAD.format(script=SCRIPT.read_text("utf-8"))


def make_theme() -> gr.themes.Base:
    """Return the theme: system fonts, nothing fetched from anywhere; the colours are those of style.css."""
    return gr.themes.Base(font=FONT, font_mono=MONO, radius_size="lg").set(
        body_background_fill="var(--lm-paper)",
        body_background_fill_dark="var(--lm-paper)",
        body_text_color="var(--lm-ink)",
        body_text_color_dark="var(--lm-ink)",
        body_text_color_subdued="var(--lm-soft)",
        body_text_color_subdued_dark="var(--lm-soft)",
        background_fill_primary="var(--lm-sheet)",
        background_fill_primary_dark="var(--lm-sheet)",
        background_fill_secondary="var(--lm-paper)",
        background_fill_secondary_dark="var(--lm-paper)",
        border_color_primary="var(--lm-line)",
        border_color_primary_dark="var(--lm-line)",
        block_background_fill="transparent",
        block_background_fill_dark="transparent",
        block_title_text_color="var(--lm-ink)",
        block_title_text_color_dark="var(--lm-ink)",
        block_info_text_color="var(--lm-soft)",
        block_info_text_color_dark="var(--lm-soft)",
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
        checkbox_background_color_selected="var(--lm-accent)",
        checkbox_background_color_selected_dark="var(--lm-accent)",
        checkbox_border_color_selected="var(--lm-accent)",
        checkbox_border_color_selected_dark="var(--lm-accent)",
        checkbox_label_background_fill="var(--lm-sheet)",
        checkbox_label_background_fill_dark="var(--lm-sheet)",
        checkbox_label_background_fill_selected="var(--lm-said)",
        checkbox_label_background_fill_selected_dark="var(--lm-said)",
        checkbox_label_text_color_selected="var(--lm-ink)",
        checkbox_label_text_color_selected_dark="var(--lm-ink)",
        input_placeholder_color="var(--lm-soft)",
        input_placeholder_color_dark="var(--lm-soft)",
    )


def make_page(app: App, previews: Recent) -> gr.Blocks:
    """Return the page; it puts the previews of running turns where `ui.web.pictures` serves them from."""
    with gr.Blocks(title="Limner", analytics_enabled=False, fill_width=True) as blocks:
        _Page(app, previews, blocks)
    blocks.queue(default_concurrency_limit=None)
    return blocks


@dataclass(frozen=True)
class Wanted:
    """Whose press it was and what was set there: the conversation, its turn looked at, and the options."""

    owner: str
    conversation: str
    tip: str = ""
    search: str = ""
    count: str = "1"
    keep_seed: bool = False
    exact: bool = False
    shape: str = ""
    style: str = ""
    check: bool = True
    mask: str = ""

    @property
    def several(self) -> int:
        return int(self.count) if self.count in COUNTS else 1

    def styled(self, message: str) -> str:
        """Return a message with the words of the style that is set."""
        return (
            f"{message.rstrip(' .,;!')}, {self.style}"
            if self.style in dict(STYLES).values() and self.style
            else message
        )


class _Page:
    """The components and their handlers. What a browser tab looks at is remembered only to stop following it."""

    def __init__(self, app: App, previews: Recent, blocks: gr.Blocks):
        self.app = app
        self.previews = previews
        self.looks: dict[str, _Look] = {}
        self._lay_out()
        self._connect(blocks)
        # gradio wants something of every handler, and takes an empty dict for a value.
        self._nothing: Update = {self.message: gr.skip()}

    def _lay_out(self) -> None:
        bare = {"apply_default_css": False, "js_on_load": None}
        self.conversation = gr.Textbox(visible="hidden", elem_id="conversation", show_label=False)
        self.tip = gr.Textbox(visible="hidden", elem_id="tip", show_label=False)
        self.mask = gr.Textbox(visible="hidden", elem_id="mask", show_label=False)
        self.hands = gr.HTML("", elem_id="hands", apply_default_css=False, js_on_load=HANDS)
        with gr.Row(elem_id="room", equal_height=False):
            with gr.Column(elem_id="past", min_width=0):
                gr.HTML("<h1>Limner</h1><p>Say it, see it, change it.</p>", elem_id="name", **bare)
                self.new = gr.Button("New picture", elem_id="new", variant="secondary")
                self.search = gr.Textbox(
                    elem_id="search", label="Search in your conversations", show_label=False, container=False,
                    placeholder="Search", max_lines=1,
                )  # fmt: skip
                self.shelf = gr.HTML("", elem_id="shelf", **bare)
                self.who = gr.HTML("", elem_id="who", **bare)
            with gr.Column(elem_id="talk", min_width=0):
                self.bar = gr.HTML(desk.bar(), elem_id="bar", **bare)
                with gr.Column(elem_id="scroll"):
                    self.chat = gr.HTML("", elem_id="chat", **bare)
                    self.live = gr.HTML("", elem_id="live", **bare)
                self._lay_out_composer()
            with gr.Column(elem_id="side", min_width=0):
                self.desk = gr.HTML("", elem_id="desk", **bare)
                self.tree = gr.HTML("", elem_id="tree", **bare)
        gr.HTML(desk.DIALOGS, elem_id="dialogs", **bare)
        # In the browser alone. Nothing in it is secret, and with a key of its own it would be lost with each start.
        self.remembered = gr.BrowserState({}, storage_key="limner-options", secret="limner")

    def _lay_out_composer(self) -> None:
        with gr.Row(elem_id="options"):
            self.count = gr.Radio(
                list(COUNTS), value="1", label="How many", info="Pictures for each message, to choose from.",
                elem_id="count",
            )  # fmt: skip
            self.style = gr.Dropdown(
                list(STYLES), value="", label="Style", elem_id="style",
                info="Of a conversation's first picture; its words are added to yours.",
            )  # fmt: skip
            self.keep_seed = gr.Checkbox(
                label="Keep the seed", info="Paint with the seed of the picture that is shown now."
            )
            self.exact = gr.Checkbox(
                label="My words exactly", info="A new picture from just what you write; nothing is added."
            )
            self.check = gr.Checkbox(
                value=True, label="Check the picture",
                info="Looks for all that was asked, and paints again where something is missing.",
                visible=self.app.turns.checker is not None,
            )  # fmt: skip
            self.shape = gr.Dropdown([], label="Shape", info="Of a conversation's first picture.", visible=False)
        with gr.Row(elem_id="composer"):
            gr.HTML(desk.COMPOSER_BUTTONS, elem_id="more", apply_default_css=False, js_on_load=None)
            self.message = gr.Textbox(
                elem_id="message", placeholder="Say what to draw or change", show_label=False, label="Your message",
                lines=1, max_lines=6, autofocus=True, scale=1, container=False,
            )  # fmt: skip
            self.send = gr.Button("Send", elem_id="send", variant="primary", scale=0)
            self.stop = gr.Button("Stop", elem_id="stop", variant="secondary", scale=0, visible=False)

    def _connect(self, blocks: gr.Blocks) -> None:
        view = [
            self.chat, self.desk, self.tree, self.shelf, self.conversation, self.live, self.tip, self.send, self.stop,
            self.message, self.bar, self.shape, self.who, *self._kept(),
        ]  # fmt: skip
        wanted = [
            self.conversation, self.tip, self.search, self.count, self.keep_seed, self.exact, self.shape,
            self.style, self.check, self.mask,
        ]  # fmt: skip
        # A turn is followed as long as it runs, so presses meanwhile must not wait for the one before.
        free = {"show_progress": "hidden", "trigger_mode": "multiple", "concurrency_limit": None}
        private = {**free, "api_visibility": "private"}
        blocks.load(self.arrive, [self.conversation, self.remembered], view, js=ARRIVE, api_name="open", **free)
        changes = [option.input for option in self._kept()]
        gr.on(changes, self.remember, self._kept(), self.remembered, queue=False, js=NAMED, **private)
        blocks.unload(self.leave)
        sent = [self.message, *wanted]
        gr.on([self.message.submit, self.send.click], self.say, sent, view, js=SENDS, api_name="send", **free)
        self.hands.click(self.press, wanted, view, **private)
        self.new.click(self.begin, self.search, view, **private)
        self.stop.click(self.halt, self.conversation, None, api_name="stop", **free)
        latest = {**private, "trigger_mode": "always_last"}
        self.search.change(self.look_for, [self.search, self.conversation], self.shelf, **latest)
        self.hands.select(self.look_at, wanted, [self.desk], **latest)

    def _kept(self) -> list[Any]:
        """Return the options that a browser remembers."""
        return [self.count, self.style, self.keep_seed, self.exact, self.check, self.shape]

    # What people do.

    def arrive(self, conversation: str, remembered: Any, request: gr.Request) -> Iterator[Update]:
        """Show the conversation that the address names, or an empty page; follow its turn if one is running."""
        shown = self._show(Wanted(_owner(request), conversation), _tab(request))
        yield next(shown)
        owner = _owner(request)
        kept = self._recalled(remembered, owner)
        others = {option: value for option, value in kept.items() if option not in (self.shape, self.style)}
        yield self._painter(kept) | {self.who: self._who(owner)} | others
        yield from shown

    def remember(self, request: gr.Request, *values: Any) -> dict[str, Any]:
        """Return what the browser is to remember: the options as they are, and whose they are."""
        return {"owner": _owner(request), "values": list(values)}

    def say(self, request: gr.Request, message: str, *wanted: Any) -> Iterator[Update]:
        """Take a message and follow its turn to the end."""
        yield self._nothing
        yield from self._say(message or "", Wanted(_owner(request), *wanted), _tab(request))

    def press(self, event: gr.EventData, request: gr.Request, *wanted: Any) -> Iterator[Update]:
        """Do what a button's `data-do` says."""
        data = {str(key): str(value) for key, value in (event._data or {}).items()}
        yield self._nothing
        yield from self._press(data.get("do", ""), data, Wanted(_owner(request), *wanted), _tab(request))

    def look_at(self, event: gr.EventData, request: gr.Request, *wanted: Any) -> Update:
        """Show one version beside the talk."""
        return {self.desk: desk.desk(self._read(Wanted(_owner(request), *wanted)), str(event._data.get("version", "")))}

    def look_for(self, search: str, conversation: str, request: gr.Request) -> Update:
        return {self.shelf: self._shelf(Wanted(_owner(request), conversation, search=search))}

    def begin(self, search: str, request: gr.Request) -> Update:
        self._look(_tab(request))
        return self._view(Wanted(_owner(request), "", search=search))

    def halt(self, conversation: str, request: gr.Request) -> None:
        """Stop the turn that is running in this conversation."""
        owner = _owner(request)
        running = self._read(Wanted(owner, conversation)).running
        if running:
            self.app.turns.cancel(running.id, owner)

    def leave(self, request: gr.Request) -> None:
        self.looks.pop(_tab(request), None)

    # What becomes of it.

    def _say(self, message: str, wanted: Wanted, tab: str) -> Iterator[Update]:
        if not message.strip():
            return
        shown = self._read(wanted)
        options = self._options(wanted, shown)
        if wanted.exact:
            yield from self._exactly(message, wanted, tab, options)
        else:
            message = message if shown.versions else wanted.styled(message)
            yield from self._submit(message, wanted, tab, options=options)

    def _press(self, do: str, data: dict[str, str], wanted: Wanted, tab: str) -> Iterator[Update]:
        shown = self._read(wanted)
        version = shown.versions.get(data.get("version", ""))
        text = data.get("text", "")
        match do:
            case "wish":
                text = text if shown.versions else wanted.styled(text)
                yield from self._submit(text, wanted, tab, options=self._options(wanted, shown))
            case "open":
                yield from self._show(Wanted(wanted.owner, data.get("conversation", ""), search=wanted.search), tab)
            case "trouble":
                gr.Warning(html.escape(text))
            case "rename" | "delete":
                yield from self._tidy(do, data, wanted, tab)
            case "branch" | "newest":
                yield from self._branch(data.get("turn", ""), version, wanted, tab)
            case "edit":
                yield from self._submit(text, wanted, tab, sibling_of=data.get("turn"))
            case "retry":
                failed = next((turn for turn in shown.turns if turn.id == data.get("turn")), None)
                if failed:
                    same = failed.plan if failed.plan and failed.plan.act != "refuse" else None
                    yield from self._submit(failed.message, wanted, tab, plan=same, sibling_of=failed.id)
            case "again" | "four" if version and version.prompt:
                message, plan = buttons.again(version, 4 if do == "four" else 1)
                yield from self._submit(message, wanted, tab, plan=plan, options=TurnOptions(another=True))
            case "fold" if version and (folding := direct.fold(version, shown.versions)):
                message, plan, options = folding
                yield from self._submit(message, wanted, tab, plan=plan, options=options)
            case "as" if data.get("act") in ("create", "edit"):
                planned = next((turn for turn in shown.turns if turn.id == data.get("turn")), None)
                if planned:
                    held = TurnOptions(act="create" if data["act"] == "create" else "edit")
                    yield from self._submit(planned.message, wanted, tab, options=held, sibling_of=planned.id)
            case "exact":
                yield from self._exactly(text, wanted, tab)
            case "return" if version:
                message, plan = direct.going_back(version.label)
                yield from self._submit(message, wanted, tab, plan=plan)
            case "undo":
                if label := buttons.before(shown.current, shown.path, shown.versions):
                    message, plan = direct.going_back(label)
                    yield from self._submit(message, wanted, tab, plan=plan)
                elif shown.current:
                    gr.Info("This is the first picture; there is nothing to undo.")

    def _exactly(self, words: str, wanted: Wanted, tab: str, options: TurnOptions | None = None) -> Iterator[Update]:
        """Paint a person's own words, inside the mask if there is one; what cannot be a prompt is said."""
        try:
            message, plan = buttons.exactly(words, edits=options is not None and options.act == "edit")
        except AssistantError as error:
            gr.Warning(html.escape(str(error)))
            return
        yield from self._submit(message, wanted, tab, plan=plan, options=options)

    def _branch(self, turn_id: str, version: Version | None, wanted: Wanted, tab: str) -> Iterator[Update]:
        """Show another branch; what is said next goes on from there."""
        shown = self._read(replace(wanted, tip=""))
        if version is not None:
            made = next((turn for turn in shown.turns if turn.id == version.turn_id), None)
            if made is not None and made.ends_on != version.label:  # one of several: make it the branch's current one
                message, plan = direct.going_back(version.label)
                yield from self._submit(message, replace(wanted, tip=made.id), tab, plan=plan)
                return
            turn_id = version.turn_id
        newest = shown.turns[-1].id if shown.turns else ""
        yield from self._show(replace(wanted, tip="" if turn_id == newest else turn_id), tab)

    def _tidy(self, do: str, data: dict[str, str], wanted: Wanted, tab: str) -> Iterator[Update]:
        """Rename or delete a conversation."""
        named = data.get("conversation", "")
        try:
            if do == "rename":
                self.app.turns.rename_conversation(named, data.get("text", ""), wanted.owner)
            else:
                self.app.turns.delete_conversation(named, wanted.owner)
        except AssistantError as error:
            gr.Warning(html.escape(str(error)))
        if do == "delete" and named == wanted.conversation:
            self._look(tab)
            yield self._view(Wanted(wanted.owner, "", search=wanted.search))
        else:
            yield {self.shelf: self._shelf(wanted)}

    def _submit(
        self, message: str, wanted: Wanted, tab: str, plan: Plan | None = None, options: TurnOptions | None = None,
        sibling_of: str | None = None,
    ) -> Iterator[Update]:  # fmt: skip
        """Store the message, then follow its turn; what cannot be stored stays in the box, with the reason."""
        turns, owner = self.app.turns, wanted.owner
        conversation = wanted.conversation
        if not wanted.check:
            options = replace(options or TurnOptions(), tries=0)
        try:
            if conversation and self._read(wanted).running:
                gr.Info("A picture is still being painted; press Stop, or wait for it.")
                return
            conversation = conversation or turns.new_conversation(owner).id
            turn_id = turns.submit(
                conversation, message, parent_turn=(wanted.tip or None) if sibling_of is None else None, plan=plan,
                options=options, sibling_of=sibling_of, owner=owner,
            )  # fmt: skip
        except AssistantError as error:
            gr.Warning(html.escape(str(error)))
            yield {self.message: message}
            return
        here = replace(wanted, conversation=conversation, tip="")
        yield {self.message: ""} | self._view(here, Live(doing="Thinking"))
        yield from self._follow(here, turn_id, tab)

    def _options(self, wanted: Wanted, shown: Shown) -> TurnOptions:
        """Return what is set under the message. A shape is for first pictures only, for an edit keeps its parent's."""
        current = shown.versions.get(shown.current or "")
        seed = current.recipe.seed if wanted.keep_seed and current and current.recipe else None
        width, _, height = wanted.shape.partition("x") if wanted.shape and not shown.versions else ("", "", "")
        size = (int(width), int(height)) if width.isdigit() and height.isdigit() else None
        several = wanted.several if wanted.several > 1 else None
        if DIGEST.fullmatch(wanted.mask) and current:
            return TurnOptions(count=several, seed=seed, act="edit", mask=wanted.mask)
        return TurnOptions(count=several, seed=seed, size=size)

    # What they see.

    def _show(self, wanted: Wanted, tab: str) -> Iterator[Update]:
        """Show a conversation, then follow its turn if one is running."""
        try:
            if wanted.conversation:
                self.app.turns.conversation(wanted.conversation, wanted.owner)
        except AssistantError as error:
            gr.Warning(html.escape(str(error)))
            wanted = Wanted(wanted.owner, "", search=wanted.search)
        self._look(tab)
        yield self._view(wanted)
        running = self._read(wanted).running
        if running:
            yield from self._follow(wanted, running.id, tab)

    def _follow(self, wanted: Wanted, turn_id: str, tab: str) -> Iterator[Update]:
        """Show how the turn goes on until it has ended or the tab looks elsewhere."""
        look, watch = self._look(tab), Watch(turn_id)
        drawn = 0.0
        for event in self.app.turns.events(turn_id, owner=wanted.owner, stopped=lambda: not self._still(look)):
            if event.image:
                self.previews.put(turn_id, event.image)
            live = watch.after(event)
            if time.monotonic() - drawn >= FRAME_SECONDS:
                yield {self.live: views.live(live)}
                drawn = time.monotonic()
        if self._still(look):
            yield self._view(wanted)

    def _view(self, wanted: Wanted, live: Live | None = None) -> Update:
        """Return the whole page as the store has it."""
        shown = self._read(wanted)
        running = shown.running is not None
        return {
            self.chat: views.chat(shown),
            self.live: views.live(live or (Live(doing="Thinking") if running else None)),
            self.desk: desk.desk(shown),
            self.tree: desk.tree(shown),
            self.shelf: self._shelf(wanted),
            self.conversation: wanted.conversation,
            self.tip: wanted.tip,
            self.send: gr.update(visible=not running),
            self.stop: gr.update(visible=running),
        }

    def _read(self, wanted: Wanted) -> Shown:
        """Return the conversation as the store has it; an unknown one is empty."""
        if not wanted.conversation:
            return Shown()
        try:
            turns = self.app.turns.history(wanted.conversation, wanted.owner)
            return views.shown(turns, self.app.turns.versions(wanted.conversation, wanted.owner), wanted.tip)
        except AssistantError:
            return Shown()  # deleted meanwhile, perhaps in another tab

    def _shelf(self, wanted: Wanted) -> str:
        search = wanted.search or ""
        found = self.app.turns.list_conversations(wanted.owner, containing=search)
        return desk.shelf(found, wanted.conversation, datetime.now().astimezone(), search)

    def _painter(self, kept: Update) -> Update:
        """Say which model paints, once it is there, and offer its shapes and styles; `kept` has those chosen before."""
        try:
            can: Capabilities = self.app.turns.painter.capabilities()
        except GenerationError as error:
            return {self.bar: desk.bar(trouble=str(error))}
        shapes = [(name, f"{size[0]}x{size[1]}") for name, size in buttons.shapes(can)]
        styles = list(styles_of(can.name))
        shape, style = kept.get(self.shape), kept.get(self.style)
        offered: Update = {
            self.style: gr.update(choices=styles, value=style if style in dict(styles).values() else ""),
        }
        if len(shapes) > 1:
            chosen = shape if shape in dict(shapes).values() else shapes[0][1]
            offered[self.shape] = gr.update(choices=shapes, value=chosen, visible=True)
        return {self.bar: desk.bar(can)} | offered

    def _who(self, owner: str) -> str:
        settings = self.app.settings
        return desk.who(owner, may_leave=not settings.proxy_header) if settings.needs_sign_in else ""

    def _recalled(self, remembered: Any, owner: str) -> Update:
        """Return the options as this person left them in this browser; what is no longer offered is left out."""
        values = remembered.get("values") if isinstance(remembered, dict) and remembered.get("owner") == owner else None
        if not isinstance(values, list) or len(values) != len(self._kept()):
            return {}
        count, style, keep_seed, exact, check, shape = values
        kept: Update = {
            self.keep_seed: bool(keep_seed), self.exact: bool(exact), self.check: bool(check), self.style: style,
            self.shape: shape,
        }  # fmt: skip
        return kept | ({self.count: count} if count in COUNTS else {})

    def _look(self, tab: str) -> _Look:
        """Note that the tab now looks at something else; who followed for it before stops."""
        self.looks[tab] = look = _Look(tab)
        return look

    def _still(self, look: _Look) -> bool:
        return self.looks.get(look.tab) is look


class _Look:
    """One thing that one tab looks at."""

    def __init__(self, tab: str):
        self.tab = tab


def _owner(request: gr.Request) -> str:
    """Return whose request this is, which `ui.web.signing_in` found before gradio saw it."""
    return str(request.username)


def _tab(request: gr.Request) -> str:
    return f"{request.session_hash} {request.username}"


class Watch:
    """How far a turn is, as its events tell; the time that is left is guessed from the steps so far."""

    def __init__(self, turn_id: str):
        self.turn_id = turn_id
        self.live = Live(doing="Thinking")
        self._first: tuple[float, int] | None = None

    def after(self, event: Event) -> Live:
        data = event.data
        match event.kind:
            case "plan":
                self.live = replace(self.live, plan=str(data.get("line", "")), doing="Getting ready to paint")
            case "progress":
                step, steps = int(data.get("step", 0)), int(data.get("steps", 0))
                self.live = replace(self.live, step=step, steps=steps, left=self._left(step, steps))
            case "checked":
                gone = ", ".join(str(name) for name in data.get("missing", []))
                self.live = replace(self.live, doing=f"Painting again, for lack of: {gone}", step=0, steps=0)
            case "preview" if event.image:
                self.live = replace(self.live, preview=f"/previews/{self.turn_id}?n={event.number}")
        return self.live

    def _left(self, step: int, steps: int) -> float | None:
        now = time.monotonic()
        if self._first is None or step < self._first[1]:
            self._first = (now, step)
            return None
        since, begun = self._first
        return (now - since) / (step - begun) * (steps - step) if step > begun else None
