"""Single versions renamed and deleted: what goes, what stays, and what is said of it, by whatever face."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from assistant.errors import BlobError, MessageError, UnknownTurn, UnknownVersion
from assistant.export import INDEX, STORY, read_export, replay
from assistant.messages import ConversationPath, PathVersion, ReturnPlan, TurnStatus, VaryPlan
from assistant.references import labelled
from assistant.rewriter import render_path
from assistant.story import story_of
from assistant.turns import Turns
from assistant.uploads import read_upload
from generation.request import FakePainter
from tests.conversing import said, talking
from tests.test_cli import run as run
from tests.test_web import encoded
from ui.web import buttons, desk, views
from ui.web.views import Shown

ANN = "ann"


@pytest.fixture(autouse=True)
def old_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files go at once, though they were just written."""
    monkeypatch.setattr("assistant.turns.JUST_WRITTEN_SECONDS", 0.0)


def talk_of(turns: Turns, *messages: str) -> str:
    talk = turns.new_conversation().id
    for message in messages:
        assert said(turns, talk, message).status is TurnStatus.DONE
    return talk


def files(turns: Turns) -> set[str]:
    return {path.stem for path in turns.blobs.folder.glob("??/*")}


def everything(turns: Turns) -> str:
    """Return all that the database says, as text."""
    with turns.store.database.reading() as session:
        names = session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")).all()
        return "\n".join(str(row) for name in names for row in session.execute(text(f"SELECT * FROM {name}")))


def shown(turns: Turns, talk: str) -> Shown:
    return views.shown(turns.history(talk), turns.versions(talk))


def test_a_version_keeps_its_label_and_has_a_name_beside_it(tmp_path: Path):
    with talking(tmp_path) as turns:
        talk = talk_of(turns, "a bunny", "edit: happier")
        turns.rename_version(talk, "v2", "  By   the\nsea ")
        assert [(version.label, version.name) for version in turns.versions(talk)] == [("v1", ""), ("v2", "By the sea")]
        turns.rename_version(talk, "v1", "x" * 200)
        assert len(turns.versions(talk)[0].name) == 60
        turns.rename_version(talk, "v2", "")
        assert turns.versions(talk)[1].name == ""
        with pytest.raises(MessageError):
            turns.rename_version(talk, "v2", "half \ud800")
        with pytest.raises(UnknownVersion, match="There is no v3 in this conversation; it has v1 to v2"):
            turns.rename_version(talk, "v3", "x")


def test_nobody_tends_the_versions_of_another(tmp_path: Path):
    with talking(tmp_path) as turns:
        talk = talk_of(turns, "a bunny")
        for tend in (
            lambda: turns.rename_version(talk, "v1", "mine", ANN),
            lambda: turns.delete_version(talk, "v1", ANN),
        ):
            with pytest.raises(UnknownTurn, match="There is no conversation"):
                tend()
        assert [(version.label, version.name) for version in turns.versions(talk)] == [("v1", "")]


def test_a_deleted_version_is_gone_from_the_rows_and_the_disk(tmp_path: Path):
    with talking(tmp_path) as turns:
        talk = talk_of(turns, "a bunny", "edit: wearing a secret hat", "back to v1")
        first, second = turns.versions(talk)
        turns.rename_version(talk, "v2", "My darling")
        turns.store.add_feedback(second.id, "you", True, "lovely", turns.clock())
        assert {second.image, second.latent} <= files(turns)
        turns.delete_version(talk, "v2")
        assert not {second.image, second.latent} & files(turns)
        assert {first.image, first.latent} <= files(turns)
        left = everything(turns)
        for gone in (second.image, second.latent, "My darling", "lovely"):
            assert str(gone) not in left
        assert [version.label for version in turns.versions(talk)] == ["v1"]
        with pytest.raises(BlobError):
            turns.picture(second.image)


