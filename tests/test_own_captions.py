"""Captioners of people's own pictures: from nothing, round pretrained parts, broken off and gone on with."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers, trainers
from transformers import (
    BertConfig,
    BertForMaskedLM,
    CLIPConfig,
    CLIPModel,
    Gemma2Config,
    Gemma2ForCausalLM,
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedTokenizerFast,
    SiglipConfig,
    SiglipImageProcessorPil,
    SiglipModel,
    T5Config,
    T5ForConditionalGeneration,
)

from captioner.decode import tell
from captioner.embedded import EmbeddedCaptioner
from captioner.errors import TrainingError, WeightsError
from captioner.models.prefix import PrefixCaptioner
from captioner.pictures import read_picture
from captioner.request import Decoding
from captioner.saved import load_coca
from captioner.tokenizer import tokenize
from captioner.towers import build, load_image_tower
from captioner.training.captioner import CaptionerData, train_captioner
from captioner.training.own import OwnData
from captioner.training.stream import Source
from tests.sets import as_folder, as_tar, captions_of, drawn, encoded

TINY = {
    "near_width": 32, "near_layers": 2, "image_width": 64, "image_layers": 1, "width": 64, "heads": 1,
    "unimodal_layers": 1, "multimodal_layers": 1, "feature_width": 32,
}  # fmt: skip
DATA = CaptionerData(batch=8, size=32)


def own(folder: Path) -> OwnData:
    return OwnData((Source(as_folder(folder / "f", range(12))), Source(as_tar(folder / "t.tar", range(12, 24)), 2.0)))


def run(out: Path, data: OwnData, steps: int, **options: Any) -> dict[str, Any]:
    return train_captioner(out, steps=steps, threads=1, data=DATA, own=data, shape=TINY, flat_until=1.0, **options)


def saved_tokenizer(folder: Path) -> int:
    core = Tokenizer(models.BPE())
    core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=300, special_tokens=["<|endoftext|>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )  # fmt: skip
    core.train_from_iterator([drawn(number)[1] for number in range(20)], trainer)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=core, eos_token="<|endoftext|>", pad_token="<|endoftext|>", bos_token="<|endoftext|>"
    )
    tokenizer.save_pretrained(folder)
    return len(tokenizer)


def language_model(folder: Path, kind: str) -> Path:
    """Save a tiny language model of random weights in the hub's layout."""
    torch.manual_seed(1)
    words = saved_tokenizer(folder) + 12  # as many have, rounded up
    small: dict[str, Any] = {"vocab_size": words, "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
    ids = {"bos_token_id": 0, "eos_token_id": 0, "pad_token_id": 0}
    model: Any
    if kind == "gpt2":
        model = GPT2LMHeadModel(GPT2Config(vocab_size=words, n_embd=32, n_layer=2, n_head=2, n_positions=256, **ids))
    elif kind == "llama":
        model = LlamaForCausalLM(LlamaConfig(intermediate_size=64, num_key_value_heads=1, **small, **ids))
    else:
        model = Gemma2ForCausalLM(
            Gemma2Config(
                intermediate_size=64, num_key_value_heads=1, head_dim=16, final_logit_softcapping=5.0, sliding_window=8,
                **small, **ids,
            )
        )  # fmt: skip
    torch.nn.init.normal_(model.get_output_embeddings().weight, std=0.5)
    model.save_pretrained(folder)
    return folder


def vision_model(folder: Path, kind: str) -> Path:
    """Save a tiny CLIP or SigLIP, both towers, in the hub's layout."""
    torch.manual_seed(2)
    small = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 1, "num_attention_heads": 2}
    vision = {**small, "image_size": 32, "patch_size": 8}
    words = {**small, "vocab_size": 64, "projection_dim": 32}
    model: Any
    if kind == "clip":
        model = CLIPModel(CLIPConfig(text_config=words, vision_config={**vision, "projection_dim": 32}))
    else:
        model = SiglipModel(SiglipConfig(text_config={**small, "vocab_size": 64}, vision_config=vision))
    model.save_pretrained(folder)
    processor = SiglipImageProcessorPil(size={"height": 32, "width": 32}, image_mean=[0.4, 0.5, 0.6])
    processor.save_pretrained(folder)
    return folder


