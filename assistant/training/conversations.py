"""Simulated conversations over the picture world: what the embedded rewriter is trained on.

A conversation is walked turn by turn; each turn gives one sample, the path as the rewriter will read it (rendered by
`assistant.rewriter.render_path`) and the plan as JSON. No torch, no model. The development slice uses phrasings and
templates that training never sees.
"""

from __future__ import annotations

import contextlib
import json
import random
import re
from dataclasses import replace
from typing import Any

from assistant.messages import ConversationPath, PathTurn
from assistant.references import meant
from assistant.rewriter import render_path
from assistant.training import chatter
from assistant.training import lexicon as lx
from assistant.training.absent import about_a_part, about_nobody, called_otherwise, denied
from assistant.training.asks import Ask, brief_of, random_ask, removed_of
from assistant.training.contradictory import of_two_values, values_in
from assistant.training.referring import back, changed, looked, steps_back
from assistant.training.reframing import enlarged, extended, merged, varied
from assistant.training.several import NUMBER, fields_of, of_several
from assistant.training.simulated import Picture, Said, Sample, State, before, nothing, plan_json, return_to
from assistant.training.wishes import Wish, choose, default_colour, random_wish
from captioner.errors import WorldError
from captioner.world import words
from captioner.world.asking import typos
from captioner.world.captions import descriptive, name_of
from captioner.world.edits import EDITS, Edit, random_edit
from captioner.world.requests import random_request
from captioner.world.sample import draw_scene
from captioner.world.scene import CORE, FACED, INDOORS, Item, Scene, Thing, WorldSetting, is_held_out

CREATE_SEEDS = (3, 11, 19, 24, 30, 41)
"""Wordings of new prompts: few, so that the model learns what to say and not a lottery of how."""
TURNS = (20, 18, 16, 13, 10, 8, 6, 4, 3, 2)
"""How often a conversation has 1, 2, … turns, in parts of a hundred."""
OFTEN = {
    "edit": 45, "create": 16, "vary": 6.5, "undo": 4.5, "steps": 4.5, "first": 3, "label": 5.5, "described": 12, "looked": 4, "older": 22,
    "words": 4.5, "refuse": 4, "foreign": 4.5, "extend": 10, "upscale": 7, "merge": 27, "describe": 1.5,
}  # fmt: skip
"""How often each kind of turn is tried once there is a picture; what does not apply is left out."""
_ZOOM_OUT = re.compile(r"\bzoom\w* (?:\w+ )?out\b")
TWO_THINGS = 0.5
"""Of the conversations that start in the middle, the share of those about a picture of two things: told to change one of
them, a model has to leave what it says of the other alone."""
OF_NOBODY, OF_PARTS, OF_TWO_VALUES = 0.06, 0.04, 0.15
"""Of the messages that ask for a change, the shares of those about what is not there, about what is not to be changed, and
of those that name two values."""
SEVERAL = 0.08
"""How many of the turns that paint from scratch paint several pictures at once, by an option and not by their words."""
SEVERAL_ASKED = {"create": 0.08, "edit": 0.04}
"""How many messages of these turns ask for several pictures."""


def conversation(rng: random.Random, setting: WorldSetting = CORE, dev: bool = False) -> list[Sample]:
    """Return the samples of one simulated conversation."""
    state, samples = State(), []
    _begin(state, rng, setting)
    for _ in range(rng.choices(range(1, len(TURNS) + 1), TURNS)[0]):
        sample = _turn(state, rng, setting, dev)
        if sample is not None:
            samples.append(sample)
    return samples


