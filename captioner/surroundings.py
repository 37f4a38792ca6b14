"""What a prompt says of the world round its things: its place, time, weather and style, and none of the things.

Read and said with the world's own words, as captions are, so that a painter that learned from captions knows them.
"""

from __future__ import annotations

from captioner.reading import read_caption
from captioner.world import words


def surroundings(prompt: str) -> str:
    """Return a caption of a prompt's surroundings alone; "" where the prompt says nothing of them."""
    said = read_caption(prompt)
    told = dict(sorted(said.scenery))
    parts = []
    if style := told.get("style"):
        framing = words.FRAMING_WORDS[told["framing"]][0] if "framing" in told else ""
        parts.append(f"{words.STYLE_LEADS[0]} {words.STYLE_WORDS[style][0]} {framing}".strip())
    if place := told.get("place"):
        details = [detail for detail in words.PLACE_DETAILS[place] if detail in said.details]
        noun = words.PLACE_NAMES[place][1]
        parts.append(f"{words.PLACE_LEADS[1]} {noun}{f' with {words.listed(details)}' if details else ''}")
    if time := told.get("time"):
        weather = words.WEATHER_WORDS[told["weather"]][0] if "weather" in told else ""
        parts.append(f"{words.TIME_WORDS[time][0]} {weather}".strip())
    return " ".join(f"{part}." for part in parts)
