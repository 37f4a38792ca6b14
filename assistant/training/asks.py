"""Wishes to change a picture, as people type them, with the change. Wider in words than `captioner.world.edits`.

Starts from the world's own edits and their phrasings, and adds more phrasings, more names for everything, things left
unsaid ("give it a hat"), several changes in one message, and changes that cannot be painted. Knows no plans, no model.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace
from functools import cache

from assistant.training import lexicon as lx
from assistant.training.wishes import (
    DEFAULT_ITEM_COLOURS,
    PAINTER_NOTE,
    choose,
    default_colour,
    is_dev,
    is_held_out_pair,
    noun,
)
from captioner.errors import WorldError
from captioner.world import phrasings, words
from captioner.world.asking import fill, person_of
from captioner.world.captions import name_of
from captioner.world.changes import owner
from captioner.world.edits import EDITS, FOLLOWING, Edit, random_edit
from captioner.world.scene import FACED, FULL, MOODS, Relation, Scene, Thing, WorldSetting, is_held_out

CORES: dict[str, tuple[str, ...]] = {
    "mood_up": ("make {him} smile more", "have {him} be in a better mood", "brighten {his} face", "make {thing} feel better",
                "cheer {thing} up a little", "improve {his} mood", "make {him} a little more joyful", "make {his} expression happier", "make {thing} more joyful",
                "give {thing} a happier face", "make {his} smile bigger",
                "make {him} happier than that", "add a bit of happiness to {thing}", "put {him} in a better mood"),
    "mood_up_lots": ("make {thing} way more cheerful", "boost {his} mood a lot", "make {him} ten times happier", "make {thing} happier, like a lot"),
    "mood_down": ("make {him} a little sadder", "make {thing} less joyful", "make {his} expression sadder", "make {him} smile less",
                  "make {thing} more gloomy", "make {him} more sad", "give {thing} a sadder face", "bring {his} mood down", "make {him} feel worse",
                  "make {thing} look more unhappy"),
    "set_mood": ("make {him} look {mood}", "make {thing} {mood} instead", "could {he} be {mood}", "show {him} {mood}", "change {his} expression to {mood}",
                 "have {him} look really {mood}", "make {his} face {mood}", "give {him} a {mood} expression", "let {him} look {mood}", "make {him} seem {mood}"),
    "recolour": ("make {his} colour {colour}", "change {his} color to {colour}", "color {him} {colour}", "colour {him} in {colour}", "have {thing} in {colour}",
                 "change {him} from {old_colour} to {colour}", "switch {thing} to {colour}", "dye {him} {colour}", "paint {him} in {colour}",
                 "make {thing} {colour} instead of {old_colour}", "turn {him} {colour}", "swap the {old_colour} for {colour}", "recolour {thing} {colour}",
                 "make {thing} all {colour}", "change the color of {thing} to {colour}", "make {thing} a {colour} one"),
    "add_worn": ("put {an_item} on", "add {an_item} on {thing}", "make {him} wear {an_item}", "stick {an_item} on {him}", "have {him} in {an_item}", "give {thing} {an_item} to wear",
                 "let {thing} wear {an_item}", "get {him} {an_item}", "dress {him} up with {an_item}", "draw {an_item} on {him}",
                 "include {an_item} on {thing}", "throw on {an_item}", "slap {an_item} on {him}", "style {him} with {an_item}"),
    "remove_worn": ("take {his} {items} off", "take off {his} {items}", "get the {items} off {him}", "drop the {items}", "delete the {items}", "leave out the {items}",
                    "make {him} not wear the {items}", "show {him} without the {items}", "erase the {items}", "take the {items} away", "ditch the {items}",
                    "strip the {items}", "have {him} without {items}"),
    "recolour_worn": ("change {his} {items} to {colour}", "have the {items} be {colour}", "make the color of the {items} {colour}", "recolor the {items} to {colour}",
                      "switch the {items} to {colour}", "use {colour} for the {items}", "give {him} {colour} {items} instead",
                      "paint {his} {items} {colour}", "make the {items} {colour} instead"),
    "add_held": ("put {an_item} in {his} paw", "make {him} carry {an_item}", "have {him} holding {an_item}", "add {an_item} that {he} is holding", "let {thing} hold on to {an_item}",
                 "give {him} {an_item} to carry", "add {an_item} for {him} to hold", "have {him} carry {an_item}", "get {him} to hold {an_item}", "give {thing} {an_item}",
                 "add {an_item}", "put {an_item} in {his} hands"),
    "remove_held": ("take {his} {items} away", "take the {items} away", "drop the {items}", "have {him} put down the {items}", "delete the {items}", "erase the {items}",
                    "leave out the {items}", "show {thing} without the {items}", "take the {items} out of {his} hand", "ditch the {items}"),
    "replace_held": ("swap {his} {items} for {an_item}", "exchange the {items} for {an_item}", "have {him} hold {an_item} instead of the {items}", "switch the {items} to {an_item}"),
    "recolour_held": ("change {his} {items} to {colour}", "have the {items} be {colour}", "recolor the {items} to {colour}", "switch the {items} to {colour}",
                      "swap the {items} for {a_colour_one}", "make the {items} {colour} instead", "have {his} {items} in {colour}"),
    "replace_subject": ("swap {him} for {a_kind}", "make it {a_kind} instead", "replace {him} with {a_kind}", "switch {thing} to {a_kind}", "transform {thing} into {a_kind}",
                        "make {thing} into {a_kind}", "change {thing} into {a_kind}", "have {a_kind} instead of {thing}", "use {a_kind} instead of {thing}",
                        "exchange {thing} for {a_kind}", "show {a_kind} instead", "convert {him} into {a_kind}", "replace the {kind} by {a_kind}", "put {a_kind} there instead"),
    "add_thing": ("add {a_new} beside {him}", "put {a_new} beside {him}", "add {a_new} to the picture", "give {him} a friend, {a_new}", "draw {a_new} next to {thing}",
                  "have {a_new} stand next to {him}", "let {a_new} join {him}", "include {a_new} as well", "add {a_new} as company", "put {a_new} there too", "add {a_new} as a friend",
                  "bring in {a_new}", "add {a_new} to the {side} of {him}", "place {a_new} on the {side}", "also draw {a_new}", "let there be {a_new} as well", "throw in {a_new}"),
    "remove_thing": ("take {thing} away", "make {thing} disappear", "cut {thing}", "kick out {thing}", "drop {thing}", "show it without {thing}", "remove {thing} from the picture"),
    "move": ("move {thing} over to the {side}", "have {him} on the {side}", "place {him} on the {side}", "put {him} more to the {side}", "position {thing} on the {side}",
             "bring {him} to the {side}", "make {him} stand on the {side}", "push {him} to the {side}", "relocate {thing} to the {side}", "put {him} at the {side}"),
    "bigger": ("make {him} larger", "make {him} huge", "make {thing} much bigger", "make {him} big", "have {him} be bigger", "blow {him} up a bit", "increase {his} size", "make {thing} bigger in size",
               "make {him} grow", "make {thing} giant", "size {him} up"),
    "smaller": ("make {him} tiny", "make {him} small", "make {thing} tiny", "make {thing} a little smaller", "have {him} be smaller", "reduce {his} size", "shrink {him} down", "make {him} little",
                "size {him} down", "make {thing} less big"),
    "count_up": ("add a second {kind}", "put another {kind} in", "add one {kind}", "have one more {kind}", "add another one"),
    "count_down": ("remove a {kind}", "have one fewer {kind}", "take one away", "get rid of one {kind}"),
    "count_set": ("make {number} of {him}", "let there be {number}", "have {number} of them", "i want to see {number} {kinds}", "change it to {number} {kinds}", "put {number} {kinds} in the picture",
                  "give me {number} {kinds} instead", "show {number} of them"),
    "just_one": ("just show one {kind}", "leave only one", "make it only one", "go back to one {kind}", "reduce it to one {kind}"),
    "place": ("move {him} {in_place}", "have {him} {in_place}", "set it {in_place}", "place {him} {in_place}", "show {him} {in_place}", "change the scene to {a_place}", "change the setting to {a_place}",
              "change the location to {a_place}", "make the background {a_place}", "use {a_place} as the background", "have it take place {in_place}", "let {him} be {in_place}",
              "replace the background with {a_place}", "send {him} to {a_place}", "take {him} to {a_place}", "bring {thing} to {a_place}", "relocate {him} to {a_place}",
              "swap the background for {a_place}", "put {a_place} behind {him}", "make {him} stand {in_place}", "have the scene {in_place}", "put it {in_place}"),
    "time": ("make it be {time}", "set it {at_time}", "show it {at_time}", "have it {at_time}", "make it {time} time", "change the lighting to {time}", "make the scene {at_time}",
             "make it look like {time}", "let it be {at_time}", "set the time to {time}", "make the sky look like {time}", "put it {at_time}", "have it happen {at_time}", "give it {time} light"),
    "weather": ("make it {weather}", "let it {weather}", "make it {weather} outside", "have it {weathery}", "add {weather} to the sky", "have {weather} falling", "put in some {weather}",
                "show it {in_weather}", "make it be {weathery}", "let there be {weather}", "set it {in_weather}", "give us {weather}", "make {weather} fall", "bring on the {weather}"),
    "weather_clear": ("make it stop the {weather}", "have clear weather", "make the weather nice", "make the weather better", "have no more {weather}", "turn off the {weather}", "clear up the weather",
                      "let the {weather} stop", "have a clear sky", "take the {weather} out"),
    "style": ("make it look like {a_style}", "change it to {style}", "switch to {style}", "use {style} style", "redo it in {style}", "do it as {a_style}", "change the style into {style}",
              "render it in {style}", "make this {a_style}", "make the whole thing {style}", "have it as {a_style}", "paint it in {style}", "convert it to {style}", "redo this as {a_style}",
              "give it a {style} look", "draw it in {style}", "restyle it as {a_style}", "try {style} style", "draw this like {a_style}"),
    "closer": ("bring {him} closer", "show {thing} close up", "make it a close-up", "zoom in a bit", "zoom in more", "come closer", "get a closer look at {thing}",
               "zoom closer", "crop in closer", "do a close-up of {thing}", "show it from nearer"),
    "wider": ("zoom out a bit", "zoom out more", "show more of the background", "show more of the scene", "make it a wide shot", "go further away", "back up a little", "show {thing} from a distance",
              "get more of the surroundings in", "make {thing} further away", "show it from a distance", "widen the view"),
    "add_extra": ("add {an_extra} to the scene", "put {an_extra} in the background", "add {an_extra} to the picture", "have {an_extra} in the picture", "include {an_extra} too", "give it {an_extra}",
                  "draw {an_extra} in the background", "also add {an_extra}", "show {an_extra} too", "throw in {an_extra}", "place {an_extra} behind {him}"),
    "remove_extra": ("make the {extra} go away", "drop the {extra}", "cut the {extra}", "make the {extra} disappear", "hide the {extra}"),
    "pose_jump": ("have {him} jump", "have {him} leap", "make {him} hop", "make {him} bounce", "get {him} to jump", "show {him} jumping", "make {thing} leap into the air", "let {him} dance", "make {him} jump up and down",
                  "make {him} dance"),
    "pose_wave": ("have {him} wave", "have {him} wave hello", "make {thing} wave at us", "get {him} to wave", "show {him} waving", "make {him} wave at the viewer", "make {him} greet us", "let {him} say hello",
                  "make {him} raise a hand"),
    "pose_stand": ("make {him} stop", "have {him} stand still", "make {him} just stand", "show {him} standing", "make {him} calm down and stand", "have {him} stop {old_pose}", "let {him} rest"),
    "more": ("go a bit further", "do more of that", "do it again", "make it even more so", "increase it", "take it up a notch", "crank it up"),
    "less": ("tone it down a bit", "reduce that", "do a bit less", "make it less so", "soften it", "scale it down a notch"),
}  # fmt: skip
TERSE: dict[str, tuple[str, ...]] = {
    "mood_up": ("happier please", "more happy", "more cheerful", "needs to be happier", "i want {him} happier",
                "{thing} could be a little happier", "more joy", "a bit more joyful", "make happier", "happy it up",
                "{he} should smile more", "smile more", "bigger smile", "can {he} be happier?", "could {thing} look happier?"),
    "mood_up_lots": ("way more happy",),
    "mood_down": ("more sad", "less cheerful", "less joy", "needs to be sadder", "can {he} be sadder?", "could {thing} look sadder?", "i want {him} sadder", "sadder please"),
    "set_mood": ("{he} should look {mood}", "can {he} be {mood}?", "could {thing} be {mood}?", "i want {thing} to look {mood}", "{thing} is {mood} now", "{he} is {mood} now", "{mood} please", "a {mood} {kind}",
                 "a {mood} face", "now {he} is {mood}", "{he} feels {mood}", "{mood} face please"),
    "recolour": ("can {he} be {colour}?", "could {thing} be {colour}?", "how about {colour}?", "{colour} would be better", "i'd prefer {colour}", "i prefer {him} in {colour}", "more {colour}", "different colour: {colour}",
                 "a {colour} {kind} instead", "{thing} but {colour}", "same but {colour}", "same {kind} but {colour}", "try {colour}", "try it in {colour}", "how would {he} look in {colour}?",
                 "the same in {colour}", "it needs to be {colour}", "make {colour}", "{he} should be {colour}, not {old_colour}", "i meant {colour}", "i said {colour}"),
    "add_worn": ("{an_item} please", "can {he} wear {an_item}?", "could {thing} have {an_item}?", "what about {an_item}?", "{an_item} would be nice", "{an_item} would look good on {him}", "{he} could use {an_item}",
                 "wearing {an_item}", "in {an_item}", "now with {an_item}", "same but with {an_item}", "i want {him} to have {an_item}", "maybe {an_item}", "with {an_item} on",
                 "{he} deserves {an_item}", "i think {he} needs {an_item}"),
    "remove_worn": ("no {items} please", "{thing} doesn't need {items}", "i don't want the {items}", "without {items}", "hate the {items}", "can we lose the {items}?", "the {items} has to go", "{items} gone", "the {items} looks silly, remove {those}",
                    "not wearing the {items}", "same but no {items}", "{he} doesn't need the {items}", "less {items}"),
    "recolour_worn": ("can the {items} be {colour}?", "{colour} {items} please", "what about {colour} {items}?", "how about {colour} {items}?", "the {items} would be better in {colour}", "i'd like the {items} to be {colour}",
                      "i prefer {colour} {items}", "but with {colour} {items}", "same but {colour} {items}", "{items} in {colour} please", "the {items} needs to be {colour}"),
    "add_held": ("{an_item} in {his} hand", "can {he} hold {an_item}?", "{he} needs {an_item}", "carrying {an_item}", "with {an_item}", "now with {an_item}", "could {thing} carry {an_item}?", "what about {an_item} in {his} hand?",
                 "plus {an_item} in {his} hand", "{an_item} please"),
    "remove_held": ("no {items} please", "without {items}", "{he} doesn't need the {items}", "i don't want the {items}", "{items} gone", "can we lose the {items}?", "same but no {items}"),
    "replace_held": ("can {he} hold {an_item} instead?", "{an_item} rather than the {items}"),
    "recolour_held": ("can the {items} be {colour}?", "{colour} {items} please", "how about {colour} {items}?", "i'd like the {items} to be {colour}", "i prefer {colour_items}", "same but with {colour_items}"),
    "replace_subject": ("can it be {a_kind}?", "could it be {a_kind} instead?", "i wanted {a_kind}, not a {kind}", "i meant {a_kind}", "{a_kind} would be better", "same but {a_kind}", "same picture but with {a_kind}", "same scene with {a_kind}",
                        "{a_kind} rather than {thing}", "make {a_kind} out of {him}", "what about {a_kind} instead?", "how about {a_kind} instead", "no, {a_kind} instead"),
    "add_thing": ("{thing} and {a_new}", "can {a_new} join {him}?", "what about {a_new} next to {him}?", "{thing} looks lonely, add {a_new}", "{he} needs a friend, {a_new}", "{a_new} beside {him}", "together with {a_new}",
                  "{a_new} as well", "there should be {a_new} too", "i also want {a_new}", "where is {a_new}? add one", "with {a_new} next to {him}", "now with {a_new}"),
    "remove_thing": ("{thing} has to go", "can we lose {thing}?", "{thing} isn't needed", "just without {thing}", "i didn't ask for {thing}"),
    "move": ("more to the {side}", "can {he} be on the {side}?", "{thing} more to the {side}", "on the {side} please", "i want {him} on the {side}", "a bit more to the {side}"),
    "bigger": ("bigger please", "{he} is too small", "can {he} be bigger?", "too small", "way bigger", "huge", "a larger {kind}", "{he} looks too small", "i want a bigger {kind}"),
    "smaller": ("smaller please", "{he} is too big", "can {he} be smaller?", "too big", "way smaller", "tiny", "a tiny {kind}", "{he} looks too big", "i want a smaller {kind}"),
    "count_up": ("another one of those", "one more please", "plus one more {kind}", "can there be one more?"),
    "count_down": ("one less please", "too many, one less", "minus one {kind}"),
    "count_set": ("can there be {number} of them?", "{number} please", "i'd like {number}", "i wanted {number} {kinds}", "i want {number} of them", "could we have {number} {kinds}?", "better {number}"),
    "just_one": ("one please", "just one please", "i only want one", "i only wanted one {kind}", "one is enough please"),
    "place": ("{in_place} please", "can {he} be {in_place}?", "could it be {in_place}?", "how about {in_place}?", "what about {in_place}?", "now {in_place}", "i want {him} {in_place}", "same but {in_place}", "background: {a_place}",
              "a different background, {a_place}", "the background should be {a_place}", "maybe {in_place}", "same {kind} {in_place}", "this but {in_place}", "how would it look {in_place}?", "{thing} goes to {a_place}", "{a_place} instead",
              "with {a_place} in the background", "what if {he} was {in_place}?"),
    "time": ("{at_time}", "{at_time} please", "can it be {time}?", "how about {at_time}?", "what about {at_time}?", "now {at_time}", "same but {at_time}", "i'd like it {at_time}", "same scene {at_time}", "{time} please", "should be {at_time}",
             "what if it was {time}?", "maybe {at_time}", "this {at_time}"),
    "weather": ("can it be {weathery}?", "{in_weather}", "{in_weather} please", "now {in_weather}", "same but {in_weather}", "how about some {weather}?", "it needs {weather}", "i want {weather}", "maybe some {weather}", "{weather} please",
                "a bit of {weather}", "lots of {weather}"),
    "weather_clear": ("no {weather} please", "stop {weather}", "less {weather}", "nice weather please", "better weather", "too {weathery}", "i don't want {weather}", "can it stop the {weather}?"),
    "style": ("{style} please", "can it be {a_style}?", "could it be in {style}?", "how about {style}?", "how about {a_style}?", "now as {a_style}", "now in {style}", "same but as {a_style}", "same in {style}", "i'd like it in {style}",
              "i want it as {a_style}", "try {style}", "more {style}", "{style} version", "a {style} version please", "{style} look", "maybe {style}", "different style: {style}"),
    "closer": ("closer please", "can we get closer?", "nearer", "zoom", "zoom in please", "close up please", "a bit nearer", "too far", "up close", "i want to see {him} up close", "i can't see {him} well, zoom in"),
    "wider": ("zoom out please", "can we see more of the scene?", "from farther away", "too close", "wide angle", "more background", "more distance", "i want to see more around {him}", "farther away"),
    "add_extra": ("{an_extra} please", "can there be {an_extra}?", "maybe {an_extra}", "what about {an_extra}?", "with {an_extra} in the background", "there should be {an_extra}", "i'd like {an_extra} too", "now with {an_extra}",
                  "also {an_extra}", "i want {an_extra} in it"),
    "remove_extra": ("no {extra} please", "hate the {extra}", "the {extra} has to go", "can we lose the {extra}?", "i don't like the {extra}", "{extra} gone"),
    "pose_jump": ("can {he} jump?", "jump please", "{thing} jumps", "jumping please", "{he} should be jumping", "could {thing} be jumping?", "i want {him} jumping", "hopping", "dancing", "leaping"),
    "pose_wave": ("can {he} wave?", "wave please", "{thing} waves", "waving please", "{he} should be waving", "could {thing} wave at us?", "i want {him} to wave", "waving at us", "say hello"),
    "pose_stand": ("standing still please", "stop {old_pose} please", "no more {old_pose}", "can {he} stand still?", "{he} shouldn't be {old_pose}"),
    "more": ("more please", "even more please", "a little more", "still not enough", "more than that", "and again", "a lot more", "go on", "keep going!", "once again", "more more more"),
    "less": ("less please", "a bit too much", "that was too much", "a little less", "not that much", "way too much", "slightly less please"),
}  # fmt: skip
MACROS = {
    "IT": "({thing}|{him})", "ITS": "({whose}|{his})", "HE": "({thing}|{he})", "BIT": "(a bit |a little |slightly |a tad |a touch |)",
    "LOTS": "(much|way|so much|a lot|far)", "HAPPIER": "(happier|more cheerful|cheerier|more joyful|merrier|jollier)",
    "SADDER": "(sadder|gloomier|glummer|more unhappy|more sad|less happy|less cheerful)",
    "WANT": "(i want|i'd like|i would like|i'd love|i need|i wanted|we want)", "SHOULD": "(should|ought to|needs to|has to|must|could)",
}  # fmt: skip
"""What a word in capitals stands for in a template. "(a|b)" is one or the other; `spread` writes them all out."""
FRAMES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "be": (
        ("make IT X", "make IT X instead", "let IT be X", "have IT be X", "get IT to be X"),
        ("HE SHOULD be X", "(can|could|may|might) HE be X?", "(can|could) you have IT X?", "WANT IT to be X", "i'd (rather|sooner) have IT X", "i'd prefer IT (to be |)X", "what if HE (was|were) X?",
         "what about (making IT |)X?", "how about (making IT |)X?", "i think HE should be X", "HE would (be (better|nicer|cuter)|look (better|nicer|cuter)) X", "it'd be (nicer|better|nice) if HE was X",
         "i wish HE (was|were) X", "would HE look (good|nice) X?", "why isn't HE X?", "wasn't HE supposed to be X?", "i'd love to see IT X", "shouldn't HE be X?",
         "X would be (better|nicer|great)", "(try|go for|go with) X", "let's (try|go for|go with|have IT) X", "{kind}: X", "{kind}, but X"),
    ),
    "adj": (
        (),
        ("a X {kind}(| please| instead| would be nice)", "(show|give) me a X {kind}(| instead)", "WANT a X {kind}(| instead)", "i'd (rather|prefer to) have a X {kind}", "how about a X {kind}?", "X {kind}(| please)", "let's have a X {kind}", "the {kind} but X"),
    ),
    "do": (
        ("make IT X", "have IT X", "let IT X", "get IT to X"),
        ("HE SHOULD X", "(can|could|would|might) HE X?", "WANT IT to X", "i'd (rather|prefer to) have IT X", "what if you made IT X?", "how about having IT X?", "it'd be (nice|fun|cool|cute) to have IT X", "i wish HE would X",
         "i'd love to see IT X", "why doesn't HE X?", "i think HE should X", "tell IT to X", "shouldn't HE X?", "ask IT to X", "X, little {kind}", "maybe HE could X"),
    ),
    "get": (
        ("add X", "put in X", "include X", "draw X too", "add X as well", "also add X", "give me X", "bring in X", "throw in X", "stick in X", "paint X too", "slip in X"),
        ("WANT X(| too| as well| there)", "how about (adding |)X?", "what about (adding |)X?", "(can|could|may) (we|i) have X(| too| as well)?", "(can|could) there be X(| too| as well)?", "there (should|could|ought to) be X(| as well| too)",
         "X would be (nice|great|lovely|cute|fun|cool)", "it (needs|wants|is missing|could use|could do with) X", "i'd love to see X(| there| too)", "we (still |)need X", "maybe X(| too)", "what if there was X?", "+ X", "plus X", "& X",
         "let's (have|add|try) X", "and X (too|as well)", "with X(| please| this time| as well| too)", "now with X", "same but with X", "the same with X", "(i think |)X would fit", "don't forget X"),
    ),
    "lose": (
        ("remove X", "lose X", "drop X", "get rid of X", "take X away", "take away X", "delete X", "erase X", "ditch X", "scrap X", "bin X", "cut X", "leave out X", "leave X out", "make X (disappear|vanish|go away)", "rub out X", "hide X", "do without X",
         "do away with X", "paint over X", "kill X", "dump X", "omit X", "exclude X", "cut out X"),
        ("without X(| please)", "(i|we) (don't|do not|dont) (want|need|like) X(| anymore| any more)", "X (can|should|must|needs to|has to|ought to|may) go(| away)", "(can|could) X go?", "i'd (rather not have|prefer it without|like it without|like it better without) X",
         "X (isn't|is not) needed", "no need for X", "it's (better|nicer|cuter) without X", "same but (without|minus) X", "the same without X", "skip X", "i (hate|dislike) X", "X is (ugly|distracting|silly|wrong|annoying|in the way)", "what if you (left out|removed) X?",
         "WANT X (gone|removed|out)", "(why is|what's with) X there? remove {those}", "i never asked for X", "i didn't (want|ask for) X", "away with X", "how about (removing|losing|without) X?", "- X", "X away"),
    ),
    "swap": (
        ("swap OLD (for|with) X", "replace OLD (with|by) X", "change OLD (to|into|for) X", "switch OLD (to|for|with) X", "trade OLD for X", "exchange OLD (for|with) X", "turn OLD into X", "use X (instead|in place) of OLD", "substitute X for OLD",
         "put X (instead|in place) of OLD", "draw X (instead|in place) of OLD", "make OLD X instead"),
        ("X (instead|in place) of OLD", "X rather than OLD", "not OLD but X", "i'd (rather|sooner) have X than OLD", "i'd prefer X to OLD", "(can|could) (we|i|you) have X instead of OLD?", "how about X instead of OLD?", "WANT X (instead of|not) OLD",
         "X, not OLD", "what if OLD (was|were) X?", "(can|could) OLD be X(| instead)?", "OLD should be X(| instead)", "forget OLD, X (instead|please)", "instead of OLD, X", "why not X instead of OLD?", "OLD out, X in"),
    ),
    "scene": (
        ("set (it|this|the scene) X", "put (it|this|everything) X", "make it X", "have (it|this) X", "show (it|this) X", "make (it|this) (happen|take place) X", "have (it|this) (happen|take place) X", "paint (it|this) X", "draw (it|this) X", "do (it|this) X"),
        ("X(| please| instead| now)", "same but X", "(the |)same (scene|picture|thing|image|one|pic)(,|, but|, just|) X", "what if (it|this) (was|were|is) X?", "how about X?", "what about X?", "WANT (it|this) (to be |)X", "(can|could) (it|this) be X?", "(can|could) (we|you) (do|have) (it|this) X?",
         "i'd (rather|sooner) have it X", "i'd prefer (it |this |)X", "what would (it|this) look like X?", "how would (it|this) look X?", "imagine (it|this) X", "picture this X", "let's (see|have|do|try) (it|this) X", "i'd love to see (it|this) X",
         "(it|this|the scene|the picture) should be X", "i imagined (it|this) X", "but X", "only X", "and X", "i think X would be (better|nicer)", "maybe X", "(it|this) would be (nicer|better|cooler|cuter) X", "everything the same but X", "wasn't this meant to be X?"),
    ),
}  # fmt: skip
"""Clauses, then requests that stand alone, round what is asked for (X): a property, a deed, a new or an unwanted thing, an exchange,
a time or place."""
USES: dict[str, tuple[tuple[str, str], ...]] = {
    "mood_up": (("be", "BITHAPPIER"), ("do", "(smile (a bit |a little |)more|cheer up|look BITHAPPIER|seem BITHAPPIER|feel BIT(happier|better))"), ("adj", "HAPPIER")),
    "mood_up_lots": (("be", "LOTS (happier|more cheerful|merrier|cheerier|more joyful)"), ("do", "(smile|cheer up) (a lot|loads|way|much) more|(look|seem|feel) LOTS (happier|more cheerful)")),
    "mood_down": (("be", "BITSADDER"), ("do", "(smile (a bit |a little |)less|look BITSADDER|seem BITSADDER|feel BIT(sadder|worse|less happy))"),),
    "set_mood": (("be", "{mood}"), ("do", "(look|seem|feel|be|act) {mood}"), ("adj", "{mood}")),
    "recolour": (("be", "{colour}"), ("adj", "{colour}"), ("be", "(all|completely|entirely|fully) {colour}"), ("be", "{colour} (instead of|not|rather than) {old_colour}")),
    "add_worn": (("get", "{an_item} (on IT|for IT)"), ("do", "(wear|have|put on|sport|get) {an_item}"), ("get", "{an_item}")),
    "remove_worn": (("lose", "(the {items}|ITS {items})"), ("do", "(take off|lose|take off|not wear) {his} {items}")),
    "recolour_worn": (("items", "(the {items}|ITS {items})"),),
    "add_held": (("do", "(hold|carry|hold up|have|hold on to) {an_item}"), ("get", "{an_item} (in {his} hand|for IT to hold|for IT)"), ("get", "{an_item}")),
    "remove_held": (("lose", "(the {items}|ITS {items})"), ("do", "(drop|put down|let go of|put away|lose|give away) {his} {items}")),
    "replace_held": (("swap", "(the {items}|ITS {items})=>{an_item}"), ("do", "(hold|carry|have) {an_item} instead( of the {items}|)")),
    "recolour_held": (("items", "(the {items}|ITS {items})"),),
    "replace_subject": (("swap", "({thing}|the {kind}|{him})=>{a_kind}"),),
    "add_thing": (("get", "{a_new} (next to|beside|near|by|alongside|close to) IT"), ("get", "{a_new} on the {side}"), ("get", "{a_new} to the {side} of IT"), ("do", "(have|get) {a_new} (for company|as a friend|beside {him})")),
    "remove_thing": (("lose", "{thing}"),),
    "move": (("be", "(on|at) the {side}"), ("be", "(more|further) to the {side}"), ("do", "(stand|be placed) on the {side}|(go|come|move over|move|shift) to the {side}")),
    "bigger": (("be", "(BITbigger|BITlarger|huge|massive|much bigger|large|way bigger|big)"), ("do", "(grow|look bigger|take up more (room|space)|be taller|grow a bit)")),
    "smaller": (("be", "(BITsmaller|tiny|little|much smaller|small|way smaller|teeny|wee|less big)"), ("do", "(shrink|look smaller|take up less (room|space)|shrink a bit)")),
    "count_up": (("get", "(one more {kind}|another {kind}|an extra {kind}|a second {kind} just like IT|one more of those|one more like {him})"),),
    "count_down": (("want", "one (fewer {kind}|{kind} less)"),),
    "count_set": (("want", "{number} {kinds}"), ("want", "{number} of (them|those|these)"), ("want", "(exactly|a total of) {number} {kinds}")),
    "just_one": (("want", "(just|only) one {kind}"), ("want", "(a single|only a single|one single) {kind}"), ("want", "just the one")),
    "place": (("scene", "{in_place}"), ("be", "{in_place}"), ("do", "(be|stand|hang out|live|relax|play) {in_place}")),
    "time": (("scene", "{at_time}"), ("scene", "{at_time}")),
    "weather": (("scene", "{in_weather}"), ("get", "(some {weather}|{weather}|a bit of {weather}|lots of {weather})"), ("sky", "{weathery}")),
    "weather_clear": (("lose", "(the {weather}|all the {weather}|all that {weather})"), ("scene", "(without (the |any |){weather}|in clear weather|in dry weather|in better weather)")),
    "style": (("style", "{a_style}"),),
    "add_extra": (("get", "{an_extra}"), ("get", "{an_extra} (in the background|behind IT|somewhere)")),
    "remove_extra": (("lose", "(the {extra}|the {extra} in the background)"),),
    "pose_jump": (("do", "(jump|leap|hop|bounce|jump up|jump in the air|leap up|hop around|bounce around|dance|jump up and down|leap into the air|jump high)"), ("be", "(jumping|hopping|leaping|in mid air|dancing|mid jump|bouncing|up in the air|jumping in the air)")),
    "pose_wave": (("do", "(wave|wave hello|wave at (me|us|the viewer|the camera)|say (hi|hello|goodbye|bye)|wave {his} hand|greet (me|us)|raise {his} hand|wave goodbye)"), ("be", "(waving|waving hello|waving at (me|us)|waving at the camera|waving {his} hand)")),
    "pose_stand": (("do", "(stand|stand still|just stand|just stand there|stop {old_pose}|stand up straight|keep still|stay still|stay put)"), ("be", "(standing|standing still|just standing|not {old_pose})")),
}  # fmt: skip
"""Which frames a kind of edit goes into, and with what."""
FRAMES |= {
    "items": (
        ("make X {colour}", "change X (to|into) {colour}", "turn X {colour}", "paint X {colour}", "color X {colour}", "colour X {colour}", "recolor X (to |){colour}", "recolour X (to |in |){colour}", "dye X {colour}", "have X (in |be |){colour}", "let X be {colour}",
         "switch X to {colour}", "swap X for {a_colour_one}", "replace X with {a_colour_one}", "change the (color|colour) of X to {colour}", "make the (color|colour) of X {colour}", "set X to {colour}", "exchange X for {a_colour_one}", "give IT {colour_items} instead",
         "make X {colour} instead"),
        ("X SHOULD be {colour}", "(can|could) X be {colour}(| instead)?", "WANT X (to be |in |){colour}", "i'd (rather|prefer to|sooner) have X in {colour}", "i'd prefer X (in |to be |){colour}", "what if X was {colour}?", "what about {colour} for X?", "how about {colour} for X?",
         "how about {colour_items}(| instead)?", "{colour_items} would be (nicer|better|great)", "i'd (like|love|prefer) {colour_items}(| instead)", "{colour_items}(| please| instead)", "X would (look|be) (better|nicer|cuter) (in |){colour}", "i think X should be {colour}", "X in {colour}(| please| instead)",
         "i wish X was {colour}", "why isn't X {colour}?", "X (but |)in {colour}", "X: {colour}", "X -> {colour}", "same but with {colour_items}", "with {colour_items} instead", "X isn't right, make {those} {colour}", "isn't X supposed to be {colour}?",
         "{colour} for X(| please)", "try {colour_items}", "try X in {colour}", "i don't like the colour of X, make {those} {colour}", "i meant {colour_items}"),
    ),
    "want": (
        ("make it X", "draw X", "show X", "have X", "paint X", "let there be X", "change it to X", "give me X", "put X in", "keep X", "make that X"),
        ("X(| please| instead| now)", "WANT X", "there should be X", "i'd (rather|sooner) have X", "(can|could) (we|i) have X?", "(can|could) there be X?", "how about X?", "what about X?", "what if there were X?", "i (asked|was hoping) for X", "X would be (better|nicer|enough|great)", "let's have X", "i meant X", "i said X",
         "better X", "same but X", "same but with X", "it should be X", "maybe X", "X in the picture(| please)", "i'd love to see X", "i'd prefer X"),
    ),
    "sky": (
        ("make it X", "make (the weather|the sky|it all) X", "have it X (outside|out there|there)", "let it be X", "turn (it|the weather) X", "make the day X"),
        ("it SHOULD be X", "WANT it (to be |)X", "(can|could) it be X?", "what if it (was|were) X?", "how about X weather?", "i'd (rather|sooner) have it X", "i'd prefer (it |)X(| weather)", "X weather (please|instead|would be nice)", "X day", "on a X day", "i wish it was X", "the weather should be X", "a X (sky|day) please",
         "could the weather be X?", "same but X"),
    ),
    "style": (
        ("make (it|this) X", "draw (it|this) as X", "paint (it|this) as X", "render (it|this) as X", "redo (it|this) as X", "do (it|this) as X", "turn (it|this|the picture|the whole thing) into X", "change (it|this) (to|into) X", "convert (it|this) (to|into) X", "show (it|this) as X", "have (it|this) as X",
         "make (it|this|the picture) look like X", "transform (it|this) into X", "remake (it|this) as X", "repaint (it|this) as X", "redraw (it|this) as X", "do it in {style}", "(switch|change) (over |)to {style}", "use {style}(| for this| instead| this time)", "draw it in {style}(| style)",
         "change the (style|look|medium|art style) to {style}", "make the (style|look|art style) {style}", "give (it|this) a {style} (look|feel|style|touch)", "try (it in |){style}", "put it in {style} style"),
        ("as X(| please| instead| now)", "X(| please| instead| version)", "(can|could) (it|this) be X?", "(can|could) (you|i|we) (do|have|get|see) (it|this) as X?", "WANT (it|this) as X", "WANT (it|this) in {style}", "i'd (rather|prefer to) have it as X", "i'd prefer X", "what if (it|this) (was|were) X?", "how about X?",
         "what about {style}(| style)?", "what would it look like as X?", "how would this look in {style}?", "(the |)same (but|picture|thing|scene) as X", "same but in {style}(| style)", "same(,| but) {style}", "in {style}(| please| instead| style| this time)", "in the style of X", "{style} style (please|instead)", "like X",
         "it should (be|look like) X", "{style} version(| please)", "i like {style} better", "i'd prefer {style}", "let's (try|see|have|do) (it as X|{style}|it in {style})", "not this style, {style}", "style: {style}", "style -> {style}", "could this look like X?", "now in {style}", "now as X", "imagine it as X",
         "i'd love to see this as X", "more like X", "maybe X", "maybe {style}(| style)"),
    ),
}  # fmt: skip
CLAUSES: dict[str, tuple[str, ...]] = {
    "mood_up": ("make IT (look |feel |seem )BITHAPPIER", "(cheer|perk) IT up(| a bit| a little| some)", "cheer up {thing}(| a bit| a little)", "(lift|raise|improve|boost) ITS (mood|spirits)(| a bit| a little)", "give IT a (bigger|wider|brighter|happier) smile",
                "give IT a (happier|more cheerful|cheerier) (face|expression|look)", "put IT in a (better|happier|brighter|cheerier) mood", "(turn|crank|dial|bump) up ITS (smile|happiness|mood)(| a notch| a bit)", "make ITS (face|expression|mood) BIT(happier|more cheerful)", "change ITS (face|expression) to a happier one",
                "add (a bit|a little|some) more (joy|happiness|cheer) to (IT|ITS face)", "make IT one step happier", "nudge ITS mood up(| a bit)", "get IT (smiling more|to cheer up|into a better mood)", "up the (happiness|smile)(| a bit)", "help IT cheer up", "show IT BITHAPPIER", "put a bigger smile on ITS face", "improve ITS mood(| a bit)"),
    "mood_up_lots": ("make IT (look |feel |seem )LOTS (happier|more cheerful|cheerier)", "cheer IT up (a lot|loads|big time|properly|a whole lot|like crazy)", "(really|seriously|totally) cheer IT up", "(lift|raise|boost|improve) ITS mood (a lot|by a lot|massively|big time|a whole lot)", "give IT a (much|way|far) bigger smile",
                     "put IT in a (much|way|far) better mood", "make IT two (steps|notches|levels) happier", "turn ITS happiness way up", "add a lot (of|more) (joy|happiness) to IT", "make IT (a whole lot|a great deal|considerably|significantly) (happier|more cheerful)"),
    "mood_down": ("make IT (look |feel |seem )BITSADDER", "(lower|bring down|dampen|worsen) ITS mood(| a bit| a little)", "bring ITS mood down(| a bit| a notch)", "give IT a (sadder|gloomier|less happy|less cheerful) (face|expression|look)", "put IT in a (worse|sadder|gloomier) mood", "make ITS (face|expression|mood) BITSADDER",
                  "(turn|dial) down ITS (happiness|mood)(| a notch| a bit)", "change ITS (face|expression) to a sadder one", "make IT one step sadder", "add (a bit|a little|some) (of |)sadness to (IT|ITS face)", "show IT BITSADDER", "take (a bit|a little|some) of ITS (joy|happiness|cheer) away"),
    "set_mood": ("change ITS (mood|expression|face) to {mood}", "make IT (look|seem|feel|appear) (really |){mood}", "have IT (look|looking|be|being) {mood}", "give IT a {mood} (face|expression|look)", "draw IT (looking |being |){mood}", "show IT (looking |){mood}", "paint IT (looking |){mood}", "set ITS (mood|expression) to {mood}",
                 "turn IT {mood}", "switch ITS (mood|expression) to {mood}", "put a {mood} (look|expression) on ITS face", "make ITS (face|expression) (look |){mood}", "get IT looking {mood}"),
    "recolour": ("(paint|color|colour|dye|tint|turn|spray) IT {colour}", "(recolor|recolour) IT (to |in |as |){colour}", "change IT (to|into) {colour}", "change ITS (colour|color|colouring) (to|from {old_colour} to|into) {colour}", "(switch|swap|set) ITS (colour|color) to {colour}", "switch IT (to|over to) {colour}", "make ITS (colour|color) {colour}",
                 "draw IT in {colour}", "paint IT in {colour}", "do IT in {colour}", "give IT (a {colour} (colour|color|look|paint job)|{colour} colours)", "make IT {colour} (instead of|not|rather than) {old_colour}", "replace the {old_colour} with {colour}", "have IT {colour}", "show IT in {colour}", "use {colour} (for IT|for {thing}|instead of {old_colour})",
                 "go with {colour} for IT", "turn the {old_colour} {kind} {colour}", "make the {old_colour} {kind} {colour}", "change the {old_colour} {kind} to {colour}"),
    "add_worn": ("give IT {an_item}(| to wear)", "put {an_item} on IT", "(stick|pop|plop|place|slap|draw|set) {an_item} on IT", "dress IT (in|up in|up with|with) {an_item}", "add {an_item} (to|on|onto|for) IT", "let IT (have|wear|try on|put on) {an_item}", "have IT (in|wearing|wear|put on) {an_item}", "get IT {an_item}", "make IT wear {an_item}",
                 "(draw|paint|show) IT (with|in|wearing) {an_item}", "fit IT with {an_item}", "kit {him} out with {an_item}", "accessorise IT with {an_item}", "accessorize {thing} with {an_item}", "outfit IT with {an_item}", "lend IT {an_item}", "buy IT {an_item}", "get {an_item} on IT"),
    "remove_worn": ("take (off ITS {items}|ITS {items} off|the {items} off)", "take the {items} off(| of) IT", "have IT take (the|{his}) {items} off", "(draw|show|paint) IT without (the|{his}|any) {items}", "pull off the {items}", "make IT not wear (the|{his}) {items}", "whip off the {items}"),
    "recolour_worn": (),
    "add_held": ("give IT {an_item}(| to hold| to carry)", "(put|place|stick) {an_item} in ITS (hand|paw)", "hand IT {an_item}", "let IT (have|hold|carry|hold on to) {an_item}", "have IT (hold|holding|carry|carrying) {an_item}", "make IT (hold|carry|hold up) {an_item}", "get IT (holding|to hold|to carry|carrying) {an_item}",
                 "(draw|paint|show) IT (with|holding|carrying) {an_item}", "pass IT {an_item}", "offer IT {an_item}", "add {an_item} (to|in) ITS hand", "buy IT {an_item}", "get IT {an_item}", "bring IT {an_item}", "add {an_item} for IT"),
    "remove_held": ("take the {items} (from|away from|off) IT", "take (away ITS {items}|ITS {items} away)", "make IT (drop|let go of|put down|release) (the|{his}) {items}", "have IT (drop|let go of|put down) (the|{his}) {items}", "let IT (drop|let go of|put down) (the|{his}) {items}", "(draw|show|paint) IT without (the|{his}|any) {items}",
                    "leave ITS hands empty", "(draw|show) IT with empty hands", "empty ITS hands", "take the {items} out of ITS hand", "make IT (hold nothing|stop holding the {items})"),
    "replace_held": ("(swap|switch|trade|exchange) ITS {items} for {an_item}", "give IT {an_item} (instead|in place|rather than|instead) of the {items}", "take ITS {items} and give {him} {an_item}", "take away the {items} and give IT {an_item}", "let IT hold {an_item} instead(| of the {items})", "have IT (hold|holding|carry) {an_item} (instead|instead of the {items}|not the {items})",
                     "put {an_item} in ITS hand instead of the {items}", "make IT (hold|carry) {an_item} (instead|rather than the {items})"),
    "recolour_held": (),
    "replace_subject": ("(turn|transform|change|convert|morph|make|magic) IT into {a_kind}", "(make|have) (it|this|that) {a_kind}(| instead)", "make {him} {a_kind}", "(swap|switch|trade) IT (out |)for {a_kind}", "(draw|paint|use|put|show|have) {a_kind} instead(| of IT)", "replace (IT|the {kind}) (with|by) {a_kind}",
                        "take (away|out) {thing} and (put in|draw|add) {a_kind}(| instead)", "make the {kind} {a_kind}", "change the {kind} (to|into|for) {a_kind}", "redo it with {a_kind}", "redraw IT as {a_kind}", "(draw|paint|show) IT as {a_kind}", "use {a_kind} rather than {a_old}"),
    "add_thing": ("(put|place|draw|paint|set|add) {a_new} (next to|beside|near|alongside|by) IT", "give IT {a_new} (for company|as a friend|as a buddy|as company|to play with)", "have {a_new} (stand |)(next to|beside|near) IT", "let {a_new} (join IT|keep IT company)", "have {a_new} (join IT|keep IT company)",
                  "bring {a_new} (in|along|into the picture|into the scene)", "(put|place|draw|add) {a_new} (on|at) the {side}(| side)", "add {a_new} to (the picture|the scene|this|it)", "put {a_new} in (there|the picture|the scene)(| too| as well)", "pair IT with {a_new}", "get IT {a_new} for company",
                  "also (draw|paint|put in|include|show) {a_new}", "(draw|paint|show) IT (with|together with|and) {a_new}"),
    "remove_thing": ("take {thing} (out|away|out of the picture|out of there|off)", "(remove|delete|erase|cut|crop) {thing} (from the picture|from the scene|from this|completely)", "(draw|show|paint) (it|this|the picture) without {thing}", "send {thing} (away|home)", "throw {thing} out", "kick {thing} out"),
    "move": ("(move|shift|slide|push|bring|take|nudge|scoot|drag) IT (over |)(to|toward|towards) the {side}", "(put|place|position|have|set|draw|show) IT (on|at) the {side}(| side| please)", "(put|place|position|stick) IT (more|further|over) to the {side}", "get IT (over |)to the {side}", "let IT (stand|be|go) (on|to) the {side}", "relocate IT to the {side}",
             "make IT (stand|be) on the {side}", "move IT a bit (more |)to the {side}", "move {thing}, {he} should be on the {side}", "change ITS (position|place) to the {side}"),
    "bigger": ("make IT (look |)BIT(bigger|larger)", "make IT (huge|massive|enormous|gigantic|really big|bigger please|taller|extra large|much larger)", "(increase|bump up|raise|up|double) ITS size(| a bit| a little)", "(grow|enlarge|inflate|scale up|embiggen) {thing}", "(scale|size|blow|pump) IT up(| a bit| a little| some)", "have IT (grow|be bigger|take up more space)", "let IT (grow|be bigger|grow a bit)",
               "(draw|paint|show) IT (bigger|larger|much bigger)", "give IT more (size|room|space)", "turn IT into a (giant|bigger {kind}|huge {kind})"),
    "smaller": ("make IT (look |)BIT(smaller|littler|less big)", "make IT (tiny|teeny tiny|really small|miniature|mini|shorter|much smaller|itty bitty|minuscule|wee)", "(decrease|reduce|lower|halve|cut down) ITS size(| a bit| a little)", "(shrink|minimise|downsize|minimize) {thing}(| a bit| a little)", "(shrink|scale|size) IT down(| a bit| a little| some)", "shrink IT(| a bit| some)",
                "have IT (shrink|be smaller|take up less space)", "let IT (shrink|be smaller|shrink a bit)", "(draw|paint|show) IT (smaller|tiny|much smaller)", "turn IT into a (tiny {kind}|smaller {kind}|mini {kind})"),
    "count_up": ("(add|draw|put in|paint|give me|bring in|throw in|include) (one more|another|an extra|an additional) {kind}", "give IT a (twin|double|clone|copy)", "(add|draw) one more (of them|of those|of the same|of these|just like {him})", "increase the number of {kinds_now} by one", "make room for (one more|another) {kind}", "let (one more|another) {kind} join", "bump (it|the count) up by one"),
    "count_down": ("(remove|lose|delete|erase|drop|take away|get rid of|cut|leave out) (one|one of them|one {kind}|one of the {kinds_now}|one of those)", "take (one|one of them|one {kind}) (away|out)", "(draw|show|have|make it) one {kind} (less|fewer)", "reduce the number of {kinds_now} by one", "(draw|show|have) one fewer {kind}"),
    "count_set": ("(make|turn) (it|this|IT) into {number} {kinds}", "(draw|paint|show) me {number} (of them|{kinds})", "change the (number|count) (of {kinds} |)to {number}", "set the (number|count) of {kinds} to {number}", "have {number} {kinds} (there|in it|in the picture)", "make that {number} {kinds}", "(make|get) it {number}"),
    "just_one": ("(leave|keep|show|draw|paint|have) (just|only) (one|one of them|one {kind}|a single {kind})", "(remove|delete|erase|lose|drop) (all but one|the others|all of them but one|the rest, keep one)", "(go|cut|bring it) (back |)(to|down to) (just |only |)one(| {kind})", "reduce (it|them) to (just |)one(| {kind})", "make it (just|only) (one|the one|one {kind})"),
    "place": ("(set|place|stage) (this|it|the scene|the picture) {in_place}", "(take|send|bring|transport|move|teleport) IT to {a_place}", "(change|switch|swap|set|turn) the (background|setting|scene|place|location|scenery|backdrop) (to|into) {a_place}", "(put|place|set|drop|show|draw|paint) IT {in_place}", "make the (background|setting|place|scenery|scene|backdrop|location) {a_place}",
              "use {a_place} (as the background|as the setting|for the background|as backdrop)", "replace the (background|place|scenery) with {a_place}", "(put|draw|show|paint|add) {a_place} (behind IT|in the background)", "let IT (be|stand|live|hang out) {in_place}", "have IT (be |standing |)(right |){in_place}", "(move|relocate|switch) (this|it|the scene|everything) to {a_place}",
              "make (this|it) (happen|take place|be) {in_place}", "give (it|this) {a_place} (background|backdrop|as background)"),
    "time": ("(change|set|switch|turn) (it|the time|the time of day|the lighting|the light) to {time}", "make (it|this|the time|the scene) {time}(| please| instead)", "make it (look|feel) like {time}", "let it be {time}(| now| instead)", "have it be {time}", "(turn|change) (this|the scene|it) into {time}",
             "give (it|this) (a {time} (feel|look|mood|sky)|{time} (light|lighting))", "make the (sky|light|lighting) look like {time}", "set (this|it|the scene) {at_time}", "use {time} (light|lighting)", "do a {time} version", "make it a {time} scene"),
    "weather": ("(add|put in|give us|bring|bring in|include|throw in) (some |a bit of |a little |lots of |){weather}", "(change|set|switch|turn) the (weather|sky) to {weather}", "make (the weather|the sky|it) {weathery}(| outside| out)", "give (it|this|us) (some |){weathery} weather", "let there be (some |){weather}", "have (it|the weather|the sky) be {weathery}", "(set|put|show|draw|paint) (it|this) {in_weather}",
                "turn the weather {weathery}", "make it a {weathery} day", "make the (scene|picture) {weathery}"),
    "weather_clear": ("(stop|end|remove|kill|lose|drop|cut|turn off|switch off|take away|get rid of|clear away|take out) (the|all the|that) {weather}", "make the {weather} (stop|go away|disappear|clear up|end)", "let the {weather} (stop|end|clear up|pass)", "(clear|clear up) (the sky|the weather)", "make (the weather|the sky) (clear|fine|nice|clear again|nicer|better|good)", "give (it|us) (a clear sky|clear skies|clear weather|nice weather)",
                      "have (it|the {weather}) stop", "(change|switch) (the weather|it|the {weather}) to (clear|fine|clear weather|a clear sky)", "have (clear|fine|good|better|nice|dry) weather", "let it clear up", "make it (dry|clear|dry again|clear up)"),
    "style": (),
    "closer": ("zoom in(| a bit| a little| some| on IT| on {thing}| closer| more)", "(move|get|go|come|step) (in |)(a bit |a little |)closer(| to IT)", "(move|bring) the camera (in |)(a bit |)closer(| to IT)", "show IT from (closer|nearer|up close|closer up|close up|close by)", "make it (a close-up|a close up|closer|a closer view|a closeup|more close-up)", "(crop|frame|go) (in |)(tighter|closer)",
               "(do|make|give me|show me|have|take) a (close-up|close up|closeup|closer view|closer look|closer shot|tighter shot)(| of IT)", "get (nearer|closer) to IT", "bring IT (closer|nearer)", "make the (view|shot|framing|frame|crop) (closer|tighter)", "get a better look at IT", "let me see IT (from closer|up close|closer)"),
    "wider": ("zoom out(| a bit| a little| some| more| from IT)", "(move|step|pull|go) (back|further back|further away|farther back)(| a bit| a little| from IT)", "(move|pull|bring) the camera (back|further away|away|further back)(| a bit)", "show IT from (further away|farther away|a distance|far away|further back|afar)", "make it (a wide shot|a wide view|a wider shot|a wider view|less close)",
              "show (more|a bit more) of (the scene|the background|the surroundings|the place|the landscape|what's around {him})", "(do|make|give me|show me|take) a (wide shot|wider shot|wide view|wider view|long shot)(| of IT)", "make the (view|shot|framing|frame) wider", "let me see (more of the scene|more around IT|IT from further away|the surroundings)", "widen the (view|shot)", "get further away(| from IT)", "show more (space|room|scenery) around IT"),
    "add_extra": ("(add|put|draw|paint|place) {an_extra} (in the background|behind IT|near IT|somewhere|in the scene|next to IT)", "(add|put|throw|stick) in {an_extra}(| too| as well)", "(add|draw|paint|include) {an_extra} (too|as well|please|there)", "let there be {an_extra}(| too| in the background)", "have {an_extra} (in the background|behind IT|there|in the scene|near IT)",
                  "(decorate|complete) (it|the scene|this) with {an_extra}", "give (it|us|the scene|the background) {an_extra}", "make (it|the scene) have {an_extra}", "show {an_extra} (too|as well|in the background|behind IT)", "also (draw|paint|put in|include) {an_extra}"),
    "remove_extra": ("take (the) {extra} (out|away|off|out of the picture)", "(remove|delete|erase|cut|lose|drop) (the) {extra} (from the picture|from the scene|from the background|completely)", "(draw|show|paint|do) (it|this) without (the|that|any) {extra}", "(clean|clear) (up|away) the {extra}"),
    "pose_jump": ("(draw|show|paint|have) IT (jumping|hopping|leaping|in the air|in mid-air|bouncing|dancing|mid-jump)", "change ITS pose to (jumping|a jump|leaping)", "put IT in (the air|mid-air|mid air)", "get IT (jumping|off the ground|hopping|leaping|up in the air)", "make IT (jump|leap|hop|bounce) (in the air|up high|up and down|for fun|around)"),
    "pose_wave": ("(draw|show|paint|have) IT (waving|waving hello|waving at us|waving {his} hand|saying hello|greeting us)", "change ITS pose to (waving|a wave)", "get IT (waving|to wave|to say hi|to greet us)", "make IT (wave|wave hello|wave at me|wave a hand|say hi|greet us|wave hi|wave bye)", "let IT (wave|say hi|say hello|greet us|wave at us)", "put ITS hand up for a wave"),
    "pose_stand": ("(draw|show|paint|have) IT (standing|standing still|just standing|just standing there)", "change ITS pose to (standing|a normal stand|just standing)", "get IT (standing|standing still|to stand still|to stop {old_pose})", "make IT (stand|stand still|stop {old_pose}|stay still|stay put|hold still)", "let IT (stand|stand still|just stand there|take a break|rest)", "stop IT (from |){old_pose}", "put IT in a (normal|standing) pose"),
    "more": ("(go|push it|take it) (even |a bit |a little |)further", "do (that|it|the same) (again|some more|once more|a bit more)", "(crank|turn|dial) it up(| a bit| a notch| more)", "(keep|carry) (going|on|on with that)", "(increase|intensify|amplify) (it|that)(| a bit| some more)", "make (it|that) (even |)more so", "do (even |some |a bit |)more of (that|the same|it)", "add (another|one more) notch of that"),
    "less": ("(tone|dial|turn|bring) (it|that) (down|back)(| a bit| a notch| a little)", "(reduce|weaken|lessen|soften|moderate) (it|that)(| a bit| a little)", "do (a bit|a little|slightly|somewhat) less(| of that)", "make (it|that) less so", "ease (off|up)(| a bit| a little| on that)", "take it down a (notch|bit|little|step)", ),
}  # fmt: skip
ALONE: dict[str, tuple[str, ...]] = {
    "mood_up": ("BITHAPPIER(| please| pls|!|!!|!!!| now| thx)", "happier(! happier!| and more cheerful|, please|..|...)", "(a |)(bit |little |)happier (face|smile|expression|{kind})", "more (smiley|cheery|joyful|happy|cheerful|jolly)(| please)", "cheer up(| please| a bit| {kind})", "smile (more|a bit more|a little more)(| please| {kind})", "(bigger|wider|brighter) smile(| please)",
                "it would be (nice|nicer|better|cuter) if HE (smiled more|was happier|looked happier)", "i wish HE (smiled more|looked happier|was happier)", "let's see a happier {kind}", "(mood up|happiness up|up the mood|happier mood|better mood)", "HE (deserves|wants) to be happier", "a (more cheerful|happier|jollier) (look|face|expression|{kind})(| please)",
                "why not make IT happier?", "HE doesn't look happy enough", "could HE cheer up(| a bit| a little)?", "i want (a happier {kind}|to see {him} happier|more of a smile)", "need(s|) (more smile|more cheer|to be happier|to cheer up)", "+ happiness", "happier than (this|that|now)", "can HE smile more?"),
    "mood_up_lots": ("LOTS (happier|more cheerful|merrier|cheerier)(| please|!|!!)", "HE should be LOTS (happier|more cheerful)", "so so much happier", "(much|way|far) (bigger|wider) smile", "(two|2) (steps|levels|notches) happier", "happier, (much|way|a lot|so much) happier", "happier by a (lot|mile|long way)", "happier times (two|ten|a hundred)", "a (much|way|far) happier (face|{kind}|look)", "not just a bit, (much|way) happier"),
    "mood_down": ("BITSADDER(| please| pls|!| now)", "(a |)(bit |little |)sadder (face|look|expression|{kind})", "more (sad|gloomy|glum|unhappy)(| please)", "less (smiley|cheery|joyful|happy|cheerful|jolly)(| please)", "not (that|so|quite so|as) (happy|cheerful|joyful)(| please)", "smile less(| please)", "it would be (better|nicer|funnier) if HE (was sadder|looked sadder|smiled less)",
                  "i wish HE (looked|was) (sadder|less happy)", "let's see a sadder {kind}", "(mood down|happiness down|sadder mood|worse mood)", "a (sadder|gloomier) (look|face|expression|{kind})(| please)",
                  "i want (a sadder {kind}|to see {him} sadder|less of a smile)"),
    "set_mood": ("{mood}(| please| now|!| instead)", "i want IT (looking |to look |to feel |){mood}", "HE should (look|feel|seem) {mood}", "(can|could) HE look {mood}?", "what if HE (looked|felt) {mood}?", "{mood}, not (like that|this|like this)", "a {mood} (look|face|expression|{kind})(| please| instead)", "i'd rather have IT (looking |){mood}", "mood: {mood}", "HE looks wrong, make {him} {mood}", "the mood should be {mood}",
                 "with a {mood} (face|expression|look)", "same but {mood}", "HE (is|feels|looks) {mood} now", "it'd be (nice|nicer|cute|funny) if HE looked {mood}", "now {mood}", "{kind} should (be|look) {mood}"),
    "recolour": ("{colour}(| please| now|!| instead| pls)", "in {colour}(| please| instead)", "{colour} {kind}(| please| instead)", "a {colour} {kind}(| please| instead)", "(not|less) {old_colour}, (but |more |){colour}", "{old_colour} to {colour}", "{old_colour} -> {colour}", "(i'd like|i want) a {colour} {kind}(| instead| not a {old_colour} one)", "why is HE {old_colour}? make {him} {colour}", "(the |)(colour|color) should be {colour}", "(colour|color)(:| =|) {colour}",
                 "i don't like (the |)({old_colour}|colour), make (it|{him}) {colour}", "{colour} (suits|fits) {him} better", "{colour} looks better on {him}", "can you do IT in {colour}?", "same (thing |{kind} |picture |)(but |)in {colour}", "{colour} version(| please)", "HE would look (great|better|cute|nice|good) in {colour}", "{colour} would suit {him}", "HE is {colour} now", "i asked for a {colour} {kind}", "i meant a {colour} {kind}", "(different|another) (colour|color), {colour}",
                 "what about a {colour} {kind}?", "could i get IT in {colour}?", "{colour}!!"),
    "add_worn": ("{an_item}(| please| on top| for IT| on IT| maybe|!)", "{item}(| please| on)", "HE (needs|wants|could use|would look (good|great|cute|nice) in|would look (good|cute) with|is missing|deserves|should get|should have|should wear|must have) {an_item}", "(can|could|may) HE (have|get|wear|try|put on) {an_item}?", "(in|with|wearing) {an_item}(| please| this time| on)", "(how|what) about {an_item}(| for IT| on IT)?", "i'd like to see IT (in|with|wearing) {an_item}",
                 "i want IT (in|wearing|with|to wear|to have) {an_item}", "same but (wearing|with|in) {an_item}", "what if HE (wore|had|had on) {an_item}?", "i'd rather have IT in {an_item}", "it would be (cute|nice|fun|funny) if HE (wore|had) {an_item}", "i think {an_item} would (suit {him}|look good on IT)", "{an_item} would (suit IT|be cute|be lovely|look cute)", "why doesn't HE wear {an_item}?", "a {kind} (in|with|wearing) {an_item}", "{kind} (in|with|wearing|+) {an_item}"),
    "remove_worn": ("no {items}(| please|!| anymore| now)", "(the |){items} off(| please|!)", "HE (doesn't need|doesn't want|shouldn't wear|shouldn't have|would look better without|looks better without|looks silly in|is better without) (the |){items}", "can HE take {his} {items} off?", "can HE not wear the {items}?", "i'd like IT without (the |){items}", "i want IT without (the |{his} |){items}", "why the {items}? (take {those} off|no thanks|remove {those})", "what if HE didn't wear the {items}?",
                    "bare, no {items}", "{items}? no", "nope, no {items}", "the {items} (looks|is) (silly|odd|weird|ugly|wrong), (remove {those}|take {those} off|off with {those})", "off with the {items}", "enough with the {items}"),
    "recolour_worn": ("{colour_items}!",),
    "add_held": ("(with|holding|carrying) {an_item}(| please| this time| in {his} hand)", "HE (should|could|must) (hold|carry|have|be holding|be carrying) {an_item}", "HE (needs|wants|could use|deserves|should get|is missing) {an_item}(| to hold)", "(can|could|may) HE (have|get|hold|carry|be holding) {an_item}?", "(how|what) about {an_item} (to hold|in {his} hand|for IT)?", "i want IT (to hold|holding|to carry|to have|with) {an_item}", "i'd like to see IT (holding|with|carrying) {an_item}",
                 "same but (holding|with) {an_item}", "what if HE (held|had|carried|was holding) {an_item}?", "it would be (cute|nice|fun) if HE (held|had|carried) {an_item}", "{an_item} (for IT|to hold|in ITS hand|please)", "{item} in (hand|{his} hand)", "a {kind} (with|holding) {an_item}", "{kind} (with|holding|+) {an_item}", "i'd rather have IT holding {an_item}"),
    "remove_held": ("no {items}(| please|!| anymore| now)", "empty hands(| please)", "HE (doesn't need|doesn't want|shouldn't hold|shouldn't have|is better without) (the |){items}", "can HE (drop|let go of|put down|put away) the {items}?", "i want IT (without (the |){items}|empty-handed|with empty hands)", "what if HE didn't have the {items}?", "with nothing in {his} hand", "holding nothing", "nope, no {items}"),
    "replace_held": ("{an_item} instead(| of the {items}| please)", "HE should (hold|carry|have) {an_item} (instead|not the {items}|rather than the {items})", "can HE (hold|have|carry) {an_item} instead(| of the {items})?", "{items} -> {item}", "{items} to {item}", "no {items}, {an_item}", "i'd rather {he} held {an_item}", "i'd prefer {an_item} (over|to) the {items}", "i want IT to hold {an_item} instead", "what if {he} held {an_item} instead?", "the {items} should be {an_item}"),
    "recolour_held": ("{colour_items}!",),
    "replace_subject": ("{kind} (->|=>|to|into) {new_kind}", "{a_kind} instead(| of the {kind}| please| of IT)", "(rather|better|actually|no,) {a_kind}(| please)", "i (want|wanted|meant|said|asked for|need) {a_kind}(, not {a_old}| instead|, not this)", "i'd (like|love|prefer) {a_kind} (instead|better|instead of the {kind})", "i'd (rather|sooner) have {a_kind}(| than {a_old}| here| instead)", "what if (HE|it|this) (was|were|became|turned into) {a_kind}?", "(can|could) (HE|it|this) (be|become|turn into) {a_kind}(| instead)?",
                        "(HE|it|this) should be {a_kind}(| instead|, not {a_old})", "(the |)same (picture|scene|thing|image|place|pose|one)(,| but) with {a_kind}(| instead)", "same but {a_kind}", "now (do it with |with |as |make it |){a_kind}(| instead)", "could you use {a_kind} instead?", "forget the {kind}, (make it|draw|i want) {a_kind}", "no {kind}, {a_kind}(| please)", "{new_kind} instead of {kind}", "{new_kind}, not {kind}", "{a_kind} in (the same place|the same scene|its place)", "change of plan: {a_kind} instead",
                        "how about {a_kind} instead(| of the {kind})?", "what about {a_kind} (instead|in its place)?", "try {a_kind} instead"),
    "add_thing": ("{thing} (and|plus|with|together with|next to|&|beside) {a_new}", "{a_new} (next to|beside|near|by) (IT|{thing})", "HE (needs|wants|deserves|could use|should have|should get) (a friend|company|a buddy|a companion)(, add|:|, maybe|, draw) {a_new}", "HE looks (lonely|alone|bored), (add|draw|give {him}) {a_new}", "HE is (lonely|alone|all alone), add {a_new}", "(can|could) {a_new} (join IT|be there too|come along|stand next to IT|be next to IT)?", "what if {a_new} (was there too|joined IT|stood next to IT|was next to IT)?", "i want {a_new} (there too|next to IT|as well|beside IT|in it too)",
                  "{a_new} (too|as well|also|on the {side}|on the {side} side)(| please)", "(also|and|plus|and also) {a_new}(| please| on the {side})", "{thing} should have {a_new} (beside {him}|as a friend|for company)", "with {a_new} (by {his} side|next to {him}|beside {him}|on the {side}|as well)"),
    "remove_thing": ("(no|without) {thing}(| please)", "only the other one, (without|not) {thing}", "no more {old_kind}", "{thing} (can|should|must) leave", "just the other one, (no {old_kind}|without {thing})", "who needs {thing}? remove {those}", "keep the other one, lose {thing}"),
    "move": ("(on|to) the {side}(| please| instead| side)", "(more|further|a bit more|a little|a bit) to the {side}(| please)", "{side}(| please| side|!)", "i want IT (on|at|more to) the {side}", "HE should (be|stand|go) (on|at|more to) the {side}", "(can|could) HE (go|move|stand|be) (on|to) the {side}?", "what if HE (was|stood) on the {side}?", "{kind} (on|to) the {side}(| please)", "i'd (rather|prefer to) have IT on the {side}", "same but on the {side}", "same but with {thing} on the {side}",
             "HE would look better on the {side}", "why isn't HE on the {side}?", "over to the {side}(| a bit)"),
    "bigger": ("BIT(bigger|larger)(| please| pls|!|!!| now| {kind})", "(way|much|a lot|far) (bigger|larger)(| please|!)", "(a |)(bigger|larger|huge|giant|big) {kind}(| please)", "HE (is|looks|seems) (too|so|a bit too|way too) (small|tiny|little)(|, make {him} bigger|, can you fix that)", "too (small|tiny|little)(| for me|, make {him} bigger)", "i (want|need|prefer) a (bigger|larger|giant|huge) {kind}", "(can|could) HE (grow|be larger|get bigger|be huge)(| a bit)?", "what if HE was (huge|giant|bigger|larger)?", "HE should (take up more (room|space)|be (huge|giant|taller|larger))", "size up",
               "why is HE so (small|tiny)? make {him} bigger", "not (big|large) enough", "HE isn't big enough", "{kind} bigger(| please)", "huge {kind}", "super big"),
    "smaller": ("BIT(smaller|littler)(| please| pls|!|!!| now| {kind})", "(way|much|a lot|far) smaller(| please|!)", "(a |)(smaller|tiny|small|teeny|mini|little) {kind}(| please)", "HE (is|looks|seems) (too|so|a bit too|way too) (big|large|huge)(|, make {him} smaller|, can you fix that)", "too (big|large|huge)(| for me|, make {him} smaller)", "i (want|need|prefer) a (smaller|tinier|tiny) {kind}", "(can|could) HE (shrink|be tiny|get smaller|be little)(| a bit)?", "what if HE was (tiny|smaller|small|really little)?",
                "HE should (take up less (room|space)|be (tiny|small|shorter))", "size down", "why is HE so (big|huge)? make {him} smaller", "not so (big|large|huge)", "HE shouldn't be (so|that) big", "{kind} smaller(| please)", "tiny {kind}", "super small"),
    "count_up": ("(one more|another|an extra|an additional) {kind}(| please| too|!)", "+1 {kind}", "+1", "plus one(| {kind}| more)", "one {kind} more(| please)", "one more(| please|!| of them| of those)", "one more would be (nice|great|perfect|cute)", "HE (needs|wants) a twin", "(can|could) (we|i) (have|get) (one more|another {kind})?", "there should be one more(| {kind})", ),
    "count_down": ("one (less|fewer|{kind} less|fewer {kind})(| please|!)", "minus one(| {kind})", "-1", "-1 {kind}", "one too many(|, remove one)", "(there's|there is) one (too many|{kind} too many)", "that's one {kind} too many", "(can|could) (we|i) have one (less|fewer)?", "too many, (remove one|take one away|one less)"),
    "count_set": ("{number}(| please|!| of them| of those| {kinds}| in total| {kinds} please)", "i (want|need|asked for|meant|said|wanted) {number}(| {kinds}| of them)", "(can|could) (we|i) (have|get|see) {number}(| {kinds}| of them)?", "there should be {number}(| {kinds}| of them)", "{number} {kinds}, not {thing}", "how about {number}(| of them| {kinds})?", "what if there were {number}(| of them| {kinds})?", "i'd (rather|prefer to) have {number}(| {kinds}| of them)", "should be {number}", "number of {kinds}: {number}", "same but {number}(| {kinds}| of them)"),
    "just_one": ("(just|only) (one|one {kind}|one of them|the one)(| please|!)", "(a|one) single {kind}(| please)", "one {kind}(| only| please| is enough)", "one is (enough|plenty|fine)(| please)", "i (only|just) (want|need|wanted|asked for) one(| {kind}| of them)", "there should (only |just |)be (just |only |)one(| {kind})", "too many, (just|only|i want|leave) one", "not (so many|that many), (just|only) one(| {kind})", "can there be (just|only) one?", "remove the others", "no others, just one"),
    "place": ("{place}(| please| background| scene| instead| setting)", "background(:|=| ->| should be| to) {a_place}", "(setting|place|location|scene)(:| ->| should be) {a_place}", "with {a_place} (in the background|behind IT|as background|around IT|behind)(| please)", "i want IT (to be |standing |to stand |){in_place}", "HE should (go to|visit|move to) {a_place}", "(can|could) HE (go to|visit|be at) {a_place}?", "what if HE (was|were|stood|lived) {in_place}?", "what if (it|this) (took place|happened) {in_place}?",
              "{kind} {in_place}(| please| instead)", "(how|what) about {a_place}(| instead| as background| in the background)?", "could the (background|setting) be {a_place}(| instead)?", "i'd (rather|prefer to) have IT {in_place}", "{a_place} (instead|please|would be (nice|better|nicer))", "i'd (like|love|prefer) {a_place} (instead|better|as the background|in the background)", "(a |)different (background|place|setting)(:|,) {a_place}", "new (background|place|scene|setting|location)(:|,) {a_place}", "HE belongs {in_place}", "HE is {in_place} now", "same {kind}(,| but| just|) {in_place}", "let's (go to|move to|visit) {a_place}", "off to {a_place}", "not here, {in_place}", "i don't like the background, (make it|use) {a_place}"),
    "time": ("{time}(| please| now| instead|!)", "(it should be|i want it to be|let it be|can it be|could it be) {time}(| please)", "what if it (was|were) {time}?", "(how|what) about {time}(| instead)?", "{time} (light|lighting|sky|version|scene|mood|vibes)(| please)", "time(:| of day:| ->) {time}", "same but {time}", "same (scene|picture|thing|one)(,| but) {time}", "(not {old_time}|no {old_time}), {time}", "{old_time} -> {time}", "from {old_time} to {time}", "it's {time}(| now)", "{time} instead of {old_time}", "why is it {old_time}? make it {time}", "could it be {time} instead(| of {old_time})?", "i wish it was {time}", "i meant {time}", "a {time} (scene|picture|version|sky)(| please)", "now {time}", "maybe {time}"),
    "weather": ("{weather}(| please|!| now| instead)", "{weathery}(| please|!| now| weather| day)", "(some|more|a bit of|lots of|a little) {weather}(| please| would be nice)", "weather(:| ->) {weather}", "(what|how) about (some |){weather}?", "i (want|need) (some |a bit of |){weather}", "what if it was {weathery}(| outside)?", "could (there be|we have|i get) (some |){weather}?", "there should be (some |){weather}", "with (some |a bit of |lots of |){weather}(| please)", "same but (with {weather}|{weathery}|{in_weather})", "it's {weathery}(| now| outside)", "{weathery} version", "{weather} everywhere"),
    "weather_clear": ("no (more |){weather}(| please|!| anymore)", "enough (of the |with the |){weather}(| already)", "(clear|fine|nice|good|better|dry) weather(| please| instead| now)", "(clear|blue) (sky|skies)(| please| instead)", "i('m| am) (tired|sick) of the {weather}", "i (hate|don't like|don't want) (the |this |){weather}", "(can|could) the {weather} (stop|end|go away)?", "can we have (clear|nice|better|good) weather?", "it should(n't be {weathery}| be clear| clear up)", "i want (clear|nice|better|dry) weather", "what if the {weather} stopped?", "the {weather} (should|can|could|must) (stop|end|go|go away)", "too {weathery}(|, clear it up|, make it stop)", "not so {weathery}", "(when the {weather} is over|after the {weather})"),
    "style": ("{style}(| please| now|!| instead| pls)", "{a_style}(| please| instead)", "more (like {a_style}|{style})", "do {style}"),
    "closer": ("BIT(closer|nearer)(| please|!| now| in| up)", "(much|way|even|a lot) closer(| please)", "(close-up|close up|closeup|closer look|closer view|closer shot)(| please| of IT| of {thing})", "HE is too far(| away| off)(|, zoom in|, come closer)", "too far (away|off)(|, zoom in|, closer please)", "i (can't|can hardly|can barely) see IT(|, zoom in|, go closer|, come closer)", "i want (a close-up|a closer look|to see IT closer|to see IT up close|IT closer|to be closer)(| please)", "(can|could) (we|you|i) (get|go|come|see IT) (closer|nearer)?", "(can|could) (we|i) have a (closer|better) look(| at IT)?", "zoom (in|in!|in please|in on IT|closer)", "tighter(| crop| shot| framing| view)",
               "what about a close-up(| of IT)?", "how about a (close-up|closer view)(| of IT)?", "i'd like to see IT (closer|up close|from closer)", "(seen |)from (close up|up close|closer|nearer)(| please)", "show me IT up close", "let's get closer(| to IT)"),
    "wider": ("BITwider(| please|!| now)", "(much|way|even) (wider|further away)(| please)", "(wide|wider|long) (shot|view|angle)(| please)", "(further|farther) (away|back|out)(| please| from IT)", "HE is too close(| up| to us)(|, zoom out|, move back)", "too close(| up|, zoom out|, move back|, step back)", "(can|could) (we|you|i) (zoom out|see more|step back|see more of the (place|scene|background)|get further away)(| a bit)?", "i want (to see more of the (background|scene|place)|a wider view|a wide shot|more of the surroundings|IT further away)", "zoom (out|out!|out please|it out)", "i'd like to see more (of the scene|of the background|around IT|of the place)", "(from|seen from) (further away|afar|a distance|further back|farther away)(| please)",
              "more (of the background|of the scene|surroundings|of the surroundings|space around IT|landscape)(| please)", "what about a (wide shot|wider view)?", "how about a (wide shot|wider view)?", "less close(| up| please)", "less zoom", "not so (close|zoomed in)(| please)", "back up(| a bit| some)"),
    "add_extra": ("{an_extra}(| please| too| as well|!| in the background)", "(with|and|plus|also) {an_extra}(| please| too| in the background| behind IT| as well)", "(can|could) (there be|we have|you add|i have|we see) {an_extra}(| too| in the background| somewhere)?", "(it|the scene|the background|the picture) (needs|could use|is missing|could do with|wants) {an_extra}", "i (want|need|would like) {an_extra}(| too| in the background| behind IT| in there)", "(what|how) about {an_extra}(| in the background| behind IT| too)?", "there (should|could) be {an_extra}(| behind IT| in the background| somewhere)", "the background (is empty|looks empty|is boring)(, add|, put in|, draw) {an_extra}", "what if there (was|were) {an_extra}(| behind IT| in the background)?", "same but with {an_extra}(| in the background)", "i'd love (to see |){an_extra}(| in the background| there)", "{an_extra} (behind IT|somewhere|in the scene) (would be nice|please)"),
    "remove_extra": ("no {extra}(| please|!| anymore)", "no more {extra}", "the {extra} (is|looks) (silly|odd|weird|wrong|out of place|distracting), (remove|delete|lose) {those}", "why is the {extra} there? (remove|delete|lose) {those}", "i'd like it without the {extra}", "i want it without the {extra}", "nope, no {extra}", "can you do it without the {extra}?", "{extra}? no thanks, remove {those}"),
    "pose_jump": ("(jump|hop|leap|bounce|dance)(| please|!| up| around)", "(jumping|hopping|leaping|dancing|in the air|mid-jump|bouncing)(| please| instead| now| {kind})", "{thing} (jumps|is jumping|is hopping|leaps|jumps up|hops)(| now)", "(can|could) HE be (jumping|hopping|in the air)?", "i want IT (jumping|hopping|in the air|to be jumping)", "what if HE (jumped|was jumping|leapt|hopped)?", "same but jumping", "a jumping {kind}(| please)", "HE should be (in the air|jumping|hopping|off the ground)", "pose: jumping", "i'd rather have IT jumping", "jump(!|, {kind}!| for me| for us)"),
    "pose_wave": ("(wave|say hi|say hello)(| please|!| to us| to me| {kind})", "(waving|waving hello|waving at me|saying hi)(| please| instead| now)", "{thing} (waves|is waving|waves hello|waves at us|says hi)(| now)", "(can|could) HE be waving(| at us| at me| hello)?", "i want IT (waving|to be waving|waving at me|to greet me)", "what if HE (waved|was waving|said hi|waved at us)?", "same but waving", "a waving {kind}(| please)", "HE should be (waving|waving at us|waving hello)", "pose: waving", "i'd rather have IT waving", "wave(!|, {kind}!| hello| at me| at the camera)"),
    "pose_stand": ("(stand|stand still|standing|just standing|standing still)(| please| instead| now|!)", "{thing} (stands|is standing|stands still|is just standing)(| now)", "(can|could) HE (be standing|just stand there|stop {old_pose}|stand normally)?", "i want IT (standing|standing still|to stop {old_pose}|to just stand)", "what if HE (stood still|was just standing|stopped {old_pose})?", "same but standing(| still)", "a standing {kind}(| please)", "HE shouldn't (be {old_pose}|{pose_verb})", "no (more |){old_pose}(| please)", "not {old_pose}(| please|, just standing|, standing)", "stop {old_pose}(| please|!)", "pose: standing", "don't {pose_verb}", "why is HE {old_pose}? just stand", "i'd rather have IT standing"),
    "more": ("more(| please|!|!!|, more!| of that| of the same| like that)", "(even|still|a bit|a little|a lot|much|way|some) more(| please|!| of that)", "(again|once more|once again|one more time|and again)(| please|!)", "(not|still not|that's not|it's not) (enough|quite enough|far enough)(| yet| for me)", "keep (going|it up|at it)(| please|!)", "(further|go further|even further|a bit further)(| please)", "and more", "i want (more|even more|more of that)", "(can|could) (you|we) (do more|go further|push it further)(| of that)?", "more more( more|)", "another notch", "moar", "don't stop"),
    "less": ("less(| please|!|, please)", "(a bit|a little|slightly|much|way|somewhat|a tad) less(| please|!| of that)", "(that's|that was|it's|this is) (too much|a bit too much|way too much|a bit much|over the top|too far)(| for me)", "too much(| of that|!| now)", "not (so|that|quite so|quite that) much(| please)", "(can|could) (you|we) (do less|tone it down|dial it back|go less far)(| a bit)?", "tone it down(| please| a little| a bit)", "less of that(| please)", "i want (less|less of that)", "(easy|steady)(, not so much|, less)", "whoa, too much", "half of that"),
}  # fmt: skip
WHEN: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "mood_up:sad": (
        ("make IT (look |seem |feel |)BITless (sad|gloomy|unhappy|glum|down)", "turn that frown upside down", "cheer the (poor |sad |)(thing|{kind}) up", "comfort IT(| a bit)", "console IT"),
        ("why is HE so (sad|gloomy|unhappy|down|glum)?(| cheer {him} up| make {him} happier)", "why so (sad|glum|gloomy|down|unhappy)?(| cheer {him} up)", "why the (long|sad) face?(| cheer {him} up)", "HE (looks|seems|is) (too|so|a bit too|way too|awfully) (sad|gloomy|unhappy|down|glum)(, cheer {him} up|, can you cheer {him} up?|, make {him} happier|, fix that)", "HE (looks|seems|is) too (sad|gloomy|unhappy|glum)",
         "(aw|aww|oh no), (don't be sad|why so sad?|cheer {him} up|poor thing, cheer {him} up)", "poor (thing|{kind}), (cheer {him} up|make {him} happier)", "(don't be|no need to be) (so |)(sad|gloomy|glum)(| {kind})", "BITless (sad|gloomy|glum|unhappy)(| please|!)", "not (so|that|quite so) (sad|gloomy|glum|unhappy)(| please)", "HE shouldn't (be|look) (so|that) (sad|gloomy|unhappy)", "i don't want IT (to be |)(so|that) sad", "HE needs (a hug|cheering up|some cheering up)"),
    ),
    "mood_up:calm": (
        ("make IT (look |)less (serious|bored|neutral)",),
        ("HE (looks|seems|is) (too|so|a bit|a bit too) (serious|bored|neutral|blank|dull), (cheer {him} up|make {him} happier|perk {him} up)", "why so serious?", "less serious(| please)", "not so serious", "HE (could use|needs) (some|a bit of|a little) (cheer|joy|happiness)", "HE doesn't look (very |that |so |all that |)happy(|, fix that|, cheer {him} up)", "HE isn't (very |that |really |)happy, cheer {him} up"),
    ),
    "mood_up:happy": (
        ("make IT even (happier|more cheerful|merrier)", "make ITS smile BIT(bigger|wider|broader|brighter)", "make IT happier (still|than that|than this|than now)"),
        ("(even|still|yet) (happier|more cheerful)(| please|!)", "happier (still|than that|than this|yet)(| please|!)", "HE (isn't|is not) happy enough(| yet| for me)", "not happy enough(| yet|!| for me)", "HE can be happier than that", "(a bit|a little|even) more (joy|happiness|cheer|smile)(| please)", "(even |)(bigger|wider|broader) smile(| please|!)", "smile (even |)(wider|bigger)(| please)", "HE can smile (wider|more) than that", "happier!(| come on!| more!)"),
    ),
    "mood_up:top": (
        ("make IT (even|still) (happier|more joyful|more overjoyed)", "make IT happier (still|than that|than ever|than this|than happy|yet)", "make IT even happier than (that|this|before|overjoyed)", "let IT be even happier", "push ITS (joy|happiness) (even |)further", "(crank|turn) up ITS joy(| even more| some more)", "add even more (joy|happiness)(| to IT)"),
        ("(even|still|yet) (happier|more joyful|more cheerful)(| please|!|!!)", "happier (still|than that|than ever|yet|and happier|than happy)(| please|!|!!)", "happier!(| happier!| more!| happier!!!)", "HE (isn't|is not) happy enough(| yet| for me)", "(still |)not happy enough(| yet|!)", "(even |)more (joy|happiness)(!| please|!!|)", "HE can be (even |)happier than that", "(i want|i'd like) IT even happier(| than that)", "can HE be even happier(| than that)?", "happier than (that|this), even", "more joyful(| still| please)", "keep making {him} happier", "and happier(| still| again)", "happier again"),
    ),
    "mood_up_lots:top": (
        ("make IT (super|extremely|incredibly|insanely|ridiculously) happy", "make IT as happy as (can be|possible|it gets)", "make IT the happiest {kind} (ever|in the world|alive|of all time)", "make IT (happier|much happier) than (anyone|any {kind} has ever been)", "go (all out|crazy|over the top) with ITS happiness", "make IT burst with (joy|happiness)", "make IT so so happy", "take ITS joy over the top"),
        ("super happy", "(as happy as possible|happiest ever|so so happy|happiest {kind} ever|the happiest {kind} in the world)(| please|!)", "(extremely|insanely|ridiculously|crazy) happy(| please|!)", "HE should be the happiest {kind} ever", "(way|much|far) more (joy|happiness)(| please|!)", "(over the top|crazy|insane) (joy|happiness)", "LOTS happier (still|than that|yet)", "i want IT (bursting with joy|super happy|exploding with happiness)"),
    ),
    "mood_down:sad": (
        ("make IT even (sadder|gloomier|more unhappy)", "make IT sadder (still|than that|than this)"),
        ("(even|still) (sadder|gloomier)(| please|!)", "sadder (still|than that|yet)(| please)", "(not|still not) sad enough(| yet)", "HE isn't sad enough(| yet)", "sadder!(| sadder!| more!)"),
    ),
    "mood_down:happy": (
        ("(tone|turn) down (the|{his}) smile(| a bit| a notch)", "make ITS smile BITsmaller", "give IT a smaller smile"),
        ("(a |)(smaller|less big|less wide) smile(| please)", "(less|not so much|not such a big) smile(| please)", "smile less(| {kind})", "HE shouldn't (be|look) (so|that) (happy|cheerful)", "HE (is|looks|seems) (too|way too|a bit too) (happy|cheerful|joyful)(|, tone it down|, make {him} sadder)", "HE (is smiling|smiles) too much(|, tone it down)", "why is HE (smiling so much|so happy)? (tone it down|less please)", "too (happy|cheerful|smiley|joyful)(|, tone it down|, less)"),
    ),
    "mood_down:top": (
        ("calm ITS joy down (a bit|a notch)", "make IT a bit less (overjoyed|ecstatic|joyful|happy)"),
        ("(a bit|slightly|a little) less (joy|happiness|joyful|ecstatic|overjoyed|happy)(| please)", "too (happy|joyful|much joy)(|, tone it down a bit)", "HE (is|looks) (too|way too|a bit too) (happy|joyful|ecstatic)(|, tone it down)", "that's too (happy|much joy)", "HE doesn't need to be (so|that) happy"),
    ),
    "set_mood:heartbroken": (
        ("make IT (cry|weep|sob|bawl|burst into tears|break down in tears)", "have IT (cry|crying|weep|sobbing)", "let IT (cry|weep|sob|shed tears)", "show IT (crying|in tears|sobbing|weeping)", "put tears (on ITS face|in ITS eyes)", "break ITS heart"),
        ("(crying|in tears|sobbing|weeping)(| please| instead)", "HE should (cry|be crying|be in tears|weep|sob)", "(can|could) HE (cry|be crying|be in tears)?", "i want IT (crying|to cry|in tears|sobbing)", "cry(| please|!| {kind})", "a crying {kind}", "what if HE (was crying|cried|was in tears)?", "tears(| please)", "with tears(| on {his} face)"),
    ),
    "set_mood:sad": (
        ("make IT (frown|pout|sulk)", "have IT (frown|frowning|pout|sulk|looking sad)", "give IT a (frown|sad face|pout|long face)", "put a frown on ITS face", "show IT (frowning|sulking|pouting)"),
        ("(frowning|sulking|pouting|sad face|frown)(| please| instead)", "HE should (frown|be frowning|pout)", "(can|could) HE (frown|be frowning)?", "i want IT (frowning|to frown)", "what if HE (was sad|was frowning|frowned)?"),
    ),
    "set_mood:sad:down": ((), ("less of a smile, more of a frown", "i'd rather have IT (frowning|looking sad)", "HE shouldn't smile, make {him} sad", "stop smiling, be sad")),
    "set_mood:calm": (
        ("make IT (relax|look neutral|look serious|look calm|look relaxed|stay calm)", "give IT a (neutral|calm|serious|relaxed|straight|poker) face", "have IT (look calm|look neutral|look relaxed|relax)", "make ITS (face|expression) (neutral|calm|serious|relaxed)"),
        ("(neutral|straight|calm|poker|serious) face(| please)", "(neutral|calm|serious) expression(| please)", "neither (happy nor sad|sad nor happy)(|, just calm)", "HE should (relax|look calm|look neutral)", "(no smile, no frown|not sad, not happy), just calm"),
    ),
    "set_mood:calm:down": ((), ("HE shouldn't smile(|, just look calm|, just look neutral)", "no smile, just (calm|neutral)", "without the smile, just (calm|neutral)", "i'd rather have IT calm")),
    "set_mood:calm:up": (("calm IT(| down)",), ("no (frown|tears), just calm", "HE shouldn't be (sad|unhappy), just calm", "not sad, just (calm|neutral|relaxed)", )),
    "set_mood:happy:up": (
        ("make IT smile", "have IT (smile|smiling)", "let IT smile", "get IT to smile", "get IT smiling", "give IT a (smile|friendly smile|nice smile|happy face)", "put a smile on ITS face", "(draw|paint|show) IT (smiling|with a smile)", "add a smile(| to ITS face)", "change ITS (expression|face) to a smile"),
        ("(smile|smiling|a smile|smile!)(| please|, please)", "HE should (smile|be smiling|have a smile)", "(can|could) HE (smile|be smiling)?", "i want IT (smiling|to smile|with a smile)", "i'd rather have IT (smiling|with a smile)", "what if HE (smiled|was smiling|was happy)?", "a smiling {kind}(| please)", "with a smile(| please| on {his} face)", "why isn't HE smiling?", "HE doesn't smile, make {him} smile", "smile for (me|us|the camera)", "how about a smile?", "a smile would be nice", "happy please"),
    ),
    "set_mood:happy:down": ((), ("just (happy|a normal smile|smiling), not overjoyed", "HE should just be happy", "just happy(| is enough)", "only happy, not (ecstatic|overjoyed)", "a normal smile(| please| is enough)")),
    "set_mood:overjoyed": (
        ("make IT (laugh|beam|laugh out loud|super happy|extremely happy|really really happy|as happy as can be|as happy as possible|beam with joy|laugh with joy)", "have IT (laugh|laughing|beaming|laugh out loud)", "let IT (laugh|beam|laugh out loud)", "give IT a (huge|massive|giant|beaming) (smile|grin)", "put a (huge|massive|giant|big fat) (smile|grin) on ITS face", "show IT (laughing|beaming|laughing out loud|overjoyed)"),
        ("(laughing|beaming|laughing out loud)(| please)", "(huge|massive|giant) (smile|grin)(| please|!)", "HE should (laugh|be laughing|be super happy|be the happiest {kind} ever)", "(can|could) HE (laugh|be laughing|be super happy)?", "i want IT (laughing|to laugh|super happy|extremely happy|beaming)", "(super|extremely|really really|incredibly|insanely) happy(| please|!)", "as happy as (possible|can be)(| please)", "(happiest {kind} ever|happiest ever)", "what if HE (was laughing|laughed|was super happy)?", "a laughing {kind}"),
    ),
    "recolour:furry": (("give IT {colour} fur", "make ITS (fur|coat) {colour}", "change ITS (fur|coat)(| colour| color) to {colour}", "(dye|paint|colour|color) ITS fur {colour}"), ("{colour} fur(| please| instead)", "with {colour} fur", "ITS (fur|coat) should be {colour}", "could ITS fur be {colour}?", "the fur should be {colour}", "what about {colour} fur?")),
    "add_worn:hat": (("put {an_item} on ITS head", "(stick|pop|plop|place|set) {an_item} on ITS head", "cover ITS head with {an_item}", "top IT off with {an_item}"), ("{an_item} on ITS head(| please)", "ITS head looks (bare|empty), (add|give {him}) {an_item}", "HE needs {an_item} on {his} head")),
    "add_worn:scarf": (("(wrap|put|tie|drape) {an_item} (around|round) ITS neck", "wrap IT in {an_item}", "keep IT warm with {an_item}"), ("{an_item} (around|round) ITS neck(| please)", "HE (looks|seems|is) cold, (give {him}|add|put on) {an_item}", )),
    "add_worn:glasses": (("(put|place|pop|stick) {an_item} on ITS (nose|face)", "put {an_item} over ITS eyes"), ("{an_item} on ITS (nose|face)(| please)", "HE would look (smart|clever|cool) (in|with) {an_item}", "HE can't see, give {him} {an_item}")),
    "remove_worn:hat": (("take (the|{his}) {items} off ITS head", "leave ITS head bare"), ("bare head(| please)", "nothing on {his} head", "HE shouldn't have anything on {his} head")),
    "remove_worn:scarf": (("(unwrap|untie|take off) ITS {items}", "take the {items} off ITS neck"), ("bare neck", "HE isn't cold, no {items}")),
    "remove_worn:glasses": (("take the {items} off ITS (nose|face)", "let IT see without the {items}"), ("HE can see fine without the {items}", "i want to see ITS eyes, no {items}")),
    "time:night": (("make it (dark out|dark outside|nighttime|dark)", "turn it (to night|into night|dark)", "bring out the (moon|stars)", "let night fall", "put it under (the stars|the moon|a starry sky)", "have (the moon|stars) (in the sky|out|up)"), ("(dark out|moonlight|starry sky|nighttime|night time|stars and moon|dark outside)(| please)", "under the (stars|moon)(| please)", "what if it (was|were) (night|dark|nighttime|dark outside)?", "it should be dark(| outside| out)", "too (bright|light), make it night", "can it be (dark|night|dark outside)?", "(with|i want) (a starry sky|the moon|stars in the sky|moonlight)", "same but (at night|in the dark|by night)")),
    "time:evening": (("make it (sunset|dusk|twilight|golden hour|late in the day|early evening)", "let the sun (set|go down)", "have the sun (set|setting|going down)", "give it (a sunset|a sunset sky|an orange sky|golden light|evening light)", "add a sunset", "put a sunset (behind IT|in the background|in the sky)"), ("(sunset|dusk|twilight|golden hour|evening sun|a sunset|with a sunset)(| please| sky| light)", "what if it (was|were) (sunset|evening|dusk)?", "the sun should (be setting|set|be going down)", "can it be (sunset|evening|dusk)?", "could we have a sunset?", "i (want|need) a sunset(| behind IT| sky)", "how about a sunset?", "in the (sunset|evening sun|evening light)", "as the sun (sets|goes down)")),
    "time:day": (("make it (daytime|day|daylight|bright day|light out|day time|midday|noon)", "turn it (to day|into day)", "make it (light|bright) outside", "have it be (daytime|the middle of the day)", ), ("(daytime|daylight|day time|midday|noon|broad daylight)(| please)", "what if it (was|were) (day|daytime|noon)?", "too dark(|, make it day|, make it daytime)", "it should be (day|daytime|light outside|daylight)", "can it be (day|daytime|light outside)?", "by day(| please)", "in (daylight|the daytime|bright daylight)")),
    "weather:rain": (("make it rain(| outside| cats and dogs| a lot| hard)", "let it (rain|pour)(| outside)", "have it (rain|raining|pour|pouring)(| outside)", "start the rain", "bring (on|in) the rain", "(add|put in|draw) (raindrops|some raindrops|a shower|rain showers|some showers)", "put IT (out |)in the rain", "(set|show|paint|draw) (it|this) in the (rain|pouring rain)"),
                     ("rain(ing|y|ing please|, please|!)", "it (should|could) (rain|be raining|be pouring)", "(can|could) it (rain|be raining|pour)?", "i want (it to rain|rain|it raining|it to be raining)", "what if it (rained|was raining|were raining|poured)?", "same but (in the rain|raining|rainy|when it rains)", "in the rain(| please| instead)", "it's raining(| now|!)", "i'd rather have it raining", "a rainy day(| please)", "raindrops(| please)", "could it be raining(| instead)?")),
    "weather:snow": (("make it snow(| outside| a lot| hard)", "let it snow(|, let it snow| outside)", "have it (snow|snowing)(| outside)", "start the snow", "bring (on|in) the snow", "(add|put in|draw) (snowflakes|some snowflakes|falling snow|snowfall|a few snowflakes)", "make snow fall", "let snow fall"),
                     ("snow(ing|ing please|, please|!|y weather)", "it (should|could) (snow|be snowing)", "(can|could) it (snow|be snowing)?", "i want (it to snow|it snowing|it to be snowing|falling snow)", "what if it (snowed|was snowing|were snowing)?", "same but (snowing|while it snows|with snowfall|with falling snow)", "it's snowing(| now|!)", "i'd rather have it snowing", "a snowy day(| please)", "(snowflakes|falling snow|snowfall)(| please)", "could it be snowing(| instead)?")),
    "weather_clear:rain": (("make it stop raining", "stop it raining", "have it stop raining", "let it stop raining", "make it dry(| again)", "turn the rain off", "stop the raindrops"), ("no rain(| please| anymore)", "(it should|can it|could it) stop raining(| please)", "stop raining(| please|!)", "not raining(| please| anymore)", "HE is getting wet, (stop the rain|no more rain)", "(dry|no rain), please", "it's too wet(|, stop the rain)", "i don't want it to rain(| anymore)", "what if it (wasn't raining|stopped raining)?", "same but without (the |)rain", "why is it raining? (stop it|make it stop)", "rain, rain, go away", "it shouldn't (rain|be raining)")),
    "weather_clear:snow": (("make it stop snowing", "have it stop snowing", "let it stop snowing", "stop the (snowfall|snowflakes|falling snow)", "turn the snow off"), ("no snow(fall|flakes|| please| anymore)", "(it should|can it|could it) stop snowing(| please)", "stop snowing(| please|!)", "not snowing(| please| anymore)", "i don't want it to snow(| anymore)", "what if it (wasn't snowing|stopped snowing)?", "same but without (the |)(snow|snowfall|snowflakes)", "HE is cold, stop the snow", "why is it snowing? (stop it|make it stop)", "it shouldn't (snow|be snowing)")),
    "weather_clear:day": (("make it (sunny|a sunny day|nice and sunny)", "let the sun (shine|come out)", "bring (back|out) the sun"), ("sunny(| please| weather| day| instead)", "sunshine(| please| instead)", "i want (sun|sunshine|sunny weather)", "can it be sunny?", "the sun should (shine|come out)", "what if it was sunny?", "a sunny day(| please| instead)")),
    "style:flat": (("(cartoonify|cartoonise|cartoonize) (it|this)", "make (it|this) (cartoony|cartoonish|look cartoony|more like a cartoon|look like a cartoon|a cartoon|look like a children's book|flat)", "(draw|paint|do|show) (it|this) (as a cartoon|like a cartoon|in cartoon style|like a children's book)", "use (flat colours|flat colors|a cartoon style|plain flat colours)", "turn (it|this) into a (cartoon|flat illustration)"), ("(cartoon|cartoony|cartoonish|flat colours|flat colors|like a cartoon|as a cartoon|cartoon version|cartoon style)(| please)", "i want (a cartoon|it as a cartoon|it cartoony|flat colours)", "can (it|this) be a cartoon?", "what if (it|this) was a cartoon?", "(like|as) in a (picture book|children's book|cartoon)", "could this look more like a cartoon?")),
    "style:watercolour": (("(paint|do|redo|make) (it|this) (in|with|using) (watercolours|watercolors|watercolour|watercolor)", "use (watercolours|watercolors|watercolour paint|watercolor paint)", "make (it|this) (look |)(like a watercolour|like a watercolor|watercoloury|painted in watercolours|like it was painted with watercolors|a watercolour|a watercolor)", "turn (it|this) into a (watercolour|watercolor|watercolour painting|watercolor painting)"), ("(watercolours|watercolors|watercolour|watercolor|in watercolours|in watercolors|with watercolours|like a watercolour painting|as a watercolor)(| please)", "i want (watercolours|a watercolour|a watercolor|it in watercolour|it in watercolor)", "can (it|this) be (a watercolour|a watercolor|painted in watercolours)?", "what if (it|this) was (a watercolour|a watercolor|painted in watercolours)?", "painted (with|in) (watercolours|watercolors)")),
    "style:pencil": (("sketch (it|this)(| with a pencil| in pencil)", "(draw|do|redo|make) (it|this) (in pencil|with (pencils|a pencil|coloured pencils|colored pencils))", "use (pencils|a pencil|coloured pencils|colored pencils|pencil strokes)", "make (it|this) (look |)(like a sketch|like a pencil drawing|hand-drawn|sketchy|like it was drawn with a pencil|like a pencil sketch|a sketch)", "turn (it|this) into a (sketch|pencil drawing|pencil sketch)"), ("(sketch|sketched|pencil sketch|in pencil|pencils|hand-drawn|as a sketch|drawn in pencil|pencil drawing|with pencils)(| please)", "i want (a sketch|a pencil drawing|it in pencil|it sketched|it as a sketch)", "can (it|this) be (a sketch|a pencil drawing|hand-drawn|drawn in pencil)?", "what if (it|this) was (a sketch|a pencil drawing|drawn in pencil)?", "drawn (with|in) (pencil|pencils|coloured pencil)")),
    "add_extra:rainbow": (("(put|add|draw|paint|hang) {an_extra} (in the sky|above IT|over IT|across the sky|up in the sky|overhead)", "let {an_extra} appear(| in the sky)", "make {an_extra} appear(| in the sky| behind IT)"), ("{an_extra} (in the sky|above|overhead|over IT|above IT|across the sky)(| please)", "the sky (needs|could use|is missing|wants) {an_extra}", "under {an_extra}", "(can|could) there be {an_extra} in the sky?")),
    "add_extra:tree": (("plant {an_extra}(| next to IT| there| behind IT| in the background| beside IT)", "grow {an_extra}(| there| in the background| beside IT)", "(put|place|draw|add) {an_extra} (next to|beside|behind|by) IT", "let {an_extra} grow(| there| next to IT)"), ("{an_extra} (next to|beside|behind|by) IT(| please)", "(next to|beside|in front of|near) {an_extra}", "HE could use some shade, add {an_extra}", "it needs some shade, (add|plant) {an_extra}")),
    "add_extra:butterflies": (("(add|put|draw|paint|have) {an_extra} (around IT|in the air|above IT|flying around|fluttering about)", "let {an_extra} (fly|flutter) (around|around IT|about)", "surround IT with {an_extra}", "make {an_extra} (fly|flutter) around(| IT)"), ("{an_extra} (around IT|flying around|fluttering about|in the air|everywhere)(| please)", "i want {an_extra} (flying around|around IT|fluttering about)", "(can|could) {an_extra} (fly|flutter) around(| IT)?", "with {an_extra} (flying around|all around|around IT)")),
    "move:middle": (("(centre|center) IT", "put IT in the (middle|centre|center)(| of the picture)", "move IT (back |)to the (middle|centre|center)", "bring IT (in|back) to the (middle|centre|center)", "place IT in the (middle|centre|center)"), ("(in|to) the (middle|centre|center)(| please)", "(centred|centered|middle|centre|center)(| please)", "HE should be (in the middle|in the centre|centred|centered|in the center)", "can HE be (in the middle|centred|centered)?", "i want IT (in the middle|in the centre|centred|centered)", "HE should stand in the (middle|centre)")),
    "move:pair": (("move {thing} (over |)to the other side, to the {side}", "put {thing} on the other side, the {side}"), ("{thing} on the {side} side(| please)",)),
}  # fmt: skip
"""More clauses and requests, for one value of a change, or one state before it: "kind:state"."""
FURRY = frozenset(
    {"bunny", "cat", "dog", "bear", "fox", "mouse", "sheep", "horse", "lion", "tiger", "monkey", "panda", "koala"}
)
PAWED = FURRY - {"sheep", "horse", "monkey"}
FACE_WORDS = re.compile(
    r"\b(lonely|alone|bored|friend|buddy|company|companion|play|plays?|hang out|relax|stand|stood|standing|stands|live|lived|visit|greet|wet|cold|shade|little (guy|one)|poor|wants|deserves|dress|walk|see fine|hug)\b"
)
"""What is said only of what has a face."""
ONE_OF_KIND = re.compile(r"\ba(n|ny)? [^,?]*\{(kind|old_kind)\}|\bgiant$|\bHAPPIEST\b|twin")
OPENERS = (
    "ok {}", "ok, {}", "okay {}", "ok so {}", "ok now {}", "alright, {}", "alright now {}", "right, {}", "so {}", "so, {}", "well, {}", "hmm {}", "hmm, {}", "hm, {}", "mmm, {}", "uh, {}", "um, {}", "umm {}", "oh, {}", "oh and {}", "ooh, {}",
    "and {}", "and now {}", "but {}", "also {}", "also, {}", "now {}", "now, {}", "next, {}", "then {}", "great, {}", "great! now {}", "great. {}", "nice! {}", "nice, now {}", "nice one. {}", "cool, {}", "cool. now {}", "perfect, now {}", "lovely, {}",
    "lovely! now {}", "love it! {}", "love it! now {}", "i love it! {}", "love it, but {}", "like it, but {}", "i like it but {}", "that's nice but {}", "cute! {}", "so cute! now {}", "aw cute. {}", "wow, {}", "wow nice. {}", "haha {}", "lol {}", "yay! {}",
    "good, {}", "good but {}", "very good. now {}", "pretty good, but {}", "not bad, but {}", "almost, {}", "almost there. {}", "close, but {}", "not quite. {}", "hmm not quite, {}", "actually {}", "actually, {}", "wait, {}", "hang on, {}", "hold on, {}",
    "sorry, {}", "sorry, i meant: {}", "no, {}", "nah, {}", "yes, {}", "yes and {}", "yeah, {}", "yep. {}", "thanks! {}", "thanks, {}", "thank you! now {}", "thanks, now {}", "hey, {}", "hey {}", "hi, {}", "please, {}", "one more thing: {}", "one thing: {}",
    "last thing, {}", "just one change: {}", "small change: {}", "quick change, {}", "one small thing, {}", "idea: {}", "i have an idea: {}", "for the next one, {}", "let me think... {}", "mm, {}", "beautiful! {}", "awesome! now {}", "amazing, {}", "fantastic. {}",
    "brilliant, {}", "it's good but {}", "looks good, {}", "looks great! {}", "that's great, {}", "that's better. {}", "better! now {}", "much better, {}", "getting there. {}", "fine, {}", "sweet! {}", "oops, {}", "come on, {}", "my kid says: {}", "my daughter says {}",
)  # fmt: skip
POLITE = (
    "please {}", "{} please", "{}, please", "{} pls", "pls {}", "plz {}", "{} plz", "can you {}?", "can you {}", "can u {}", "can you please {}?", "could you {}?", "could you {}", "could you please {}?", "could you maybe {}?", "can we {}?", "could we {}?", "can i get you to {}?",
    "would you {}?", "would you please {}?", "will you {}?", "i want you to {}", "i'd like you to {}", "i would like you to {}", "i need you to {}", "i'd love for you to {}", "i'd love it if you could {}", "it'd be great if you could {}", "it would be nice if you could {}",
    "any chance you could {}?", "any way to {}?", "is it possible to {}?", "is there a way to {}?", "would it be possible to {}?", "do you think you could {}?", "i was wondering if you could {}", "maybe {}", "maybe you could {}", "perhaps {}", "perhaps you can {}", "you could {}", "you should {}",
    "you can {}", "i think you should {}", "let's {}", "lets {}", "let us {}", "why don't you {}?", "why don't we {}?", "why not {}?", "what if you {}?", "what if we {}?", "how about you {}?", "how about we {}?", "just {}", "simply {}", "try to {}", "see if you can {}", "go ahead and {}", "feel free to {}",
    "be so kind and {}", "kindly {}", "i wanna {}", "i want to {}", "we should {}", "we need to {}", "i think we should {}", "time to {}", "you need to {}", "you have to {}", "don't forget to {}", "make sure to {}", "mind if you {}?", "i'd say {}", "i say {}", "i'm asking you to {}", "help me {}",
)  # fmt: skip
DOING = ("how about {}?", "what about {}?", "would you mind {}?", "would you mind {}", "do you mind {}?", "i'm thinking of {}", "i was thinking of {}", "what do you think about {}?", "think about {}", "try {}", "maybe try {}", "have you considered {}?", "consider {}", "thoughts on {}?", "let's try {}", "could you try {}?")  # fmt: skip
"""Round a clause with "making" for "make"."""
CLOSERS = (
    "{}, thanks", "{} thanks", "{}. thanks!", "{} thank you", "{}, thank you", "{} thx", "{}, cheers", "{} ty", "{} if you can", "{} if possible", "{}, if that's ok", "{} for me", "{} for us", "{} :)", "{} ;)", "{} lol", "{} haha", "{}!!", "{}!", "{}...", "{}, ok?", "{}, would you?", "{}, could you?",
    "{}, keep the rest", "{} but keep the rest", "{} and keep everything else", "{}, everything else stays", "{}, leave the rest as it is", "{} and leave the rest alone", "{} but nothing else", "{} and nothing else", "{}, rest stays the same", "{} only", "{}, don't change anything else", "{} but don't touch the rest",
    "{}, otherwise the same", "{} and that's it", "{}, that's all", "{} then", "{} this time", "{} now", "{} i think", "{}, i think", "{}, maybe", "{} maybe", "{} ok", "{}, will you", "{} real quick", "{} 😊", "{} 🙏",
)  # fmt: skip
GERUNDS = {
    "make": "making", "have": "having", "let": "letting", "give": "giving", "put": "putting", "turn": "turning", "change": "changing", "add": "adding", "remove": "removing", "take": "taking", "get": "getting", "set": "setting", "show": "showing", "draw": "drawing", "paint": "painting", "move": "moving",
    "swap": "swapping", "replace": "replacing", "switch": "switching", "drop": "dropping", "lose": "losing", "cheer": "cheering", "use": "using", "zoom": "zooming", "place": "placing", "dress": "dressing", "include": "including", "bring": "bringing", "shrink": "shrinking", "color": "coloring",
    "colour": "colouring", "leave": "leaving", "delete": "deleting", "erase": "erasing", "stop": "stopping", "redo": "redoing", "do": "doing", "go": "going", "plant": "planting", "shift": "shifting", "keep": "keeping", "enlarge": "enlarging", "hand": "handing", "render": "rendering",
}  # fmt: skip
JOINTS = (
    " and ",
    " and ",
    ", and ",
    " and also ",
    ", then ",
    " and then ",
    " but also ",
    ". also ",
    ", also ",
    " plus ",
    ", ",
)
IN_PLACE_NOTE = "I can't paint {what} yet, so here is {instead}. " + PAINTER_NOTE
KNOWN_ITEMS = "I can't paint {what} yet. I know {known}. " + PAINTER_NOTE


@dataclass(frozen=True)
class Ask:
    """A message that asks for a change, and the change; `edit` is None where nothing can be painted."""

    message: str
    edit: Edit | None
    removed: tuple[str, ...] = ()
    reply: str = ""


def random_ask(
    scene: Scene, rng: random.Random, setting: WorldSetting, previous: Edit | None = None, dev: bool = False
) -> Ask:
    """Return a wish for a change of the scene. `previous` is the edit that led to it, which "more" is about."""
    roll = rng.random()
    if roll < 0.035:
        return _cannot_hold(scene, rng, setting)
    if roll < 0.075:
        return _outside_swap(scene, rng, setting)
    if roll < 0.11:
        return _outside_place(scene, rng, setting)
    if roll < 0.13:
        return _nothing_to_remove(scene, rng, setting)
    if roll < 0.23:
        return _several(scene, rng, setting, dev)
    if roll < 0.30 and (edit := _joined_by(scene, rng, setting)):
        return Ask(_say(edit, scene, rng, dev), edit)
    return _single(scene, rng, setting, previous, dev)


def _single(scene: Scene, rng: random.Random, setting: WorldSetting, previous: Edit | None, dev: bool) -> Ask:
    kinds = [k for k in EDITS if k != "undo"]
    if previous is not None and rng.random() < 0.12:
        kinds = ["more", "less"]
    elif rng.random() < 0.22:
        kinds = [
            "mood_up",
            "mood_up",
            "mood_up_lots",
            "mood_down",
            "set_mood",
            "recolour",
            "add_worn",
            "place",
            "style",
        ]
    for _ in range(8):
        try:
            edit = random_edit(scene, rng, setting, dict.fromkeys(kinds), previous=previous, held_out=dev)
        except WorldError:
            kinds = [k for k in EDITS if k not in FOLLOWING]
            continue
        if edit.kind == "less" and "back" in edit.instruction.lower():
            continue
        if is_held_out(edit.after) and not dev:
            continue
        edit = _natural(edit, rng, setting)
        message = edit.instruction if dev or rng.random() < 0.3 else _say(edit, scene, rng, dev)
        return Ask(_with_synonyms(message, edit, rng), edit, removed_of(edit))
    raise WorldError("no edit applies")


def removed_of(edit: Edit) -> tuple[str, ...]:
    """Return what an edit takes out of the picture, in words."""
    if edit.kind in ("remove_worn", "remove_held"):
        return (edit.slots["items"],)
    if edit.kind == "remove_extra":
        return (edit.slots["extra"],)
    if edit.kind == "remove_thing":
        return (edit.slots["old_kind"],)
    if edit.kind == "weather_clear":
        return (edit.slots["weather"],)
    return ()


def _natural(edit: Edit, rng: random.Random, setting: WorldSetting) -> Edit:
    """Return the edit, at times with its colour left unsaid, which then is the usual one."""
    if edit.kind not in ("add_worn", "add_held") or rng.random() < 0.45 or edit.target is None:
        return edit
    before, after = edit.before.thing(edit.target), edit.after.thing(edit.target)
    old = {i.kind for i in before.worn}
    added = next((i for i in after.worn if i.kind not in old), None) if edit.kind == "add_worn" else after.held
    assert added is not None
    usual = replace(added, colour=DEFAULT_ITEM_COLOURS.get(added.kind, "red"))
    changed = replace(
        after,
        worn=tuple(usual if i == added else i for i in after.worn),
        held=usual if after.held == added else after.held,
    )
    name = words.plural(added.kind) if after.count > 1 else added.kind
    bare = name if after.count > 1 or name == "glasses" else words.article(name)
    coloured = edit.slots["an_item"]
    slots = {**edit.slots, "item": name, "an_item": bare, "colour": usual.colour}
    usual_words = f"{usual.colour} {name}" if after.count > 1 else words.item_words(usual.kind, usual.colour)
    clause = edit.change.replace(coloured, usual_words)
    instruction = (
        edit.instruction.replace(coloured, bare)
        if coloured in edit.instruction
        else _filled(rng.choice(CORES[edit.kind]), edit, slots, rng)
    )
    return replace(edit, after=edit.after.with_thing(changed), change=clause, slots=slots, instruction=instruction)


def spread(template: str) -> tuple[str, ...]:
    """Return every text that a template with "(a|b)" and capital words of `MACROS` stands for."""
    text = template.replace("BIT", MACROS["BIT"])
    text = re.sub(r"(?<![A-Z])[A-Z]{2,}(?![A-Z])", lambda m: MACROS.get(m[0], m[0]), text)
    tokens = iter([*re.findall(r"[()|]|[^()|]+", text), ")"])

    def group() -> list[str]:
        done: list[str] = []
        open_ = [""]
        for token in tokens:
            if token == ")":
                break
            if token == "|":
                done, open_ = done + open_, [""]
            else:
                ends = group() if token == "(" else [token]
                open_ = [start + end for start in open_ for end in ends]
        return done + open_

    return tuple(dict.fromkeys(re.sub(r" +", " ", text).strip() for text in group()))


Family = tuple[tuple[str, ...], bool]
"""The templates that one pattern stands for, and whether they are clauses, which words of politeness can go round."""


@cache
def _families(kind: str, *states: str) -> tuple[tuple[Family, ...], tuple[float, ...]]:
    """Return the families of a kind of edit and how often each is taken: a big one more often, but not by its size."""
    clauses, alone = list(CLAUSES.get(kind, ())), list(ALONE.get(kind, ()))
    for frame, filler in USES.get(kind, ()):
        for texts, into in zip(FRAMES[frame], (clauses, alone), strict=True):
            into += [_framed(text, filler) for text in texts]
    for state in states:
        more = WHEN.get(f"{kind}:{state}", ((), ()))
        clauses += more[0] * 2  # what fits just this change is what people say
        alone += more[1] * 2
    clauses += CORES.get(kind, ())
    alone += TERSE.get(kind, ())
    if kind in EDITS:
        clauses += _world_cores(kind)
    families = [(spread(text), True) for text in clauses] + [(spread(text), False) for text in alone]
    return tuple(families), tuple(len(texts) ** 0.5 for texts, _ in families)


def _framed(text: str, filler: str) -> str:
    old, _, new = filler.rpartition("=>")
    return re.sub(r"\bOLD\b", old, re.sub(r"\bX\b", f"({new})" if "|" in new else new, text))


def _states(edit: Edit) -> tuple[str, ...]:
    """Return what `WHEN` may know more words for: the new value, or the state before the change."""
    before, after, kind = edit.before, edit.after, edit.kind
    old = before.main if edit.target is None else before.thing(edit.target)
    new = next((t for t in after.things if t.id == old.id), None)
    if kind in ("mood_up", "mood_up_lots", "mood_down") and old.mood is not None:
        return (("sad", "sad", "calm", "happy", "top")[old.mood],)
    if kind == "set_mood" and new is not None and new.mood is not None and old.mood is not None:
        return MOODS[new.mood], f"{MOODS[new.mood]}:{'up' if new.mood > old.mood else 'down'}"
    if kind == "recolour":
        return ("furry",) if old.kind in FURRY else ()
    if kind in ("add_worn", "remove_worn") and new is not None:
        changed = {i.kind for i in old.worn} ^ {i.kind for i in new.worn}
        return tuple(changed)
    if kind == "weather_clear":
        return (before.weather, *(("day",) if before.time == "day" else ()))
    if kind == "add_extra":
        return tuple(set(after.extras) - set(before.extras))
    if kind == "move":
        return ("middle",) if edit.slots["side"] == "middle" else ("pair",) if len(before.things) > 1 else ()
    if kind in ("time", "weather", "style"):
        return (getattr(after, kind),)
    return ()


def _say(
    edit: Edit, scene: Scene, rng: random.Random, dev: bool, clause: bool = False, person: str | None = None
) -> str:
    """Return the edit in the wider words of this module; only a bare clause, to be joined with another, if so asked."""
    held_out = {t.lower() for t in EDITS[edit.kind].phrasings(True)} if edit.kind in EDITS else set()
    families, weights = _families(edit.kind, *_states(edit))
    slots = _base_slots(edit, _wide_slots(edit, rng), rng)
    for _ in range(200):
        texts, is_clause = rng.choices(families, weights)[0]
        template = rng.choice(texts)
        if (clause and not is_clause) or is_dev(template) != dev or not _fits(template, edit, slots, rng):
            continue
        said = template if clause else _wrapped(template, is_clause, rng, dev)
        if said.lower() in held_out or template.lower() in held_out:
            continue
        text = _filled(said, edit, slots, rng, person)
        if not _BAD_ARTICLE.search(text):
            return text
    return edit.instruction


_BAD_ARTICLE = re.compile(
    r"\b(an?|the) (in|on|at|over|by|a|an|the|with) |\b(very|really|so|super) (very|really|so|super|extremely|incredibly) "
)


def _fits(template: str, edit: Edit, slots: dict[str, str], rng: random.Random) -> bool:
    """Tell whether a template says what the edit does and, where there are several things, to which."""
    scene = edit.before
    thing = scene.main if edit.target is None else scene.thing(edit.target)
    if not all(slot in slots for slot in re.findall(r"\{(\w+)\}", template)):
        return False
    if not thing.has_face and FACE_WORDS.search(template.replace("{", "").replace("}", "")):
        return False
    if re.search(r"\bpaw", template) and thing.kind not in PAWED:
        return False
    if "{whose}" in template and " on the " in slots["thing"]:
        return False
    if thing.count > 1 and "kinds_now" not in edit.slots and ONE_OF_KIND.search(template):
        return False
    return len(scene.things) < 2 or _names_it(template, edit, thing, rng)


def _names_it(template: str, edit: Edit, thing: Thing, rng: random.Random) -> bool:
    """Tell whether a template says which of several things it is about."""
    scene = edit.before
    first = re.search(r"\{(thing|whose|him|his|he|kind|old_kind)\}", template)
    if edit.target is None:  # about the scene, so none of its things stands for it
        return first is None or (edit.kind in ("closer", "wider", "add_extra") and first[1] == "thing")
    alike = sum(other.kind == thing.kind for other in scene.things) > 1
    if first and (first[1] in ("thing", "whose", "old_kind") or (first[1] == "kind" and not alike)):
        return True
    if ("{kind}" in template and alike) or thing.id != scene.main.id:
        return False
    items = {i.kind for other in scene.things if other is not thing for i in (*other.worn, other.held) if i}
    if {words_of for words_of in items if edit.slots.get("items", "").startswith(words_of)}:
        return False  # the other one has one too
    return rng.random() < (0.6 if edit.kind == "add_thing" else 0.3)


def _base_slots(edit: Edit, slots: dict[str, str], rng: random.Random) -> dict[str, str]:
    """Return the slots with what every template may use: other names of the thing, its owner's form, pronouns."""
    scene, kind = edit.before, edit.kind
    thing = scene.main if edit.target is None else scene.thing(edit.target)
    name, many = name_of(scene, thing), thing.count > 1
    noun = words.plural(thing.kind) if many else thing.kind
    if "kinds_now" not in slots and name == f"the {noun}" and kind != "remove_thing" and rng.random() < 0.3:
        others = lx.SAME_KINDS.get(thing.kind, ())
        if others and rng.random() < 0.6:
            other = rng.choice(others)
            noun = words.plural(other) if many else other
            name = f"the {noun}"
        else:
            name = f"the {thing.colour} {noun}"
    elif not many and len(scene.things) == 1 and thing.has_face and kind != "replace_subject" and rng.random() < 0.06:
        name = rng.choice(("the little guy", "this guy", "my friend", "the little one", "this one", "this little one"))
    singular = words.plural(thing.kind).removesuffix("s") if many and "kinds_now" not in slots else thing.kind
    items = slots.get("items", slots.get("extra", slots.get("old_kind", "")))
    plural = many if kind == "remove_thing" else kind != "weather_clear" and _is_plural(items)
    full = {
        **slots, "thing": name, "whose": owner(name, thing.count), "old_time": rng.choice(words.TIME_SAID[scene.time]),
        "those": "them" if plural else "it", "a_old": noun if many else words.article(noun),
        "him": "{him}", "his": "{his}", "he": "{he}", "kind": singular if "kinds_now" in slots else noun,
    }  # fmt: skip
    full.setdefault("old_kind", noun)
    if "old_pose" in slots:
        full["pose_verb"] = {"jumping": "jump", "waving": "wave", "standing": "stand"}[slots["old_pose"]]
    if kind in ("recolour_worn", "recolour_held"):
        colour = slots["colour"]
        full["a_colour_one"] = f"{colour} ones" if plural else words.article(f"{colour} one")
        full["colour_items"] = f"{colour} {items}" if plural else words.article(f"{colour} {items}")
    return full