def _begin(state: State, rng: random.Random, setting: WorldSetting) -> None:
    """Start some conversations in the middle, from any scene in any wording, as after edits by hand."""
    if rng.random() < 0.5:
        return
    two = rng.random() < TWO_THINGS
    scene = draw_scene(rng, setting)
    while is_held_out(scene) or (two and len(scene.things) < 2):
        scene = draw_scene(rng, setting)
    # Wordings that the rewriter itself has, as a rule: most pictures are its own.
    seed = rng.choice(CREATE_SEEDS) if rng.random() < 0.6 else rng.randrange(1 << 20)
    state.new(scene, seed)
    assert state.current is not None
    if rng.random() < 0.25:
        state.pictures[0].label = f"v{rng.randint(2, 30)}"
    said = rng.choice(
        (
            f"draw {words.article(scene.main.kind)}",
            words.article(f"{scene.main.colour} {scene.main.kind}"),
            state.current.prompt,
        )
    )
    state.turns.append(PathTurn(said, "create", state.current.label))


def _turn(state: State, rng: random.Random, setting: WorldSetting, dev: bool) -> Sample | None:
    if state.current is None:
        act = rng.choices(("create", "words", "refuse", "foreign", "early", "label"), (78, 8, 4.5, 8, 4, 0.5))[0]
    else:
        act = rng.choices(tuple(OFTEN), tuple(OFTEN.values()))[0]
    at = state.current.label if state.current else None
    result = _ACTS[act](state, rng, setting, dev)
    if result is None:
        return None
    message, plan, after = result
    planned = json.loads(plan)
    if planned["act"] == act and rng.random() < SEVERAL_ASKED.get(act, 0.0) and (asked := of_several(message, act, rng, dev)):  # fmt: skip
        message, number = asked
        planned |= fields_of(number, planned.get("reply", ""))
        plan = plan_json(**planned)
    reply, by_hand = planned.get("reply", ""), typed(message, rng)
    # What an answer names must stand in the message, or it would have to be guessed from a slip of the fingers.
    named = (
        *filter(None, [denied(reply)]),
        *values_in(reply),
        *(NUMBER.findall(message) if "count" in planned else ()),
    )
    if all(name in by_hand.lower() for name in named):
        message = by_hand
    path = state.path(message)
    if not _readable(path, planned):
        return None
    after()
    made = planned["act"]
    painted = state.current.scene if state.current and '"prompt":' in plan else None
    if "count" in planned:
        _several(state, planned["count"] - 1)
    elif made in ("create", "vary") and rng.random() < SEVERAL:
        _several(state, rng.randint(1, 4))
    sample = Sample(render_path(path), plan, act, path, painted)
    state.turns.append(PathTurn(message, made, state.current.label if state.current else None))
    if made in ("create", "vary", "return") or (state.current and state.current.label != at and made != "edit"):
        state.last = None
    return sample


def _readable(path: ConversationPath, plan: dict[str, Any]) -> bool:
    """Tell whether the whole descriptions that a plan's prompt goes on from are shown; a slip may have hidden one."""
    return "prompt" not in plan or {*plan.get("targets", ())} <= {path.current, *meant(path)}


def _several(state: State, more: int) -> None:
    """Add more pictures to the one just painted, as a turn does that paints several at once; it ends on the first."""
    first = state.current
    assert first is not None
    for _ in range(more):
        state.new(first.scene, first.seed, first.parents, first.change)
    state.current = first


def _create(state: State, rng: random.Random, setting: WorldSetting, dev: bool) -> Said | None:
    seed = rng.choice(CREATE_SEEDS) if rng.random() < 0.9 else rng.randrange(1 << 20)
    if rng.random() < 0.05:
        scene = _plain(draw_scene(rng, setting), setting)
        message, scene = random_request(scene, rng, held_out=dev)
        while is_held_out(scene):
            message, scene = random_request(_plain(draw_scene(rng, setting), setting), rng, held_out=dev)
        wish = Wish(message, scene)
    else:
        wish = random_wish(rng, setting, dev, midway=state.current is not None)
    plan = plan_json(act="create", removed=list(wish.removed), reply=wish.reply, prompt=descriptive(wish.scene, seed))

    def after() -> None:
        state.new(wish.scene, seed)
        assert state.current is not None
        if not wish.called.startswith(("my ", "the ")):
            state.current.called = wish.called

    return wish.message, plan, after


