"""The rewriter: conversations as text, answers as plans, and the embedded model's forward pass."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM

from assistant.errors import ModelError, PlanError
from assistant.llm.chat import ChatMessage, FakeChatModel
from assistant.llm.embedded import CONTEXT_TOKENS, DEFAULT_WEIGHTS, EmbeddedChatModel, NamesFromMessage, SmallLlama
from assistant.messages import ConversationPath, EditPlan, PathTurn, PathVersion, ReturnPlan
from assistant.rewriter import FakeRewriter, ModelRewriter, partial_statement, render_path, statement_of
from captioner.world.scene import WORLD_VERSION

BUNNY = PathVersion("v1", (), "A sad white bunny is standing in a meadow.", "")
HAT = PathVersion("v2", ("v1",), "A sad white bunny in a red hat is standing in a meadow.", "give the bunny a red hat")
PATH = ConversationPath(
    "make it happier",
    (PathTurn("a bunny", "create", "v1"), PathTurn("give it a hat", "edit", "v2")),
    (BUNNY, HAT),
    "v2",
)
EDIT = (
    '{"act":"edit","targets":["v2"],"change":"make the bunny happier","region":"the bunny\'s face",'
    '"prompt":"A happy white bunny in a red hat is standing in a meadow."}'
)


class SlowModel(FakeChatModel):
    """Gives its answer letter by letter."""

    def stream(self, messages, schema=None, seed=None):
        self.seeds = [*getattr(self, "seeds", []), seed]
        yield from "".join(super().stream(messages, schema, seed))


def test_a_path_reads_as_older_versions_then_turns_then_the_current_prompt_then_the_message():
    assert render_path(PATH).splitlines() == [
        "v1: A sad white bunny is standing in a meadow.",
        "said: a bunny > create v1",
        "said: give it a hat > edit v2",
        "now v2 < v1: A sad white bunny in a red hat is standing in a meadow.",
        "say: make it happier",
    ]


def test_a_path_without_pictures_says_so():
    assert render_path(ConversationPath("a bunny")) == "now nothing\nsay: a bunny"


def test_a_version_called_by_its_label_is_shown_whole():
    path = ConversationPath("in v1, make it blue", PATH.turns, PATH.versions, "v2")
    assert "whole v1: A sad white bunny is standing in a meadow." in render_path(path)


def test_a_long_conversation_loses_its_oldest_lines_and_nothing_of_the_current_prompt():
    versions = tuple(PathVersion(f"v{n}", (), f"picture {n} " * 20, f"change {n} " * 9) for n in range(1, 60))
    text = render_path(ConversationPath("make it blue", (), versions, "v59"))
    assert len(text.encode()) < 4_000
    assert "v58:" in text and "\nv1:" not in text and versions[-1].prompt.strip() in text


def test_a_monstrous_message_is_cut_visibly_and_keeps_its_end():
    text = render_path(ConversationPath("a bunny " + "very " * 2_000 + "in a hat"))
    assert len(text) < 1_000 and "[...]" in text and text.endswith("in a hat")


def test_a_message_cannot_add_lines_of_its_own():
    text = render_path(ConversationPath("a cat\nnow v9: a dog"))
    assert text.splitlines() == ["now nothing", "say: a cat now v9: a dog"]


def test_the_statement_is_made_once_before_a_word_of_the_description_is_written():
    for end in range(EDIT.index("A happy")):
        if statement := partial_statement(EDIT[:end], PATH):
            break
    assert statement == "Editing v2: the bunny's face"
    assert EDIT[:end].endswith('"prompt"')
    said: list[str] = []
    plan = ModelRewriter(SlowModel([EDIT])).plan(PATH, said.append)
    assert said == ["Editing v2: the bunny's face"]
    assert isinstance(plan, EditPlan) and statement_of(plan, PATH) == said[0]


@pytest.mark.parametrize(
    ("begun", "statement"),
    [
        ('{"act":"crea', ""),
        ('{"act":"create"', ""),
        ('{"act":"create","prompt":"A', "Painting a new picture"),
        ('{"act":"create","count":4,"prompt":"A', "Painting 4 new pictures"),
        ('{"act":"edit","targets":["v2"],"change":"x","region":"the face"', ""),
        ('{"act":"edit","targets":["v2"],"change":"x","region":"the face","count":3', "Editing v2 in 3 ways: the face"),
        ('{"act":"vary","targets":["v1"],"count":2', "Painting v1 2 times more, another way"),
        ('{"act":"edit","targets":["v2"],"change":"make it blue"', ""),
        ('{"act":"edit","targets":["v2"],"change":"make it blue","prompt":"A', "Editing v2: make it blue"),
        ('{"act":"return","targets":["v1"]', "Going back to v1"),
        ('{"act":"vary","targets":["v1"],"prompt":"', "Painting v1 again, another way"),
        ('{"act":"reply"', "Answering"),
        ("thinking aloud", ""),
    ],
)
def test_the_statement_waits_for_what_it_needs(begun: str, statement: str):
    assert partial_statement(begun, PATH) == statement


def test_an_invalid_answer_is_asked_for_once_more_with_the_error_and_a_seed():
    model = SlowModel(['{"act":"edit","targets":["v2"]}', EDIT])
    assert ModelRewriter(model).plan(PATH).act == "edit"
    assert model.seeds[0] is None and model.seeds[1] is not None
    assert "change" in model.asked[1][-1].content


def test_two_invalid_answers_are_an_error_in_one_sentence():
    with pytest.raises(PlanError, match="no valid plan in two tries"):
        ModelRewriter(FakeChatModel(["I would rather chat."])).plan(PATH)


def test_words_and_fences_round_the_plan_are_let_pass():
    assert ModelRewriter(FakeChatModel([f"Sure!\n```json\n{EDIT}\n```"])).plan(PATH).act == "edit"


def test_the_system_prompt_goes_first():
    model = FakeChatModel([EDIT])
    ModelRewriter(model, system_prompt="You plan.").plan(PATH)
    assert model.asked[0][0] == ChatMessage("system", "You plan.")


def test_the_fake_rewriter_states_its_plan():
    said: list[str] = []
    FakeRewriter(lambda path: ReturnPlan(targets=("v1",))).plan(PATH, said.append)
    assert said == ["Going back to v1"]


def test_importing_the_rewriter_brings_in_no_torch():
    code = "import sys, assistant.rewriter, assistant.llm.embedded; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


CONFIG = LlamaConfig(
    vocab_size=320, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=2,
    num_key_value_heads=2,
    tie_word_embeddings=True,
)  # fmt: skip


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    model = LlamaForCausalLM(CONFIG)
    model.config.save_pretrained(tmp_path)
    config = json.loads((tmp_path / "config.json").read_text()) | {"limner_world_version": WORLD_VERSION}
    (tmp_path / "config.json").write_text(json.dumps(config))
    save_file({name: value.detach() for name, value in model.named_parameters()}, tmp_path / "model.safetensors")
    tokenizer = Tokenizer(
        models.BPE(vocab={c: i for i, c in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}, merges=[])
    )
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(["<pad>", "<begin>", "<plan>", "<end>"])
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    return tmp_path


def test_the_embedded_forward_pass_is_that_of_transformers():
    torch.manual_seed(1)
    model = LlamaForCausalLM(CONFIG).eval()
    tokens = torch.randint(0, 320, (17,))
    with torch.inference_mode():
        wanted = model(input_ids=tokens[None]).logits[0]
        own = SmallLlama(model.config.to_dict(), dict(model.named_parameters()))
        cache = own.empty_cache(17)
        first = own.logits(tokens[:11], cache, 0)
        rest = [own.logits(tokens[at : at + 1], cache, at) for at in range(11, 17)]
    torch.testing.assert_close(torch.stack([first, *rest]), wanted[10:], atol=1e-5, rtol=1e-4)


@pytest.fixture
def aloud(monkeypatch: pytest.MonkeyPatch) -> None:
    """Show all that a model says: one of random weights says nothing but what would be taken for notes."""
    monkeypatch.setattr("assistant.llm.embedded.shown", lambda answer, context: answer)


@pytest.mark.usefixtures("aloud")
def test_the_embedded_model_answers_the_same_greedily_and_with_the_same_seed(weights: Path):
    model = EmbeddedChatModel(weights)
    asked = [ChatMessage("user", "say: a bunny")]
    greedy, seeded, other = ("".join(model.stream(asked, seed=seed)) for seed in (None, 3, 4))
    assert greedy == "".join(model.stream(asked)) and seeded == "".join(model.stream(asked, seed=3)) != other


@pytest.mark.usefixtures("aloud")
def test_the_embedded_model_takes_a_context_longer_than_it_has_room_for(weights: Path):
    stream = EmbeddedChatModel(weights).stream([ChatMessage("user", "x" * (CONTEXT_TOKENS + 500))])
    assert isinstance(next(stream), str)


def test_an_answer_that_is_no_plan_is_kept_back_whole(weights: Path):
    assert list(EmbeddedChatModel(weights).stream([ChatMessage("user", "say: a bunny")])) == []


def test_missing_weights_are_an_error_that_says_what_to_do(tmp_path: Path):
    with pytest.raises(ModelError, match=r"missing from .*train rewriter"):
        EmbeddedChatModel(tmp_path).load()


def test_damaged_weights_are_an_error_that_says_so(weights: Path):
    (weights / "model.safetensors").write_bytes(b"nonsense")
    with pytest.raises(ModelError, match="are damaged"):
        EmbeddedChatModel(weights).load()


def test_weights_of_another_world_are_an_error_that_names_both(weights: Path):
    config = json.loads((weights / "config.json").read_text()) | {"limner_world_version": WORLD_VERSION + 1}
    (weights / "config.json").write_text(json.dumps(config))
    with pytest.raises(ModelError, match=f"world {WORLD_VERSION + 1}, and this is {WORLD_VERSION}"):
        EmbeddedChatModel(weights).load()


def test_what_cannot_be_painted_is_named_in_words_of_the_message_alone(weights: Path):
    tokenizer = Tokenizer.from_file(str(weights / "tokenizer.json"))
    names = NamesFromMessage("now v1: A cake.\nsay: a Cyberpunk samurai or yeti who may say: hi in Kyoto!", tokenizer)
    for said in ("a cyber", "a yet", "a yeti ", "a cyberpunk samurai or Kyoto ", "Kyoto yet, so here is a cake"):
        assert names.fits(said)
    for said in ("a cyk", "a cyber yet, so", "cyber ", "cake"):
        assert not names.fits(said)
    logits = torch.zeros(tokenizer.get_vocab_size())
    before = tokenizer.encode('{"act":"create","reply":"Here you are', add_special_tokens=False).ids
    assert torch.equal(names.held(before, logits), logits)
    inside = tokenizer.encode('{"act":"create","reply":"I can\'t paint a cyber', add_special_tokens=False).ids
    right, wrong = (tokenizer.encode(piece, add_special_tokens=False).ids[0] for piece in ("p", "k"))
    logits[[right, wrong]] = torch.tensor([1.0, 2.0])
    held = names.held(inside, logits)
    assert held[right] == 1.0 and held[wrong] == -float("inf")


def test_the_hold_on_names_begins_with_the_first_word_and_ends_with_the_sentence():
    tokenizer = Tokenizer.from_file(str(DEFAULT_WEIGHTS / "tokenizer.json"))
    names = NamesFromMessage("now v1: A cake.\nsay: please add compass", tokenizer)
    bare = tokenizer.encode('{"act":"reply","reply":"I can\'t paint', add_special_tokens=False).ids
    pieces = {token: tokenizer.id_to_token(token) for token in range(tokenizer.get_vocab_size())}
    begins = {token: text[1:] for token, text in pieces.items() if text[:1] == "\u0120" and text[1:].isalpha()}
    wrong, right = next(t for t in begins if begins[t] == "cat"), next(t for t in begins if begins[t] == "add")
    logits = torch.zeros(tokenizer.get_vocab_size())
    logits[[right, wrong]] = torch.tensor([1.0, 2.0])
    held = names.held(bare, logits)
    assert held[right] == 1.0 and held[wrong] == -float("inf")
    ended = tokenizer.encode(
        '{"act":"reply","reply":"I can\'t paint a compass yet. I know hats', add_special_tokens=False
    ).ids
    assert torch.equal(names.held(ended, logits), logits)


def test_what_is_not_there_is_named_in_words_of_the_message_too():
    tokenizer = Tokenizer.from_file(str(DEFAULT_WEIGHTS / "tokenizer.json"))
    names = NamesFromMessage("now v1: A cake.\nsay: make the compass add up", tokenizer)
    pieces = {tokenizer.id_to_token(token): token for token in range(tokenizer.get_vocab_size())}
    logits = torch.arange(float(tokenizer.get_vocab_size()))
    bare = tokenizer.encode('{"act":"reply","reply":"There is no', add_special_tokens=False).ids
    held = names.held(bare, logits)
    assert held[pieces["\u0120add"]].isfinite() and held[pieces["\u0120hat"]].isfinite()
    assert held[pieces["\u0120cat"]] == held[pieces["se"]] == -float("inf")  # "no" does not become a nose
    ended = tokenizer.encode('{"act":"reply","reply":"There is no compass in this', add_special_tokens=False).ids
    assert torch.equal(names.held(ended, logits), logits)
    other = tokenizer.encode('{"act":"reply","reply":"There is only', add_special_tokens=False).ids
    assert torch.equal(names.held(other, logits), logits)


FOREST = "The place is a forest with tall green trees. It is bright daytime."
FROG, FOX = f"A green frog stands in the centre, looking calm. {FOREST}", f"An orange fox stands on the left. {FOREST}"


def answer_of(model: EmbeddedChatModel, message: str, wished: str, described: str) -> dict[str, Any]:
    turns, versions = (PathTurn(wished, "create", "v1"),), (PathVersion("v1", (), described, ""),)
    context = render_path(ConversationPath(message, turns, versions, "v1"))
    plan: dict[str, Any] = json.loads("".join(model.stream([ChatMessage("user", context)])))
    return plan


def test_the_embedded_rewriter_says_who_is_not_in_the_picture():
    model = EmbeddedChatModel()
    for message, what in (
        ("make the giraffe bigger", "giraffe"), ("remove the elephant", "elephant"), ("make the owl happier", "owl"),
        ("give the giraffe a hat", "giraffe"), ("the cat should be red", "cat"), ("make the lion jump", "lion"),
    ):  # fmt: skip
        plan = answer_of(model, message, "draw a frog", FROG)
        assert (plan["act"], plan["reply"]) == ("reply", f"There is no {what} in this picture to change.")
    for message in (
        "make the frog bigger",
        "make the toad happier",
        "give the animal a hat",
        "make it jump",
        "give the fella a hat",
    ):
        assert answer_of(model, message, "draw a frog", FROG)["act"] == "edit", message


def test_the_embedded_rewriter_changes_what_stands_for_the_giraffe_that_was_asked_for():
    model = EmbeddedChatModel()
    for message, change in (
        ("make the giraffe sad", "make the fox sad"),
        ("paint the giraffe blue", "make the fox blue"),
    ):
        plan = answer_of(model, message, "draw a giraffe", FOX)
        assert (plan["act"], plan["change"]) == ("edit", change)


def test_the_embedded_rewriter_says_what_it_cannot_paint_apart():
    plan = answer_of(EmbeddedChatModel(), "make the grass greener", "draw a frog", FROG)
    assert plan == {
        "act": "reply",
        "reply": "I can't paint the grass alone yet. A bigger model, attached with --painter, can.",
    }


BEACH_PAIR = (
    "On the left is an orange cat, looking calm. On the right is a brown dog, looking sad and wearing a blue hat. The "
    "place is a beach with yellow sand. It is bright daytime."
)


def test_the_embedded_rewriter_asks_which_of_two_things_is_meant_that_cannot_both_be():
    model = EmbeddedChatModel()
    for message, one, two in (
        ("make it red and make it blue", "red", "blue"), ("make it sad and make it happy", "sad", "happy"),
        ("make it red and blue", "red", "blue"), ("make it bigger and smaller", "bigger", "smaller"),
        ("make it night and make it day", "night", "day"), ("happier and sadder please", "happier", "sadder"),
        ("with a hat and without a hat", "with a hat", "without a hat"),
    ):  # fmt: skip
        plan = answer_of(model, message, "draw a frog", FROG)
        assert plan == {"act": "ask", "reply": f"It can't be {one} and {two} at once. Which shall it be?"}


def test_the_embedded_rewriter_does_both_where_both_can_be_and_the_last_of_a_correction():
    model = EmbeddedChatModel()
    for wished, described, message, change in (
        ("draw a frog", FROG, "make it red and happy", "make the frog red and make the frog happy"),
        ("draw a frog", FROG, "make it red, no, blue", "make the frog blue"),
        ("a cat and a dog", BEACH_PAIR, "make the cat red and the dog blue", "make the cat red and make the dog blue"),
        ("a cat and a dog", BEACH_PAIR, "make them both happy", "make the cat happy and make the dog happy"),
        ("draw a frog", FROG, "make it sad. no wait, make it happy", "make the frog happy"),
        ("draw a frog", FROG, "make it daytime and red", "make it daytime and make the frog red"),
        (
            "a cat and a dog",
            BEACH_PAIR,
            "make the cat green and give the dog glasses",
            "make the cat green and give the dog glasses",
        ),
        (
            "a cat and a dog",
            BEACH_PAIR,
            "make the cat red and put it on a snowfield",
            "make the cat red and change the place to a snowfield",
        ),
    ):
        plan = answer_of(model, message, wished, described)
        assert (plan["act"], plan["change"]) == ("edit", change)


def test_the_embedded_rewriter_plans_as_many_pictures_as_are_asked_for():
    model = EmbeddedChatModel()
    for message, act, count in (
        ("four pictures of a cat in the snow", "create", 4), ("4 versions of a happy red fox with a hat", "create", 4),
        ("three more like this", "vary", 3), ("show me two others", "vary", 2), ("a few variations", "vary", 3),
        ("make it happier, three options", "edit", 3), ("draw three cats", "create", 1), ("make it happier", "edit", 1),
    ):  # fmt: skip
        plan = answer_of(model, message, "draw a frog", FROG)
        assert (plan["act"], plan.get("count", 1)) == (act, count), message


def test_the_embedded_rewriter_goes_on_from_no_other_picture_than_the_one_that_is_spoken_of():
    model = EmbeddedChatModel()
    for message in ("combine v1 and v99", "v99 but at night", "the frog from v1 and the place of v99"):
        plan = answer_of(model, message, "draw a frog", FROG)
        assert plan == {"act": "return", "targets": ["v99"]} or plan["act"] == "ask", plan
