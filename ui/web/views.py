"""What the page shows, as text: turns into chat messages, versions into the strip and the desk. Pure functions.

Everything that a person or a model wrote is escaped here and nowhere else. Knows no gradio, no store and no requests.
"""

from __future__ import annotations

import base64
import difflib
import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict

from assistant.messages import Conversation, Turn, TurnStatus, Version

STARTERS = (
    "draw an adorable white bunny in a meadow",
    "a robot watering flowers in a garden at sunset",
    "a grumpy cat with a red scarf in the snow",
    "a wizard on a rooftop at night, watercolour",
)

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~&$:/\"'=^@])")


class ChatMessage(TypedDict):
    role: str
    content: str


@dataclass(frozen=True)
class Live:
    """How far the turn in progress is: what is being done, and the newest preview."""

    doing: str = ""
    plan: str = ""
    step: int = 0
    steps: int = 0
    preview: bytes = b""


MARKED_WORDS = 600
"""Longer prompts are shown without marks: comparing them takes too long for a page."""


def picture_address(digest: str) -> str:
    return f"/pictures/{digest}"


def plain(text: str) -> str:
    """Return text that both markdown and HTML show as it was written."""
    entities = _MARKDOWN.sub(lambda match: f"&#{ord(match.group())};", text)
    return entities.replace("\r\n", "\n").replace("\n", "<br>")


def path_to_newest(turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """Return the turns from the root to the newest one; messages that were edited since are left out."""
    by_id = {turn.id: turn for turn in turns}
    path = []
    turn = turns[-1] if turns else None
    while turn is not None:
        path.append(turn)
        turn = by_id.get(turn.parent_id or "")
    return tuple(reversed(path))


def chat_messages(
    turns: Sequence[Turn], versions: Mapping[str, Version], live: Live | None = None
) -> list[ChatMessage]:
    """Return the whole chat; `versions` are by label, `live` belongs to the last turn if that has not ended."""
    messages: list[ChatMessage] = []
    for turn in turns:
        messages.append({"role": "user", "content": f'<span dir="auto">{_said(turn)}</span>'})
        messages.append({"role": "assistant", "content": answer(turn, versions, live if turn is turns[-1] else None)})
    return messages


def _said(turn: Turn) -> str:
    brought = not turn.message and turn.plan is None and turn.made
    return '<span class="lm-quiet">a picture of your own</span>' if brought else plain(turn.message)


def answer(turn: Turn, versions: Mapping[str, Version], live: Live | None = None) -> str:
    """Return what the assistant shows for a turn, as HTML."""
    if not turn.status.ended:
        return _live(live or Live(doing="Thinking"))
    parts = []
    if turn.status is TurnStatus.FAILED:
        parts.append(f'<p class="lm-trouble" dir="auto">{plain(turn.error or turn.reply)}</p>')
    elif turn.status is TurnStatus.CANCELLED:
        parts.append('<p class="lm-quiet">Stopped.</p>')
    elif turn.reply:
        parts.append(f'<p dir="auto">{plain(turn.reply)}</p>')
    shown = turn.made or ((turn.ends_on,) if turn.plan and turn.plan.act == "return" and turn.ends_on else ())
    parts.extend(_picture(versions[label], turn) for label in shown if label in versions)
    return "".join(parts) or '<p class="lm-quiet">Done.</p>'


def _picture(version: Version, turn: Turn) -> str:
    made_here = version.label in turn.made
    seconds = f'<span class="lm-quiet">{version.seconds:.1f} s</span>' if made_here and version.seconds else ""
    small = "" if made_here else " lm-small"
    return (
        f'<figure class="lm-picture{small}"><a href="{picture_address(version.image)}" target="_blank">'
        f'<img src="{picture_address(version.image)}" alt="{plain(_alt(version))}" '
        f'width="{version.width}" height="{version.height}"></a>'
        f'<figcaption><span class="lm-label">{version.label}</span>{seconds}</figcaption></figure>'
    )


def _live(live: Live) -> str:
    parts = []
    if live.plan:
        parts.append(f'<p class="lm-plan" dir="auto">{plain(live.plan)}</p>')
    if live.preview:
        data = base64.b64encode(live.preview).decode()
        parts.append(
            f'<figure class="lm-picture lm-unfinished"><img src="data:{_media_type(live.preview)};base64,{data}" '
            f'alt="The picture so far"></figure>'
        )
    share = 100 * live.step // live.steps if live.steps else 0
    doing = f"Painting, step {live.step} of {live.steps}" if live.steps else live.doing
    waiting = "" if live.steps else " lm-waiting"
    parts.append(
        f'<div class="lm-progress{waiting}" role="progressbar" aria-label="{plain(doing)}" aria-valuemin="0" '
        f'aria-valuemax="100" aria-valuenow="{share}"><div style="width:{share}%"></div></div>'
        f'<p class="lm-quiet">{plain(doing)}</p>'
    )
    return "".join(parts)


def _media_type(image: bytes) -> str:
    return "image/jpeg" if image[:2] == b"\xff\xd8" else "image/webp" if image[:4] == b"RIFF" else "image/png"


def _alt(version: Version) -> str:
    return f"{version.label}: {version.prompt}"


def marked(prompt: str, before: str) -> str:
    """Return a prompt as HTML, with the words marked that the prompt before it did not have there."""
    words, old = prompt.split(), before.split()
    if not old or max(len(words), len(old)) > MARKED_WORDS:
        return html.escape(prompt)
    pieces = []
    for kind, _, _, start, end in difflib.SequenceMatcher(None, old, words, autojunk=False).get_opcodes():
        text = html.escape(" ".join(words[start:end]))
        if text:
            pieces.append(text if kind == "equal" else f"<mark>{text}</mark>")
    return " ".join(pieces)


def desk(version: Version | None, parent: Version | None = None) -> str:
    """Return the current picture with its label, what changed, and its prompt with its new words marked."""
    if version is None:
        return (
            '<div class="lm-desk"><div class="lm-easel lm-bare"><span>Your picture will stand here.</span></div></div>'
        )
    facts = []
    if version.change:
        facts.append(("What changed", f"<p dir=auto>{html.escape(version.change)}</p>"))
    if version.region:
        share = "" if version.changed is None else f" ({version.changed:.0%} of the picture)"
        facts.append(("Where", f"<p dir=auto>{html.escape(version.region)}{share}</p>"))
    rows = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts)
    recipe = version.recipe
    details = [f"{version.width} × {version.height}"]
    if recipe is not None:
        details += [f"seed {recipe.seed}", f"{recipe.steps} steps"]
    if version.seconds:
        details.append(f"{version.seconds:.1f} s")
    uploaded = version.origin == "uploaded"
    source = "your own picture" if uploaded else "a new picture"
    if version.parents:
        source = f"from {' and '.join(version.parents)}"
    words = "What is in it" if uploaded else "The prompt that painted it"
    return (
        f'<div class="lm-desk"><a class="lm-easel" href="{picture_address(version.image)}" target="_blank">'
        f'<img src="{picture_address(version.image)}" alt="{html.escape(_alt(version))}"></a>'
        f'<div class="lm-title"><span class="lm-label">{version.label}</span><span class="lm-quiet">{source}</span>'
        f'<a class="lm-save" href="{picture_address(version.image)}?save={version.label}">Save picture</a></div>'
        f"<dl>{rows}</dl>"
        f'<details open><summary>{words}</summary><p class="lm-prompt" dir="auto">'
        f"{marked(version.prompt, parent.prompt if parent else '')}</p></details>"
        f'<p class="lm-quiet lm-recipe">{" · ".join(details)}</p></div>'
    )