def test_what_is_just_written_goes_a_little_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("assistant.turns.JUST_WRITTEN_SECONDS", 0.5)
    with talking(tmp_path) as turns:
        talk = talk_of(turns, "a bunny")
        image = turns.versions(talk)[0].image
        turns.delete_version(talk, "v1")
        deadline = time.monotonic() + 30
        while image in files(turns):
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_a_picture_that_something_else_has_stays_for_it(tmp_path: Path):
    with talking(tmp_path) as turns:
        one, two = talk_of(turns, "a bunny"), talk_of(turns, "a bunny")
        image = turns.versions(one)[0].image
        assert turns.versions(two)[0].image == image
        turns.delete_version(one, "v1")
        assert image in files(turns) and turns.picture(image)
        turns.delete_version(two, "v1")
        assert image not in files(turns)


def test_what_was_painted_from_it_stays_and_hangs_on_the_one_before(tmp_path: Path):
    with talking(tmp_path) as turns:
        talk = talk_of(turns, "a bunny", "edit: happier", "edit: bluer", "edit: larger")
        turns.delete_version(talk, "v2")
        turns.delete_version(talk, "v3")
        first, last = turns.versions(talk)
        assert (last.label, last.parents, last.line) == ("v4", ("v3",), "v1")
        page = shown(turns, talk)
        assert list(desk.tree(page)) == ["v1", "v4"]
        assert ", from v3 (deleted)" in desk.tree(page)["v4"] and "from v3 (deleted)" in desk.desk(page, "v4")
        assert [("v2 was deleted." in turn, "v3 was deleted." in turn) for turn in views.chat(page).values()] == [
            (False, False),
            (True, False),
            (False, True),
            (False, False),
        ]
        assert buttons.before("v4", page.path, page.versions) == "v1"
        assert isinstance(buttons.again(last, 1)[1], VaryPlan)  # what its change was made to is gone
        assert said(turns, talk, "edit: again").version == "v5"
        assert first.line is None


@pytest.mark.parametrize(
    ("messages", "gone", "current"),
    [
        (["a bunny"], ["v1"], None),
        (["a bunny", "edit: happier"], ["v2"], "v1"),
        (["a bunny", "edit: happier"], ["v1"], "v2"),
        (["a bunny", "a fox"], ["v2"], "v1"),
        (["a bunny", "a fox", "say hello"], ["v2"], "v1"),
        (["a bunny", "edit: happier", "back to v1"], ["v1"], "v2"),
        (["a bunny", "edit: happier", "edit: bluer"], ["v2", "v3"], "v1"),
        (["a bunny", "edit: happier"], ["v1", "v2"], None),
    ],
)
def test_where_the_current_version_is_deleted_another_one_is_current(
    tmp_path: Path, messages: list[str], gone: list[str], current: str | None
):
    with talking(tmp_path) as turns:
        talk = talk_of(turns, *messages)
        for label in gone:
            turns.delete_version(talk, label)
        assert turns.history(talk)[-1].ends_on == current
        assert turns.result(turns.history(talk)[-1].id).version == current
        after = said(turns, talk, "edit: and a hat")
        assert after.status is TurnStatus.DONE
        assert after.parents == ((current,) if current else ())
        if current is None:
            assert "There is no picture to change yet" in after.reply
            assert said(turns, talk, "a cat").version == f"v{len(gone) + 1}"  # a label never comes again


def test_of_several_painted_together_the_next_is_current(tmp_path: Path):
    from assistant.messages import TurnOptions

    with talking(tmp_path) as turns:
        talk = talk_of(turns, "a bunny")
        said(turns, talk, "edit: happier", options=TurnOptions(count=3))
        turns.delete_version(talk, "v2")
        assert turns.history(talk)[-1].ends_on == "v3"
        assert "v2 was deleted." in list(views.chat(shown(turns, talk)).values())[-1]


