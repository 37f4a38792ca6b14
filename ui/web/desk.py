"""What stands beside the conversation, as HTML: the picture looked at, the tree of versions, the list of conversations.

Pure functions, like `ui.web.views`; what a person or a model wrote is escaped here.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import datetime, timedelta

from assistant.messages import Conversation, Version
from assistant.turns import YOU
from generation.request import Capabilities
from ui.web.toolbar import MORE, button, mask_button, menu, more, save_address
from ui.web.views import Shown, large, prompt_of, thumbnail_address

NAME_LETTERS = 90
MAX_DEPTH = 8
"""Branches of branches are not moved in further than this: the column is narrow."""
ROW_SIDE = 112
TREE = (
    '<h2 class="lm-side-title">Versions</h2>'
    '<ul class="lm-tree" data-sheet="tree" aria-label="Versions, the newest last"></ul>'
)
SHELF = '<div class="lm-shelf" data-sheet="shelf"></div>'

COMPOSER_BUTTONS = (
    '<button type="button" class="lm-icon" data-bring aria-label="Bring a picture of your own" '
    'title="Bring a picture of your own (or drop or paste it)"><svg viewBox="0 0 20 20" width="20" height="20" '
    'aria-hidden="true"><path d="M10 4v12M4 10h12" stroke="currentColor" stroke-width="1.6" stroke-linecap="round"/>'
    '</svg></button><input type="file" id="lm-file" accept="image/png,image/jpeg,image/webp" hidden '
    'aria-label="A picture of your own"><p id="lm-masked" role="status" hidden><span></span><button type="button" '
    'class="lm-icon" id="lm-unmask" aria-label="Leave the mask out">✕</button></p>'
    '<button type="button" class="lm-icon" id="options-button" data-options aria-expanded="false" '
    'aria-controls="options" aria-label="Options" title="How many, seed, words">'
    '<svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true"><path d="M3 6h9M16 6h1M3 14h1M8 14h9" '
    'stroke="currentColor" stroke-width="1.6" stroke-linecap="round"/><circle cx="14" cy="6" r="2" fill="none" '
    'stroke="currentColor" stroke-width="1.6"/><circle cx="6" cy="14" r="2" fill="none" stroke="currentColor" '
    'stroke-width="1.6"/></svg><span id="options-set"></span></button>'
)
DIALOGS = """
<dialog id="lm-large" aria-label="The picture, large"><img alt=""><form method="dialog">
<button class="lm-tool">Close</button></form></dialog>
<dialog id="lm-compare" aria-labelledby="lm-compare-title">
<h2 id="lm-compare-title">Compare two versions</h2>
<div class="lm-compare-picks"><label>Left <select id="lm-left"></select></label>
<label>Right <select id="lm-right"></select></label></div>
<div class="lm-stack"><img id="lm-under" alt=""><img id="lm-over" alt=""><span class="lm-divide"></span></div>
<input type="range" id="lm-share" min="0" max="100" value="50" aria-label="How much of the left picture is seen">
<form method="dialog"><button class="lm-tool">Close</button></form></dialog>
"""
"""Filled by page.js from the tree of versions."""
EMBEDDED = "It knows one illustrated world: animals, robots and wizards, in meadows, cities and snow."


def bar(can: Capabilities | None = None, trouble: str = "") -> str:
    """Return the line above the conversation: which model paints, and what opens the side columns on small screens."""
    if trouble:
        line = f'<p class="lm-trouble">{html.escape(trouble)}</p>'
    elif can is None:
        line = '<p class="lm-model">The painter is getting ready …</p>'
    else:
        size = f"{can.default_size[0]} × {can.default_size[1]} pixels"
        name = can.name[0].upper() + can.name[1:]
        more = f" {EMBEDDED}" if "embedded" in can.name else ""
        line = f'<p class="lm-model">{html.escape(name)} paints, {size}.<span>{more}</span></p>'
    return (
        '<header class="lm-bar"><button type="button" class="lm-tool" data-drawer="past" aria-expanded="false" '
        f'aria-controls="past">History</button>{line}<button type="button" class="lm-tool" data-drawer="side" '
        'aria-expanded="false" aria-controls="side">Versions</button></header>'
    )


def desk(shown: Shown, label: str | None = None) -> str:
    """Return the picture looked at (else the current one), what can be done with it and how it was painted."""
    version = shown.versions.get(label or shown.current or "")
    if version is None:
        return '<div class="lm-desk"><p class="lm-bare">Your picture will stand here.</p></div>'
    parent = shown.versions.get(version.parents[0]) if version.parents else None
    source = "your own picture" if version.origin == "uploaded" else "a new picture"
    if version.parents:
        source = f"from {' and '.join(version.parents)}"
    now = '<span class="lm-now">now</span>' if version.label == shown.current else ""
    return (
        f'<div class="lm-desk">{large(version)}<div class="lm-title"><span class="lm-label">{version.label}</span>{now}'
        f'<span class="lm-quiet">{source}</span></div><div class="lm-tools">{_tools(version, shown)}</div>'
        f"<dl>{_facts(version)}</dl><details><summary>Prompt and recipe</summary>{prompt_of(version, parent)}"
        f'<p class="lm-quiet lm-recipe">{" · ".join(_recipe(version))}</p></details></div>'
    )


def _tools(version: Version, shown: Shown) -> str:
    label, able = version.label, shown.able
    row = []
    if label != shown.current:
        row.append(button("return", "Go back to it", version=label, label=f"Go back to it: go on from {label}"))
    if label != shown.current or not shown.is_newest:
        row.append(button("branch", "Branch", version=label, label=f"Go on from {label} in a branch of its own"))
    if len(shown.versions) > 1:
        other = version.parents[0] if version.parents else shown.current
        if other == label or other not in shown.versions:
            other = next(one for one in shown.versions if one != label)
        row.append(
            f'<button type="button" class="lm-tool" data-compare="{other} {label}" '
            f'aria-label="Compare {label} with another version">Compare</button>'
        )
    if label == shown.current:
        row.append(mask_button(version, able))
    row.append(button("save", "Save", href=save_address(version), label=f"Save {label} as a file"))
    row.append(menu(f"beside-{label}", MORE, f"More for {label}", more(version, able, len(shown.versions) > 1)))
    return "".join(row)


def _facts(version: Version) -> str:
    facts = []
    if version.change:
        facts.append(("What changed", html.escape(version.change)))
    share = "" if version.changed is None else f"{version.changed:.0%} of the picture"
    if version.region:
        facts.append(("Where", html.escape(version.region) + (f" ({share})" if share else "")))
    elif share and version.change:
        facts.append(("How much changed", share))
    if version.drift is not None:
        facts.append(("Kept through all edits", f"{1 - version.drift:.0%} of the details that should have stayed"))
    return "".join(f'<dt>{name}</dt><dd dir="auto">{value}</dd>' for name, value in facts)


def _recipe(version: Version) -> list[str]:
    details = [f"{version.width} × {version.height}"]
    if version.recipe is not None:
        details += [html.escape(version.recipe.painter), f"seed {version.recipe.seed}", f"{version.recipe.steps} steps"]
        if version.recipe.planned_by:
            details.append(f"planned by {html.escape(version.recipe.planned_by)}")
    if version.seconds:
        details.append(f"{version.seconds:.1f} s")
    return details


def tree(shown: Shown) -> dict[str, str]:
    """Return all versions as a tree's rows: a line goes on with its first child, the others branch off below it."""
    children: dict[str, list[Version]] = {}
    for version in shown.versions.values():
        parent = version.parents[0] if version.parents and version.parents[0] in shown.versions else ""
        children.setdefault(parent, []).append(version)
    # Lines may be hundreds of edits long and branch at each: hence no recursion.
    waiting = [(root, 0) for root in reversed(children.get("", ()))]
    rows = {}
    while waiting:
        version, depth = waiting.pop()
        rows[version.label] = _row(version, shown, depth)
        after = children.get(version.label, [])
        waiting += [(line, depth) for line in after[:1]]
        waiting += [(branch, depth + 1) for branch in reversed(after[1:])]
    return rows


