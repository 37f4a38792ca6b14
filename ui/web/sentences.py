"""Sentences that other parts of Limner write, once and in English, and that the page shows in the language of whoever
reads it: what went wrong, what was planned, what was done. What is kept, and what the models read, stays as it was.

A test finds each of these in the sources that write it, and each error that those raise among these. A sentence that is
not here is shown in English, marked so. What is wrong with the weights that somebody chose for this server is not here:
it is said where they were chosen, in English.

Tables alone; `ui.web.retelling` reads them.
"""

from __future__ import annotations

from collections.abc import Mapping

from ui.web.texts import N_

SENTENCES = (
    # What is planned, and being done.
    N_("Painting a new picture"),
    N_("Painting {count} new pictures"),
    N_("Editing {targets}: {what}"),
    N_("Editing {targets} in {count} ways: {what}"),
    N_("Painting {targets} again, {how}"),
    N_("Painting {targets} {count} times more, {how}"),
    N_("Going back to {targets}"),
    N_("Describing {targets}"),
    N_("Extending {targets}"),
    N_("Extending {targets}{where}"),
    N_("Merging {targets}"),
    N_("Merging {targets}: {what}"),
    N_("Enlarging {targets}"),
    N_("Asking back"),
    N_("Answering"),
    # What was done at the press of a button.
    N_("{label} once more."),
    N_("{label} once more, another way."),
    N_("{label}, varied {how}."),
    N_("Back at {label}."),
    N_("{label} with more round it."),
    N_("{label}, larger."),
    N_("{label} goes on {sides}, {width} × {height} pixels."),
    N_("{label} with {named}."),
    N_("All of {label} painted at once, from where {root} began. Go on with this one, or go back to {end}."),
    N_("Painted from your own words."),
    N_("What I see in it."),
    N_("New conversation"),
    # What cannot be done, and why.
    N_('There is no picture to change yet. Describe one first, for example "a bunny in a meadow".'),
    N_("Nothing here can describe pictures; the prompt that painted this one is shown beside it."),
    N_("There is no picture to look at yet. Ask for one first, or bring your own."),
    N_("There is no {label} in this conversation; it has {run}."),
    N_("{label} was deleted; this conversation has {run}."),
    N_("{label} was deleted, and there is no other picture in this conversation; describe a new one."),
    N_("A picture is still being painted in this conversation; press Stop, or wait for it, and delete {label} again."),
    N_("There is no conversation {id} of yours; start a new one."),
    N_("The message is empty; say what you would like to see."),
    N_("The message is not plain text: it holds {what}; send words only."),
    N_("{label}'s prompt does not say “{words}”; lock words that stand in it, or ask for them first."),
    N_("No edge of {label} goes outwards, so there is nothing to paint; drag one further."),
    N_("{label} cannot be combined with itself; choose another version."),
    N_("“{part}” was not found in {label}; name a part that can be seen there, or ask for the change in words."),
    N_("Limner does not draw children, or anyone who may be one, in a sexual way; ask for another picture."),
    N_("Limner does not draw gore; say what should be seen without it."),
    N_("Limner does not draw hateful symbols; say what should be seen without them."),
    N_("Limner does not draw people of public life naked or in a sexual way; ask for another picture."),
    N_("“{word}” is not drawn here; say what should be seen without it."),
    N_("What was painted was refused for what is seen in it ({seen}); ask for another picture."),
    N_("What was painted was refused by {name} ({labels}); ask for another picture."),
    N_("What was painted looks like a picture that is not made here; ask for another one."),
    N_("a child in a sexual way"),
    N_("gore"),
    N_("a hateful symbol"),
    N_("a person of public life"),
    N_("the style of an artist of our time"),
    N_("A prompt has 1 to {most} letters and this has {count}; change it and paint again."),
    N_("What to take has at most {most} letters and this has {count}; name one thing, such as “the hat”."),
    N_("There is no {other} to combine {label} with."),
    N_(
        "An extension holds its whole picture, and {label} is {own}x{high}, more than {wide}x{down}; ask for a "
        "larger size."
    ),
    N_("{label} is {wide}x{high} pixels and has {shape} already as its shape; ask for another shape, or to zoom out."),
    N_(
        "{label} is {wide}x{high} pixels and does not lie on a canvas of {across}x{down} at {left}, {top}; give a "
        "place where all of it does."
    ),
    N_("{name} cannot keep to a mask; leave the mask out and say where in words."),
    N_(
        "{name} cannot take a part of a picture; say what {label} gives without naming a part, or ask for the "
        "change in words."
    ),
    N_("The file {place} is missing from the data folder; put it back from a backup, or go on from another version."),
    N_(
        "The file {place} is damaged: its bytes are not those that were written; put it back from a backup, or go "
        "on from another version."
    ),
    N_("The file {place} cannot be read ({why}); check the disk it lies on."),
    N_("A locked phrase has 1 to {most} letters and this has {count}; lock a few words of {label}'s prompt."),
    N_("{label} has {most} locked phrases already; unlock one, or lock longer ones."),
    N_("{label} has no locked phrase “{phrase}”; {held}."),
    N_("The message was refused by {model} ({named}); ask for another picture."),
    N_(
        "The moderation service {address} answered {status} ({said}); check its address and its key, or leave "
        "LIMNER_MODERATION out."
    ),
    N_("The moderation service {address} cannot be reached ({error}); start it, or leave LIMNER_MODERATION out."),
    N_("The moderation service {address} sent what is no answer; check its address."),
    N_("The message has {count} letters and at most {most} can be read; shorten it and send it again."),
    N_("The description is not plain text: it holds {what}; say it in other words."),
    N_(
        "The policy's small model in {folder} cannot be used ({error}); install Limner again, or set "
        "LIMNER_POLICY_MODEL=off."
    ),
    N_("The painter {name} cannot {act} pictures, only {acts}; ask for that."),
    N_("One message paints 1 to {most} pictures and {count} were asked; ask for fewer."),
    N_("{name} paints in 1 to {most} steps and {count} were asked; ask for fewer."),
    N_("The painter stopped with {count} of {all} pictures unpainted; try again."),
    N_(
        "{act} keeps the size of its picture, and {label} is {wide}x{high}; leave the size out, or ask for a new "
        "picture."
    ),
    N_("A seed is a whole number from 0 to 2^63 - 1 and {seed} was asked; give another."),
    N_("The rewriter {name} gave no valid plan in two tries ({why}); say it in other words."),
    N_("There is no painter {painter} here; choose another one."),
    N_("There is no picture {id} of yours; look at the list of your conversations."),
    N_("There is no such picture among yours; look at the list of your conversations."),
    N_("There is no turn {id} of yours; look at the conversation's history."),
    N_("That turn belongs to another conversation; send the message in the turn's own conversation."),
    N_("The mask is {wide}x{high} pixels and its picture {across}x{down}; make the mask as large as the picture."),
    N_(
        "The mask has no transparent part, so nothing could change; make it transparent (alpha 0) where the "
        "picture shall be painted anew."
    ),
    N_("The {what} has more than {most}, which is the most that can be taken."),
    N_("A value cannot be stored ({error}); send plain text and smaller numbers."),
    # What the models cannot do.
    N_("{name} takes no picture as a pattern; say in words what the new one shall show."),
    N_("{name} could not paint this ({error}); try other words or another size."),
    N_("{name}'s own safety checker held the picture back; try other words or another seed."),
    N_(
        "{name} painted nothing but black, which happens where numbers overflow in half precision; set "
        "LIMNER_PAINTER_DTYPE=float32 and try again."
    ),
    N_("{name} ran out of the GPU's memory; ask for a smaller picture, or set LIMNER_PAINTER_OFFLOAD=sequential."),
    N_("{name} only changes pictures; bring one of your own, and say what to change."),
    N_("{name} cannot vary pictures a little; ask for a new try."),
    N_("{name} cannot enlarge pictures; ask for a new one in a larger size."),
    N_("{name} only paints inside masks; paint one where the picture shall change."),
    N_("{name} cannot edit pictures; ask for a new one."),
    N_("{name} cannot extend pictures, since it paints inside no mask; use another painter."),
    N_("{name} paints pictures of {most}x{side} pixels only; {wide}x{high} was asked. Leave the size out."),
    N_(
        "{name} paints pictures whose sides are multiples of {step} from {least} to {most} pixels; {wide}x{high} "
        "was asked. Ask for {across}x{down}, for example."
    ),
    N_(
        "{name} paints on from a picture in sizes whose sides are multiples of {step} from {least} to {most} "
        "pixels, and this would be {wide}x{high}; go on from a smaller picture, or ask for less."
    ),
    N_("painting ran into numbers that are no picture; try again with another seed."),
    N_(
        "pictures are enlarged up to {most} pixels a side, and one of {wide}x{high} would become {across}x{down}; "
        "enlarge a smaller one."
    ),
    # Pictures of one's own.
    N_("The {what} cannot be read; send a PNG, JPEG or WebP file."),
    N_("The {what} has {width}x{height} pixels and at most {most} megapixels can be taken; send a smaller one."),
    N_("The {what} moves: it has {frames} frames. Send one still picture."),
    N_("The file is larger than {most} MB; send a smaller one."),
    N_("Your picture was refused for what is seen in it ({seen}); bring another one."),
    N_("Your picture was refused by {name} ({labels}); bring another one."),
    N_("Your picture is one that is not taken here; bring another one."),
    N_(
        "What your picture's file tells of it was refused ({thing}); bring the picture without that, or bring another "
        "one."
    ),
    N_("A picture is still being painted; press Stop, or wait for it, and bring yours again."),
    # What broke.
    N_("Something in Limner broke ({error}); send the message again."),
    N_(
        "The rewriter's weights are missing from {folder}; install limner anew or train them with `limner train "
        "rewriter`."
    ),
    N_("The rewriter's weights in {folder} are damaged ({error}); install limner anew or train them again."),
    N_("The rewriter {name} failed ({error}); send the message again, or leave --rewriter out for the embedded one."),
    N_(
        "There is too little memory for the rewriter {name}; choose a smaller one, or serve it elsewhere and give "
        "--rewriter MODEL@URL."
    ),
    N_("The rewriter {name} at {address} answered {status} ({said}); {advice}."),
    N_(
        "The rewriter {name} at {address} cannot be reached ({error}: {why}); start it, or leave --rewriter out for "
        "the embedded one."
    ),
    N_(
        "The rewriter {name} at {address} was silent for {seconds} s; see whether it hangs or is still loading, "
        "or set LIMNER_REWRITER_TIMEOUT higher."
    ),
    N_(
        "The rewriter {name} at {address} wrote more than {most} letters and had not ended; say it in other "
        "words, or take another model."
    ),
    N_("The rewriter broke off ({error}); send the message again."),
    N_(
        "The rewriter {name} at {address} broke off in the middle of its answer; see what its own log says, and send "
        "the message again."
    ),
    N_("The rewriter sent what is no answer ({data}); send the message again."),
    N_("The disk is full; make room and send the message again."),
    N_("The disk is full, so the database {place} could not be written; make room and try again."),
    N_("There was not enough memory for this picture; ask for a smaller one, or close other programs."),
)
MESSAGES = (
    N_("Paint {label} again"),
    N_("Paint {label} again, four ways"),
    N_("Exactly: {words}"),
    N_("Go back to {label}"),
    N_("Vary {label} {how}"),
    N_("Zoom out from {label}"),
    N_("Paint on {sides} of {label}"),
    N_("Upscale {label}"),
    N_("Combine {label} with {named}"),
    N_("Paint all of {label} at once, from where {root} began"),
)
"""What buttons say in the place of the person who presses them. They are kept, and read, in English."""
AND = N_("{first} and {second}")
_SIDES = (N_("all round"), N_("to the left"), N_("to the right"), N_("above"), N_("below"), AND)
PARTS: Mapping[str, tuple[str, ...]] = {
    "how": (N_("nearly the same"), N_("another way"), N_("a little"), N_("a lot")),
    "where": (N_(" to the left"), N_(" to the right"), N_(" upwards"), N_(" downwards"), N_(" to {shape}")),
    "sides": _SIDES,
    "first": _SIDES,
    "second": _SIDES,
    "targets": (AND, N_("the picture")),
    "what": (
        N_("the picture"), N_("picture"), N_("mask"), N_("message"), N_("half of a letter ({code})"),
        N_("a control character ({code})"),
    ),
    "act": (N_("An edit"), N_("A merge"), N_("A subtle variation")),
    "named": (N_("{what} of {label}"),),
}  # fmt: skip
"""What may stand in a sentence's place of this name, beside what a model or a person wrote."""
_LABEL = "v[0-9]+"
LIKE: Mapping[str, str] = {
    **dict.fromkeys(("label", "root", "end", "other"), _LABEL),
    "targets": f"{_LABEL}(?: and {_LABEL})*|the picture",
}
"""Places in which not everything may stand, and the pattern of what may: labels of versions."""
