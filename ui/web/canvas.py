"""The dialogs in which a picture is touched, as HTML: its mask, its canvas, and two versions combined.

Filled by mask.js and canvas.js from the buttons that open them.
"""

from __future__ import annotations

from ui.web.texts import N_, _

SHAPES = ("1:1", "3:2", "2:3", "16:9")
WAYS = (("brush", N_("Brush")), ("erase", N_("Eraser")), ("box", N_("Box")), ("thing", N_("Whole thing")))
EDGES = (
    ("left", N_("Left edge"), "vertical"), ("up", N_("Upper edge"), "horizontal"),
    ("right", N_("Right edge"), "vertical"), ("down", N_("Lower edge"), "horizontal"),
)  # fmt: skip


def _ways() -> str:
    return "".join(
        f'<label><input type="radio" name="lm-way" value="{way}"{" checked" * (way == "brush")}>'
        f"<span>{_(name)}</span></label>"
        for way, name in WAYS
    )


def _edges() -> str:
    return "".join(
        f'<span class="lm-edge" data-side="{side}" role="slider" tabindex="0" aria-label="{_(name)}" '
        f'aria-orientation="{"horizontal" if lies == "vertical" else "vertical"}" aria-valuemin="0" '
        'aria-valuemax="0" aria-valuenow="0"></span>'
        for side, name, lies in EDGES
    )


def _shapes() -> str:
    return "".join(
        f'<button type="button" class="lm-tool" data-shape="{shape}" aria-pressed="false" '
        f'aria-label="{_("{shape}, width to height", shape=shape)}">{shape}</button>'
        for shape in SHAPES
    )


def _mask() -> str:
    keys = _(
        "The mask. Arrow keys move the brush, with Shift by less; the space bar paints, erases, sets a corner of a box "
        "or selects the thing there."
    )
    return f"""
<dialog id="lm-mask" aria-labelledby="lm-mask-title">
<h2 id="lm-mask-title">{_("Mark what may change")}</h2>
<div class="lm-stack"><img alt="">
<canvas tabindex="0" role="application" aria-label="{keys}"></canvas></div>
<div class="lm-mask-tools"><fieldset class="lm-ways"><legend class="lm-unseen">{_("Tool")}</legend>{_ways()}</fieldset>
<label class="lm-size">{_("Size")} <input type="range" id="lm-brush" min="2" max="30" value="10"></label>
<span class="lm-tools"><button type="button" class="lm-tool" id="lm-undo">{_("Undo")}</button>
<button type="button" class="lm-tool" id="lm-invert">{_("Invert")}</button>
<button type="button" class="lm-tool" id="lm-clear">{_("Clear")}</button></span></div>
<p class="lm-quiet" id="lm-found" role="status"></p>
<form method="dialog"><button class="lm-tool" value="keep">{_("Cancel")}</button>
<button class="lm-tool lm-main" value="use">{_("Use this mask")}</button></form></dialog>
"""


def _canvas() -> str:
    return f"""
<dialog id="lm-canvas" aria-labelledby="lm-canvas-title">
<h2 id="lm-canvas-title">{_("Paint on past the edges")}</h2>
<div class="lm-stage" dir="ltr"><div class="lm-frame"><img alt="">{_edges()}</div></div>
<div class="lm-mask-tools"><span class="lm-tools" role="group" aria-label="{_("Shape")}">{_shapes()}</span>
<button type="button" class="lm-tool" id="lm-canvas-back">{_("Back to its own size")}</button></div>
<p class="lm-quiet" id="lm-canvas-size" role="status"></p>
<form method="dialog"><button class="lm-tool">{_("Cancel")}</button>
<button class="lm-tool lm-main" id="lm-paint-rest">{_("Paint the rest")}</button></form></dialog>
"""


def _merge() -> str:
    return f"""
<dialog id="lm-merge" aria-labelledby="lm-merge-title">
<h2 id="lm-merge-title">{_("Combine two versions")}</h2>
<div class="lm-pair"><figure><img id="lm-base" alt="{_("The picture that is kept")}"><figcaption></figcaption></figure>
<span aria-hidden="true">+</span>
<figure><img id="lm-given" alt="{_("The picture that gives something")}"><figcaption><label>{_("With")}
<select id="lm-giver"></select></label></figcaption></figure></div>
<form method="dialog"><label class="lm-taken">{_("What to take from it")}
<input id="lm-taken" dir="auto" maxlength="200" autocomplete="off" placeholder="{_("the hat")}"></label>
<p class="lm-quiet">{_("The rest stays as in the first. Leave it empty to take whatever the second shows.")}</p>
<span class="lm-tools"><button type="button" class="lm-tool" data-close>{_("Cancel")}</button>
<button class="lm-tool lm-main" id="lm-combine">{_("Combine")}</button></span></form></dialog>
"""


def dialogs() -> str:
    return _mask() + _canvas() + _merge()
