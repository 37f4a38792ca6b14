"""What is on the page: gradio's components and where they stand. Nothing happens here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gradio as gr

from ui.settings import short_names
from ui.web import canvas, desk, views
from ui.web.options import COUNTS
from ui.web.texts import _
from ui.web.wishes import STYLES, styles

HANDS = "window.limner.connect((kind, data) => trigger(kind, data));"
"""Lets page.js hand presses and keys on: one component hears them all."""

NEWS = "watch('value', () => window.limner.receive(props.value));"
"""Lets page.js hear what changed (`ui.web.sheets`)."""

Update = dict[Any, Any]
"""New values, or changes of a component, by component."""


class Parts:
    """The components."""

    def __init__(self, checks: bool, painters: Sequence[str] = ()):
        """`checks`: finished pictures are looked at, so that this can be turned off. `painters`: who can be chosen."""
        bare = {"apply_default_css": False, "js_on_load": None}
        self.conversation = gr.Textbox(visible="hidden", elem_id="conversation", show_label=False)
        self.tip = gr.Textbox(visible="hidden", elem_id="tip", show_label=False)
        self.mask = gr.Textbox(visible="hidden", elem_id="mask", show_label=False)
        self.news = gr.HTML(None, html_template="<i></i>", elem_id="news", apply_default_css=False, js_on_load=NEWS)
        self.hands = gr.HTML("", elem_id="hands", apply_default_css=False, js_on_load=HANDS)
        with gr.Row(elem_id="room", equal_height=False):
            with gr.Column(elem_id="past", min_width=0):
                gr.HTML(
                    f'<h1 translate="no">Limner</h1><p>{_("Say it, see it, change it.")}</p>', elem_id="name", **bare
                )
                self.new = gr.Button(_("New picture"), elem_id="new", variant="secondary")
                self.search = gr.Textbox(
                    elem_id="search", label=_("Search in your conversations"), show_label=False, container=False,
                    placeholder=_("Search"), max_lines=1,
                )  # fmt: skip
                gr.HTML(desk.SHELF, elem_id="shelf", **bare)
                self.who = gr.HTML("", elem_id="who", **bare)
            with gr.Column(elem_id="talk", min_width=0):
                self.bar = gr.HTML(desk.bar(), elem_id="bar", **bare)
                with gr.Column(elem_id="scroll"):
                    gr.HTML(views.chat_sheets(), elem_id="chat", **bare)
                    self.live = gr.HTML("", elem_id="live", **bare)
                self._lay_out_composer(checks, painters)
            with gr.Column(elem_id="side", min_width=0):
                self.desk = gr.HTML("", elem_id="desk", **bare)
                gr.HTML(desk.tree_sheet(), elem_id="tree", **bare)
        gr.HTML(desk.dialogs() + canvas.dialogs(), elem_id="dialogs", **bare)
        # In the browser alone. Nothing in it is secret, and with a key of its own it would be lost with each start.
        self.remembered = gr.BrowserState({}, storage_key="limner-options", secret="limner")

    def _lay_out_composer(self, checks: bool, painters: Sequence[str]) -> None:
        with gr.Row(elem_id="options"):
            self.count = gr.Radio(
                list(COUNTS), value="1", label=_("How many"), info=_("Pictures for each message, to choose from."),
                elem_id="count",
            )  # fmt: skip
            self.style = gr.Dropdown(
                styles(STYLES), value="", label=_("Style"), elem_id="style",
                info=_("Of a conversation's first picture; its words are added to yours."),
            )  # fmt: skip
            self.keep_seed = gr.Checkbox(
                label=_("Keep the seed"), info=_("Paint with the seed of the picture that is shown now.")
            )
            self.exact = gr.Checkbox(
                label=_("My words exactly"), info=_("A new picture from just what you write; nothing is added.")
            )
            self.check = gr.Checkbox(
                value=True, label=_("Check the picture"),
                info=_("Looks for all that was asked, and paints again where something is missing."),
                visible=checks,
            )  # fmt: skip
            self.shape = gr.Dropdown([], label=_("Shape"), info=_("Of a conversation's first picture."), visible=False)
            self.painter = gr.Dropdown(
                [(short, name) for name, short in short_names(painters).items()],
                value=next(iter(painters), ""), label=_("Model"), elem_id="painter",
                info=_("What paints; each has shapes and tools of its own."), visible=len(painters) > 1,
            )  # fmt: skip
        # A server that was started anew under an open page knows no choices that came later, and would refuse each
        # press; what is chosen is held against what there is where it is used.
        for choice in (self.style, self.shape, self.painter):
            vars(choice)["preprocess"] = lambda value: value
        with gr.Row(elem_id="composer"):
            gr.HTML(desk.composer_buttons(), elem_id="more", apply_default_css=False, js_on_load=None)
            self.message = gr.Textbox(
                elem_id="message", placeholder=_("What to draw or change"), show_label=False, label=_("Your message"),
                lines=1, max_lines=6, autofocus=True, scale=1, container=False,
            )  # fmt: skip
            self.send = gr.Button(_("Send"), elem_id="send", variant="primary", scale=0)
            self.stop = gr.Button(_("Stop"), elem_id="stop", variant="secondary", scale=0, visible=False)

    @property
    def view(self) -> list[Any]:
        """Return what handlers may change."""
        return [
            self.news, self.desk, self.conversation, self.live, self.tip, self.send, self.stop, self.message, self.bar,
            self.who, *self.kept,
        ]  # fmt: skip

    @property
    def wanted(self) -> list[Any]:
        """Return what a press sends with it, in the order of `Wanted`."""
        return [
            self.conversation, self.tip, self.search, self.count, self.keep_seed, self.exact, self.shape,
            self.style, self.check, self.painter, self.mask,
        ]  # fmt: skip

    @property
    def kept(self) -> list[Any]:
        """Return the options that a browser remembers."""
        return [self.count, self.style, self.keep_seed, self.exact, self.check, self.shape, self.painter]
