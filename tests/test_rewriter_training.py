"""Training of the embedded rewriter: its data, its tokenizer, a miniature run and the evaluation."""

from __future__ import annotations

import contextvars
import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast

from assistant.llm.copying import NOTHING, Copying, copying_of, histories, proposals
from assistant.llm.embedded import EmbeddedChatModel
from assistant.messages import PLAN, ConversationPath, CreatePlan, PathVersion, ReturnPlan
from assistant.rewriter import FakeRewriter
from assistant.training import lexicon
from assistant.training.conversations import conversation
from assistant.training.evaluate import evaluate_rewriter
from assistant.training.held_out_schema import Expectation, HeldOutMessage, check, dump_message
from assistant.training.progress import development_messages, expectation
from assistant.training.samples import batches, encoded, random_samples
from assistant.training.simulated import KEYS, Sample
from assistant.training.tokenizer import train_tokenizer
from assistant.training.train import BatchOrder, Hyperparameters, train_rewriter
from assistant.training.wishes import EVERY, choose, is_dev, is_held_out_pair, random_wish
from captioner.errors import WeightsError
from captioner.world.scene import CORE, FULL, is_held_out

TINY = Hyperparameters(
    width=32, layers=1, heads=2, inner=48, tokens_a_batch=600, samples=400, warm_up=5, rate=1e-2, bf16=False
)


@pytest.fixture(scope="module")
def samples() -> list[Sample]:
    return random_samples(3, 600, CORE)


def test_every_simulated_plan_is_valid_and_its_keys_stand_in_order(samples: list[Sample]):
    for sample in samples:
        PLAN.validate_json(sample.plan)
        keys = list(json.loads(sample.plan))
        assert keys == sorted(keys, key=KEYS.index)


def test_every_simulated_plan_passes_its_own_check(samples: list[Sample]):
    for number, sample in enumerate(samples[:300]):
        message = HeldOutMessage(str(number), sample.kind, sample.path, expectation(sample))
        assert check(PLAN.validate_json(sample.plan), message) == [], (sample.path.message, sample.plan)


def test_no_training_scene_has_a_held_out_combination(samples: list[Sample]):
    assert not any(is_held_out(sample.scene) for sample in samples if sample.scene)


def test_the_same_seed_simulates_the_same_conversation():
    assert conversation(random.Random("a")) == conversation(random.Random("a"))


def test_the_full_world_can_be_simulated_too():
    rng = random.Random(5)
    for _ in range(60):
        for sample in conversation(rng, FULL):
            PLAN.validate_json(sample.plan)


def test_what_cannot_be_painted_is_said_and_the_nearest_is_painted():
    rng = random.Random(8)
    excused = [wish for wish in (random_wish(rng, CORE) for _ in range(200)) if wish.reply]
    assert excused and all("--painter" in wish.reply for wish in excused)


def test_the_lexicon_has_at_least_600_nouns_and_leads_into_the_small_world():
    assert len(lexicon.NOUNS) >= 600
    assert all(lexicon.nearest_kind(word, CORE) for word in (*lexicon.NOUNS, *lexicon.FULL_KINDS))
    assert all(lexicon.nearest_place(word, CORE) in CORE.places for word in (*lexicon.PLACES, *lexicon.FULL_PLACES))
    assert all(lexicon.nearest_style(word, CORE) in CORE.styles for word in lexicon.STYLES)


def test_default_colours_avoid_held_out_combinations():
    from assistant.training.wishes import default_colour

    assert not any(is_held_out_pair(kind, default_colour(kind)) for kind in FULL.subjects)


def test_development_messages_are_in_phrasings_of_their_own():
    training = {
        sample.path.message.lower().strip(".!? ") for sample in random_samples(3, 800, CORE) if sample.kind == "undo"
    }
    held = [m.path.message.lower().strip(".!? ") for m in development_messages(400, CORE) if m.group == "undo"]
    assert held and sum(message in training for message in held) <= len(held) // 5


def test_the_tokenizer_gives_back_any_text_and_keeps_prompts_short(samples: list[Sample]):
    tokenizer = train_tokenizer([sample.context + sample.plan for sample in samples])
    for text in (samples[0].plan, samples[5].context, "画一只兔子 más feliz 🐰", "v99 v7"):
        assert tokenizer.decode(tokenizer.encode(text).ids) == text
    prompts = [json.loads(s.plan)["prompt"] for s in samples if "prompt" in s.plan]
    words = sum(len(prompt.split()) for prompt in prompts)
    assert sum(len(tokenizer.encode(prompt).ids) for prompt in prompts) < 1.3 * words


