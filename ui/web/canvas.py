"""The dialogs in which a picture is touched, as HTML: its mask, its canvas, and two versions combined.

Filled by mask.js and canvas.js from the buttons that open them.
"""

from __future__ import annotations

SHAPES = ("1:1", "3:2", "2:3", "16:9")
WAYS = (("brush", "Brush"), ("erase", "Eraser"), ("box", "Box"), ("thing", "Whole thing"))
EDGES = (
    ("left", "Left edge", "vertical"), ("up", "Upper edge", "horizontal"), ("right", "Right edge", "vertical"),
    ("down", "Lower edge", "horizontal"),
)  # fmt: skip


def _ways() -> str:
    return "".join(
        f'<label><input type="radio" name="lm-way" value="{way}"{" checked" * (way == "brush")}>'
        f"<span>{name}</span></label>"
        for way, name in WAYS
    )


def _edges() -> str:
    return "".join(
        f'<span class="lm-edge" data-side="{side}" role="slider" tabindex="0" aria-label="{name}" '
        f'aria-orientation="{"horizontal" if lies == "vertical" else "vertical"}" aria-valuemin="0" '
        'aria-valuemax="0" aria-valuenow="0"></span>'
        for side, name, lies in EDGES
    )


def _shapes() -> str:
    return "".join(
        f'<button type="button" class="lm-tool" data-shape="{shape}" aria-pressed="false" '
        f'aria-label="{shape}, width to height">{shape}</button>'
        for shape in SHAPES
    )


MASK = f"""
<dialog id="lm-mask" aria-labelledby="lm-mask-title">
<h2 id="lm-mask-title">Mark what may change</h2>
<div class="lm-stack"><img alt="">
<canvas tabindex="0" role="application" aria-label="The mask. Arrow keys move the brush, with Shift by less; the space
bar paints, erases, sets a corner of a box or selects the thing there."></canvas></div>
<div class="lm-mask-tools"><fieldset class="lm-ways"><legend class="lm-unseen">Tool</legend>{_ways()}</fieldset>
<label class="lm-size">Size <input type="range" id="lm-brush" min="2" max="30" value="10"></label>
<span class="lm-tools"><button type="button" class="lm-tool" id="lm-undo">Undo</button>
<button type="button" class="lm-tool" id="lm-invert">Invert</button>
<button type="button" class="lm-tool" id="lm-clear">Clear</button></span></div>
<p class="lm-quiet" id="lm-found" role="status"></p>
<form method="dialog"><button class="lm-tool" value="keep">Cancel</button>
<button class="lm-tool lm-main" value="use">Use this mask</button></form></dialog>
"""
CANVAS = f"""
<dialog id="lm-canvas" aria-labelledby="lm-canvas-title">
<h2 id="lm-canvas-title">Paint on past the edges</h2>
<div class="lm-stage"><div class="lm-frame"><img alt="">{_edges()}</div></div>
<div class="lm-mask-tools"><span class="lm-tools" role="group" aria-label="Shape">{_shapes()}</span>
<button type="button" class="lm-tool" id="lm-canvas-back">Back to its own size</button></div>
<p class="lm-quiet" id="lm-canvas-size" role="status"></p>
<form method="dialog"><button class="lm-tool">Cancel</button>
<button class="lm-tool lm-main" id="lm-paint-rest">Paint the rest</button></form></dialog>
"""
MERGE = """
<dialog id="lm-merge" aria-labelledby="lm-merge-title">
<h2 id="lm-merge-title">Combine two versions</h2>
<div class="lm-pair"><figure><img id="lm-base" alt="The picture that is kept"><figcaption></figcaption></figure>
<span aria-hidden="true">+</span>
<figure><img id="lm-given" alt="The picture that gives something"><figcaption><label>With
<select id="lm-giver"></select></label></figcaption></figure></div>
<form method="dialog"><label class="lm-taken">What to take from it
<input id="lm-taken" dir="auto" maxlength="200" autocomplete="off" placeholder="the hat"></label>
<p class="lm-quiet">The rest stays as in the first. Leave it empty to take whatever the second shows.</p>
<span class="lm-tools"><button type="button" class="lm-tool" data-close>Cancel</button>
<button class="lm-tool lm-main" id="lm-combine">Combine</button></span></form></dialog>
"""
DIALOGS = MASK + CANVAS + MERGE