def _plain(scene: Scene, setting: WorldSetting) -> Scene:
    """Return a scene of which most facts are the usual ones."""
    things = tuple(
        replace(t, pose="standing" if not t.joy else t.pose, held=t.held, size="medium") for t in scene.things
    )
    return replace(scene, things=things)


def _edit(state: State, rng: random.Random, setting: WorldSetting, dev: bool) -> Said | None:
    assert state.current is not None
    return _edit_of(state.current, "", state, rng, setting, dev)


def _older(state: State, rng: random.Random, setting: WorldSetting, dev: bool) -> Said | None:
    """A change of a version that the message calls by a name of any sort."""
    return changed(
        state, rng, dev, lambda picture, form, brief: _edit_of(picture, form, state, rng, setting, dev, brief)
    )


def _describe(state: State, rng: random.Random, setting: WorldSetting, dev: bool) -> Said | None:
    assert state.current is not None
    picture, message = state.current, choose(rng, chatter.DESCRIBE, dev)
    if "{}" in message:
        picture = rng.choice(state.pictures)
        message = message.format(chatter.spelled(picture.label, rng))
    return message, plan_json(act="describe", targets=[picture.label], reply=chatter.DESCRIBE_REPLY), nothing


def _edit_of(
    picture: Picture, form: str, state: State, rng: random.Random, setting: WorldSetting, dev: bool, brief: bool = False
) -> Said | None:
    previous = state.last if picture is state.current and not form else None
    asked = None
    if picture is state.current and not form:
        asked = _out_of_the_usual(picture, state, rng, setting, dev)
    try:
        asked = asked or random_ask(picture.scene, rng, setting, previous, dev)
    except WorldError:
        return None
    said, edit = asked.message, asked.edit
    if brief:
        few = brief_of(edit, rng) if edit is not None else None
        if few is None:
            return None
        said = few
    message = form.replace("{}", said) if form else said
    if edit is not None and not form and edit.kind not in ("replace_subject", "add_thing", "remove_thing"):
        message = called_otherwise(message, picture, rng)
    if edit is not None and edit.kind == "wider" and _ZOOM_OUT.search(message.lower()):
        return None  # that is more of the place round the picture, and nothing of it painted anew: an extension
    if edit is None:
        return message, plan_json(act=asked.act, reply=asked.reply), nothing
    prompt = descriptive(edit.after, picture.seed)
    plan = plan_json(
        act="edit",
        targets=[picture.label],
        change=edit.change,
        region=edit.region,
        removed=list(asked.removed),
        reply=asked.reply,
        prompt=prompt,
    )

    def after() -> None:
        state.new(edit.after, picture.seed, (picture.label,), edit.change, edit)
        state.last = edit if edit.kind in EDITS else None
        assert state.current is not None
        if edit.after.main.kind == picture.scene.main.kind:
            state.current.called = picture.called

    return message, plan, after


def _out_of_the_usual(
    picture: Picture, state: State, rng: random.Random, setting: WorldSetting, dev: bool
) -> Ask | None:
    """Return a message about what the picture does not show or what cannot be painted apart, or one that says two things
    of one, at times.
    """
    roll = rng.random()
    if roll < OF_NOBODY:
        return about_nobody(picture, state, rng, setting, dev)
    if roll < OF_NOBODY + OF_PARTS:
        return about_a_part(picture.scene, rng, setting, dev)
    return of_two_values(picture.scene, rng, setting, dev) if roll < OF_NOBODY + OF_PARTS + OF_TWO_VALUES else None


def _undo(state: State, rng: random.Random, setting: WorldSetting, dev: bool) -> Said | None:
    assert state.current is not None
    message = choose(rng, chatter.UNDO, dev)
    if state.last is not None and rng.random() < 0.25:
        with contextlib.suppress(WorldError):  # not every change can be undone in those words
            message = random_edit(
                state.current.scene, rng, setting, ["undo"], previous=state.last, held_out=dev
            ).instruction
    older = before(state)
    if older is None and rng.random() < 0.5:
        return None
    if older is None:
        return message, plan_json(act="ask", reply=chatter.NOTHING_BACK_REPLY), nothing
    return return_to(older, message, state)


