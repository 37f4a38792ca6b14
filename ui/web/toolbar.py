"""What can be done with a picture, as HTML: the row of tools below it, and the menus behind two of them.

Pure functions. A tool stands there only where the painter can do it. What a button does is in its `data-do`; menus are
popovers, which canvas.js puts beside their buttons.
"""

from __future__ import annotations

import html
from dataclasses import dataclass

from assistant.extents import fitting
from assistant.messages import Version
from generation.request import Capabilities
from ui.web.texts import _

ITEM = "lm-item"
"""The style of a line of a menu."""
DOWN = '<span aria-hidden="true" class="lm-down">▾</span>'
MORE = '<span aria-hidden="true">⋯</span>'


@dataclass(frozen=True)
class Able:
    """What the models here can do with a picture: the painter's capabilities, where they are known by now, whether it
    finds where things lie (`points`), and whether somebody can say what is in a picture.
    """

    can: Capabilities | None = None
    describes: bool = False
    points: bool = False

    @property
    def acts(self) -> tuple[str, ...]:
        return self.can.acts if self.can else ("create", "edit", "vary")


def canvas_size(version: Version, able: Able) -> tuple[int, int]:
    """Return the size in which a version lies on its canvas; a person's own picture takes one that the painter can."""
    own = (version.width, version.height)
    return fitting(own, able.can) if able.can and version.origin == "uploaded" else own


def button(do: str, name: str, style: str = "lm-tool", /, *, label: str = "", href: str = "", **data: str) -> str:
    """Return a button whose `data-do` page.js hands on, or with `href` a link that looks like one."""
    said = f' aria-label="{html.escape(label)}" title="{html.escape(label)}"' if label else ""
    if href:
        return f'<a class="{style}" href="{href}"{said}>{name}</a>'
    values = "".join(f' data-{key}="{html.escape(value)}"' for key, value in data.items())
    return f'<button type="button" class="{style}" data-do="{do}"{values}{said}>{name}</button>'


def opener(what: str, version: Version, name: str, label: str, style: str = "lm-tool", **data: str) -> str:
    """Return a button that opens the dialog `what` for a version; it carries the picture's address and its size."""
    role = ' role="menuitem"' if style == ITEM else f' aria-label="{html.escape(label)}"'
    size = data.pop("size", f"{version.width} {version.height}")
    values = "".join(f' data-{key}="{html.escape(value)}"' for key, value in data.items())
    return (
        f'<button type="button" class="{style}"{role} data-{what}="{version.label}" data-image="{version.image}" '
        f'data-size="{size}"{values} title="{html.escape(label)}">{name}</button>'
    )


def item(do: str, name: str, hint: str = "", style: str = "", **data: str) -> str:
    """Return a line of a menu."""
    values = "".join(f' data-{key}="{html.escape(value)}"' for key, value in data.items())
    more = f"<small>{hint}</small>" if hint else ""
    classes = f"{ITEM} {style}".strip()
    return f'<button type="button" role="menuitem" class="{classes}" data-do="{do}"{values}>{name}{more}</button>'


def menu(name: str, sign: str, label: str, items: list[str], style: str = "lm-tool") -> str:
    """Return a button and the menu that it opens; "" without items."""
    if not items:
        return ""
    return (
        f'<button type="button" class="{style}" popovertarget="{name}" aria-haspopup="menu" '
        f'aria-label="{html.escape(label)}">{sign}</button>'
        f'<div popover id="{name}" class="lm-menu" role="menu" aria-label="{html.escape(label)}">{"".join(items)}</div>'
    )


def save_address(version: Version) -> str:
    return f"/pictures/{version.image}?save={version.label}"


def mask_button(version: Version, able: Able) -> str:
    """Return what opens the mask of a picture; its size is that of the file, which the mask must have."""
    name = _("Mask on {label}: say where to change it", label=version.label)
    return opener("mask", version, _("Mask"), name, points="1" if able.points else "")


def prompt_button(version: Version, style: str = "lm-tool") -> str:
    """Return what opens and shuts the box with a picture's prompt."""
    name, label = f"prompt-{version.label}", _("The prompt of {label}", label=version.label)
    role = ' role="menuitem"' if style == ITEM else f' aria-expanded="false" aria-label="{label}"'
    return (
        f'<button type="button" class="{style}"{role} data-toggle="{name}" aria-controls="{name}" '
        f'title="{label}">{_("Prompt")}</button>'
    )


