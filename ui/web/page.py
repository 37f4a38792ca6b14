"""The page, in gradio: which handler hears what is pressed. It keeps nothing itself.

What is shown comes from the store through `ui.web.showing`; what people do becomes turns in `ui.web.doing`. So a
reload, a second tab or another machine shows the same, and closing the page stops nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from ui.web.doing import Doing
from ui.web.options import Wanted
from ui.web.parts import Parts, Update
from ui.web.pictures import Kept
from ui.web.showing import Showing
from ui.web.texts import MARKED, speaking, spoken
from ui.web.wording import has_chosen, language_of
from ui.wiring import App

HERE = 'new URLSearchParams(window.location.search).get("c") || ""'
ARRIVE = f"(conversation) => {HERE}"
MEET = f"async (conversation, remembered) => {{ await window.limner.arrived; return [{HERE}, remembered]; }}"
"""Waits until the conversation stands there: the first to come has the painter loaded, beside which all is slow."""
SENDS = "(...values) => window.limner.sends(values)"
"""Lets mask.js add what the message is held to, and forget it: it is for one message."""
LOOKS = "(...values) => window.limner.looks(values)"
"""Lets page.js say which version is looked at by now: of presses that wait, gradio hands on the first one's data."""
NAMED = "(...values) => { setTimeout(window.limner.nameOptions, 50); return values; }"
"""Lets page.js say beside the button what is set, however it came to be."""


def make_page(app: App, kept: Kept) -> gr.Blocks:
    """Return the page; it puts previews of running turns where `ui.web.pictures` serves them from."""
    with gr.Blocks(title="Limner", analytics_enabled=False, fill_width=True) as blocks:
        _Page(app, kept, blocks)
    blocks.queue(default_concurrency_limit=None)
    return blocks


