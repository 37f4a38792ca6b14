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
from ui.web.retelling import known
from ui.web.texts import N_, _, _n, language, languages
from ui.web.toolbar import MORE, button, item, mask_button, menu, more, save_address
from ui.web.views import Shown, large, listed, named, prompt_of, seconds, thumbnail_address

NAME_LETTERS = 90
MAX_DEPTH = 8
"""Branches of branches are not moved in further than this: the column is narrow."""
ROW_SIDE = 112
SHELF = '<div class="lm-shelf" data-sheet="shelf"></div>'

WORLD = N_("It knows one illustrated world: animals, robots and wizards, in meadows, cities and snow.")


def tree_sheet() -> str:
    """Return where page.js lays out `tree`."""
    title, label = _("Versions"), _("Versions, the newest last")
    return f'<h2 class="lm-side-title">{title}</h2><ul class="lm-tree" data-sheet="tree" aria-label="{label}"></ul>'


def composer_buttons() -> str:
    """Return the buttons before the line to write on: a picture of one's own, and the options; and what is held."""
    bring, own = _("Bring a picture of your own"), _("A picture of your own")
    return (
        f'<button type="button" class="lm-icon" data-bring aria-label="{bring}" '
        f'title="{_("Bring a picture of your own (or drop or paste it)")}">'
        '<svg viewBox="0 0 20 20" width="20" height="20" '
        'aria-hidden="true"><path d="M10 4v12M4 10h12" stroke="currentColor" stroke-width="1.6" '
        'stroke-linecap="round"/></svg></button><input type="file" id="lm-file" hidden '
        f'accept="image/png,image/jpeg,image/webp" aria-label="{own}"><p id="lm-masked" role="status" hidden>'
        '<span></span><button type="button" '
        f'class="lm-icon" id="lm-unmask" aria-label="{_("Leave it out")}">✕</button></p>'
        '<button type="button" class="lm-icon" id="options-button" data-options aria-expanded="false" '
        f'aria-controls="options" aria-label="{_("Options")}" title="{_("How many, seed, words")}">'
        '<svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true"><path d="M3 6h9M16 6h1M3 14h1M8 14h9" '
        'stroke="currentColor" stroke-width="1.6" stroke-linecap="round"/><circle cx="14" cy="6" r="2" fill="none" '
        'stroke="currentColor" stroke-width="1.6"/><circle cx="6" cy="14" r="2" fill="none" stroke="currentColor" '
        'stroke-width="1.6"/></svg><span id="options-set"></span></button>'
    )


def dialogs() -> str:
    """Return the dialogs that page.js fills from the tree of versions."""
    return f"""
<dialog id="lm-large" aria-label="{_("The picture, large")}"><img alt=""><form method="dialog">
<button class="lm-tool">{_("Close")}</button></form></dialog>
<dialog id="lm-compare" aria-labelledby="lm-compare-title">
<h2 id="lm-compare-title">{_("Compare two versions")}</h2>
<div class="lm-compare-picks" dir="ltr"><label dir="auto">{_("Left")} <select id="lm-left"></select></label>
<label dir="auto">{_("Right")} <select id="lm-right"></select></label></div>
<div class="lm-stack" dir="ltr"><img id="lm-under" alt=""><img id="lm-over" alt=""><span class="lm-divide"></span></div>
<input type="range" id="lm-share" min="0" max="100" value="50" dir="ltr"
aria-label="{_("How much of the left picture is seen")}">
<form method="dialog"><button class="lm-tool">{_("Close")}</button></form></dialog>
"""


def bar(can: Capabilities | None = None, trouble: str = "") -> str:
    """Return the line above the conversation: which model paints, and what opens the side columns on small screens.

    Args:
        trouble: as HTML, why none does.
    """
    if trouble:
        line = f'<p class="lm-trouble">{trouble}</p>'
    elif can is None:
        line = f'<p class="lm-model" data-waiting>{_("The painter is getting ready …")}</p>'
    else:
        embedded = "embedded" in can.name
        name = _("The embedded painter") if embedded else html.escape(can.name[0].upper() + can.name[1:])
        width, height = can.default_size
        paints = _("{name} paints, {width} × {height} pixels.", name=name, width=width, height=height)
        more = f" {_(WORLD)}" if embedded else ""
        line = f'<p class="lm-model">{paints}<span>{more}</span></p>'
    return (
        '<header class="lm-bar"><button type="button" class="lm-tool" data-drawer="past" aria-expanded="false" '
        f'aria-controls="past">{_("History")}</button>{line}<button type="button" class="lm-tool" data-drawer="side" '
        f'aria-expanded="false" aria-controls="side">{_("Versions")}</button></header>'
    )