def test_a_captioner_learns_peoples_own_pictures_and_resumes_bit_for_bit(tmp_path: Path) -> None:
    data = own(tmp_path)
    (tmp_path / "f" / "0003.png").write_bytes(b"broken")
    account = run(tmp_path / "whole", data, 60)
    first = json.loads((tmp_path / "whole" / "losses.jsonl").read_text().splitlines()[0])
    assert account["last_loss"] < first["loss"] and account["stage"] == "dsc" and account["world_version"] == 0
    folder, tar = account["sources"]
    assert (folder["source"], folder["pictures"], folder["skipped"]) == ("f", 11, 1) and tar["pictures"] == 12
    assert folder["used"] + tar["used"] == 60 * 8
    assert "0003.png" in (tmp_path / "whole" / "skipped.log").read_text()
    run(tmp_path / "broken", data, 20)
    run(tmp_path / "broken", data, 60, resume=True)
    whole, resumed = (load_coca(tmp_path / name / "captioner") for name in ("whole", "broken"))
    for name, value in whole.state_dict().items():
        assert torch.equal(value, resumed.state_dict()[name]), name
    captioner = EmbeddedCaptioner(tmp_path / "whole" / "captioner")
    picture = read_picture(encoded(drawn(1)[0]), captioner.abilities().side)
    assert captioner.caption([picture], "descriptive")[0]
    assert (tmp_path / "whole" / "sheet-000060.png").exists()


def test_both_kinds_are_learned_from_what_a_captioner_said(tmp_path: Path) -> None:
    place = as_folder(tmp_path / "f", range(6))
    digests = [hashlib.sha256((place / f"{n:04}.png").read_bytes()).hexdigest() for n in range(6)]
    captions = captions_of(tmp_path / "c.parquet", digests, [(f"short {n}", f"long {n}", None) for n in range(6)])
    run(tmp_path / "run", OwnData((Source(place),), captions), 2)
    text = next((tmp_path / "run").glob("samples-*.txt")).read_text()
    assert "short true: short" in text and "descriptive true: long" in text
    with pytest.raises(TrainingError, match="learns 2 kinds of captions"):
        run(tmp_path / "other", OwnData((Source(place),)), 2, stage="both")


@pytest.mark.parametrize("kind", ["clip", "siglip"])
def test_an_image_tower_sees_what_its_own_processor_shows_it(tmp_path: Path, kind: str) -> None:
    folder = vision_model(tmp_path, kind)
    tokenizer = PreTrainedTokenizerFast.from_pretrained(_own_words(tmp_path / "words"))
    model, _ = build(str(folder), None, tokenizer, **{k: v for k, v in TINY.items() if k != "image_width"})
    assert model.config.image_size == 32
    image = drawn(4, (90, 70))[0]
    picture = read_picture(encoded(image), 32)
    ours = torch.from_numpy(np.frombuffer(picture.pixels, np.uint8).reshape(1, 32, 32, 3).copy()).permute(0, 3, 1, 2)
    processor = SiglipImageProcessorPil.from_pretrained(folder)
    theirs = processor(image, return_tensors="pt", resample=3)["pixel_values"]
    tower, _ = load_image_tower(str(folder))
    with torch.inference_mode():
        expected = model.image_tower.norm(tower.eval()(pixel_values=theirs).last_hidden_state)
        found = model.eval().encode_pictures(ours.float() / 127.5 - 1)
    assert torch.allclose(found, expected, atol=2e-2)


def _own_words(folder: Path) -> Path:
    from captioner.tokenizer import train_tokenizer

    train_tokenizer([drawn(number)[1] for number in range(9)], 300).save_pretrained(folder)
    return folder


@pytest.mark.parametrize("kind", ["gpt2", "llama", "gemma2"])
def test_a_text_decoder_tells_one_by_one_what_it_tells_at_once_and_is_saved_whole(tmp_path: Path, kind: str) -> None:
    folder = language_model(tmp_path / kind, kind)
    model, tokenizer = build(None, str(folder), None, image_size=32, prefix_tokens=4, **TINY)
    assert isinstance(model, PrefixCaptioner)
    tokens, is_real = tokenize(tokenizer, ["a red bar", "a green square, number 7"], ["short", "descriptive"])
    pictures = torch.rand(2, 3, 32, 32)
    with torch.inference_mode():
        context = model.eval().prepare_context(model.encode_pictures(pictures))
        text, feature = model.encode_text(tokens, is_real)
        whole = model.decode(text, context)
        cache, parts = model.new_cache(context, 16), []
        for place in range(tokens.shape[1]):
            parts.append(model.next_states(tokens[:, place : place + 1], place, context, cache))
            cache.length += 1
        assert torch.allclose(torch.cat(parts, 1), whole, atol=1e-4)
        changed = torch.where(is_real, tokens, tokens.new_tensor(5))
        assert torch.allclose(model.encode_text(changed, is_real)[1], feature, atol=1e-5), "padding has no say"
        logits = model.logits(whole)
        assert logits[..., model.config.own_tokens :].isinf().all()
    model.save_pretrained(tmp_path / "saved")
    tokenizer.save_pretrained(tmp_path / "saved")
    again = load_coca(tmp_path / "saved")
    with torch.inference_mode():
        assert torch.equal(again.decode(*_read(again, tokens, is_real, pictures)), whole)
    for way in ("greedy", "nucleus", "beam"):
        decoding = Decoding(way, max_tokens=12, beams=2, exact=True)  # type: ignore[arg-type]
        together = tell(again, tokenizer, pictures, "short", decoding)
        alone = [tell(again, tokenizer, pictures[i : i + 1], "short", decoding, [i])[0] for i in range(2)]
        assert together == alone
    captioner = EmbeddedCaptioner(tmp_path / "saved", dtype=torch.float32)
    assert len(captioner.caption([read_picture(encoded(drawn(1)[0]), 32)], "short")) == 1


