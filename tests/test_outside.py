"""Other people's prompts and pictures: painted, scored by what can be scored, and nothing said of the rest."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from captioner.errors import DataError
from captioner.world.draw import render
from captioner.world.sample import held_out_scene
from captioner.world.scene import Scene, Thing
from generation.errors import PictureError, RequestError, WeightsError
from generation.evaluation.by_eye import agreements, paint_sheets, table, wilson
from generation.evaluation.encoders import HubEncoder
from generation.evaluation.outside import evaluate_prompts, score_folder, score_pictures
from generation.evaluation.prompt_files import read_prompts
from generation.request import FakePainter
from tests.test_evaluation import DrawingPainter, KnowingJudge

CAT = Scene((Thing(1, "cat", "red", mood=2),), "room")


class Brightness:
    """An encoder whose feature is the mean colour, and whose score is right for a prompt that names the picture's."""

    name = "brightness"
    scores_text = True

    def features(self, pictures: np.ndarray) -> np.ndarray:
        return pictures.mean((1, 2)) / 255

    def cosines(self, pictures: np.ndarray, texts: Sequence[str]) -> np.ndarray:
        return np.array(
            [float("dark" in text) == (picture.mean() < 128) for picture, text in zip(pictures, texts, strict=True)]
        )


@pytest.fixture
def geneval(tmp_path: Path) -> Path:
    path = tmp_path / "evaluation_metadata.jsonl"
    rows = [
        {"tag": "colors", "prompt": "a red cat", "include": [{"class": "cat", "count": 1, "color": "red"}]},
        {"tag": "colors", "prompt": "a blue cat", "include": [{"class": "cat", "count": 1, "color": "blue"}]},
        {"tag": "single_object", "prompt": "a bicycle", "include": [{"class": "bicycle", "count": 1}]},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_prompts_in_the_world_are_judged_and_the_others_are_counted(geneval: Path, tmp_path: Path) -> None:
    painter = DrawingPainter({"a red cat": CAT, "a blue cat": CAT, "a bicycle": CAT})
    out = tmp_path / "out"
    report = evaluate_prompts(painter, read_prompts(geneval), KnowingJudge([CAT]), Brightness(), out, batch=2)
    assert [result.followed for result in report.results] == [True, False, None]
    assert "no such thing in the world: bicycle" in report.results[2].outside
    assert "2 of 3 prompts with clauses, 66.7%" in report.table()
    report.write(out)
    rows = [json.loads(line) for line in (out / "results.jsonl").read_text().splitlines()]
    assert [row["prompt"] for row in rows] == ["a red cat", "a blue cat", "a bicycle"]
    with Image.open(out / rows[2]["picture"]) as picture:
        assert picture.size == (128, 128)


def test_another_painters_pictures_are_never_judged(geneval: Path, tmp_path: Path) -> None:
    report = evaluate_prompts(FakePainter(), read_prompts(geneval), None, Brightness(), tmp_path / "out")
    assert {result.followed for result in report.results} == {None}
    assert "was not asked" in report.table()


def test_pictures_are_found_under_genevals_names_and_under_their_prompts(geneval: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    for number, shades in enumerate([(0, 250), (250,)]):
        samples = folder / f"{number:05}" / "samples"
        samples.mkdir(parents=True)
        for index, shade in enumerate(shades):
            Image.new("RGB", (40, 30), (shade,) * 3).save(samples / f"{index:04}.png")
    with pytest.raises(RequestError, match=r"no picture of 1 of 3 prompts, 00002"):
        score_pictures(read_prompts(geneval), folder, Brightness())
    Image.new("RGB", (9, 9), "black").save(folder / "00002.jpg")
    report = score_pictures(read_prompts(geneval), folder, Brightness())
    assert [result.score for result in report.results] == [0, 1, 1, 0]
    (folder / "00002.jpg").write_bytes(b"no picture")
    with pytest.raises(DataError, match=r"00002.jpg cannot be read"):
        score_pictures(read_prompts(geneval), folder, Brightness())


def test_a_folder_is_scored_by_its_own_texts_and_held_against_another(tmp_path: Path) -> None:
    for name, low in (("ours", 0), ("theirs", 100)):
        (tmp_path / name).mkdir()
        for index in range(5):
            shade = low + 20 * index
            Image.new("RGB", (16, 16), (shade, shade, shade)).save(tmp_path / name / f"{index}.png")
    (tmp_path / "ours" / "0.txt").write_text("a dark square")
    (tmp_path / "ours" / "1.txt").write_text("a bright square")
    (tmp_path / "ours" / "broken.png").write_bytes(b"broken")
    report = score_folder(tmp_path / "ours", Brightness(), tmp_path / "theirs")
    assert [result.score for result in report.results] == [1, 0, None, None, None]
    assert "not read: 1, broken.png" in report.table()
    assert "FD (brightness)" in report.table() and "precision" in report.table()
    few = tmp_path / "few"
    few.mkdir()
    Image.new("RGB", (8, 8)).save(few / "0.png")
    with pytest.raises(DataError, match="at least 4"):
        score_folder(few, Brightness(), tmp_path / "theirs")


def tiny_clip(folder: Path) -> Path:
    """Save a CLIP at a tiny size, with the files that a real one has."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import CLIPConfig, CLIPImageProcessorPil, CLIPModel, PreTrainedTokenizerFast

    torch.manual_seed(0)
    half = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    config = CLIPConfig(
        text_config={**half, "vocab_size": 8, "max_position_embeddings": 12, "eos_token_id": 1, "bos_token_id": 2},
        vision_config={**half, "image_size": 32, "patch_size": 16}, projection_dim=8,
    )  # fmt: skip
    CLIPModel(config).save_pretrained(folder)
    vocabulary = {"<pad>": 0, "<end>": 1, "<start>": 2, "cat": 3, "dog": 4, "a": 5, "<unk>": 6}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="<pad>", eos_token="<end>", unk_token="<unk>")
    fast.save_pretrained(folder)
    CLIPImageProcessorPil(size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32}).save_pretrained(folder)
    return folder


def test_a_clip_of_the_hubs_layout_scores_as_transformers_does(tmp_path: Path) -> None:
    from transformers import CLIPImageProcessorPil, CLIPModel

    folder = tiny_clip(tmp_path / "clip")
    pictures = np.stack([render(held_out_scene(index), 64) for index in range(3)])
    encoder = HubEncoder(str(folder))
    assert (encoder.name, encoder.scores_text) == ("clip", True)
    model = CLIPModel.from_pretrained(folder)
    pixels = CLIPImageProcessorPil.from_pretrained(folder)(images=list(pictures), return_tensors="pt")["pixel_values"]
    tokens = torch.tensor([[5, 3] + [0] * 10, [5, 4] + [0] * 10, [3, 4] + [0] * 10])
    with torch.inference_mode():
        said = model(pixel_values=pixels, input_ids=tokens, attention_mask=(tokens != 0).long())
    found = encoder.cosines(pictures, ["a cat", "a dog", "cat dog"])
    wanted = (said.image_embeds * said.text_embeds).sum(-1).numpy()
    assert found == pytest.approx(wanted, abs=1e-5)
    assert encoder.features(pictures).shape == (3, 8)


def test_a_vision_model_without_texts_gives_features_and_refuses_to_score(tmp_path: Path) -> None:
    from transformers import Dinov2Config, Dinov2Model, ViTImageProcessorPil

    config = Dinov2Config(hidden_size=16, num_hidden_layers=1, num_attention_heads=2, image_size=28, patch_size=14)
    Dinov2Model(config).save_pretrained(tmp_path)
    ViTImageProcessorPil(size={"height": 28, "width": 28}).save_pretrained(tmp_path)
    encoder = HubEncoder(str(tmp_path))
    pictures = np.zeros((2, 40, 40, 3), np.uint8)
    assert encoder.features(pictures).shape == (2, 16)
    with pytest.raises(WeightsError, match="reads no texts"):
        encoder.cosines(pictures, ["a", "b"])


def test_what_is_no_encoder_is_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="cannot be used as an encoder"):
        HubEncoder(str(tmp_path))


def test_eyes_that_see_what_the_judge_reads_agree_and_others_do_not(tmp_path: Path) -> None:
    from captioner.world.captions import descriptive
    from captioner.world.scene import CORE
    from generation.evaluation.by_eye import FIRST

    scenes = [held_out_scene(FIRST + index) for index in range(6)]
    painter = DrawingPainter({descriptive(scene, FIRST + i): scene for i, scene in enumerate(scenes)})
    paint_sheets(painter, 6, CORE, tmp_path, batch=4)
    assert (tmp_path / "sheet-0.png").stat().st_size > 10_000
    rows = []
    for index, scene in enumerate(scenes):
        things = [
            {
                "side": thing.side, "kind": thing.kind, "colour": thing.colour, "mood": thing.mood,
                "items": {item.kind: item.colour for item in (*thing.worn, thing.held) if item},
            }
            for thing in scene.things
        ]  # fmt: skip
        rows.append({"picture": index, "things": things, "place": scene.place})
    eyes = tmp_path / "eyes.jsonl"
    eyes.write_text("".join(json.dumps(row) + "\n" for row in rows))
    found = {each.name: each for each in agreements(KnowingJudge(scenes), eyes, tmp_path)}
    assert {each.same for each in found.values()} == {each.verdicts for each in found.values()} == {1.0}
    assert found["kind"].by_eye == found["kind"].by_judge == 1
    rows[0]["place"] = next(place for place in CORE.places if place != scenes[0].place)
    eyes.write_text("".join(json.dumps(row) + "\n" for row in rows))
    changed = {each.name: each for each in agreements(KnowingJudge(scenes), eyes, tmp_path)}
    assert changed["place"].same == changed["place"].verdicts == pytest.approx(5 / 6)
    assert "place" in table(list(changed.values()))
    eyes.write_text('{"picture": 0}\n')
    with pytest.raises(PictureError, match="line 1"):
        agreements(KnowingJudge(scenes), eyes, tmp_path)


def test_the_interval_of_a_share_is_wilsons() -> None:
    low, high = wilson(8, 10)
    assert (low, high) == pytest.approx((0.490, 0.943), abs=1e-3)
    assert wilson(10, 10)[1] == pytest.approx(1)