def desk(shown: Shown, label: str | None = None) -> str:
    """Return the picture looked at (else the current one), what can be done with it and how it was painted."""
    version = shown.versions.get(label or shown.current or "")
    if version is None:
        return f'<div class="lm-desk"><p class="lm-bare">{_("Your picture will stand here.")}</p></div>'
    parent = shown.versions.get(version.parents[0]) if version.parents else None
    source = _("your own picture") if version.origin == "uploaded" else _("a new picture")
    if version.parents:
        source = _("from {labels}", labels=listed([_or_deleted(label, shown) for label in version.parents]))
    now = f'<span class="lm-now">{_("now")}</span>' if version.label == shown.current else ""
    return (
        f'<div class="lm-desk">{large(version)}<div class="lm-title"><span class="lm-label">{version.label}</span>'
        f'{named(version)}{now}<span class="lm-quiet">{source}</span></div>'
        f'<div class="lm-tools">{_tools(version, shown)}</div>'
        f"<dl>{_facts(version)}</dl><details><summary>{_('Prompt and recipe')}</summary>{prompt_of(version, parent)}"
        f'<p class="lm-quiet lm-recipe">{" · ".join(_recipe(version))}</p></details></div>'
    )


def _or_deleted(label: str, shown: Shown) -> str:
    return label if label in shown.versions else _("{label} (deleted)", label=label)


def _tools(version: Version, shown: Shown) -> str:
    label, able = version.label, shown.able
    row = []
    if label != shown.current:
        row.append(
            button(
                "return", _("Go back to it"), version=label, label=_("Go back to it: go on from {label}", label=label)
            )
        )
    if label != shown.current or not shown.is_newest:
        row.append(
            button(
                "branch", _("Branch"), version=label, label=_("Go on from {label} in a branch of its own", label=label)
            )
        )
    if len(shown.versions) > 1:
        other = version.line or shown.current
        if other == label or other not in shown.versions:
            other = next(one for one in shown.versions if one != label)
        row.append(
            f'<button type="button" class="lm-tool" data-compare="{other} {label}" '
            f'aria-label="{_("Compare {label} with another version", label=label)}">{_("Compare")}</button>'
        )
    if label == shown.current:
        row.append(mask_button(version, able))
    row.append(button("save", _("Save"), href=save_address(version), label=_("Save {label} as a file", label=label)))
    rarer = more(version, able, len(shown.versions) > 1)
    row.append(menu(f"beside-{label}", MORE, _("More for {label}", label=label), rarer))
    return "".join(row)


def _facts(version: Version) -> str:
    facts = []
    if version.change:
        facts.append((_("What changed"), html.escape(version.change)))
    share = "" if version.changed is None else _("{share} of the picture", share=f"{version.changed:.0%}")
    if version.region:
        facts.append((_("Where"), html.escape(version.region) + (f" ({share})" if share else "")))
    elif share and version.change:
        facts.append((_("How much changed"), share))
    if version.drift is not None:
        kept = _("{share} of the details that should have stayed", share=f"{1 - version.drift:.0%}")
        facts.append((_("Kept through all edits"), kept))
    return "".join(f'<dt>{name}</dt><dd dir="auto">{value}</dd>' for name, value in facts)


def _recipe(version: Version) -> list[str]:
    details = [f"{version.width} × {version.height}"]
    if version.recipe is not None:
        details += [html.escape(version.recipe.painter), _("seed {seed}", seed=version.recipe.seed)]
        details.append(_n("{count} step", "{count} steps", version.recipe.steps))
        if version.recipe.planned_by:
            details.append(_("planned by {name}", name=html.escape(version.recipe.planned_by)))
    if version.seconds:
        details.append(seconds(version.seconds))
    return details


