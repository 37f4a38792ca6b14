"""Models that cannot be used: each is refused in one clear sentence before any of it is loaded."""

from __future__ import annotations

import json
import pickle
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import huggingface_hub
import pytest
import torch
from safetensors.torch import save_file

from generation import hub
from generation.catalog import known_models
from generation.checkpoints import read_checkpoint
from generation.diffusers_painter import DiffusersPainter
from generation.errors import GenerationError, RequestError, WeightsError
from generation.loras import find_loras
from generation.placement import GB, Machine, Wishes, free_ram, place
from generation.presets import PRESETS, preset_of
from tests.tiny_pipelines import saved

CPU = Machine("cpu", "CPU", 100 * GB, 100 * GB)
EXECUTED: list[str] = []


class Hostile:
    def __reduce__(self) -> tuple[Any, ...]:
        return (EXECUTED.append, ("ran",))


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return saved("sd15", tmp_path_factory.mktemp("good"))


@pytest.fixture
def model(good: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(good, tmp_path / "model"))


def refused(model: Path) -> str:
    with pytest.raises(WeightsError) as error:
        DiffusersPainter(str(model), machine=CPU)
    assert not EXECUTED
    return str(error.value)


def test_pickled_weights_are_never_opened(model: Path) -> None:
    for file in (model / "unet").glob("*.safetensors"):
        file.unlink()
    (model / "unet" / "diffusion_pytorch_model.bin").write_bytes(pickle.dumps(Hostile()))
    assert "unet/diffusion_pytorch_model.bin" in (said := refused(model)) and "can run any code" in said


@pytest.mark.parametrize("where", ["pipeline", "part"])
def test_code_that_comes_with_a_model_is_never_run(model: Path, where: str) -> None:
    (model / "mine.py").write_text("from tests.test_checkpoints import EXECUTED\nEXECUTED.append('ran')\n")
    (model / "unet" / "mine.py").write_text((model / "mine.py").read_text())
    index = json.loads((model / "model_index.json").read_text())
    if where == "pipeline":
        index["_class_name"] = ["mine", "MyPipeline"]
    else:
        index["unet"] = ["mine", "MyUNet"]
    (model / "model_index.json").write_text(json.dumps(index))
    assert f"code of its own (mine.{'MyPipeline' if where == 'pipeline' else 'MyUNet'})" in refused(model)


def test_a_model_that_is_cut_short_or_empty_is_refused(model: Path) -> None:
    weights = model / "unet" / "diffusion_pytorch_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    assert "is damaged (cut short)" in refused(model)
    for file in model.rglob("*.safetensors"):
        file.unlink()
    assert "holds no weights" in refused(model)
    (model / "model_index.json").write_text("[]")
    assert "is no pipeline of diffusers" in refused(model)


def test_a_model_that_misses_a_part_is_refused(model: Path) -> None:
    shutil.rmtree(model / "scheduler")
    assert "could not be loaded" in refused(model)


def test_what_a_checkpoint_holds_is_read_from_its_headers(good: Path) -> None:
    found = read_checkpoint(good, "good")
    painter = DiffusersPainter(str(good), machine=CPU)
    for part, count in found.parameters.items():
        assert count == sum(p.numel() for p in getattr(painter.loaded.pipeline, part).state_dict().values())
    assert found.pipeline == "StableDiffusionPipeline" and found.facts["scheduler"] == "DDIMScheduler"


def test_weights_that_are_there_in_half_precision_alone_are_taken(good: Path, model: Path) -> None:
    weights = model / "unet" / "diffusion_pytorch_model.safetensors"
    weights.rename(weights.with_name("diffusion_pytorch_model.fp16.safetensors"))
    painter = DiffusersPainter(str(model), machine=CPU)
    assert painter.loaded.checkpoint.variant == "fp16"
    assert painter.loaded.checkpoint.parameters == read_checkpoint(good, "good").parameters