def _read(model: Any, tokens: torch.Tensor, is_real: torch.Tensor, pictures: torch.Tensor) -> tuple[Any, Any]:
    return model.encode_text(tokens, is_real)[0], model.prepare_context(model.encode_pictures(pictures))


@pytest.mark.parametrize("rate", [0.0, 0.1])
def test_pretrained_parts_are_frozen_or_learn_as_the_setting_says(tmp_path: Path, rate: float) -> None:
    tower, decoder = vision_model(tmp_path / "siglip", "siglip"), language_model(tmp_path / "gpt2", "gpt2")
    data, given = own(tmp_path), {"image_tower": str(tower), "text_decoder": str(decoder), "tower_rate": rate}
    begun, _ = build(str(tower), str(decoder), None, **{k: v for k, v in TINY.items() if k != "image_width"})
    before = {name: value.clone() for name, value in begun.state_dict().items()}
    account = run(tmp_path / "whole", data, 20, **given)
    assert account["tower_rate"] == rate
    trained = load_coca(tmp_path / "whole" / "captioner").state_dict()
    for part in ("image_tower.model.", "decoder."):
        same = [torch.equal(before[name], trained[name]) for name in before if name.startswith(part)]
        assert all(same) if rate == 0 else not all(same)
    run(tmp_path / "broken", data, 10, **given)
    run(tmp_path / "broken", data, 20, resume=True, **given)
    resumed = load_coca(tmp_path / "broken" / "captioner").state_dict()
    assert all(torch.equal(value, resumed[name]) for name, value in trained.items())


def test_models_of_another_architecture_pickles_and_foreign_code_get_a_sentence(tmp_path: Path) -> None:
    bert, t5, pickled, foreign = (tmp_path / name for name in ("bert", "t5", "pickled", "foreign"))
    small = {"vocab_size": 320, "hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
    BertForMaskedLM(BertConfig(intermediate_size=32, **small)).save_pretrained(bert)
    T5ForConditionalGeneration(
        T5Config(vocab_size=320, d_model=16, d_kv=8, d_ff=16, num_layers=1, num_heads=2)
    ).save_pretrained(t5)
    for folder in (bert, t5):
        saved_tokenizer(folder)
    language_model(pickled, "gpt2")
    torch.save({}, pickled / "pytorch_model.bin")
    (pickled / "model.safetensors").unlink()
    language_model(foreign, "gpt2")
    config = json.loads((foreign / "config.json").read_text())
    (foreign / "config.json").write_text(json.dumps({**config, "auto_map": {"AutoModel": "evil.Model"}}))
    for folder, why in (
        (bert, "bert model and no causal"), (t5, "t5 model and no causal"), (pickled, "no weights in safetensors"),
        (foreign, "code of its own"), (tmp_path / "nowhere", "is no folder here"),
    ):  # fmt: skip
        with pytest.raises(WeightsError, match=why):
            build(None, str(folder), None, **TINY)
    with pytest.raises(WeightsError, match="gpt2 model; --image-tower takes"):
        load_image_tower(str(language_model(tmp_path / "gpt2", "gpt2")))
    with pytest.raises(WeightsError, match="holds a gpt2 model, not a captioner"):
        EmbeddedCaptioner(tmp_path / "gpt2")
    damaged = language_model(tmp_path / "damaged", "gpt2")
    whole = (damaged / "model.safetensors").read_bytes()
    (damaged / "model.safetensors").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(WeightsError, match="are damaged"):
        build(None, str(damaged), None, **TINY)
