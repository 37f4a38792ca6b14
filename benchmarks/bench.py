"""The table of times: what a person waits for, measured on this machine beside the goals of docs/architecture.md.

Every row is measured by itself: one that cannot be says why, and the others go on. Times are wall-clock seconds, warm
where nothing else is said. Knows the packages only through what faces use: the painter, the rewriter, `limner` itself.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

REPEATS = 7
LIMNER = Path(sys.executable).with_name("limner")
START_LIMIT = 120.0
TURN_LIMIT = 120.0
MEBIBYTE = 1 << 20
TURNS = (
    "draw an adorable white bunny in a meadow", "make it happier", "happier!", "give it a red hat",
    "a sad green robot with a yellow scarf on a beach at night",
)  # fmt: skip
PROMPT = (
    "A small white bunny is standing in the middle, looking calm. The place is a green meadow with tall grass and "
    "rolling hills. It is a bright day under a clear sky. A flat illustration, seen from a medium distance."
)
ENLARGING_ROW = "enlarging to 512 px"
CHECK_ROW, BEST_ROW = "checking a new picture", "best of eight, painted and checked"
VISIT_ROW = "page interactive once the server is up"
WORLD_ROW = "a picture of the world at 128 px, one core"
HAPPY_PROMPT = PROMPT.replace("calm", "overjoyed")


@dataclass(frozen=True)
class Timing:
    """A row of the table: seconds (or MiB, or a ratio), one for each repeat; `goal` None where there is none yet."""

    name: str
    goal: float | None
    values: tuple[float, ...] = ()
    unit: str = "s"
    failed: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def line(self) -> str:
        goal = "–" if self.goal is None else f"{self.goal:g} {self.unit}"
        if self.failed:
            return f"{self.name:<48}{goal:>10}  failed: {self.failed}"
        low, high = (quartile(self.values, share) for share in (0.25, 0.75))
        digits = 0 if self.unit == "MiB" else 2
        met = "" if self.goal is None else "met" if self.median <= self.goal else "missed"
        spread = f"{low:.{digits}f} to {high:.{digits}f}"
        span = f"{min(self.values):.{digits}f} to {max(self.values):.{digits}f}"
        return (
            f"{self.name:<48}{goal:>10}{self.median:>9.{digits}f} {self.unit:<4}{spread:>15}{span:>16}"
            f"{len(self.values):>4}  {met}"
        ).rstrip()


def quartile(values: Sequence[float], share: float) -> float:
    """Return the value below which this share of the values lies, between neighbours."""
    ordered = sorted(values)
    at = share * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (at - low) * (ordered[high] - ordered[low])


def timed(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


# The rewriter


def rewriter_times(repeats: int) -> list[Timing]:
    """Return the time to the line that states the plan, and to the whole plan, over a few typical paths."""
    from assistant.llm.embedded import EmbeddedChatModel
    from assistant.messages import ConversationPath, PathTurn, PathVersion
    from assistant.rewriter import ModelRewriter

    rewriter = ModelRewriter(EmbeddedChatModel())
    bunny = PathVersion("v1", (), PROMPT, "")
    happy = PathVersion("v2", ("v1",), HAPPY_PROMPT, "make the bunny happier")
    drew, made = PathTurn(TURNS[0], "create", "v1"), PathTurn(TURNS[1], "edit", "v2")
    paths = (
        ConversationPath(TURNS[0]),
        ConversationPath(TURNS[1], (drew,), (bunny,), "v1"),
        ConversationPath(TURNS[3], (drew, made), (bunny, happy), "v2"),
        ConversationPath("go back to the first one", (drew, made), (bunny, happy), "v2"),
    )
    statements, wholes = [], []
    rewriter.plan(paths[0])
    for index in range(-(-repeats // len(paths)) * len(paths)):
        stated: list[float] = []
        began = time.perf_counter()
        rewriter.plan(paths[index % len(paths)], lambda _, kept=stated: kept.append(time.perf_counter()))
        wholes.append(time.perf_counter() - began)
        statements.append((stated[0] if stated else time.perf_counter()) - began)
    return [
        Timing("line that states the plan", 0.8, tuple(statements)),
        Timing("whole plan", 1.5, tuple(wholes)),
    ]


# The painter


class _Blobs:
    """Bytes by digest, in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def keep(self, content: bytes) -> str:
        import hashlib

        digest = hashlib.sha256(content).hexdigest()
        self.kept[digest] = content
        return digest

    def read(self, digest: str) -> bytes:
        return self.kept[digest]


