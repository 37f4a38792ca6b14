"""Exported conversations and their pictures painted again, with the public fakes and with the real command line."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from assistant.export import INDEX, STORY, Export, read_export, replay
from generation.request import FakePainter
from tests.test_cli import run as run
from ui.commands.export import files_of

TALK = b"draw a <b>bunny</b>\nmake it happier\ngo back to v1\nadd a hat\n"


@pytest.fixture
def exported(run: Any, tmp_path: Path) -> Path:
    """A folder with v1, v2 from v1, and v3 from v1."""
    assert run("chat", "--data", tmp_path / "data", stdin=TALK)[0] == 0
    code, out, err = run("export", "--data", tmp_path / "data", "-o", tmp_path / "export")
    assert (code, err) == (0, "") and "(3 pictures" in out
    return tmp_path / "export"


def opened(folder: Path) -> Export:
    return read_export(lambda name: (folder / name).read_bytes() if (folder / name).is_file() else None)


def test_an_export_holds_every_picture_prompt_recipe_and_the_tree(exported: Path) -> None:
    index = json.loads((exported / INDEX).read_text())
    assert [version["number"] for version in index["versions"]] == [1, 2, 3]
    assert [version["parents"] for version in index["versions"]] == [[], ["v1"], ["v1"]]
    assert [turn["message"] for turn in index["turns"]] == TALK.decode().splitlines()
    assert all(version["recipe"]["seed"] is not None for version in index["versions"])
    assert sorted(path.name for path in (exported / "pictures").iterdir()) == ["v1.png", "v2.png", "v3.png"]


def test_the_story_reads_in_order_and_runs_nothing_that_a_person_typed(exported: Path) -> None:
    story = (exported / STORY).read_text()
    assert story.index("v1.png") < story.index("make it happier") < story.index("v2.png") < story.index("Back at v1")
    assert "<b>" not in story and "&lt;b&gt;" in story


def test_replaying_paints_every_version_again_identically(exported: Path) -> None:
    results = list(replay(opened(exported), lambda recipe: FakePainter()))
    assert [result.label for result in results] == ["v1", "v2", "v3"]
    assert all(result.identical and result.difference == 0 for result in results)


class _OtherPainter(FakePainter):
    """Another model: the same request comes out in another colour."""

    def paint(self, requests: Any, blobs: Any, stopped: Any = lambda: False) -> Any:
        from dataclasses import replace

        yield from super().paint([replace(r, prompt=r.prompt + "!") for r in requests], blobs, stopped)


def test_another_model_is_told_apart_by_its_pixels(exported: Path) -> None:
    results = list(replay(opened(exported), lambda recipe: _OtherPainter()))
    assert not any(result.identical for result in results)
    assert all(result.difference and result.difference > 1 for result in results)


def test_a_damaged_picture_is_named_and_the_others_are_compared(exported: Path) -> None:
    (exported / "pictures" / "v2.png").write_bytes(b"half a picture")
    first, second, third = replay(opened(exported), lambda recipe: FakePainter())
    assert first.identical and third.identical
    assert "v2" in second.label and "missing or damaged" in second.problem


def test_a_parent_that_is_missing_is_a_sentence_about_that_version_alone(exported: Path) -> None:
    (exported / "pictures" / "v1.png").unlink()
    first, second, _ = replay(opened(exported), lambda recipe: FakePainter())
    assert "missing or damaged" in first.problem
    assert "that a recipe names" in second.problem


class _CountingPainter(FakePainter):
    """Writes down what each call was asked to paint together."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[list[str]] = []

    def paint(self, requests: Any, blobs: Any, stopped: Any = lambda: False) -> Any:
        self.calls.append([request.id for request in requests])
        yield from super().paint(requests, blobs, stopped)


def test_candidates_are_painted_together_again(exported: Path) -> None:
    index = json.loads((exported / INDEX).read_text())
    index["turns"][0]["made"], index["turns"][1]["made"] = ["v1", "v2"], []
    (exported / INDEX).write_text(json.dumps(index))
    painter = _CountingPainter()
    assert len(list(replay(opened(exported), lambda recipe: painter))) == 3
    assert painter.calls == [["v1", "v2"], ["v3"]]


def test_a_zip_is_read_like_a_folder(run: Any, exported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, _, _ = run("export", "--data", tmp_path / "data", "-o", tmp_path / "export.zip")
    assert code == 0 and zipfile.ZipFile(tmp_path / "export.zip").testzip() is None
    monkeypatch.setattr("ui.commands.export.load_painter", lambda settings: FakePainter())
    code, out, _ = run("replay", tmp_path / "export.zip", "-o", tmp_path / "again")
    assert code == 0
    assert out.splitlines() == [
        "v1: identical",
        "v2: identical",
        "v3: identical",
        "3 of 3 came out identical, 3 were painted.",
    ]
    assert sorted(path.name for path in (tmp_path / "again").iterdir()) == ["v1.png", "v2.png", "v3.png"]


def test_what_cannot_be_read_is_left_out_and_named(run: Any, tmp_path: Path) -> None:
    run("chat", "--data", tmp_path / "data", stdin=TALK)
    next((tmp_path / "data").glob("blobs/**/*.png")).write_bytes(b"")
    code, out, err = run("export", "--data", tmp_path / "data", "-o", tmp_path / "export")
    assert code == 1 and "(2 pictures" in out
    assert err.count("\n") == 1 and "was written without the picture of v" in err


@pytest.mark.parametrize(
    ("name", "expected"), [("export", "is there already"), ("nowhere/export", "there is no folder")]
)
def test_an_export_writes_over_nothing(run: Any, exported: Path, name: str, expected: str) -> None:
    code, _, err = run("export", "--data", exported.parent / "data", "-o", exported.parent / name)
    assert code == 1 and expected in err and err.count("\n") == 1


def test_no_conversation_yet_is_said(run: Any, tmp_path: Path) -> None:
    code, _, err = run("export", "--data", tmp_path / "data", "-o", tmp_path / "export")
    assert code == 1 and "no conversation to export yet" in err
    assert not (tmp_path / "export").exists()


@pytest.mark.parametrize("content", [None, b"{", b"{}", b'{"format": "other", "format_version": 1}', b"\xff"])
def test_what_is_no_export_gets_one_sentence(run: Any, tmp_path: Path, content: bytes | None) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    if content is not None:
        (folder / INDEX).write_bytes(content)
    code, _, err = run("replay", folder)
    assert code == 1 and "xport" in err and err.count("\n") == 1


def test_a_later_format_is_refused_by_name(run: Any, exported: Path) -> None:
    index = json.loads((exported / INDEX).read_text())
    (exported / INDEX).write_text(json.dumps(index | {"format_version": 99}))
    code, _, err = run("replay", exported)
    assert code == 1 and "format 99" in err


def test_a_file_that_is_no_zip_is_refused(run: Any, tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"PNG")
    code, _, err = run("replay", tmp_path / "picture.png")
    assert code == 1 and "no folder or zip" in err


def test_names_in_an_export_never_lead_out_of_it(exported: Path) -> None:
    read = files_of(exported)
    (exported.parent / "outside.png").write_bytes(b"secret")
    assert read("pictures/v1.png")
    assert read("../outside.png") is None
    assert read(str(exported.parent / "outside.png")) is None
