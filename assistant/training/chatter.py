"""What people say that paints nothing, or names a picture: data and small functions for the simulated conversations."""

from __future__ import annotations

import random

from assistant.training import lexicon as lx
from assistant.training.wishes import choose

VARY = (
    "another one", "try again", "again", "one more time", "another version", "make another one like this", "give me another", "do it again", "redo it", "repaint it", "paint it again",
    "same thing again", "same again but different", "a different one", "another take", "another try", "show me another", "show me a different version", "let me see another version",
    "another variation", "variation please", "vary it", "make a variation", "can you make another one?", "could you try again?", "can i see another one", "one more like that",
    "different version please", "i don't like it, try again", "not quite, try again", "meh, another one", "once more", "roll again", "reroll", "re-roll", "regenerate", "generate again",
    "give it another go", "have another go", "try once more", "let's see another attempt", "same prompt again", "same picture, different try", "again please", "another please",
    "new version of the same", "do another", "paint another one", "same idea again", "keep the idea but paint it again", "show me more like this", "make it again", "can you redo this?",
    "retry", "i want another option", "other options?", "show me an alternative", "an alternative please", "surprise me with another version", "draw it again", "redraw it", "another shot",
    "hmm, that one is a bit off. again?", "could i get a second version", "a second attempt please", "could you repaint this", "shuffle", "next version",
)  # fmt: skip
VARY_OF = (
    "another one like {}",
    "{} again",
    "try {} again",
    "paint {} again",
    "a variation of {}",
    "another version of {}",
    "redo {}",
    "make another {}",
    "vary {}",
    "regenerate {}",
    "one more take on {}",
)
UNDO = (
    "undo", "undo that", "undo it", "undo please", "undo the last change", "undo the last one", "go back", "go back one", "back", "back please", "revert", "revert that", "revert it", "take that back",
    "the one before", "go back to the one before", "the previous one", "previous", "previous one please", "back to the previous one", "go back to the previous version", "the last one was better",
    "i liked the one before better", "the one before was better", "no, go back", "never mind, go back", "that was a mistake, go back", "ctrl z", "ctrl+z", "step back", "go one step back",
    "change it back", "put it back", "put it back how it was", "restore the previous picture", "can you undo that?", "could you go back?", "can we go back one step?", "return to the previous version",
    "i preferred it before", "it was better before", "as it was before", "like before please", "make it how it was", "make it like before", "i don't like that, undo", "no i don't like this change",
    "don't like it, go back", "oops, undo", "nope, revert", "wait no, go back", "undo my last request", "take it back", "back to how it was", "one back", "the earlier one", "the version before this",
    "forget the last change", "cancel that change", "scratch that", "that's worse, go back", "worse. go back", "let's go back to the last one", "i want the previous picture back", "roll back", "rollback",
    "return", "go to the previous one", "bring back the one before", "give me back the old one", "can i have the previous one back?", "undo what you just did", "reverse that", "reset to before",
)  # fmt: skip
FIRST = (
    "go back to the first one", "the first one", "back to the first", "the first one was better", "i liked the first one best", "return to the first picture", "show me the first one again", "the original",
    "go back to the original", "back to the original please", "the original one was better", "the very first one", "start from the first one again", "can we go back to the first picture?", "i want the first one back",
    "restore the original", "the first version please", "revert to the first", "take me back to the first one", "use the first one", "let's return to the original", "let's go with the first", "first one please",
    "the one at the beginning", "back to the beginning", "back to the start", "the one we started with", "the picture we began with", "reset to the original", "initial version", "undo everything", "undo all changes", "i prefer the first",
    "bring back the first one", "the first was nicer", "go to the first picture", "number one was the best",
)  # fmt: skip
LABEL = (
    "go back to {}", "back to {}", "{}", "return to {}", "{} please", "show me {}", "show {} again", "use {}", "i want {} back", "{} was better", "{} was the best", "i liked {} more", "can we go back to {}?", "restore {}",
    "revert to {}", "go to {}", "let's go with {}", "take {}", "switch to {}", "switch back to {}", "i prefer {}", "let me see {} again", "open {}", "bring back {}", "pick {}", "i choose {}", "load {}", "can you return to {}",
    "let's continue from {}", "continue with {}", "jump to {}", "could i have {} back?", "please go back to {}", "actually {} was nicer", "undo to {}", "roll back to {}", "take me to {}", "{} again please",
)  # fmt: skip
DESCRIBED = (
    "go back to the {} one", "the {} one was better", "the {} one", "the {} one please", "i liked the {} one", "i liked the {} one best", "back to the {} one", "return to the {} one", "show me the {} one again",
    "i prefer the {} one", "the {} one was best", "can we go back to the {} one?", "take the {} one", "use the {} one", "let's go with the {} one", "bring back the {} one", "i want the {} one back", "restore the {} one",
    "i think the {} one was nicer", "could i have the {} one again?", "go back to when it was {}", "the {} version", "back to the {} version", "the {} version was better", "the {} picture please",
)  # fmt: skip
DESCRIBED_WITH = (
    "go back to the one {}", "the one {}", "the one {} was better", "back to the one {}", "i liked the one {}", "i preferred the one {}", "return to the one {}", "show me the one {} again", "can we go back to the one {}?",
    "bring back the one {}", "the picture {} please", "i want the one {} back", "take the one {}", "use the one {}", "the one {} was best", "the version {}", "go back to the version {}", "let's go with the one {}",
)  # fmt: skip
DESCRIBE = (
    "what's in the picture?", "describe it", "describe the picture", "what do you see?", "what is in this picture", "tell me what you painted", "can you describe this?", "describe this image", "what's the picture of?",
    "what did you draw?", "what does it show?", "tell me about this picture", "what am i looking at?", "write a caption for it", "caption this", "give me a description", "what is shown here?", "describe what you see",
    "explain the picture", "can you tell me what this is?", "describe it to me please", "what's going on in the picture?", "alt text please", "write alt text for this", "read me the picture",
    "how would you describe it?", "put the picture into words", "what exactly is in it?", "list what is in the picture", "describe {}", "what is in {}?", "what does {} show?", "what's in {}",
)  # fmt: skip
UPSCALE = (
    "upscale it", "make it higher resolution", "bigger resolution please", "enlarge the picture", "upscale", "make the image larger", "i need it in 4k", "increase the resolution", "hd version please", "make it sharper",
    "high res please", "can you upscale this?", "make a bigger file", "higher resolution", "make it print quality", "make the picture bigger in pixels", "upscale {}", "enlarge {}", "i need a larger image file",
    "give me a high resolution version", "can i get this in full hd?", "more pixels", "double the resolution", "hi-res version of this", "enhance the quality", "enlarge the image",
)  # fmt: skip
EXTEND = (
    "extend it to the left", "extend the picture to the right", "make the picture wider on the left", "add more space at the top", "outpaint it", "expand the canvas", "extend the image upwards", "continue the picture to the right",
    "make it a panorama", "extend the scene beyond the edges", "grow the canvas to the left", "add more room on the right side of the image", "extend {} to the left", "expand the picture downwards", "make the image landscape format",
    "widen the canvas", "show what is left of the frame", "paint beyond the border", "extend the image", "uncrop it", "make it 16:9", "paint what's outside the frame",
)  # fmt: skip
MERGE = (
    "merge {} and {}", "combine {} and {}", "put {} and {} together", "mix {} with {}", "blend {} and {}", "make one picture out of {} and {}", "combine {} with {}", "merge {} with {}", "join {} and {}",
    "take the subject from {} and put it into {}", "can you combine {} and {}?", "fuse {} and {} into one", "{} and {} in one picture", "mash up {} and {}",
)  # fmt: skip
THANKS = (
    "thanks", "thank you", "thanks!", "thank you so much", "thx", "ty", "cheers", "perfect, thanks", "great, thank you", "that's perfect", "perfect!", "i love it", "love it", "wow", "wow, beautiful", "nice", "great", "awesome",
    "amazing", "so cute", "that is adorable", "lovely", "excellent", "good job", "well done", "nice work", "very nice, thank you", "that's exactly what i wanted", "you're great", "beautiful!", "cool", "super", "thanks a lot",
    "thank you very much", "many thanks", "that's great", "my daughter loves it", "this is wonderful", "it looks great", "i like it", "looks good", "ok thanks", "haha nice", "brilliant", "fantastic", "that's all, thanks", "done, thank you",
    "appreciate it", "much appreciated", "you made my day", "it's so pretty", "gorgeous", "good", "very good", "well that's lovely",
)  # fmt: skip
HELLO = (
    "hello",
    "hi",
    "hey",
    "hi there",
    "hello there",
    "good morning",
    "good evening",
    "hey!",
    "hi!",
    "hello!",
    "yo",
    "howdy",
    "greetings",
    "hiya",
    "good afternoon",
    "hello limner",
    "hi limner",
    "hey you",
    "hello, anyone there?",
    "sup",
)
BYE = (
    "bye",
    "goodbye",
    "see you",
    "see you later",
    "good night",
    "bye bye",
    "that's it for today",
    "see ya",
    "gotta go",
    "talk to you later",
    "i'm done for today",
    "bye for now",
)
ABLE = (
    "what can you do?", "help", "what can you paint?", "what can you draw?", "how does this work?", "what are you able to draw?", "who are you?", "what is this?", "how do i use this?", "what do you know?", "can you help me?",
    "what animals can you draw?", "which styles do you know?", "what styles are there?", "what should i type?", "instructions please", "give me some ideas", "what are the options?", "tell me what you can do", "what are you?",
    "are you an ai?", "how do i start?", "what places do you know?", "what colours can you use?", "list what you can paint", "i don't know what to draw", "any suggestions?", "what can i ask for?", "can you draw people?",
    "can you write text?", "how can i edit a picture?", "can i change a picture?", "what kind of pictures can you make?", "do you have examples?", "?", "what now?", "how many subjects do you know?",
)  # fmt: skip
OTHER = (
    "how are you?", "what's the weather like?", "tell me a joke", "what time is it?", "who won the world cup?", "what is 2+2?", "write me a poem", "do you like cats?", "what's your name?", "where do you live?", "how old are you?",
    "what's the capital of france?", "are you human?", "can you sing?", "i'm bored", "i'm hungry", "what day is it?", "do you dream?", "translate hello to french", "play some music", "book me a flight", "who made you?",
    "solve x^2=4", "write some python code", "do you love me?", "what's the meaning of life?", "i had a bad day", "my name is anna", "ok", "hm", "hmm", "okay", "yes", "no", "maybe", "sure", "lol", "haha", "let me think", "one moment",
    "wait", "nothing", "never mind", "nvm", "forget it", "not now", "i'm not sure", "why?", "really?", "interesting", "alright",
)  # fmt: skip
GIBBERISH = (
    "asdf",
    "asdfgh",
    "qwerty",
    "xxxx",
    "blah blah",
    "jkl;",
    "aaaaaa",
    "...",
    "!!!",
    "hgfd",
    "zzz",
    "123",
    "fdsafdsa",
    "test",
    "testing",
    "foo",
    "lorem ipsum",
    "…",
    "sdfkjh",
    "uiop",
    "abc",
    "-",
    "x",
)
THANKS_REPLY = "You're welcome! Tell me what to change, or what to paint next."
HELLO_REPLY = "Hello! Tell me what to paint, such as a happy bunny in a meadow."
BYE_REPLY = "Goodbye! Your pictures are kept here."
ABLE_REPLY = (
    "I paint animals, robots, wizards, houses and cakes in many places, moods and styles, and change them as you say."
)
OTHER_REPLY = "I can only paint and change pictures. Tell me what to paint."
GIBBERISH_REPLY = "I did not understand that. What shall I paint?"
NO_PICTURE_REPLY = "There is no picture yet. What shall I paint?"
NOTHING_BACK_REPLY = "There is no earlier picture to go back to."
REFUSE_REPLY = "I don't paint that. Ask me for something friendly instead."
DESCRIBE_REPLY = "This is what the picture shows."
VAGUE = ("change it", "make it better", "edit it", "make it different", "do something", "improve it", "fix it", "modify the picture", "something is missing", "i don't like it", "it's wrong", "not what i wanted", "change something",
         "can you change it?", "hmm i'm not happy with it", "i want something different", "make some changes", "it's boring")  # fmt: skip