def _is_plural(noun: str) -> bool:
    return noun.endswith("s") and not noun.endswith("ss")


_VERBS = {
    "is": "are", "isn't": "aren't", "was": "were", "wasn't": "weren't", "has": "have", "does": "do", "doesn't": "don't",
    "goes": "go", "waves": "wave",
    **{f"{verb}s": verb for verb in ("look", "need", "seem", "deserve", "want", "feel", "smile", "jump", "leap", "hop", "stand", "belong", "bother", "say")},
}  # fmt: skip
_SUBJECT = r"(\{thing\}|\{he\}|(?:the|that|\{his\}|\{whose\}) \{(?:items|extra)\})"
_VERB_AFTER = re.compile(_SUBJECT + r" ((?:really |just |still |would )?)([a-z']+)")
_VERB_BEFORE = re.compile(r"\b(is|isn't|was|wasn't|does|doesn't|has) " + _SUBJECT)
_PARTS = re.compile(r"(\{his\}|\{whose\}) (face|head|hand|paw|neck|nose|smile|frown|mouth)\b")


def _agreeing(template: str, things: bool, items: bool) -> str:
    """Return the template with its verbs in the plural after what is more than one: a group, glasses, butterflies."""

    def many(subject: str) -> bool:
        return items if "{items}" in subject or "{extra}" in subject else things

    def after(found: re.Match[str]) -> str:
        verb = _VERBS.get(found[3], found[3]) if many(found[1]) else found[3]
        return f"{found[1]} {found[2]}{verb}"

    def before(found: re.Match[str]) -> str:
        return f"{_VERBS[found[1]] if many(found[2]) else found[1]} {found[2]}"

    text = _VERB_BEFORE.sub(before, _VERB_AFTER.sub(after, template))
    return _PARTS.sub(r"\1 \2s", text) if things else text


