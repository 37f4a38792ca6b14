"""What people ask of a whole picture rather than of what it shows: more room round it, more pixels, something of another's.

Each asks for a plan of its own (extend, upscale, merge, vary). Knows scenes and prompts, no model.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import replace

from assistant.training import chatter
from assistant.training import whole_ways as ways
from assistant.training.referring import called
from assistant.training.several import fields_of, of_what_is_there, uncounted
from assistant.training.simulated import Picture, Said, State, nothing, plan_json
from assistant.training.wishes import choose
from captioner.errors import WorldError
from captioner.world import words
from captioner.world.captions import descriptive, name_of
from captioner.world.edits import random_edit
from captioner.world.scene import Item, Relation, Scene, Thing, WorldSetting, is_held_out

OUT = (
    "zoom out", "zoom out a bit", "zoom out please", "zoom out a little", "zoom out more", "zoom it out", "can you zoom out?", "could you zoom out a bit?", "zoom out further", "zoom way out", "please zoom out",
    "zoom out so we see more", "zoom out!", "just zoom out", "zoom out some more", "outpaint it on all sides", "add a border of more scenery all round", "more room around it", "give it more space all around", "more space on every side",
    "show what is around the picture", "extend it all around", "paint more all around", "add more around the edges", "make room on all sides", "i want to see what's around it, zoom out", "let's zoom out", "zoom out by half", "zoom out 2x", "zoom out 1.5x",
    "continue the picture in every direction", "expand in all directions", "give the picture some margin", "let the picture go on past its edges", "zoom {} out", "zoom out of {}", "zoom out on {}", "zoom out from {}",
)  # fmt: skip
PAN = (
    "pan {d}", "pan to the {d}", "pan {d} please", "pan {d} a bit", "pan the camera {d}", "move the camera {d}", "move the view {d}", "move the frame {d}", "shift the view {d}", "scroll {d}", "look further {d}", "go further {d}",
    "extend {d}", "extend it {d}", "extend the picture {d}", "extend the image {d}", "expand {d}", "expand it {d}", "expand the picture {d}", "outpaint {d}", "outpaint it {d}", "continue it {d}", "continue the picture {d}", "continue the scene {d}",
    "paint further {d}", "paint more {d}", "paint on {d}", "grow the picture {d}", "grow the canvas {d}", "can you pan {d}?", "can you extend it {d}?", "could you continue it {d}?", "please extend it {d}", "let it go on {d}", "make the picture go on {d}",
    "extend {{}} {d}", "pan {d} in {{}}", "pan {{}} {d}", "expand {{}} {d}", "continue {{}} {d}", "i want it to go on {d}", "widen it {d}", "let the scene continue {d}", "carry the picture on {d}", "stretch the canvas {d}",
)  # fmt: skip
TOWARDS = {"left": ("left", "to the left", "leftwards", "towards the left", "on the left", "on the left side"), "right": ("right", "to the right", "rightwards", "towards the right", "on the right", "on the right side"),
           "up": ("up", "upwards", "upward", "at the top", "towards the top"), "down": ("down", "downwards", "downward", "at the bottom", "towards the bottom")}  # fmt: skip
MORE = {
    "left": ("show more of what is left of it", "show me what is to the left", "what is left of it? show it", "more on the left", "more room on the left", "more space to the left", "show more to the left", "there should be more on the left side of the picture",
             "i want to see what's on the left of this", "let me see what's left of the frame", "more of the scene on the left", "a bit more picture on the left", "add some room to the left", "what's beyond the left edge?", "give it more room on the left"),
    "right": ("show more of what is right of it", "show me what is to the right", "what is right of it? show it", "more on the right", "more room on the right", "more space to the right", "show more to the right", "there should be more on the right side of the picture",
              "i want to see what's on the right of this", "let me see what's right of the frame", "more of the scene on the right", "a bit more picture on the right", "add some room to the right", "what's beyond the right edge?", "give it more room on the right"),
    "up": ("more sky above", "more sky", "more sky please", "add more sky", "i want more sky above it", "show more sky", "show more of the sky", "show what is above it", "more room above", "more room overhead", "more headroom", "leave more space above it", "more space at the top",
           "add more space above", "there should be more sky over it", "give me more sky at the top", "a bit more sky", "more air above", "what's above it?", "extend the sky", "make the sky taller"),
    "down": ("more ground below", "more ground", "more grass below", "show more of the ground", "more ground in front", "show what is below it", "show what's underneath", "more room below", "more room at the bottom", "more space at the bottom", "add more space below", "more foreground", "a bit more ground",
             "give me more ground at the bottom", "leave more space under it", "what's below it?", "extend the ground", "show more of the floor"),
}  # fmt: skip
SHAPES = {
    "16:9": ("make it wide", "make it 16:9", "16:9", "16:9 please", "in 16:9", "widescreen", "make it widescreen", "wide format please", "i need it for a wide screen", "make it a desktop wallpaper", "make it fit a tv screen", "16 by 9", "16x9 please", "make it wide please",
             "turn it into a wide picture", "can you make it wide?", "i need this as a youtube thumbnail", "make {} 16:9", "make {} wide", "a 16:9 version of {}", "change the aspect ratio to 16:9", "aspect ratio 16:9", "as a wide image", "make the picture wide"),
    "9:16": ("make it 9:16", "9:16", "9:16 please", "phone wallpaper please", "make it a phone wallpaper", "make it fit my phone screen", "for a phone screen", "9 by 16", "story format", "make it tall like a phone", "vertical video format", "make {} 9:16", "aspect ratio 9:16"),
    "1:1": ("make it square", "square", "square please", "make it a square", "a square picture please", "1:1", "1:1 please", "square format", "i need it square", "turn it into a square", "can it be square?", "make {} square", "change it to square format", "aspect ratio 1:1", "crop nothing, just make it square"),
    "2:3": ("make it portrait", "portrait format", "portrait format please", "portrait orientation", "portrait orientation please", "make it taller", "make the picture taller", "taller please", "make the image taller", "2:3", "2:3 please", "in portrait format", "turn it to portrait", "make it upright format", "as a portrait format picture",
            "vertical format please", "make it vertical", "make {} portrait", "make {} taller", "tall format", "i need it in portrait", "make the canvas taller", "make it a tall picture", "a taller picture please"),
    "3:2": ("make it landscape", "landscape format", "landscape format please", "landscape orientation", "landscape orientation please", "3:2", "3:2 please", "make it 3:2", "in landscape format",  "make the picture wider", "a wider picture please", "make the image wider", "make the canvas wider", "make it horizontal", "horizontal format",
            "make {} landscape", "make {} wider", "i need it in landscape", "as a landscape format image", "turn it into landscape format"),
    "4:3": ("make it 4:3", "4:3", "4:3 please", "in 4:3", "4 by 3", "aspect ratio 4:3", "make {} 4:3", "change it to 4:3"),
    "3:4": ("make it 3:4", "3:4", "3:4 please", "in 3:4", "3 by 4", "aspect ratio 3:4", "make {} 3:4"),
    "2:1": ("make it a panorama", "panorama please", "panorama", "panoramic format", "make it panoramic", "turn it into a panorama", "2:1", "make it 2:1", "twice as wide as high", "make it twice as wide", "make {} a panorama", "a panoramic version", "a panorama of this"),
    "3:1": ("make a banner of it", "make it a banner", "banner format", "banner please", "3:1", "make it 3:1", "turn it into a banner", "i need it as a banner", "as a header image for my site", "make {} a banner"),
    "21:9": ("21:9", "21:9 please", "make it 21:9", "cinema format", "cinematic format please", "ultrawide please", "make it ultrawide", "make {} 21:9"),
}  # fmt: skip
SHOWING = ("{} and show {what}", "{} and add {what}", "{}, with {what}", "{} with {what} there", "{} and put {what} there", "{}, and let there be {what}", "{} to show {what}", "{} so we see {what}", "{}, there should be {what}", "{} and paint {what} there",
           "{} until we see {what}", "{}, {what} should be there", "{}. there is {what} there", "{} and have {what} come into view", "{} and draw {what} too")  # fmt: skip
SUBTLE = (
    "a bit different", "a little different", "slightly different", "something similar", "something similar please", "a similar one", "a similar picture", "make it a tiny bit different", "a subtle variation", "subtle variation please", "vary it slightly", "vary it a bit",
    "vary it subtly", "vary a little", "small variation", "a slight variation", "minor variation please", "nearly the same again", "almost the same, but not quite", "almost the same again", "nearly the same but a little different", "same but slightly different", "very similar please",
    "like this but a little different", "close to this one but not identical", "keep it close to this one", "stay close to this, but try again", "just a touch different", "just slightly different", "a near copy", "tiny variations please", "give me something close to this",
    "variations", "variations please", "some variations", "a variation", "make a variation", "variation please", "show me variations of this", "a variant please", "make a variant", "try again but stay close to it", "another one very much like it", "can i get a similar one?",
    "could you vary it a little?", "can you make it a bit different?", "make a slightly different version", "a slightly different version please", "slightly different please", "small changes only, paint it again", "mostly the same, a bit different", "vary subtly", "subtle",
    "a sibling of this picture", "more or less the same again", "a similar one to {}", "something similar to {}", "a slight variation of {}", "vary {} a bit", "vary {} slightly", "a subtle variation of {}", "like {} but a little different", "a bit different from {}", "nearly the same as {}", "something close to {}", "variations of {}",
)  # fmt: skip
STRONG = (
    "a completely different take", "completely different take", "completely different take please", "a totally different one", "something totally different with the same idea", "surprise me with another", "surprise me with another one", "a whole new take on it", "start over with the same idea",
    "same idea, completely different picture", "a very different version", "very different please", "make it look completely different", "a wild variation", "a strong variation", "strong variation please", "vary it strongly", "vary it a lot", "vary strongly", "big variation", "a radically different version",
    "a fresh start with the same prompt", "paint it from scratch again", "from scratch please", "another one, not like this at all", "i want a very different take", "quite another take on it", "show me something quite different of the same", "do it all over again", "all over again please", "a brand new version",
    "reimagine it", "reimagine it completely", "rethink it", "a new interpretation", "a different interpretation please", "a bold variation", "vary {} a lot", "vary {} strongly", "a completely different take on {}", "a very different version of {}", "reimagine {}", "surprise me with another {}", "a strong variation of {}",
)  # fmt: skip
LARGER = (
    "make {} larger", "make {} bigger in pixels", "enlarge {}", "upscale {}", "{} in 4k", "{} in high resolution", "i need {} larger", "{} larger please", "a bigger file of {}", "{} in a higher resolution please", "make {} print size", "blow {} up", "double the size of {}", "make {} bigger",
    "{} in hd", "give me {} in full resolution", "give me {} in 4k please", "scale {} up", "can you enlarge {}?", "can i have {} bigger?", "upscale {} twice", "hi-res {}", "increase the resolution of {}", "sharpen {} up", "make {} twice as large", "make the file of {} bigger", "make {} higher resolution",
)  # fmt: skip
PICTURE_LARGER = (
    "make the picture bigger", "make the picture larger", "bigger picture please", "a bigger picture", "make the image bigger", "the image is too small, i need more pixels", "larger image please", "larger picture please", "a larger picture please", "enlarge it", "enlarge this", "enlarge please", "enlarge", "make the whole picture bigger",
    "make the whole image larger", "the picture should be larger", "bigger image size", "bigger size please, for printing", "i want it as a big poster", "poster size please", "for printing i need it bigger", "can i have the picture bigger?", "can you make the picture bigger?", "the file is too small", "it's too small to print",
    "a higher resolution please", "make it big enough to print", "can you blow it up?", "blow it up", "scale it up", "scale it up 2x", "double the size of the picture", "twice the size of the image please", "make this picture double the size", "i need a bigger version of the picture", "bigger version of the image please",
)  # fmt: skip
BOTH = chatter.MERGE
ITEM_FORMS = ("{a} with the {x} from {b}", "{a} with the {x} of {b}", "{a}, but with the {x} from {b}", "put the {x} from {b} on {a}", "take the {x} from {b} and put it in {a}", "give {who} in {a} the {x} from {b}", "use the {x} of {b} in {a}", "add the {x} from {b} to {a}", "i want {a} with {b}'s {x}",
              "{a} plus the {x} from {b}", "can {a} have the {x} from {b}?", "can you put {b}'s {x} into {a}?", "take {a} and add the {x} of {b}", "combine {a} with the {x} from {b}", "bring the {x} from {b} into {a}", "{who} of {a} with the {x} of {b}", "merge the {x} of {b} into {a}", "{a} but with {b}'s {x}",
              "copy the {x} from {b} to {a}", "the {x} in {b} would look good in {a}", "move the {x} from {b} over to {a}", "let {a} have the {x} of {b}")  # fmt: skip
GROUND_FORMS = ("put the background of {b} behind {who} of {a}", "put the background of {b} behind {a}", "{a} with the background of {b}", "{a} with the background from {b}", "use the background of {b} for {a}", "{who} from {a} in the place of {b}", "put {who} of {a} in front of {b}'s background", "{a} in the setting of {b}",
                "take the background from {b} and put it in {a}", "give {a} the background of {b}", "{a}, but where {b} is", "{a} but in the surroundings of {b}", "keep {a}, but with {b}'s background", "replace the background of {a} with that of {b}", "swap {a}'s background for the one in {b}", "the scenery of {b} behind {who} in {a}",
                "{a} in {b}'s landscape", "combine {who} of {a} with the background of {b}", "merge {a} with the background of {b}", "can {a} have the background of {b}?", "let {a} take place where {b} does", "{who} in {a} should stand where {b} is")  # fmt: skip
SKY_FORMS = ("{a} with the sky of {b}", "{a} with the sky from {b}", "put the sky of {b} over {a}", "use the sky from {b} in {a}", "give {a} {b}'s sky", "{a} under the sky of {b}", "take the sky from {b} for {a}", "{a}, but with the light of {b}", "{a} with {b}'s weather and light")  # fmt: skip
SUBJECT_FORMS = ("put {x} from {b} into {a}", "put {x} of {b} in {a}", "{x} of {b} in {a}'s picture", "{x} of {b} in the picture of {a}", "add {x} from {b} to {a}", "take {x} from {b} and put it into {a}", "bring {x} from {b} into {a}", "place {x} of {b} in {a}", "{x} from {b} in {a}", "{a} with {x} from {b}", "move {x} from {b} to {a}",
                 "let {x} from {b} join {a}", "can you put {x} from {b} into {a}?", "{x} from {b} should be in {a} too", "{a} plus {x} from {b}", "copy {x} of {b} into {a}", "{a}, and beside it {x} from {b}", "i want {x} of {b} in {a}", "combine {a} with {x} of {b}", "merge {x} from {b} into {a}")  # fmt: skip
STYLE_FORMS = ("{a} in the style of {b}", "{a} in {b}'s style", "paint {a} like {b}", "{a} drawn like {b}", "use the style of {b} for {a}", "give {a} the style of {b}", "{a} with the style from {b}", "make {a} look like {b} in style", "{a} in the same style as {b}")  # fmt: skip
FACE_FORMS = ("{a} with the face from {b}", "{a} with the expression of {b}", "give {who} in {a} the face from {b}", "{a}, but with the mood of {b}", "use the face of {b} in {a}", "put {b}'s face on {a}", "{a} with the look on its face from {b}", "{who} of {a} with the expression from {b}")  # fmt: skip

WIDER = {
    BOTH: ways.MERGING, GROUND_FORMS: ways.GROUNDS, SKY_FORMS: ways.SKIES_OF, ITEM_FORMS: ways.ITEMS_OF,
    SUBJECT_FORMS: ways.SUBJECTS_OF, STYLE_FORMS: ways.STYLES_OF, FACE_FORMS: ways.FACES_OF,
}  # fmt: skip
"""The wider words for what each table says."""
OFTEN_GIVEN = {
    BOTH: 3.0,
    SUBJECT_FORMS: 2.5,
    GROUND_FORMS: 2.0,
    ITEM_FORMS: 1.5,
    SKY_FORMS: 0.8,
    STYLE_FORMS: 0.7,
    FACE_FORMS: 0.6,
}
"""How often each is asked for, beside the others that two pictures allow."""


SEVERAL_MORE = 0.22
"""Of the wishes for another try, the share of those for several."""


def strength_of(template: str) -> str:
    """Return how far a wish for another try goes: "subtle" where it asks for one like the last, "" for all anew."""
    near = r"variation|variant|\bvary\b|similar|slight|\bbit diff|little diff|\blike (this|that|it)\b(?! at all)|more of this|same but different"
    return "subtle" if template in SUBTLE or (re.search(near, template) and template not in STRONG) else ""


def varied(state: State, rng: random.Random, setting: WorldSetting, dev: bool) -> Said | None:
    """Paint a version again: near to it, or all anew."""
    assert state.current is not None
    roll, number = rng.random(), 0
    if rng.random() < SEVERAL_MORE:
        template, number, strength = of_what_is_there(rng, dev)
    elif roll < 0.3:
        template, strength = ways.said(rng, dev, ways.SUBTLY, ways.SUBTLY_ALONE, ways.REASONS_AGAIN), "subtle"
    elif roll < 0.55:
        template, strength = ways.said(rng, dev, ways.ANEW, ways.ANEW_ALONE, ways.REASONS_AGAIN), ""
    else:
        template = choose(rng, rng.choices((chatter.VARY, chatter.VARY_OF, SUBTLE, STRONG), (46, 8, 26, 20))[0], dev)
        strength = strength_of(template)
    if state.last is not None and re.sub(r"\W", "", template) in ("again", "doitagain", "oncemore", "doanother"):
        return None  # after a change by degrees these mean more of it
    found = _filled(template, state, rng)
    if found is None:
        return None
    message, picture = found
    counted = fields_of(number or uncounted(template))
    plan = plan_json(act="vary", targets=[picture.label], strength=strength, prompt=picture.prompt, **counted)
    parents = (picture.label,) if rng.random() < 0.5 else ()
    return message, plan, lambda: state.new(picture.scene, picture.seed, parents)


def _filled(template: str, state: State, rng: random.Random) -> tuple[str, Picture] | None:
    """Return the message and the version that it is about: the current one, or an older one where "{}" calls it."""
    assert state.current is not None
    if "PIC" in template and rng.random() < 0.78:
        return re.sub(r"\bPIC\b", ways.composed(ways.CURRENT, rng), template), state.current
    template = re.sub(r"\bPIC\b", "{}", template)
    if "{}" not in template:
        return template, state.current
    if rng.random() < 0.15:
        return template.replace("{}", chatter.spelled(state.current.label, rng)), state.current
    one = called(state, rng, labels=0.6)
    return (template.replace("{}", one[0]), one[1]) if one else None


def extended(state: State, rng: random.Random, setting: WorldSetting, dev: bool) -> Said | None:
    """More of a picture than its frame holds: all round, to one side, or up to a new shape; at times with a wish."""
    assert state.current is not None
    roll, shape, direction = rng.random(), "", "out"
    if rng.random() < 0.55:
        template, direction, shape = _widely(rng, dev)
    elif roll < 0.24:
        template = choose(rng, OUT, dev)
    elif roll < 0.44:
        direction = rng.choice(tuple(TOWARDS))
        template = choose(rng, PAN, dev).format(d=rng.choice(TOWARDS[direction]))
    elif roll < 0.62:
        direction = rng.choice(tuple(MORE))
        template = choose(rng, MORE[direction], dev)
    elif roll < 0.86:
        shape = rng.choices(tuple(SHAPES), (6, 2, 4, 5, 5, 1, 1, 3, 1.5, 1))[0]
        template = choose(rng, SHAPES[shape], dev)
    else:
        template = choose(rng, _ways_out(), dev)
        direction, shape = _where(template)
    found = _filled(template, state, rng)
    if found is None:
        return None
    message, picture = found
    fields: dict[str, object] = {"act": "extend", "targets": [picture.label], "direction": direction, "shape": shape}
    scene = picture.scene
    if rng.random() < 0.2 and not message.endswith("?"):
        side = {"left": "left", "right": "right"}.get(direction)
        added = _wished(scene, rng, setting, side)
        if added is None:
            return None
        what, scene = added
        message = choose(rng, SHOWING, dev).replace("{what}", what).replace("{}", message)
        fields["prompt"] = descriptive(scene, picture.seed)
    change = rng.choice(("", f"extend it {direction}" if not shape else f"extend it to {shape}"))
    return message, plan_json(**fields), lambda: state.new(scene, picture.seed, (picture.label,), change)


def _widely(rng: random.Random, dev: bool) -> tuple[str, str, str]:
    """Return a request for more room in the wider words, its direction and its shape."""
    roll, reasons = rng.random(), ways.REASONS_WIDE
    if roll < 0.25:
        return ways.said(rng, dev, ways.ZOOMING, ways.ZOOMING_ALONE, reasons), "out", ""
    if roll < 0.62:
        direction = rng.choice(tuple(ways.TOWARD))
        parts = {"TOWARD": ways.TOWARD[direction], "ONSIDE": ways.ONSIDE[direction], "BEYOND": ways.BEYOND[direction]}
        if direction in ways.SKIES and rng.random() < 0.3:
            return ways.said(rng, dev, ways.SKIES[direction], (), reasons), direction, ""
        return ways.said(rng, dev, ways.PANNING, ways.PANNING_ALONE, reasons, **parts), direction, ""
    shape = rng.choices(tuple(ways.SHAPE_NAMES), (6, 3, 4, 5, 5, 1.5, 1.5, 3, 2, 1.5))[0]
    name, purpose = ways.SHAPE_NAMES[shape]
    return ways.said(rng, dev, ways.SHAPING, ways.SHAPING_ALONE, NAME=name, PURPOSE=purpose), "out", shape


def _ways_out() -> tuple[str, ...]:
    return tuple(text for text in chatter.EXTEND if "aspect ratio" not in text)


def _where(template: str) -> tuple[str, str]:
    """Return direction and shape of one of chatter's wishes, which say them in words or not at all."""
    for shape, pattern in (
        ("16:9", "16:9|widescreen"),
        ("21:9", "21:9"),
        ("4:3", "4:3"),
        ("3:1", "banner"),
        ("2:1", "panoram"),
        ("2:3", "portrait|taller"),
        ("3:2", "3:2|landscape"),
    ):
        if re.search(pattern, template):
            return "out", shape
    for direction, pattern in (
        ("left", "left|izquierda|gauche|links"),
        ("right", "right"),
        ("up", r"\btop|upward|above"),
        ("down", "bottom|downward|below"),
    ):
        if re.search(pattern, template):
            return direction, ""
    return ("out", "3:2") if re.search(r"wider|widen", template) and "both" not in template else ("out", "")


