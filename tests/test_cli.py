"""The command line as a person or a script meets it, with the public fakes in place of the models."""

from __future__ import annotations

import functools
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from captioner.request import FakeChecker
from tests.fakes import build_with_fakes
from tests.pictures import pixels
from ui.cli import main
from ui.commands.chat import read_lines
from ui.errors import InputError
from ui.wiring import Builder

KEYS = [
    "conversation", "turn", "act", "version", "versions", "parents", "prompt", "change", "region", "image", "seed",
    "changed", "checks", "seconds", "reply", "error", "drift", "locked",
]  # fmt: skip


class _Stdin(io.TextIOWrapper):
    def isatty(self) -> bool:
        return False


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Any]:
    def run(*arguments: object, stdin: bytes = b"", build: Builder = build_with_fakes) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", _Stdin(io.BytesIO(stdin)))
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments], build)
        out, err = capfd.readouterr()
        return int(ended.value.code or 0), out, err

    return run


def turns_of(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_a_conversation_in_json_draws_edits_and_goes_back(run: Any, tmp_path: Path) -> None:
    code, out, _ = run(
        "chat", "--json", "--data", tmp_path, stdin=b"draw a bunny\nmake it happier\nhappier!\ngo back to v1\n"
    )
    turns = turns_of(out)
    assert code == 0
    assert [list(turn) for turn in turns] == [KEYS] * 4
    assert [turn["act"] for turn in turns] == ["create", "edit", "edit", "return"]
    assert [turn["version"] for turn in turns] == ["v1", "v2", "v3", "v1"]
    assert [turn["versions"] for turn in turns] == [["v1"], ["v2"], ["v3"], []]
    assert [turn["parents"] for turn in turns] == [[], ["v1"], ["v2"], []]
    assert [turn["changed"] for turn in turns] == [None, 1.0, 1.0, None]
    assert turns[0]["image"] == turns[3]["image"] != turns[1]["image"]
    with Image.open(turns[1]["image"]) as picture:
        assert picture.format == "PNG"


def test_a_second_run_goes_on_with_the_last_conversation(run: Any, tmp_path: Path) -> None:
    _, first, _ = run("chat", "--json", "--data", tmp_path, stdin=b"draw a bunny\n")
    _, second, _ = run("chat", "--json", "--data", tmp_path, stdin=b"make it happier\n")
    _, third, _ = run("chat", "--json", "--new", "--data", tmp_path, stdin=b"draw a cat\n")
    before, after, other = turns_of(first)[0], turns_of(second)[0], turns_of(third)[0]
    assert after["conversation"] == before["conversation"] != other["conversation"]
    assert (after["version"], after["parents"]) == ("v2", ["v1"])
    _, named, _ = run("chat", "--json", "--conversation", before["conversation"], "--data", tmp_path, stdin=b"sadder\n")
    assert turns_of(named)[0]["version"] == "v3"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"", "empty"),
        (b"x" * 50_000, "50,000 letters"),
        (b"\xff\xfe\x00\x80", "not UTF-8 text"),
        (b"a\x00b", "not plain text"),
        (b"go back to v99", "v99"),
    ],
    ids=["empty", "long", "binary", "nul", "unknown-version"],
)
def test_a_bad_line_gets_one_sentence_and_the_next_line_works(
    run: Any, tmp_path: Path, line: bytes, words: str
) -> None:
    code, out, _ = run("chat", "--json", "--data", tmp_path, stdin=b"draw a bunny\n" + line + b"\nmake it happier\n")
    good, bad, next_one = turns_of(out)
    assert code == 1
    assert words in bad["error"]
    assert "\n" not in bad["error"]
    assert good["error"] is None
    assert (next_one["error"], next_one["version"], next_one["parents"]) == (None, "v2", ["v1"])


def test_a_right_to_left_message_is_taken(run: Any, tmp_path: Path) -> None:
    code, out, _ = run("chat", "--json", "--data", tmp_path, stdin="صورة أرنب\n".encode())
    assert (code, turns_of(out)[0]["error"]) == (0, None)


def test_lines_are_text_whatever_their_ends_and_marks() -> None:
    lines = list(read_lines(io.BytesIO(b"\xef\xbb\xbfone\r\ntwo\n\xff\nthree")))
    assert [line if isinstance(line, str) else type(line) for line in lines] == ["one", "two", InputError, "three"]