def tree(shown: Shown) -> dict[str, str]:
    """Return all versions as a tree's rows: a line goes on with its first child, the others branch off below it.

    What was made from a version that is deleted by now hangs on the nearest one before it.
    """
    children: dict[str, list[Version]] = {}
    for version in shown.versions.values():
        parent = version.line if version.line in shown.versions else ""
        children.setdefault(parent or "", []).append(version)
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
    what = version.name or _cut(version.change or version.prompt)
    unseen = [_("now")] if label == shown.current else []
    unseen += [_("from {labels}", labels=_or_deleted(version.parents[0], shown))] if version.parents else []
    now = label == shown.current
    style = "lm-what lm-name" if version.name else "lm-what"
    words = f'<span class="{style}" dir="auto">{html.escape(what)}</span>'
    current = ' aria-current="true"' if now else ""
    branch = f' class="lm-offshoot" style="--depth: {min(depth, MAX_DEPTH)}"' if depth else ""
    return (
        f'<li{branch}><div class="lm-leaf"><button type="button" class="lm-row" data-do="look" data-version="{label}" '
        f'data-image="{version.image}" data-name="{html.escape(version.name)}" aria-keyshortcuts="F2 Delete" '
        f'aria-pressed="{"true" if now else "false"}"{current}>'
        f'<img src="{thumbnail_address(version.image, ROW_SIDE)}" alt="" width="44" height="44" loading="lazy" '
        f'decoding="async"><span class="lm-label">{label}</span> {words}'
        f'<span class="lm-unseen">{"".join(f", {one}" for one in unseen)}</span></button>'
        f"{_tending(version)}</div></li>"
    )


def _tending(version: Version) -> str:
    """Return the menu of what can be done with a version itself, which is its lines' `data-label`: they are no rows."""
    label = version.label
    lines = [
        item("rename-version", _("Rename …"), label=label, title=version.name),
        item("delete-version", _("Delete …"), label=label),
    ]
    return menu(f"row-{label}", MORE, _("Rename or delete {label}", label=label), lines, "lm-icon lm-tend")


def _cut(text: str) -> str:
    return text if len(text) <= NAME_LETTERS else text[: NAME_LETTERS - 1].rstrip() + "…"


def who(owner: str, may_leave: bool, chosen: str = "") -> str:
    """Return the languages to choose from (`chosen` is "" for the browser's), who has signed in, and the way out."""
    name = "" if owner == YOU else f'<span dir="auto" translate="no">{html.escape(owner)}</span>'
    leave = f'<button class="lm-small-tool">{_("Sign out")}</button>'
    leave = f'<form method="post" action="/sign-out">{leave}</form>' if may_leave else ""
    offered = "".join(
        f'<option value="{code}" lang="{code}" dir="{language(code).direction}"{" selected" * (code == chosen)}>'
        f"{language(code).name}</option>"
        for code in languages()
    )
    return (
        f'<div class="lm-who"><label class="lm-language"><span class="lm-unseen">{_("Language")}</span>'
        f'<select data-language><option value="">{_("Language of the browser")}</option>{offered}</select></label>'
        f"{name}{leave}</div>"
    )


def shelf(conversations: Sequence[Conversation], current: str, now: datetime, search: str = "") -> dict[str, str]:
    """Return the conversations by day, the last used first: links that also work in a new tab."""
    if not conversations:
        empty = _("No conversation has these words.") if search.strip() else _("Pictures that you make are kept here.")
        return {"empty": f'<p class="lm-quiet lm-shelf-empty">{empty}</p>'}
    days: dict[str, list[Conversation]] = {}
    for conversation in conversations:
        days.setdefault(_day(conversation.updated, now), []).append(conversation)
    return {
        day: f"<section><h2>{day}</h2><ul>{''.join(_entry(one, one.id == current) for one in those)}</ul></section>"
        for day, those in days.items()
    }


def _entry(conversation: Conversation, is_current: bool) -> str:
    name, title = html.escape(conversation.id), html.escape(known(conversation.title) or conversation.title)
    here = ' aria-current="page"' if is_current else ""
    which = f'data-conversation="{name}"'
    data = f'{which} data-title="{title}"'
    rename, delete = _("Rename {title}", title=title), _("Delete {title}", title=title)
    return (
        f'<li><a href="?c={name}" data-do="open" {which} dir="auto" title="{title}"{here}>{title}</a>'
        f'<button type="button" class="lm-icon" data-do="rename" {data} aria-label="{rename}" title="{_("Rename")}">'
        f'<span aria-hidden="true">✎</span></button>'
        f'<button type="button" class="lm-icon" data-do="delete" {data} aria-label="{delete}" title="{_("Delete")}">'
        f'<span aria-hidden="true">✕</span></button></li>'
    )


def _day(updated: str, now: datetime) -> str:
    """Return the heading for a time, as people say it where the server stands."""
    day = datetime.fromisoformat(updated).astimezone(now.tzinfo).date()
    if day == now.date():
        return _("Today")
    if day == now.date() - timedelta(days=1):
        return _("Yesterday")
    return _("This week") if now.date() - day < timedelta(days=7) else _("Earlier")
