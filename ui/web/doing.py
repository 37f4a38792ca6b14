"""What becomes of what people do: a message or a button's press becomes a turn, which is then followed."""

from __future__ import annotations

import html
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import gradio as gr

from assistant import direct
from assistant.errors import AssistantError
from assistant.messages import Plan, TurnOptions, Version
from captioner.errors import CaptionerError
from ui.web import buttons
from ui.web.options import Wanted
from ui.web.parts import Update
from ui.web.retelling import known, told
from ui.web.showing import Showing
from ui.web.texts import _
from ui.web.views import Live, Shown


class Doing:
    """Takes messages and presses; what they show, `Showing` says."""

    def __init__(self, showing: Showing):
        self.app = showing.app
        self.parts = showing.parts
        self.showing = showing

    def say(self, message: str, wanted: Wanted, tab: str) -> Iterator[Update]:
        if not message.strip():
            return
        shown = self.showing.read(wanted)
        options = wanted.options(shown)
        if wanted.exact:
            yield from self._exactly(message, wanted, tab, options)
        else:
            message = message if shown.versions else wanted.styled(message)
            yield from self._submit(message, wanted, tab, options=options)

    def press(self, do: str, data: dict[str, str], wanted: Wanted, tab: str) -> Iterator[Update]:
        shown = self.showing.read(wanted)
        version = shown.versions.get(data.get("version", ""))
        text = data.get("text", "")
        match do:
            case "wish":
                text = text if shown.versions else wanted.styled(text)
                yield from self._submit(text, wanted, tab, options=wanted.options(shown), pressed=True)
            case "open":
                yield from self.showing.show(
                    Wanted(wanted.owner, data.get("conversation", ""), search=wanted.search), tab
                )
            case "all":
                self.showing.sent.forget(tab)
                yield from self.showing.show(wanted, tab)
            case "trouble":
                gr.Warning(html.escape(known(text) or text))  # the page's scripts speak its language
            case "rename" | "delete":
                yield from self._tidy(do, data, wanted, tab)
            case "rename-version" | "delete-version":
                yield from self._tend(do, data.get("label", ""), text, wanted, tab)
            case "branch" | "newest":
                yield from self._branch(data.get("turn", ""), version, wanted, tab)
            case "edit":
                said = next((turn for turn in shown.turns if turn.id == data.get("turn")), None)
                if said:
                    options = replace(said.options, pressed=False)
                    yield from self._submit(text, wanted, tab, options=options, sibling_of=said.id)
            case "retry":
                failed = next((turn for turn in shown.turns if turn.id == data.get("turn")), None)
                if failed:
                    same = failed.plan if failed.plan and failed.plan.act != "refuse" else None
                    yield from self._submit(
                        failed.message, wanted, tab, plan=same, options=failed.options, sibling_of=failed.id
                    )
            case "again" | "four" if version and version.prompt:
                message, plan = buttons.again(version, 4 if do == "four" else 1)
                yield from self._submit(
                    message, wanted, tab, plan=plan, options=TurnOptions(another=True), pressed=True
                )
            case "fold" if version and (folding := direct.fold(version, shown.versions)):
                message, plan, options = folding
                yield from self._submit(message, wanted, tab, plan=plan, options=options, pressed=True)
            case "as" if data.get("act") in ("create", "edit"):
                planned = next((turn for turn in shown.turns if turn.id == data.get("turn")), None)
                if planned:
                    makes_new = data["act"] == "create"
                    mask = None if makes_new else planned.options.mask
                    size = None if planned.options.place else planned.options.size
                    held = replace(
                        planned.options, act="create" if makes_new else "edit", mask=mask, size=size, place=None,
                        layout=None,
                    )  # fmt: skip
                    yield from self._submit(planned.message, wanted, tab, options=held, sibling_of=planned.id)
            case "exact":
                yield from self._exactly(text, wanted, tab)
            case "return" if version:
                message, plan = direct.going_back(version.label)
                yield from self._submit(message, wanted, tab, plan=plan, pressed=True)
            case "vary" | "zoom" | "extend" | "upscale" | "merge" if version:
                yield from self._touch(do, data, version, shown, wanted, tab)
            case "refer" if version:
                yield from self._refer(data.get("role", ""), version, wanted)
            case "undo":
                if label := buttons.before(shown.current, shown.path, shown.versions):
                    message, plan = direct.going_back(label)
                    yield from self._submit(message, wanted, tab, plan=plan, pressed=True)
                elif shown.current:
                    gr.Info(_("This is the first picture; there is nothing to undo."))

    def _touch(
        self, do: str, data: dict[str, str], version: Version, shown: Shown, wanted: Wanted, tab: str
    ) -> Iterator[Update]:
        """Do with a picture what a tool below it is for; what cannot be done is said."""
        try:
            message, plan, options = buttons.touched(do, data, version, shown)
        except AssistantError as error:
            gr.Warning(told(str(error)))
            return
        yield from self._submit(message, wanted, tab, plan=plan, options=options, pressed=True)

    def _refer(self, role: str, version: Version, wanted: Wanted) -> Iterator[Update]:
        """Put into the box what the captioner says of a picture: of what it shows, or of its style."""
        try:
            words = self.showing.words_of(version, "style" if role == "style" else "subject")
        except (AssistantError, CaptionerError) as error:
            gr.Warning(told(str(error)))
            return
        if not words:
            gr.Info(_("The captioner names no style of {label}; say it in your own words.", label=version.label))
            return
        gr.Info(
            _(
                "These are the captioner's words for {label}. Change or add what you like, then send.",
                label=version.label,
            )
        )
        yield {self.parts.message: words}

    def _exactly(self, words: str, wanted: Wanted, tab: str, options: TurnOptions | None = None) -> Iterator[Update]:
        """Paint a person's own words, inside the mask if there is one; what cannot be a prompt is said."""
        try:
            message, plan = buttons.exactly(words, edits=options is not None and options.act == "edit")
        except AssistantError as error:
            gr.Warning(told(str(error)))
            return
        yield from self._submit(message, wanted, tab, plan=plan, options=options, pressed=True)

    def _branch(self, turn_id: str, version: Version | None, wanted: Wanted, tab: str) -> Iterator[Update]:
        """Show another branch; what is said next goes on from there."""
        shown = self.showing.read(replace(wanted, tip=""))
        if version is not None:
            made = next((turn for turn in shown.turns if turn.id == version.turn_id), None)
            if made is not None and made.ends_on != version.label:  # one of several: make it the branch's current one
                message, plan = direct.going_back(version.label)
                yield from self._submit(message, replace(wanted, tip=made.id), tab, plan=plan, pressed=True)
                return
            turn_id = version.turn_id
        newest = shown.turns[-1].id if shown.turns else ""
        yield from self.showing.show(replace(wanted, tip="" if turn_id == newest else turn_id), tab)

    def _tidy(self, do: str, data: dict[str, str], wanted: Wanted, tab: str) -> Iterator[Update]:
        """Rename or delete a conversation."""
        named = data.get("conversation", "")
        try:
            if do == "rename":
                self.app.turns.rename_conversation(named, data.get("text", ""), wanted.owner)
            else:
                gone = self.app.turns.versions(named, wanted.owner)
                self.app.turns.delete_conversation(named, wanted.owner)
                self.showing.kept.forget(gone)
        except AssistantError as error:
            gr.Warning(told(str(error)))
        if do == "delete" and named == wanted.conversation:
            self.showing.looks.begin(tab)
            yield self.showing.view(Wanted(wanted.owner, "", search=wanted.search), tab)
        elif shelf := self.showing.shelved(wanted, tab):
            yield shelf

    def _tend(self, do: str, label: str, name: str, wanted: Wanted, tab: str) -> Iterator[Update]:
        """Rename or delete a version; one that was renamed is then looked at."""
        look = self.showing.looks.now(tab)
        try:
            if do == "rename-version":
                self.app.turns.rename_version(wanted.conversation, label, name, wanted.owner)
            else:
                before = self.app.turns.versions(wanted.conversation, wanted.owner)
                self.app.turns.delete_version(wanted.conversation, label, wanted.owner)
                self.showing.kept.forget(before)  # others tell what they were made from
        except AssistantError as error:
            gr.Warning(told(str(error)))
            return
        view = self.showing.view(wanted, tab, look=look)
        if not view:
            return
        if do == "rename-version":
            view[self.parts.desk] = self.showing.desk(wanted, label)
        yield view
        if do == "delete-version" and not self.showing.read(wanted).running:
            yield from self.showing.titled(wanted, tab, self.showing.looks.begin(tab))

    def _submit(
        self, message: str, wanted: Wanted, tab: str, plan: Plan | None = None, options: TurnOptions | None = None,
        sibling_of: str | None = None, pressed: bool = False,
    ) -> Iterator[Update]:  # fmt: skip
        """Store the message, then follow its turn; what cannot be stored stays in the box, with the reason.

        `pressed`: the message is a button's; so is one that goes by the options of another that was.
        """
        turns, owner = self.app.turns, wanted.owner
        conversation = wanted.conversation
        options = options or TurnOptions()
        options = replace(options, tries=None if wanted.check else 0, pressed=pressed or options.pressed)
        options = replace(options, painter=options.painter or wanted.painter or None)
        try:
            if conversation and self.showing.read(wanted).running:
                gr.Info(_("A picture is still being painted; press Stop, or wait for it."))
                return
            conversation = conversation or turns.new_conversation(owner).id
            turn_id = turns.submit(
                conversation, message, parent_turn=(wanted.tip or None) if sibling_of is None else None, plan=plan,
                options=options, sibling_of=sibling_of, owner=owner,
            )  # fmt: skip
        except AssistantError as error:
            gr.Warning(told(str(error)))
            if conversation and not wanted.conversation:
                with suppress(AssistantError):  # an empty one is nothing to find among one's own
                    turns.delete_conversation(conversation, owner)
            yield {self.parts.message: message}
            return
        here = replace(wanted, conversation=conversation, tip="")
        yield {self.parts.message: ""} | self.showing.view(here, tab, Live(doing=_("Thinking")))
        yield from self.showing.follow(here, turn_id, tab)
