"""Old and new versions of the real openai package against the running server, unchanged.

    python -m tests.campaigns.clients 1.97.0 2.35.0
    python -m tests.campaigns.clients 1.97.0 2.35.0 --embedded

Makes a virtual environment for each version named (and keeps it in build/clients/), and takes the installed one too.
What they do is in `tests/campaigns/client_calls.py`. With --embedded the models of this package are behind the server,
else fakes that take their time; a painter that breaks down is a fake either way.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

from captioner.request import FakeCaptioner
from generation.request import FakePainter
from tests.fakes import SlowPainter, build_with_fakes
from tests.serving import serving
from tests.test_api_images import png, right_half_mask
from ui.api import access
from ui.settings import Settings
from ui.wiring import App, build

CALLS = Path(__file__).with_name("client_calls.py")
ENVIRONMENTS = Path(__file__).parents[2] / "build" / "clients"
PAINTING_SECONDS = 0.8
"""A picture's, so that there is something to see of it before it is done."""


def python_with(version: str) -> str:
    """Return an interpreter that has this version of the package, making its environment first if need be."""
    folder = ENVIRONMENTS / version
    python = folder / "bin" / "python"
    if not (folder / "made").exists():
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", f"openai=={version}"], check=True)
        (folder / "made").touch()
    return str(python)


def painting(settings: Settings) -> App:
    return build_with_fakes(settings, SlowPainter(PAINTING_SECONDS), FakeCaptioner())


def breaking_down(settings: Settings) -> App:
    def breaks(step: int) -> None:
        raise RuntimeError("no more paint")

    return build_with_fakes(settings, FakePainter(before_step=breaks))


def run(versions: list[str], embedded: bool = False) -> str:
    """Return what was watched. Raises: SystemExit: something was not as it should be; what, it says."""
    access.MAX_WAITING, access.RETRY_SECONDS = 1, 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, data in (("in", png()), ("mask", right_half_mask()), ("small", right_half_mask((32, 32)))):
            (folder / f"{file}.png").write_bytes(data)
        with (
            serving(folder / "open", build if embedded else painting) as site,
            serving(folder / "keyed", build_with_fakes) as keyed,
            serving(folder / "breaking", breaking_down) as breaking,
        ):
            keyed.app.keys.make("ada", "test", keyed.app.turns.clock())
            places = [f"{one.address}/v1" for one in (site, keyed, breaking)]
            said = ""
            for python in (sys.executable, *(python_with(version) for version in versions)):
                began = time.monotonic()
                ran = subprocess.run([python, CALLS, *places, name], capture_output=True, text=True, check=False)
                said += f"{ran.stdout}{time.monotonic() - began:.0f} s\n"
                if ran.returncode:
                    raise SystemExit(f"{said}\n{ran.stderr}")
    return said


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("versions", nargs="*")
    parser.add_argument("--embedded", action="store_true")
    given = parser.parse_args()
    print(run(given.versions, given.embedded))
