"""What people expect of any training: accumulation, trackers, one process a folder, faults that lose nothing, cards,
dry runs, the hub."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from captioner.errors import TrainingError
from captioner.training.card import model_card
from captioner.training.checkpoints import alone_in
from captioner.training.hub import prepare_repo, push_run
from captioner.training.loop import RunOptions, RunSettings, code_commit, seeded, train
from captioner.training.trackers import tracker_names
from tests.sets import as_folder
from ui.cli import main

ROOT = Path(__file__).parent.parent


def inputs(number: int, rows: int = 8) -> Tensor:
    return torch.randn(rows, 4, generator=seeded(5, number))


def error(model: nn.Module, x: Tensor) -> Tensor:
    return (model(x) - x.sum(1, keepdim=True)).square().mean()


def trained(folder: Path, loss_of: Any, options: RunOptions = RunOptions(), steps: int = 6, **more: Any) -> nn.Linear:
    torch.manual_seed(0)
    model = nn.Linear(4, 1)
    train(
        model, lambda number: loss_of(model, number), RunSettings(steps=steps, warmup=1, **more), folder, {},
        options=options,
    )  # fmt: skip
    return model


def test_two_accumulated_batches_are_one_of_double_size(tmp_path: Path) -> None:
    halves = trained(tmp_path / "two", lambda model, number: error(model, inputs(number)), RunOptions(accumulate=2))
    doubles = trained(
        tmp_path / "one",
        lambda model, step: error(model, torch.cat((inputs(2 * step), inputs(2 * step + 1)))),
    )
    assert torch.allclose(halves.weight, doubles.weight, atol=1e-6)
    account = json.loads((tmp_path / "two" / "training.json").read_text())
    assert account["settings"]["accumulate"] == 2


def test_a_run_that_accumulates_resumes_bit_for_bit(tmp_path: Path) -> None:
    def loss_of(model: nn.Module, number: int) -> Tensor:
        return error(model, inputs(number))

    options, given = RunOptions(accumulate=3), {"flat_until": 1.0}
    whole = trained(tmp_path / "whole", loss_of, options, 10, **given)
    trained(tmp_path / "broken", loss_of, options, 4, **given)
    resumed = trained(tmp_path / "broken", loss_of, options, 10, resume=True, **given)
    assert torch.equal(whole.weight, resumed.weight)


def test_gradients_are_cut_to_the_length_that_is_given_and_0_cuts_nothing(tmp_path: Path) -> None:
    lengths: dict[float, float] = {}
    for clip in (0.5, 0.0):
        torch.manual_seed(0)
        model = nn.Linear(4, 1)
        train(
            model, lambda number, model=model: 100 * error(model, inputs(number)), RunSettings(steps=1, warmup=1),
            tmp_path, {}, options=RunOptions(clip=clip),
        )  # fmt: skip
        lengths[clip] = float(torch.stack([p.grad.norm() for p in model.parameters() if p.grad is not None]).norm())
    assert lengths[0.5] == pytest.approx(0.5, rel=1e-3) and lengths[0.0] > 10


def test_a_gradient_that_is_no_number_stops_the_run_before_it_spoils_the_weights(tmp_path: Path) -> None:
    def loss_of(model: nn.Linear, number: int) -> Tensor:
        whole = error(model, inputs(number))
        return (
            whole + (model.weight - model.weight).abs().sqrt().sum() if number == 3 else whole
        )  # 0, of infinite slope

    with pytest.raises(TrainingError, match=r"gradient's length was nan at step 3 of .*, batch 3; .*checkpoint.pt"):
        trained(tmp_path, loss_of, save_minutes=0.0)
    kept = torch.load(tmp_path / "checkpoint.pt")
    assert kept["step"] == 3 and kept["module"]["weight"].isfinite().all()


class Named:
    """A stream that only has names."""

    last = tuple(f"{index}.png" for index in range(7))

    def state(self) -> dict[str, Any]:
        return {}

    def restore(self, state: dict[str, Any]) -> None: ...

    def about(self) -> list[dict[str, Any]]:
        return []

    def close(self) -> None: ...


def test_a_loss_that_is_no_number_names_the_pictures_of_its_batch(tmp_path: Path) -> None:
    model = nn.Linear(4, 1)
    with pytest.raises(
        TrainingError, match=r"batch 0 \(0.png, .*, 4.png and 2 more\); no checkpoint had been saved yet"
    ):
        train(
            model, lambda number: model.weight.sum() * float("nan"), RunSettings(steps=2), tmp_path, {}, stream=Named()
        )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_full_disk_stops_with_a_sentence_and_the_last_checkpoint_stays(tmp_path: Path) -> None:
    def loss_of(model: nn.Linear, number: int) -> Tensor:
        if number == 3:
            (tmp_path / "checkpoint.partial").symlink_to("/dev/full")
        return error(model, inputs(number))

    with pytest.raises(
        TrainingError, match=r"No space left on device\); what the last checkpoint holds is kept.*--resume"
    ):
        trained(tmp_path, loss_of, save_minutes=0.0)
    assert torch.load(tmp_path / "checkpoint.pt")["step"] == 3
    trained(tmp_path, lambda model, number: error(model, inputs(number)), resume=True)


def test_a_second_process_on_the_same_output_is_refused(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from captioner.training.checkpoints import alone_in\n"
        "with alone_in(Path(sys.argv[1])): pass"
    )
    with alone_in(tmp_path):
        ran = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, cwd=ROOT)
    assert ran.returncode and "Another process is training in" in ran.stderr
    with alone_in(tmp_path):
        pass


def test_a_tracker_that_is_not_there_gets_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    import accelerate.tracking

    monkeypatch.setattr(accelerate.tracking, "get_available_trackers", lambda: ["tensorboard"])
    assert tracker_names("tensorboard, tensorboard") == ("tensorboard",) and tracker_names("none") == ()
    with pytest.raises(TrainingError, match="wandb is not installed; install it with `pip install wandb`"):
        tracker_names("tensorboard,wandb")
    with pytest.raises(TrainingError, match=r"no tracker 'tensorbored'.*wandb, or none"):
        tracker_names("tensorbored")


def test_the_commit_is_known_in_a_checkout_in_an_archive_and_in_a_release(tmp_path: Path) -> None:
    def git(*words: str) -> str:
        who = ["-c", "user.name=a", "-c", "user.email=a@b.c"]
        return subprocess.run(
            ["git", *who, *words], cwd=tmp_path / "repo", check=True, capture_output=True, text=True
        ).stdout

    (tmp_path / "repo").mkdir()
    git("init", "-q")
    for name in (".commit", ".gitattributes"):
        (tmp_path / "repo" / name).write_text((ROOT / name).read_text())
    git("add", ".")
    git("commit", "-qm", "one")
    commit = git("rev-parse", "HEAD").strip()
    assert commit.startswith(code_commit(tmp_path / "repo"))
    git("archive", "-o", str(tmp_path / "tree.tar"), "HEAD")
    with tarfile.open(tmp_path / "tree.tar") as tar:
        tar.extractall(tmp_path / "tree", filter="data")
    assert code_commit(tmp_path / "tree") == commit[:12]
    inside = tmp_path / "repo" / "venv" / "lib"  # an installed release in somebody's own repository
    inside.mkdir(parents=True)
    assert code_commit(inside).startswith("release ")


def test_a_card_names_its_sets_what_was_skipped_and_no_folder() -> None:
    account = {
        "model": "captioner", "steps": 7, "commit": "abc", "hardware": "a CPU", "image_tower": "/somewhere/else/clip",
        "sources": [{"source": "photos", "weight": 2.0, "pictures": 1200, "skipped": 3, "odd": 1, "used": 5000}],
        "held_out_loss_short": 0.25, "settings": {"accumulate": 2},
    }  # fmt: skip
    card = model_card(account, "limner train captioner --steps 7")
    assert "| photos | 2 | 1,200 | 3 | 1 | 5,000 |" in card and "| held_out_loss_short | 0.25 |" in card
    assert "pipeline_tag: image-to-text" in card and "| image tower | clip |" in card and "/somewhere" not in card
    world = model_card({"model": "painter", "world_version": 3, "world_setting": "core"}, "x")
    assert "version 3, setting core" in world


class Hub(BaseHTTPRequestHandler):
    """As much of the hub as a push needs; it keeps what it was sent."""

    sent: list[tuple[str, Any]]

    def log_message(self, *_: object) -> None: ...

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.headers.get("Authorization") != "Bearer hf_right":
            return self.answer(401, {"error": "Invalid username or password."})
        lines = [json.loads(line) for line in body.splitlines()] if "/commit/" in self.path else json.loads(body)
        self.sent.append((self.path, lines))
        here = f"http://{self.headers['Host']}"
        if self.path.endswith("/repos/create"):
            return self.answer(200, {"url": f"{here}/me/{lines['name']}", "name": f"me/{lines['name']}"})
        if "/preupload/" in self.path:
            files = [{"path": each["path"], "uploadMode": "regular", "shouldIgnore": False} for each in lines["files"]]
            return self.answer(200, {"files": files})
        return self.answer(200, {"commitUrl": f"{here}/me/model/commit/1", "commitOid": "1", "success": True})

    def do_GET(self) -> None:
        about = {"id": "me/model", "sha": "0" * 40, "siblings": [], "private": True, "tags": []}
        self.answer(200, about if "/api/models" in self.path else {"name": "me", "type": "user"})

    def answer(self, status: int, value: Any) -> None:
        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@pytest.fixture
def hub() -> Iterator[tuple[str, list[tuple[str, Any]]]]:
    sent: list[tuple[str, Any]] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("OneHub", (Hub,), {"sent": sent}))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", sent
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_run_is_sent_to_a_private_repository_with_its_card_and_nothing_else(
    hub: tuple[str, list[tuple[str, Any]]], tmp_path: Path
) -> None:
    endpoint, sent = hub
    (tmp_path / "captioner").mkdir()
    for name in ("README.md", "config.json", "model.safetensors"):
        (tmp_path / "captioner" / name).write_bytes(b"---\ntags: [a]\n---\n" if name == "README.md" else b"{}")
    (tmp_path / "checkpoint.pt").write_bytes(b"large")
    repo = prepare_repo("model", endpoint=endpoint, token="hf_right")
    assert repo == "me/model" and sent[0][1]["visibility"] == "private"
    assert push_run(tmp_path, "captioner", repo, "7 steps", endpoint, "hf_right").endswith("/commit/1")
    lines = sent[-1][1]
    paths = {line["value"]["path"] for line in lines if line["key"] == "file"}
    assert paths == {"README.md", "config.json", "model.safetensors"}
    prepare_repo("model", public=True, endpoint=endpoint, token="hf_right")
    assert sent[-1][1]["visibility"] == "public"


def test_a_wrong_token_and_a_wrong_name_are_said_before_a_training_begins(
    hub: tuple[str, list[tuple[str, Any]]], tmp_path: Path
) -> None:
    with pytest.raises(TrainingError, match=r"cannot be made or written on the hub .*HF_TOKEN"):
        prepare_repo("model", endpoint=hub[0], token="hf_wrong")
    with pytest.raises(TrainingError, match="no name of a repository"):
        prepare_repo("a/b/c/d", endpoint=hub[0], token="hf_right")
    (tmp_path / "README.md").write_text("a card")
    with pytest.raises(TrainingError, match=r"the run is whole in .*send it with `hf upload"):
        push_run(tmp_path, "captioner", "me/model", "x", hub[0], "hf_wrong")


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(["train", *words])
    return int(left.value.code or 0)


def test_a_dry_run_says_what_a_run_would_need_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = as_folder(tmp_path / "f", range(12))
    words = ["--data", str(place), "--size", "64", "--batch", "2", "--steps", "500", "--threads", "1", "--dry-run"]
    assert run("captioner", "--out", str(tmp_path / "out"), *words) == 0
    said = capsys.readouterr().out
    for part in ("nothing was written", "coca: ", "pictures a second", "memory: ", "500 steps would take about"):
        assert part in said
    assert not (tmp_path / "out").exists() and sorted(path.name for path in tmp_path.iterdir()) == ["f"]


def test_a_dry_run_of_the_rewriter_says_what_a_run_would_need_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--steps", "500", "--threads", "1", "--accumulate", "2", "--dry-run"]
    assert run("rewriter", "--out", str(tmp_path / "out"), *words) == 0
    said = capsys.readouterr().out
    for part in ("nothing was written", "model: ", "memory: ", "500 steps would take about"):
        assert part in said
    assert "pictures a second" not in said and not any(tmp_path.iterdir())


@pytest.mark.parametrize(("words", "why"), [
    (["judge", "--data", "x"], "The judge is trained without --data"),
    (["painter", "--data", "x", "--lessons", "3"], "from pictures of your own without --lessons"),
    (["captioner", "--data", "x=0"], "a number above 0"),
    (["captioner", "--data", "gone"], "There is no gone"),
    (["captioner", "--captions", "x"], "--captions are of the pictures in --data"),
    (["captioner", "--tower-rate", "0.5"], "is for --image-tower and --text-decoder"),
    (["captioner", "--accumulate", "0"], "must be more than 0"),
    (["captioner", "--clip", "-1"], "0 for none"),
    (["captioner", "--public"], "is for --push-to-hub"),
    (["captioner", "--log-with", "tensorbored"], "no tracker"),
    (["painter", "--data", "x", "--size", "100"], "multiple of 16"),
    (["painter", "--data", "x", "--synthetic", "0.95"], "give both or neither"),
    (["policy", "--accumulate", "2"], "The policy is trained without --accumulate"),
])  # fmt: skip
def test_options_that_do_not_go_together_get_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(*words, "--out", "out", "--steps", "1", "--threads", "1") == 1
    said = capsys.readouterr().err
    assert why in said and said.startswith("limner: ") and said.count("\n") <= said.count("it/s") + 2


TOGETHER = """
import sys
from ui.cli import main
main(["train", "captioner", *sys.argv[1:]])
"""


@pytest.mark.long
def test_two_processes_train_together_and_their_streams_resume(tmp_path: Path) -> None:
    place = as_folder(tmp_path / "f", range(16))
    (place / "0004.png").write_bytes(b"broken")
    script = tmp_path / "run.py"
    script.write_text(TOGETHER)
    launch = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2"]
    launch += ["--rdzv-backend", "c10d", "--rdzv-endpoint", "localhost:0", str(script)]  # port 0: any that is free
    given = ["--data", str(place), "--size", "32", "--batch", "2", "--threads", "1", "--log-with", "none"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    for words in (["--out", "whole", "--steps", "4"], ["--out", "broken", "--steps", "2"],
                  ["--out", "broken", "--steps", "4", "--resume"]):  # fmt: skip
        ran = subprocess.run(
            [*launch, *given, *words], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=500
        )
        assert ran.returncode == 0, ran.stderr[-3000:]
    whole, broken = (json.loads((tmp_path / name / "training.json").read_text()) for name in ("whole", "broken"))
    assert whole["processes"] == 2 and whole["sources"] == broken["sources"] and whole["sources"][0]["used"] == 16
