"""People's own pictures as a stream: nothing lost or doubled, weights kept, places found again, faults named."""

from __future__ import annotations

import hashlib
import itertools
import json
import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from captioner.errors import DataError
from captioner.kept import Kept, KeptCaptions
from captioner.pictures import read_square
from captioner.training import stream as streams
from captioner.training.stream import Example, PictureStream, Source, source_named
from tests.sets import as_folder, as_parquet, as_tar, captions_of, drawn, encoded


def opened(sources: list[Source], log: Path | None = None, **options: object) -> PictureStream:
    return PictureStream(sources, lambda data: read_square(data, 8), log, 3, **options)  # type: ignore[arg-type]


def mixed(folder: Path) -> list[Source]:
    """A folder with a broken picture, two tars in a folder and a parquet file."""
    as_folder(folder / "folder", range(10))
    (folder / "folder" / "0003.png").write_bytes(b"broken")
    for index in range(2):
        as_tar(folder / "tars" / f"{index}.tar", range(100 + 6 * index, 106 + 6 * index))
    as_parquet(folder / "p.parquet", range(200, 207))
    return [Source(folder / "folder"), Source(folder / "tars", 2), Source(folder / "p.parquet", 0.5)]


def names(examples: list[Example]) -> list[str]:
    return [example.name for example in examples]


def test_each_epoch_has_every_picture_once_with_its_own_words_in_another_order(tmp_path: Path) -> None:
    for place in (as_folder(tmp_path / "f", range(20)), as_tar(tmp_path / "t.tar", range(20))):
        stream = opened([Source(place)])
        epochs = [stream.batch(20) for _ in range(3)]
        for epoch in epochs:
            assert {example.text for example in epoch} == {drawn(number)[1] for number in range(20)}
            for example in epoch:
                number = int(Path(example.name).stem)
                data = encoded(drawn(number)[0])
                assert example.text == drawn(number)[1] and example.sha256 == hashlib.sha256(data).hexdigest()
                assert np.array_equal(example.pixels, read_square(data, 8))
        assert len({tuple(names(epoch)) for epoch in epochs}) == 3
        stream.close()


def test_a_resumed_stream_is_the_unbroken_one_wherever_it_is_broken_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "BLOCK", 4)
    sources, log = mixed(tmp_path), tmp_path / "log"
    whole = opened(sources, log)
    drawn_whole = [whole.batch(3) for _ in range(40)]
    told, about = log.read_text(), whole.about()
    whole.close()
    for cut in (0, 1, 7, 20):
        log.unlink(missing_ok=True)
        first = opened(sources, log)
        for _ in range(cut):
            first.batch(3)
        state = json.loads(json.dumps(first.state()))
        first.batch(3)  # what was drawn and logged after the checkpoint counts no more
        first.close()
        second = opened(sources, log)
        second.restore(state)
        assert [names(second.batch(3)) for _ in range(cut, 40)] == [names(batch) for batch in drawn_whole[cut:]]
        assert second.about() == about and log.read_text() == told
        second.close()


def test_sources_come_up_as_their_weights_say(tmp_path: Path) -> None:
    weights = (1.0, 2.5, 0.5)
    sources = [Source(as_folder(tmp_path / str(i), [i]), weight) for i, weight in enumerate(weights)]
    stream, number = opened(sources), 3_000
    counted = Counter(example.text for example in stream.batch(number))
    for index, weight in enumerate(weights):
        share = weight / sum(weights)
        deviation = math.sqrt(share * (1 - share) / number)
        assert abs(counted[drawn(index)[1]] / number - share) < 4 * deviation
    stream.close()


def test_processes_share_a_set_and_no_picture_is_in_two_shares(tmp_path: Path) -> None:
    sources = [Source(as_folder(tmp_path / "f", range(9))), Source(as_tar(tmp_path / "t.tar", range(50, 59)))]
    for source in sources:
        shares = []
        for process in range(2):
            stream = opened([source], process=process, processes=2)
            shares.append(set(itertools.chain.from_iterable(names(stream.batch(1)) for _ in range(4))))
            stream.close()
        assert not shares[0] & shares[1] and len(shares[0] | shares[1]) == 8


def test_what_is_broken_or_without_words_is_counted_named_and_skipped_once(tmp_path: Path) -> None:
    place = as_folder(tmp_path / "f", range(8))
    (place / "0001.png").write_bytes(encoded(drawn(1)[0])[:60])
    (place / "0002.txt").write_text(" \n")
    (place / "0003.txt").unlink()
    (place / "0004.txt").write_bytes(b"caf\xe9 au lait")
    (place / "0005.txt").write_text("猫 " * 10_000)
    cut = as_tar(place / "t.tar", range(20, 24))
    cut.write_bytes(cut.read_bytes()[:5000])
    stream = opened([Source(place)], tmp_path / "log")
    seen = {example.name: example.text for example in stream.batch(40)}
    assert seen["0004.png"] == "caf\\xe9 au lait" and seen["0005.png"].count("猫") == 10_000
    (about,) = stream.about()
    assert about["epochs"] >= 2 and about["pictures"] == len(seen) and about["odd"] == 1
    lines = (tmp_path / "log").read_text().splitlines()
    skipped = [line for line in lines if line.startswith("skipped")]
    assert about["skipped"] == len(skipped) and len(lines) == len(set(lines))
    for name, why in (
        ("0001.png", "no whole picture"),
        ("0002.png", "no words"),
        ("0003.png", "no words"),
        ("t.tar", "cut short"),
    ):
        assert any(f'"{name}"' in line and why in line for line in skipped), name
    assert any(line.startswith("odd") and "0004.png" in line and "not UTF-8" in line for line in lines)
    stream.close()


