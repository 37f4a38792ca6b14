"""All errors of the generation package.

GenerationError
├── RequestError      a request that this painter cannot honour (size, act, words)
├── WeightsError      weights that are missing, damaged or of another world version
├── PictureError      a picture, mask or latent that cannot be read
└── PaintingError     painting began and did not finish (not-a-number, out of memory)
"""


class GenerationError(Exception):
    """Anything that the generation package reports; its message is one sentence for a person."""


class RequestError(GenerationError):
    """A request that this painter cannot honour."""


class WeightsError(GenerationError):
    """Weights that are missing, damaged or of another world version."""


class PictureError(GenerationError):
    """A picture, mask or latent that cannot be read."""


class PaintingError(GenerationError):
    """Painting began and did not finish."""