_ONCE = re.compile(
    r"\b(please|pls|plz|thanks|thank|thx|now|maybe|perhaps|also|and|but|too|just|think|so|only|instead|actually|then|as well|no|not|don't|try|let|let's|lets|i|rest|keep|nothing|for|me|us|this time|could|would|can|what if|you|sorry|i'd|same|like|why)\b"
)


def _wrapped(template: str, is_clause: bool, rng: random.Random, dev: bool) -> str:
    """Return the template, half of the time with what people say before, round and after a wish."""
    if rng.random() < 0.5:
        return template
    text, said = template, set(_ONCE.findall(template))

    def around(options: tuple[str, ...], inner: str) -> str:
        wrap = choose(rng, options, dev)
        heard = set(_ONCE.findall(wrap))
        if heard & said or (wrap.endswith("?") and inner.endswith(("?", "!"))):
            return inner
        said.update(heard)
        if not wrap.endswith("{}"):
            inner = inner.removesuffix("?").removesuffix("!")
        return wrap.replace("{}", inner)

    roll = rng.random()
    first, _, rest = text.partition(" ")
    if is_clause and roll < 0.1 and first in GERUNDS and " and " not in text:
        text = around(DOING, f"{GERUNDS[first]} {rest}")
        if text.startswith(GERUNDS[first]):
            text = template
    elif is_clause and roll < 0.6:
        text = around(POLITE, text)
    if rng.random() < 0.45:
        text = around(OPENERS, text)
    if rng.random() < 0.3:
        text = around(CLOSERS, text)
    return text


