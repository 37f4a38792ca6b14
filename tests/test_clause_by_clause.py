"""An edit of several clauses is painted clause by clause, as if each had been asked for by itself."""

from __future__ import annotations

import io

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load as load_tensors

from captioner.world.captions import descriptive
from generation.clauses import clauses_of
from generation.embedded import EmbeddedPainter
from generation.evaluation.edits import edits_at_once
from generation.evaluation.painter import KeptBlobs, NoBlobs
from generation.request import RenderFinished, RenderRequest


@pytest.fixture(scope="module")
def painter() -> EmbeddedPainter:
    return EmbeddedPainter(device="cpu")


def finished(painter: EmbeddedPainter, requests: list[RenderRequest], blobs: KeptBlobs | None) -> list[RenderFinished]:
    events = painter.paint(requests, blobs or NoBlobs())
    return [event for event in events if isinstance(event, RenderFinished)]


def pixels(event: RenderFinished) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(event.image)).convert("RGB"))


@pytest.mark.parametrize(
    ("change", "clauses"),
    [
        ("make the cat red", 1),
        ("make the cat red and make the dog blue", 2),
        ("give the cat a red and white scarf and change the place to a beach, and make it night", 3),
        ("replace the cat and the dog with a fox", 1),
    ],
)
def test_an_instruction_is_cut_where_another_change_begins(change: str, clauses: int) -> None:
    assert len(clauses_of(change)) == clauses
    assert ", and ".join(clauses_of(change)).replace(", and ", " and ") == change.replace(", and ", " and ")


def test_two_clauses_come_out_as_one_painted_from_the_other(painter: EmbeddedPainter) -> None:
    """The oracle is two edits, the second from the latent of the first."""
    for seed, edit in enumerate(edits_at_once(3)):
        first = RenderRequest("first", "create", descriptive(edit.before, seed), seed)
        (parent,) = finished(painter, [first], None)
        assert parent.latent is not None
        blobs = KeptBlobs()
        latent, image = blobs.keep(parent.latent), blobs.keep(parent.image)
        prompt = descriptive(edit.after, seed)
        both = RenderRequest("both", "edit", prompt, seed, edit.change, parent_latent=latent, parent_image=image)
        (at_once,) = finished(painter, [both], blobs)
        started, clauses = latent, clauses_of(edit.change)
        assert len(clauses) == 2
        for clause in clauses:
            asked = RenderRequest("one", "edit", prompt, seed, clause, parent_latent=started)
            (done,) = finished(painter, [asked], blobs)
            assert done.latent is not None
            started = blobs.keep(done.latent)
        assert at_once.latent is not None
        torch.testing.assert_close(
            load_tensors(at_once.latent)["latent"], load_tensors(blobs.read(started))["latent"], rtol=0, atol=0
        )


def test_edits_of_unequally_many_clauses_are_painted_together_and_a_mask_holds_all_of_them(
    painter: EmbeddedPainter,
) -> None:
    edit = edits_at_once(1)[0]
    (parent,) = finished(painter, [RenderRequest("p", "create", descriptive(edit.before, 1), 1)], None)
    assert parent.latent is not None
    blobs, inside = KeptBlobs(), np.zeros((128, 128), np.uint8)
    inside[24:72, 40:88] = 255
    buffer = io.BytesIO()
    Image.fromarray(inside).save(buffer, "PNG")
    given = {"parent_latent": blobs.keep(parent.latent), "parent_image": blobs.keep(parent.image)}
    mask = blobs.keep(buffer.getvalue())
    requests = [
        RenderRequest(str(number), "edit", descriptive(edit.after, 1), 1, change, number, mask=mask, **given)
        for number, change in enumerate((edit.change, clauses_of(edit.change)[0]))
    ]
    before = pixels(parent)
    for event in finished(painter, requests, blobs):
        assert (pixels(event) == before)[inside == 0].all() and event.changed is not None