def _first(state: State, rng: random.Random, setting: WorldSetting, dev: bool) -> Said | None:
    if len(state.pictures) < 2 or state.current is state.pictures[0]:
        return None
    return return_to(state.pictures[0], choose(rng, chatter.FIRST, dev), state)


def _label(state: State, rng: random.Random, setting: WorldSetting, dev: bool) -> Said | None:
    others = [p for p in state.pictures if p is not state.current]
    if others and rng.random() < 0.6:
        picture = rng.choice(others)
        return return_to(picture, choose(rng, chatter.LABEL, dev).format(chatter.spelled(picture.label, rng)), state)
    label = f"v{rng.choice((rng.randint(1, 12), rng.randint(10, 99), rng.randint(10, 99), rng.randint(1, 999)))}"
    if state.find(label):
        return None
    message = choose(rng, chatter.LABEL, dev).format(chatter.spelled(label, rng))
    return message, plan_json(act="return", targets=[label]), nothing


def _words(state: State, rng: random.Random, setting: WorldSetting, dev: bool) -> Said | None:
    have = state.current is not None
    groups = [
        (chatter.THANKS, "reply", chatter.THANKS_REPLY, 4 if have else 1), (chatter.HELLO, "reply", chatter.HELLO_REPLY, 1.5),
        (chatter.BYE, "reply", chatter.BYE_REPLY, 0.7), (chatter.ABLE, "reply", chatter.ABLE_REPLY, 2.5), (chatter.OTHER, "reply", chatter.OTHER_REPLY, 2.5),
        (chatter.GIBBERISH, "ask", chatter.GIBBERISH_REPLY, 0.6), (chatter.VAGUE if have else chatter.WISH_VAGUE, "ask", chatter.VAGUE_REPLY if have else chatter.NO_PICTURE_REPLY, 1.2),
    ]  # fmt: skip
    texts, act, reply, _ = rng.choices(groups, [g[3] for g in groups])[0]
    return choose(rng, texts, dev), plan_json(act=act, reply=reply), nothing


def _early(state: State, rng: random.Random, setting: WorldSetting, dev: bool) -> Said | None:
    """A change or an undo before there is any picture."""
    roll = rng.random()
    if roll < 0.2:
        return (
            choose(rng, chatter.UNDO + chatter.VARY, dev),
            plan_json(act="ask", reply=chatter.NO_PICTURE_REPLY),
            nothing,
        )
    kinds = [
        "mood_up",
        "mood_up_lots",
        "mood_down",
        "bigger",
        "smaller",
        "closer",
        "wider",
        "recolour",
        "time",
        "place",
        "add_worn",
        "pose_jump",
        "style",
        "remove_worn",
    ]
    scene = draw_scene(rng, setting)
    for _ in range(30):
        try:
            edit = random_edit(scene, rng, setting, kinds, held_out=dev)
        except WorldError:
            return None
        text = edit.instruction.lower()
        pronoun = any(f" {p}" in f" {text} " for p in ("it ", "him ", "her ", "his ", "them ", "its ", "he ", "she "))
        graded = edit.kind in ("mood_up", "mood_up_lots", "mood_down", "bigger", "smaller", "closer", "wider")
        if (
            edit.kind != "add_held"
            and not text.startswith("draw")
            and (pronoun or graded)
            and scene.main.kind not in text
        ):
            return edit.instruction, plan_json(act="ask", reply=chatter.NO_PICTURE_REPLY), nothing
    return None


def _refuse(state: State, rng: random.Random, setting: WorldSetting, dev: bool) -> Said | None:
    return chatter.refused(rng, dev), plan_json(act="refuse", reply=chatter.REFUSE_REPLY), nothing


