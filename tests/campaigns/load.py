"""Several people paint at once over HTTP; say how long they waited, whether it was fair, and that nothing went wrong.

    python -m tests.campaigns.load --people 8 --pictures 20

The public fakes stand behind the real server, so that what is measured is the queue and the server, not a model.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx

from tests.fakes import SlowPainter, build_with_fakes
from tests.serving import Site, serving

PAINTING_SECONDS = 0.1


def paint(site: Site, key: str, name: str, pictures: int, waits: list[float], faults: list[str]) -> None:
    """Ask for pictures, one after the other, and note how long each took."""
    with httpx.Client(base_url=f"{site.address}/v1", headers={"Authorization": f"Bearer {key}"}, timeout=120) as client:
        for number in range(pictures):
            began = time.monotonic()
            answer = client.post("/images/generations", json={"prompt": f"draw {name} {number}"})
            waits.append(time.monotonic() - began)
            if answer.status_code != 200 or not answer.json()["data"][0]["b64_json"]:
                faults.append(f"{name} {number}: {answer.status_code} {answer.text[:200]}")


def run(people: int, pictures: int) -> str:
    """Return one line of figures. Raises: AssertionError: a request failed, a picture is missing or it was not fair."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder), lambda settings: build_with_fakes(settings, SlowPainter(PAINTING_SECONDS))) as site,
    ):
        names = [f"person{number}" for number in range(people)]
        keys = {name: site.app.keys.make(name, name, datetime.now(UTC))[1] for name in names}
        waits: dict[str, list[float]] = {name: [] for name in names}
        faults: list[str] = []
        threads = [
            threading.Thread(target=paint, args=(site, keys[name], name, pictures, waits[name], faults))
            for name in names
        ]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = time.monotonic() - began
        assert not faults, faults[:3]
        for name in names:
            assert len(site.app.turns.list_conversations(name)) == pictures
    every = sorted(wait for each in waits.values() for wait in each)
    typical = [statistics.median(each) for each in waits.values()]
    assert max(typical) <= 1.5 * min(typical), typical  # fair turns: nobody waits much longer than another
    late = every[int(0.95 * len(every))]
    return (
        f"{people} people, {people * pictures} pictures in {seconds:.0f} s, none failed: a wait of "
        f"{statistics.median(every):.2f} s (median), {late:.2f} s (95 of 100), {every[-1]:.2f} s (longest); "
        f"medians of the people {min(typical):.2f} to {max(typical):.2f} s"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=8)
    parser.add_argument("--pictures", type=int, default=20)
    given = parser.parse_args()
    print(run(given.people, given.pictures))