def _wished(scene: Scene, rng: random.Random, setting: WorldSetting, side: str | None) -> tuple[str, Scene] | None:
    """Return what shall be seen in the new room, in words, and the scene with it."""
    for _ in range(6):
        try:
            edit = random_edit(scene, rng, setting, ["add_extra", "add_thing"])
        except WorldError:
            return None
        if is_held_out(edit.after) or (side and edit.slots.get("side", side) != side):
            continue
        what = edit.slots.get("an_extra") or edit.slots.get("a_new")
        if what:
            return what, edit.after
    return None


def enlarged(state: State, rng: random.Random, setting: WorldSetting, dev: bool) -> Said | None:
    """More pixels, which is not a bigger subject."""
    assert state.current is not None
    if rng.random() < 0.55:
        template = ways.said(rng, dev, ways.UPSCALING, ways.UPSCALING_ALONE, ways.REASONS_LARGE)
    else:
        template = choose(rng, rng.choices((chatter.UPSCALE, PICTURE_LARGER, LARGER), (45, 30, 25))[0], dev)
    found = _filled(template, state, rng)
    if found is None:
        return None
    message, picture = found
    change = rng.choice(("", "enlarge it"))
    return (
        message,
        plan_json(act="upscale", targets=[picture.label]),
        lambda: state.new(picture.scene, picture.seed, (picture.label,), change),
    )


