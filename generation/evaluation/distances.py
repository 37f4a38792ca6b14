"""Distances between two sets of pictures, by their features: Fréchet distance, improved precision and recall.

Arithmetic alone: which encoder made the features is the caller's to say, and a figure is named after it. With the
Inception network of Heusel et al. the Fréchet distance would be FID; with any other it is not.

Dimensions: N, M pictures, D features.
"""

from __future__ import annotations

import numpy as np

NEIGHBOURS = 3
BLOCK = 1_024
"""Rows of distances that are held at once."""


def frechet_distance(one: np.ndarray, two: np.ndarray) -> float:
    """Return the Fréchet distance between the Gaussians that have the means and covariances of features (N, D), (M, D).

    |μ₁ − μ₂|² + tr(Σ₁ + Σ₂ − 2 (Σ₁^½ Σ₂ Σ₁^½)^½), Dowson and Landau 1982, equation 4; as a measure of painters, Heusel
    et al. 2017, arXiv:1706.08500. The product under the root is symmetric here, so that its eigenvalues are real and
    rounding cannot make the distance complex.

    Raises:
        ValueError: a set has fewer than two pictures, or the features are not of one width.
    """
    one, two = _checked(one, two, least=2)
    (mean_one, spread_one), (mean_two, spread_two) = gaussian(one), gaussian(two)
    return frechet_of_gaussians(mean_one, spread_one, mean_two, spread_two)


def gaussian(features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean (D) and the unbiased covariance (D, D) of features (N, D)."""
    return features.mean(0), np.atleast_2d(np.cov(features, rowvar=False))


def frechet_of_gaussians(
    mean_one: np.ndarray, spread_one: np.ndarray, mean_two: np.ndarray, spread_two: np.ndarray
) -> float:
    """Return the Fréchet distance between two Gaussians, of means (D) and covariances (D, D)."""
    values, vectors = np.linalg.eigh(spread_one)
    root = (vectors * np.sqrt(values.clip(0))) @ vectors.T
    product = root @ spread_two @ root
    shared = np.sqrt(np.linalg.eigvalsh((product + product.T) / 2).clip(0)).sum()
    apart = float(((mean_one - mean_two) ** 2).sum() + np.trace(spread_one) + np.trace(spread_two) - 2 * shared)
    return max(apart, 0.0)


def precision_recall(true: np.ndarray, painted: np.ndarray, neighbours: int = NEIGHBOURS) -> tuple[float, float]:
    """Return which share of painted pictures is like true ones, and which share of the true ones painted ones are like.

    Like is: inside a ball about a picture of the other set that reaches to its k-th nearest neighbour in its own set.
    Improved precision and recall, Kynkäänniemi et al. 2019, arXiv:1904.06991, section 2.

    Args:
        true, painted: (N, D), (M, D).
        neighbours: k.

    Raises:
        ValueError: a set has no more than k pictures, or the features are not of one width.
    """
    true, painted = _checked(true, painted, least=neighbours + 1)
    return _covered(true, painted, neighbours), _covered(painted, true, neighbours)


def _covered(balls: np.ndarray, points: np.ndarray, neighbours: int) -> float:
    """Return the share of points (M, D) that lie in the ball of at least one of `balls` (N, D)."""
    radii = np.concatenate(
        [  # the nearest of all is the picture itself
            np.partition(_distances(balls[start : start + BLOCK], balls), neighbours, axis=1)[:, neighbours]
            for start in range(0, len(balls), BLOCK)
        ]
    )
    inside = [
        (_distances(points[start : start + BLOCK], balls) <= radii).any(1) for start in range(0, len(points), BLOCK)
    ]
    return float(np.concatenate(inside).mean())


def _distances(one: np.ndarray, two: np.ndarray) -> np.ndarray:
    """Return the squared distances (N, M) of (N, D) and (M, D), by differences: a product of them would round."""
    squares = np.empty((len(one), len(two)))
    for row, point in enumerate(one):
        squares[row] = ((two - point) ** 2).sum(1)
    return squares


def _checked(one: np.ndarray, two: np.ndarray, least: int) -> tuple[np.ndarray, np.ndarray]:
    if one.ndim != 2 or two.ndim != 2 or one.shape[1] != two.shape[1]:
        raise ValueError(f"features need shapes (N, D) and (M, D) of one width; got {one.shape} and {two.shape}")
    if min(len(one), len(two)) < least:
        raise ValueError(f"each set needs at least {least} pictures; got {len(one)} and {len(two)}")
    return one.astype(np.float64), two.astype(np.float64)