def _world_cores(kind: str) -> tuple[str, ...]:
    return tuple(phrasings.PHRASINGS[kind].cores)


def _filled(template: str, edit: Edit, slots: dict[str, str], rng: random.Random, person: str | None = None) -> str:
    thing = edit.before.main if edit.target is None else edit.before.thing(edit.target)
    slots = {k: v for k, v in slots.items() if k not in ("him", "his", "he")}
    item = slots.get("items", slots.get("extra", ""))
    template = _agreeing(template, thing.count > 1, _is_plural(item))
    text = fill(template, edit.before, thing, slots, person or person_of(thing, rng))
    text = re.sub(r"\b(on|at) the middle\b", "in the middle", text)
    return text.replace("a some ", "some ")


def _wide_slots(edit: Edit, rng: random.Random) -> dict[str, str]:
    """Return the edit's slots with other names for the new values."""
    slots, after = dict(edit.slots), edit.after
    if edit.kind == "place":
        in_place = " ".join(words.PLACE_NAMES[after.place])
        slots["in_place"] = rng.choice(lx.SAME_PLACES.get(after.place, (in_place,))) if rng.random() < 0.6 else in_place
        slots["a_place"] = (
            slots["a_place"]
            if rng.random() < 0.6
            else "the " + slots["a_place"].removeprefix("a ").removeprefix("the ")
        )
    elif edit.kind == "time":
        at = words.TIME_AT[after.time]
        slots["at_time"] = rng.choice(lx.SAME_TIMES.get(after.time, at)) if rng.random() < 0.6 else rng.choice(at)
    elif edit.kind == "weather":
        slots["in_weather"] = rng.choice(lx.SAME_WEATHERS.get(after.weather, (f"with {slots['weather']}",)))
    elif edit.kind == "style":
        said = rng.choice(lx.SAME_STYLES.get(after.style, words.STYLE_SAID[after.style]))
        if said.startswith(("drawn ", "painted ", "sketchy", "cartoony", "hand-drawn")) or said.endswith(
            ("colours", "colors", "pencil", "pencils")
        ):
            said = rng.choice(words.STYLE_SAID[after.style])
        bare = said.removeprefix("an ").removeprefix("a ")
        slots["style"], slots["a_style"] = (
            bare,
            said if said.startswith(("a ", "an ")) else words.article(f"{bare} picture"),
        )
    elif edit.kind == "set_mood" and edit.target is not None:
        mood = after.thing(edit.target).mood
        assert mood is not None
        slots["mood"] = rng.choice(lx.SAME_MOODS[mood]) if rng.random() < 0.6 else slots["mood"]
    elif edit.kind in ("recolour", "recolour_worn", "recolour_held") and rng.random() < 0.15:
        slots["colour"] = rng.choice([c for c in lx.SAME_COLOURS[slots["colour"]] if c != "dark"])
    elif edit.kind in ("add_worn", "add_held", "replace_held") and rng.random() < 0.3:
        names = {**lx.SAME_WORN, **lx.SAME_HELD}
        for kind, others in names.items():
            if re.search(rf"\b{kind}$", slots["an_item"]):
                new = rng.choice(others)
                slots["item"], slots["an_item"] = (re.sub(rf"{kind}$", new, slots[k]) for k in ("item", "an_item"))
                slots["an_item"] = re.sub(r"^an? (.*)$", lambda m: words.article(m[1]), slots["an_item"])
                break
    elif edit.kind in ("remove_worn", "recolour_worn", "remove_held", "recolour_held") and rng.random() < 0.25:
        names = {**lx.SAME_WORN, **lx.SAME_HELD}
        if slots.get("items") in names:
            slots["items"] = rng.choice(names[slots["items"]])
    elif edit.kind == "add_extra":
        extra = next(iter(set(after.extras) - set(edit.before.extras)))
        slots["an_extra"] = rng.choice(lx.SAME_EXTRAS.get(extra, (slots["an_extra"],)))
    elif edit.kind == "replace_subject" and edit.target is not None and rng.random() < 0.3:
        thing = after.thing(edit.target)
        if thing.count == 1 and slots["new_kind"] == thing.kind and thing.kind in lx.SAME_KINDS:
            new = rng.choice(lx.SAME_KINDS[thing.kind])
            slots["new_kind"], slots["a_kind"] = new, words.article(new)
    return slots


