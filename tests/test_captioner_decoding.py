"""Decoding against oracles: every caption there is, one by one, a plain search; and batches against single pictures."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
import torch
from torch import Tensor
from transformers import PreTrainedTokenizerFast

from captioner.decode import Teller, beam_search, nucleus, tell
from captioner.models.coca import CocaConfig, CocaModel
from captioner.request import Decoding
from captioner.tokenizer import TASKS, train_tokenizer
from tests.test_captioner_training import TINY

EXACT = {"exact": True, "max_tokens": 24}


@pytest.fixture(scope="module")
def tokenizer() -> PreTrainedTokenizerFast:
    return train_tokenizer(["a red hat in the wind"] * 9, 300)


@pytest.fixture(scope="module")
def model() -> CocaModel:
    """Of random weights, but surer of itself, of its ends and of what it sees than such a model is."""
    torch.manual_seed(1)
    model = CocaModel(CocaConfig(320, image_size=64, **TINY)).eval()
    with torch.no_grad():
        model.norm.weight.mul_(2.0)
        model.tokens.weight[1] *= 1.3  # <end>
        for name, weight in model.named_parameters():
            if weight.ndim > 1 and "tokens" not in name:
                weight.mul_(3.0)
    return model


@pytest.fixture(scope="module")
def pictures() -> Tensor:
    generator = torch.Generator().manual_seed(1)
    return torch.rand(7, 3, 1, 1, generator=generator) * 2 - torch.rand(7, 3, 64, 64, generator=generator)


def ways() -> Iterator[Decoding]:
    yield Decoding("greedy", **EXACT)
    yield Decoding("nucleus", top_p=0.7, **EXACT)
    yield Decoding("beam", beams=3, **EXACT)


@pytest.mark.parametrize("decoding", list(ways()), ids=lambda decoding: decoding.way)
def test_a_batch_says_what_its_pictures_say_one_by_one(
    decoding: Decoding, model: CocaModel, tokenizer: PreTrainedTokenizerFast, pictures: Tensor
) -> None:
    together = tell(model, tokenizer, pictures, "short", decoding, seeds=range(7))
    alone = [tell(model, tokenizer, pictures[i : i + 1], "short", decoding, seeds=[i])[0] for i in range(7)]
    assert together == alone
    assert len(set(together)) > 1


def test_one_beam_is_greedy_decoding_and_a_tiny_nucleus_too(
    model: CocaModel, tokenizer: PreTrainedTokenizerFast, pictures: Tensor
) -> None:
    greedy = tell(model, tokenizer, pictures, "descriptive", Decoding("greedy", **EXACT))
    assert tell(model, tokenizer, pictures, "descriptive", Decoding("beam", beams=1, **EXACT)) == greedy
    assert tell(model, tokenizer, pictures, "descriptive", Decoding("nucleus", top_p=1e-6, **EXACT)) == greedy


def test_nothing_is_told_of_no_pictures_and_seeds_are_counted(
    model: CocaModel, tokenizer: PreTrainedTokenizerFast, pictures: Tensor
) -> None:
    assert tell(model, tokenizer, pictures[:0], "short") == []
    with pytest.raises(ValueError, match="a seed for each of 7"):
        tell(model, tokenizer, pictures, "short", seeds=[1])


def test_a_caption_may_take_all_128_tokens_and_no_more(
    model: CocaModel, tokenizer: PreTrainedTokenizerFast, pictures: Tensor
) -> None:
    endless = CocaModel(model.config).eval()
    endless.load_state_dict(model.state_dict())
    calls = []
    told = endless.next_states

    def next_states(*given: object) -> Tensor:
        calls.append(given[1])
        return told(*given)

    endless.next_states = next_states
    end, tokenizer.eos_token = tokenizer.eos_token, "<alt>"  # which is banned: no caption ends
    try:
        for way in ("greedy", "beam"):
            calls.clear()
            tell(endless, tokenizer, pictures[:1], "short", Decoding(way, beams=2, max_tokens=500))
            assert calls == list(range(128))
    finally:
        tokenizer.eos_token = end


WORDS = 3
END = 0
FIRST = 4


class Table:
    """A model whose next token depends on the two before, by a table; the context is the picture's number."""

    def __init__(self, seed: int, pictures: int):
        generator = torch.Generator().manual_seed(seed)
        self.logits = 2 * torch.randn(pictures, FIRST + 1, FIRST + 1, WORDS + 1, generator=generator)


