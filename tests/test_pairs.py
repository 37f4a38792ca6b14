"""Pairs to train on: what was kept and what was left follows from what the person did, and comes only if asked for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import UnknownTurn, UnknownVersion
from assistant.messages import TurnOptions
from assistant.pairs import CAPTIONS, EDITS, PREFERENCES, pair_files
from captioner.data import Sample, samples
from tests.conversing import said, talking
from tests.test_cli import run as run


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / name).read_text().splitlines()]


def test_what_people_go_on_from_is_kept_and_what_they_leave_for_another_is_not(tmp_path: Path) -> None:
    with talking(tmp_path) as turns:
        talk = turns.new_conversation().id
        said(turns, talk, "a bunny")
        said(turns, talk, "edit happier")
        said(turns, talk, "back to v1")
        said(turns, talk, "edit sadder")
        assert turns.judged(talk) == {"v1": True, "v2": False, "v3": True}
        said(turns, talk, "back to v2")
        assert turns.judged(talk) == {"v1": True, "v2": True}, "v3 may be as good: nobody left it for another"
        turns.rename_version(talk, "v3", "the sad one")
        assert turns.judged(talk) == {"v1": True, "v2": True, "v3": True}


def test_of_pictures_painted_together_those_are_left_of_which_another_was_taken(tmp_path: Path) -> None:
    with talking(tmp_path) as turns:
        talk = turns.new_conversation().id
        said(turns, talk, "a bunny", options=TurnOptions(count=3))
        assert turns.judged(talk) == {}, "nobody has chosen yet"
        said(turns, talk, "edit v2: happier")
        judged = turns.judged(talk)
        assert judged == {"v1": False, "v2": True, "v3": False, "v4": True}
        pictures = {f"pictures/v{number}.png": b"" for number in range(1, 5)}
        files = pair_files(turns.versions(talk), judged, pictures)
        preferences = [json.loads(line) for line in files[PREFERENCES].splitlines()]
        assert preferences == [
            {"text": "a bunny", "chosen": "pictures/v2.png", "rejected": f"pictures/{left}.png"}
            for left in ("v1", "v3")
        ]


def test_what_the_person_says_goes_first(tmp_path: Path) -> None:
    with talking(tmp_path) as turns:
        talk = turns.new_conversation().id
        said(turns, talk, "a bunny", options=TurnOptions(count=2))
        turns.like_version(talk, "v2", True)
        turns.like_version(talk, "v1", False)
        assert turns.judged(talk) == {"v1": False, "v2": True}
        turns.like_version(talk, "v1", True)
        assert turns.judged(talk) == {"v1": True, "v2": True}
        with pytest.raises(UnknownVersion):
            turns.like_version(talk, "v9", True)
        with pytest.raises(UnknownTurn):
            turns.like_version(talk, "v1", True, "somebody else")


def test_pairs_are_exported_only_if_asked_for_and_train_as_they_are(run: Any, tmp_path: Path) -> None:
    talk = b"draw a bunny\nmake it happier\ngo back to v1\nadd a hat\n"
    data = tmp_path / "data"
    assert run("chat", "--data", data, stdin=talk)[0] == 0
    assert run("export", "--data", data, "-o", tmp_path / "plain")[0] == 0
    assert not (tmp_path / "plain" / "pairs").exists()
    code, out, err = run("chat", "--data", data, "--dislike", "v2")
    assert (code, out) == (0, "v2 is not as you like it; `limner export --pairs` writes that down.\n")
    code, out, err = run("chat", "--data", data, "--like", "v9")
    assert code != 0 and "There is no v9 in this conversation; it has v1 to v3." in err
    code, out, err = run("export", "--data", data, "--pairs", "-o", tmp_path / "pairs")
    assert (code, err) == (0, "") and "pairs/: 2 pictures that you kept with their prompts, 2 edits, 0 pref" in out
    kept = rows(tmp_path / "pairs", CAPTIONS)
    assert [row["file_name"] for row in kept] == ["v1.png", "v3.png"] and all(row["text"] for row in kept)
    assert [(row["source"], row["target"], row["accepted"]) for row in rows(tmp_path / "pairs", EDITS)] == [
        ("pictures/v1.png", "pictures/v2.png", False),
        ("pictures/v1.png", "pictures/v3.png", True),
    ]
    assert rows(tmp_path / "pairs", PREFERENCES) == []
    read = list(samples((tmp_path / "pairs" / CAPTIONS).parent))
    assert [each.text for each in read if isinstance(each, Sample)] == [row["text"] for row in kept]
    assert run("replay", tmp_path / "pairs")[0] == 0