def test_a_deleted_version_that_is_named_gets_one_sentence(tmp_path: Path):
    with talking(tmp_path) as turns:
        talk = talk_of(turns, "a bunny", "edit: happier", "edit: bluer", "edit: larger")
        turns.delete_version(talk, "v2")
        result = said(turns, talk, "back to v2")
        assert result.status is TurnStatus.FAILED
        assert result.error == "v2 was deleted; this conversation has v1, v3 to v4."
        with pytest.raises(UnknownVersion, match=r"v2 was deleted; this conversation has v1, v3 to v4\."):
            turns.delete_version(talk, "v2")
        with pytest.raises(UnknownVersion, match="There is no v9 in this conversation; it has v1, v3 to v4"):
            turns.locked(talk, "v9")
        for label in ("v1", "v3", "v4"):
            turns.delete_version(talk, label)
        assert said(turns, talk, "back to v2").error == (
            "v2 was deleted, and there is no other picture in this conversation; describe a new one."
        )


def test_while_a_picture_is_painted_nothing_is_deleted_under_it(tmp_path: Path):
    with talking(tmp_path) as turns:
        talk = talk_of(turns, "a bunny")
        turns.submit(talk, "edit: happier")
        with pytest.raises(MessageError, match=r"still being painted in this conversation; .* delete v1 again"):
            turns.delete_version(talk, "v1")
        turns.run_pending()
        turns.delete_version(talk, "v1")
        assert [version.label for version in turns.versions(talk)] == ["v2"]


def test_what_was_painted_once_is_painted_again_after_it_was_deleted(tmp_path: Path):
    with talking(tmp_path) as turns:
        talk = talk_of(turns, "a bunny")
        image = turns.versions(talk)[0].image
        turns.delete_version(talk, "v1")
        again = said(turns, talk, "a bunny")
        assert (again.version, again.image) == ("v2", image) and turns.picture(image)


def test_locks_of_a_deleted_version_hold_for_what_was_made_from_it(tmp_path: Path):
    with talking(tmp_path) as turns:
        talk = talk_of(turns, "a white bunny", "edit: happier")
        turns.lock(talk, "v1", "white bunny")
        turns.delete_version(talk, "v1")
        assert turns.locked(talk, "v2") == ("white bunny",)


def test_a_picture_made_from_somebodys_own_says_so_after_that_one_is_deleted(tmp_path: Path):
    from PIL import Image

    with talking(tmp_path) as turns:
        talk = turns.new_conversation().id
        turns.bring(talk, read_upload(encoded(Image.new("RGB", (128, 128), "orange"))))
        said(turns, talk, "edit: happier")
        said(turns, talk, "edit: bluer")
        turns.delete_version(talk, "v1")
        turns.delete_version(talk, "v2")
        versions = {version.label: version for version in turns.versions(talk)}
        story = story_of(versions["v3"], versions)
        assert story is not None and story.source == "compositeWithTrainedAlgorithmicMedia"
        alone = replace(versions["v3"], parents=(), held_own=False)
        plain = story_of(alone, {"v3": alone})
        assert plain is not None and plain.source == "trainedAlgorithmicMedia"


def test_the_file_that_a_deleted_picture_was_painted_from_goes_with_its_parent(tmp_path: Path):
    with talking(tmp_path) as turns:
        talk = talk_of(turns, "a bunny", "edit: happier")
        first, second = turns.versions(talk)
        assert second.recipe is not None and first.image in (second.recipe.parent_image, second.recipe.start[7:])
        turns.delete_version(talk, "v1")
        assert files(turns) == {second.image, second.latent}