VAGUE_REPLY = "What shall I change: the colour, the mood, the place, or something else?"
WISH_VAGUE = (
    "draw something",
    "make a picture",
    "paint something nice",
    "surprise me",
    "draw me a picture",
    "i want a picture",
    "can you draw?",
    "create an image",
    "paint",
    "draw",
    "make me something",
    "anything",
    "draw anything you like",
)


def refused(rng: random.Random, dev: bool) -> str:
    """Return a wish that must not be painted."""
    what = choose(rng, lx.REFUSED, dev)
    forms = (
        "{}",
        "draw {}",
        "a picture of {}",
        "paint {}",
        "i want {}",
        "can you draw {}?",
        "show me {}",
        "make {}",
        "please draw {}",
        "give me {}",
        "now draw {}",
        "make it {}",
        "an image of {}",
        "add {}",
        "create {}",
        "generate {}",
        "draw me {}",
        "could you paint {}?",
        "i would like to see {}",
        "can you make {} for me",
        "{} please",
        "{} on the beach",
        "{} in a forest at night",
        "a cartoon of {}",
        "an illustration of {}",
        "a realistic picture of {}",
        "a watercolour of {}",
        "a cute bunny and {}",
        "now with {}",
        "turn it into {}",
    )
    article = rng.choice(("", "", "a ", "some "))
    return rng.choice(forms).format(article + what)


def spelled(label: str, rng: random.Random) -> str:
    """Return a label as people write it."""
    number = label.removeprefix("v")
    return rng.choice(
        (
            label,
            label,
            label,
            label,
            label.upper(),
            f"version {number}",
            f"v {number}",
            f"number {number}",
            f"picture {number}",
            f"#{number}",
            f"version {label}",
            f"no. {number}",
            f"image {number}",
        )
    )