def painter_times(repeats: int) -> list[Timing]:
    """Return the time to the first preview, of a new picture, and of local edits as a share of a new picture's.

    The denoiser's work is the rows that it is run on: guidance takes two a step, to find a region takes one.
    """
    from generation.registry import load_painter
    from generation.request import RegionFinder, RenderFinished, RenderPreview, RenderRequest

    painter, blobs = load_painter(), _Blobs()

    def paint(request: RenderRequest) -> tuple[float, float, RenderFinished]:
        first, began = 0.0, time.perf_counter()
        for event in painter.paint([request], blobs):
            if isinstance(event, RenderPreview) and not first:
                first = time.perf_counter() - began
            if isinstance(event, RenderFinished):
                return first, time.perf_counter() - began, event
        raise RuntimeError("the painter finished no picture")

    rows: list[int] = []
    if denoiser := getattr(painter, "denoiser", None):
        denoiser.register_forward_pre_hook(lambda _, given: rows.append(len(given[0])))
    previews, wholes, shares, works = [], [], [], []
    parent = paint(RenderRequest("warm", "create", PROMPT, 1))[2]
    mask = blobs.keep(_mask(parent.recipe.width, parent.recipe.height))
    latent, image = blobs.keep(parent.latent), blobs.keep(parent.image)
    for seed in range(repeats):
        rows.clear()
        first, whole, _ = paint(RenderRequest(f"new-{seed}", "create", PROMPT, seed))
        new_rows = sum(rows)
        edit = RenderRequest(
            f"edit-{seed}", "edit", HAPPY_PROMPT, 1, "make the bunny happier", parent_latent=latent, parent_image=image,
            mask=mask if painter.capabilities().masks else None,
        )  # fmt: skip
        rows.clear()
        began = time.perf_counter()
        if isinstance(painter, RegionFinder):
            painter.find_region(edit, blobs)
        paint(edit)
        shares.append((time.perf_counter() - began) / whole)
        if new_rows:
            works.append(sum(rows) / new_rows)
        wholes.append(whole)
        if first:
            previews.append(first)
    size = f"{parent.recipe.width} px, {parent.recipe.steps} steps"
    preview = Timing("first preview after the plan", 0.5, tuple(previews))
    if not previews:
        preview = Timing(preview.name, 0.5, failed="the painter gave no preview")
    return [
        preview,
        Timing(f"new picture, painting ({size})", 0.5, tuple(wholes)),
        Timing("local edit, region and painting, to a new picture", 0.75, tuple(shares), unit="×"),
        *([Timing("local edit, the denoiser's work, to a new picture", 0.5, tuple(works), unit="×")] if works else []),
    ]


def enlarging_times(repeats: int) -> list[Timing]:
    """Return the time to enlarge a finished picture, from pixels to pixels."""
    import numpy as np

    from generation.enlarge import Enlarger

    enlarger = Enlarger()
    pixels = np.random.default_rng(0).integers(0, 256, (128, 128, 3), dtype=np.uint8)
    enlarger.enlarged(pixels)
    return [Timing(ENLARGING_ROW, 0.5, tuple(timed(lambda: enlarger.enlarged(pixels)) for _ in range(repeats)))]


def check_times(repeats: int) -> list[Timing]:
    """Return the time to look for all that a prompt asks in one picture, and to paint eight and keep the best."""
    from captioner.checking import CaptionChecker
    from generation.registry import load_painter
    from generation.request import RenderFinished, RenderRequest
    from ui.wiring import load_embedded_captioner

    painter, checker, blobs = load_painter(), CaptionChecker(load_embedded_captioner()), _Blobs()

    def eight(seed: int) -> list[bytes]:
        requests = [RenderRequest(f"{seed}-{n}", "create", PROMPT, seed, candidate=n) for n in range(8)]
        return [event.image for event in painter.paint(requests, blobs) if isinstance(event, RenderFinished)]

    images = eight(repeats)
    checker.check(images, PROMPT)
    return [
        Timing(CHECK_ROW, None, tuple(timed(lambda: checker.check(images[:1], PROMPT)) for _ in range(repeats))),
        Timing(BEST_ROW, 1.5, tuple(timed(lambda at=n: checker.check(eight(at), PROMPT)) for n in range(repeats))),
    ]


