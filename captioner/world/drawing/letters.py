"""A small stroke alphabet for signs, since no font is at hand when a picture is painted.

Each letter is a path in a cell 6 wide and 10 high, y downwards, drawn as a line with round ends.
"""

from __future__ import annotations

WIDTH, HEIGHT, GAP = 6.0, 10.0, 2.6
STROKES: dict[str, str] = {
    "A": "M0 10L3 0L6 10M1.1 6.6H4.9",
    "B": "M0 0V10H3.2Q6 10 6 7.4T3 4.8H0H2.8Q5.4 4.8 5.4 2.4T2.8 0Z",
    "C": "M5.8 1.8Q4.8 0 3.2 0Q0 0 0 5T3.2 10Q4.8 10 5.8 8.2",
    "D": "M0 0V10H2.4Q6 10 6 5T2.4 0Z",
    "E": "M5.6 0H0V10H5.6M0 5H4.6",
    "F": "M5.6 0H0V10M0 5H4.6",
    "G": "M5.8 1.8Q4.8 0 3.2 0Q0 0 0 5T3.2 10Q6 10 6 7V5.4H3.4",
    "H": "M0 0V10M6 0V10M0 5H6",
    "I": "M3 0V10M1 0H5M1 10H5",
    "J": "M5.4 0V6.8Q5.4 10 2.8 10Q0.4 10 0.2 7.2",
    "K": "M0 0V10M5.8 0L0 5.8M2.2 3.8L6 10",
    "L": "M0 0V10H5.4",
    "M": "M0 10V0L3 5.6L6 0V10",
    "N": "M0 10V0L6 10V0",
    "O": "M3 0Q6 0 6 5T3 10T0 5T3 0Z",
    "P": "M0 10V0H3Q6 0 6 2.8T3 5.6H0",
    "Q": "M3 0Q6 0 6 5T3 10T0 5T3 0ZM3.6 7L6.4 10.8",
    "R": "M0 10V0H3Q6 0 6 2.7T3 5.4H0M2.8 5.4L6 10",
    "S": "M5.6 1.7Q4.8 0 3 0Q0.4 0 0.4 2.5Q0.4 4.4 3 5Q5.8 5.7 5.8 7.5Q5.8 10 3 10Q0.8 10 0.2 8.2",
    "T": "M0 0H6M3 0V10",
    "U": "M0 0V6.6Q0 10 3 10T6 6.6V0",
    "V": "M0 0L3 10L6 0",
    "W": "M0 0L1.3 10L3 4L4.7 10L6 0",
    "X": "M0 0L6 10M6 0L0 10",
    "Y": "M0 0L3 5L6 0M3 5V10",
    "Z": "M0 0H6L0 10H6",
    "0": "M3 0Q5.8 0 5.8 5T3 10T0.2 5T3 0ZM4.4 2.6L1.6 7.4",
    "1": "M1 2.2L3.4 0V10M1 10H5.6",
    "2": "M0.3 2.6Q0.6 0 3 0Q5.6 0 5.6 2.7Q5.6 4.6 0.2 10H6",
    "3": "M0.4 0H5.6L2.8 4.2Q5.8 4.2 5.8 7T2.8 10Q0.6 10 0 8",
    "4": "M4.4 10V0L0 7H6",
    "5": "M5.4 0H0.8L0.4 4.6Q1.4 3.8 2.8 3.8Q5.8 3.8 5.8 6.9T2.8 10Q0.8 10 0 8.4",
    "6": "M5 0.4Q0.2 2 0.2 6.8Q0.2 10 3 10T5.8 7T3 4.2Q1 4.2 0.3 6",
    "7": "M0 0H6L2.2 10",
    "8": "M3 4.8Q0.6 4.8 0.6 2.4T3 0T5.4 2.4T3 4.8Q0 4.8 0 7.4T3 10T6 7.4T3 4.8Z",
    "9": "M1 9.6Q5.8 8 5.8 3.2Q5.8 0 3 0T0.2 3T3 5.8Q5 5.8 5.7 4",
    "!": "M3 0V6.4M3 9.9V10",
    "?": "M0.4 2.4Q0.8 0 3 0Q5.6 0 5.6 2.5Q5.6 4.2 3 5.4V6.6M3 9.9V10",
    "'": "M3 0V2.4",
    "&": "M6 10L1.4 3.4Q0 0 2.6 0Q5 0 4.4 2.4Q4 3.8 1.4 5.2Q-0.6 6.6 0.4 8.6Q1.2 10 3 10Q5.4 9.6 5.8 6.2",
    "-": "M1 5H5",
    ".": "M3 9.9V10",
    " ": "",
}


def line_width(text: str) -> float:
    """Return how wide a line of text is, in units of a letter's cell."""
    return len(text) * (WIDTH + GAP) - GAP if text else 0.0


def strokes_of(text: str) -> list[tuple[float, str]]:
    """Return each letter's distance from the left and its path; what the alphabet lacks leaves a gap."""
    letters = ((index * (WIDTH + GAP), STROKES.get(letter, "")) for index, letter in enumerate(text.upper()))
    return [(x, strokes) for x, strokes in letters if strokes]
