"""Campaigns that take minutes: `make test-long` runs them, their figures stand in docs/results.md."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PLANES = (
    (0x20, 0x7E),
    (0x80, 0x24F),
    (0x590, 0x6FF),
    (0x900, 0xDFF),
    (0x2000, 0x2FFF),
    (0x4E00, 0x9FFF),
    (0x1F300, 0x1FAFF),
)
PIECES = (
    "make it happier", "v99", "go back to v1", "{}", "null", "\x1b[2J", "\x07", "\u202e", "\ufeff", "%s %n", "${HOME}",
    "'; DROP TABLE turns; --", "<script>alert(1)</script>", "a" * 9_000, "-1", "\U0001f407", "\u0301" * 50,
)  # fmt: skip


def odd_line(rng: random.Random) -> str:
    """Return a line of letters from everywhere, of things that break programs, or of both."""
    letters = "".join(chr(rng.randint(*rng.choice(PLANES))) for _ in range(rng.randint(0, 60)))
    return " ".join(rng.sample([letters, *rng.choices(PIECES, k=2)], k=rng.randint(1, 3)))


@pytest.mark.long
def test_no_line_breaks_the_chat_in_500_tries(tmp_path: Path) -> None:
    rng = random.Random(1)
    lines = [" ".join(odd_line(rng).split("\n")).strip() or "?" for _ in range(500)]
    said = "\n".join([*lines, "draw a bunny"]) + "\n"
    command = [sys.executable, "-m", "tests.fakes", "chat", "--json", "--data", str(tmp_path)]
    ran = subprocess.run(command, input=said.encode(), capture_output=True, check=False, cwd=ROOT)
    answers = [json.loads(line) for line in ran.stdout.split(b"\n") if line]  # str.splitlines knows more line ends
    assert len(answers) == 501 and b"Traceback" not in ran.stderr
    assert all(answer["error"] or answer["reply"] or answer["version"] for answer in answers)
    assert not any("Something in Limner broke" in (answer["error"] or "") for answer in answers)
    assert answers[-1]["error"] is None and answers[-1]["versions"]


@pytest.mark.long
def test_eight_people_paint_at_once_and_nobody_waits_much_longer_than_another() -> None:
    command = [sys.executable, "-m", "tests.campaigns.load", "--people", "8", "--pictures", "20"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("8 people, 160 pictures")


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_old_and_new_versions_of_the_openai_package_run_unchanged() -> None:
    command = [sys.executable, "-m", "tests.campaigns.clients", "1.97.0", "2.35.0"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert ran.returncode == 0, ran.stderr
    assert [line for line in ran.stdout.splitlines() if "all well" in line][1:] == [
        "openai 1.97.0: all well", "openai 2.35.0: all well",
    ]  # fmt: skip
