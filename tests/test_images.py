"""Bytes by their hash: durable before they are named, checked when they are read, whatever the disk does."""

from __future__ import annotations

import errno
import hashlib
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.errors import BlobError
from assistant.images import PNG, BlobStore
from assistant.messages import TurnStatus
from tests.conversing import decoded, said, talking


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "blobs")


def files(blobs: BlobStore) -> list[Path]:
    return [path for path in blobs.folder.rglob("*") if path.is_file() and path.name != ".lock"]


def test_what_is_put_is_read_back_by_its_hash_from_a_file_that_is_named_so(blobs: BlobStore):
    digest = blobs.put(b"picture", PNG)
    assert digest == hashlib.sha256(b"picture").hexdigest()
    assert blobs.read(digest) == b"picture"
    assert blobs.path(digest) == blobs.folder / digest[:2] / f"{digest}.png"
    assert blobs.put(b"picture", PNG) == digest
    assert len(files(blobs)) == 1


def test_the_bytes_are_synced_before_the_name_and_the_name_before_put_returns(
    blobs: BlobStore, monkeypatch: pytest.MonkeyPatch
):
    blobs.put(b"first")
    calls = []
    for name in ("write", "fsync", "rename"):
        real = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *a, name=name, real=real: (calls.append(name), real(*a))[1])
    blobs._write(blobs.folder / hashlib.sha256(b"first").hexdigest()[:2] / "another", b"other")
    assert calls == ["write", "fsync", "rename", "fsync"]


@pytest.mark.parametrize("damage", [b"", b"pictur", b"picturf", b"picture and more"])
def test_a_damaged_file_is_named_and_a_new_put_heals_it(blobs: BlobStore, damage: bytes):
    digest = blobs.put(b"picture", PNG)
    blobs.path(digest).write_bytes(damage)
    with pytest.raises(BlobError, match=rf"{digest}\.png is damaged: .*; put it back from a backup"):
        blobs.read(digest)
    assert blobs.read(blobs.put(b"picture", PNG)) == b"picture"


def test_a_missing_file_is_named(blobs: BlobStore):
    digest = blobs.put(b"picture", PNG)
    blobs.path(digest).unlink()
    with pytest.raises(BlobError, match=rf"{digest}\.\* is missing from the data folder"):
        blobs.read(digest)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "ab", "\0" * 64, "é" * 64])
def test_nothing_but_a_hash_names_a_file(blobs: BlobStore, name: str):
    with pytest.raises(BlobError, match="is no SHA-256"):
        blobs.read(name)


def test_a_sweep_takes_only_what_nothing_names_and_what_is_old(blobs: BlobStore):
    named, old, young, again = (blobs.put(data) for data in (b"named", b"old", b"young", b"again"))
    part = blobs.folder / old[:2] / "tmp-0.part"
    part.write_bytes(b"half")
    for path in (blobs.path(named), blobs.path(old), blobs.path(again), part):
        os.utime(path, (0, 0))
    blobs.put(b"again")  # about to be named, so young again
    assert blobs.sweep(lambda: {named}) == 2
    assert [blobs.path(digest).is_file() for digest in (named, young, again)] == [True, True, True]
    with pytest.raises(BlobError):
        blobs.path(old)


class FailingBlobStore(BlobStore):
    """A disk that fails a write, a sync or a rename when told to."""

    def __init__(self, folder: Path, fail: Callable[[str], int]):
        super().__init__(folder)
        self.fail = fail

    def _write(self, place: Path, data: bytes) -> None:
        real = {name: getattr(os, name) for name in ("write", "fsync", "rename")}

        def failing(name: str) -> Callable[..., int]:
            def call(*args):
                if name == "write" and self.fail("half"):
                    real["write"](args[0], args[1][:10])
                if code := self.fail(name):
                    raise OSError(code, os.strerror(code))
                return real[name](*args)

            return call

        with pytest.MonkeyPatch.context() as patch:
            for name in real:
                patch.setattr(os, name, failing(name))
            super()._write(place, data)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EDQUOT])
@pytest.mark.parametrize("call", ["half", "write", "fsync", "rename"])
@pytest.mark.parametrize("nth", [1, 2])
def test_a_disk_that_fails_makes_a_failed_turn_without_a_row_and_the_next_one_works(
    tmp_path: Path, code: int, call: str, nth: int
):
    left = {"count": nth}

    def fail(name: str) -> int:
        if name != call:
            return (
                code if call == "half" and name == "write" and left["count"] == 0 and not left.update(count=-1) else 0
            )
        left["count"] -= 1
        return code if left["count"] == 0 else 0

    with talking(tmp_path, blobs=lambda folder: FailingBlobStore(folder, fail)) as turns:
        talk = turns.new_conversation().id
        result = said(turns, talk, "a bunny")
        assert (result.status, result.versions) == (TurnStatus.FAILED, ())
        assert "is full" in result.error or "could not be written" in result.error
        assert turns.versions(talk) == ()
        assert not [path for path in files(turns.blobs) if path.suffix == ".part"]
        result = said(turns, talk, "a bunny")
        assert result.version == "v1"
        assert decoded(turns.picture(result.image or ""))


def test_an_edit_of_a_damaged_latent_fails_in_one_sentence_and_other_versions_still_work(tmp_path: Path):
    with talking(tmp_path) as turns:
        talk = turns.new_conversation().id
        said(turns, talk, "a bunny")
        said(turns, talk, "edit happier")
        latent = turns.versions(talk)[1].latent or ""
        turns.blobs.path(latent).write_bytes(b"\0" * 32)
        result = said(turns, talk, "edit bluer")
        assert (result.status, result.version) == (TurnStatus.FAILED, "v2")
        assert f"{latent}.safetensors is damaged" in result.error
        assert said(turns, talk, "edit v1: bluer").version == "v3"


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "tiny"
    folder.mkdir()
    try:
        mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
        made = os.geteuid() == 0 and subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        made = False
    if not made:
        pytest.skip("a real full disk needs root and the right to mount")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_is_really_full_makes_a_failed_turn_and_the_next_one_works(tmp_path: Path, tiny_disk: Path):
    with talking(tmp_path / "data", blobs=lambda folder: BlobStore(tiny_disk)) as turns:
        talk = turns.new_conversation().id
        ballast = tiny_disk / "ballast"
        with pytest.raises(OSError, match="No space left"):
            ballast.write_bytes(b"x" * 100_000)
        result = said(turns, talk, "a bunny")
        assert result.status is TurnStatus.FAILED
        assert "is full, so the picture could not be kept; make room" in result.error
        ballast.unlink()
        assert said(turns, talk, "a bunny").version == "v1"
