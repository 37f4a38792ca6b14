"""What was painted is looked at: checklists against the world's own truth, and what a turn does with them."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.checking import Tries
from assistant.direct import exactly
from assistant.export import export, read_export, replay
from assistant.messages import EditPlan, TurnOptions, TurnStatus
from assistant.rewriter import FakeRewriter
from captioner.checking import CaptionChecker, checklist, demands
from captioner.errors import WeightsError
from captioner.reading import read_caption, said_by_scene
from captioner.request import Check, Decoding, FakeCaptioner, FakeChecker, Picture, missing
from captioner.world.captions import descriptive
from captioner.world.edits import random_edit
from captioner.world.sample import held_out_scene, random_scene
from captioner.world.scene import FULL, Item, Scene, Thing
from generation.errors import PaintingError
from generation.request import FakePainter, RenderEvent
from tests.conversing import said, talking
from tests.test_recaption import encoded, noise

TOLD = ("recolour", "set_mood", "place", "add_extra", "add_worn")
BUNNY = Thing(1, "bunny", "white", mood=3, side="left", worn=(Item("hat", "red"),))
SCENE = Scene((BUNNY,), "meadow", "night", "rain", extras=("tree",))


def against(prompt: str, scene: Scene, removed: Sequence[str] = ()) -> list[str]:
    """Return what of a prompt is missing in a scene that is seen without fault."""
    return missing(checklist(*demands(prompt, removed), said_by_scene(scene)))


@pytest.mark.parametrize("full", [False, True])
def test_in_a_picture_of_the_prompts_own_scene_nothing_is_missing(full: bool) -> None:
    for seed in range(100):
        scene = random_scene(seed, FULL) if full else held_out_scene(seed)
        checks = checklist(*demands(descriptive(scene, seed)), said_by_scene(scene))
        assert all(check.found for check in checks) and len(checks) >= 5


def test_every_edit_that_can_be_told_is_missing_from_the_picture_before_it() -> None:
    for seed in range(100):
        before = held_out_scene(seed)
        edit = random_edit(before, random.Random(seed), kinds=TOLD)
        prompt = descriptive(edit.after, seed)
        assert against(prompt, before) and not against(prompt, edit.after)


@pytest.mark.parametrize(
    ("changed", "gone"),
    [
        (dataclasses.replace(BUNNY, colour="pink"), ["white bunny"]),
        (dataclasses.replace(BUNNY, mood=1), ["happy bunny"]),
        (dataclasses.replace(BUNNY, side="right"), ["bunny on the left"]),
        (dataclasses.replace(BUNNY, worn=()), ["red hat of the bunny"]),
        (dataclasses.replace(BUNNY, worn=(Item("hat", "blue"),)), ["red hat of the bunny"]),
        (dataclasses.replace(BUNNY, count=2), ["one bunny"]),
        (dataclasses.replace(BUNNY, kind="cat"), ["bunny"]),
    ],
)
def test_what_is_missing_is_named_and_nothing_else(changed: Thing, gone: list[str]) -> None:
    assert against(descriptive(SCENE, 3), dataclasses.replace(SCENE, things=(changed,))) == gone


def test_of_two_alike_each_is_held_against_its_own() -> None:
    two = dataclasses.replace(SCENE, things=(BUNNY, Thing(2, "bunny", "black", mood=1, side="right")))
    swapped = dataclasses.replace(SCENE, things=(BUNNY, Thing(2, "bunny", "black", mood=4, side="right")))
    assert against(descriptive(two, 1), swapped) == ["sad bunny"]


def test_what_one_thing_was_to_have_is_too_much_on_another() -> None:
    hat, scarf = Item("hat", "green"), Item("scarf", "red")
    cat, dog = Thing(1, "cat", "red", mood=3, side="left"), Thing(2, "dog", "blue", mood=3, side="right", worn=(hat,))
    asked = dataclasses.replace(SCENE, things=(cat, dog))
    prompt = descriptive(asked, 1)
    both = dataclasses.replace(asked, things=(dataclasses.replace(cat, worn=(hat,)), dog))
    swapped = dataclasses.replace(
        asked, things=(dataclasses.replace(cat, worn=(hat,)), dataclasses.replace(dog, worn=()))
    )
    unasked = dataclasses.replace(asked, things=(dataclasses.replace(cat, worn=(scarf,)), dog))
    assert against(prompt, asked) == against(prompt, unasked) == []
    assert against(prompt, both) == ["no green hat of the cat"]
    assert against(prompt, swapped) == ["no green hat of the cat", "green hat of the dog"]
    each = dataclasses.replace(asked, things=(dataclasses.replace(cat, worn=(Item("hat", "red"),)), dog))
    assert against(descriptive(each, 1), each) == []


@pytest.mark.parametrize(
    ("prompt", "removed", "gone"),
    [
        ("a white bunny without a hat", (), ["no hat"]),
        ("a white bunny, no tree and no rainbow", (), ["no tree"]),
        ("a white bunny in a red hat", ("tree",), ["no tree"]),
        ("a white bunny, not in the hat but with a red scarf, with a red hat", (), []),
        ("a bunny in the rain at night. The bunny is white. The bunny is happy", (), []),
        ("a white bunny and a pink bunny", (), ["bunny"]),
        ("a surfing aardvark", (), []),
    ],
)
def test_a_persons_own_words_are_read_with_what_they_do_not_want(
    prompt: str, removed: tuple[str, ...], gone: list[str]
) -> None:
    found = against(prompt, SCENE, removed)
    assert [name.replace("pink bunny", "bunny") for name in found] == gone


class Describer(FakeCaptioner):
    """Says of every picture what it is told to."""

    def __init__(self, caption: str):
        super().__init__()
        self.says = caption

    def caption(self, pictures: Sequence[Picture], kind, decoding: Decoding = Decoding(), seed: int = 0) -> list[str]:
        super().caption(pictures, kind, decoding, seed)
        return [self.says] * len(pictures)


def test_the_captioner_is_asked_what_it_sees_and_not_whether_it_is_so() -> None:
    captioner = Describer("A black cat in a forest.")
    pictures = [encoded(noise(seed)) for seed in range(2)]
    first, second = CaptionChecker(captioner).check(pictures, "A black dog in a forest.")
    assert first == second == (Check("dog", False), Check("black dog", False, "dog"), Check("forest", True))
    assert len(captioner.captioned) == 2 and captioner.captioned[0][1] == "descriptive"
    assert read_caption(captioner.says).things[0].kind == "cat"


def test_of_a_prompt_that_names_nothing_known_no_picture_is_looked_at() -> None:
    captioner = Describer("A black cat in a forest.")
    assert CaptionChecker(captioner).check([encoded(noise(1))], "sonata in blue-ish minor") == [()]
    assert captioner.captioned == []


# Turns


def seeds_from(first: int):
    numbers = iter(range(first, first + 100))
    return lambda: next(numbers)


def lacking(*words: str) -> FakeChecker:
    """Return a checker that misses these words in the first picture, the second …; in all later ones the last."""
    looked: list[bytes] = []

    def sees(image: bytes, word: str) -> bool:
        if image not in looked:
            looked.append(image)
        return word not in words[min(looked.index(image), len(words) - 1)].split()

    return FakeChecker(sees)


def test_a_picture_in_which_nothing_is_missing_is_painted_once(tmp_path: Path):
    checker, painter = lacking(""), FakePainter(2)
    with talking(tmp_path, painter, checker=checker) as turns:
        result = said(turns, turns.new_conversation().id, "bunny with hat")
        assert result.checks == (Check("bunny", True), Check("with", True), Check("hat", True))
    assert len(painter.painted) == 1 and checker.checked == [1]


def test_where_something_is_missing_it_is_painted_again_and_the_recipe_names_the_seed_that_was_kept(tmp_path: Path):
    checker, painter = lacking("with hat", "hat", ""), FakePainter(2)
    with talking(tmp_path, painter, checker=checker, seeds=seeds_from(10)) as turns:
        conversation = turns.new_conversation()
        result = said(turns, conversation.id, "bunny with hat")
        assert [request.seed for request in painter.painted] == [10, 11, 12]
        assert result.seed == 12 and missing(result.checks) == [] and result.versions == ("v1",)
        checked = [event.data for event in turns.events(result.turn) if event.kind == "checked"]
        assert checked == [{"try": 1, "missing": ["with", "hat"]}, {"try": 2, "missing": ["hat"]}]
        (version,) = turns.versions(conversation.id)
        assert version.recipe.seed == 12 and version.checks == result.checks
        plain = lambda version, versions: turns.blobs.read(version.image)  # noqa: E731
        out = export(conversation, turns.history(conversation.id), (version,), turns.blobs.read, plain)
    again = read_export(out.files.get)
    assert again.versions[0].checks == result.checks
    assert [replayed.identical for replayed in replay(again, lambda recipe: FakePainter(2))] == [True]


@pytest.mark.parametrize(("stopped_at", "kept"), [(1, 10), (2, 11)])
def test_stop_while_a_better_try_is_painted_keeps_the_best_so_far(tmp_path: Path, stopped_at: int, kept: int):
    def stop(step: int) -> None:
        if len(painter.painted) == stopped_at and step == 1:
            turns.cancel(turn)

    painter = FakePainter(2, before_step=stop)
    checker = lacking("bunny hat", "hat", "")
    with talking(tmp_path, painter, checker=checker, seeds=seeds_from(10)) as turns:
        talk = turns.new_conversation().id
        turn = turns.submit(talk, "bunny with hat")
        turns.run_pending()
        result = turns.result(turn)
        assert (result.status, result.seed, result.versions) == (TurnStatus.DONE, kept, ("v1",))
        assert len(painter.painted) == stopped_at
        assert [event.kind for event in turns.events(turn)][-1] == "done"


def test_the_earliest_of_equally_good_tries_is_kept_and_tries_end(tmp_path: Path):
    painter = FakePainter(2)
    with talking(tmp_path, painter, checker=lacking("hat", "bunny", "with"), seeds=seeds_from(10)) as turns:
        result = said(turns, turns.new_conversation().id, "bunny with hat", options=TurnOptions(tries=3))
    assert len(painter.painted) == 3 and result.seed == 10 and missing(result.checks) == ["hat"]


def test_what_two_seeds_miss_alike_is_not_tried_with_a_third(tmp_path: Path):
    painter = FakePainter(2)
    with talking(tmp_path, painter, checker=lacking("hat"), seeds=seeds_from(10)) as turns:
        result = said(turns, turns.new_conversation().id, "bunny with hat")
    assert len(painter.painted) == 2 and result.seed == 10 and missing(result.checks) == ["hat"]


@pytest.mark.parametrize(
    ("options", "painted", "looked"),
    [
        (TurnOptions(seed=5), 1, [1]),
        (TurnOptions(count=3), 3, [3]),
        (TurnOptions(tries=1), 1, [1]),
        (TurnOptions(tries=0), 1, []),
    ],
)
def test_who_asks_for_a_seed_or_for_several_or_for_no_tries_gets_that(
    tmp_path: Path, options: TurnOptions, painted: int, looked: list[int]
):
    checker, painter = lacking("hat"), FakePainter(2)
    with talking(tmp_path, painter, checker=checker) as turns:
        result = said(turns, turns.new_conversation().id, "bunny with hat", options=options)
    assert len(painter.painted) == painted and checker.checked == looked
    assert (result.checks is None) == (not looked) and len(result.versions) == painted


def test_no_try_begins_that_would_not_end_within_the_time_given(tmp_path: Path):
    painter = FakePainter(2)
    with talking(tmp_path, painter, checker=lacking("hat"), tries=Tries(8, 0.0)) as turns:
        result = said(turns, turns.new_conversation().id, "bunny with hat")
    assert len(painter.painted) == 1 and missing(result.checks) == ["hat"]


def test_what_was_missing_before_an_edit_is_no_reason_to_paint_it_again(tmp_path: Path):
    painter = FakePainter(2)
    with talking(tmp_path, painter, checker=lacking("hat")) as turns:
        talk = turns.new_conversation().id
        said(turns, talk, "bunny with hat", options=TurnOptions(tries=1))
        result = said(turns, talk, "edit redder")
    assert missing(result.checks) == ["hat"] and len(painter.painted) == 2


def test_an_edit_of_which_nobody_knows_the_whole_picture_is_not_looked_at(tmp_path: Path):
    checker = lacking("hat")
    blind = FakeRewriter(lambda path: EditPlan(prompt=path.message, change=path.message))
    with talking(tmp_path, FakePainter(2), blind, checker=checker) as turns:
        talk = turns.new_conversation().id
        said(turns, talk, "bunny", plan=exactly("bunny"))
        result = said(turns, talk, "swap the hat")
    assert result.versions and result.checks is None


class BlindChecker:
    def check(self, images, prompt, removed=()):
        raise WeightsError("the captioner's weights are damaged; train them again.")


def test_a_checker_that_fails_leaves_the_picture_as_it_is(tmp_path: Path):
    with talking(tmp_path, checker=BlindChecker()) as turns:
        result = said(turns, turns.new_conversation().id, "bunny")
    assert result.status is TurnStatus.DONE and result.versions == ("v1",) and result.checks is None


class TiredPainter(FakePainter):
    """Paints one picture and then no more."""

    def paint(self, *args, **more) -> list[RenderEvent]:
        if self.painted:
            raise PaintingError("the painter is tired; let it rest.")
        return list(super().paint(*args, **more))


def test_a_try_that_cannot_be_painted_leaves_the_one_before(tmp_path: Path):
    with talking(tmp_path, TiredPainter(2), checker=lacking("hat")) as turns:
        result = said(turns, turns.new_conversation().id, "bunny with hat")
    assert result.status is TurnStatus.DONE and missing(result.checks) == ["hat"]


def test_more_tries_than_there_can_be_are_refused_in_one_sentence(tmp_path: Path):
    with talking(tmp_path, checker=lacking("hat")) as turns:
        result = said(turns, turns.new_conversation().id, "bunny", options=TurnOptions(tries=9))
    assert result.error == "A picture is tried 0 to 8 times and 9 was asked; ask for fewer."


# What was painted before


def test_a_request_that_is_equal_in_everything_is_answered_from_the_store(tmp_path: Path):
    painter = FakePainter(2)
    options = TurnOptions(seed=5, count=2)
    with talking(tmp_path, painter) as turns:
        first = said(turns, turns.new_conversation().id, "bunny", options=options)
        talk = turns.new_conversation().id
        second = said(turns, talk, "bunny", options=options)
        assert len(painter.painted) == 2 and second.versions == first.versions == ("v1", "v2")
        assert (second.image, second.seed) == (first.image, 5) and second.status is TurnStatus.DONE
        before, after = (turns.versions(result.conversation) for result in (first, second))
        assert [(v.image, v.latent, v.recipe) for v in before] == [(v.image, v.latent, v.recipe) for v in after]
        edit = said(turns, talk, "edit redder")
        said(turns, talk, "back to v1")
        assert said(turns, talk, "edit redder").image == edit.image and len(painter.painted) == 3


@pytest.mark.parametrize(
    ("message", "options"),
    [
        ("bunnies", TurnOptions(seed=5)),
        ("bunny", TurnOptions(seed=6)),
        ("bunny", TurnOptions(seed=5, steps=3)),
        ("bunny", TurnOptions(seed=5, size=(128, 64))),
        ("bunny", TurnOptions(seed=5, guidance=2.0)),
        ("bunny", TurnOptions(seed=5, count=2)),
    ],
)
def test_a_request_that_differs_in_anything_is_painted(tmp_path: Path, message: str, options: TurnOptions):
    painter = FakePainter(2)
    with talking(tmp_path, painter) as turns:
        talk = turns.new_conversation().id
        said(turns, talk, "bunny", options=TurnOptions(seed=5))
        said(turns, talk, message, options=options)
    assert len(painter.painted) > 1


class RetrainedPainter(FakePainter):
    def capabilities(self):
        return dataclasses.replace(super().capabilities(), weights="others")


def test_other_weights_another_person_and_a_lost_file_are_painted_for(tmp_path: Path):
    options = TurnOptions(seed=5)
    with talking(tmp_path, FakePainter(2)) as turns:
        first = said(turns, turns.new_conversation().id, "bunny", options=options)
    retrained = RetrainedPainter(2)
    with talking(tmp_path, retrained) as turns:
        said(turns, turns.new_conversation().id, "bunny", options=options)
        assert len(retrained.painted) == 1
    painter = FakePainter(2)
    with talking(tmp_path, painter) as turns:
        other = turns.new_conversation("ann").id
        turns.submit(other, "bunny", options=options, owner="ann")
        turns.run_pending()
        assert len(painter.painted) == 1
        turns.blobs.path(first.image).unlink()
        again = said(turns, turns.new_conversation().id, "bunny", options=options)
        assert len(painter.painted) == 2 and turns.picture(again.image)


def test_another_way_of_an_edit_has_another_seed_and_may_be_tried_again(tmp_path: Path):
    painter = FakePainter(2)
    with talking(tmp_path, painter, checker=lacking("", "", "hat"), seeds=seeds_from(10)) as turns:
        talk = turns.new_conversation().id
        said(turns, talk, "bunny")
        assert said(turns, talk, "edit redder").seed == 10
        plan = EditPlan(targets=("v1",), prompt="bunny, hat", change="a hat")
        said(turns, talk, "", plan=plan, options=TurnOptions(another=True, tries=2))
    assert [request.seed for request in painter.painted] == [10, 10, 11, 12]