def merged(state: State, rng: random.Random, setting: WorldSetting, dev: bool) -> Said | None:
    """One picture of two: the first, with what the message names from the second."""
    assert state.current is not None
    if len(state.pictures) < 2:
        return _one_missing(state, rng, dev) if rng.random() < 0.05 else None
    pair = _pair(state, rng, dev) if rng.random() < 0.12 else None
    if pair is not None:
        wish, base, giver = pair
        gifts = [gift for gift in _gifts(base.scene, giver.scene) if gift[0] is BOTH]
    else:
        base, giver = rng.sample(state.pictures, 2)
        if state.current not in (base, giver) and rng.random() < 0.5:
            base = state.current
        wish, gifts = "", list(_gifts(base.scene, giver.scene))
    if not gifts:
        return None
    forms, change, region, scene, slots = rng.choices(gifts, [OFTEN_GIVEN.get(gift[0], 1.0) for gift in gifts])[0]
    if is_held_out(scene):
        return None
    base_said, giver_said = _said(base, state, rng), _said(giver, state, rng)
    if wish:
        message = wish
    elif rng.random() < 0.6:
        template = ways.said(rng, dev, WIDER[forms], (), ways.REASONS_BOTH)
        message = template.format(a=base_said, b=giver_said, **slots)
    elif forms is BOTH:
        message = choose(rng, forms, dev).format(base_said, giver_said)
    else:
        message = choose(rng, forms, dev).format(a=base_said, b=giver_said, **slots)
    change = f"{change} {giver.label}"
    plan = plan_json(
        act="merge",
        targets=[base.label, giver.label],
        change=change,
        region=region,
        prompt=descriptive(scene, base.seed),
    )
    return message, plan, lambda: state.new(scene, base.seed, (base.label, giver.label), change)


