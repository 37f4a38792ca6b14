"""A safety model of one's own: a real ViT of tiny size in the hub's layout, which learned to tell red from blue."""

from __future__ import annotations

import io
import json
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file
from transformers import ViTConfig, ViTForImageClassification, ViTImageProcessor, ViTModel

from assistant.errors import PolicyError, RefusedUpload
from assistant.policy import Allowed, Refused
from assistant.policy_pictures import LookingPolicy
from assistant.rewriter import FakeRewriter
from assistant.uploads import read_upload
from generation.errors import PictureError, WeightsError
from generation.request import FakePainter
from generation.safety import ImageClassifier
from tests.conversing import said
from tests.fakes import fake_plan
from ui.settings import Settings
from ui.wiring import build, load_policy, load_safety

SIDE = 16
EXECUTED: list[str] = []


class Hostile:
    def __reduce__(self) -> tuple[Any, ...]:
        return (EXECUTED.append, ("ran",))


def png(colour: str, size: tuple[int, int] = (40, 30)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    model = ViTForImageClassification(
        ViTConfig(
            hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16, image_size=SIDE,
            patch_size=SIDE, id2label={0: "normal", 1: "nsfw"}, label2id={"normal": 0, "nsfw": 1},
        )
    )  # fmt: skip
    processor = ViTImageProcessor(size={"height": SIDE, "width": SIDE})
    pictures = [Image.new("RGB", (SIDE, SIDE), colour) for colour in ("blue", "red")]
    pixels = processor(images=pictures, return_tensors="pt")["pixel_values"]
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    for _ in range(60):
        loss = torch.nn.functional.cross_entropy(model(pixels).logits, torch.tensor([0, 1]))
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    found = tmp_path_factory.mktemp("classifier") / "tiny"
    model.save_pretrained(found)
    processor.save_pretrained(found)
    return found


def test_a_folder_of_the_hubs_layout_classifies_as_transformers_does(folder: Path) -> None:
    classifier = ImageClassifier(str(folder), "cpu")
    found = classifier.scores([png("red"), png("blue")] * 5)
    assert classifier.name == "tiny" and classifier.labels() == ("normal", "nsfw") and classifier.has_one_each()
    model = ViTForImageClassification.from_pretrained(folder)
    pixels = ViTImageProcessor.from_pretrained(folder)(images=Image.new("RGB", (40, 30), "red"), return_tensors="pt")
    with torch.no_grad():
        expected = model(**pixels).logits.softmax(-1)[0]
    assert len(found) == 10 and [found[0]["normal"], found[0]["nsfw"]] == pytest.approx(expected.tolist(), abs=1e-5)
    assert found[0]["nsfw"] > 0.9 > 0.1 > found[1]["nsfw"] and found[8] == pytest.approx(found[0])


def test_labels_that_may_come_together_are_each_for_itself(folder: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "several"))
    config = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps(config | {"problem_type": "multi_label_classification"}))
    several = ImageClassifier(str(copy), "cpu")
    assert not several.has_one_each()
    with torch.no_grad():
        model = ViTForImageClassification.from_pretrained(folder)
        pixels = ViTImageProcessor.from_pretrained(folder)(images=Image.new("RGB", (9, 9), "red"), return_tensors="pt")
        expected = model(**pixels).logits.sigmoid()[0]
    assert [*several.scores([png("red")])[0].values()] == pytest.approx(expected.tolist(), abs=1e-5)


def test_people_bring_and_get_pictures_only_as_the_safety_model_lets_them_pass(folder: Path, tmp_path: Path) -> None:
    class Paints(FakePainter):
        colour = "blue"

        def paint(self, *args: Any, **more: Any) -> Any:
            for event in super().paint(*args, **more):
                if hasattr(event, "image"):
                    event = type(event)(**{**vars(event), "image": png(self.colour, (64, 64))})
                yield event

    painter = Paints()
    settings = Settings(
        data=tmp_path, captioner="none", safety_model=str(folder), safety_device="cpu", safety_threshold=0.6
    )
    app = build(settings, painter, FakeRewriter(fake_plan))
    try:
        talk = app.turns.new_conversation().id
        assert said(app.turns, talk, "draw the sea").versions == ("v1",)
        with pytest.raises(RefusedUpload, match=r"^Your picture was refused by tiny \(nsfw\); bring another one\.$"):
            app.turns.bring(talk, read_upload(png("red")))
        app.turns.bring(talk, read_upload(png("blue")))
        painter.colour = "red"
        refused = said(app.turns, talk, "draw a sunset")
        assert (refused.act, refused.reply) == (
            "refuse", "What was painted was refused by tiny (nsfw); ask for another picture."
        )  # fmt: skip
        rows = [(one.stage, one.verdict, one.policy, one.rule) for one in app.turns.decisions.of_person("you")]
        assert rows[0] == ("result", "refused", "tiny", "nsfw")
        assert [row for row in reversed(rows) if row[0] == "upload"] == [
            ("upload", "refused", "tiny", "nsfw"), ("upload", "allowed", "tiny", ""),
        ]  # fmt: skip
        assert len(app.turns.versions(talk)) == 2
    finally:
        app.close()


