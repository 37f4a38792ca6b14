"""All errors of the captioner package.

CaptionerError
├── WorldError        a scene, a setting or a size that the picture world does not have
├── DataError         a data set that cannot be read
├── WeightsError      weights that are missing, damaged or of another world version
└── TrainingError     a training that cannot go on
"""


class CaptionerError(Exception):
    """Anything that the captioner package reports; its message is one sentence for a person."""


class WorldError(CaptionerError):
    """A scene, setting or size that the picture world does not have."""


class DataError(CaptionerError):
    """A data set that cannot be read."""


class WeightsError(CaptionerError):
    """Weights that are missing, damaged or of another world version."""


class TrainingError(CaptionerError):
    """A training that cannot go on."""


def first_line(error: BaseException, letters: int = 200) -> str:
    """Return how another library's error begins, for a sentence of ours; the name of its type where it says nothing."""
    return (str(error).splitlines() or [type(error).__name__])[0][:letters]