def _foreign(state: State, rng: random.Random, setting: WorldSetting, dev: bool) -> Said | None:
    """A few words of another language."""
    tongue = lx.LANGUAGES[rng.choice(list(lx.LANGUAGES))]
    if state.current is None or rng.random() < 0.35:
        return _foreign_wish(tongue, state, rng, setting)
    scene, main = state.current.scene, state.current.scene.main
    name = name_of(scene, main)
    said = rng.choice(
        (
            "happier",
            "sadder",
            "again",
            "undo",
            "add hat",
            "without hat",
            "colour",
            "thanks",
            "night",
            "bigger",
            "beach",
            "forest",
        )
    )
    if said == "thanks":
        return tongue["thanks"], plan_json(act="reply", reply=chatter.THANKS_REPLY), nothing
    if said == "again":
        current = state.current
        return (
            tongue["again"],
            plan_json(act="vary", targets=[current.label], prompt=current.prompt),
            lambda: state.new(current.scene, current.seed, ()),
        )
    if said == "undo":
        older = before(state)
        return None if older is None else return_to(older, tongue["undo"], state)
    kinds = {
        "happier": "mood_up",
        "sadder": "mood_down",
        "without hat": "remove_worn",
        "night": "time",
        "bigger": "bigger",
        "beach": "place",
        "forest": "place",
        "colour": "recolour",
        "add hat": "add_worn",
    }
    for _ in range(20):
        try:
            edit = random_edit(scene, rng, setting, [kinds[said]])
        except WorldError:
            return None
        if edit.target not in (main.id, None):
            continue
        message = tongue.get(said, "")
        if said == "colour":
            message = tongue.get(edit.slots["colour"], "")
        elif said == "add hat":
            if main.count > 1 or any(i.kind in ("hat", "crown") for i in main.worn):
                return None
            hat = Item("hat", "red")
            after = scene.with_thing(replace(main, worn=tuple(sorted((*main.worn, hat), key=lambda i: i.kind))))
            edit = replace(edit, after=after, change=f"give {name} a red hat", region=f"{name}'s head", slots={})
        elif (
            (said == "night" and edit.after.time != "night")
            or (kinds[said] == "place" and edit.after.place != said)
            or (said == "without hat" and edit.slots.get("items") != "hat")
        ):
            continue
        if not message:
            return None
        form = rng.choice(("{}", "{}", "{}!", "{m} {}", "{m} {}")).replace(
            "{m}", tongue["make it"] if said in ("happier", "sadder", "bigger", "colour", "night") else ""
        )
        picture = state.current
        removed = removed_of(edit) if said == "without hat" else ()
        plan = plan_json(
            act="edit",
            targets=[picture.label],
            change=edit.change,
            region=edit.region,
            removed=list(removed),
            prompt=descriptive(edit.after, picture.seed),
        )

        def made(edit: Edit = edit, picture: Picture = picture) -> None:
            state.new(edit.after, picture.seed, (picture.label,), edit.change, edit)
            state.last = edit

        return form.format(message).strip(), plan, made
    return None