def strip(versions: Sequence[Version], current: str | None) -> str:
    """Return all versions as small pictures to press; the current one is marked."""
    if not versions:
        return ""
    buttons = "".join(_thumbnail(version, current) for version in versions)
    return f'<div class="lm-strip" role="group" aria-label="All versions">{buttons}</div>'


def _thumbnail(version: Version, current: str | None) -> str:
    title = html.escape(_strip_title(version, current))
    return (
        f'<button type="button" data-version="{version.label}"{_pressed(version.label == current)} '
        f'title="{title}" aria-label="{title}">'
        f'<img src="{picture_address(version.image)}" alt="" width="56" height="56">'
        f"<span>{version.label}</span></button>"
    )


def _pressed(is_current: bool) -> str:
    return ' aria-current="true"' if is_current else ""


def _strip_title(version: Version, current: str | None) -> str:
    what = version.change or version.prompt
    cut = what if len(what) <= 90 else what[:89] + "…"
    return f"{version.label}, now: {cut}" if version.label == current else f"Go back to {version.label}: {cut}"


def shelf(conversations: Sequence[Conversation], current: str | None) -> str:
    """Return the list of past conversations, newest first, as links that also work in a new tab."""
    if not conversations:
        return '<p class="lm-quiet lm-shelf-empty" data-current="">Pictures that you make are kept here.</p>'
    items = "".join(_shelf_item(conversation, conversation.id == current) for conversation in conversations)
    shown = html.escape(current or "")
    return f'<nav class="lm-shelf" aria-label="Past conversations" data-current="{shown}"><ul>{items}</ul></nav>'


def _shelf_item(conversation: Conversation, is_current: bool) -> str:
    name, title = html.escape(conversation.id), html.escape(conversation.title or "Untitled")
    here = _page(is_current)
    return f'<li><a href="?c={name}" data-conversation="{name}" dir="auto" title="{title}"{here}>{title}</a></li>'


def _page(is_current: bool) -> str:
    return ' aria-current="page"' if is_current else ""