def test_batches_depend_on_the_seed_alone_and_hold_every_sample_once(samples: list[Sample]):
    tokenizer = train_tokenizer([sample.context + sample.plan for sample in samples])
    data = encoded(samples, tokenizer)
    first, again, other = (batches(data, 600, seed) for seed in (1, 1, 2))
    assert all((a == b).all() for a, b in zip(first, again, strict=True))
    assert sorted(np.concatenate(first)) == list(range(len(data)))
    assert [len(b) for b in first] != [len(b) for b in other]
    tokens, is_plan, copied, bonus = data.batch(first[0], 0, copying_of(tokenizer))
    assert len(copied) == len(bonus) == is_plan.sum()
    assert tokens.shape == is_plan.shape and is_plan.any(1).all() and not is_plan[:, 0].any()


def test_the_copying_prior_goes_on_where_the_context_fits_best_and_past_one_changed_token():
    context = np.array([5, 6, 7, 8, 9, 5, 6, 7, 1])
    tokens = np.array([0, 6, 7, 3, 9])  # after 6 7 the latest spot says 1; after the changed 3 the alignment says 9
    found, bonus = proposals(context, histories(tokens, 3))
    assert found.tolist() == [1, 9] and bonus[0] > bonus[1] > 0
    nothing, no_bonus = proposals(context, histories(np.array([0, 3, 4]), 2))
    assert nothing.tolist() == [NOTHING] and no_bonus.tolist() == [0.0]


TOKENS = (
    "\nwhole", "\nnow", "\nsay:", ":", "Ġv1", "Ġv2", "Ġ<", "red", "blue", "hat", "cat",
    '{"act":"edit"', ',"targets":["', "v1", "v2", '","', '"],"prompt":"', "x", '"],"change":"', '","prompt":"',
)  # fmt: skip
COPYING = Copying(TOKENS)
READ = (
    "x", "\nwhole", "Ġv1", ":", "red", "cat", "\nnow", "Ġv2", "Ġ<", "Ġv1", ":", "blue", "hat", "\nsay:", "x",
)  # fmt: skip
CONTEXT = np.array([TOKENS.index(text) for text in READ])


def proposed(*answer: str) -> str | None:
    token, _ = COPYING.next(CONTEXT, [TOKENS.index(text) for text in answer])
    return None if token == NOTHING else TOKENS[token]


def test_the_copying_prior_copies_what_follows_the_first_whole_prompt_until_a_target_is_named():
    assert COPYING.source(CONTEXT).tolist() == CONTEXT[1:].tolist()
    assert COPYING.source(CONTEXT[:1]).tolist() == CONTEXT[:1].tolist()


@pytest.mark.parametrize(("label", "first"), [("v1", "red"), ("v2", "blue")])
def test_once_a_plan_names_its_target_its_prompt_is_copied_from_that_version(label: str, first: str):
    assert proposed('{"act":"edit"', ',"targets":["', label, '"],"prompt":"') == first


def test_of_two_targets_the_first_is_copied_and_the_second_where_it_alone_fits():
    merge = ('{"act":"edit"', ',"targets":["', "v1", '","', "v2", '"],"prompt":"')
    assert proposed(*merge) == "red" and proposed(*merge, "blue") == "hat"


def test_a_target_that_is_not_shown_whole_leaves_all_there_is_to_copy():
    assert COPYING.source(CONTEXT, ("v9",)).tolist() == COPYING.source(CONTEXT).tolist()


def test_all_proposals_of_an_answer_are_those_of_its_tokens_one_by_one(samples: list[Sample]):
    tokenizer = train_tokenizer([sample.context + sample.plan for sample in samples])
    copying = copying_of(tokenizer)
    for sample in samples[:40]:
        data = encoded([sample], tokenizer)
        if len(data):
            tokens, plan = data.tokens.astype(np.int64), int(data.plans[0])
            together = copying.proposals(tokens[:plan], tokens[plan:])
            single = [copying.next(tokens[:plan], tokens[plan:at].tolist()) for at in range(plan, len(tokens))]
            assert together[0].tolist() == [token for token, _ in single]
            assert np.allclose(together[1], [bonus for _, bonus in single])