def _with_synonyms(message: str, edit: Edit, rng: random.Random) -> str:
    """Return the message with the subject under another name, at times."""
    if rng.random() > 0.15:
        return message
    thing = edit.before.main if edit.target is None else edit.before.thing(edit.target)
    name = name_of(edit.before, thing)
    if thing.count > 1 or name != f"the {thing.kind}":
        return message
    names = [f"the {n}" for n in lx.SAME_KINDS.get(thing.kind, ())]
    if thing.has_face and len(edit.before.things) == 1:
        names += [
            "the little guy",
            "this guy",
            "the character",
            "my friend",
            "this one",
            "the little one",
            "the poor thing",
        ]
    new = rng.choice(names) if names else name
    return re.sub(rf"\b{re.escape(name)}\b(?!')", new, message)


def _joined_by(scene: Scene, rng: random.Random, setting: WorldSetting) -> Edit | None:
    """A second thing beside one that stands in the middle, or a colour left unsaid: the first one makes room."""
    main = scene.main
    if len(scene.things) > 1 or main.count > 1:
        return None
    kind = rng.choice([s for s in setting.subjects if s != main.kind and s != "sign"])
    colour = default_colour(kind)
    said_colour = rng.random() < 0.4
    if said_colour:
        colour = rng.choice([c for c in setting.colours if not is_held_out_pair(kind, c)])
    side = (
        rng.choice(("left", "right"))
        if main.side == "middle" and rng.random() < 0.3
        else {"left": "right"}.get(main.side, "left")
    )
    if main.side == "middle" and side == "left" and rng.random() < 0.7:
        side = "right"
    own = "left" if side == "right" else "right"
    other = Thing(main.id + 1, kind, colour, mood=3 if kind in FACED else None, side=side)
    after = replace(
        scene, things=(replace(main, side=own), other), relations=(Relation(f"{own} of", main.id, other.id),)
    )
    if is_held_out(after) and not is_held_out(scene):
        return None
    full = words.article(f"{colour} {kind}")
    said = words.article(" ".join([*([colour] if said_colour else []), noun(kind, rng)]))
    region = "the whole picture" if main.side != own else f"the space on the {side}"
    slots = {"a_new": said, "side": side}
    return Edit("add_thing", scene, after, f"add {said}", f"add {full} on the {side}", region, slots, main.id)