def test_the_command_lists_models_and_says_where_each_would_go(
    good: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ui.commands.models import models

    monkeypatch.setattr("ui.commands.models.this_machine", lambda: Machine("cuda", "a GPU", 24 * GB, 128 * GB))
    models(None, True)
    placed = {found["preset"]: found["placed"] for found in map(json.loads, capsys.readouterr().out.splitlines())}
    assert placed["sdxl"] == "cuda, bfloat16" and placed["flux1-dev"] == "cuda, bfloat16, offloaded"
    models(good, False)
    said = capsys.readouterr().out
    assert "Painting on a GPU, with 24.0 GB free." in said and "(sd15): here" in said
    assert "masked edit: from the picture" in said


def test_weights_have_a_name_that_changes_with_any_of_them(good: Path, model: Path) -> None:
    first = DiffusersPainter(str(good), machine=CPU).weights_digest
    file = model / "vae" / "diffusion_pytorch_model.safetensors"
    raw = bytearray(file.read_bytes())
    raw[-1] ^= 1
    file.write_bytes(bytes(raw))
    assert first != DiffusersPainter(str(model), machine=CPU).weights_digest


GPU = Machine("cuda", "a GPU", 24 * GB, 64 * GB)


@pytest.mark.parametrize(
    ("machine", "billions", "largest", "wishes", "expected"),
    [
        (GPU, 3.5, 2.6, Wishes(), "cuda, bfloat16"),
        (GPU, 16.9, 9.0, Wishes(), "cuda, bfloat16, model offload, tiled decoding"),
        (GPU, 16.9, 11.9, Wishes(), "cuda, bfloat16, sequential offload, tiled decoding"),
        (
            GPU,
            3.5,
            2.6,
            Wishes("float16", "model", "slicing", "off"),
            "cuda, float16, model offload, slicing attention",
        ),
        (Machine("cpu", "CPU", 16 * GB, 16 * GB), 1.1, 0.9, Wishes(), "cpu, float32"),
        (Machine("cpu", "CPU", 16 * GB, 16 * GB), 5.4, 4.7, Wishes(), "cpu, bfloat16"),
    ],
)
def test_where_weights_go_follows_from_the_memory_found(
    machine: Machine, billions: float, largest: float, wishes: Wishes, expected: str
) -> None:
    assert str(place("m", machine, int(billions * 1e9), int(largest * 1e9), wishes)) == expected


@pytest.mark.parametrize(
    ("machine", "billions", "where"),
    [
        (Machine("cuda", "a GPU", 24 * GB, 64 * GB), 56.0, "main memory"),
        (Machine("cuda", "a GPU", 1 * GB, 64 * GB), 3.5, "a GPU"),
        (Machine("cpu", "CPU", 8 * GB, 8 * GB), 16.9, "main memory"),
    ],
)
def test_too_little_memory_is_said_with_both_figures(machine: Machine, billions: float, where: str) -> None:
    with pytest.raises(WeightsError, match=rf"too little memory for big: it needs about .* GB of {where} .* are free"):
        place("big", machine, int(billions * 1e9), int(billions * 1e9))


def test_too_little_memory_is_found_before_anything_is_loaded(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generation.pipelines._read", lambda *given: pytest.fail("it was loaded"))
    with pytest.raises(WeightsError, match="too little memory"):
        DiffusersPainter(str(good), machine=Machine("cpu", "CPU", 1000, 1000))


def test_a_wish_that_does_not_exist_is_refused_by_name() -> None:
    with pytest.raises(RequestError, match="'painter_dtype' cannot be 'int4'; use 'auto' or one of float32"):
        Wishes(dtype="int4")


def test_a_containers_limit_counts(tmp_path: Path) -> None:
    for name, text in (("memory.max", "1000"), ("memory.current", "600"), ("memory.stat", "inactive_file 100\n")):
        (tmp_path / name).write_text(text)
    assert free_ram(tmp_path) == 500
    (tmp_path / "memory.max").write_text("max")
    assert free_ram(tmp_path) > 1_000_000


class Hub(BaseHTTPRequestHandler):
    """Just enough of the hub: it knows one model, which is no pipeline, and one behind terms."""

    def do_GET(self) -> None:
        name = self.path.split("?")[0].removeprefix("/api/models/")
        body: dict[str, Any] = {"id": name, "siblings": [{"rfilename": "model.safetensors", "size": 5}]}
        code, status = {"a/text-model": ("", 200), "a/gated": ("GatedRepo", 403)}.get(name, ("RepoNotFound", 404))
        raw = json.dumps(body).encode()
        self.send_response(status)
        if code:
            self.send_header("X-Error-Code", code)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *given: object) -> None:
        pass


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    server = HTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    yield
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a/nothing", "There is no model 'a/nothing' on the hub, or it is private"),
        ("a/gated", "wants its terms accepted first"),
        ("a/text-model", "is no pipeline of diffusers"),
    ],
)
def test_what_the_hub_does_not_have_is_said(endpoint: None, name: str, said: str) -> None:
    with pytest.raises(WeightsError, match=said):
        hub.fetched(name)