def test_a_name_said_as_a_name_is_read_as_the_version_that_has_it():
    versions = (
        PathVersion("v1", (), "A bunny.", "", name="Sunny beach"),
        PathVersion("v2", ("v1",), "A bunny in a hat.", "a hat", name="hat"),
        PathVersion("v3", ("v2",), "A bunny in a red hat.", "red"),
    )
    for message, read in {
        "go back to sunny  beach": "go back to v1",
        "make “Sunny Beach” darker": "make v1 darker",
        "put the sky of 'hat' on the version called Sunny beach": "put the sky of v2 on the version called v1",
        "give it a hat": "give it a hat",
        "a sunny beachball": "a sunny beachball",
        "a sign that says “hat”": "a sign that says “hat”",
        "back to the hat, please": "back to the v2, please",
    }.items():
        assert labelled(ConversationPath(message, versions=versions, current="v3")) == read
    told = render_path(ConversationPath("x", versions=versions, current="v3"), instructed=True)
    assert "called: v1 “Sunny beach”; v2 “hat”" in told
    assert "called:" not in render_path(ConversationPath("x", versions=versions, current="v3"))


def test_a_version_is_gone_back_to_by_its_name(tmp_path: Path):
    with talking(tmp_path) as turns:
        talk = talk_of(turns, "a bunny", "edit: happier")
        turns.rename_version(talk, "v1", "Sunny beach")
        result = said(turns, talk, "back to sunny beach")
        assert (result.act, result.version, result.message) == ("return", "v1", "back to sunny beach")
        assert turns.history(talk)[-1].plan == ReturnPlan(targets=("v1",), reply="Here it is again.")


def test_an_export_without_a_deleted_version_is_whole_and_says_what_cannot_be_painted_again(
    run: Any, tmp_path: Path
) -> None:
    data, out = tmp_path / "data", tmp_path / "out"
    talk = b"draw a bunny\nmake it happier\nmake it bluer\ngo back to v1\nmake it larger\n"
    assert run("chat", "--data", data, stdin=talk)[0] == 0
    code, said, _ = run("chat", "--data", data, "--rename", "v3", "By the <sea>")
    assert (code, said) == (0, "v3 is called “By the <sea>” now.\n")
    code, _, err = run("chat", "--data", data, "--delete", "v2")
    assert code == 1 and err.count("\n") == 1 and "nobody can answer here; add --yes" in err
    assert run("chat", "--data", data, "--delete", "v2", "--yes")[:2] == (0, "v2 was deleted; you are at v4.\n")
    code, said, _ = run("chat", "--data", data, "--delete", "v2", "--yes", "--json")
    assert code == 1 and said == ""
    code, said, err = run("export", "--data", data, "-o", out)
    assert (code, err) == (0, "") and "(3 pictures" in said
    story = (out / STORY).read_text()
    assert "**v2** was deleted." in story and "from v2 (v2 deleted since)" in story
    assert "**v3 “By the &lt;sea&gt;”**" in story and "![" in story and "pictures/v3.png" in story
    assert [version["number"] for version in json.loads((out / INDEX).read_text())["versions"]] == [1, 3, 4]
    exported = read_export(lambda name: (out / name).read_bytes() if (out / name).is_file() else None)
    first, third, fourth = replay(exported, lambda recipe: FakePainter())
    assert first.identical and fourth.identical
    assert (third.label, third.problem) == ("v3", "it was painted from v2, which was deleted")


def test_the_terminal_says_in_json_what_became_of_a_version(run: Any, tmp_path: Path) -> None:
    assert run("chat", "--data", tmp_path, stdin=b"draw a bunny\n")[0] == 0
    code, out, _ = run("chat", "--data", tmp_path, "--json", "--rename", "v1", "Häschen")
    named = json.loads(out)
    assert code == 0 and (named["version"], named["name"]) == ("v1", "Häschen")
    code, out, _ = run("chat", "--data", tmp_path, "--json", "--delete", "v1", "--yes")
    gone = json.loads(out)
    assert code == 0 and (gone["deleted"], gone["version"]) == ("v1", None)
    code, out, err = run("chat", "--data", tmp_path, "--rename", "v1", "x")
    assert code == 1 and "v1 was deleted, and there is no other picture" in err
