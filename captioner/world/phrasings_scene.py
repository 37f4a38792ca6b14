"""How people ask for changes of the scene and of the change before: data only. `phrasings.py` explains the slots."""

from __future__ import annotations

from captioner.world.phrasings_thing import Asked

SCENE_PHRASINGS = {
    "place": Asked(
        (
            "move it to {a_place}", "put {him} {in_place}", "put {thing} {in_place}",
            "change the background to {a_place}", "change the place to {a_place}", "have it {in_place}",
            "take {thing} to {a_place}", "set the scene {in_place}", "draw {thing} {in_place} instead",
        ),
        (
            "{in_place}", "{in_place} instead", "{place}", "{place} background", "with {a_place} behind",
            "{kind} {in_place}", "{thing} should be {in_place}", "what about {a_place}?", "same but {in_place}",
        ),
    ),
    "time": Asked(
        (
            "make it {time}", "change it to {time}", "change the time to {time}", "make it {time} instead",
            "set it {at_time}", "turn it to {time}", "let it be {time}", "have it be {time}",
            "change the time of day to {time}",
        ),
        (
            "{time}", "{at_time}", "{time} instead", "how about {time}?", "same but {at_time}", "it should be {time}",
            "i want it to be {time}", "what would it look like {at_time}?", "{time} light",
        ),
    ),
    "weather": Asked(
        (
            "make it {weathery}", "add {weather}", "let it be {weathery}", "change the weather to {weather}",
            "make the weather {weathery}", "add some {weather}", "have some {weather}", "put {weather} in the sky",
            "make the sky {weathery}",
        ),
        (
            "{weather}", "{weathery}", "with {weather}", "{weathery} weather", "some {weather}",
            "it should be {weathery}", "bring on the {weather}", "same but with {weather}", "what about {weather}?",
        ),
    ),
    "weather_clear": Asked(
        (
            "stop the {weather}", "remove the {weather}", "get rid of the {weather}", "clear the sky",
            "make the weather clear", "make it clear weather again", "take away the {weather}", "lose the {weather}",
            "change the {weather} to clear weather",
        ),
        (
            "no {weather}", "without {weather}", "no more {weather}", "clear sky", "clear weather",
            "good weather instead", "the {weather} should stop", "enough {weather}", "not {weathery}",
        ),
    ),
    "style": Asked(
        (
            "make it {a_style}", "draw it as {a_style}", "change the style to {style}", "turn it into {a_style}",
            "paint it as {a_style}", "do it in {style}", "redraw it in {style} style", "make the style {style}",
            "show it as {a_style}",
        ),
        (
            "{style}", "as {a_style}", "{style} style", "in {style}", "{style} instead", "like {a_style}",
            "same but {style}", "it should be {a_style}", "what about {style}?",
        ),
    ),
    "closer": Asked(
        (
            "zoom in", "move closer", "make it closer", "get closer to {thing}", "zoom in on {thing}",
            "show {him} closer", "bring the camera closer", "make the view tighter", "go in closer",
        ),
        (
            "closer", "closer!", "close-up", "close up", "closer view", "a bit closer", "tighter shot",
            "{thing} from closer", "{thing} is too far away",
        ),
    ),
    "wider": Asked(
        (
            "zoom out", "move back", "make the view wider", "show more around {him}",
            "show more of the place around {thing}", "step back a bit", "pull the camera back",
            "zoom out from {thing}", "show it from further away",
        ),
        (
            "wider", "further away", "wider view", "wide shot", "a bit wider", "not so close", "from further back",
            "{thing} is too close", "show more", "{thing} from further away",
        ),
    ),
    "add_extra": Asked(
        (
            "add {an_extra}", "put {an_extra} in", "draw {an_extra} too", "add {an_extra} in the background",
            "include {an_extra}", "put {an_extra} behind {him}", "put {an_extra} near {thing}",
            "let there be {an_extra}", "have {an_extra} as well",
        ),
        (
            "{an_extra}", "with {an_extra}", "and {an_extra}", "{an_extra} too", "plus {an_extra}",
            "it needs {an_extra}", "how about {an_extra}?", "some scenery: {an_extra}", "{an_extra} would be nice",
        ),
    ),
    "remove_extra": Asked(
        (
            "remove the {extra}", "take away the {extra}", "get rid of the {extra}", "lose the {extra}",
            "delete the {extra}", "take the {extra} out", "erase the {extra}", "leave out the {extra}",
            "draw it without the {extra}",
        ),
        (
            "no {extra}", "without the {extra}", "no more {extra}", "minus the {extra}", "i don't want the {extra}",
            "the {extra} should go", "not the {extra}", "it doesn't need the {extra}",
        ),
    ),
    "add_thing": Asked(
        (
            "add {a_new}", "put {a_new} next to {him}", "add {a_new} next to {thing}", "draw {a_new} too",
            "add {a_new} on the {side}", "put {a_new} on the {side}", "give {thing} {a_new} for company",
            "include {a_new}", "place {a_new} beside {thing}",
        ),
        (
            "{a_new} too", "and {a_new}", "{a_new} on the {side}", "with {a_new}", "{a_new} next to {thing}",
            "{he} needs {a_new}", "plus {a_new}", "how about {a_new}?", "also {a_new}",
        ),
    ),
    "remove_thing": Asked(
        (
            "remove {thing}", "take away {thing}", "get rid of {thing}", "lose {thing}", "delete {thing}",
            "take {thing} out", "leave out {thing}", "erase {thing}", "draw it without {thing}",
        ),
        (
            "no {old_kind}", "without {thing}", "no more {old_kind}", "minus {thing}", "i don't want {thing}",
            "{thing} should go", "not {thing}", "only the other one, not {thing}",
        ),
    ),
    "move": Asked(
        (
            "move {him} to the {side}", "move {thing} to the {side}", "put {thing} on the {side}",
            "shift {him} to the {side}", "place {thing} at the {side}", "have {thing} on the {side}",
            "slide {thing} over to the {side}", "draw {him} on the {side} instead", "let {thing} be on the {side}",
        ),
        (
            "on the {side}", "to the {side}", "{side}", "{kind} on the {side}", "{he} should be on the {side}",
            "{thing} to the {side}", "{thing} should be on the {side}", "over to the {side}",
        ),
    ),
    "count_up": Asked(
        (
            "add another {kind}", "add one more {kind}", "draw one more {kind}", "give {him} a friend just the same",
            "put one more {kind} in", "add one more like {him}", "add one to {thing}", "make it one {kind} more",
            "add an extra {kind}",
        ),
        (
            "one more", "one more {kind}", "another {kind}", "make room for one more {kind}", "an extra {kind}",
            "{thing} plus one", "one {kind} more", "{he} needs a twin",
        ),
    ),
    "count_down": Asked(
        (
            "remove one {kind}", "take away one {kind}", "draw one fewer {kind}", "take one {kind} out",
            "remove one of them", "have one less {kind}", "lose one of the {kinds_now}",
            "delete one of the {kinds_now}", "leave one {kind} out",
        ),
        (
            "one less", "one fewer", "one {kind} less", "one fewer {kind}", "one too many", "{thing} minus one",
            "there is one {kind} too many", "not so many, one less",
        ),
    ),
    "count_set": Asked(
        (
            "make it {number} {kinds}", "draw {number} {kinds}", "make {number} of them",
            "make {number} {kinds} instead", "have {number} {kinds}", "change the number of {kinds} to {number}",
            "show {number} {kinds}", "turn {thing} into {number} {kinds}", "let there be {number} {kinds}",
        ),
        (
            "{number}", "{number} {kinds}", "{number} of them", "{number} instead", "{number} {kinds} please",
            "i want {number} {kinds}", "there should be {number} {kinds}", "not {thing}, {number} {kinds}",
        ),
    ),
    "just_one": Asked(
        (
            "make it just one {kind}", "show only one {kind}", "draw a single {kind}", "leave just one {kind}",
            "keep only one of them", "have just one", "remove all but one {kind}",
            "keep one {kind} and remove the others", "make {thing} just one",
        ),
        (
            "just one", "only one", "just one {kind}", "one {kind}", "a single {kind}", "not so many, just one",
            "only one of {thing}", "one is enough", "one {kind} only",
        ),
    ),
    "more": Asked(
        (
            "do that again", "go further", "push it further", "do a bit more of that", "keep going", "take it further",
            "turn it up", "do the same again", "go one step further",
        ),
        (
            "more", "more!", "even more", "again", "a bit more", "more of that", "still more", "not enough", "further",
            "once more",
        ),
    ),
    "less": Asked(
        (
            "dial it back", "go back a little", "turn it down", "tone it down", "take it back a step",
            "ease off a bit", "do it a bit less", "go one step back", "not go that far",
        ),
        (
            "less", "a bit less", "less!", "too much", "not so much", "that's too much", "a little less of that",
            "slightly less", "half as much",
        ),
    ),
    "undo": Asked(
        (
            "undo that", "change it back", "put it back how it was", "revert that", "take that back",
            "bring back the old {attribute}", "restore the {attribute}", "undo the {attribute}",
            "make the {attribute} like before",
        ),
        (
            "undo", "back", "no, like before", "as it was", "like it was before", "the old {attribute} again",
            "i liked the old {attribute}", "back to the old {attribute}", "never mind",
        ),
    ),
}  # fmt: skip
