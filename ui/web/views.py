"""What the conversation looks like, as HTML: turns into messages and pictures. Pure functions.

Everything that a person or a model wrote is escaped here and in `ui.web.desk`, and nowhere else. What a button does is
in its `data-do`, which page.js hands to `ui.web.page`. Knows no gradio, no store and no requests.
"""

from __future__ import annotations

import difflib
import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.direct import OFFER_AFTER, edited_from, fold
from assistant.messages import (
    CreatePlan,
    EditPlan,
    ExtendPlan,
    MergePlan,
    Plan,
    ReturnPlan,
    Turn,
    TurnStatus,
    UpscalePlan,
    VaryPlan,
    Version,
)
from captioner.request import missing, parted
from ui.web.retelling import english, known, others, told
from ui.web.texts import _, _n
from ui.web.toolbar import Able, button, references, tools
from ui.web.wishes import STARTERS, called, next_wishes

WIDTHS = (112, 448, 896)
"""How wide pictures are sent to be shown: in rows, in the conversation, and there on screens of two dots a pixel."""
MARKED_WORDS = 600
"""Longer prompts are shown without marks: comparing them takes too long for a page."""


@dataclass(frozen=True)
class Shown:
    """What a page shows of a conversation: the turns of one path, all turns, all versions by label.

    `current` is the label that the path ends on; `able` is what the models here can do with a picture.
    """

    path: tuple[Turn, ...] = ()
    turns: tuple[Turn, ...] = ()
    versions: Mapping[str, Version] = field(default_factory=dict)
    current: str | None = None
    able: Able = field(default_factory=Able)

    @property
    def running(self) -> Turn | None:
        return next((turn for turn in self.turns if not turn.status.ended), None)

    @property
    def is_newest(self) -> bool:
        return not self.path or self.path[-1] is self.turns[-1]


@dataclass(frozen=True)
class Live:
    """How far the turn in progress is: what is being done (as HTML), and the address of the newest preview.

    `left` is how many seconds the painting will still take, None while that cannot be told.
    """

    doing: str = ""
    plan: str = ""
    step: int = 0
    steps: int = 0
    preview: str = ""
    left: float | None = None


def shown(turns: Sequence[Turn], versions: Sequence[Version], tip: str = "") -> Shown:
    """Return what to show: the path to the turn `tip`, or to the newest where there is no such turn."""
    path = path_to(turns, tip)
    current = next((turn.ends_on for turn in reversed(path) if turn.ends_on), None)
    return Shown(path, tuple(turns), {version.label: version for version in versions}, current)


def path_to(turns: Sequence[Turn], tip: str = "") -> tuple[Turn, ...]:
    """Return the turns from the root to the turn `tip` (else the newest); messages edited since are left out."""
    by_id = {turn.id: turn for turn in turns}
    path = []
    turn = by_id.get(tip) or (turns[-1] if turns else None)
    while turn is not None:
        path.append(turn)
        turn = by_id.get(turn.parent_id or "")
    return tuple(reversed(path))


def newest_under(turns: Sequence[Turn], turn_id: str) -> str:
    """Return the newest turn of those that follow from a turn, itself among them."""
    under = {turn_id}
    newest = turn_id
    for turn in turns:  # in the order they were said, so parents come first
        if turn.parent_id in under:
            under.add(turn.id)
            newest = turn.id
    return newest


def picture_address(digest: str) -> str:
    return f"/pictures/{digest}"


def thumbnail_address(digest: str, width: int) -> str:
    """Return the address of a picture made small, at most `width` pixels wide: one of `WIDTHS`."""
    return f"/pictures/{digest}?w={width}"


def chat_sheets() -> str:
    """Return where page.js lays out `chat` and `after`."""
    label = _("Conversation")
    return (
        f'<div class="lm-chat" data-sheet="chat" role="log" aria-label="{label}"></div><div data-sheet="after"></div>'
    )


def chat(shown: Shown) -> dict[str, str]:
    """Return the messages of a conversation by turn; one in progress shows its message only, for `live` follows it."""
    if not shown.path:
        return {"welcome": welcome()}
    siblings: dict[str | None, list[Turn]] = {}
    for turn in shown.turns:
        siblings.setdefault(turn.parent_id, []).append(turn)
    return {f"turn-{turn.id}": _turn(turn, siblings[turn.parent_id], shown) for turn in shown.path}


