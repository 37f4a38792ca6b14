"""The embedded captioner and its commands on a tiny untrained model, saved and loaded as real ones are."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from captioner.embedded import EmbeddedCaptioner
from captioner.errors import DataError, WeightsError
from captioner.export import export_captioner, publish_captioner
from captioner.models.coca import CocaConfig, CocaModel
from captioner.packing import save_packed
from captioner.pictures import read_picture
from captioner.places import WEIGHTS
from captioner.request import Decoding, Scorer
from captioner.tokenizer import train_tokenizer
from captioner.world.scene import WORLD_VERSION
from tests.test_captioner_training import TINY
from tests.test_recaption import encoded, noise, picture_set, rows_of
from ui.cli import main


def save_tiny(folder: Path, packed: bool = False, world_version: int = WORLD_VERSION) -> Path:
    torch.manual_seed(0)
    tokenizer = train_tokenizer(["a red hat in the wind"] * 9, 300)
    config = CocaConfig(320, image_size=64, world_version=world_version, world_setting="core", max_tokens=24, **TINY)
    model = CocaModel(config)
    (save_packed if packed else lambda model, folder: model.save_pretrained(folder))(model, folder)
    tokenizer.save_pretrained(folder)
    return folder


def tiny_captioner(folder: Path) -> EmbeddedCaptioner:
    return EmbeddedCaptioner(save_tiny(folder), dtype=torch.float32)


@pytest.mark.parametrize("packed", [False, True])
def test_a_saved_captioner_captions_the_same_alone_and_in_a_batch(tmp_path: Path, packed: bool) -> None:
    captioner = EmbeddedCaptioner(save_tiny(tmp_path, packed), dtype=torch.float32)
    pictures = [read_picture(encoded(noise(seed)), captioner.abilities().side) for seed in range(5)]
    for way in ("greedy", "nucleus"):
        decoding = Decoding(way, exact=True)
        together = captioner.caption(pictures, "short", decoding, seed=3)
        assert together == [captioner.caption([picture], "short", decoding, seed=3)[0] for picture in pictures]
    assert captioner.caption([], "short") == [] and len(captioner.abilities().weights) == 64


def test_a_published_captioner_says_what_its_run_says_and_names_no_folder(tmp_path: Path) -> None:
    run, home, out = tmp_path / "run", tmp_path / "home", tmp_path / "out"
    save_tiny(run / "captioner")
    (run / "training.json").write_text(json.dumps({"model": "captioner", "warm_start": str(run)}))
    publish_captioner(run, home)
    assert (home / "packed.safetensors").exists() and not (home / "model.safetensors").exists()
    assert all(str(tmp_path) not in path.read_text() for path in home.glob("*.json"))
    export_captioner(out, home)
    picture = read_picture(encoded(noise(1)), 64)
    published, exported = (EmbeddedCaptioner(place, dtype=torch.float32) for place in (home, out))
    assert published.caption([picture], "short") == exported.caption([picture], "short")
    assert published.score([picture], ["a red hat"]) == pytest.approx(
        exported.score([picture], ["a red hat"]), abs=1e-4
    )
    with pytest.raises((WeightsError, OSError)):
        publish_captioner(tmp_path / "nothing", home)
    assert EmbeddedCaptioner(home, dtype=torch.float32).weights_digest == published.weights_digest


def test_it_scores_pictures_with_texts(tmp_path: Path) -> None:
    captioner = tiny_captioner(tmp_path)
    assert isinstance(captioner, Scorer)
    pictures = [read_picture(encoded(noise(seed)), 64) for seed in range(2)]
    assert all(0 <= score <= 1 for score in captioner.score(pictures, ["a red hat", "猫"]))
    with pytest.raises(DataError, match="64 pixels a side; one of 16 came"):
        captioner.caption([read_picture(encoded(noise(0)), 16)], "short")


def test_weights_that_are_missing_damaged_or_of_another_world_are_refused(tmp_path: Path) -> None:
    if not WEIGHTS.exists():
        with pytest.raises(WeightsError, match="carries no trained captioner yet"):
            EmbeddedCaptioner()
    with pytest.raises(WeightsError, match="missing or damaged"):
        EmbeddedCaptioner(tmp_path / "gone")
    with pytest.raises(WeightsError, match="world version 999"):
        EmbeddedCaptioner(save_tiny(tmp_path / "old", world_version=999))
    (save_tiny(tmp_path / "cut") / "model.safetensors").write_bytes(b"cut")
    with pytest.raises(WeightsError, match="missing or damaged"):
        EmbeddedCaptioner(tmp_path / "cut")


def run(capfd: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    capfd.readouterr()
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    out, err = capfd.readouterr()
    return int(ended.value.code or 0), out, err


def test_the_commands_caption_pictures_and_sets(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    weights, folder = save_tiny(tmp_path / "weights"), picture_set(tmp_path / "set", 3)
    bad = folder / "bad.png"
    bad.write_bytes(b"no")
    code, out, err = run(capfd, "caption", folder / "000.png", bad, "--kind", "short", "--json", "--weights", weights)
    rows: list[dict[str, Any]] = [json.loads(line) for line in out.splitlines()]
    assert code == 1 and [list(row) for row in rows] == [["picture", "sha256", "kind", "caption", "error"]] * 2
    assert rows[0]["error"] is None and "no picture" in rows[1]["error"] and "1 of 2 pictures" in err
    target = tmp_path / "captions.parquet"
    code, out, err = run(capfd, "recaption", folder, "--out", target, "--weights", weights)
    assert code == 0, err
    assert "3 pictures, 3 captioned now" in out and "1 could not be read" in out and len(rows_of(target)) == 3
    code, out, _ = run(capfd, "recaption", folder, "--out", target, "--weights", weights, "--json")
    assert code == 0 and json.loads(out)["captioned"] == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("caption", "x.png", "--kind", "long"), "no 'long' caption"),
        (("caption", "x.png", "--decoding", "guess"), "no decoding 'guess'"),
        (("caption", "x.png", "--beams", "3"), "goes with --decoding beam"),
        (("recaption", "gone", "--out", "c.parquet"), "There is no gone"),
        (("recaption", ".", "--out", "c.csv"), "does not end in .parquet"),
        (("eval", "captioner", "--count", "0"), "--count must be 1 or more"),
    ],
)
def test_options_that_cannot_be_used_are_refused_in_one_sentence(
    arguments: tuple[str, ...], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capfd, *arguments)
    assert code == 1 and not out and sentence in err and err.count("\n") == 1
    assert sys.exc_info()[0] is None