def _foreign_wish(tongue: dict[str, str], state: State, rng: random.Random, setting: WorldSetting) -> Said | None:
    known = [s for s in setting.subjects if s in tongue]
    if rng.random() < 0.1 or not known:
        return tongue["hello"], plan_json(act="reply", reply=chatter.HELLO_REPLY), nothing
    kind = rng.choice(known)
    worn: tuple[Item, ...]
    colour, place, time, weather, mood, worn = (
        default_colour(kind),
        lx.HOME.get(kind, "meadow"),
        "day",
        "clear",
        3 if kind in FACED else None,
        (),
    )
    ends: list[str] = []
    noun = tongue[kind]
    if rng.random() < 0.35:
        said = rng.choice(("red", "blue", "green", "yellow", "black", "white", "pink"))
        colour = said
        noun = (
            f"{tongue[said]}{noun}"
            if tongue["draw"] in ("画", "を描いて")
            else f"{noun} {tongue[said]}"
            if rng.random() < 0.7
            else f"{tongue[said]} {noun}"
        )
    if mood is not None and rng.random() < 0.25:
        mood = rng.choice((1, 3))
        word = tongue["sad" if mood == 1 else "happy"]
        noun = f"{word}{noun}" if tongue["draw"] in ("画", "を描いて") else f"{noun} {word}"
    if mood is not None and rng.random() < 0.2:
        worn = (Item("hat", "red"),)
        ends.append(tongue["with hat"])
    roll = rng.random()
    if roll < 0.3:
        place = rng.choice(("beach", "forest"))
        ends.append(tongue[place])
    elif roll < 0.42:
        time = "night"
        ends.append(tongue["night"])
    elif roll < 0.5 and place not in INDOORS:
        place = "snowfield"
        ends.append(tongue["snow"])
    thing = Thing(1, kind, colour, mood=mood, worn=worn)
    scene = Scene((thing,), place if place in setting.places else setting.places[0], time, weather, setting.styles[0])
    if is_held_out(scene):
        return None
    lead = rng.choice((tongue["draw"], tongue["draw"], tongue["draw2"], tongue["want"], ""))
    article = (
        tongue["a"]
        if tongue["a"] and not noun.startswith(("un ", "une ", "eine ", "ein ")) and lead and rng.random() < 0.8
        else ""
    )
    if tongue["draw"] == "を描いて":
        message = "".join([*ends, noun, lead])
    elif tongue["draw"] == "画":
        message = "".join([lead, *ends, article, noun])
    elif tongue["draw"] == "बनाओ":
        message = " ".join(part for part in (*ends, article, noun, lead) if part)
    else:
        message = " ".join(part for part in (lead, article, noun, *ends) if part)
    seed = rng.choice(CREATE_SEEDS)
    return message, plan_json(act="create", prompt=descriptive(scene, seed)), lambda: state.new(scene, seed)


_ACTS = {
    "create": _create, "edit": _edit, "older": _older, "vary": varied, "undo": _undo, "first": _first, "label": _label,
    "described": back, "steps": steps_back, "looked": looked, "words": _words, "early": _early, "refuse": _refuse,
    "describe": _describe, "extend": extended, "upscale": enlarged, "merge": merged, "foreign": _foreign,
}  # fmt: skip
_SHORTER = (
    ("please", "pls"),
    ("you", "u"),
    ("are", "r"),
    ("thanks", "thx"),
    ("and", "n"),
    ("with", "w/"),
    ("colour", "color"),
    ("grey", "gray"),
    ("picture", "pic"),
    ("really", "rly"),
)


_ARTICLES = re.compile(r"\b(?:the|a|an) (?=[a-z])")
_STRETCHED = re.compile(r"\b(pl(?=ease)|so(?= )|very(?= )|no(?=,)|happ(?=y)|cut(?=e))")


def typed(text: str, rng: random.Random) -> str:
    """Return the text as it comes from a keyboard: capitals, full stops and slips of the fingers."""
    manner = rng.random()
    if manner < 0.025:  # as in a language without articles
        text = _ARTICLES.sub("", text)
    elif manner < 0.035:
        text = text.replace(",", "").replace("?", "")
    elif manner < 0.042:
        text = text.replace(", ", ",")
    elif manner < 0.05:
        text = text.replace("it ", "that ", 1) if text.startswith(("make it", "put it", "have it")) else text
    elif manner < 0.055:
        text = _STRETCHED.sub(lambda found: found[0] + found[0][-1] * 2, text)
    if rng.random() < 0.04:
        long, brief = rng.choice(_SHORTER)
        text = " ".join(brief if word == long else word for word in text.split(" "))
    if rng.random() < 0.07:
        text = typos(text, rng)
        if rng.random() < 0.2:
            text = typos(text, rng)
    roll = rng.random()
    if roll < 0.3:
        text = text[:1].upper() + text[1:]
    elif roll < 0.32:
        text = text.upper()
    elif roll < 0.42:
        text = text.lower()
    if text[-1:].isalnum():
        roll = rng.random()
        text += "." if roll < 0.18 else "!" if roll < 0.24 else "..." if roll < 0.25 else "!!" if roll < 0.26 else ""
    elif text.endswith("?") and rng.random() < 0.4:
        text = text[:-1]
    if rng.random() < 0.05:
        text = text.replace("'", "")
    return text