def welcome() -> str:
    """Return what an empty page shows: wishes that were painted before, to press."""
    examples = "".join(
        f'<li><button type="button" data-do="wish" data-text="{html.escape(starter.wish)}">'
        f'<img src="/examples/{starter.picture}" alt="{html.escape(_(starter.alt))}" width="128" height="128">'
        f"<span>{called(starter.wish)}</span></button></li>"
        for starter in STARTERS
    )
    return (
        '<section class="lm-welcome"><h2>'
        + _("What shall we draw?")
        + "</h2><p>"
        + _("Say it in a few words, then say what to change. Or press one of these:")
        + f'</p><ul class="lm-examples">{examples}</ul></section>'
    )


def _turn(turn: Turn, siblings: Sequence[Turn], shown: Shown) -> str:
    return (
        f'<article class="lm-turn" id="turn-{turn.id}"><div class="lm-said"><h3 class="lm-unseen">{_("You")}</h3>'
        f"{_said(turn)}{_message_tools(turn, siblings, shown)}</div>"
        f'<div class="lm-answer"><h3 class="lm-unseen" translate="no">Limner</h3>{answer(turn, shown)}</div></article>'
    )


def _was_brought(turn: Turn) -> bool:
    return not turn.message and turn.plan is None and bool(turn.made)


def _said(turn: Turn) -> str:
    if _was_brought(turn):
        return f'<p class="lm-quiet">{_("a picture of your own")}</p>'
    said = html.escape(turn.message)
    if turn.options.pressed:  # kept and read in English, and so changed
        return f'<p class="lm-words" data-words="{said}">{called(turn.message)}</p>'
    return f'<p class="lm-words" dir="auto">{said}</p>'


def _message_tools(turn: Turn, siblings: Sequence[Turn], shown: Shown) -> str:
    parts = []
    if len(siblings) > 1:
        at = [sibling.id for sibling in siblings].index(turn.id)
        names = _("The message before this one was changed"), _("The changed message")
        for step, sign, name in zip((-1, 1), "‹›", names, strict=True):
            if 0 <= at + step < len(siblings):
                to = newest_under(shown.turns, siblings[at + step].id)
                parts.append(button("branch", sign, "lm-icon", turn=to, label=name))
            else:
                parts.append(f'<button type="button" class="lm-icon" disabled aria-label="{name}">{sign}</button>')
            if step < 0:
                parts.append(
                    f'<span class="lm-count">{_("{number} of {all}", number=at + 1, all=len(siblings))}</span>'
                )
    if turn.status.ended and not _was_brought(turn):
        parts.append(button("edit", _("Edit"), "lm-small-tool", turn=turn.id, label=_("Edit this message")))
    return f'<div class="lm-message-tools">{"".join(parts)}</div>' if parts else ""


def answer(turn: Turn, shown: Shown) -> str:
    """Return what the assistant shows for a turn that has ended; "" for one in progress."""
    if not turn.status.ended:
        return ""
    parts = []
    if turn.status is TurnStatus.FAILED:
        parts.append(f'<p class="lm-trouble">{told(turn.error or turn.reply)}</p>')
    elif turn.status is TurnStatus.CANCELLED:
        parts.append(f'<p class="lm-quiet">{_("Stopped.")}</p>')
    elif turn.reply:
        parts.append(_reply(turn.reply))
    if turn.status in (TurnStatus.FAILED, TurnStatus.CANCELLED):
        parts.append(f'<div class="lm-tools">{button("retry", _("Try again"), turn=turn.id)}</div>')
    made = [shown.versions[label] for label in turn.made if label in shown.versions]
    if made:
        parts.append(_plan_line(turn, made[0], shown))
        folded = _folded(turn, shown)
        several = len(made) + bool(folded)
        grid = "" if several == 1 else " lm-four" if several <= 4 else " lm-many"
        pictures = "".join(_picture(one, shown, bool(grid)) for one in made)
        parts.append(f'<div class="lm-pictures{grid}">{_chain_end(folded, shown) if folded else ""}{pictures}</div>')
    elif isinstance(turn.plan, ReturnPlan) and turn.plan.targets[0] in shown.versions and turn.ends_on:
        parts.append(_glance(shown.versions[turn.plan.targets[0]]))
    parts.append(_deleted(turn, shown))
    return "".join(parts) or f'<p class="lm-quiet">{_("Done.")}</p>'


