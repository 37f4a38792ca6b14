"""How alt text goes wrong on the web: shop names, file names, wrong facts, text cut off or about something else.

The rates are ours to set, and stated, so that training on alt text can be measured at several noise levels.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from captioner.world.scene import COLOURS, FACED, SUBJECTS, Scene
from captioner.world.words import PLACE_NAMES, article


@dataclass(frozen=True)
class AltRates:
    """The share of each fault; what is left over is a fair short caption."""

    shop: float
    file_name: float
    wrong_fact: float
    cut_off: float
    unrelated: float

    def __post_init__(self) -> None:
        rates = (self.shop, self.file_name, self.wrong_fact, self.cut_off, self.unrelated)
        if min(rates) < 0 or sum(rates) > 1:
            raise ValueError(f"alt text rates are shares of one; got {rates}")

    @property
    def fair(self) -> float:
        return 1 - (self.shop + self.file_name + self.wrong_fact + self.cut_off + self.unrelated)


ALT_LOW = AltRates(shop=0.10, file_name=0.05, wrong_fact=0.05, cut_off=0.10, unrelated=0.05)
ALT_MEDIUM = AltRates(shop=0.15, file_name=0.10, wrong_fact=0.15, cut_off=0.15, unrelated=0.10)
ALT_HIGH = AltRates(shop=0.20, file_name=0.15, wrong_fact=0.20, cut_off=0.15, unrelated=0.20)
ALT_RATES = ALT_MEDIUM
LEVELS = {"low": ALT_LOW, "medium": ALT_MEDIUM, "high": ALT_HIGH}
"""How noisy the alt text of an experiment is, by name."""

SHOPS = ("Etsy", "PrintShop", "Wall Art Co.", "KidsPosters", "Stock Photos", "ArtStation", "Pinterest", "CanvasHub")
GOODS = ("poster", "print", "wall art", "greeting card", "sticker", "canvas 30x40", "t-shirt design", "mug")
UNRELATED = (
    "click here to enlarge", "our summer sale ends soon", "my favourite recipe", "holiday 2019", "logo",
    "free shipping on all orders", "see more like this", "share on facebook", "image", "photo", "banner ad",
    "the best day ever!!", "things to do this weekend", "home page header", "no description available",
    "follow us for more", "copyright all rights reserved", "random thoughts", "table of contents", "untitled",
)  # fmt: skip


def noisy(scene: Scene, fair: str, seed: int, rates: AltRates) -> str:
    """Return the fair caption, or what the web would have in its place.

    Args:
        scene: what the picture shows.
        fair: a true short caption of it.
        seed: decides the fault; the same seed gives the same text.
        rates: the share of each fault.
    """
    rng = random.Random(f"limner-alt-{seed}")
    draw = rng.random()
    faults = (
        (rates.shop, _shop), (rates.file_name, _file_name), (rates.wrong_fact, _wrong_fact),
        (rates.cut_off, _cut_off), (rates.unrelated, _unrelated),
    )  # fmt: skip
    for rate, fault in faults:
        if draw < rate:
            return fault(scene, fair, rng)
        draw -= rate
    return fair


def _shop(scene: Scene, fair: str, rng: random.Random) -> str:
    shop, goods = rng.choice(SHOPS), rng.choice(GOODS)
    forms = (
        f"{scene.main.kind} {goods} | {shop}", f"{shop} - {fair} {goods}", f"buy {scene.main.kind} {goods} at {shop}",
        f"{scene.main.colour} {scene.main.kind} {goods} by {shop}", f"{goods} no. {rng.randint(10, 999)} - {shop}",
    )  # fmt: skip
    return rng.choice(forms)


def _file_name(scene: Scene, fair: str, rng: random.Random) -> str:
    number = rng.randint(1, 9999)
    forms = (
        f"IMG_{number:04}.jpg", f"DSC{number:05}.JPG", f"{scene.main.kind}-final-{number % 9 + 1}.png",
        f"Screenshot {number}.png", f"untitled-{number % 50}.jpeg", f"{scene.main.kind}_{number}.jpg",
    )  # fmt: skip
    return rng.choice(forms)


def _wrong_fact(scene: Scene, fair: str, rng: random.Random) -> str:
    """Say one thing that is not so: another colour, kind or place."""
    thing = scene.main
    colour, kind, place = thing.colour, thing.kind, scene.place
    wrong = rng.randrange(3)
    if wrong == 0:
        colour = rng.choice([c for c in COLOURS if c != colour])
    elif wrong == 1:
        kind = rng.choice([k for k in SUBJECTS if k != kind and (k in FACED) == thing.has_face])
    else:
        place = rng.choice([p for p in PLACE_NAMES if p != place])
    preposition, where = PLACE_NAMES[place]
    return f"{article(f'{colour} {kind}')} {preposition} {where}"


def _cut_off(scene: Scene, fair: str, rng: random.Random) -> str:
    cut = fair[: rng.randint(4, max(5, len(fair) - 3))].rstrip()
    return cut + rng.choice(("...", "…", "", " -"))


def _unrelated(scene: Scene, fair: str, rng: random.Random) -> str:
    return rng.choice(UNRELATED)