def test_a_miniature_run_learns_resumes_exactly_and_loads_everywhere(tmp_path: Path):
    account = train_rewriter(tmp_path / "whole", steps=100, settings=TINY)
    weights = tmp_path / "whole" / "weights"
    report = json.loads((weights / "training.json").read_text())
    assert (
        report == json.loads(json.dumps(account))
        and report["steps"] == 100
        and report["data"]["width"] == 32
        and report["hardware"]
    )
    losses = [json.loads(line)["loss"] for line in (tmp_path / "whole" / "losses.jsonl").read_text().splitlines()]
    assert len(losses) == 2 and losses[1] < 0.8 * losses[0]

    flat = replace(TINY, decay_share=0.0)
    train_rewriter(tmp_path / "unbroken", steps=24, settings=flat)
    train_rewriter(tmp_path / "parts", steps=16, settings=flat)
    train_rewriter(tmp_path / "parts", steps=24, settings=flat, resume=True)
    unbroken, resumed = (
        torch.load(tmp_path / name / "checkpoint.pt", weights_only=True)["module"] for name in ("unbroken", "parts")
    )
    assert all(torch.equal(resumed[name], value) for name, value in unbroken.items())

    model = AutoModelForCausalLM.from_pretrained(weights)
    tokenizer = PreTrainedTokenizerFast.from_pretrained(weights)
    assert model.config.vocab_size >= len(tokenizer)
    EmbeddedChatModel(weights).load()


def test_the_batches_of_every_pass_come_in_an_order_of_their_own_from_wherever_one_begins(samples: list[Sample]):
    data = encoded(samples, train_tokenizer([sample.context + sample.plan for sample in samples]))
    passes = [batches(data, 600, 2_000 + index) for index in range(3)]
    expected = [batch for one in passes for batch in one]
    order = BatchOrder(data, 600, 2)
    assert all(np.array_equal(order[step], batch) for step, batch in enumerate(expected))
    late = len(expected) - 1
    assert np.array_equal(BatchOrder(data, 600, 2)[late], expected[late])
    assert np.array_equal(order[0], expected[0])


def test_training_needs_exactly_one_budget(tmp_path: Path):
    with pytest.raises(ValueError, match="either minutes or steps"):
        train_rewriter(tmp_path)


def test_there_must_be_a_checkpoint_to_resume_from(tmp_path: Path):
    with pytest.raises(WeightsError, match="no checkpoint"):
        train_rewriter(tmp_path, steps=1, settings=TINY, resume=True)


def test_the_evaluation_tells_right_plans_from_wrong_ones(tmp_path: Path):
    file = tmp_path / "messages.jsonl"
    messages = [
        HeldOutMessage(
            "1", "animals", ConversationPath("a bunny"), Expectation(("create",), has=(("@subject:bunny",),))
        ),
        HeldOutMessage("2", "animals", ConversationPath("a cat"), Expectation(("create",), has=(("@subject:cat",),))),
    ]
    file.write_text("".join(dump_message(message) + "\n" for message in messages))
    report = evaluate_rewriter(FakeRewriter(lambda path: CreatePlan(prompt="A happy bunny is in a meadow.")), file)
    assert report.share == 0.5 and report.failed[0].message.id == "2"
    assert "50.0% of 2 plans right" in str(report) and report.as_dict()["by_act"]["create"]["messages"] == 2


def test_the_evaluation_says_how_often_an_older_version_was_found(tmp_path: Path):
    versions = (PathVersion("v1", (), "A cat.", ""), PathVersion("v2", (), "A dog.", ""))
    path = ConversationPath("the cat again", (), versions, "v2")
    messages = [
        HeldOutMessage("1", "refer", path, Expectation(("return",), ("v1",))),
        HeldOutMessage("2", "refer", path, Expectation(("edit",), ("v1",), has=(("@subject:bear",),))),
        HeldOutMessage("3", "refer", path, Expectation(("edit",), ("v2",))),
    ]
    file = tmp_path / "messages.jsonl"
    file.write_text("".join(dump_message(message) + "\n" for message in messages))
    report = evaluate_rewriter(FakeRewriter(lambda path: ReturnPlan(targets=("v1",))), file)
    assert report.found == (1.0, 2) and report.share == 1 / 3
    assert "older version found: 100.0% of 2" in str(report)
    assert evaluate_rewriter(FakeRewriter(lambda path: ReturnPlan(targets=("v9",))), file).found == (0.0, 2)


def test_every_phrasing_is_drawn_where_asked_and_none_of_developments_else():
    options = [f"make it {n}" for n in range(80)]
    kept = {option for option in options if is_dev(option)}
    rng = random.Random(0)
    assert kept.isdisjoint(choose(rng, options) for _ in range(500))
    assert random_samples(1, 20, CORE) != random_samples(1, 20, CORE, every=True)
    assert kept.isdisjoint(choose(rng, options) for _ in range(500)), "asked for once is not for good"
    with_all = contextvars.copy_context()
    with_all.run(EVERY.set, True)
    assert {with_all.run(choose, rng, options) for _ in range(900)} >= kept
