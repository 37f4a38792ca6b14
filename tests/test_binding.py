"""What the words alone say of each thing, against scenes written by hand and a plain derivation."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F

from captioner.training.segments import UNASKED
from captioner.world.captions import descriptive
from captioner.world.roles import roles_of
from captioner.world.sample import random_scene
from captioner.world.scene import CORE, RELATED, Item, Relation, Scene, Thing
from captioner.world.words import KIND_SYNONYMS
from generation.models.words import deepened, load_tokenizer, new_text_encoder, sentence_ends, text_states, tokenize
from generation.training.binding import binding_loss, fact_sizes, facts_of, named, naming_tokens
from generation.training.lessons import LessonData, Lessons, lesson, said_alone, teach_binding
from generation.training.painter import PainterData, hidden, weights_folder

BEAR = Thing(1, "bear", "red", mood=4, joy=1, side="right", worn=(Item("hat", "blue"),), held=Item("flower", "pink"))
CAKE = Thing(2, "cake", "green", side="left")
SCENE = Scene(things=(BEAR, CAKE), place="meadow")
WORDS = (
    "a green cake is on the left side. a red bear in a blue hat is on the right. the bear is to the right of the cake."
)


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    return load_tokenizer(Path(weights_folder("tokenizer")))


def test_a_thing_has_its_side_colour_mood_and_items() -> None:
    colour = CORE.colours.index
    side, own, mood, *items = facts_of(BEAR, SCENE, CORE)
    assert (side, own, mood) == (2, colour("red"), 5)
    assert dict(zip(CORE.worn + CORE.held, items, strict=True)) == {
        "hat": 1 + colour("blue"), "scarf": 0, "glasses": 0, "balloon": 0, "flower": 1 + colour("pink")
    }  # fmt: skip
    assert facts_of(CAKE, SCENE, CORE)[:3] == [0, colour("green"), UNASKED]


def test_every_fact_is_a_class_of_its_question() -> None:
    for seed in range(200):
        for setting in (CORE, RELATED):
            scene = random_scene(seed, setting)
            for thing in scene.things:
                facts = facts_of(thing, scene, setting)
                assert all(UNASKED <= fact < size for fact, size in zip(facts, fact_sizes(setting), strict=True))


def test_every_word_that_names_a_thing_has_the_facts_of_that_thing(tokenizer: Any) -> None:
    tokens, _ = tokenize(tokenizer, [WORDS], [""])
    places, facts = named(tokens, [SCENE], naming_tokens(tokenizer, CORE), CORE)
    said = tokenizer.convert_ids_to_tokens(tokens[0, places[:, 1]])
    assert [word.removeprefix("Ġ") for word in said] == ["bear", "bear", "cake", "cake"]
    assert facts.tolist() == [facts_of(BEAR, SCENE, CORE)] * 2 + [facts_of(CAKE, SCENE, CORE)] * 2


def test_of_a_brief_prompt_each_name_has_to_tell_its_role_alone(tokenizer: Any) -> None:
    scene = Scene(things=(BEAR, CAKE), place="meadow", relations=(Relation("on", 1, 2),))
    tokens, _ = tokenize(tokenizer, ["a bear on a cake"], [""])
    _, facts = named(tokens, [scene], naming_tokens(tokenizer, RELATED), RELATED, brief=True)
    roles = roles_of(RELATED)
    assert facts[:, :-1].unique().tolist() == [UNASKED]
    assert facts[:, -1].tolist() == [roles.index("on subject"), roles.index("on object")]


def test_captions_of_the_world_name_what_they_show(tokenizer: Any) -> None:
    names = naming_tokens(tokenizer, CORE)
    assert all(names.values())
    scenes = [random_scene(seed) for seed in range(100)]
    tokens, _ = tokenize(tokenizer, [descriptive(scene, seed) for seed, scene in enumerate(scenes)], [""] * 100)
    places, _ = named(tokens, scenes, names, CORE)
    assert len(set(places[:, 0].tolist())) >= 95  # two things of one kind are not asked


def test_two_things_of_one_kind_and_rows_without_a_scene_are_not_asked(tokenizer: Any) -> None:
    two = Scene(things=(BEAR, Thing(2, "bear", "blue", mood=1, side="left")), place="meadow")
    tokens, _ = tokenize(tokenizer, [WORDS, WORDS], ["", ""])
    places, facts = named(tokens, [two, None], naming_tokens(tokenizer, CORE), CORE)
    assert places.shape == (0, 2) and facts.shape == (0, len(fact_sizes(CORE)))
    assert binding_loss(torch.zeros(0, sum(fact_sizes(CORE))), facts, CORE) == 0


def test_the_loss_is_the_sum_of_the_questions_mean_cross_entropies() -> None:
    logits, facts = (
        torch.randn(2, sum(fact_sizes(CORE))),
        torch.tensor([facts_of(BEAR, SCENE, CORE), facts_of(CAKE, SCENE, CORE)]),
    )
    expected, start = 0.0, 0
    for question, size in enumerate(fact_sizes(CORE)):
        each = [
            F.cross_entropy(logits[row, start : start + size], facts[row, question]).item()
            for row in range(2)
            if facts[row, question] != UNASKED
        ]
        expected += sum(each) / len(each)
        start += size
    assert binding_loss(logits, facts, CORE).item() == pytest.approx(expected, rel=1e-5)


def test_the_stated_shares_of_rows_and_tokens_are_hidden_and_no_first_token() -> None:
    is_real = torch.ones(4000, 20, dtype=torch.bool)
    is_real[:, 15:] = False
    seen, whole = hidden(is_real, PainterData(hidden_rows=0.3, hidden_tokens=0.2), torch.Generator().manual_seed(1))
    assert sum(whole) / 4000 == pytest.approx(0.7, abs=0.03)
    assert seen[:, 0].all() and not seen[:, 15:].any()
    rows = torch.tensor(whole)
    assert torch.equal(seen[rows], is_real[rows])
    assert 1 - seen[~rows, 1:15].float().mean().item() == pytest.approx(0.2, abs=0.02)


def test_in_sentence_layers_no_other_sentence_is_seen(tokenizer: Any) -> None:
    torch.manual_seed(0)
    encoder = new_text_encoder(len(tokenizer), sentence_ends(tokenizer), width=64, layers=2, sentence_layers=2).eval()
    (one, other), is_real = tokenize(tokenizer, ["a red cat. a blue dog.", "a red cat. a pink fox."], ["", ""])
    first, second = (text_states(encoder, tokens[None], is_real[:1])[0] for tokens in (one, other))
    assert torch.equal(one[:5], other[:5])  # begin, a, red, cat, full stop
    assert torch.allclose(first[:5], second[:5], atol=1e-6)
    assert not torch.allclose(first[5:9], second[5:9], atol=1e-3)


def test_without_sentence_layers_the_tower_is_siglips_own(tokenizer: Any) -> None:
    encoder = new_text_encoder(len(tokenizer), width=64, layers=2, sentence_layers=0).eval()
    tokens, is_real = tokenize(tokenizer, [WORDS, "a cat"], ["", ""])
    own = encoder(input_ids=tokens, attention_mask=is_real.long()).last_hidden_state
    assert torch.allclose(text_states(encoder, tokens, is_real)[is_real], own[is_real], atol=1e-5)


def test_new_layers_on_top_of_a_text_encoder_change_nothing_at_first_and_then_learn(tokenizer: Any) -> None:
    encoder = new_text_encoder(len(tokenizer), width=64, layers=1, sentence_layers=0).eval()
    deeper = deepened(encoder, 3, sentence_ends(tokenizer), sentence_layers=2).eval()
    tokens, is_real = tokenize(tokenizer, ["a red cat on the left"], [""])
    before, after = (text_states(one, tokens, is_real) for one in (encoder, deeper))
    assert len(deeper.encoder.layers) == 3 and deeper.config.sentence_layers == 2
    assert torch.allclose(before, after, atol=1e-6)
    after.square().mean().backward()
    assert all(layer.mlp.fc2.weight.grad.any() for layer in deeper.encoder.layers)
    assert deepened(deeper, 3, []) is deeper


def test_a_lesson_of_sentences_has_only_sentences_that_name_a_thing_of_their_scene() -> None:
    texts, scenes = lesson(random.Random(1), CORE, LessonData(scenes=8, sentence_batch=20), sentences=True)
    assert 8 <= len(texts) == len(scenes) <= 20
    for text, scene in zip(texts, scenes, strict=True):
        names = [n for thing in scene.things for n in (thing.kind, *KIND_SYNONYMS.get(thing.kind, ()))]
        assert text.count(".") == 1 and any(name in text for name in names)
    texts, scenes = lesson(random.Random(1), CORE, LessonData(scenes=8), sentences=False)
    assert len(texts) == 8 and all(text.count(".") > 1 for text in texts)
    assert sum(len(scene.things) > 1 for scene in scenes) >= 5


def test_words_of_a_sentence_that_names_two_things_are_not_said_alone(tokenizer: Any) -> None:
    tokens, _ = tokenize(tokenizer, [WORDS, "a red bear. a green cake."], ["", ""])
    places, _ = named(tokens, [SCENE, SCENE], naming_tokens(tokenizer, CORE), CORE)
    alone = said_alone(tokens, places, sentence_ends(tokenizer))
    said = {(row, column): one for (row, column), one in zip(places.tolist(), alone.tolist(), strict=True)}
    assert [said[key] for key in sorted(said)] == [True, True, False, False, True, True]


def test_lessons_teach_an_encoder_which_thing_is_on_which_side(tokenizer: Any, tmp_path: Path) -> None:
    torch.manual_seed(0)
    encoder = new_text_encoder(len(tokenizer), sentence_ends(tokenizer), width=64, layers=2, sentence_layers=1)
    data = LessonData(scenes=24, sentences=1.0, sentence_batch=48)
    account = teach_binding(Lessons(encoder, CORE), tokenizer, CORE, tmp_path, 150, data=data)
    last = json.loads((tmp_path / "losses.jsonl").read_text().splitlines()[-1])
    assert account["steps"] == 150 and last["side"] > 0.8  # chance is a half
