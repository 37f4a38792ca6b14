"""How far what no edit should have touched has moved since a chain of edits began, told from the pictures' checklists.

Outside a region nothing moves: those pixels are the parent's, bit for bit, and a distance of pixels or latents there is
0 by construction. What decays is what edits of whole pictures, and what lies inside the regions, paint once more. So
drift is counted in what a person would miss: of the details that are still demanded and were seen in an earlier picture
of the chain, the share that is not seen any more. Values alone; no model, no store.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from captioner.request import Checklist, missing


@dataclass(frozen=True)
class Drift:
    """`lost` are the details that should have stayed and are not seen any more, in few words; of `all` that should."""

    lost: tuple[str, ...]
    gone: int
    all: int

    @property
    def share(self) -> float:
        """How much is lost, 0 to 1."""
        return self.gone / self.all


def drift_of(checks: Checklist | None, before: Sequence[Checklist | None]) -> Drift | None:
    """Return what an edit and those before it have lost; None where nobody looked, or nothing was there to stay.

    Args:
        checks: what the picture's prompt demands, and what of it is seen.
        before: the checklists of the pictures before it in its chain. A detail that these never showed was not lost.
    """
    seen = {check.what for checklist in before for check in checklist or () if check.found}
    stays = tuple(check for check in checks or () if check.what in seen)
    if not stays:
        return None
    gone = sum(not check.found for check in stays)
    return Drift(tuple(missing(stays)), gone, len(stays))
