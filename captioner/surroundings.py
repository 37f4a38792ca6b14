"""What a prompt says of the world round its things: its place, time, weather and style, and none of the things.

Read and said with the world's own words, as captions are, so that a painter that learned from captions knows them.
There is one sun and one moon, and the picture that the surroundings go on from has it: of a clear sky it is said that
it has none.
"""

from __future__ import annotations

from captioner.reading import read_caption
from captioner.world import words
from captioner.world.scene import INDOORS
from captioner.world.terse import LIGHT_DENIED


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
        is_clear = "place" in told and told["place"] not in INDOORS and "weather" not in told
        weather = words.WEATHER_WORDS["clear"][1] if is_clear else ""
        weather = words.WEATHER_WORDS[told["weather"]][0] if "weather" in told else weather
        parts.append(f"{words.TIME_WORDS[time][0]} {weather}".strip())
        if is_clear:
            parts.append(LIGHT_DENIED[0].format("moon" if time == "night" else "sun"))
    return " ".join(f"{part}." for part in parts)