def test_settings_say_which_labels_count_and_how_sure_it_must_be(folder: Path) -> None:
    def decided(level: str = "auto", **more: Any) -> Any:
        settings = Settings(safety_model=str(folder), safety_device="cpu", policy_model="off", **more)
        policy = load_policy(settings, safety=load_safety(settings))
        assert isinstance(policy, LookingPolicy)
        return policy.check_pictures([png("red")], "result", level)[0]  # type: ignore[arg-type]

    sure = ImageClassifier(str(folder), "cpu").scores([png("red")])[0]["nsfw"]
    assert isinstance(decided(), Refused)
    assert isinstance(decided(safety_threshold=min(sure + 0.001, 1)), Allowed)
    assert isinstance(decided("low", safety_threshold_low=min(sure + 0.001, 1)), Allowed)
    assert isinstance(decided("low", safety_threshold_low=0.6), Refused)
    assert isinstance(decided(safety_labels="normal"), Allowed)
    with pytest.raises(PolicyError, match="has no label 'porn'; its labels are normal, nsfw"):
        decided(safety_labels="nsfw, porn")
    assert load_safety(Settings()) is None


def test_what_is_no_classifier_to_trust_is_refused(folder: Path, tmp_path: Path) -> None:
    def refused(change: Callable[[Path], object], said_so: str) -> None:
        copy = Path(shutil.copytree(folder, tmp_path / str(len(list(tmp_path.iterdir())))))
        change(copy)
        with pytest.raises(WeightsError, match=said_so) as caught:
            ImageClassifier(str(copy), "cpu").labels()
        assert not EXECUTED and ("LIMNER_SAFETY_MODEL" in str(caught.value) or "choose a model" in str(caught.value))

    def configured(**more: Any) -> Callable[[Path], object]:
        def change(copy: Path) -> None:
            config = json.loads((copy / "config.json").read_text())
            (copy / "config.json").write_text(json.dumps(config | more))

        return change

    def pickled(copy: Path) -> None:
        (copy / "model.safetensors").unlink()
        (copy / "pytorch_model.bin").write_bytes(pickle.dumps(Hostile()))

    def headless(copy: Path) -> None:
        weights = {
            name: part for name, part in load_file(copy / "model.safetensors").items() if "classifier" not in name
        }
        save_file(weights, copy / "model.safetensors", metadata={"format": "pt"})

    def backbone(copy: Path) -> None:
        ViTModel(ViTConfig(**json.loads((copy / "config.json").read_text()))).save_pretrained(copy)

    def needs_code(copy: Path) -> None:
        configured(model_type="mine", auto_map={"AutoModelForImageClassification": "mine.Mine"})(copy)
        (copy / "mine.py").write_text("from tests.test_safety import EXECUTED\nEXECUTED.append('ran')\n")

    refused(pickled, r"no safetensors weights, only a pickle file \(pytorch_model\.bin\)")
    refused(needs_code, "comes with code of its own")
    refused(lambda copy: (copy / "config.json").write_text("{"), "config.json is missing or damaged")
    refused(configured(model_type="llama", architectures=["LlamaForCausalLM"]), "but LlamaForCausalLM; choose one")
    refused(headless, "lacks weights that classify pictures")
    refused(backbone, "but ViTModel; choose one")
    refused(lambda copy: (copy / "model.safetensors").write_bytes(b"1234"), "could not be loaded")
    refused(lambda copy: (copy / "preprocessor_config.json").unlink(), "could not be loaded")


def test_a_name_that_the_hub_does_not_answer_fails_the_turn_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import huggingface_hub

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    settings = Settings(data=tmp_path / "data", captioner="none", safety_model="a/classifier")
    app = build(settings, FakePainter(), FakeRewriter(fake_plan))
    try:
        talk = app.turns.new_conversation().id
        result = said(app.turns, talk, "draw the sea")
        assert result.status == "failed" and app.turns.versions(talk) == ()
        assert "a/classifier is not on this machine, and the hub cannot be reached" in result.error
        assert "give LIMNER_SAFETY_MODEL a folder" in result.error
    finally:
        app.close()


def test_a_device_that_is_not_there_and_a_picture_that_is_none_are_said(folder: Path) -> None:
    missing = "mps" if not torch.backends.mps.is_available() else "cuda"
    with pytest.raises(WeightsError, match=f"There is no {missing} device .* set it to cpu"):
        ImageClassifier(str(folder), missing).labels()
    with pytest.raises(PictureError, match="cannot be read"):
        ImageClassifier(str(folder), "cpu").scores([b"no picture"])