def _mask(width: int, height: int) -> bytes:
    import io

    from PIL import Image

    mask = Image.new("L", (width, height))
    mask.paste(255, (width // 4, height // 4, width * 3 // 4, height // 2))
    buffer = io.BytesIO()
    mask.save(buffer, "PNG")
    return buffer.getvalue()


# The picture world


def world_times(repeats: int) -> list[Timing]:
    """Return the milliseconds to compose and draw a picture of the core world at 128 px, on one core."""
    from captioner.world.draw import render
    from captioner.world.sample import random_scene
    from captioner.world.scene import CORE

    scenes = [random_scene(seed, CORE) for seed in range(60)]

    def draw() -> None:
        for scene in scenes:
            render(scene, 128)

    draw()
    return [Timing(WORLD_ROW, 5.0, tuple(1000 * timed(draw) / len(scenes) for _ in range(repeats)), unit="ms")]


# The commands


def help_times(repeats: int) -> list[Timing]:
    run = lambda: subprocess.run([LIMNER, "--help"], check=True, capture_output=True)  # noqa: E731
    run()
    return [Timing("limner --help", 0.5, tuple(timed(run) for _ in range(repeats)))]


def page_times(repeats: int) -> list[Timing]:
    """Return the time from the command to a page that answers, each with a data folder of its own."""

    def once() -> float:
        with tempfile.TemporaryDirectory(prefix="limner-bench-") as data, serving(Path(data)) as (_, seconds, _address):
            return seconds

    once()
    return [Timing("page usable after the command", 8.0, tuple(once() for _ in range(repeats)))]


def visit_times(repeats: int) -> list[Timing]:
    """Return how long the first visit takes, from a server that is up to a page that one can write on.

    In Chromium, each with a server, a data folder and a browser's profile of its own: nothing is cached.
    """
    from playwright.sync_api import sync_playwright

    def once() -> float:
        with (
            tempfile.TemporaryDirectory(prefix="limner-bench-") as data,
            serving(Path(data)) as (_, _seconds, address),
            contextlib.closing(chromium.new_page()) as page,
        ):
            began = time.perf_counter()
            page.goto(address)
            page.wait_for_selector(".lm-welcome")
            page.fill("#message textarea", "draw")
            return time.perf_counter() - began

    with sync_playwright() as playwright:
        found = shutil.which("chromium") or playwright.chromium.executable_path
        root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        with contextlib.closing(playwright.chromium.launch(executable_path=found, args=root)) as chromium:
            once()
            return [Timing(VISIT_ROW, 2.0, tuple(once() for _ in range(repeats)))]


def server_rows(_: int) -> list[Timing]:
    """Return the server's resident memory after five turns, and how long those took from message to end."""
    with (
        tempfile.TemporaryDirectory(prefix="limner-bench-") as data,
        serving(Path(data)) as (process, _seconds, _address),
    ):
        seconds = take_turns(Path(data))
        rows = resident(process.pid, "VmRSS"), resident(process.pid, "VmHWM")
    return [
        Timing("a turn in the server, message to end", None, tuple(seconds)),
        Timing(f"server's resident memory after {len(TURNS)} turns", 1.5 * 1024, (rows[0],), unit="MiB"),
        Timing("and at its highest", None, (rows[1],), unit="MiB"),
    ]


def take_turns(data: Path) -> list[float]:
    """Say the five messages in the data folder of a running server, whose worker takes them; return their seconds."""
    from ui.settings import load_settings
    from ui.wiring import build

    app = build(load_settings(data=data))  # its worker is not started, and no model loads here
    try:
        conversation = app.turns.new_conversation()
        seconds = []
        for message in TURNS:
            began = time.perf_counter()
            result = app.turns.wait(app.turns.submit(conversation.id, message), TURN_LIMIT)
            seconds.append(time.perf_counter() - began)
            if result.status != "done":
                raise RuntimeError(f"the turn {message!r} ended {result.status}: {result.error or 'no end in time'}")
        return seconds
    finally:
        app.close()


@contextlib.contextmanager
def serving(data: Path) -> Iterator[tuple[subprocess.Popen[bytes], float, str]]:
    """Run `limner serve` until its page answers; give the process, how long that took and the address; then stop it."""
    port = free_port()
    command = [str(LIMNER), "serve", "--port", str(port), "--data", str(data)]
    with tempfile.TemporaryFile() as said:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT)
        try:
            while not page_answers(port):
                if process.poll() is not None or time.perf_counter() - began > START_LIMIT:
                    said.seek(0)
                    words = said.read().decode(errors="replace").strip().splitlines()
                    raise RuntimeError(f"limner serve gave no page: {words[-1] if words else 'it said nothing'}")
                time.sleep(0.02)
            yield process, time.perf_counter() - began, f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def page_answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/")
        answer = connection.getresponse()
        return answer.status == 200 and b"<html" in answer.read().lower()
    except OSError:
        return False
    finally:
        connection.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def resident(pid: int, field: str) -> float:
    """Return a process's memory in MiB: `VmRSS` as it is now, `VmHWM` at its highest (Linux; elsewhere by psutil)."""
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        found = re.search(rf"{field}:\s+(\d+) kB", status.read_text())
        if found:
            return int(found.group(1)) / 1024
    import psutil

    return float(psutil.Process(pid).memory_info().rss) / MEBIBYTE


# The table


@dataclass(frozen=True)
class Group:
    """Rows that are measured together, and their names and goals (in `unit`) for when they cannot be."""

    name: str
    measure: Callable[[int], list[Timing]]
    rows: tuple[tuple[str, float | None], ...]
    unit: str = "s"


GROUPS = (
    Group("rewriter", rewriter_times, (("line that states the plan", 0.8), ("whole plan", 1.5))),
    Group("painter", painter_times, (("first preview after the plan", 0.5), ("new picture, painting", 0.5))),
    Group("enlarging", enlarging_times, ((ENLARGING_ROW, 0.5),)),
    Group("checks", check_times, ((CHECK_ROW, None), (BEST_ROW, 1.5))),
    Group("world", world_times, ((WORLD_ROW, 5.0),), "ms"),
    Group("help", help_times, (("limner --help", 0.5),)),
    Group("page", page_times, (("page usable after the command", 8.0),)),
    Group("visit", visit_times, ((VISIT_ROW, 2.0),)),
    Group("server", server_rows, ((f"server's resident memory after {len(TURNS)} turns", 1.5 * 1024),), "MiB"),
)


def measured(group: Group, repeats: int) -> list[Timing]:
    """Return the group's rows; where it could not be measured, rows that say why."""
    try:
        return group.measure(repeats)
    except Exception as error:
        why = (str(error).splitlines() or [type(error).__name__])[0]
        return [Timing(name, goal, unit=group.unit, failed=why) for name, goal in group.rows]


def surroundings() -> dict[str, Any]:
    """Return what the figures must stand beside."""
    from importlib.metadata import version

    described = subprocess.run(
        ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, cwd=Path(__file__).parent
    )
    return {
        "command": " ".join(["python -m benchmarks", *sys.argv[1:]]),
        "commit": described.stdout.strip() or "unknown",
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "load before": [round(load, 1) for load in os.getloadavg()],
        "python": sys.version.split()[0],
        "torch": version("torch"),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print; exits with 1 if a row could not be measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Print the table of times.")
    parser.add_argument(
        "--repeats", type=int, default=REPEATS, help="how often each is measured (default: %(default)s)"
    )
    parser.add_argument("--only", choices=[group.name for group in GROUPS], action="append", help="measure only these")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    options = parser.parse_args(arguments)
    if options.repeats < 1:
        parser.error("--repeats must be 1 or more")
    about = surroundings()
    print(f"{'':<48}{'goal':>10}{'median':>9} {'':<4}{'middle half':>15}{'all':>16}{'n':>4}")
    rows: list[Timing] = []
    for group in GROUPS:
        if options.only and group.name not in options.only:
            continue
        for row in measured(group, options.repeats):
            rows.append(row)
            print(row.line(), flush=True)
    print("\n" + "\n".join(f"{name}: {value}" for name, value in about.items()))
    if options.json:
        options.json.write_text(json.dumps({"rows": [asdict(row) for row in rows], "about": about}, indent=2) + "\n")
    if any(row.failed for row in rows):
        sys.exit(1)
