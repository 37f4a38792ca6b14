"""Which part of a picture lies at a point, and what parts are called."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw

from assistant.messages import Version
from assistant.pointing import BACKGROUND, parts_at, parts_of
from captioner.naming import style_in, wishes_by_name
from generation.request import BlobReader, FakePainter, Region, RenderRequest

SIDE = 64
VERSION = Version("i", "c", "t", 1, (), "A bunny.", "", "", "0" * 64, None, SIDE, SIDE)


class BoxFinder:
    """Finds the boxes that it was told, by wish; of another wish it says that it is about the whole picture."""

    def __init__(self, boxes: dict[str, tuple[int, int, int, int]], side: int = SIDE):
        self.boxes = boxes
        self.side = side

    def find_region(self, request: RenderRequest, blobs: BlobReader) -> Region | None:
        if request.change not in self.boxes:
            return None
        mask = Image.new("L", (self.side, self.side))
        ImageDraw.Draw(mask).rectangle(self.boxes[request.change], fill=255)
        buffer = io.BytesIO()
        mask.save(buffer, "PNG")
        return Region(buffer.getvalue())


class NoBlobs:
    def read(self, digest: str) -> bytes:
        raise AssertionError(digest)


def test_the_smallest_part_that_holds_a_point_comes_first_and_the_rest_is_the_background() -> None:
    finder = BoxFinder({"paint it": (8, 8, 39, 39), "smile": (16, 16, 23, 23)})
    wishes = {"the bunny": "paint it", "the face": "smile", "the sky": "make it night"}
    parts = parts_of(VERSION, wishes, finder, FakePainter().capabilities(), NoBlobs())
    assert [part.name for part in parts] == ["the face", "the bunny", BACKGROUND]
    assert [part.share for part in parts] == [64 / SIDE**2, 1024 / SIDE**2, 1 - 1024 / SIDE**2]
    assert [part.name for part in parts_at(parts, (20, 20))] == ["the face", "the bunny"]
    assert [part.name for part in parts_at(parts, (60, 60))] == [BACKGROUND]
    assert parts_at(parts, (SIDE, 3)) == ()


def test_without_a_part_there_is_no_background_either() -> None:
    can = FakePainter().capabilities()
    assert parts_of(VERSION, {"the sky": "make it night"}, BoxFinder({}), can, NoBlobs()) == ()
    everything = BoxFinder({"all": (0, 0, SIDE, SIDE)})
    assert [part.name for part in parts_of(VERSION, {"it": "all"}, everything, can, NoBlobs())] == ["it"]


def test_a_part_is_as_large_as_its_picture_whatever_the_painter_painted_in() -> None:
    photo = Version("i", "c", "t", 1, (), "", "", "", "0" * 64, None, 100, 50, origin="uploaded")
    parts = parts_of(
        photo, {"it": "wish"}, BoxFinder({"wish": (0, 0, 31, 63)}), FakePainter().capabilities(), NoBlobs()
    )
    with Image.open(io.BytesIO(parts[0].mask)) as mask:
        assert mask.size == (100, 50) and mask.getpixel((49, 25)) == 255 and mask.getpixel((50, 25)) == 0


def test_the_things_of_a_prompt_have_names_and_wishes_that_are_about_nothing_else() -> None:
    wishes = wishes_by_name("A red bunny in a meadow, wearing a blue hat. There is a rainbow. No cat.")
    assert list(wishes) == ["the bunny", "the bunny's face", "the bunny's hat", "the rainbow"]
    assert "red" not in wishes["the bunny"] and "blue" not in wishes["the bunny's hat"]
    assert wishes_by_name("Une allégorie de la paix.") == {}


def test_two_things_of_a_kind_are_told_apart() -> None:
    names = list(wishes_by_name("A red ball on the left and a blue ball on the right."))
    assert len(names) == 2 and "left" in names[0] and "right" in names[1]


@pytest.mark.parametrize(("caption", "style"), [("A watercolour painting of a bunny.", "as a watercolour painting")])
def test_a_style_is_named_as_one_asks_for_it(caption: str, style: str) -> None:
    assert style_in(caption) == style
    assert style_in("A bunny.") == ""