def tools(version: Version, able: Able, is_current: bool, has_others: bool, one_of_several: bool) -> str:
    """Return the row of tools below a picture of the conversation. What is rare, or has no room, is in its menus."""
    label, acts = version.label, able.acts
    row = []
    if not is_current:
        row.append(button("return", _("Use this"), version=label, label=_("Use this: go on from {label}", label=label)))
    if version.prompt and not one_of_several:  # a picture that nobody could describe has no prompt to paint again
        row.append(button("again", _("Again"), version=label, label=_("Paint {label} again, another way", label=label)))
    row.append(
        menu(
            f"vary-{label}",
            f"{_('Vary')} {DOWN}",
            _("Vary {label}", label=label),
            _variations(version, acts, one_of_several),
        )
    )
    if "extend" in acts and not one_of_several:
        zoom = _("Zoom out from {label}", label=label)
        row.append(button("zoom", _("Zoom out"), "lm-tool lm-roomy", version=label, label=zoom))
    if "upscale" in acts and one_of_several:
        row.append(
            button("upscale", _("Upscale"), "lm-tool lm-roomy", version=label, label=_("Upscale {label}", label=label))
        )
    if is_current and not one_of_several:
        row.append(mask_button(version, able))
    if not one_of_several:
        row.append(
            button("save", _("Save"), href=save_address(version), label=_("Save {label} as a file", label=label))
        )
        row.append(prompt_button(version))
    row.append(
        menu(f"more-{label}", MORE, _("More for {label}", label=label), more(version, able, has_others, one_of_several))
    )
    return "".join(row)


def _variations(version: Version, acts: tuple[str, ...], one_of_several: bool) -> list[str]:
    if not version.prompt or "vary" not in acts:
        return []
    label = version.label
    return [
        item("vary", _("A little"), _("near to this one"), version=label, strength="subtle"),
        item("vary", _("A lot"), _("the same words, all anew"), version=label, strength="strong"),
        item("again", _("Again"), _("from another seed"), version=label)
        if one_of_several
        else item("four", _("Four others"), _("to choose from"), version=label),
    ]


def more(version: Version, able: Able, has_others: bool, one_of_several: bool = False) -> list[str]:
    """Return the lines of the menu of what is rarer."""
    label, acts = version.label, able.acts
    lines = []
    if one_of_several:
        save = f'<a class="{ITEM}" role="menuitem" href="{save_address(version)}">{_("Save")}</a>'
        lines += [prompt_button(version, ITEM), save]
    if "extend" in acts:
        narrow = "" if one_of_several else "lm-narrow"
        lines.append(item("zoom", _("Zoom out"), style=narrow, version=label))
        lines.append(canvas_button(version, able))
    if "upscale" in acts:
        narrow = "lm-narrow" if one_of_several else ""
        lines.append(item("upscale", _("Upscale"), _("the same, larger"), narrow, version=label))
    if has_others:
        if "merge" in acts:
            combine = _("Combine {label} with another version", label=label)
            lines.append(opener("merge", version, _("Combine with …"), combine, ITEM))
        compare = _("Compare {label} with another version", label=label)
        lines.append(opener("with", version, _("Compare with …"), compare, ITEM))
    return lines + references(version, able, ITEM)


def canvas_button(version: Version, able: Able) -> str:
    """Return what opens the canvas of a picture: its edges can be dragged outwards there."""
    name = _("Widen {label}: drag its edges outwards", label=version.label)
    width, height = canvas_size(version, able)
    step, most = (able.can.size_multiple, able.can.max_canvas or able.can.max_size) if able.can else (1, 0)
    size = f"{width} {height}"
    return opener("canvas", version, _("Widen …"), name, ITEM, size=size, step=str(step), most=str(most))


def references(version: Version, able: Able, style: str) -> list[str]:
    """Return what takes a picture as the pattern of a new one: its layout, what it shows, or its style.

    A painter that can be shown the picture is (`data-held`); for others the captioner says what is in it.
    """
    label, role = version.label, ' role="menuitem"' if style == ITEM else ""
    chosen = []
    if "vary" in able.acts:
        chosen.append(("layout", _("A new picture in its layout")))
    shown: tuple[str, ...] = able.can.patterns if able.can else ()
    named = ("subject", _("A new picture of what it shows")), ("style", _("A new picture in its style"))
    chosen += [(what, name) for what, name in named if able.describes or what in shown]
    return [
        f'<button type="button" class="{style}"{role} data-refer="{what}"{" data-held" * (what in shown)} '
        f'data-version="{label}">{name}</button>'
        for what, name in chosen
    ]