def _several(scene: Scene, rng: random.Random, setting: WorldSetting, dev: bool) -> Ask:
    """Two changes in one message."""
    kinds = [k for k in EDITS if k not in (*FOLLOWING, "closer", "wider", "undo")]
    first = _natural(random_edit(scene, rng, setting, kinds, held_out=dev), rng, setting)
    others = [k for k in kinds if _family(k) != _family(first.kind) and _family(k) != "things"]
    try:
        second = _natural(random_edit(first.after, rng, setting, others, held_out=dev), rng, setting)
    except WorldError:
        second = None
    if second is None or second.target not in (first.target, None) or (is_held_out(second.after) and not dev):
        return Ask(_say(first, scene, rng, dev), first, removed_of(first))
    person = person_of(scene.main, rng)
    one, two = (
        _say(edit, edit.before, rng, dev, clause=True, person=None if edit.target != scene.main.id else person)
        for edit in (first, second)
    )
    text = _wrapped(one + rng.choice(JOINTS) + two, True, rng, dev)
    region = first.region if first.region == second.region else f"{first.region} and {second.region}"
    if "the whole picture" in region:
        region = "the whole picture"
    joined = replace(
        first,
        after=second.after,
        change=f"{first.change} and {second.change}",
        region=region,
        instruction=text,
        kind="several",
    )
    return Ask(text, joined, removed_of(first) + removed_of(second))


