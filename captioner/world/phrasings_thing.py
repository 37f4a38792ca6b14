"""How people ask for changes of one thing: data only. `phrasings.py` explains the slots and joins them."""

from __future__ import annotations

from typing import NamedTuple


class Asked(NamedTuple):
    """How one kind of edit is asked for: clauses that openers may go round, and requests that stand alone."""

    cores: tuple[str, ...]
    alone: tuple[str, ...]


THING_PHRASINGS = {
    "mood_up": Asked(
        (
            "make {him} happier", "make {thing} happier", "cheer {him} up", "cheer up {thing}",
            "make {thing} a bit happier", "make {him} more cheerful", "give {him} a bigger smile",
            "make {thing} look happier", "lift {his} mood a little", "let {thing} be happier",
        ),
        (
            "happier", "happier!", "a bit happier", "more smile", "{he} should be happier", "{he} could be happier",
            "happier {kind}", "put {him} in a better mood", "{thing} should look happier",
            "a happier {kind} would be nice",
        ),
    ),
    "mood_up_lots": Asked(
        (
            "make {him} much happier", "make {thing} a lot happier", "make {thing} way happier",
            "really cheer {him} up", "cheer {thing} up a lot", "make {him} so much more cheerful",
            "make {thing} far happier", "make {thing} two steps happier",
        ),
        (
            "much happier", "way happier!", "a lot happier", "two notches happier", "{he} should be much happier",
            "so much happier", "{thing} should be a lot happier", "much much happier {kind}", "big mood boost",
        ),
    ),
    "mood_down": Asked(
        (
            "make {him} sadder", "make {thing} sadder", "make {thing} a bit sadder", "make {him} less happy",
            "tone down {his} smile", "make {thing} look sadder", "make {thing} less cheerful",
            "give {him} a less happy face", "let {thing} be sadder", "lower {his} mood",
        ),
        (
            "sadder", "a bit sadder", "less happy", "not so happy", "{he} should be sadder", "{he} could be sadder",
            "sadder {kind}", "{thing} should look sadder", "less smile",
        ),
    ),
    "set_mood": Asked(
        (
            "make {him} {mood}", "make {thing} {mood}", "make {thing} look {mood}", "give {thing} a {mood} face",
            "change {his} mood to {mood}", "let {thing} be {mood}", "have {thing} look {mood}",
            "draw {him} {mood} instead",
        ),
        (
            "{mood}", "{mood} {kind}", "i want {him} {mood}", "{he} should be {mood}", "{thing} should look {mood}",
            "make {him} feel {mood}", "{mood} instead", "what if {he} was {mood}?",
        ),
    ),
    "recolour": Asked(
        (
            "make {him} {colour}", "make {thing} {colour}", "change {thing} to {colour}", "paint {thing} {colour}",
            "turn {thing} {colour}", "change {his} colour to {colour}", "colour {thing} {colour}",
            "recolor {him} {colour}", "give {thing} a {colour} colour",
        ),
        (
            "{colour}", "{colour} {kind}", "{colour} instead", "in {colour}", "{thing} should be {colour}",
            "i want {him} {colour}", "not {old_colour}, {colour}", "what about {colour}?",
            "{colour} please, not {old_colour}", "what if {thing} was {colour}?",
        ),
    ),
    "replace_subject": Asked(
        (
            "make {him} {a_kind}", "turn {thing} into {a_kind}", "replace {thing} with {a_kind}",
            "change {thing} to {a_kind}", "make {thing} {a_kind}", "swap {thing} for {a_kind}",
            "draw {a_kind} instead of {thing}", "turn {him} into {a_kind}", "change {him} to {a_kind}",
        ),
        (
            "{a_kind} instead", "{a_kind} instead of {thing}", "not a {kind}, {a_kind}", "rather {a_kind}",
            "i'd rather have {a_kind}", "{new_kind} instead of {kind}", "actually {a_kind}",
            "what if {he} was {a_kind}?", "no {kind}, {a_kind}",
        ),
    ),
    "add_worn": Asked(
        (
            "give {him} {an_item}", "give {thing} {an_item}", "add {an_item}", "put {an_item} on {him}",
            "put {an_item} on {thing}", "add {an_item} to {thing}", "dress {thing} in {an_item}",
            "let {him} wear {an_item}", "have {thing} wear {an_item}",
        ),
        (
            "{item}", "with {an_item}", "{he} needs {an_item}", "{thing} needs {an_item}", "and {an_item}",
            "{an_item} too", "{kind} with {an_item}", "how about {an_item}?", "{thing} should wear {an_item}",
            "plus {an_item}",
        ),
    ),
    "remove_worn": Asked(
        (
            "take off the {items}", "remove the {items}", "remove {his} {items}", "lose the {items}",
            "take the {items} off {thing}", "get rid of the {items}", "remove the {items} from {thing}",
            "take away {his} {items}", "draw {thing} without the {items}",
        ),
        (
            "no {items}", "without the {items}", "{items} off", "no more {items}", "i don't like the {items}",
            "{his} {items} should go", "minus the {items}", "{thing} should not wear the {items}", "not the {items}",
        ),
    ),
    "recolour_worn": Asked(
        (
            "make the {items} {colour}", "change the {items} to {colour}", "make {his} {items} {colour}",
            "turn the {items} {colour}", "paint the {items} {colour}", "change the colour of the {items} to {colour}",
            "make the {items} of {thing} {colour}", "give {thing} {an_item} instead",
        ),
        (
            "{colour} {items}", "{colour} {items} instead", "the {items} in {colour}",
            "{his} {items} should be {colour}", "the {items} should be {colour}", "{items}: {colour}",
            "a different colour for the {items}: {colour}", "{thing} with {an_item}",
            "i want the {items} {colour}",
        ),
    ),
    "add_held": Asked(
        (
            "give {him} {an_item}", "give {thing} {an_item} to hold", "let {him} hold {an_item}",
            "have {thing} hold {an_item}", "put {an_item} in {his} hand", "make {thing} hold {an_item}",
            "hand {thing} {an_item}", "let {thing} carry {an_item}", "add {an_item} in {his} hand",
        ),
        (
            "holding {an_item}", "with {an_item} in {his} hand", "{he} should hold {an_item}",
            "{thing} should hold {an_item}", "{kind} holding {an_item}", "{he} could carry {an_item}",
            "{item} to hold", "how about {an_item} to hold?",
        ),
    ),
    "remove_held": Asked(
        (
            "take away the {items}", "remove the {items}", "lose the {items}", "let {him} drop the {items}",
            "get rid of the {items}", "take the {items} from {thing}", "remove {his} {items}",
            "make {thing} let go of the {items}", "draw {thing} with empty hands",
        ),
        (
            "no {items}", "without the {items}", "no more {items}", "empty hands", "{he} shouldn't hold the {items}",
            "not holding the {items}", "{thing} without the {items}", "the {items} should go", "minus the {items}",
        ),
    ),
    "replace_held": Asked(
        (
            "swap the {items} for {an_item}", "replace the {items} with {an_item}", "change the {items} to {an_item}",
            "make the {items} {an_item}", "turn the {items} into {an_item}",
            "give {him} {an_item} instead of the {items}", "give {thing} {an_item} instead of the {items}",
            "let {thing} hold {an_item}, not the {items}",
        ),
        (
            "{an_item} instead", "{an_item} instead of the {items}", "not the {items}, {an_item}",
            "{item}, not the {items}", "{he} should hold {an_item} instead", "{thing} should hold {an_item} instead",
            "no {items}, {an_item}", "rather {an_item}",
        ),
    ),
    "recolour_held": Asked(
        (
            "make the {items} {colour}", "change the {items} to {colour}", "make {his} {items} {colour}",
            "turn the {items} {colour}", "paint the {items} {colour}", "change the colour of the {items} to {colour}",
            "make the {items} {thing} holds {colour}", "let {thing} hold {an_item}",
        ),
        (
            "{colour} {items}", "{colour} {items} instead", "the {items} in {colour}",
            "{his} {items} should be {colour}", "the {items} should be {colour}", "{items}: {colour}",
            "{thing} should hold {an_item}", "i want the {items} {colour}",
        ),
    ),
    "bigger": Asked(
        (
            "make {him} bigger", "make {thing} bigger", "make {thing} larger", "enlarge {thing}",
            "make {him} a bit larger", "let {thing} be bigger", "grow {thing}", "scale {him} up",
            "increase the size of {thing}",
        ),
        (
            "bigger", "bigger!", "larger", "a bit bigger", "bigger {kind}", "{he} should be bigger",
            "{thing} is too small", "{thing} should be bigger", "i want {him} bigger",
        ),
    ),
    "smaller": Asked(
        (
            "make {him} smaller", "make {thing} smaller", "shrink {thing}", "make {him} a bit smaller",
            "let {thing} be smaller", "shrink {him} a little", "scale {thing} down", "make {thing} littler",
            "reduce the size of {thing}",
        ),
        (
            "smaller", "smaller!", "a bit smaller", "smaller {kind}", "{he} should be smaller", "{thing} is too big",
            "{thing} should be smaller", "i want {him} smaller", "littler",
        ),
    ),
    "pose_jump": Asked(
        (
            "make {him} jump", "make {thing} jump", "have {thing} jump", "let {him} jump up", "let {thing} leap",
            "make {him} leap into the air", "draw {thing} jumping", "have {him} jumping up",
            "change {his} pose to jumping",
        ),
        (
            "jump", "jumping", "jump!", "jumping {kind}", "{he} should jump", "{thing} should jump", "up in the air",
            "{he} could leap", "hop",
        ),
    ),
    "pose_wave": Asked(
        (
            "make {him} wave", "make {thing} wave", "have {thing} wave", "let {him} wave hello",
            "let {thing} wave at us", "make {him} say hi", "draw {thing} waving", "have {him} wave at me",
            "change {his} pose to waving",
        ),
        (
            "wave", "waving", "wave!", "waving {kind}", "{he} should wave", "{thing} should wave", "say hi",
            "{he} could wave hello", "{he} should say hello",
        ),
    ),
    "pose_stand": Asked(
        (
            "make {him} stand still", "make {thing} stand", "have {thing} stand", "let {him} just stand",
            "let {thing} stand still", "put {him} back on the ground", "draw {thing} standing",
            "have {him} stand there", "change {his} pose to standing",
        ),
        (
            "stand still", "standing", "just standing", "standing {kind}", "{he} should stand",
            "{thing} should stand still", "not {old_pose}", "no {old_pose}", "stop {old_pose}",
        ),
    ),
    "pattern_add": Asked(
        (
            "make {him} {pattern}", "make {thing} {pattern}", "give {thing} {pattern_noun}",
            "give {him} {pattern_noun}", "add {pattern_noun} to {thing}", "put {pattern_noun} on {him}",
            "draw {thing} {pattern}", "let {thing} be {pattern}", "change {his} pattern to {pattern}",
        ),
        (
            "{pattern}", "{pattern} {kind}", "with {pattern_noun}", "{pattern_noun}", "{thing} should be {pattern}",
            "{he} needs {pattern_noun}", "{pattern} please", "i want {him} {pattern}", "{pattern_noun} on {thing}",
        ),
    ),
    "pattern_remove": Asked(
        (
            "make {him} plain", "make {thing} plain", "remove the {pattern_noun}",
            "take the {pattern_noun} off {thing}", "lose the {pattern_noun}", "get rid of the {pattern_noun}",
            "draw {thing} without {pattern_noun}", "take away {his} {pattern_noun}", "make {thing} one plain colour",
        ),
        (
            "no {pattern_noun}", "without {pattern_noun}", "plain", "no more {pattern_noun}", "plain {kind}",
            "{thing} should be plain", "not {pattern}", "just plain", "minus the {pattern_noun}",
        ),
    ),
    "sign_words": Asked(
        (
            'make {thing} say "{words}"', "make it say {words}", 'change the words to "{words}"',
            'write "{words}" on {thing}', "let {thing} say {words}", 'put "{words}" on {thing}',
            'change the text to "{words}"', "have it read {words}", "change what {thing} says to {words}",
        ),
        (
            '"{words}"', "it should say {words}", '{thing} should say "{words}"', '{thing}: "{words}"',
            "sign with {words}", "{words} on {thing}", "with the word {words}", '"{words}" instead',
        ),
    ),
}  # fmt: skip
