"""A chat model of one's own as the rewriter: a real Llama of tiny size, which learned one plan by heart."""

from __future__ import annotations

import json
import pickle
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from assistant.errors import ModelError, PlanError
from assistant.llm.chat import ChatMessage
from assistant.llm.local import LocalChatModel, _read_by
from assistant.messages import ConversationPath
from assistant.rewriter import instructed, render_path
from ui.errors import SettingsError
from ui.settings import Settings
from ui.wiring import load_rewriter

PLAN = '{"act":"create","prompt":"A cat is asleep here.","reply":""}'
SHORT = "Plan."
"""In place of our system prompt, behind which a model this small would lose what it has learned."""
ASKED = [ChatMessage("system", SHORT), ChatMessage("user", render_path(ConversationPath("draw a cat")))]
TEMPLATE = (
    "{% for message in messages %}{% if message.role == 'system' %}{{ raise_exception('no system role') }}{% endif %}"
    "<{{ message.role }}>{{ message.content }}{% endfor %}{% if add_generation_prompt %}<plan>{% endif %}"
)
"""As Gemma's: it knows no system role."""
EXECUTED: list[str] = []


class Hostile:
    def __reduce__(self) -> tuple[Any, ...]:
        return (EXECUTED.append, ("ran",))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    marks = ["<end>", "<plan>", "<user>", "<assistant>"]
    core = Tokenizer(models.BPE({piece: at for at, piece in enumerate([*marks, *letters])}, []))
    core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    core.decoder = decoders.ByteLevel()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=core, eos_token="<end>", pad_token="<end>", additional_special_tokens=marks[1:]
    )
    tokenizer.chat_template = TEMPLATE
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(letters) + len(marks), hidden_size=64, intermediate_size=128, num_hidden_layers=2,
            num_attention_heads=2, max_position_embeddings=8192, eos_token_id=0, pad_token_id=0, bos_token_id=1,
        )
    )  # fmt: skip
    asked = _read_by(tokenizer, ASKED)["input_ids"][0]
    taught = torch.cat([asked, torch.tensor(tokenizer.encode(f"{PLAN}<end>", add_special_tokens=False))])[None]
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3)
    for _ in range(60):
        loss = model(input_ids=taught, labels=taught).loss
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    found = tmp_path_factory.mktemp("chat") / "tiny"
    model.save_pretrained(found)
    tokenizer.save_pretrained(found)
    return found


def test_a_folder_is_a_chat_model_that_streams_by_its_own_template(folder: Path) -> None:
    model = LocalChatModel(str(folder))
    pieces = list(model.stream(ASKED))
    assert len(pieces) > 3 and "".join(pieces) == PLAN and pieces == list(model.stream(ASKED))
    sampled = "".join(model.stream([ChatMessage("user", "hi")], seed=1))
    assert sampled == "".join(model.stream([ChatMessage("user", "hi")], seed=1))


def test_words_become_a_plan_by_the_settings_alone(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prompt = tmp_path / "prompt.md"
    prompt.write_text(SHORT)
    monkeypatch.setattr("assistant.rewriter.SYSTEM_PROMPT_FILE", prompt)
    rewriter, load = load_rewriter(Settings(rewriter=str(folder)))
    load()
    lines: list[str] = []
    plan = rewriter.plan(ConversationPath("draw a cat"), lines.append)
    assert plan.act == "create" and lines == ["Painting a new picture"] and "system prompt" in rewriter.name


def test_the_system_prompt_goes_first_where_a_template_knows_no_such_role(folder: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(folder)
    given = _read_by(tokenizer, [ChatMessage("system", "Be brief."), ChatMessage("user", "A cat.")])
    assert tokenizer.decode(given["input_ids"][0]) == "<user>Be brief.\n\nA cat.<plan>"


def test_a_model_that_talks_nonsense_gives_no_plan(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.llm.local.ANSWER_TOKENS", 5)
    with pytest.raises(PlanError, match="gave no valid plan in two tries"):
        instructed(LocalChatModel(str(folder))).plan(ConversationPath("draw a cat"))


def test_whoever_stops_listening_stops_the_model(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.llm.local.ANSWER_TOKENS", 5_000)
    model = LocalChatModel(str(folder))
    answer = model.stream([ChatMessage("user", "hi")], seed=3)
    next(answer)
    answer.close()  # type: ignore[attr-defined]
    assert model._lock.acquire(timeout=10)


def test_what_is_no_model_to_trust_is_refused(folder: Path, tmp_path: Path) -> None:
    def refused(change: Any, said: str) -> None:
        copy = Path(shutil.copytree(folder, tmp_path / said[:4]))
        change(copy)
        with pytest.raises(ModelError, match=said):
            LocalChatModel(str(copy)).load()
        assert not EXECUTED

    def pickled(copy: Path) -> None:
        (copy / "model.safetensors").unlink()
        (copy / "pytorch_model.bin").write_bytes(pickle.dumps(Hostile()))

    def needs_code(copy: Path) -> None:
        config = json.loads((copy / "config.json").read_text())
        config |= {"model_type": "mine", "auto_map": {"AutoModelForCausalLM": "mine.Mine"}}
        (copy / "config.json").write_text(json.dumps(config))
        (copy / "mine.py").write_text("from tests.test_local_model import EXECUTED\nEXECUTED.append('ran')\n")

    def speechless(copy: Path) -> None:
        (copy / "chat_template.jinja").unlink()

    refused(pickled, "only pickle files")
    refused(needs_code, "code of its own")
    refused(speechless, "has no chat template")
    refused(lambda copy: (copy / "config.json").write_text("{"), "is no language model")
    refused(lambda copy: (copy / "model.safetensors").write_bytes(b"1234"), "could not be loaded")


def test_what_the_hub_does_not_answer_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import huggingface_hub

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(ModelError, match="is not on this machine, and the hub cannot be reached"):
        LocalChatModel("a/model").load()


def test_a_name_that_is_no_rewriter_is_refused() -> None:
    with pytest.raises(SettingsError, match="a chat model's folder or OWNER/NAME"):
        load_rewriter(Settings(rewriter="qwen3"))