def _family(kind: str) -> str:
    """Return what a kind of edit is about; two of one family would contradict each other."""
    if kind in (
        "remove_thing",
        "replace_subject",
        "count_set",
        "just_one",
        "count_down",
        "count_up",
        "move",
        "add_thing",
    ):
        return "things"
    if kind in ("bigger", "smaller"):
        return "size"
    return next(
        (part for part in ("mood", "worn", "held", "pose", "weather", "extra", "pattern") if part in kind), kind
    )


def _cannot_hold(scene: Scene, rng: random.Random, setting: WorldSetting) -> Ask:
    """Something that can be neither worn nor held: nothing is painted, and the reply says so."""
    known = (
        {name for names in (*lx.SAME_WORN.values(), *lx.SAME_HELD.values()) for name in names}
        | set(setting.worn)
        | set(setting.held)
    )
    item = rng.choice([i for i in lx.ITEMS if i not in known])
    said = item if item.endswith("s") or item in ("ice cream", "coffee") else words.article(item)
    name = name_of(scene, scene.main)
    forms = (f"give {name} {said}", f"give it {said}", f"add {said}", f"put {said} on it", f"let it wear {said}", f"make it hold {said}", f"with {said}",
             f"it needs {said}", f"can {name} have {said}?", f"have {name} hold {said}", f"add {said} to {name}", f"can you add {said}", f"please add {said}",
             f"he should have {said}", f"i want it to wear {said}", f"now with {said}", f"give him {said} to hold", f"dress {name} in {said}")  # fmt: skip
    listed = words.listed([words.plural(k) if not k.endswith("s") else k for k in (*setting.worn, *setting.held)])
    return Ask(rng.choice(forms), None, reply=KNOWN_ITEMS.format(what=said, known=listed))


