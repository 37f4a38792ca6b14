"""Training of the captioner in miniature: losses as re-derived, a loss that falls, runs that resume bit for bit."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from transformers import DynamicCache

from captioner.decode import greedy
from captioner.errors import DataError, TrainingError
from captioner.losses import caption_loss, contrastive_loss
from captioner.models.coca import CocaConfig, CocaModel
from captioner.models.layers import FeedForward, doubled, fused_linear, is_fusible, linear, quickly_normed
from captioner.tokenizer import load_tokenizer, tokenize, train_tokenizer
from captioner.training.captioner import CaptionerData, train_captioner

TINY = {
    "near_width": 32, "near_layers": 2, "image_width": 64, "image_layers": 1, "width": 64, "heads": 1,
    "unimodal_layers": 1, "multimodal_layers": 1, "feature_width": 32,
}  # fmt: skip
DATA = CaptionerData(pairs=12, batch=8, size=64)


def tiny() -> CocaModel:
    torch.manual_seed(0)
    return CocaModel(CocaConfig(320, image_size=64, **TINY)).eval()


def test_the_contrastive_loss_is_the_mean_of_both_directions_cross_entropies() -> None:
    generator = torch.Generator().manual_seed(0)
    pictures, texts = (torch.nn.functional.normalize(torch.randn(5, 4, generator=generator), dim=-1) for _ in range(2))
    total = 0.0
    for own in range(5):
        for asked, answers in ((pictures[own], texts), (texts[own], pictures)):
            scores = [3.0 * float(asked @ answer) for answer in answers]
            total -= scores[own] - math.log(sum(map(math.exp, scores)))
    assert contrastive_loss(pictures, texts, torch.tensor(3.0)).item() == pytest.approx(total / 10, rel=1e-5)


def test_a_text_that_two_pictures_share_is_wrong_for_neither() -> None:
    pictures = torch.nn.functional.normalize(torch.randn(2, 4, generator=torch.Generator().manual_seed(1)), dim=-1)
    same = torch.ones(2, 2, dtype=torch.bool)
    assert contrastive_loss(pictures, pictures, torch.tensor(5.0), same).item() == 0


def test_the_caption_loss_of_even_logits_is_the_vocabularys_logarithm() -> None:
    assert caption_loss(torch.zeros(3, 7), torch.tensor([0, 3, 6])).item() == pytest.approx(math.log(7))
    with pytest.raises(ValueError, match="needs logits"):
        caption_loss(torch.zeros(1, 3, 7), torch.zeros(1, 3, dtype=torch.int64))


def test_any_text_comes_back_from_the_tokenizer_as_it_was() -> None:
    tokenizer = train_tokenizer(["a red hat in the wind"] * 9, 300, [" in the wind"])
    for text in ("A red hat in the wind.", "猫 und Hütchen 🎩", "  two  spaces "):
        assert tokenizer.decode(tokenizer(text)["input_ids"]) == text
    assert len(tokenizer(" in the wind")["input_ids"]) == 1


def test_a_text_that_is_too_long_is_not_learned_to_end_in_the_middle() -> None:
    tokenizer = train_tokenizer(["a b c d"], 300)
    tokens, is_real = tokenize(tokenizer, ["a" * 40, "a"], ["alt", "alt"], max_tokens=16)
    assert tokens.shape == (2, 17) and is_real[0].all() and tokenizer.eos_token_id not in tokens[0]
    assert is_real[1].sum() == 3


def test_no_state_sees_a_later_token_and_no_feature_sees_padding() -> None:
    model = tiny()
    tokens = torch.randint(300, (2, 9))
    is_real = torch.arange(9)[None] < torch.tensor([[9], [5]])
    changed = tokens.clone()
    changed[1, 5:] = 7
    with torch.inference_mode():
        states, feature = model.encode_text(tokens, is_real)
        other_states, other_feature = model.encode_text(changed, is_real)
    assert torch.equal(feature, other_feature) and torch.equal(states[1, :5], other_states[1, :5])
    assert not torch.equal(states[1, 5:], other_states[1, 5:])


def test_the_quick_norm_is_the_root_mean_square_norm() -> None:
    norm = torch.nn.RMSNorm(16, eps=1e-6)
    torch.nn.init.uniform_(norm.weight)
    x = 3 * torch.randn(5, 2, 16)
    assert torch.allclose(quickly_normed(x, doubled(norm, x.dtype), norm), norm(x), atol=1e-6)
    small = 1e-3 * x  # so that the norm's epsilon counts
    assert torch.allclose(quickly_normed(small, doubled(norm, x.dtype), norm), norm(small), atol=1e-6)


@pytest.mark.parametrize("gelu", [False, True])
def test_fused_linear_layers_are_as_near_the_truth_as_plain_ones(gelu: bool) -> None:
    feed = FeedForward(48, 96)
    x = torch.randn(5, 3, 48)
    with torch.inference_mode():
        whole = feed(x) if gelu else feed[0](x)
        feed, low = feed.bfloat16(), x.bfloat16()
        if not is_fusible(low):
            pytest.skip("this processor does not compute in bfloat16")
        fused = feed(low) if gelu else linear(feed[0], low)
        first = feed[0]
        packed = torch.ops.mkldnn._reorder_linear_weight(first.weight, 15)
        assert torch.equal(
            fused_linear(low, packed, first.bias, gelu), fused_linear(low, first.weight, first.bias, gelu)
        )
        plain = nn.Sequential.forward(feed, low) if gelu else feed[0](low)
    assert fused.shape == whole.shape and fused.dtype == torch.bfloat16
    assert (fused.float() - whole).abs().mean() <= 1.1 * (plain.float() - whole).abs().mean()


def test_pictures_and_texts_are_read_alike_with_and_without_gradients() -> None:
    model = tiny()
    tokens = torch.randint(300, (19, 7))
    pictures, is_real = torch.rand(19, 3, 64, 64), torch.ones_like(tokens, dtype=torch.bool)
    is_real[::2, 4:] = False

    def read() -> tuple[Tensor, ...]:
        states = model.encode_pictures(pictures)
        text, feature = model.encode_text(tokens, is_real)
        return states, model.picture_features(states), feature, model.decode(text, model.prepare_context(states))

    learning = read()
    with torch.inference_mode():
        for one, two in zip(learning, read(), strict=True):
            assert torch.allclose(one, two, atol=1e-5)


def test_states_with_a_cache_are_those_without() -> None:
    model = tiny()
    tokens = torch.randint(300, (2, 7))
    pictures = torch.rand(2, 3, 64, 64)
    with torch.inference_mode():
        context = model.prepare_context(model.encode_pictures(pictures))
        text, _ = model.encode_text(tokens, torch.ones_like(tokens, dtype=torch.bool))
        whole = model.decode(text, context)
        for cache in (model.new_cache(context, 16), DynamicCache()):
            parts: list[Tensor] = []
            for place in range(7):
                parts.append(model.next_states(tokens[:, place : place + 1], place, context, cache))
            assert torch.allclose(torch.cat(parts, 1), whole, atol=1e-5)


def test_a_saved_captioner_loads_as_an_ordinary_transformers_model(tmp_path: Path) -> None:
    model = tiny()
    model.save_pretrained(tmp_path)
    again = CocaModel.from_pretrained(tmp_path).eval()
    pictures = torch.rand(1, 3, 64, 64)
    assert torch.equal(model.encode_pictures(pictures), again.encode_pictures(pictures))
    for name, value in model.state_dict().items():
        assert torch.equal(value, again.state_dict()[name]), name


def test_the_recipe_in_miniature_learns_resumes_bit_for_bit_and_captions(tmp_path: Path) -> None:
    def run(out: Path, steps: int, resume: bool = False) -> dict[str, object]:
        return train_captioner(
            out, steps=steps, threads=1, data=DATA, pictures=tmp_path / "pictures", stage="both", truth=0.5,
            shape=TINY, resume=resume, flat_until=1.0,
        )  # fmt: skip

    account = run(tmp_path / "whole", 60)
    rows = [json.loads(line) for line in (tmp_path / "whole" / "losses.jsonl").read_text().splitlines()]
    assert {"caption", "contrastive", "truth"} <= rows[0].keys() and account["last_loss"] < rows[0]["loss"]
    run(tmp_path / "broken", 30)
    run(tmp_path / "broken", 60, resume=True)
    whole, resumed = (CocaModel.from_pretrained(tmp_path / name / "captioner") for name in ("whole", "broken"))
    for name, value in whole.state_dict().items():
        assert torch.equal(value, resumed.state_dict()[name]), name
    tokenizer = load_tokenizer(tmp_path / "whole" / "captioner")
    assert len(greedy(whole.eval(), tokenizer, torch.rand(2, 3, 64, 64), "short")) == 2


def test_a_fine_tune_starts_from_a_base_and_stages_have_names(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="starts from a base"):
        train_captioner(tmp_path, steps=1, stage="dsc")
    with pytest.raises(TrainingError, match="no stage 'tsc'"):
        train_captioner(tmp_path, steps=1, stage="tsc")  # type: ignore[arg-type]


def test_pictures_of_another_size_are_refused(tmp_path: Path) -> None:
    train_captioner(tmp_path, steps=1, threads=1, data=DATA, shape=TINY)
    with pytest.raises(DataError, match="name another folder"):
        train_captioner(tmp_path, steps=1, threads=1, data=CaptionerData(pairs=12, batch=8), shape=TINY)