def _reply(reply: str) -> str:
    """Return what was replied: in the language that is spoken where we wrote it, as it stands where a model did."""
    lines = [(known(line), line) for line in reply.split("\n")]
    direction = "" if all(ours for ours, _line in lines) else ' dir="auto"'
    said = "\n".join(html.escape(ours or line) for ours, line in lines)
    return f'<p class="lm-words"{direction}>{said}</p>'


def _deleted(turn: Turn, shown: Shown) -> str:
    """Return which of the pictures that a turn made or went back to are deleted by now."""
    meant = turn.plan.targets if isinstance(turn.plan, ReturnPlan) and turn.status is TurnStatus.DONE else turn.made
    gone = [label for label in meant if label not in shown.versions]
    if not gone:
        return ""
    said = _n("{labels} was deleted.", "{labels} were deleted.", len(gone), labels=listed(gone))
    return f'<p class="lm-quiet">{said}</p>'


def _plan_line(turn: Turn, made: Version, shown: Shown) -> str:
    """Return what the turn did, and the one press that makes a new picture of an edit, or the other way round."""
    before = next((other.ends_on for other in shown.turns if other.id == turn.parent_id), None)
    line = _done(turn.plan, made)
    if not turn.message or not line:
        return ""
    changes = isinstance(turn.plan, EditPlan | ExtendPlan | MergePlan)
    by_words = made.recipe is None or made.recipe.planned_by != "person"
    others = []
    if changes and (by_words or isinstance(turn.plan, EditPlan)):
        others.append(button("as", _("Make a new picture instead"), "lm-small-tool", turn=turn.id, act="create"))
    if before and by_words and isinstance(turn.plan, CreatePlan | VaryPlan):
        others.append(
            button("as", _("Change {label} instead", label=before), "lm-small-tool", turn=turn.id, act="edit")
        )
    if turn.reply and not others:  # which says as much
        return ""
    return f'<p class="lm-done"><span>{line}</span> {"".join(others)}</p>'


def _done(plan: Plan | None, made: Version) -> str:
    """Return in a few words, as HTML, what a plan did to which versions; "" for one that painted nothing."""
    parents = listed(made.parents)
    match plan:
        case CreatePlan() if parents and made.recipe and made.recipe.change == "subject":
            return _("A new picture of what {label} shows", label=parents)
        case CreatePlan() if parents:
            return _("A new picture in the style of {label}", label=parents)
        case CreatePlan():
            return _("A new picture")
        case EditPlan():
            return _("Changed {labels}: {what}", labels=parents, what=others(plan.region or plan.change))
        case VaryPlan() if plan.strength == "subtle":
            return _("Varied {labels} a little", labels=parents)
        case VaryPlan():
            return _("{labels}, painted another way", labels=parents)
        case ExtendPlan():
            return _("Painted on past the edges of {labels}", labels=parents)
        case MergePlan():
            return _("Combined {labels}", labels=parents)
        case UpscalePlan():
            size = {"width": made.width, "height": made.height}
            return _("{labels}, larger: {width} × {height} pixels", labels=parents, **size)
        case _:
            return ""


def _folded(turn: Turn, shown: Shown) -> Version | None:
    """Return the end of the chain of edits that a turn painted anew at once; None for other turns."""
    before = next((other.ends_on for other in shown.turns if other.id == turn.parent_id), None)
    end = shown.versions.get(before or "")
    if end is None or not isinstance(turn.plan, VaryPlan) or not turn.plan.targets or turn.plan.prompt != end.prompt:
        return None
    root, edits = edited_from(end, shown.versions)
    return end if root is not None and edits and turn.plan.targets[0] == root.label else None


def _picture(version: Version, shown: Shown, one_of_several: bool) -> str:
    label, others = version.label, len(shown.versions) > 1
    row = tools(version, shown.able, label == shown.current, others, one_of_several)
    parent = shown.versions.get(version.parents[0]) if version.parents else None
    now = f'<span class="lm-now">{_("now")}</span>' if label == shown.current else ""
    took = f'<span class="lm-quiet">{seconds(version.seconds)}</span>' if version.seconds else ""
    prompt = prompt_of(version, parent)
    return (
        f'<figure class="lm-picture">{large(version)}'
        f'<figcaption><span class="lm-label">{label}</span>{named(version)}{now}{took}'
        f'<span class="lm-tools">{row}</span></figcaption>{_offers(version, shown)}{checked(version)}'
        f'<div class="lm-prompt-box" id="prompt-{label}" hidden>{prompt}</div></figure>'
    )