def _row(version: Version, shown: Shown, depth: int) -> str:
    label = version.label
    what = _cut(version.change or version.prompt)
    origin = f", from {version.parents[0]}" if version.parents else ""
    now = label == shown.current
    words = f'<span class="lm-what" dir="auto">{html.escape(what)}</span>'
    current = ' aria-current="true"' if now else ""
    branch = f' class="lm-offshoot" style="--depth: {min(depth, MAX_DEPTH)}"' if depth else ""
    return (
        f'<li{branch}><button type="button" class="lm-row" data-do="look" data-version="{label}" '
        f'data-image="{version.image}" aria-pressed="{"true" if now else "false"}"{current}>'
        f'<img src="{thumbnail_address(version.image, ROW_SIDE)}" alt="" width="44" height="44" loading="lazy" '
        f'decoding="async"><span class="lm-label">{label}</span>{words}'
        f'<span class="lm-unseen">{", now" if now else ""}{origin}</span></button></li>'
    )


def _cut(text: str) -> str:
    return text if len(text) <= NAME_LETTERS else text[: NAME_LETTERS - 1].rstrip() + "…"


def who(owner: str, may_leave: bool) -> str:
    """Return who has signed in, and what signs them out."""
    name = "" if owner == YOU else f'<span dir="auto">{html.escape(owner)}</span>'
    leave = (
        '<form method="post" action="/sign-out"><button class="lm-small-tool">Sign out</button></form>'
        if may_leave
        else ""
    )
    return f'<div class="lm-who">{name}{leave}</div>'


