"""A patch says what changed between two descriptions and gives the second back; decoding holds to what is there."""

from __future__ import annotations

import json
import random

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from assistant.llm.keeping import HoldsPatch
from assistant.llm.patching import NOW, WAS, as_patch, as_prompt, patched_in, sentences_of
from assistant.training.samples import random_samples
from assistant.training.simulated import Sample, plan_json
from assistant.training.tokenizer import END, train_tokenizer
from captioner.world.scene import CORE

CAT, DOG, PLACE = "A red cat is on the left.", "A blue dog is on the right.", "It is a beach."
CONTEXT = f"v1: x\nwhole v2: {PLACE} {CAT}\nnow v3 < v2: {CAT} {DOG} {PLACE}\nsay: hello"
SENTENCE = st.text('ab “”"\\é', min_size=1, max_size=6).map(str.strip).filter(bool).map(lambda text: f"{text}.")


@pytest.fixture(scope="module")
def samples() -> list[Sample]:
    return random_samples(12, 300, CORE)


@pytest.fixture(scope="module")
def tokenizer(samples: list[Sample]) -> Tokenizer:
    return train_tokenizer([sample.context + sample.plan for sample in samples])


def plan(prompt: str, *targets: str) -> str:
    return plan_json(act="edit", targets=list(targets or ("v3",)), change="x", prompt=prompt)


@pytest.mark.parametrize(
    ("prompt", "patch"),
    [
        (f"{CAT} A green dog is on the right. {PLACE}", f"{WAS}{DOG}{NOW}A green dog is on the right."),
        (f"{CAT} {PLACE}", f"{WAS}{DOG}{NOW}"),
        (f"{CAT} {DOG} A tree stands there. {PLACE}", f"{WAS}{DOG}{NOW}{DOG} A tree stands there."),
        (f"It is night. {CAT} {DOG} {PLACE}", f"{WAS}{CAT}{NOW}It is night. {CAT}"),
        (f"A cat. {DOG} A wood.", f"{WAS}{CAT}{NOW}A cat.{WAS}{PLACE}{NOW}A wood."),
        ("A cat and a dog.", f"{WAS}{CAT}{NOW}A cat and a dog.{WAS}{DOG}{NOW}{WAS}{PLACE}{NOW}"),
        (f"{CAT} {DOG} {PLACE}", WAS),
    ],
)
def test_a_patch_says_the_sentences_that_change_and_no_others(prompt: str, patch: str) -> None:
    whole = plan(prompt)
    assert as_patch(whole, CONTEXT) == plan(patch)
    assert as_prompt(plan(patch), CONTEXT) == whole


def test_two_versions_become_one_by_a_patch_of_the_first() -> None:
    whole = plan(f"{PLACE} {CAT} {DOG}", "v2", "v3")
    assert as_patch(whole, CONTEXT) == plan(f"{WAS}{CAT}{NOW}{CAT} {DOG}", "v2", "v3")


@given(st.lists(SENTENCE, min_size=1, max_size=5), st.lists(SENTENCE, min_size=1, max_size=5))
def test_whatever_a_patch_stands_for_comes_back(before: list[str], after: list[str]) -> None:
    context, whole = f"now v3: {' '.join(before)}\nsay: x", plan(" ".join(after))
    patched = as_patch(whole, context)
    assert as_prompt(patched, context) == whole
    assert patched == whole or json.loads(patched)["prompt"].startswith(WAS)


def test_plans_of_the_training_data_come_back_and_get_shorter(samples: list[Sample]) -> None:
    lengths = []
    for sample in samples:
        written = as_patch(sample.plan, sample.context)
        assert as_prompt(written, sample.context) == sample.plan
        if sample.kind in ("edit", "older") and '"prompt"' in sample.plan and '"targets"' in sample.plan:
            assert WAS in written
            lengths.append(len(written) / len(sample.plan))
    assert len(lengths) > 50 and sum(lengths) / len(lengths) < 0.85


@pytest.mark.parametrize("target", ["v1", "v9"])
def test_a_description_that_is_not_shown_whole_is_written_in_full(target: str) -> None:
    assert patched_in(plan(CAT, target), CONTEXT) is None
    assert as_patch(plan(CAT, target), CONTEXT) == plan(CAT, target)


@pytest.mark.parametrize("text", [plan(""), "{", '{"act":"reply","reply":"no"}', plan_json(act="create", prompt=CAT)])
def test_other_plans_are_written_as_they_are(text: str) -> None:
    assert as_patch(text, "now nothing\nsay: x") == as_prompt(text, "now nothing\nsay: x") == text


def test_a_patch_that_is_being_written_shows_the_plan_up_to_its_prompt() -> None:
    whole = plan(f"{WAS}{DOG}{NOW}A green dog.")
    head = whole[: whole.index(WAS)]
    for end in range(len(head) + len(WAS), len(whole)):
        assert as_prompt(whole[:end], CONTEXT) == head


def test_sentences_that_are_not_there_change_nothing() -> None:
    assert as_prompt(plan(f"{WAS}A fox.{NOW}A wolf."), CONTEXT) == plan(f"{CAT} {DOG} {PLACE}")


def test_decoding_at_random_quotes_what_is_there_in_its_order(samples: list[Sample], tokenizer: Tokenizer) -> None:
    """Whatever a model likes: what it says was there was there, each sentence once, and a plan can always be read."""
    generator, end = torch.Generator().manual_seed(3), tokenizer.token_to_id(END)
    edits = [sample for sample in samples if '"targets"' in sample.plan and '"prompt"' in sample.plan]
    quoted, kept = 0, 0
    for sample in random.Random(4).sample(edits, 40):
        written = as_patch(sample.plan, sample.context)
        if WAS not in written:
            continue
        head = written[: written.index(WAS)]
        holds = HoldsPatch(sample.context, tokenizer)
        answer = tokenizer.encode(head, add_special_tokens=False).ids
        for _ in range(150):
            logits = holds.held(answer, torch.randn(tokenizer.get_vocab_size(), generator=generator))
            answer.append(int(logits.argmax()))
            assert logits.max() > -float("inf")
            if answer[-1] == end:
                break
        text = tokenizer.decode(answer, skip_special_tokens=False)
        sentences, start = sentences_of(json.loads(sample.plan)["prompt"]) and patched_in(text, sample.context), 0
        assert sentences is not None and text.startswith(head + WAS)
        parts = text[len(head) :].split(WAS)[1:]
        for part in parts[:-1] if NOW not in parts[-1] else parts:
            was, now, _ = part.partition(NOW)
            if now:
                start = sentences.index(was, start) + 1
                quoted += 1
        kept += 1
    assert kept > 20 and quoted > 20, (kept, quoted)


def test_the_words_of_a_true_patch_may_all_come(samples: list[Sample], tokenizer: Tokenizer) -> None:
    checked = 0
    for sample in samples:
        written = as_patch(sample.plan, sample.context)
        if WAS not in written:
            continue
        holds = HoldsPatch(sample.context, tokenizer)
        tokens = tokenizer.encode(written, add_special_tokens=False).ids
        for at, token in enumerate(tokens):
            assert holds.held(tokens[:at], torch.zeros(tokenizer.get_vocab_size()))[token] == 0, written
        checked += 1
    assert checked > 60