class TableTeller(Teller):
    """A `Teller` over a `Table`: the rows' tokens so far are its cache."""

    def __init__(self, table: Table):
        self.table = table
        self.context = []
        self.pictures = list(range(len(table.logits)))
        self.banned = torch.zeros(WORDS + 1, dtype=torch.bool)
        self.cache = _Told([[FIRST] for _ in self.pictures])  # type: ignore[assignment]

    def next_logits(self, last: Tensor) -> Tensor:
        for row, token in zip(self.cache.rows, last[:, 0].tolist(), strict=True):
            row.append(token)
        rows = zip(self.pictures, self.cache.rows, strict=True)
        return torch.stack([self.table.logits[picture, row[-2], row[-1]] for picture, row in rows])


class _Told:
    def __init__(self, rows: list[list[int]]):
        self.rows = rows

    def select(self, rows: Tensor) -> None:
        self.rows = [list(self.rows[row]) for row in rows.tolist()]


def log_probability(table: Table, picture: int, tokens: tuple[int, ...]) -> float:
    before, last, total = FIRST, FIRST, 0.0
    for token in tokens:
        total += table.logits[picture, before, last].log_softmax(-1)[token].item()
        before, last = last, token
    return total


def all_captions(room: int) -> Iterator[tuple[int, ...]]:
    for length in range(room):
        for words in itertools.product(range(1, WORDS + 1), repeat=length):
            yield (*words, END)
    yield from itertools.product(range(1, WORDS + 1), repeat=room)


@pytest.mark.parametrize("power", [0.0, 0.7, 1.0])
def test_a_beam_as_wide_as_the_language_finds_the_best_caption_there_is(power: float) -> None:
    room = 4
    for seed in range(8):
        table = Table(seed, pictures=3)
        found = beam_search(TableTeller(table), FIRST, END, room, (WORDS + 1) ** room, power)
        for picture, told in enumerate(found):
            best = max(all_captions(room), key=lambda t: log_probability(table, picture, t) / len(t) ** power)
            assert tuple(told) == best


def plain_search(table: Table, picture: int, room: int, beams: int, power: float) -> list[int]:
    """The same search without a batch, a cache or an early end."""
    live: list[tuple[int, ...]] = [()]
    ended: list[tuple[int, ...]] = []
    for length in range(1, room + 1):
        grown = [(*told, token) for told in live for token in range(WORDS + 1)]
        grown.sort(key=lambda told: -log_probability(table, picture, told))
        grown = grown[: beams - len(ended)]
        ended += [told for told in grown if told[-1] == END or length == room]
        live = [told for told in grown if told[-1] != END and length < room]
    return list(max(ended, key=lambda told: log_probability(table, picture, told) / len(told) ** power))


@pytest.mark.parametrize("beams", [1, 2, 3])
def test_narrow_beams_find_what_a_plain_search_finds(beams: int) -> None:
    for seed in range(12):
        table = Table(100 + seed, pictures=3)
        found = beam_search(TableTeller(table), FIRST, END, 5, beams, 0.8)
        assert found == [plain_search(table, picture, 5, beams, 0.8) for picture in range(3)]


def test_a_nucleus_is_the_fewest_likeliest_with_that_probability_together() -> None:
    logits = torch.tensor([[0.1, 0.4, 0.2, 0.3]]).log()
    draws = torch.linspace(0, 1, 1001)
    for top_p, kept in ((0.3, {1}), (0.41, {1, 3}), (0.71, {1, 2, 3}), (1.0, {0, 1, 2, 3})):
        drawn = nucleus(logits.expand(1001, -1), draws, top_p)
        assert set(drawn.tolist()) == kept
        shares = torch.bincount(drawn, minlength=4) / 1001
        wanted = torch.tensor([logits[0, i].exp() if i in kept else 0.0 for i in range(4)])
        assert torch.allclose(shares, wanted / wanted.sum(), atol=0.003)


def test_decoding_is_refused_where_it_makes_no_sense() -> None:
    for wrong in ({"way": "guess"}, {"beams": 0}, {"top_p": 0.0}, {"temperature": 0.0}, {"max_tokens": 0}):
        with pytest.raises(ValueError, match="decoding"):
            Decoding(**wrong)  # type: ignore[arg-type]


def test_tasks_and_padding_are_never_words(tokenizer: PreTrainedTokenizerFast, model: CocaModel) -> None:
    teller = Teller(model, tokenizer, torch.zeros(1, 3, 64, 64), 8)
    logits = teller.next_logits(torch.tensor([[5]]))
    banned = [tokenizer.pad_token_id, *tokenizer.convert_tokens_to_ids(list(TASKS.values()))]
    assert logits[0, banned].isinf().all() and logits[0, len(tokenizer) :].isinf().all()
    assert logits[0, tokenizer.eos_token_id].isfinite()
