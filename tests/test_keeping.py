"""What a change is not about stays in a description, word for word and fact by fact; the world's truth decides."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

import pytest

from assistant.llm.chat import ChatMessage
from assistant.llm.doubting import missing_in, stranger_in
from assistant.llm.embedded import EmbeddedChatModel
from assistant.llm.faults import NOT_DONE, faults
from assistant.llm.keeping import before_prompt, best_told, kept_sentences
from assistant.llm.patching import descriptions
from assistant.messages import ConversationPath, PathVersion
from assistant.rewriter import render_path
from assistant.training.asks import random_ask
from assistant.training.contradictory import of_two_values
from captioner.errors import WorldError
from captioner.world.captions import descriptive
from captioner.world.edits import EDITS, FOLLOWING, Edit, random_edit
from captioner.world.sample import held_out_scene, random_scene
from captioner.world.scene import CORE
from captioner.world.words import plural

BEFORE = (
    "A red cat is standing on the left, looking happy. A blue dog in a red scarf is standing on the right, looking "
    "happy. The cat is left of the dog. The place is a beach with yellow sand. It is night."
)
MANY = NOT_DONE + 2
OF_ONE = ("recolour", "set_mood", "mood_up", "add_worn", "remove_worn", "add_held", "replace_subject")


def edits(count: int, kinds: tuple[str, ...], first: int = 7_000, things: int = 0) -> Iterator[tuple[int, Edit]]:
    """Yield edits of held-out scenes, each with the seed of its wording; `things` asks for scenes of so many kinds."""
    for seed in range(first, first + 20 * count):
        scene = held_out_scene(seed)
        if things and len({thing.kind for thing in scene.things}) != things:
            continue
        try:
            edit = random_edit(scene, random.Random(seed), CORE, kinds)
        except WorldError:
            continue
        yield seed, edit
        count -= 1
        if not count:
            return


def test_sentences_that_are_kept_are_those_that_a_true_change_leaves() -> None:
    kept = 0
    for seed, edit in edits(400, tuple(kind for kind in EDITS if kind not in FOLLOWING), things=2):
        before, after = (descriptive(scene, seed).split(". ") for scene in (edit.before, edit.after))
        found = kept_sentences(". ".join(before), edit.change)
        if found is None:
            continue
        kept += 1
        assert len(after) == len(found) == len(before)
        for sentence, (_, stays), told in zip(before, found, after, strict=True):
            assert not stays or sentence == told
    assert kept > 150


def test_a_true_change_has_no_fault_and_an_unchanged_description_is_not_done() -> None:
    understood = 0
    for seed, edit in edits(400, tuple(kind for kind in EDITS if kind not in FOLLOWING)):
        before, after = descriptive(edit.before, seed), descriptive(edit.after, seed)
        assert faults(before, after, edit.change) == 0, (edit.change, before, after)
        understood += faults(before, before, edit.change) >= NOT_DONE
    assert understood > 200


@pytest.mark.parametrize(
    ("change", "old", "new", "wrong"),
    [
        ("give the dog a green hat", "in a red scarf", "in a green hat and a red scarf", 0),
        ("give the dog a green hat", "in a red scarf", "in a green hat", 2),  # the scarf, and that it was red
        ("give the dog a green hat", "red cat is", "red cat in a green hat is", NOT_DONE + 2),
        ("make the dog yellow", "blue dog", "yellow dog", 0),
        ("make the dog yellow", "red cat", "yellow cat", NOT_DONE + 2),  # red is gone and yellow come
        ("make the dog sad", "right, looking happy", "right, looking sad", 0),
        ("make the dog sad", "right, looking happy", "right", NOT_DONE),
        ("take the red scarf off the dog", " in a red scarf", "", 0),
        ("take the red scarf off the dog", "It is night", "It is day", NOT_DONE + 2),
        ("give the cat a red hat", "red cat is", "red cat in a red hat and a red hat is", NOT_DONE),
        ("surprise me", "yellow sand", "yellow sand with yellow sand with yellow sand with yellow sand", NOT_DONE),
        ("make it daytime and give the cat a hat", "red cat", "red cat", 2 * NOT_DONE),
        ("make it brighter and give the cat a hat", "red cat", "red cat", 0),  # words that are not understood
    ],
)
def test_what_is_lost_and_what_is_not_done_is_counted(change: str, old: str, new: str, wrong: int) -> None:
    assert old in BEFORE
    assert faults(BEFORE, BEFORE.replace(old, new), change) == wrong


@pytest.mark.parametrize(
    "change", ["add a tree", "remove the dog", "move the cat to the right", "make it three cats", "surprise me"]
)
def test_changes_that_may_touch_any_sentence_keep_none(change: str) -> None:
    assert kept_sentences(BEFORE, change) is None


def plan(prompt: str, change: str = "make the dog yellow") -> str:
    return json.dumps(
        {"act": "edit", "targets": ["v2"], "change": change, "region": "the dog", "prompt": prompt},
        separators=(",", ":"),
    )


def context() -> str:
    versions = (PathVersion("v1", (), "A bunny.", ""), PathVersion("v2", ("v1",), BEFORE, "x"))
    return render_path(ConversationPath("make the dog yellow", (), versions, "v2"))


def test_of_several_descriptions_the_one_with_the_fewest_faults_is_taken_and_no_more_are_written() -> None:
    right = BEFORE.replace("blue dog", "yellow dog")
    written = [plan(right.replace("red scarf", "pink scarf")), plan(right), plan("never")]
    begun: list[tuple[str, int]] = []

    def again(head: str, number: int) -> str:
        begun.append((head, number))
        return written[len(begun) - 1]

    assert best_told(plan(BEFORE), context(), again) == plan(right)
    assert begun == [(before_prompt(plan(right)), 1), (before_prompt(plan(right)), 2)]
    assert begun[0][0].endswith('"prompt":"')


@pytest.mark.parametrize(
    "text",
    [
        plan(BEFORE.replace("blue dog", "yellow dog")),
        '{"act":"reply","reply":"Hello."}',
        plan(BEFORE, "surprise me"),
        "{",
    ],
)
def test_a_plan_without_faults_or_without_a_description_to_hold_it_against_stays(text: str) -> None:
    def never(head: str, number: int) -> str:
        raise AssertionError

    assert best_told(text, context(), never) == text


def test_versions_that_are_shown_whole_are_found_the_current_one_last() -> None:
    assert descriptions("v1: a bunny\nwhole v3: A cat.\nnow v4 < v3: A dog.\nsay: now v9: x") == {
        "v3": "A cat.", "v4": "A dog.",
    }  # fmt: skip


def test_the_embedded_rewriter_leaves_what_it_says_of_the_other_thing() -> None:
    model, kept = EmbeddedChatModel(), 0
    for seed, edit in edits(8, OF_ONE, first=9_000, things=2):
        before = descriptive(edit.before, seed)
        path = ConversationPath(edit.instruction, (), (PathVersion("v1", (), before, ""),), "v1")
        told = json.loads("".join(model.stream([ChatMessage("user", render_path(path))])))
        sentences = kept_sentences(before, told.get("change", "")) if told["act"] == "edit" else None
        if sentences is not None:
            kept += 1
            assert all(sentence in told["prompt"] for sentence, stays in sentences if stays)
            assert len(told["prompt"].split(". ")) == len(sentences)
    assert kept >= 5


def test_an_edit_of_one_whom_the_picture_does_not_show_is_found_and_no_true_edit_is_taken_for_one() -> None:
    everything = tuple(kind for kind in EDITS if kind not in FOLLOWING)
    for seed, edit in edits(500, everything, first=11_000):
        text = f'{{"act":"edit","targets":["v1"],"change":"{edit.change}"'
        assert not stranger_in(text, f"now v1: {descriptive(edit.before, seed)}\nsay: {edit.instruction}"), edit.change
    found = 0
    for seed, edit in edits(200, OF_ONE, first=13_000):
        there = {thing.kind for thing in edit.before.things}
        strangers = (held_out_scene(at) for at in range(99))
        other = next(scene for scene in strangers if not there & {thing.kind for thing in scene.things})
        text = f'{{"act":"edit","targets":["v1"],"change":"{edit.change}"'
        named = any(f" {name}" in edit.change for kind in there for name in (kind, plural(kind)))
        found_in = stranger_in(text, f"now v1: {descriptive(other, seed)}\nsay: change it")
        assert (found_in in there) if named else not found_in, edit.change
        found += named
    assert found > 150


def test_nothing_is_said_of_an_edit_before_its_change_is_written() -> None:
    begun = '{"act":"edit","targets":["v1"],"change":"make the owl'
    assert before_prompt(begun) == "" and not stranger_in(begun, f"now v1: {BEFORE}\nsay: x")
    assert stranger_in(f'{begun} happier"', f"now v1: {BEFORE}\nsay: x") == "owl"
    assert not stranger_in(f'{begun} happier"', "now v2: A cake is in a room.\nsay: x")
    assert before_prompt(f'{begun} happier"') == f'{begun} happier"'


def test_an_edit_of_another_than_the_one_whom_the_message_names_is_found() -> None:
    text = '{"act":"edit","targets":["v1"],"change":"give the cat a red hat"'
    named = {"Give the giraffe a hat": "giraffe", "put a hat on the old elephant": "elephant", "the lion's hat": "lion"}
    others = ("give the cat the giraffe's hat", "give it a hat", "give the kitty a hat", "a hat, like a giraffe")
    for message, whom in {**named, **dict.fromkeys(others, "")}.items():
        assert stranger_in(text, f"now v1: {BEFORE}\nsay: {message}") == whom, message
    asked = f"said: draw a giraffe > create v1\nnow v1: {BEFORE}\nsay: give the giraffe a hat"
    assert not stranger_in(text, asked)


def test_a_plan_that_goes_on_from_others_than_the_picture_that_is_spoken_of_is_found() -> None:
    context = f"v1: {BEFORE}\nsaid: darker > edit v12\nnow v12 < v1: {BEFORE}\nsay: "
    for message, label in (
        ("Combine v1 and v99", "v99"), ("v42 but at night", "v42"), ("the cat of v1 and the place of v 50", "v50"),
        ("combine v1 and v12", ""), ("give it a v99 engine", ""), ("in v2 make it night", ""),
    ):  # fmt: skip
        assert missing_in('{"act":"merge"', context + message) == label, message
        assert missing_in('{"act":"edit","targets":["v12"]', context + message) == label, message
        assert not missing_in('{"act":"return","targets":["v99"]}', context + message)
        assert not missing_in('{"act":"create"', context + message)


@pytest.mark.parametrize(
    ("change", "stays"),
    [
        ("make the cat grey and change the style to flat cartoon", ["A blue dog"]),
        ("replace the cat with a fox and make it daytime", ["A blue dog"]),
        ("make the dog sad and show it from closer", ["A red cat"]),
        ("make the dog sad and change the place to a forest", ["A red cat"]),
    ],
)
def test_of_a_change_of_a_thing_and_of_the_scenery_what_is_said_of_the_other_thing_stays(
    change: str, stays: list[str]
) -> None:
    kept = [sentence for sentence, stay in kept_sentences(BEFORE, change) or () if stay]
    assert [" ".join(sentence.split()[:3]) for sentence in kept] == stays


def test_true_changes_of_several_have_no_fault_and_leave_what_is_kept() -> None:
    rng, understood, kept = random.Random(2), 0, 0
    for seed in range(600):
        ask = of_two_values(random_scene(seed), rng, CORE) if seed % 2 else random_ask(random_scene(seed), rng, CORE)
        if ask is None or ask.edit is None or ask.edit.kind != "several":
            continue
        before, after = (descriptive(scene, seed) for scene in (ask.edit.before, ask.edit.after))
        assert faults(before, after, ask.edit.change) == 0, (ask.edit.change, before, after)
        understood += faults(before, before, ask.edit.change) >= NOT_DONE
        sentences = kept_sentences(before, ask.edit.change) or ()
        kept += bool(sentences)
        assert all(sentence in after for sentence, stays in sentences if stays), (ask.edit.change, before, after)
    assert understood > 80 and kept > 5, (understood, kept)


@pytest.mark.parametrize(
    ("change", "old", "new", "wrong"),
    [
        ("make the dog bigger and make the cat smaller", "A red cat", "A small red cat", NOT_DONE),
        ("make the dog bigger and make the cat smaller", "A red cat", "A big red cat", 2 * NOT_DONE),
        ("make the dog happier", "right, looking happy", "right, looking sad", NOT_DONE),
        ("make the dog happier", "right, looking happy", "right, looking overjoyed", 0),
        ("make the dog bigger and make the cat smaller", "A blue dog", "A huge blue dog", NOT_DONE),
        (
            "make the cat green and give the dog glasses",
            "in a red scarf",
            "in a red scarf and red glasses",
            NOT_DONE + 2,
        ),
        ("make it night and make the dog sad", "left, looking happy", "left, looking sad", MANY),
        ("change the place to a forest", "beach with yellow sand", "forest with tall trees", 0),
        ("change the place to a forest", "A red cat is", "A red cat is jumping and", NOT_DONE + 1),
        ("add rain", "It is night", "It is night and rain is falling", 0),
        ("add rain", "It is night", "It is day", MANY),
    ],
)
def test_each_clause_of_a_change_is_counted_by_itself(change: str, old: str, new: str, wrong: int) -> None:
    assert old in BEFORE
    if change.startswith("make the cat green"):
        assert faults(BEFORE, BEFORE.replace(old, new).replace("red cat", "green cat"), change) == 0
        assert faults(BEFORE, BEFORE.replace(old, new).replace("blue dog", "green dog"), change) == wrong
    else:
        assert faults(BEFORE, BEFORE.replace(old, new), change) == wrong


def test_a_style_or_a_time_of_day_that_did_not_come_is_counted() -> None:
    for change, old, new in (
        ("make it daytime", "It is night", "It is day"),
        ("change the style to watercolour", "It is night", "This is a watercolour painting. It is night"),
    ):
        assert faults(BEFORE, BEFORE, change) >= NOT_DONE
        assert faults(BEFORE, BEFORE.replace(old, new), change) == 0