def _offers(version: Version, shown: Shown) -> str:
    """Return what a picture that somebody brought can be for, beside being changed."""
    chosen = references(version, shown.able, "lm-wish") if version.origin == "uploaded" else []
    if not chosen:
        return ""
    return (
        f'<div class="lm-offers" role="group" aria-label="{_("What {label} is for", label=version.label)}">'
        f'<p class="lm-quiet">{_("Say what to change in it, or take it for:")}</p>{"".join(chosen)}</div>'
    )


def checked(version: Version) -> str:
    """Return what was looked for in a picture: in one line what is missing, and behind it the whole list."""
    if not version.checks:
        return ""
    gone, count = missing(version.checks), len(version.checks)
    lacking, too_much = (english(", ".join(things)) if things else "" for things in parted(gone))
    found = [
        _("Not seen: {things}", things=lacking) if lacking else "",
        _("Too much: {things}", things=too_much) if too_much else "",
    ]
    said = (
        "; ".join(filter(None, found))
        if gone
        else _n("Nothing missing ({count} detail)", "Nothing missing ({count} details)", count)
    )
    rows = "".join(
        f'<li class="{style}"><span aria-hidden="true">{sign}</span><span class="lm-unseen">{how}</span> '
        f"{english(check.what)}</li>"
        for check in version.checks
        for style, sign, how in (("lm-there", "✓", _("seen:")) if check.found else ("lm-gone", "✗", _("not seen:")),)
    )
    style = "lm-gone" if gone else "lm-there"
    about = f'<span class="lm-unseen">{_("Details of {label}:", label=version.label)}</span>'
    return (
        f'<details class="lm-checks"><summary class="{style}">'
        f'<span aria-hidden="true">{"✗" if gone else "✓"}</span> {about} {said}</summary>'
        f"<ul>{rows}</ul></details>"
    )


def large(version: Version) -> str:
    """Return the picture as a link to its file, which page.js opens large; what is shown is made as small as it is."""
    _, one, two = WIDTHS
    sources = f' srcset="{thumbnail_address(version.image, one)} {one}w, {thumbnail_address(version.image, two)} '
    sources += f'{min(two, version.width)}w" sizes="min(92vw, {one}px)"'
    return (
        f'<a class="lm-easel" href="{picture_address(version.image)}" target="_blank" data-large="{version.label}">'
        f'<img src="{thumbnail_address(version.image, one)}"{sources if version.width > one else ""} '
        f'alt="{html.escape(alt(version))}" width="{version.width}" height="{version.height}" loading="lazy" '
        'decoding="async"></a>'
    )


def prompt_of(version: Version, parent: Version | None) -> str:
    """Return the prompt with its new words marked, the phrases locked in it, and what opens it for editing."""
    label = version.label
    exact = button("exact", _("Edit and paint"), version=label, label=_("Edit and paint exactly these words"))
    marks = f'<p class="lm-quiet">{_("Marked: what its parent did not have.")}</p>' if parent else ""
    locking = _("Lock words of the prompt of {label}", label=label)
    lock = (
        f'<button type="button" class="lm-tool" data-lock aria-label="{locking}" '
        f'title="{_("Select words above, then press: they stay in every picture made from this one")}">'
        f"{_('Lock words')}</button>"
    )
    return (
        f'<p class="lm-prompt" dir="auto">{marked(version.prompt, parent.prompt if parent else "")}</p>{marks}'
        f'<ul class="lm-locks" data-locks="{label}" aria-label="{_("Locked in {label}", label=label)}" hidden></ul>'
        f'<div class="lm-prompt-tools">{exact}'
        f"{lock if version.prompt else ''}</div>"
    )


def _chain_end(version: Version, shown: Shown) -> str:
    """Return the picture that was painted again at once, to stand beside what came of it; it is shown in full above."""
    use = button(
        "return", _("Use this"), version=version.label, label=_("Use this: go on from {label}", label=version.label)
    )
    return (
        f'<figure class="lm-picture">{large(version)}<figcaption><span class="lm-label">{version.label}</span>'
        f'<span class="lm-tools">{"" if version.label == shown.current else use}</span></figcaption>'
        f"{checked(version)}</figure>"
    )


