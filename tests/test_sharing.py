"""A painter and a language model on one device: who may be there when, and that both work; real classes, tiny.

`tests.other_device` stands for a GPU, in a process of its own: torch learns of a device before its first gradient.
"""

from __future__ import annotations

import contextlib
import io
import multiprocessing
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from generation.errors import RequestError, WeightsError
from generation.placement import GB, Machine, Wishes
from generation.sharing import SharedDevice, share

GPU = Machine("cuda", "a GPU", 16 * GB, 64 * GB)


@pytest.mark.parametrize(
    ("painter", "rewriter", "machine", "wish", "expected"),
    [
        (8, 7, GPU, "auto", "together"),
        (10, 7, GPU, "auto", "turns"),
        (10, 7, GPU, "together", "together"),
        (1, 1, GPU, "turns", "turns"),
        (10, 7, Machine("cpu", "CPU", 16 * GB, 16 * GB), "auto", "together"),
        (10, 7, Machine("mps", "Apple GPU", 16 * GB, 16 * GB), "auto", "together"),
    ],
)
def test_models_take_turns_where_they_do_not_fit_together(
    painter: int, rewriter: int, machine: Machine, wish: str, expected: str
) -> None:
    found = share(painter * GB, rewriter * GB, machine, wish)
    assert found.share == expected and f"{painter + rewriter:.1f} GB needed together" in str(found)


def test_a_wish_that_there_is_not_is_refused() -> None:
    with pytest.raises(RequestError, match="'auto', 'together' or 'turns'"):
        SharedDevice(lambda: GPU, "sometimes")


def test_what_does_not_fit_even_alone_is_refused_before_it_comes() -> None:
    device = SharedDevice(lambda: GPU)
    with pytest.raises(WeightsError, match=r"needs about 17\.0 GB of a GPU, and 16\.0 GB are free"):
        device.join("a large one", 17 * GB, pytest.fail, pytest.fail)


def test_a_painter_that_must_stay_beside_a_rewriter_has_only_what_that_leaves() -> None:
    for wish, free in (("together", 9), ("auto", 16), ("turns", 16)):
        device = SharedDevice(lambda: GPU, wish)
        device.join("talker", 7 * GB, lambda: None, lambda: None)
        assert device.room().free == free * GB


class Guests:
    """Two that do not fit together, and what they did."""

    def __init__(self, wish: str = "auto", needed: int = 10 * GB) -> None:
        self.done: list[str] = []
        self.there: set[str] = set()
        self.device = SharedDevice(lambda: GPU, wish, lambda: self.done.append("emptied"))
        for name in ("painter", "talker"):
            self.device.join(name, needed, self.moving(name, self.there.add), self.moving(name, self.there.discard))

    def moving(self, name: str, move: Callable[[str], object]) -> Callable[[], None]:
        def moved() -> None:
            move(name)
            self.done.append(f"{name} {'comes' if name in self.there else 'leaves'}")

        return moved


def test_each_comes_once_and_leaves_only_for_the_other() -> None:
    guests = Guests()
    for name in ("talker", "talker", "painter", "painter", "talker"):
        with guests.device.working(name):
            assert guests.there == {name}
    assert guests.done == [
        "talker comes", "talker leaves", "emptied", "painter comes", "painter leaves", "emptied", "talker comes",
    ]  # fmt: skip


def test_nobody_is_moved_out_while_at_work_and_whoever_asked_first_is_next() -> None:
    guests, order = Guests(), []

    def work(name: str, mark: str) -> None:
        with guests.device.working(name):
            order.append(mark)

    with guests.device.working("painter"):
        waiting = []
        for number, name in enumerate(("talker", "painter", "talker")):
            waiting.append(threading.Thread(target=work, args=(name, f"{name} {number}")))
            waiting[-1].start()
            while len(guests.device._waiting) <= number:
                time.sleep(0.001)
        assert guests.there == {"painter"} and not order
    for thread in waiting:
        thread.join(10)
    assert order == ["talker 0", "painter 1", "talker 2"]


def test_those_that_fit_together_work_at_once_and_never_move() -> None:
    guests = Guests("together", 8 * GB)
    with guests.device.working("painter"), guests.device.working("talker"):
        assert guests.there == {"painter", "talker"}
    assert guests.done == ["painter comes", "talker comes"]


def test_one_that_cannot_come_leaves_the_device_to_the_other() -> None:
    guests = Guests()
    guests.device._guests["talker"].come = lambda: (_ for _ in ()).throw(MemoryError())
    with pytest.raises(MemoryError), guests.device.working("talker"):
        pytest.fail("it works, and is not there")
    with guests.device.working("painter"):
        assert guests.there == {"painter"}


