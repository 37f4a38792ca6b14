"""What the embedded rewriter reads, what it notes, and what is shown of its answer while it is written."""

from __future__ import annotations

import random

import pytest

from assistant.llm.embedded import EmbeddedChatModel
from assistant.llm.reading import THEN, as_read, as_said, as_written, denies_what_is_there, shown
from assistant.messages import ConversationPath, EditPlan, PathVersion
from assistant.rewriter import ModelRewriter
from assistant.training.conversations import conversation
from assistant.training.notes import notes_of
from captioner.world.scene import Item, Scene, Thing

CONTEXT = "said: Draw a CAT > create v1\nnow v1: A white cat. It is Day.\nsay: MAKE it a Cyberpunk cat in Kyoto!"
PLAN = '{"act":"create","reply":"I can\'t paint a cyberpunk or kyoto style yet, so here is a cat.","prompt":"A cat."}'


def test_messages_are_read_in_small_letters_and_prompts_as_they_are() -> None:
    assert as_read(CONTEXT).splitlines() == [
        "said: draw a cat > create v1",
        "now v1: A white cat. It is Day.",
        "say: make it a cyberpunk cat in kyoto!",
    ]


def test_names_are_learned_in_small_letters_and_nothing_else_is() -> None:
    plan = '{"act":"reply","reply":"I can\'t paint a Fez yet. I know Hats."}'
    assert as_written(plan, "") == '{"act":"reply","reply":"I can\'t paint a fez yet. I know Hats."}'
    plan = '{"reply":"I can\'t paint Kyoto yet, so here is A Cat."}'
    assert as_written(plan, "") == '{"reply":"I can\'t paint kyoto yet, so here is A Cat."}'


def test_notes_are_never_shown() -> None:
    assert shown(" left red cat happy; meadow day flat;", CONTEXT) == ""
    assert shown(f" left red cat;{THEN}" + '{"act":"create"', CONTEXT) == '{"act":"create"'
    assert shown('{"act":"edit"', CONTEXT) == '{"act":"edit"'


def test_what_is_shown_only_ever_grows_and_ends_as_the_plan_with_the_messages_capitals() -> None:
    whole = " left white cat;" + THEN + PLAN
    said = ""
    for end in range(len(whole) + 1):
        now = shown(whole[:end], CONTEXT)
        if len(now) > len(said):
            assert now.startswith(said)
            said = now
    assert said == PLAN.replace("cyberpunk", "Cyberpunk").replace("kyoto", "Kyoto")


def test_a_letter_that_is_not_whole_waits() -> None:
    assert shown('{"reply":"caf\ufffd', "say: x") == ""


def test_a_message_in_capitals_alone_gives_no_capitals() -> None:
    assert as_said("a samurai", "now nothing\nsay: DRAW A SAMURAI") == "a samurai"


def test_a_message_that_itself_says_say_keeps_all_its_capitals() -> None:
    assert as_said("a yeti or kyoto", "now nothing\nsay: a Yeti who may say: hi in Kyoto") == "a Yeti or Kyoto"


def test_notes_hold_every_fact_of_each_thing_apart_and_leave_out_the_usual() -> None:
    bear = Thing(1, "bear", "green", mood=3, side="left", size="small", worn=(Item("hat", "red"),), pose="waving")
    cake = Thing(2, "cake", "pink", side="right")
    scene = Scene(things=(bear, cake), place="forest", time="night", weather="snow", extras=("tree",))
    assert notes_of(scene) == (
        " left small green bear happy waving red hat; right pink cake; forest night snow flat tree;"
    )


@pytest.mark.parametrize("dev", [False, True])
def test_new_pictures_and_nothing_else_are_noted(dev: bool) -> None:
    rng = random.Random(3)
    samples = [sample for _ in range(60) for sample in conversation(rng, dev=dev)]
    assert all(bool(sample.notes) == sample.plan.startswith('{"act":"create"') for sample in samples)
    assert any(sample.notes for sample in samples)


def test_an_answer_that_denies_what_every_whole_description_has_is_told_from_one_that_is_true() -> None:
    no_hat = '{"act":"reply","reply":"There is no hat in this picture to change."}'
    worn, bare = "A happy cat in a red hat is in a room.", "A happy cat is in a room."
    assert denies_what_is_there(no_hat, f"now v2 < v1: {worn}\nsay: remove the hat")
    assert not denies_what_is_there(no_hat, f"now v2: {bare}\nsay: remove the hat")
    assert not denies_what_is_there(no_hat, f"whole v1: {bare}\nnow v2: {worn}\nsay: in v1, no hat")
    assert not denies_what_is_there('{"act":"edit","targets":["v2"]}', f"now v2: {worn}\nsay: no hat")
    no_scarf = no_hat.replace("hat", "scarf")
    assert denies_what_is_there(no_scarf, "now v1: Two cats in blue scarves.\nsay: no scarves")
    no_kitty, no_bear = no_hat.replace("hat", "kitty"), no_hat.replace("hat", "polar bear")
    assert denies_what_is_there(no_kitty, f"now v1: {bare}\nsay: make the kitty bigger")
    assert denies_what_is_there(no_hat.replace("hat", "furball"), f"now v1: {bare}\nsay: make the furball bigger")
    assert not denies_what_is_there(no_hat.replace("hat", "bird"), f"now v1: {bare}\nsay: make the bird bigger")
    assert denies_what_is_there(no_hat.replace("hat", "little fella"), f"now v1: {bare}\nsay: feed the little fella")
    no_giraffe, fox = no_hat.replace("hat", "giraffe"), "A fox is in a forest."
    assert denies_what_is_there(no_giraffe, f"said: Draw a Giraffe! > create v1\nnow v1: {fox}\nsay: move the giraffe")
    assert not denies_what_is_there(no_giraffe, f"said: draw a fox > create v1\nnow v1: {fox}\nsay: move the giraffe")
    assert not denies_what_is_there(no_giraffe, f"said: a giraffe? > reply v1\nnow v1: {fox}\nsay: move the giraffe")
    no_dog = no_hat.replace("hat", "dog")  # which was there, and was removed
    assert not denies_what_is_there(no_dog, f"said: a fox and a dog > create v1\nnow v2: {fox}\nsay: move the dog")
    assert not denies_what_is_there(no_bear, f"now v1: {bare}\nsay: make the polar bear bigger")


def test_what_is_there_can_be_taken_off() -> None:
    path = ConversationPath(
        "remove the hat", (), (PathVersion("v1", (), "A merry white bunny in a red hat is in a meadow.", ""),), "v1"
    )
    said: list[str] = []
    plan = ModelRewriter(EmbeddedChatModel()).plan(path, said.append)
    assert (
        isinstance(plan, EditPlan)
        and "hat" not in plan.prompt.split()
        and len(said) == 1
        and said[0].startswith("Editing v1")
    )