def _glance(version: Version) -> str:
    return (
        f'<figure class="lm-picture lm-glance">{large(version)}<figcaption>'
        f'<span class="lm-label">{version.label}</span></figcaption></figure>'
    )


def after(shown: Shown) -> dict[str, str]:
    """Return what stands below the last message: that this is an older branch, or what one might say next."""
    found = _after(shown)
    return {"after": found} if found else {}


def _after(shown: Shown) -> str:
    if shown.running or not shown.path:
        return ""
    if not shown.is_newest:
        start = _("What you say next starts from {label}.", label=shown.current) if shown.current else ""
        return (
            f'<div class="lm-branch"><p>{_("This is an earlier branch.")} {start}</p>'
            f"{button('newest', _('Back to the newest'))}</div>"
        )
    version = shown.versions.get(shown.current or "")
    if version is None:
        return ""
    _root, edits = edited_from(version, shown.versions)
    offer = ""
    if edits >= OFFER_AFTER and fold(version, shown.versions):
        offer = button(
            "fold", _("Paint it all at once"), "lm-wish lm-fold", version=version.label,
            label=_n(
                "Paint it all at once: {label} anew after {count} edit, beside it, to choose from",
                "Paint it all at once: {label} anew after {count} edits, beside it, to choose from",
                edits, label=version.label,
            ),
        )  # fmt: skip
    wishes = offer + "".join(
        button("wish", called(wish), "lm-wish", text=wish) for wish in next_wishes(version.prompt, version.id)
    )
    return f'<div class="lm-wishes" role="group" aria-label="{_("What you might say next")}">{wishes}</div>'


def live(live: Live | None) -> str:
    """Return how far the turn in progress is."""
    if live is None:
        return ""
    parts = [f'<p class="lm-plan" role="status">{told(live.plan) if live.plan else live.doing}</p>']
    if live.preview:
        parts.append(
            f'<figure class="lm-picture lm-unfinished"><span class="lm-easel"><img src="{live.preview}" '
            f'alt="{_("The picture so far")}" width="128" height="128"></span></figure>'
        )
    share = 100 * live.step // live.steps if live.steps else 0
    doing = live.doing if live.plan else ""
    if live.steps and live.left is not None and live.left > 0.5:
        left = max(1, round(live.left))
        doing = _("Painting, step {step} of {steps}, about {left} s to go", step=live.step, steps=live.steps, left=left)
    elif live.steps:
        doing = _("Painting, step {step} of {steps}", step=live.step, steps=live.steps)
    waiting = "" if live.steps else " lm-waiting"
    parts.append(
        f'<div class="lm-progress{waiting}" role="progressbar" aria-label="{_("Painting")}" aria-valuemin="0" '
        f'aria-valuemax="100" aria-valuenow="{share}"><div style="width:{share}%"></div></div>'
        f'<p class="lm-quiet">{doing}</p>'
    )
    return f'<div class="lm-answer lm-live">{"".join(parts)}</div>'


def named(version: Version) -> str:
    """Return what a version's person calls it, to stand beside its label; "" for nothing."""
    return f'<span class="lm-name" dir="auto">{html.escape(version.name)}</span>' if version.name else ""


def seconds(taken: float) -> str:
    return _("{seconds} s", seconds=f"{taken:.1f}")


def listed(labels: Sequence[str]) -> str:
    """Return labels as a language lists them."""
    if len(labels) != 2:
        return ", ".join(labels)
    return _("{first} and {second}", first=labels[0], second=labels[1])


def alt(version: Version) -> str:
    """Return what a screen reader says of a picture until page.js has the captioner's words: the prompt."""
    return f"{version.label}: {version.prompt}"


def marked(prompt: str, before: str) -> str:
    """Return a prompt as HTML, with the words marked that the prompt before it did not have there."""
    words, old = prompt.split(), before.split()
    if not old or max(len(words), len(old)) > MARKED_WORDS:
        return html.escape(prompt)
    pieces = []
    for kind, _old, _end, start, end in difflib.SequenceMatcher(None, old, words, autojunk=False).get_opcodes():
        text = html.escape(" ".join(words[start:end]))
        if text:
            pieces.append(text if kind == "equal" else f"<mark>{text}</mark>")
    return " ".join(pieces)
