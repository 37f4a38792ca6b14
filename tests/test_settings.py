"""Settings by option, variable and file: which goes first, what is refused, and that the README's table is true."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from ui.cli import make_app
from ui.commands.settings import explanations, settings_table, show_settings
from ui.errors import SettingsError
from ui.settings import FLAGS, Settings, config_file, load_settings, take_flags, user_data_folder

README = Path(__file__).parent.parent / "README.md"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"LIMNER_{name.upper()}", raising=False)
    monkeypatch.delenv("LIMNER_CONFIG", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    token = FLAGS.set({})
    yield
    FLAGS.reset(token)


def options_of_serve() -> Iterator[str]:
    """Return the options of the command that takes the most settings; `--threads` of another is not one of them."""
    command: Any = typer.main.get_command(make_app())
    for parameter in command.commands["serve"].params:
        yield from parameter.opts


def with_table(readme: str) -> str:
    """Return the README with the table as it is made from the settings."""
    table = settings_table(options_of_serve())
    text, count = re.subn(r"(?m)^\| setting \| option \|.*\n(?:\|.*\n)*", lambda _: table, readme)
    assert count == 1
    return text


def written(text: str) -> Path:
    file, _ = config_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def test_an_option_goes_before_a_variable_before_the_file_before_the_usual(monkeypatch: pytest.MonkeyPatch):
    assert load_settings().port == 7860
    written("port = 1001\nthreads = 1\n")
    assert (load_settings().port, load_settings().threads) == (1001, 1)
    monkeypatch.setenv("LIMNER_PORT", "1002")
    assert load_settings().port == 1002
    take_flags(["port=1003"])
    assert load_settings().port == 1003
    assert load_settings(port=1004).port == 1004


def test_a_path_in_the_file_stands_from_where_the_file_is():
    file = written('data = "pictures"\n')
    assert load_settings().data == file.parent / "pictures"
    written('data = "~/pictures"\n')
    assert load_settings().data == Path.home() / "pictures"


def test_a_file_may_be_named_and_must_then_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    other = tmp_path / "other.toml"
    other.write_text("threads = 3\n")
    monkeypatch.setenv("LIMNER_CONFIG", str(other))
    assert load_settings().threads == 3
    take_flags([], tmp_path / "missing.toml")
    with pytest.raises(SettingsError, match=r"missing\.toml cannot be read"):
        load_settings()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("threads = ", "are no TOML"), ("colour = 1", "sets 'colour', which is no setting"),
        ("threads = -1", "'threads' cannot be '-1'"), ("[serve]\nport = 1", "sets 'serve', which is no setting"),
        ("\udc80", "are no TOML"), ('moderation = "ftp://x"', "'moderation' cannot be 'ftp://x'"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_refused_in_one_sentence(text: str, words: str):
    file = written("")
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(SettingsError, match=re.escape(words)) as caught:
        load_settings()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        ("threads", "takes NAME=VALUE"), ("colour=1", "no setting"), ("rewriter_key=x", "does not take rewriter_key"),
        ("moderation-key=x", "does not take moderation_key"),
    ],
)  # fmt: skip
def test_what_cannot_be_set_by_an_option_is_refused(pair: str, words: str):
    with pytest.raises(SettingsError, match=words):
        take_flags([pair])


def test_a_secret_that_cannot_be_used_is_not_repeated():
    written("rewriter_key = 123454321\n")
    with pytest.raises(SettingsError, match="change LIMNER_REWRITER_KEY") as caught:
        load_settings()
    assert "123454321" not in str(caught.value) and "--" not in str(caught.value)


def test_folders_follow_the_xdg_specification(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.platform", "linux")
    assert user_data_folder() == tmp_path / "data" / "limner"
    assert config_file() == (tmp_path / "config" / "limner" / "limner.toml", False)
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, "relative/is/ignored")
    assert user_data_folder() == Path.home() / ".local" / "share" / "limner"
    assert config_file()[0] == Path.home() / ".config" / "limner" / "limner.toml"


def test_every_setting_is_explained_and_the_readmes_table_is_the_one_made_from_them():
    assert set(explanations()) == set(Settings.model_fields)
    text = README.read_text("utf-8")
    assert with_table(text) == text, "run `python -m tests.test_settings`, which puts the table into the README"


def test_settings_are_shown_with_where_they_come_from_and_without_secrets(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    written("threads = 1\n")
    monkeypatch.setenv("LIMNER_REWRITER_KEY", "very secret")
    take_flags(["captioner=none"])
    show_settings()
    lines = {line.split()[0]: " ".join(line.split()[1:]) for line in capsys.readouterr().out.splitlines()}
    assert lines["threads"] == "1 file"
    assert lines["captioner"] == "none --set"
    assert lines["rewriter_key"] == "set LIMNER_REWRITER_KEY"
    assert lines["host"] == "127.0.0.1 usual"


if __name__ == "__main__":
    README.write_text(with_table(README.read_text("utf-8")), "utf-8")