def shelf(conversations: Sequence[Conversation], current: str, now: datetime, search: str = "") -> dict[str, str]:
    """Return the conversations by day, the last used first: links that also work in a new tab."""
    if not conversations:
        empty = "No conversation has these words." if search.strip() else "Pictures that you make are kept here."
        return {"empty": f'<p class="lm-quiet lm-shelf-empty">{empty}</p>'}
    days: dict[str, list[Conversation]] = {}
    for conversation in conversations:
        days.setdefault(_day(conversation.updated, now), []).append(conversation)
    return {
        day: f"<section><h2>{day}</h2><ul>{''.join(_entry(one, one.id == current) for one in those)}</ul></section>"
        for day, those in days.items()
    }


def _entry(conversation: Conversation, is_current: bool) -> str:
    name, title = html.escape(conversation.id), html.escape(conversation.title or "Untitled")
    here = ' aria-current="page"' if is_current else ""
    which = f'data-conversation="{name}"'
    data = f'{which} data-title="{title}"'
    return (
        f'<li><a href="?c={name}" data-do="open" {which} dir="auto" title="{title}"{here}>{title}</a>'
        f'<button type="button" class="lm-icon" data-do="rename" {data} aria-label="Rename {title}" title="Rename">'
        f'<span aria-hidden="true">✎</span></button>'
        f'<button type="button" class="lm-icon" data-do="delete" {data} aria-label="Delete {title}" title="Delete">'
        f'<span aria-hidden="true">✕</span></button></li>'
    )


def _day(updated: str, now: datetime) -> str:
    """Return the heading for a time, as people say it where the server stands."""
    day = datetime.fromisoformat(updated).astimezone(now.tzinfo).date()
    if day == now.date():
        return "Today"
    if day == now.date() - timedelta(days=1):
        return "Yesterday"
    return "This week" if now.date() - day < timedelta(days=7) else "Earlier"
