"""A long conversation, written straight into the store: what a person has after weeks of painting."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from assistant.images import PNG
from assistant.messages import CreatePlan, EditPlan, TurnStatus
from assistant.store.queue import Ending, NewVersion, TurnQueue
from generation.request import PaintAct, Recipe
from ui.wiring import App

WORKER = "long-conversation"
NEW_PICTURE_EVERY = 12


def a_picture(number: int, side: int) -> bytes:
    """Return a PNG that compresses as a painted picture does: soft shapes with a little grain; no two are equal."""
    rng = np.random.default_rng(number)
    down, across = np.mgrid[0:side, 0:side] / side
    waves = [np.sin(across * rng.uniform(3, 9) + down * rng.uniform(3, 9) + rng.uniform(0, 6)) for _ in range(3)]
    pixels = 128 + 100 * np.stack(waves, axis=-1) + rng.normal(0, 2, (side, side, 3))
    buffer = io.BytesIO()
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def fill(app: App, turns: int, pictures: int, side: int = 64) -> str:
    """Make a conversation of so many turns and pictures, none running, and return its id. Call it before `app.start`.

    Most turns edit the picture before; the first ones make two pictures each, until there are as many as asked for.
    """
    queue, store, clock = TurnQueue(app.store.database), app.store, app.turns.clock
    conversation = store.new_conversation(app.owner, clock()).id
    made = 0
    for number in range(turns):
        creates = number % NEW_PICTURE_EVERY == 0
        words = f"draw animal number {number}" if creates else f"make it happier for the {number}th time"
        store.add_turn(conversation, app.owner, words, clock())
        job = queue.claim(WORKER, clock())
        assert job is not None
        prompt = f"A white bunny in a meadow, number {number}, with flowers, a pond, soft light and {number % 7} birds."
        parent = None if creates else f"v{made}"
        plan = CreatePlan(prompt=prompt) if creates else EditPlan(prompt=prompt, change=words, region="the face")
        queue.set_plan(job, plan, "a rewriter", words, clock())
        count = min(2 if number < pictures - turns else 1, pictures - made)
        recipe = a_recipe(side, "create" if creates else "edit")
        region = "" if creates else "the face"
        versions = [
            NewVersion(
                app.blobs.put(a_picture(made + at, side), PNG), None, side, side, prompt, words, region,
                (parent,) if parent else (), recipe, 1.5,
            )
            for at in range(count)
        ]  # fmt: skip
        queue.finish(job, Ending(TurnStatus.DONE, reply="Here it is.", versions=versions), clock())
        made += count
    return conversation


def a_recipe(side: int, act: PaintAct) -> Recipe:
    return Recipe(
        painter="fake", weights="", act=act, prompt="", change="", seed=7, candidate=0, batch=1, steps=8, guidance=4.0,
        scheduler="none", width=side, height=side, start="noise",
    )  # fmt: skip