def test_without_a_network_and_a_cache_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(WeightsError, match="not on this machine, and the hub cannot be reached"):
        hub.fetched("a/model")
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(WeightsError, match="not on this machine, and the hub cannot be reached"):
        hub.fetched("a/model")


def test_without_a_network_what_is_cached_is_used(good: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    cache = tmp_path / "models--a--model"
    shutil.copytree(good, cache / "snapshots" / ("0" * 40))
    (cache / "refs").mkdir()
    (cache / "refs" / "main").write_text("0" * 40)
    monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    assert (hub.fetched("a/model") / "model_index.json").is_file()


def test_the_catalogue_tells_what_is_here_and_what_each_can_do(
    good: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shutil.copytree(good, tmp_path / "models--a--model" / "snapshots" / ("0" * 40))
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    found = {known.name: known for known in known_models()}
    mine = found["a/model"]
    assert mine.cached and mine.preset == "sd15" and mine.weights == 2 * read_checkpoint(good, "x").total
    kontext = found["black-forest-labs/FLUX.1-Kontext-dev"]
    assert not kontext.cached and kontext.can["edit"] == "by instruction" and kontext.weights > 30 * GB
    assert len(found) >= 30


def test_every_preset_is_complete_and_names_real_classes() -> None:
    import diffusers

    for preset in PRESETS:
        assert preset.source.startswith("https://") and preset.steps > 0 and preset.sizes
        assert all(side % preset.multiple == 0 for size in preset.sizes for side in size), preset.name
        assert all(max(size) <= 3 * min(size) for size in preset.sizes)
        for route in (preset.create, preset.edit, preset.masked):
            assert route is None or hasattr(diffusers, route.pipeline), (preset.name, route)
        assert preset.create or preset.edit
        if preset.is_checkpoint and not preset.facts:
            assert preset_of(preset.pipelines[0], preset.source, {}) == preset, preset.name
    assert len({preset.name for preset in PRESETS}) == len(PRESETS)


def test_a_lora_is_found_by_name_laid_over_and_named_in_the_recipe(good: Path, tmp_path: Path) -> None:
    plain = DiffusersPainter(str(good), machine=CPU)
    key = "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_out.0"
    lora = {f"{key}.lora_A.weight": torch.randn(2, 8), f"{key}.lora_B.weight": torch.randn(8, 2)}
    save_file(lora, tmp_path / "watercolour.safetensors")
    loras = find_loras(" watercolour:0.5 ", tmp_path)
    assert [(found.name, found.scale) for found in loras] == [("watercolour", 0.5)]
    painter = DiffusersPainter(str(good), loras=loras, machine=CPU)
    from tests.test_painter_families import Blobs, RenderRequest, painted

    request = RenderRequest("a", "create", "a cat", seed=3, steps=2)
    with_lora, without = painted(painter, request, Blobs()), painted(plain, request, Blobs())
    assert with_lora.image != without.image and with_lora.recipe.loras == {"watercolour": 0.5}
    assert with_lora.recipe.weights != without.recipe.weights


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nothing", "There is no LoRA 'nothing'"),
        ("evil.pt", "no .safetensors file"),
        ("fits:99", "cannot have the strength"),
        ("fits, fits:0.5", "named twice"),
    ],
)
def test_a_lora_that_cannot_be_used_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "evil.pt").write_bytes(pickle.dumps(Hostile()))
    save_file({"x": torch.zeros(1)}, tmp_path / "fits.safetensors")
    with pytest.raises(GenerationError, match=said):
        find_loras(text, tmp_path)
    assert not EXECUTED


def test_a_lora_of_another_model_is_refused(good: Path, tmp_path: Path) -> None:
    key = "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q"
    save_file(
        {f"{key}.lora_A.weight": torch.ones(2, 99), f"{key}.lora_B.weight": torch.ones(99, 2)},
        tmp_path / "other.safetensors",
    )
    with pytest.raises(WeightsError, match="The LoRA other does not fit"):
        DiffusersPainter(str(good), loras=find_loras("other", tmp_path), machine=CPU)