def _outside_swap(scene: Scene, rng: random.Random, setting: WorldSetting) -> Ask:
    """The subject turned into something that cannot be painted: the nearest takes its place."""
    thing = scene.main
    taken = {name for names in lx.SAME_KINDS.values() for name in names} | set(setting.subjects)
    pool = [w for w in (*lx.NOUNS, *lx.FULL_KINDS) if w not in taken and not w.startswith(("my ", "the "))]
    for _ in range(20):
        said = rng.choice(pool)
        kind = lx.nearest_kind(said, setting)
        if (
            kind is None
            or kind == thing.kind
            or (kind in FACED) != thing.has_face
            or thing.count > 1
            or is_held_out_pair(kind, thing.colour)
        ):
            continue
        a_kind = words.article(kind)
        edit = Edit("replace_subject", scene, scene.with_thing(replace(thing, kind=kind)), "", f"replace {name_of(scene, thing)} with {a_kind}",
                    name_of(scene, thing), {"a_kind": words.article(said), "new_kind": said}, thing.id)  # fmt: skip
        reply = IN_PLACE_NOTE.format(what=words.article(said), instead=a_kind)
        return Ask(
            _say(replace(edit, instruction=f"turn it into {words.article(said)}"), scene, rng, False), edit, reply=reply
        )
    return _single(scene, rng, setting, None, False)


def _outside_place(scene: Scene, rng: random.Random, setting: WorldSetting) -> Ask:
    said = rng.choice(
        [p for p in lx.PLACES if lx.nearest_place(p, setting)] + [p for p in lx.FULL_PLACES if p not in setting.places]
    )
    place = lx.nearest_place(said, setting)
    if place is None or place == scene.place:
        return _single(scene, rng, setting, None, False)
    named = said.title() if rng.random() < 0.4 else said
    if said in FULL.places:
        lead, named = words.PLACE_NAMES[said]
    else:
        lead = rng.choice(("in", "in", "at", "on"))
    inside = place == "room"
    after = replace(
        scene, place=place, weather="clear" if inside else scene.weather, extras=() if inside else scene.extras
    )
    slots = {"place": said, "a_place": named, "in_place": f"{lead} {named}"}
    a_place = words.PLACE_NAMES[place][1]
    edit = Edit(
        "place", scene, after, f"put it {lead} {named}", f"change the place to {a_place}", "the background", slots
    )
    template = rng.choice([t for t in (*CORES["place"], *TERSE["place"]) if not is_dev(t)])
    message = _filled(_wrapped(template, False, rng, False), edit, slots, rng)
    return Ask(message, edit, reply=IN_PLACE_NOTE.format(what=named, instead=a_place))


def _nothing_to_remove(scene: Scene, rng: random.Random, setting: WorldSetting) -> Ask:
    thing = scene.main
    worn = (
        {i.kind for t in scene.things for i in t.worn}
        | {t.held.kind for t in scene.things if t.held}
        | set(scene.extras)
    )
    absent = [k for k in (*setting.worn, *setting.held, *setting.extras) if k not in worn]
    if not absent:
        return _single(scene, rng, setting, None, False)
    item = rng.choice(absent)
    forms = (f"remove the {item}", f"take off the {item}", f"no {item}", f"get rid of the {item}", f"make the {item} {rng.choice(setting.colours)}",
             f"without the {item}", f"take away the {item}", f"can you remove the {item}?", f"remove its {item}", f"lose the {item} please")  # fmt: skip
    is_ = "are" if item in ("glasses", "butterflies") else "is"
    no = f"There {is_} no {item} in this picture to change."
    assert thing is not None
    return Ask(rng.choice(forms), None, reply=no)