def _pair(state: State, rng: random.Random, dev: bool) -> tuple[str, Picture, Picture] | None:
    """Return a wish to merge two pictures that it does not name: both, the last two, the first two."""
    pictures, roll = state.pictures, rng.random()
    if len(pictures) == 2 and roll < 0.6:
        return ways.said(rng, dev, ways.PAIRS, (), ways.REASONS_BOTH), pictures[0], pictures[1]
    if roll < 0.75:
        return ways.said(rng, dev, ways.LAST_PAIR, (), ways.REASONS_BOTH), pictures[-2], pictures[-1]
    return ways.said(rng, dev, ways.FIRST_PAIR, (), ways.REASONS_BOTH), pictures[0], pictures[1]


def _said(picture: Picture, state: State, rng: random.Random) -> str | None:
    if picture is state.current and rng.random() < 0.5:
        return rng.choice(("this one", "this", "this picture", "the current one", "this one", "the current picture"))
    kinds = [one.scene.main.kind for one in state.pictures]
    if kinds.count(picture.scene.main.kind) == 1 and rng.random() < 0.25:
        return f"the {picture.scene.main.kind}{rng.choice(('', '', ' picture', ' one'))}"
    if picture is state.current or rng.random() < 0.45:
        return chatter.spelled(picture.label, rng)
    for _ in range(12):
        one = called(state, rng, labels=0)
        if one is not None and one[1] is picture:
            return one[0]
    return chatter.spelled(picture.label, rng)


