"""Fréchet distance, precision and recall against closed forms, brute force and sets whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from generation.evaluation.distances import (
    frechet_distance,
    frechet_of_gaussians,
    gaussian,
    precision_recall,
)


def test_the_distance_of_gaussians_along_the_same_axes_is_the_closed_form() -> None:
    one, two = np.array([1.0, 4.0, 0.25]), np.array([9.0, 1.0, 0.25])
    mean = np.array([0.0, 2.0, -1.0])
    turned = np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))[0]
    wanted = (mean**2).sum() + ((np.sqrt(one) - np.sqrt(two)) ** 2).sum()
    found = frechet_of_gaussians(
        np.zeros(3), turned @ np.diag(one) @ turned.T, turned @ mean, turned @ np.diag(two) @ turned.T
    )
    assert found == pytest.approx(wanted)


def test_the_distance_of_gaussians_along_other_axes_agrees_with_the_root_of_the_plain_product() -> None:
    rng = np.random.default_rng(2)
    one, two = (a @ a.T for a in rng.normal(size=(2, 6, 6)))
    roots = np.sqrt(np.linalg.eigvals(one @ two).astype(complex)).real  # of (Σ₁Σ₂)^½, which is not symmetric
    wanted = np.trace(one) + np.trace(two) - 2 * roots.sum()
    assert frechet_of_gaussians(np.zeros(6), one, np.zeros(6), two) == pytest.approx(wanted)
    assert frechet_of_gaussians(np.zeros(6), two, np.zeros(6), one) == pytest.approx(wanted)


def test_the_distance_of_a_set_from_itself_is_nothing_and_from_a_moved_one_the_square_of_the_move() -> None:
    features = np.random.default_rng(3).normal(size=(40, 8)).astype(np.float32)
    assert frechet_distance(features, features) == pytest.approx(0, abs=1e-9)
    assert frechet_distance(features, features + 0.5) == pytest.approx(8 * 0.25, rel=1e-5)


def test_fewer_pictures_than_features_still_have_a_distance() -> None:
    rng = np.random.default_rng(4)
    found = frechet_distance(rng.normal(size=(10, 64)), rng.normal(size=(12, 64)))
    assert np.isfinite(found) and found > 0


def test_sample_sets_come_near_the_distance_of_their_gaussians() -> None:
    rng = np.random.default_rng(5)
    one, two = rng.normal(0, 1, (20_000, 3)), rng.normal(1, 2, (20_000, 3))
    assert frechet_distance(one, two) == pytest.approx(3 * 1 + 3 * 1, rel=0.03)
    assert gaussian(one)[1] == pytest.approx(np.eye(3), abs=0.05)


def brute(true: np.ndarray, painted: np.ndarray, k: int) -> float:
    """Precision as the paper's equations 1 and 2 say it, one picture after another."""
    hits = 0
    for point in painted:
        for centre in true:
            near = sorted(np.linalg.norm(centre - other) for other in true if other is not centre)
            if np.linalg.norm(point - centre) <= near[k - 1]:
                hits += 1
                break
    return hits / len(painted)


@pytest.mark.parametrize("k", [1, 3, 5])
def test_precision_and_recall_are_those_of_the_equations(k: int) -> None:
    rng = np.random.default_rng(k)
    true, painted = rng.normal(0, 1, (40, 2)), rng.normal(0.8, 1.3, (30, 2))
    assert precision_recall(true, painted, k) == (
        brute(list(true), painted, k), brute(list(painted), true, k),
    )  # fmt: skip


def test_a_painter_of_one_good_picture_is_precise_and_recalls_little_and_one_of_noise_the_other_way_round() -> None:
    rng = np.random.default_rng(7)
    true = rng.normal(0, 1, (300, 2))
    assert precision_recall(true, true) == (1, 1)
    one_mode = rng.normal(0, 0.01, (300, 2))
    precision, recall = precision_recall(true, one_mode)
    assert precision == 1 and recall < 0.05
    everywhere = rng.uniform(-30, 30, (300, 2))
    precision, recall = precision_recall(true, everywhere)
    assert precision < 0.05 and recall > 0.9
    far = precision_recall(true, true + 100)
    assert far == (0, 0)


def test_what_cannot_be_compared_is_named() -> None:
    with pytest.raises(ValueError, match="of one width"):
        frechet_distance(np.zeros((4, 2)), np.zeros((4, 3)))
    with pytest.raises(ValueError, match="at least 4 pictures; got 3 and 9"):
        precision_recall(np.zeros((3, 2)), np.zeros((9, 2)))
