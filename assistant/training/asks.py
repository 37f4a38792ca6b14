"""Wishes to change a picture, as people type them, with the change. Wider in words than `captioner.world.edits`.

Starts from the world's own edits and their phrasings, and adds more phrasings, more names for everything, things left
unsaid ("give it a hat"), several changes in one message, and changes that cannot be painted. Knows no plans, no model.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace

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
from captioner.world.edits import EDITS, FOLLOWING, Edit, random_edit
from captioner.world.scene import FACED, FULL, MOODS, Relation, Scene, Thing, WorldSetting, is_held_out

CORES: dict[str, tuple[str, ...]] = {
    "mood_up": ("make {him} smile more", "make {him} look less sad", "have {him} be in a better mood", "brighten {his} face", "make {thing} feel better",
                "cheer {thing} up a little", "improve {his} mood", "make {him} a little more joyful", "make {his} expression happier", "make {thing} more joyful",
                "give {thing} a happier face", "make {thing} less gloomy", "turn {his} frown upside down", "make {his} smile bigger",
                "make {him} happier than that", "add a bit of happiness to {thing}", "put {him} in a better mood"),
    "mood_up_lots": ("make {him} super happy", "make {thing} way more cheerful", "make {him} so happy", "make {thing} as happy as can be", "make {him} really really happy",
                     "make {thing} extremely happy", "boost {his} mood a lot", "make {him} ten times happier", "make {thing} happier, like a lot"),
    "mood_down": ("make {him} a little sadder", "make {him} frown more", "make {thing} less joyful", "make {his} expression sadder", "make {him} smile less",
                  "make {thing} more gloomy", "make {him} more sad", "give {thing} a sadder face", "bring {his} mood down", "make {him} feel worse",
                  "make {thing} look more unhappy"),
    "set_mood": ("make {him} look {mood}", "make {thing} {mood} instead", "could {he} be {mood}", "show {him} {mood}", "change {his} expression to {mood}",
                 "have {him} look really {mood}", "make {his} face {mood}", "give {him} a {mood} expression", "let {him} look {mood}", "make {him} seem {mood}"),
    "recolour": ("make {his} colour {colour}", "change {his} color to {colour}", "color {him} {colour}", "colour {him} in {colour}", "have {thing} in {colour}",
                 "change {him} from {old_colour} to {colour}", "switch {thing} to {colour}", "give {him} {colour} fur", "dye {him} {colour}", "paint {him} in {colour}",
                 "make {thing} {colour} instead of {old_colour}", "turn {him} {colour}", "swap the {old_colour} for {colour}", "recolour {thing} {colour}",
                 "make {thing} all {colour}", "change the color of {thing} to {colour}", "make {thing} a {colour} one"),
    "add_worn": ("put {an_item} on", "add {an_item} on {thing}", "make {him} wear {an_item}", "stick {an_item} on {him}", "have {him} in {an_item}", "give {thing} {an_item} to wear",
                 "let {thing} wear {an_item}", "put {an_item} on {his} head", "get {him} {an_item}", "dress {him} up with {an_item}", "draw {an_item} on {him}",
                 "include {an_item} on {thing}", "throw on {an_item}", "slap {an_item} on {him}", "style {him} with {an_item}"),
    "remove_worn": ("take {his} {items} off", "take off {his} {items}", "get the {items} off {him}", "drop the {items}", "delete the {items}", "leave out the {items}",
                    "make {him} not wear the {items}", "show {him} without the {items}", "erase the {items}", "take the {items} away", "ditch the {items}",
                    "strip the {items}", "have {him} without {items}"),
    "recolour_worn": ("change {his} {items} to {colour}", "have the {items} be {colour}", "make the color of the {items} {colour}", "recolor the {items} to {colour}",
                      "swap the {items} for {colour} ones", "switch the {items} to {colour}", "use {colour} for the {items}", "give {him} {colour} {items} instead",
                      "paint {his} {items} {colour}", "make the {items} {colour} instead"),
    "add_held": ("put {an_item} in {his} paw", "make {him} carry {an_item}", "have {him} holding {an_item}", "add {an_item} that {he} is holding", "let {thing} hold on to {an_item}",
                 "give {him} {an_item} to carry", "add {an_item} for {him} to hold", "have {him} carry {an_item}", "get {him} to hold {an_item}", "give {thing} {an_item}",
                 "add {an_item}", "put {an_item} in {his} hands"),
    "remove_held": ("take {his} {items} away", "take the {items} away", "drop the {items}", "have {him} put down the {items}", "delete the {items}", "erase the {items}",
                    "leave out the {items}", "show {thing} without the {items}", "take the {items} out of {his} hand", "ditch the {items}"),
    "replace_held": ("swap {his} {items} for {an_item}", "exchange the {items} for {an_item}", "have {him} hold {an_item} instead of the {items}", "switch the {items} to {an_item}"),
    "recolour_held": ("change {his} {items} to {colour}", "have the {items} be {colour}", "recolor the {items} to {colour}", "switch the {items} to {colour}",
                      "swap the {items} for a {colour} one", "make the {items} {colour} instead", "make {his} {items} a {colour} one"),
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
    "count_up": ("add a second {kind}", "put another {kind} in", "add one {kind}", "have one more {kind}", "add another one", "make one more"),
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
                      "let the {weather} stop", "make it stop {weather}ing", "have a clear sky", "make it dry again", "take the {weather} out", "make it sunny"),
    "style": ("make it look like {a_style}", "change it to {style}", "switch to {style}", "use {style} style", "redo it in {style}", "do it as {a_style}", "change the style into {style}",
              "render it in {style}", "make this {a_style}", "make the whole thing {style}", "have it as {a_style}", "paint it in {style}", "convert it to {style}", "redo this as {a_style}",
              "give it a {style} look", "draw it in {style}", "restyle it as {a_style}", "try {style} style", "draw this like {a_style}"),
    "closer": ("bring {him} closer", "show {thing} close up", "make it a close-up", "zoom in a bit", "zoom in more", "come closer", "get a closer look at {thing}", "show {his} face up close",
               "make {thing} fill the picture", "zoom closer", "crop in closer", "do a close-up of {thing}", "show it from nearer"),
    "wider": ("zoom out a bit", "zoom out more", "show more of the background", "show more of the scene", "make it a wide shot", "go further away", "back up a little", "show {thing} from a distance",
              "get more of the surroundings in", "make {thing} further away", "show it from a distance", "widen the view"),
    "add_extra": ("add {an_extra} to the scene", "put {an_extra} in the background", "add {an_extra} to the picture", "have {an_extra} in the picture", "include {an_extra} too", "give it {an_extra}",
                  "draw {an_extra} in the background", "also add {an_extra}", "show {an_extra} too", "throw in {an_extra}", "place {an_extra} behind {him}"),
    "remove_extra": ("remove that {extra}", "make the {extra} go away", "drop the {extra}", "cut the {extra}", "take that {extra} away", "make the {extra} disappear", "hide the {extra}"),
    "pose_jump": ("have {him} jump", "have {him} leap", "make {him} hop", "make {him} bounce", "get {him} to jump", "show {him} jumping", "make {thing} leap into the air", "let {him} dance", "make {him} jump up and down",
                  "make {him} dance"),
    "pose_wave": ("have {him} wave", "have {him} wave hello", "make {thing} wave at us", "get {him} to wave", "show {him} waving", "make {him} wave at the viewer", "make {him} greet us", "let {him} say hello",
                  "make {him} raise a hand"),
    "pose_stand": ("make {him} stop", "have {him} stand still", "make {him} just stand", "show {him} standing", "make {him} calm down and stand", "have {him} stop {old_pose}", "let {him} rest"),
    "more": ("go a bit further", "do more of that", "do it again", "make it even more so", "increase it", "take it up a notch", "crank it up"),
    "less": ("tone it down a bit", "reduce that", "do a bit less", "make it less so", "soften it", "scale it down a notch"),
}  # fmt: skip
TERSE: dict[str, tuple[str, ...]] = {
    "mood_up": ("happier please", "too sad", "more happy", "more cheerful", "needs to be happier", "{thing} looks too sad", "{he} looks sad, fix that", "{he} looks miserable, cheer {him} up", "i want {him} happier",
                "{thing} could be a little happier", "why is {he} so sad?", "why the long face?", "more joy", "a bit more joyful", "{he} seems down, cheer {him} up", "make happier", "happy it up",
                "{he} should smile more", "smile more", "bigger smile", "can {he} be happier?", "could {thing} look happier?"),
    "mood_up_lots": ("super happy", "way more happy", "happiest ever", "extremely happy please", "as happy as possible", "so so happy", "{he} should be super happy", "i want {him} really happy"),
    "mood_down": ("more sad", "less cheerful", "too happy", "less joy", "{he} looks way too happy", "needs to be sadder", "can {he} be sadder?", "could {thing} look sadder?", "i want {him} sadder", "sadder please"),
    "set_mood": ("{he} should look {mood}", "can {he} be {mood}?", "could {thing} be {mood}?", "i want {thing} to look {mood}", "{thing} is {mood} now", "{he} is {mood} now", "{mood} please", "a {mood} {kind}",
                 "a {mood} face", "now {he} is {mood}", "{he} feels {mood}", "{mood} face please"),
    "recolour": ("can {he} be {colour}?", "could {thing} be {colour}?", "how about {colour}?", "{colour} would be better", "i'd prefer {colour}", "i prefer {him} in {colour}", "more {colour}", "different colour: {colour}",
                 "a {colour} {kind} instead", "{thing} but {colour}", "same but {colour}", "same {kind} but {colour}", "try {colour}", "try it in {colour}", "how would {he} look in {colour}?", "{colour} fur",
                 "the same in {colour}", "it needs to be {colour}", "make {colour}", "{he} should be {colour}, not {old_colour}", "i meant {colour}", "i said {colour}"),
    "add_worn": ("{an_item} please", "can {he} wear {an_item}?", "could {thing} have {an_item}?", "what about {an_item}?", "{an_item} would be nice", "{an_item} would look good on {him}", "{he} could use {an_item}",
                 "wearing {an_item}", "in {an_item}", "now with {an_item}", "same but with {an_item}", "i want {him} to have {an_item}", "maybe {an_item}", "{thing} looks cold, give {him} {an_item}", "with {an_item} on",
                 "{he} deserves {an_item}", "i think {he} needs {an_item}"),
    "remove_worn": ("no {items} please", "{thing} doesn't need {items}", "i don't want the {items}", "without {items}", "hate the {items}", "can we lose the {items}?", "the {items} has to go", "{items} gone", "the {items} looks silly, remove it",
                    "not wearing the {items}", "same but no {items}", "{he} doesn't need the {items}", "less {items}"),
    "recolour_worn": ("can the {items} be {colour}?", "{colour} {items} please", "what about {colour} {items}?", "how about {colour} {items}?", "the {items} would be better in {colour}", "i'd like the {items} to be {colour}",
                      "i prefer {colour} {items}", "but with {colour} {items}", "same but {colour} {items}", "{items} in {colour} please", "the {items} needs to be {colour}"),
    "add_held": ("{an_item} in {his} hand", "can {he} hold {an_item}?", "{he} needs {an_item}", "carrying {an_item}", "with {an_item}", "now with {an_item}", "could {thing} carry {an_item}?", "what about {an_item} in {his} hand?",
                 "plus {an_item} in {his} hand", "{an_item} please"),
    "remove_held": ("no {items} please", "without {items}", "{he} doesn't need the {items}", "i don't want the {items}", "{items} gone", "can we lose the {items}?", "same but no {items}"),
    "replace_held": ("can {he} hold {an_item} instead?", "{an_item} rather than the {items}"),
    "recolour_held": ("can the {items} be {colour}?", "{colour} {items} please", "how about {colour} {items}?", "i'd like the {items} to be {colour}", "i prefer a {colour} {items}", "same but with a {colour} {items}"),
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
             "what if it was {time}?", "too bright, make it {time}", "maybe {at_time}", "this {at_time}"),
    "weather": ("can it be {weathery}?", "{in_weather}", "{in_weather} please", "now {in_weather}", "same but {in_weather}", "how about some {weather}?", "it needs {weather}", "i want {weather}", "maybe some {weather}", "{weather} please",
                "a bit of {weather}", "lots of {weather}"),
    "weather_clear": ("no {weather} please", "stop {weather}", "less {weather}", "nice weather please", "sunny", "sunshine please", "better weather", "too {weathery}", "i don't want {weather}", "can it stop the {weather}?", "sunny weather"),
    "style": ("{style} please", "can it be {a_style}?", "could it be in {style}?", "how about {style}?", "how about {a_style}?", "now as {a_style}", "now in {style}", "same but as {a_style}", "same in {style}", "i'd like it in {style}",
              "i want it as {a_style}", "try {style}", "more {style}", "{style} version", "a {style} version please", "{style} look", "maybe {style}", "different style: {style}"),
    "closer": ("closer please", "can we get closer?", "nearer", "zoom", "zoom in please", "close up please", "a bit nearer", "too far", "up close", "i want to see {him} up close", "i can't see {him} well, zoom in"),
    "wider": ("zoom out please", "can we see more of the scene?", "from farther away", "too close", "wide angle", "more background", "more distance", "i want to see more around {him}", "farther away"),
    "add_extra": ("{an_extra} please", "can there be {an_extra}?", "maybe {an_extra}", "what about {an_extra}?", "with {an_extra} in the background", "there should be {an_extra}", "i'd like {an_extra} too", "now with {an_extra}",
                  "also {an_extra}", "i want {an_extra} in it"),
    "remove_extra": ("no {extra} please", "hate the {extra}", "the {extra} has to go", "can we lose the {extra}?", "i don't like the {extra}", "{extra} gone"),
    "pose_jump": ("can {he} jump?", "jump please", "{thing} jumps", "jumping please", "{he} should be jumping", "could {thing} be jumping?", "i want {him} jumping", "hopping", "dancing", "leaping"),
    "pose_wave": ("can {he} wave?", "wave please", "{thing} waves", "waving please", "{he} should be waving", "could {thing} wave at us?", "i want {him} to wave", "waving at us", "say hello"),
    "pose_stand": ("standing still please", "stop {old_pose} please", "no more {old_pose}", "can {he} stand still?", "{he} shouldn't be {old_pose}", "don't {old_pose}"),
    "more": ("more please", "even more please", "a little more", "still not enough", "more than that", "and again", "a lot more", "go on", "keep going!", "once again", "more more more"),
    "less": ("less please", "a bit too much", "that was too much", "a little less", "not that much", "way too much", "slightly less please"),
}  # fmt: skip
WRAPS = (
    "please {}", "{} please", "{}, please", "{} pls", "can you {}?", "can you {}", "can u {}", "could you {}?", "could you please {}?", "can you please {}", "would you {}?", "would you please {}?", "i want you to {}", "i'd like you to {}",
    "i would like you to {}", "now {}", "now please {}", "ok {}", "ok now {}", "ok, {}", "okay, {}", "hmm, {}", "hmm {}", "and {}", "and now {}", "also {}", "also, {}", "so {}", "then {}", "next, {}", "alright, {}", "let's {}",
    "let us {}", "nice, {}", "nice! now {}", "great! {}", "great, now {}", "cool, {}", "cool! can you {}?", "love it! {}", "i like it, but {}", "pretty good, but {}", "perfect, but {}", "almost! {}", "not bad, now {}", "good, but {}",
    "that's cute! {}", "looks good, but can you {}?", "actually, {}", "actually {}", "wait, {}", "well, {}", "just {}", "simply {}", "maybe {}", "perhaps {}", "try to {}", "go ahead and {}", "{}, thanks", "{}. thanks!", "{} thank you",
    "{}, would you?", "{} if you can", "{} for me", "{}, keep everything else the same", "{} but keep the rest", "{} and nothing else", "{} but don't change anything else", "{}, leave the rest alone", "{}, everything else stays", "{} only",
    "is it possible to {}?", "would it be possible to {}?", "i was wondering if you could {}", "do you think you could {}?", "you should {}", "i think you should {}", "why don't you {}", "it would be nice to {}", "we need to {}", "we should {}",
    "my daughter wants you to {}", "my son says: {}", "one more thing: {}", "one change: {}", "a small change: {}", "one last thing, {}", "{} lol", "{} :)", "{}!!", "hey, {}", "yo {}", "umm {}", "uh, {}", "oh and {}", "oh, {}", "sorry, {}",
    "no, {}", "yes, and {}", "yeah, {}", "yes! {}", "wow! {}", "haha {}", "lovely! {}", "beautiful. {}", "awesome, {}", "ok good. {}", "it's nice, but {}", "mind if you {}?", "feel free to {}", "i need you to {}", "you could {}", "make sure to {}",
)  # fmt: skip
SOFT_WRAPS = (
    "{}", "{}", "{}", "{} please", "{}, please", "ok, {}", "hmm, {}", "hm {}", "now {}", "nice. {}", "nice, but {}", "cool. {}", "love it, but {}", "great, but {}", "actually, {}", "wait, {}", "{} maybe", "{}!", "{} :)", "{} pls", "{} thanks",
    "i think {}", "no, {}", "yes but {}", "well, {}", "so, {}", "{} and the rest stays", "{}, the rest is fine", "and {}", "but {}",
)  # fmt: skip
MIX = {"happy": "smiling"}
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


def _say(edit: Edit, scene: Scene, rng: random.Random, dev: bool) -> str:
    """Return the edit in the wider words of this module."""
    held_out = {t.lower() for t in EDITS[edit.kind].phrasings(True)} if edit.kind in EDITS else set()
    cores, terse = CORES.get(edit.kind, ()), TERSE.get(edit.kind, ())
    own_cores = [
        p for p in (EDITS[edit.kind].phrasings(False) if edit.kind in EDITS else ()) if p in _world_cores(edit.kind)
    ]
    main = edit.target is None or edit.target == scene.main.id
    fits = [(p, True) for p in (*cores, *own_cores)] + [(p, False) for p in terse]
    if edit.kind == "set_mood" and edit.slots.get("mood") in MOODS:
        pass
    if not main:
        fits = [(p, c) for p, c in fits if "{thing}" in p and not re.search(r"\{(him|his|he|kind)\}", p)] or [
            (p, c) for p, c in fits if "{thing}" in p
        ]
    slots = _wide_slots(edit, rng)
    fits = [(p, c) for p, c in fits if is_dev(p) == dev and p.lower() not in held_out]
    fits = [(p, c) for p, c in fits if all(s in slots or s in _BASE_SLOTS for s in re.findall(r"\{(\w+)\}", p))]
    if not fits:
        return edit.instruction
    template, is_core = rng.choice(fits)
    wrap = "{}"
    if rng.random() < 0.45:
        wrap = choose(rng, WRAPS if is_core else SOFT_WRAPS, dev)
    template = wrap.replace("{}", template)
    if template.lower() in held_out:
        return edit.instruction
    return _filled(template, edit, slots, rng)


_BASE_SLOTS = frozenset({"thing", "kind", "him", "his", "he", "old_kind"})


def _world_cores(kind: str) -> tuple[str, ...]:
    return tuple(phrasings.PHRASINGS[kind].cores)


def _filled(template: str, edit: Edit, slots: dict[str, str], rng: random.Random) -> str:
    thing = edit.before.main if edit.target is None else edit.before.thing(edit.target)
    text = fill(template, edit.before, thing, slots, person_of(thing, rng))
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
        slots["colour"] = rng.choice(lx.SAME_COLOURS[slots["colour"]])
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
            "the animal",
            "this guy",
            "the character",
            "my friend",
            "him",
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
    one, two = _core(first, rng, dev), _core(second, rng, dev)
    text = one + rng.choice(JOINTS) + two
    if rng.random() < 0.35:
        text = choose(rng, WRAPS, dev).replace("{}", text)
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


def _core(edit: Edit, rng: random.Random, dev: bool) -> str:
    """Return a bare clause for an edit."""
    held_out = EDITS[edit.kind].phrasings(True)
    cores = [c for c in (*CORES.get(edit.kind, ()), *_world_cores(edit.kind)) if c not in held_out and is_dev(c) == dev]
    slots = _wide_slots(edit, rng)
    main = edit.target is None or edit.target == edit.before.main.id
    cores = [c for c in cores if all(s in slots or s in _BASE_SLOTS for s in re.findall(r"\{(\w+)\}", c))]
    if not main:
        cores = [c for c in cores if "{thing}" in c and "{him}" not in c and "{his}" not in c] or cores
    return _filled(rng.choice(cores), edit, slots, rng) if cores else edit.instruction


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
    wrap = choose(rng, SOFT_WRAPS) if rng.random() < 0.3 else "{}"
    message = _filled(wrap.replace("{}", template), edit, slots, rng)
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
