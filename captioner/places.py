"""Where Limner's own captioner lies. Torch-free, so that whoever only asks whether it is there loads nothing."""

from __future__ import annotations

from pathlib import Path

WEIGHTS = Path(__file__).parent / "weights" / "captioner"