def test_chat_as_text_says_the_version_and_the_file(run: Any, tmp_path: Path) -> None:
    code, out, _ = run("chat", "--data", tmp_path, stdin=b"draw a bunny\nmake it happier\n")
    assert code == 0
    assert "v2, from v1" in out
    assert ".png" in out


def test_chat_and_draw_say_what_is_missing_and_in_json_the_whole_list(run: Any, tmp_path: Path) -> None:
    checker = FakeChecker(lambda image, word: word != "hat")
    build = functools.partial(build_with_fakes, checker=checker)
    _, out, _ = run("chat", "--exact", "--tries", 1, "--data", tmp_path, stdin=b"bunny, hat\nbunny\n", build=build)
    assert "Not seen in it: hat; 1 of 2 details are there." in out
    assert "Checked: nothing missing (1 detail)." in out
    _, out, _ = run("chat", "--exact", "--json", "--data", tmp_path, stdin=b"a hat\n", build=build)
    (turn,) = turns_of(out)
    assert (turn["act"], turn["prompt"], turn["parents"]) == ("create", "a hat", [])
    assert turn["checks"] == [{"what": "a", "found": True, "of": ""}, {"what": "hat", "found": False, "of": ""}]
    looked = sum(checker.checked)
    file = tmp_path / "x.png"
    _, out, _ = run("draw", "my hat", "--exact", "--tries", 2, "-o", file, "--data", tmp_path / "data", build=build)
    assert out.startswith("my hat\n") and "Not seen in it: hat" in out and sum(checker.checked) == looked + 2
    _, out, _ = run("draw", "my hat", "--tries", 0, "-o", file, "--data", tmp_path / "data", build=build)
    assert "Not seen" not in out and sum(checker.checked) == looked + 2
    code, _, err = run("draw", "a hat", "--tries", 99, "-o", file, "--data", tmp_path / "data", build=build)
    assert code == 1 and "A picture is tried 0 to 8 times and 99 was asked; ask for fewer." in err


