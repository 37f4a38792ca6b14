"""Other people's prompt files are read in the forms that they are published in, and what is none is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from captioner.world.scene import CORE
from generation.errors import RequestError
from generation.evaluation.clauses import Asked, Clause, asked_of, follows, outside_world
from generation.evaluation.judge import SIDES, Reading, ThingReading
from generation.evaluation.prompt_files import read_prompts

POSITION = {
    "tag": "position",
    "include": [{"class": "bear", "count": 1}, {"class": "dog", "count": 1, "position": ["left of", 0]}],
    "prompt": "a photo of a dog left of a bear",
}
COUNTING = {
    "tag": "counting", "include": [{"class": "cat", "count": 2}], "exclude": [{"class": "cat", "count": 3}],
    "prompt": "a photo of two cats",
}  # fmt: skip


def reading(**things: tuple[str, str, int]) -> Reading:
    """Return what is read where each side named has a kind, a colour and a count."""
    nothing = ThingReading(0.0, None, "red", None, 0, "medium", "standing", 1, {})
    sides = dict.fromkeys(SIDES, nothing)
    for side, (kind, colour, count) in things.items():
        sides[side] = ThingReading(1.0, kind, colour, 2, 0, "medium", "standing", count, {})
    return Reading(sides, "room", "day", "clear", "flat", "medium", ())


def test_genevals_metadata_is_read_with_its_clauses(tmp_path: Path) -> None:
    path = tmp_path / "evaluation_metadata.jsonl"
    path.write_text(f"{json.dumps(POSITION)}\n\n{json.dumps(COUNTING)}\n")
    first, second = read_prompts(path).prompts
    assert (first.id, first.text, first.category) == ("00000", "a photo of a dog left of a bear", "position")
    assert first.asked == Asked("position", (Clause("bear"), Clause("dog", position=("left of", 0))))
    assert second.asked == Asked("counting", (Clause("cat", 2),), (Clause("cat", 3),))


def test_tables_lines_and_folders_are_read_as_published(tmp_path: Path) -> None:
    parti = tmp_path / "PartiPrompts.tsv"
    parti.write_text(
        "Prompt\tCategory\tChallenge\tNote\na shiba inu\tAnimals\tBasic\t\n"
        '"Fly an airplane" on a wall\tArts\tComplex\t\n'
    )
    found = read_prompts(parti).prompts
    assert [(each.text, each.category) for each in found] == [
        ("a shiba inu", "Animals"), ('"Fly an airplane" on a wall', "Arts"),
    ]  # fmt: skip
    drawbench = tmp_path / "drawbench.csv"
    drawbench.write_text('Prompts,Category\nA red colored car.,Colors\n"Hello, world",Text\n', encoding="utf-8-sig")
    assert [each.text for each in read_prompts(drawbench).prompts] == ["A red colored car.", "Hello, world"]
    dpg = tmp_path / "dpg_bench.csv"
    dpg.write_text(
        "item_id,text,keywords,proposition_id,dependency,category_broad,category_detailed,tuple,question_natural_language\n"
        "partiprompts0,a big cat,,1,0,entity,whole,entity - whole (cat),Is there a cat?\n"
        "partiprompts0,a big cat,,2,1,attribute,size,attribute - size (cat),Is the cat big?\n"
        "partiprompts1,a dog,,1,0,entity,whole,entity - whole (dog),Is there a dog?\n"
    )
    assert [(each.id, each.text) for each in read_prompts(dpg).prompts] == [
        ("partiprompts0", "a big cat"), ("partiprompts1", "a dog"),
    ]  # fmt: skip
    folder = tmp_path / "prompts"
    folder.mkdir()
    (folder / "256.txt").write_text("A long\ndescription.\n")
    (folder / "empty.txt").write_text("")
    assert [(each.id, each.text) for each in read_prompts(folder).prompts] == [("256", "A long description.")]
    lines = tmp_path / "color_val.txt"
    lines.write_text("a green bench and a blue bowl\n\na blue bench\n")
    assert [each.id for each in read_prompts(lines).prompts] == ["00000", "00002"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.jsonl", b'{"tag": "x"}', "line 1 of .* no prompt"),
        ("a.jsonl", b'{"prompt": "a cat", "include": [{"count": 2}]}', "names no class"),
        ("a.jsonl", b'{"prompt": "a", "include": [{"class": "cat", "position": ["left of", 0]}]}', "not before it"),
        ("a.jsonl", b"not json", "line 1"),
        ("a.txt", b"\xff\xfe\x00", "UTF-8"),
        ("a.txt", b"\n \n", "no prompt"),
        ("a.tsv", b"Words\tCategory\na cat\tx\n", "no column of prompts; it has words, category"),
        ("a.pdf", b"%PDF", "no prompt file"),
        ("a.txt", b"x" * 10_001, "10001 letters"),
    ],
)
def test_what_is_no_prompt_file_is_named(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(RequestError, match=words) as caught:
        read_prompts(path)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="cannot be read"):
        read_prompts(tmp_path / "none.txt")


def test_clauses_combine_as_genevals_do() -> None:
    position, counting = asked_of(POSITION), asked_of(COUNTING)
    assert follows(reading(left=("dog", "red", 1), right=("bear", "red", 1)), position)
    assert not follows(reading(right=("dog", "red", 1), left=("bear", "red", 1)), position)
    assert not follows(reading(left=("dog", "red", 1)), position)
    assert follows(reading(middle=("cat", "red", 2)), counting)
    assert follows(reading(left=("cat", "red", 1), right=("cat", "blue", 1)), counting)
    assert not follows(reading(middle=("cat", "red", 1)), counting)
    assert not follows(reading(middle=("cat", "red", 3)), counting)
    two = Asked("color_attr", (Clause("cat", 1, "red"), Clause("dog", 1, "blue")))
    assert follows(reading(left=("dog", "blue", 1), right=("cat", "red", 1)), two)
    assert not follows(reading(left=("dog", "red", 1), right=("cat", "blue", 1)), two)
    assert not follows(reading(), two)


@pytest.mark.parametrize(
    ("clause", "why"),
    [
        (Clause("cat"), ""), (Clause("bicycle"), "no such thing"), (Clause("cat", 4), "not to 4"),
        (Clause("cat", 1, "gold"), "no such colour"), (Clause("cat", 1, position=("above", 0)), "sides, not above"),
    ],
)  # fmt: skip
def test_what_the_judge_cannot_read_is_outside_the_world(clause: Clause, why: str) -> None:
    found = outside_world(Asked("", (clause,)), CORE)
    assert why in found if why else found == ""
