"""Picture sets as people have them, captioned anew: every form, every broken thing, every interruption."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import tarfile
import time
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow
import pyarrow.parquet
import pytest
from PIL import Image

from captioner.data import Fault, Sample, samples
from captioner.errors import DataError
from captioner.journal import Journal
from captioner.likeness import Likeness, look_of
from captioner.pictures import read_picture
from captioner.recaption import Summary, recaption
from captioner.request import FakeCaptioner

ROOT = Path(__file__).parent.parent


def noise(seed: int, size: tuple[int, int] = (40, 30)) -> Image.Image:
    coarse = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)


def encoded(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def picture_set(folder: Path, count: int) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for index in range(count):
        (folder / f"{index:03}.png").write_bytes(encoded(noise(index)))
        (folder / f"{index:03}.txt").write_text(f"text {index}")
    return folder


def rows_of(out: Path) -> list[dict[str, Any]]:
    return pyarrow.parquet.read_table(out).to_pylist()


def tar_of(path: Path, members: Iterable[tuple[str, bytes]]) -> Path:
    with tarfile.open(path, "w") as tar:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return path


def log_of(out: Path) -> str:
    return out.with_name(out.name + ".log").read_text(encoding="utf-8")


# Pictures


def test_pictures_of_every_mode_are_read_as_they_are_meant() -> None:
    colour = Image.new("RGB", (40, 20), (200, 100, 50))
    deep = Image.fromarray(np.full((20, 40), 51_400, np.uint16))
    clear = Image.new("RGBA", (40, 20), (0, 0, 0, 0))
    frames = [Image.new("RGB", (40, 20), shade) for shade in ((200, 100, 50), (0, 0, 0))]
    for data, wanted in (
        (encoded(colour), (200, 100, 50)),
        (encoded(colour, "JPEG", quality=95), (200, 100, 50)),
        (encoded(colour.convert("CMYK"), "JPEG", quality=95), (200, 100, 50)),
        (encoded(colour.convert("L")), (124, 124, 124)),
        (encoded(deep), (200, 200, 200)),
        (encoded(clear), (255, 255, 255)),
        (encoded(colour.convert("P", palette=Image.Palette.ADAPTIVE), "GIF"), (200, 100, 50)),
        (encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]), (200, 100, 50)),
        (encoded(frames[0], "WEBP", lossless=True, save_all=True, append_images=frames[1:]), (200, 100, 50)),
        (encoded(colour.convert("1", dither=Image.Dither.NONE)), (0, 0, 0)),
    ):
        picture = read_picture(data, 8)
        assert (picture.side, picture.width, picture.height, len(picture.pixels)) == (8, 40, 20, 192)
        assert np.abs(np.array(list(picture.pixels[:3])) - wanted).max() <= 3


def test_the_cameras_rotation_is_undone() -> None:
    image = Image.new("RGB", (40, 20), "black")
    image.paste("white", (0, 0, 20, 20))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it a quarter clockwise to see it upright
    picture = read_picture(encoded(image, "JPEG", exif=exif, quality=95), 8)
    pixels = np.frombuffer(picture.pixels, np.uint8).reshape(8, 8, 3)
    assert (picture.width, picture.height) == (20, 40)
    assert pixels[1].mean() > 200 and pixels[6].mean() < 50


def png_claiming(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")
    )


def broken() -> dict[str, tuple[bytes, str]]:
    whole = encoded(noise(1, (200, 200)))
    return {
        "empty.png": (b"", "empty"),
        "text.jpg": (b"I am no picture", "no picture of a kind"),
        "cut.png": (whole[: len(whole) // 2], "no whole picture"),
        "cut.jpg": (encoded(noise(1, (200, 200)), "JPEG")[:1500], "no whole picture"),
        "gigantic.png": (png_claiming(60_000, 60_000), "too large|million"),
        "large.png": (png_claiming(9_300, 9_000), "million"),
        "lying.png": (png_claiming(500, 500), "no whole picture"),
        "program.png": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(x) run\n", "no picture of a kind"),
    }


@pytest.mark.parametrize("name", broken())
def test_broken_and_hostile_pictures_are_refused_in_words(name: str) -> None:
    data, why = broken()[name]
    with pytest.raises(DataError, match=why):
        read_picture(data, 16)


def test_a_depth_of_sixteen_bits_is_not_cut_off_at_eight() -> None:
    ramp = np.linspace(0, 65_535, 64, dtype=np.uint16)[None].repeat(64, 0)
    pixels = np.frombuffer(read_picture(encoded(Image.fromarray(ramp)), 16).pixels, np.uint8)
    row = pixels.reshape(16, 16, 3)[8, :, 0].astype(int)
    assert row[0] < 12 and row[-1] > 243 and (np.diff(row) > 8).all()


# Likeness


def test_another_size_or_compression_looks_alike_and_another_picture_or_colour_does_not() -> None:
    likeness = Likeness()
    originals = [noise(seed, (256, 256)) for seed in range(30)]
    assert [likeness.like(look_of(image), str(i)) for i, image in enumerate(originals)] == [None] * 30
    for index, image in enumerate(originals):
        packed = Image.open(io.BytesIO(encoded(image, "JPEG", quality=70)))
        assert likeness.like(look_of(packed), "packed") == str(index)
        assert likeness.like(look_of(image.resize((100, 100), Image.Resampling.LANCZOS)), "small") == str(index)
    red, green, blue = originals[0].split()
    assert likeness.like(look_of(Image.merge("RGB", (blue, red, green))), "other colours") is None


def test_flat_pictures_are_told_apart_by_their_colour() -> None:
    likeness = Likeness()
    looks = [look_of(Image.new("RGB", (64, 64), colour)) for colour in ("red", "blue", "#fe0000")]
    assert [likeness.like(look, str(index)) for index, look in enumerate(looks)] == [None, None, "0"]


# Sets


def pairs(found: Iterable[Sample | Fault]) -> list[tuple[str, str | None]]:
    return [(sample.name, sample.text) for sample in found if isinstance(sample, Sample)]


def faults(found: Iterable[Sample | Fault]) -> dict[str, str]:
    return {fault.name: fault.why for fault in found if isinstance(fault, Fault)}


def test_a_folder_with_sidecars_metadata_and_sets_inside_is_read_in_order(tmp_path: Path) -> None:
    picture_set(tmp_path / "b", 2)
    (tmp_path / "b" / "001.txt").unlink()
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.JPG").write_bytes(b"1")
    (tmp_path / "metadata.jsonl").write_text(
        '{"file_name": "a/x.JPG", "text": " eine Katze "}\nno json\n\n'
        '{"file_name": "gone.png", "text": "?"}\n{"a": 1}\n'
    )
    tar_of(tmp_path / "c.tar", [("k.png", b"2"), ("k.txt", "猫".encode())])
    (tmp_path / "notes.md").write_text("no picture")
    (tmp_path / "dangling.png").symlink_to(tmp_path / "nowhere")
    found = list(samples(tmp_path))
    assert pairs(found) == [
        ("c.tar/k.png", "猫"), ("a/x.JPG", "eine Katze"), ("b/000.png", "text 0"), ("b/001.png", None),
    ]  # fmt: skip
    assert set(faults(found)) == {
        "metadata.jsonl line 2", "metadata.jsonl line 4", "metadata.jsonl line 5", "dangling.png",
    }  # fmt: skip


def test_texts_in_other_scripts_very_long_or_not_utf_8_lose_nothing(tmp_path: Path) -> None:
    picture_set(tmp_path, 4)
    long = " ".join(["word"] * 10_000)
    (tmp_path / "000.txt").write_bytes("﻿Ein Hütchen 🎩 قطة".encode())
    (tmp_path / "001.txt").write_bytes(b"caf\xe9")
    (tmp_path / "002.txt").write_text(long)
    (tmp_path / "003.txt").write_text("")
    found = [sample for sample in samples(tmp_path) if isinstance(sample, Sample)]
    assert [sample.text for sample in found] == ["Ein Hütchen 🎩 قطة", "caf\\xe9", long, ""]
    assert [bool(sample.remark) for sample in found] == [False, True, False, False]
    json_text = tar_of(tmp_path / "t.tar", [("k.json", b'{"caption": "half \\ud83d"}'), ("k.png", b"1")])
    assert pairs(samples(json_text)) == [("t.tar/k.png", "half \\ud83d")]


def test_a_tar_cut_short_anywhere_gives_what_is_whole_and_says_that_it_is_cut(tmp_path: Path) -> None:
    members = [(f"{index}.{kind}", b"x" * 700) for index in range(3) for kind in ("png", "txt")]
    whole = tar_of(tmp_path / "whole.tar", members).read_bytes()
    assert len(pairs(samples(tmp_path / "whole.tar"))) == 3 and not faults(samples(tmp_path / "whole.tar"))
    for cut in (0, 100, 512, 700, 1536, 1600, 2048, 4000, 6 * 1536):
        (tmp_path / "cut.tar").write_bytes(whole[:cut])
        found = list(samples(tmp_path / "cut.tar"))
        assert len(pairs(found)) <= 3
        assert "cut short" in faults(found)["cut.tar"], cut
    spoilt = whole[:3072] + b"garbage" * 80 + whole[3632:]
    (tmp_path / "spoilt.tar").write_bytes(spoilt)
    assert "damaged" in faults(samples(tmp_path / "spoilt.tar"))["spoilt.tar"]


def test_links_and_texts_without_a_picture_in_a_tar_are_named(tmp_path: Path) -> None:
    path = tmp_path / "t.tar"
    with tarfile.open(path, "w") as tar:
        link = tarfile.TarInfo("evil.png")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
        text = tarfile.TarInfo("../alone.txt")
        text.size = 2
        tar.addfile(text, io.BytesIO(b"hi"))
    assert faults(samples(path)) == {
        "t.tar/evil.png": "it is no ordinary file",
        "t.tar/../alone": "it has a text and no picture",
    }


def test_parquet_is_read_as_the_hub_writes_it_and_without_the_column_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.parquet"
    images = [{"bytes": b"1", "path": "a.png"}, {"bytes": None, "path": "b.png"}, {"bytes": b"3", "path": None}]
    pyarrow.parquet.write_table(pyarrow.table({"image": images, "text": ["one", "two", None]}), path)
    found = list(samples(path))
    assert pairs(found) == [("p.parquet/0", "one"), ("p.parquet/2", None)]
    assert set(faults(found)) == {"p.parquet/1"}
    pyarrow.parquet.write_table(pyarrow.table({"image": [b"1"], "text": [7]}), path)
    assert pairs(samples(path)) == [("p.parquet/0", None)]
    pyarrow.parquet.write_table(pyarrow.table({"picture": [b"1"]}), path)
    with pytest.raises(DataError, match="no column \"image\", only 'picture'"):
        list(samples(path))
    assert "no column" in faults(samples(tmp_path))["p.parquet"]
    path.write_bytes(b"PAR1 and so on")
    with pytest.raises(DataError, match="no whole parquet file"):
        list(samples(path))


@pytest.mark.parametrize("name", ["gone", "notes.md"])
def test_what_is_no_picture_set_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "notes.md").write_text("no picture")
    with pytest.raises(DataError, match=r"no picture set|There is no"):
        list(samples(tmp_path / name))


# Recaptioning


def test_every_picture_gets_both_captions_beside_its_own(tmp_path: Path) -> None:
    captioner = FakeCaptioner()
    out = tmp_path / "captions.parquet"
    summary = recaption(picture_set(tmp_path / "set", 21), out, captioner)
    rows = rows_of(out)
    assert (summary.pictures, summary.captioned, summary.broken, summary.log) == (21, 21, 0, None)
    assert [row["original"] for row in rows] == [f"text {index}" for index in range(21)]
    assert len({row["sha256"] for row in rows}) == 21
    for row in rows:
        assert row["short"].startswith("a short caption of") and row["descriptive"].startswith("a descriptive caption")
        assert (row["width"], row["height"], row["like"], row["others"]) == (40, 30, None, [])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["captions.parquet", "set"]


def test_the_same_bytes_are_captioned_once_and_their_texts_all_kept(tmp_path: Path) -> None:
    folder = picture_set(tmp_path / "set", 2)
    (folder / "zz.png").write_bytes((folder / "000.png").read_bytes())
    (folder / "zz.txt").write_text("once more")
    captioner = FakeCaptioner()
    summary = recaption(folder, tmp_path / "c.parquet", captioner)
    rows = rows_of(tmp_path / "c.parquet")
    assert (summary.pictures, summary.again, len(captioner.captioned)) == (2, 1, 4)
    assert rows[0]["others"] == [{"name": "zz.png", "text": "once more"}] and rows[0]["original"] == "text 0"


def test_near_duplicates_are_reported(tmp_path: Path) -> None:
    folder = picture_set(tmp_path / "set", 3)
    (folder / "003.jpg").write_bytes(encoded(noise(1, (80, 60)), "JPEG", quality=90))
    out = tmp_path / "c.parquet"
    summary = recaption(folder, out, FakeCaptioner())
    rows = rows_of(out)
    assert summary.alike == 1 and rows[3]["like"] == rows[1]["sha256"]
    assert f'alike "003.jpg": it looks like {rows[1]["sha256"]}' in log_of(out)


def test_broken_pictures_are_counted_named_and_skipped(tmp_path: Path) -> None:
    folder = picture_set(tmp_path / "set", 3)
    for name, (data, _) in broken().items():
        (folder / name).write_bytes(data)
    (folder / "again.png").write_bytes(b"")  # the same broken bytes under two names
    out = tmp_path / "c.parquet"
    summary = recaption(folder, out, FakeCaptioner())
    assert (summary.pictures, summary.broken) == (3, len(broken()) + 1)
    for name in (*broken(), "again.png"):
        assert f'skipped "{name}": it' in log_of(out)


def test_an_empty_set_a_set_of_broken_ones_and_one_picture(tmp_path: Path) -> None:
    (tmp_path / "set").mkdir()
    out = tmp_path / "c.parquet"
    with pytest.raises(DataError, match="holds no pictures"):
        recaption(tmp_path / "set", out, FakeCaptioner())
    (tmp_path / "set" / "x.png").write_bytes(b"no")
    with pytest.raises(DataError, match="None of the 1 pictures"):
        recaption(tmp_path / "set", out, FakeCaptioner())
    assert not out.exists() and sorted(path.name for path in tmp_path.iterdir()) == ["c.parquet.log", "set"]
    (tmp_path / "set" / "x.png").write_bytes(encoded(noise(0)))
    assert recaption(tmp_path / "set" / "x.png", out, FakeCaptioner()).pictures == 1


class _Stop(Exception):
    pass


def interrupted_after(batches: int) -> FakeCaptioner:
    left = [2 * batches]  # a batch is asked for in both kinds

    def before() -> None:
        left[0] -= 1
        if left[0] < 0:
            raise _Stop

    return FakeCaptioner(before)


def test_a_stopped_run_goes_on_where_it_stopped_and_ends_as_an_unbroken_one(tmp_path: Path) -> None:
    folder = picture_set(tmp_path / "set", 30)
    (folder / "bad.png").write_bytes(b"no")
    (folder / "zz.png").write_bytes((folder / "000.png").read_bytes())
    recaption(folder, tmp_path / "whole.parquet", FakeCaptioner())
    out = tmp_path / "broken.parquet"
    done = 0
    for _ in range(2):
        captioner = interrupted_after(1)
        with pytest.raises(_Stop):
            recaption(folder, out, captioner)
        done += len(captioner.captioned)
        journal = out.with_name(out.name + ".journal")
        with journal.open("ab") as file:
            file.write(b'{"sha256": "torn')  # as a kill in the midst of a write leaves it
    last = FakeCaptioner()
    summary = recaption(folder, out, last)
    assert rows_of(out) == rows_of(tmp_path / "whole.parquet")
    assert done + len(last.captioned) == 2 * 30 and summary.broken == 1


def test_a_finished_output_takes_what_is_new_and_does_nothing_twice(tmp_path: Path) -> None:
    folder = picture_set(tmp_path / "set", 3)
    out = tmp_path / "c.parquet"
    recaption(folder, out, FakeCaptioner())
    before = rows_of(out)
    idle = FakeCaptioner()
    assert recaption(folder, out, idle).captioned == 0 and not idle.captioned and rows_of(out) == before
    picture_set(folder, 5)
    assert recaption(folder, out, idle).captioned == 2
    assert rows_of(out)[:3] == before and len(rows_of(out)) == 5
    # A kill while the journal was being filled from the finished file.
    journal = out.with_name(out.name + ".journal")
    with Journal(journal, {"format": 0}):
        pass
    header = json.loads(pyarrow.parquet.read_schema(out).metadata[b"limner"])
    journal.write_text(json.dumps({**header, "carried": 5}) + "\n" + json.dumps(rows_of(out)[0]) + "\n")
    assert recaption(folder, out, idle).captioned == 0 and len(rows_of(out)) == 5


def test_other_weights_and_other_files_are_never_written_over(tmp_path: Path) -> None:
    folder = picture_set(tmp_path / "set", 3)
    out = tmp_path / "c.parquet"
    recaption(folder, out, FakeCaptioner())
    with pytest.raises(DataError, match="choose another --out"):
        recaption(folder, out, FakeCaptioner(weights="other"))
    with pytest.raises(_Stop):
        recaption(folder, tmp_path / "d.parquet", interrupted_after(0))
    assert len(rows_of(out)) == 3
    pyarrow.parquet.write_table(pyarrow.table({"a": [1]}), out)
    with pytest.raises(DataError, match="not written by `limner recaption`"):
        recaption(folder, out, FakeCaptioner())
    for wrong in (tmp_path / "c.csv", tmp_path / "gone" / "c.parquet", tmp_path):
        with pytest.raises(DataError, match=r"parquet|cannot be written"):
            recaption(folder, wrong, FakeCaptioner())


def test_the_output_may_lie_in_the_set_itself(tmp_path: Path) -> None:
    folder = picture_set(tmp_path, 2)
    out = folder / "captions.parquet"
    recaption(folder, out, FakeCaptioner())
    assert recaption(folder, out, FakeCaptioner()).broken == 0


def test_a_second_process_on_the_same_output_is_refused(tmp_path: Path) -> None:
    folder = picture_set(tmp_path / "set", 2)
    out = tmp_path / "c.parquet"
    tried: list[Summary] = []

    def meanwhile() -> None:
        with pytest.raises(DataError, match="Another process is writing"):
            tried.append(recaption(folder, out, FakeCaptioner()))

    assert recaption(folder, out, FakeCaptioner(meanwhile)).pictures == 2 and not tried


def test_a_full_disk_stops_with_a_sentence_and_what_was_done_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = picture_set(tmp_path / "set", 30)
    out = tmp_path / "c.parquet"
    synced, real = [0], os.fsync

    def full(file: int) -> None:
        synced[0] += 1
        if synced[0] == 3:
            raise OSError(28, "No space left on device")
        real(file)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DataError, match=r"No space left on device.*it goes on where it stopped"):
        recaption(folder, out, FakeCaptioner())
    monkeypatch.undo()
    again = FakeCaptioner()
    assert recaption(folder, out, again).pictures == 30 and len(again.captioned) <= 2 * 22


SLOWLY = """
import sys, time
from pathlib import Path
from captioner.recaption import recaption
from captioner.request import FakeCaptioner
recaption(Path(sys.argv[1]), Path(sys.argv[2]), FakeCaptioner(lambda: time.sleep(0.1)))
"""


def test_nothing_is_lost_or_done_twice_after_a_kill(tmp_path: Path) -> None:
    folder, out = picture_set(tmp_path / "set", 40), tmp_path / "c.parquet"
    journal = out.with_name(out.name + ".journal")
    command = [sys.executable, "-c", SLOWLY, str(folder), str(out)]
    seen = 0
    for _ in range(2):
        process = subprocess.Popen(command, cwd=ROOT)
        while not journal.exists() or journal.read_bytes().count(b"\n") <= seen + 1:
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
        seen = journal.read_bytes().count(b"\n")
    kept = {row["sha256"] for row in map(json.loads, journal.read_bytes().split(b"\n")[1 : seen - 1])}
    last = FakeCaptioner()
    recaption(folder, out, last)
    assert len(rows_of(out)) == 40
    assert kept and not kept & {digest for digest, _ in last.captioned}