class _Page:
    """The components and their handlers."""

    def __init__(self, app: App, kept: Kept, blocks: gr.Blocks):
        self.app = app
        with spoken(MARKED):
            checks = app.turns.checker is not None and app.settings.tries > 0
            self.parts = Parts(checks, tuple(app.turns.painters))
        self.showing = Showing(app, self.parts, kept)
        self.doing = Doing(self.showing)
        self._connect(blocks)
        # gradio wants something of every handler, and takes an empty dict for a value.
        self._nothing: Update = {self.parts.message: gr.skip()}

    def _connect(self, blocks: gr.Blocks) -> None:
        parts, view, wanted = self.parts, self.parts.view, self.parts.wanted
        # A turn is followed as long as it runs, so presses meanwhile must not wait for the one before.
        free = {"show_progress": "hidden", "trigger_mode": "multiple", "concurrency_limit": None}
        private = {**free, "api_visibility": "private"}
        # What is over at once answers by itself: gradio closes the stream of the others when the last of them ends, and
        # the answer of one that comes in that very moment would wait in the server until something else is pressed.
        quick = {**private, "queue": False}
        blocks.load(self.arrive, parts.conversation, view, js=ARRIVE, api_name="open", **free)
        blocks.load(self.meet, [parts.conversation, parts.remembered], view, js=MEET, **quick)
        # Of these one is asked at a time, with what is set by then: an answer from before would undo a later one.
        latest = {**quick, "trigger_mode": "always_last"}
        changes = [option.input for option in parts.kept]
        gr.on(changes, self.remember, parts.kept, parts.remembered, js=NAMED, **latest)
        chosen = [parts.style, parts.shape, *wanted]
        parts.painter.input(self.choose, chosen, view, **latest)
        blocks.unload(self.leave)
        sent = [parts.message, *wanted]
        gr.on([parts.message.submit, parts.send.click], self.say, sent, view, js=SENDS, api_name="send", **free)
        parts.hands.click(self.press, wanted, view, **private)
        parts.hands.release(self.wake, None, None, **private)
        parts.new.click(self.begin, parts.search, view, **quick)
        parts.stop.click(self.halt, parts.conversation, None, api_name="stop", queue=False, **free)
        parts.search.change(self.look_for, [parts.search, parts.conversation], parts.news, **latest)
        looked = parts.hands.select(self.look_at, wanted, parts.desk, js=LOOKS, **latest)
        looked.then(None, js="() => window.limner.shown()", show_progress="hidden")

    # What people do.

    def arrive(self, conversation: str, request: gr.Request) -> Iterator[Update]:
        """Show the conversation that the address names, or an empty page; follow its turn if one is running."""
        yield from speaking(_language(request), self._arrived(conversation, request))
        # gradio sends the last that a handler yields once more when that ends, and here it is a whole conversation. (Of
        # a message or a press it is little, and all that comes where another of its kind began meanwhile.)
        yield self._nothing

    def _arrived(self, conversation: str, request: gr.Request) -> Iterator[Update]:
        self.showing.sent.forget(_tab(request))
        shown = self.showing.show(Wanted(_owner(request), conversation), _tab(request))
        yield next(shown) | {self.parts.who: self.showing.who(_owner(request), _chosen(request))}
        yield from shown

    def meet(self, conversation: str, remembered: Any, request: gr.Request) -> Update:
        """Say who paints, once it is there, with the tools that it has, and set the options as they were left."""
        self.app.seen.set()
        owner, style_and_shape = _owner(request), (self.parts.shape, self.parts.style)
        kept = self.showing.recalled(remembered, owner)
        others = {option: value for option, value in kept.items() if option not in style_and_shape}
        with spoken(_language(request)):
            painter = self.showing.painter(kept)
            wanted = Wanted(owner, conversation, painter=kept.get(self.parts.painter))
            is_usual = self.showing.chosen(wanted.painter) == self.app.turns.name
            has_its_tools = is_usual and _tab(request) not in self.showing.bare
            tools = {} if has_its_tools else self.showing.tools(wanted, _tab(request))
        return painter | tools | others

    def remember(self, request: gr.Request, *values: Any) -> dict[str, Any]:
        """Return what the browser is to remember: the options as they are, and whose they are."""
        return {"owner": _owner(request), "values": list(values)}

    def choose(self, request: gr.Request, style: str, shape: str, *wanted: Any) -> Update:
        """Say what the painter that was chosen can do, and offer its shapes, styles and tools."""
        here, parts = Wanted(_owner(request), *wanted), self.parts
        with spoken(_language(request)):
            offered = self.showing.painter({parts.style: style, parts.shape: shape, parts.painter: here.painter})
            return offered | self.showing.tools(here, _tab(request))

    def say(self, request: gr.Request, message: str, *wanted: Any) -> Iterator[Update]:
        """Take a message and follow its turn to the end."""
        yield self._nothing
        said = self.doing.say(message or "", Wanted(_owner(request), *wanted), _tab(request))
        yield from speaking(_language(request), said)

    def press(self, event: gr.EventData, request: gr.Request, *wanted: Any) -> Iterator[Update]:
        """Do what a button's `data-do` says."""
        data = {str(key): str(value) for key, value in (event._data or {}).items()}
        yield self._nothing
        pressed = self.doing.press(data.get("do", ""), data, Wanted(_owner(request), *wanted), _tab(request))
        yield from speaking(_language(request), pressed)

    def wake(self) -> Iterator[None]:
        """Say nothing: that it is asked opens the stream of answers, should it be closed with one left behind."""
        yield

    def look_at(self, request: gr.Request, *wanted: Any) -> Update:
        """Show one version beside the talk: the one that the last value names, in place of a mask; else the current."""
        *here, label = wanted
        with spoken(_language(request)):
            return {self.parts.desk: self.showing.desk(Wanted(_owner(request), *here), str(label))}

    def look_for(self, search: str, conversation: str, request: gr.Request) -> Update:
        self.showing.searched[_tab(request)] = search
        wanted = Wanted(_owner(request), conversation, search=search)
        with spoken(_language(request)):
            return self.showing.shelved(wanted, _tab(request)) or self._nothing

    def begin(self, search: str, request: gr.Request) -> Update:
        self.showing.looks.begin(_tab(request))
        with spoken(_language(request)):
            return self.showing.view(Wanted(_owner(request), "", search=search), _tab(request))

    def halt(self, conversation: str, request: gr.Request) -> None:
        """Stop the turn that is running in this conversation."""
        owner = _owner(request)
        running = self.showing.read(Wanted(owner, conversation)).running
        if running:
            self.app.turns.cancel(running.id, owner)

    def leave(self, request: gr.Request) -> None:
        self.showing.looks.leave(_tab(request))
        self.showing.searched.pop(_tab(request), None)
        self.showing.bare.discard(_tab(request))
        self.showing.sent.forget(_tab(request))


def _owner(request: gr.Request) -> str:
    """Return whose request this is, which `ui.web.signing_in` found before gradio saw it."""
    return str(request.username)


def _language(request: gr.Request) -> str:
    return language_of(request.headers, request.cookies, _owner(request))


def _chosen(request: gr.Request) -> str:
    """Return the language that this person chose in this browser; "" for none."""
    return _language(request) if has_chosen(request.cookies, _owner(request)) else ""


def _tab(request: gr.Request) -> str:
    return f"{request.session_hash} {request.username}"
