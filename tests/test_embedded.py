"""The main job with the models that the repository carries, through the command that people use."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from generation.embedded import WEIGHTS, EmbeddedPainter
from generation.request import RenderFinished, RenderRequest

ISSUE = [
    "draw an adorable white bunny in a meadow",
    "make it happier",
    "happier!",
    "give it a red hat",
    "go back to the first one",
]


def chat(data: Path, *lines: str, expect: int = 0) -> list[dict[str, object]]:
    """Say lines to `limner chat --json` and return its answers."""
    command = [str(Path(sys.executable).with_name("limner")), "chat", "--json", "--data", str(data)]
    ran = subprocess.run(command, input="\n".join(lines) + "\n", capture_output=True, text=True, timeout=300)
    assert ran.returncode == expect, ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines()]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, object]]]:
    data = tmp_path_factory.mktemp("data")
    return data, chat(data, *ISSUE)


def test_the_five_turns_are_a_picture_three_edits_and_a_return(told: tuple[Path, list[dict[str, object]]]) -> None:
    _, turns = told
    assert [turn["act"] for turn in turns] == ["create", "edit", "edit", "edit", "return"]
    assert [turn["version"] for turn in turns] == ["v1", "v2", "v3", "v4", "v1"]
    assert [turn["parents"] for turn in turns] == [[], ["v1"], ["v2"], ["v3"], []]
    assert turns[4]["versions"] == [] and turns[4]["image"] == turns[0]["image"]
    for word in ("white", "bunny", "meadow"):
        assert all(word in str(turn["prompt"]) for turn in turns)


def test_each_turn_that_paints_leaves_a_picture_of_its_own(told: tuple[Path, list[dict[str, object]]]) -> None:
    _, turns = told
    assert len({turn["image"] for turn in turns[:4]}) == 4
    for turn in turns[:4]:
        with Image.open(str(turn["image"])) as picture:
            assert picture.format == "PNG" and picture.size == (512, 512)


def test_a_second_run_goes_on_with_the_conversation(told: tuple[Path, list[dict[str, object]]]) -> None:
    data, turns = told
    (later,) = chat(data, "make it night")
    assert later["conversation"] == turns[0]["conversation"]
    made = sum(len(turn["versions"]) for turn in turns)  # type: ignore[arg-type]
    assert later["act"] == "edit" and later["parents"] == ["v1"] and later["version"] == f"v{made + 1}"


def test_an_unknown_version_gets_a_sentence_and_the_next_turn_works(tmp_path: Path) -> None:
    turns = chat(tmp_path, "a blue cat on the beach", "go back to v99", "make it sadder", expect=1)
    assert str(turns[1]["error"]).startswith("There is no v99")
    assert turns[2]["act"] == "edit" and turns[2]["error"] is None


def test_asked_what_is_in_a_picture_the_captioner_looks_at_it(tmp_path: Path) -> None:
    turns = chat(tmp_path, "draw an adorable white bunny in a meadow", "what is in this picture?")
    assert turns[1]["act"] == "describe" and turns[1]["versions"] == [] and turns[1]["version"] == "v1"
    assert all(word in str(turns[1]["reply"]) for word in ("v1: ", "white bunny", "meadow"))


def test_a_picture_is_painted_again_pixel_for_pixel_from_its_recipe() -> None:
    class Nothing:
        def read(self, digest: str) -> bytes:
            raise AssertionError(digest)

    painter = EmbeddedPainter()
    request = RenderRequest("r", "create", "A happy white bunny is standing in a meadow.", seed=11)
    pictures = [
        event.image
        for _ in range(2)
        for event in painter.paint([request], Nothing())
        if isinstance(event, RenderFinished)
    ]
    assert pictures[0] == pictures[1]


def test_exported_weights_load_with_from_pretrained(tmp_path: Path) -> None:
    from transformers import AutoModelForCausalLM, AutoTokenizer, SiglipTextModel

    from generation.export import export_painter
    from generation.models.autoencoder import PictureAutoencoder
    from generation.models.denoiser import Denoiser

    export_painter(tmp_path)
    denoiser = Denoiser.from_pretrained(tmp_path / "denoiser")
    assert sum(parameter.numel() for parameter in denoiser.parameters()) > 8_000_000
    assert PictureAutoencoder.from_pretrained(tmp_path / "autoencoder").config.latent_channels == 8
    assert SiglipTextModel.from_pretrained(tmp_path / "text_encoder").config.hidden_size == 256
    rewriter = WEIGHTS.parents[2] / "assistant" / "weights"
    tokenizer = AutoTokenizer.from_pretrained(rewriter)
    model = AutoModelForCausalLM.from_pretrained(rewriter)
    ids = tokenizer("say: a white bunny", return_tensors="pt").input_ids
    assert model(ids).logits.shape[-1] >= int(ids.max())


def test_all_weights_together_fit_their_budget() -> None:
    root = WEIGHTS.parents[2]
    files = [
        path for package in ("assistant", "generation", "captioner") for path in (root / package).rglob("*.safetensors")
    ]
    assert files
    assert max(path.stat().st_size for path in files) <= 15_000_000
    assert sum(path.stat().st_size for path in files) <= 40 * 2**20