def test_a_real_painter_and_a_real_language_model_are_never_on_the_device_at_once(tmp_path: Path) -> None:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        turns = process.submit(_worked, tmp_path / "turns", 2.5).result(timeout=500)
        together = process.submit(_worked, tmp_path / "together", 4.0).result(timeout=500)
    for found in (turns, together):
        assert found["pictures"] == 2 and found["answers"] == 2
        assert {"painter", "rewriter"} <= set().union(*found["seen"])
    assert {"painter", "rewriter"} not in turns["seen"] and turns["left"] in ({"painter"}, {"rewriter"})
    assert {"painter", "rewriter"} in together["seen"] and together["left"] == {"painter", "rewriter"}


def test_what_sharing_costs_is_measured_on_a_device_and_without_one(tmp_path: Path) -> None:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        process.submit(_chat_model, tmp_path / "chat").result(timeout=500)
        turns, together, said = process.submit(_measured, tmp_path).result(timeout=500)
    chat = str(tmp_path / "chat")
    painter = f"the painter {tmp_path / 'sd15'}"
    there_and_back = [f"{chat} in", f"{chat} out", f"{painter} in", f"{painter} out"]
    assert turns == [*there_and_back, *there_and_back][:-1], "each is moved out once the other works"
    assert together == [f"{chat} in", f"{painter} in"]
    assert said.count("words") == 4 and said.count("picture") == 4 and "There is no GPU here" in said
    assert said.count(" GB/s") == 2


def _worked(folder: Path, free: float) -> dict[str, Any]:
    """Paint and talk at once, twice, on a device with so many GB; say who was there at each step of either."""
    from tests import other_device

    other_device._register()
    import torch

    from assistant.llm import local
    from assistant.llm.chat import ChatMessage
    from generation.diffusers_painter import DiffusersPainter
    from generation.request import RenderFinished, RenderRequest
    from tests.pictures import Blobs
    from tests.tiny_pipelines import saved

    _chat_model(folder / "chat")
    local.ANSWER_TOKENS = 4
    device = SharedDevice(lambda: Machine(other_device.NAME, "other", int(free * GB), 64 * GB))
    painter = DiffusersPainter(str(saved("sd15", folder)), Wishes(dtype="float32"), shared=device)
    talker = local.LocalChatModel(str(folder / "chat"), device=other_device.NAME, sharing=device)
    talker.load()
    modules = {"painter": painter.loaded.pipeline.unet, "rewriter": talker._ready().model}
    seen: set[frozenset[str]] = set()

    def there() -> frozenset[str]:
        devices = {name: {part.device.type for part in model.parameters()} for name, model in modules.items()}
        return frozenset(name for name, found in devices.items() if other_device.NAME in found)

    for model in modules.values():
        model.register_forward_pre_hook(lambda *_: seen.add(there()))
    answers: list[str] = []

    def talk() -> None:
        answers.extend("".join(talker.stream([ChatMessage("user", "hi")], seed=seed)) for seed in (1, 2))

    talking = threading.Thread(target=talk)
    talking.start()
    requests = [RenderRequest(str(seed), "create", "a cat", seed=seed, steps=2) for seed in (1, 2)]
    with torch.random.fork_rng():
        pictures = [event for event in painter.paint(requests, Blobs()) if isinstance(event, RenderFinished)]
    talking.join(200)
    return {"pictures": len(pictures), "answers": len(answers), "seen": [set(s) for s in seen], "left": set(there())}


def _chat_model(folder: Path) -> None:
    """Save a real Llama of tiny size, which talks nonsense."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    core = Tokenizer(models.BPE({piece: at for at, piece in enumerate(["<end>", *letters])}, []))
    core.pre_tokenizer, core.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=core, eos_token="<end>", pad_token="<end>")
    tokenizer.chat_template = "{% for m in messages %}{{ m.content }}{% endfor %}"
    config = LlamaConfig(
        vocab_size=len(letters) + 1, hidden_size=32, intermediate_size=64, num_hidden_layers=1, num_attention_heads=2
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def _measured(folder: Path) -> tuple[list[str], list[str], str]:
    """Run the benchmark on the other device, both ways, and without one; return the moves and what it said."""
    from tests import other_device

    other_device._register()
    from assistant.llm import local
    from benchmarks import sharing
    from tests.tiny_pipelines import saved

    local.ANSWER_TOKENS = 4
    painter, chat, said = str(saved("sd15", folder)), str(folder / "chat"), io.StringIO()
    moves = {}
    with contextlib.redirect_stdout(said):
        for wish, free in (("turns", 2.5), ("together", 8.0)):
            machine = Machine(other_device.NAME, "other", int(free * GB), 64 * GB)
            look = partial(replace, machine)
            found = sharing.on_a_device(painter, chat, wish, 2, look, Wishes(dtype="float32"), steps=1)
            moves[wish] = [what for what, _ in found]
        sharing.main([painter, chat])
    return moves["turns"], moves["together"], said.getvalue()