def test_sets_that_hold_nothing_to_learn_from_are_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "mute").mkdir()
    (tmp_path / "mute" / "a.png").write_bytes(encoded(drawn(1)[0]))
    import pyarrow
    import pyarrow.parquet

    pyarrow.parquet.write_table(pyarrow.table({"picture": [b"1"], "text": ["a"]}), tmp_path / "other.parquet")
    for name, why in (
        ("empty", "holds no pictures"), ("mute", "None of the 1 pictures .* can be used; .*log says why"),
        ("other.parquet", 'no column "image"'), ("gone", "There is no"),
    ):  # fmt: skip
        stream = opened([Source(tmp_path / name)], tmp_path / "log")
        with pytest.raises(DataError, match=why):
            stream.batch(1)
        stream.close()


def test_a_set_of_one_picture_comes_again_and_again(tmp_path: Path) -> None:
    stream = opened([Source(as_folder(tmp_path / "one", [5]))])
    assert names(stream.batch(5)) == ["0005.png"] * 5 and stream.about()[0]["epochs"] == 4
    stream.close()


def test_a_set_whose_files_have_changed_is_not_gone_on_with(tmp_path: Path) -> None:
    place = as_folder(tmp_path / "f", range(4))
    first = opened([Source(place)])
    first.batch(2)
    as_folder(place, [9])
    again = opened([Source(place)])
    with pytest.raises(DataError, match="holds other files than when the run began"):
        again.restore(first.state())
    with pytest.raises(DataError, match="began with 1 picture sets and 2 are given"):
        opened([Source(place)] * 2).restore(first.state())


def test_a_source_is_named_with_or_without_its_weight(tmp_path: Path) -> None:
    assert source_named("a/b") == Source(Path("a/b"))
    assert source_named("a=b/c=0.25") == Source(Path("a=b/c"), 0.25)
    assert source_named("a=b") == Source(Path("a=b"))
    (tmp_path / "x=2").mkdir()
    assert source_named(str(tmp_path / "x=2")) == Source(tmp_path / "x=2")
    for weight in ("0", "-1", "nan", "inf"):
        with pytest.raises(DataError, match="a number above 0"):
            source_named(f"a={weight}")


def test_captions_are_found_by_the_bytes_of_their_picture(tmp_path: Path) -> None:
    digests = [hashlib.sha256(bytes([number])).hexdigest() for number in range(7)]
    said = [(f"short {n}", f"long {n}", None if n == 2 else f"text {n}") for n in range(7)]
    kept = KeptCaptions(captions_of(tmp_path / "c.parquet", digests, said))
    assert [kept.find(digest) for digest in digests] == [Kept(*each) for each in said]
    assert kept.find(hashlib.sha256(b"other").hexdigest()) is None
    assert kept.first_texts(2) == ["short 0", "short 1", "long 0", "long 1", "text 0", "text 1"]
    for name, why in (("gone.parquet", "no whole parquet"), ("p.parquet", "no column 'sha256'")):
        if name == "p.parquet":
            as_parquet(tmp_path / name, range(2))
        with pytest.raises(DataError, match=why):
            KeptCaptions(tmp_path / name)


def test_a_picture_without_the_captions_that_are_needed_is_skipped_by_name(tmp_path: Path) -> None:
    place = as_folder(tmp_path / "f", range(3))
    digests = [hashlib.sha256((place / f"{n:04}.png").read_bytes()).hexdigest() for n in range(2)]
    kept = KeptCaptions(captions_of(tmp_path / "c.parquet", digests, [("s", "d", None), ("s", None, "o")]))
    stream = opened([Source(place)], tmp_path / "log", captions=kept, needs=("descriptive",))
    (example,) = stream.batch(1)
    assert (example.text, example.short, example.descriptive) == (drawn(0)[1], "s", "d")
    stream.batch(2)
    log = (tmp_path / "log").read_text()
    assert "its descriptive caption is empty" in log and "no caption in c.parquet" in log
    stream.close()


def test_a_square_is_the_middle_of_a_picture_with_antialiasing() -> None:
    stripes = np.zeros((64, 128, 3), np.uint8)
    stripes[:, 32:96:2] = 255  # one pixel wide: only averages are right at an eighth of the size
    stripes[:, :32], stripes[:, 96:] = (255, 0, 0), (0, 0, 255)
    for image in (Image.fromarray(stripes), Image.fromarray(stripes).rotate(90, expand=True)):
        small = read_square(encoded(image), 8).astype(int)
        assert small.shape == (8, 8, 3)
        assert np.abs(small[2:-2, 2:-2] - 127).max() < 12