def _one_missing(state: State, rng: random.Random, dev: bool) -> Said | None:
    """A merge where there is one picture alone: the answer says so."""
    own = state.pictures[0].label
    other = f"v{rng.choice([n for n in range(1, 12) if f'v{n}' != own])}"
    pair = [own, other] if rng.random() < 0.7 else [other, own]
    message = choose(rng, BOTH, dev).format(*(chatter.spelled(label, rng) for label in pair))
    return message, plan_json(act="ask", reply=f"There is no {other} here; which pictures shall I merge?"), nothing


Gift = tuple[tuple[str, ...], str, str, Scene, dict[str, str]]
"""The forms to say it in, the change up to the giver's label, the region, the scene that comes of it, and its words."""


def _gifts(base: Scene, giver: Scene) -> Iterator[Gift]:
    """Yield what a scene can take over from another."""
    one, other = base.main, giver.main
    who = name_of(base, one)
    for item in other.worn:
        if one.count == 1 and one.has_face and item not in one.worn:
            worn = (*(i for i in one.worn if i.kind != item.kind), item)
            after = base.with_thing(replace(one, worn=tuple(sorted(worn, key=lambda i: i.kind))))
            yield (
                ITEM_FORMS,
                f"give {who} the {item.colour} {item.kind} of",
                f"the {item.kind}",
                after,
                {"x": item.kind, "who": who},
            )
    if other.held and one.count == 1 and one.has_face and one.held != other.held:
        after = base.with_thing(replace(one, held=other.held))
        yield (
            ITEM_FORMS,
            f"give {who} the {other.held.colour} {other.held.kind} of",
            f"the {other.held.kind}",
            after,
            {"x": other.held.kind, "who": who},
        )
    for extra in giver.extras:
        if extra not in base.extras and len(base.extras) < 2 and base.place != "room":
            yield (
                ITEM_FORMS,
                f"add the {extra} of",
                f"the {extra}",
                replace(base, extras=tuple(sorted((*base.extras, extra)))),
                {"x": extra, "who": who},
            )
    if giver.place != base.place:
        after = replace(base, place=giver.place, time=giver.time, weather=giver.weather, extras=giver.extras)
        yield GROUND_FORMS, "change the background to that of", "the background", after, {"who": who}
    elif giver.place != "room" and (giver.time, giver.weather) != (base.time, base.weather):
        yield (
            SKY_FORMS,
            "change the sky to that of",
            "the sky",
            replace(base, time=giver.time, weather=giver.weather),
            {},
        )
    if giver.style != base.style:
        yield STYLE_FORMS, "take over the style of", "the style", replace(base, style=giver.style), {}
    if one.has_face and other.has_face and (one.mood, one.joy) != (other.mood, other.joy):
        after = base.with_thing(
            replace(one, mood=other.mood, joy=other.joy, pose="standing" if other.joy else one.pose)
        )
        yield FACE_FORMS, f"give {who} the face of", "the face", after, {"who": who}
    together = _together(base, other)
    if together is not None:
        a_kind = f"the {words.plural(other.kind) if other.count > 1 else other.kind}"
        yield SUBJECT_FORMS, f"add {a_kind} of", a_kind, together, {"x": a_kind, "who": who}
        yield BOTH, "combine it with", "", together, {}
    elif (one.kind, one.colour) == (other.kind, other.colour):
        after = _united(base, giver)
        if after != base:
            yield BOTH, "combine it with", "", after, {}


def _together(base: Scene, other: Thing) -> Scene | None:
    """Return the scene with the other's subject beside its own, where there is room for it."""
    one = base.main
    if (
        len(base.things) > 1
        or (one.kind == other.kind and one.colour == other.colour)
        or one.count > 1
        or other.count > 1
    ):
        return None
    side, beside = ("right", "left") if one.side == "right" else ("left", "right")
    things = (replace(one, side=side), replace(other, id=one.id + 1, side=beside))
    return replace(base, things=things, relations=(Relation(f"{side} of", one.id, one.id + 1),))


def _united(base: Scene, giver: Scene) -> Scene:
    """Return two pictures of one subject as one: the first one, with what only the second has."""
    one, other = base.main, giver.main
    items: dict[str, Item] = {item.kind: item for item in (*other.worn, *one.worn)} if one.count == 1 else {}
    worn = tuple(items[kind] for kind in sorted(items)) if items else one.worn
    held = one.held or (other.held if one.count == 1 else None)
    extras = base.extras if base.place == "room" else tuple(sorted({*base.extras, *giver.extras}))[:2]
    return replace(base.with_thing(replace(one, worn=worn, held=held)), extras=extras)