def test_draw_writes_the_picture_and_says_its_prompt(run: Any, tmp_path: Path) -> None:
    out_file = tmp_path / "bunny.png"
    code, out, _ = run("draw", "a bunny", "-o", out_file, "--seed", 7, "--size", "96x64", "--data", tmp_path / "data")
    assert code == 0
    assert "A full description of this: a bunny." in out
    assert str(out_file) in out
    with Image.open(out_file) as picture:
        assert (picture.format, picture.size) == ("PNG", (96, 64))
    again = tmp_path / "again.png"
    run("draw", "a bunny", "-o", again, "--seed", 7, "--size", "96x64", "--data", tmp_path / "data")
    assert pixels(again.read_bytes()) == pixels(out_file.read_bytes())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--size", "100"], "multiples of 16"),
        (["--size", "4096"], "from 64 to 1024"),
        (["--size", "big"], "A size is"),
        (["--steps", "0"], "1 to 100 steps"),
        (["--seed", "-1"], "seed"),
        (["-o", "no/such/folder/x.png"], "no folder"),
        (["-o", "x.jpg"], ".png"),
    ],
)
def test_draw_refuses_what_it_cannot_do_in_one_sentence(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run("draw", "a bunny", *arguments, "--data", tmp_path / "data")
    assert (code, out) == (1, "")
    assert err.startswith("limner: ")
    assert words in err
    assert err.count("\n") == 1
    assert not list(tmp_path.glob("*.png"))


@pytest.mark.parametrize("command", [["chat", "--json"], ["draw", "a bunny"], ["serve", "--port", "0"]])
def test_a_data_folder_that_cannot_be_written_is_said_in_one_sentence(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("in the way")
    code, _, err = run(*command, "--data", tmp_path / "file" / "data", stdin=b"draw a bunny\n")
    assert code == 1
    assert "cannot be used" in err
    assert "Traceback" not in err


def test_other_mistakes_get_one_sentence(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.json").write_text("in the way")
    for arguments, words in [
        (["chat", "--conversation", "nope", "--data", tmp_path], "nope"),
        (["chat", "--new", "--conversation", "x", "--data", tmp_path], "one of the two"),
        (["serve", "--host", "0.0.0.0"], "sign"),
        (["world", "--sheet", tmp_path / "x.png", "--setting", "huge"], "core, related and full"),
        (["train", "bear", "--out", tmp_path], "no model"),
        (["train", "painter", "--out", tmp_path], "--minutes or --steps"),
        (["train", "painter", "--out", tmp_path, "--steps", "1", "--width", "100"], "multiple of 64"),
        (["train", "rewriter", "--out", tmp_path, "--steps", "1", "--layers", "2"], "without --layers"),
        (["train", "painter", "--out", tmp_path, "--steps", "1", "--synthetic", "95"], "from 0 to 1"),
        (["train", "painter", "--out", tmp_path, "--steps", "1", "--captioner", tmp_path], "--synthetic"),
        (["train", "judge", "--out", tmp_path, "--steps", "1", "--synthetic", "1"], "without --synthetic"),
        (["eval", "bear"], "no evaluation"),
        (["eval", "blends"], "--out DIR"),
        (["eval", "blends", "--levels", "loud", "--out", tmp_path], "noise level"),
        (["eval", "blends", "--count", "0", "--out", tmp_path], "--count must be 1 or more"),
        (["eval", "painter", "--count", "0"], "--count must be 1 or more"),
        (["eval", "painter", "--groups", "-1"], "0 leaves the groups out"),
        (["eval", "painter", "--prompts", tmp_path / "none.txt"], "say where: --out DIR"),
        (["eval", "painter", "--reference", tmp_path], "--pictures"),
        (["eval", "edits", "--turns", "0"], "--turns takes 1 to"),
        (["eval", "edits", "--count", "1", "--json", tmp_path / "x.json" / "y.json"], "y.json cannot be written"),
        (["weights", "publish", "--autoencoder", "nowhere", "--painter", "nowhere"], "train to the end first"),
        (["weights", "publish", "--rewriter", "nowhere"], "train to the end first"),
        (["weights", "publish", "--autoencoder", "nowhere"], "Name the run to publish"),
    ]:
        code, _, err = run(*arguments)
        assert (code, words in err, err.count("\n")) == (1, True, 1), (arguments, err)
    monkeypatch.setenv("LIMNER_PORT", "many")
    assert "LIMNER_PORT" in run("serve")[2]


def test_each_evaluation_takes_its_own_options_alone(run: Any) -> None:
    for arguments in (["painter", "--seeds", "3"], ["painter", "--turns", "3"], ["policy", "--count", "3"]):
        code, _, err = run("eval", *arguments)
        assert (code, f"No such option: {arguments[1]}" in err) == (2, True), err
    code, out, _ = run("eval", "--help")
    names = ["painter", "captioner", "edits", "single-edits", "rewriter", "checks", "policy", "blends"]
    assert code == 0 and all(f"\n  {name} " in out for name in names)


def test_what_should_not_happen_is_written_to_a_file(run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(*arguments: object) -> None:
        raise KeyError("a bug")

    monkeypatch.setattr("ui.commands.draw.draw", broken)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    code, _, err = run("draw", "a bunny")
    (log,) = tmp_path.glob("limner-*.log")
    assert code == 1
    assert str(log) in err
    assert "Traceback" not in err
    assert "KeyError: 'a bug'" in log.read_text()


def test_ctrl_c_stops_the_turn_and_keeps_the_message(tmp_path: Path) -> None:
    environment = {**os.environ, "FAKE_SECONDS": "30"}
    command = [sys.executable, "-m", "tests.fakes", "chat", "--json", "--data", str(tmp_path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, preexec_fn=_hear_ctrl_c
    ) as process:
        assert process.stdin is not None
        process.stdin.write(b"draw a bunny\n")
        process.stdin.flush()
        _wait_for_painting(tmp_path)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
    (turn,) = turns_of(out.decode())
    assert "stopped" in turn["error"]
    assert process.returncode == 130


def _hear_ctrl_c() -> None:
    """Undo what a shell does to what it runs in the background, where Ctrl-C goes unheard."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _wait_for_painting(data: Path) -> None:
    import sqlite3

    for _ in range(200):
        time.sleep(0.1)
        if not (data / "limner.db").exists():
            continue
        connection = sqlite3.connect(data / "limner.db")
        try:
            if connection.execute("select 1 from events where kind = 'progress'").fetchone():
                return
        except sqlite3.OperationalError:
            continue
        finally:
            connection.close()
    raise AssertionError("painting never began")


def test_help_comes_at_once() -> None:
    command = [sys.executable, "-c", "from ui.cli import main; main(['--help'])"]
    seconds = []
    for _ in range(3):
        started = time.monotonic()
        assert b"Usage" in subprocess.run(command, capture_output=True, check=True).stdout
        seconds.append(time.monotonic() - started)
    assert min(seconds) < 0.5, seconds
