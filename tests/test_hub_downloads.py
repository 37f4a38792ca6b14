"""Downloads from a hub: their size is said, they go on where they broke off, and the hub's own variables count."""

from __future__ import annotations

import hashlib
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import constants

from generation import hub
from generation.errors import WeightsError
from generation.registry import load_painter

SHA = "1" * 40
WEIGHTS = bytes(range(256)) * 40_000
FILES = {"config.json": b'{"model_type": "llama"}', "model.safetensors": WEIGHTS, "README.md": b"words"}


class Hub(ThreadingHTTPServer):
    """A hub of one model. It hangs up after `piece` bytes of the weights, and the next time after none."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.piece: int | None = None
        self.spoiled = False
        self.asked: list[tuple[str, str | None, str | None]] = []


class Answer(BaseHTTPRequestHandler):
    server: Hub

    def do_HEAD(self) -> None:
        self._file(self.path.rsplit("/", 1)[-1], body=False)

    def do_GET(self) -> None:
        if not self.path.startswith("/api/"):
            self._file(self.path.rsplit("/", 1)[-1], body=True)
            return
        listed = [{"type": "file", "path": name, "oid": _tag(name), "size": len(data)} for name, data in FILES.items()]
        siblings = [{"rfilename": name, "size": len(data)} for name, data in FILES.items()]
        answer: Any = listed if "/tree/" in self.path else {"id": "a/model", "sha": SHA, "siblings": siblings}
        self._send(200, json.dumps(answer).encode(), {"Content-Type": "application/json"})

    def _file(self, name: str, body: bool) -> None:
        if name not in FILES:
            self._send(404, b"", {"X-Error-Code": "EntryNotFound"})
            return
        wanted = self.headers.get("Range")
        if body:
            self.server.asked.append((name, wanted, self.headers.get("Authorization")))
        start = int(wanted.removeprefix("bytes=").split("-")[0]) if wanted else 0
        data = FILES[name][start:]
        headers = {"ETag": f'"{_tag(name)}"', "X-Repo-Commit": SHA, "Accept-Ranges": "bytes"}
        if wanted:
            headers["Content-Range"] = f"bytes {start}-{len(FILES[name]) - 1}/{len(FILES[name])}"
        if self.server.spoiled:
            data = data[::-1]
        self._send(206 if wanted else 200, data, headers, body, name.endswith(".safetensors"))

    def _send(self, status: int, data: bytes, headers: dict[str, str], body: bool = True, breaks: bool = False) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if body:
            self.wfile.write(data[: self.server.piece] if breaks else data)
            if breaks and self.server.piece:
                self.server.piece = 0
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


def _tag(name: str) -> str:
    return hashlib.sha256(FILES[name]).hexdigest()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Hub]:
    found = Hub()
    threading.Thread(target=found.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{found.server_port}"
    monkeypatch.setattr(constants, "ENDPOINT", address)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", address + "/{repo_id}/resolve/{revision}/{filename}")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(constants, "DOWNLOAD_CHUNK_SIZE", 10_000)
    monkeypatch.setenv("TQDM_POSITION", "-1")  # bars are shown, though this is no terminal
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    yield found
    found.shutdown()
    found.server_close()


def test_a_download_says_its_size_shows_how_far_it_is_and_brings_only_what_is_needed(
    server: Hub, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    load_painter()  # whose own loading shows no bar
    with caplog.at_level(logging.INFO, "generation"):
        folder = hub.fetched_chat_model("a/model", ("*.json", "*.safetensors"))
    assert (folder / "model.safetensors").read_bytes() == WEIGHTS and not (folder / "README.md").exists()
    assert "a/model takes 0.0 GB" in caplog.text and "model.safetensors" in capfd.readouterr().err
    asked = len(server.asked)
    assert hub.fetched_chat_model("a/model", ("*.json", "*.safetensors")) == folder and len(server.asked) == asked


def test_a_download_that_broke_off_goes_on_where_it_was(server: Hub) -> None:
    server.piece = 100_000
    with pytest.raises(WeightsError, match=r"broke off .* run the command again, and it goes on where it was"):
        hub.fetched_chat_model("a/model", ("*.json", "*.safetensors"))
    server.piece = None
    server.asked.clear()
    folder = hub.fetched_chat_model("a/model", ("*.json", "*.safetensors"))
    assert (folder / "model.safetensors").read_bytes() == WEIGHTS
    (ranged,) = [asked for name, asked, _ in server.asked if name == "model.safetensors"]
    assert ranged is not None and int(ranged.removeprefix("bytes=").rstrip("-")) >= 100_000


def test_what_came_damaged_is_not_kept(server: Hub, tmp_path: Path) -> None:
    server.spoiled = True
    with pytest.raises(WeightsError, match=r"model\.safetensors came damaged"):
        hub.fetched_chat_model("a/model", ("*.safetensors",))
    assert not [*(tmp_path / "cache").rglob("*.part")]
    server.spoiled = False
    assert (hub.fetched_chat_model("a/model", ("*.safetensors",)) / "model.safetensors").read_bytes() == WEIGHTS


def test_the_hubs_own_variables_say_where_by_whose_key_and_whether_at_all(server: Hub, tmp_path: Path) -> None:
    script = "from generation.hub import fetched_chat_model as f; print(f('a/model', ('*.json', '*.safetensors')))"
    there = {"HF_ENDPOINT": f"http://127.0.0.1:{server.server_port}", "HF_HOME": str(tmp_path / "home")}

    def run(**more: str) -> subprocess.CompletedProcess[str]:
        given = {"PATH": "", "PYTHONPATH": str(Path(__file__).parent.parent), **there, **more}
        return subprocess.run([sys.executable, "-c", script], env=given, text=True, capture_output=True, timeout=300)

    assert "is not on this machine" in run(HF_HUB_OFFLINE="1").stderr and not server.asked
    found = run(HF_TOKEN="hf_secret")
    assert found.stdout.startswith(str(tmp_path / "home")), found.stderr
    assert {key for _, _, key in server.asked} == {"Bearer hf_secret"}
    server.asked.clear()
    again = run(HF_HUB_OFFLINE="1")
    assert again.stdout == found.stdout, again.stderr
    assert not server.asked


def test_of_a_parts_files_those_of_the_variant_are_taken_and_the_others_where_it_has_none() -> None:
    weights = {
        "unet/model.safetensors": 2, "unet/model.fp16.safetensors": 1, "vae/model.safetensors": 4,
        "text/model.fp16-00001-of-00002.safetensors": 8, "text/model.fp16-00002-of-00002.safetensors": 8,
    }  # fmt: skip
    assert hub._variant(weights) == "fp16" and sum(hub._chosen(weights, "fp16").values()) == 1 + 4 + 16
    assert hub._chosen({"unet/model.safetensors": 2}, None) == {"unet/model.safetensors": 2}
