"""Edits of one of two things: what the measure says of painters that are known to be right or to spill."""

from __future__ import annotations

import dataclasses
import io

import numpy as np
from PIL import Image

from captioner.world.captions import descriptive
from captioner.world.edits import Edit
from captioner.world.scene import CORE, Item, Scene, Thing
from captioner.world.truth import ground_truth
from generation.evaluation import edits as edits_module
from generation.evaluation.edits import evaluate_edits, held_out_edits
from generation.evaluation.one_of_two import KINDS, edits_of_one, other_of, own_pixels, share_taken
from generation.request import Region
from tests.test_evaluation import DrawingPainter, KnowingJudge

EDITS = edits_of_one(10)


def test_edits_are_of_the_main_thing_and_of_the_other_by_turns_and_change_nothing_of_the_other() -> None:
    known = {kind for kinds in KINDS.values() for kind in kinds}
    for index, edit in enumerate(EDITS):
        assert len(edit.before.things) == 2 and edit.kind in known
        assert edit.target == edit.before.things[index % 2].id
        assert other_of(edit) in edit.after.things


def test_the_other_thing_s_own_pixels_are_its_mask_less_what_the_edit_touches() -> None:
    left, right = Thing(1, "cat", "red", mood=2, side="left"), Thing(2, "dog", "blue", mood=2, side="right")
    before = Scene((left, right), "snowfield")
    after = before.with_thing(dataclasses.replace(right, worn=(Item("hat", "green"),)))
    edit = Edit("add_worn", before, after, "", "give the dog a green hat", "the dog's head", target=2)
    own = own_pixels(edit)
    cat = ground_truth(before, 128).masks["1"]
    assert own.sum() > 0.95 * cat.sum() and not (own & ~cat).any()
    assert share_taken(np.ones_like(own), own) == 1.0 and share_taken(~own, own) == 0.0


class Exact(DrawingPainter):
    """Also finds regions: all that the edit does not leave to the other thing, or, where it `spills`, that one too."""

    def __init__(self, scenes: dict[str, Scene], edits: list[Edit], spills: bool):
        super().__init__(scenes)
        self.own = {edit.change: own_pixels(edit) for edit in edits}
        self.spills = spills

    def find_region(self, request, blobs):
        own = self.own.get(request.change)
        inside = np.ones((128, 128), bool) if own is None or self.spills else ~own
        png = io.BytesIO()
        Image.fromarray(inside.astype(np.uint8) * 255).save(png, "PNG")
        return Region(png.getvalue())


def report_of(after: dict[str, Scene], monkeypatch, spills: bool):
    monkeypatch.setattr(edits_module, "weight_of", lambda mask, size: np.asarray(mask) / 255)  # no feather
    scenes = [scene for edit in [*held_out_edits(2), *EDITS] for scene in (edit.before, edit.after)]
    said = {descriptive(e.before, i): e.before for edits in (held_out_edits(2), EDITS) for i, e in enumerate(edits)}
    said |= {descriptive(edit.after, index): edit.after for index, edit in enumerate(held_out_edits(2))}
    painter = Exact(said | after, EDITS, spills)
    judge = KnowingJudge([*scenes, *after.values()])
    return evaluate_edits(painter, judge, 2, 4, of_one=len(EDITS))


def test_a_painter_that_changes_one_thing_alone_is_told_from_one_that_changes_both(monkeypatch) -> None:
    right = report_of(
        {descriptive(edit.after, index): edit.after for index, edit in enumerate(EDITS)}, monkeypatch, False
    )
    row = right.of_one[0]
    assert (row.name, row.edits, row.taken, row.spilled, row.repainted) == ("all", 10, 0.0, 0.0, 0.0)
    assert row.kept == row.true_kept == row.followed == row.true_followed == 1.0
    assert sum(row.edits for row in right.of_one[1:]) == 10
    both = {}
    for index, edit in enumerate(EDITS):
        other = other_of(edit)
        colour = CORE.colours[(CORE.colours.index(other.colour) + 5) % len(CORE.colours)]
        both[descriptive(edit.after, index)] = edit.after.with_thing(dataclasses.replace(other, colour=colour))
    row = report_of(both, monkeypatch, True).of_one[0]
    assert (row.taken, row.spilled, row.repainted, row.kept, row.true_kept) == (1.0, 1.0, 1.0, 0.0, 1.0)
    assert row.followed == 1.0


def test_the_report_shows_both_tables_and_says_what_they_mean(monkeypatch) -> None:
    after = {descriptive(edit.after, index): edit.after for index, edit in enumerate(EDITS)}
    text = report_of(after, monkeypatch, False).table()
    assert "edits of one of two" in text and "taken: the share of the other thing" in text
