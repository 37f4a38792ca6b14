"""Ways of asking something of a whole picture, and of calling one: the tables of `reframing.py` and `referring.py`.

A template may hold "(a|b)" for either and the capital words of `MEANINGS`, which stand for tables of such; `composed`
draws one text of it. PIC is the picture that is meant, and is filled by who knows it. Words only: no scene, no model.
"""

from __future__ import annotations

import random
import re

from assistant.training.ways_of_asking import CLOSERS, DOING, GERUNDS, OPENERS, POLITE
from assistant.training.wishes import choose

MEANINGS = {
    "RES": "(4k|8k|2k|hd|full hd|uhd|ultra hd|1080p|2160p|1440p|4096 pixels|2048x2048|2048 by 2048|300 dpi|retina resolution|high res|higher res|high resolution|a higher resolution|full resolution|print quality|print resolution)",
    "FACT": "(2x|4x|twice|double|two times|four times|3x|x2|x4|8x|three times)",
    "USE": "(a poster|print|printing|my wall|a t-shirt|a canvas print|a big screen|the projector|a billboard|a book|a magazine|framing|a large print|A3|A2|a mug|a banner print)",
    "WANT": "(i want|i'd like|i would like|i'd love|i need|we need|i wanna have|gimme|i wish for|we want)",
    "AGAIN": "(again|once more|one more time|anew|afresh|over|over again|from scratch|a second time|another time)",
    "ALIT": "(a bit|a little|a tad|a touch|slightly|subtly|just a little|ever so slightly|just a bit|a tiny bit|minimally)",
    "SLIGHT": "(slight|subtle|small|minor|gentle|close|tiny|near-identical|very similar|light)",
    "DIFFERENT": "(different|new|fresh|second|alternative|completely different|totally new|whole new|brand new|wildly different|very different|radically different)",
    "TAKE": "(one|version|take|try|attempt|interpretation|go|shot|composition|rendition|approach|rendering|result|idea|picture)",
    "SCENE": "(it|this|the picture|the image|this picture|the scene|the canvas|the background|the landscape|the frame|the pic|the view|the drawing|everything|this one)",
    "EXTEND": "(extend|expand|continue|outpaint|widen|grow|stretch|lengthen|enlarge|prolong|carry on|draw out)",
    "SCENERY": "(picture|scene|scenery|landscape|background|space|room|canvas|surroundings|of the scene|of the place|of the picture|image|of the surroundings|of it)",
    "BACKTO": "(go back to|back to|return to|revert to|switch to|switch back to|jump to|jump back to|rewind to|roll back to|reset to|take me back to|take me to|take it back to|bring me back to|let's go back to|let's return to|go to|step back to|get back to|undo back to|move back to|change back to)",
    "TAKEIT": "(restore|use|load|open|reload|recover|show me|show|bring back|get back|give me|give me back|put back|keep|pick|choose|select|take|let's use|let's take|let's keep|let's go with|continue with|continue from|work with|go on with|carry on with|recall|display|fetch|i choose|i pick|i take|i'll take|we take|stay with|stick with)",
    "BETTER": "(better|best|nicer|cuter|prettier|the best|the nicest|my favourite|my favorite|perfect|closer to what i wanted|more like it|more fun|the one i liked|great|just right|better than this|lovelier)",
    "MERGE": "(merge|combine|mix|blend|fuse|join|unite|mash up|put together|bring together|marry|melt together|cross|stitch together|weld together|unify)",
}  # fmt: skip
"""What a capital word of a template stands for."""
UPSCALING = (
    "(upscale|enlarge|up-res|upres|superscale|magnify|upsample|scale up) PIC", "(upscale|enlarge|upsample|scale up) PIC (to RES|by FACT|FACT|for USE|by a factor of two|by a factor of four)", "(increase|raise|boost|bump up|up|double|quadruple|improve|maximise|max out|crank up|triple|pump up) (the|its) (resolution|pixel count|pixels|dpi|image size|output size|image resolution|pixel size|sharpness|image quality|definition)(| of PIC)",
    "make PIC (sharper|crisper|hi-res|high-res|high resolution|higher resolution|RES|FACT the resolution|less pixelated|less blurry|less grainy|less fuzzy|better quality|higher quality|bigger for USE|larger for USE|big enough for USE|large enough for USE|fit for USE|ready for USE|poster size|print size|A3 size|print ready|sharp enough for USE|crystal clear|super sharp|razor sharp|a bigger file|a larger file|more high definition|a big file|bigger in pixels)",
    "(export|save|render|output|give me|deliver|send me|get me|hand me) PIC (in|at|with) RES", "give PIC (more|lots more|FACT the|extra) (pixels|resolution|sharpness|definition)", "(blow|scale|size) PIC up (for USE|to RES|FACT|in pixels)", "(add|get|put|pack|squeeze) more pixels (into|in|out of) PIC", "resize PIC to (RES|FACT its size|a larger size|4000 pixels|poster size|3000x3000)",
    "(get|take|bring) PIC (up |)to RES", "get rid of the (pixels|pixelation|blur|blurriness|blocky edges|jaggies)", "(make|produce|create|generate|prepare|give me|do) a (bigger|larger|higher-res|hi-res|sharper|print-quality|4k|hd|high resolution|crisp|print ready) (version|copy|file|export|edition|image)(| of PIC)", "make the (picture|image|file|pic) (bigger|larger|huge|much bigger|a lot bigger|larger in size|twice as big|bigger please)", "enhance (PIC|the quality|the details|the sharpness)", "sharpen PIC(| up)",
)  # fmt: skip
UPSCALING_ALONE = (
    "(a |)(bigger|larger|higher resolution|hi-res|high-res|sharper|crisper|print-quality|hd|4k|full size|poster sized) (version|copy|file|export|image)(| of PIC)(| please| for USE| pls)", "WANT PIC (in|at) RES", "WANT PIC (bigger|larger|sharper|high-res|in higher quality) for USE", "(can|could|may) (i|we) (get|have|download) PIC (in RES|at RES|bigger for USE|larger for USE|in higher quality)?",
    "PIC (is|looks|seems|comes out|appears) (too |so |a bit |very |)(blurry|pixelated|pixely|grainy|low-res|low res|fuzzy|soft|unsharp|pixelly|blocky)(|, fix that|, upscale it|. can you sharpen it?|, make it sharper|, please improve|. more pixels please|, can you do something?)", "(not sharp enough|the resolution is too low|resolution too low|too few pixels|not enough pixels|the pixels show|i can see the pixels|i see pixels|too small to print|low quality, upscale|it's too low res)(| for USE| please fix|, more please|)",
    "RES(| please| pls| version| version please|!)", "(i want to|i'd like to|i need to|i'm going to|we will|i plan to|my mum wants to) (print|frame|hang up|use as a poster|print out|put on a poster|make a poster of) PIC(|, (so |)(enlarge|upscale) it|, make it (high-res|sharper|large)|, it needs more pixels|. higher resolution please)", "PIC (needs|should have|could use|wants) (more pixels|a higher resolution|more resolution|to be sharper|to be RES|to be in RES|to be bigger for USE)",
    "(is there|do you have|got) (a|an|any) (bigger|larger|hi-res|hd|4k|high-res|sharper) (version|file|copy)(| of PIC)?", "(it is|it's|this is) for USE(, so|, and|;|:|,) (more pixels|upscale it|enlarge it|a higher resolution|make it large|make it hi-res|make it sharp)(| please)", "(higher|better|bigger|larger|more|max|maximum|best|full|top) (resolution|res|definition|image quality|picture quality|pixel count)(| please| pls| for USE| of PIC)", "(FACT|twice|double) the (resolution|pixels|size in pixels)(| please)", "(upscale|enlarge|upres|super resolution|hi-res|superres|upscaling)(| please| pls| x2| 4x| now| PIC)",
)  # fmt: skip
ZOOMING = (
    "zoom out(| a bit| more| further| a little| some more| a lot| slightly| twice| of PIC| from PIC| on PIC| a notch)", "zoom (PIC|the camera|the picture) out(| a bit| more| a little)", "EXTEND SCENE (on all sides|all around|in all directions|in every direction|all the way round|on every side|everywhere|around the edges|outwards|outward|beyond its edges|beyond the borders|past the frame|on all four sides|to all sides|round about|in each direction)",
    "show (me |us |)(what is|what's|what lies|what there is) (around|outside|beyond|all around|round) (PIC|the frame|the picture|the edges|the borders)", "(paint|draw|add|generate|imagine|fill in|make) (more|some more|extra|additional) SCENERY (all around|around it|around PIC|on all sides|on every side|round it|around the edges|in every direction)", "give (PIC|it|the scene|the picture) (more|some|some more|a bit more) (room|space|breathing room|margin|surroundings|canvas)(| all around| around it| on all sides| round about| everywhere)", "(outpaint|uncrop|un-crop) (PIC|it|the image|this|the picture)",
    "(make|let) the (canvas|frame|picture frame) (bigger|larger|grow|be bigger|grow on all sides|larger all around)", "(put|add|paint) (a |)(border|margin|strip|frame) of (more |)(scenery|scene|landscape|background) (around|round) (PIC|it)", "(paint|draw|go on|continue) (past|beyond|outside|over) the (edges|borders|frame|margins)(| of PIC)", "let (PIC|the scene|the picture) (go on|continue|grow|carry on) (in all directions|beyond its edges|past the edges|all around|outside the frame)",
)  # fmt: skip
ZOOMING_ALONE = (
    "(outpaint|uncrop|zoom out|zoom-out|extend|outpainting|more canvas|bigger canvas)(| please| pls| it| PIC|!)", "more (space|room|surroundings|margin|canvas|scenery) (all around|around it|on all sides|around PIC|everywhere|round it)(| please)", "(can|could) (i|we) (see|have) (more|what's|what is) (around it|around PIC|outside the frame|beyond the edges)?", "what('s| is) (around|outside|beyond) (PIC|the frame|the edges|the picture|it)?", "PIC (is|feels|looks|seems) (too tight|cropped too tight|too cropped|cramped|cut off|cropped|a bit tight)(|, zoom out|, give it some space|, uncrop it|, extend it| on all sides|. more room please)",
    "WANT (more (space|room|surroundings)|a bigger canvas|to see what's) around (it|PIC)", "(the frame|it) is too tight(|, zoom out| around it|, uncrop)", "there should be more (room|space|scenery) (around it|on all sides|all around)",
)  # fmt: skip
PANNING = (
    "EXTEND SCENE TOWARD(| a bit| more| please| some more| by half| a lot)", "(add|paint|draw|generate|make|show|show me|reveal|imagine|fill in|give me|let me see|put in) (more|some more|extra|additional|a bit more|more of) SCENERY ONSIDE", "(pan|scroll) TOWARD(| a bit| more| a little| please| in PIC)", "(pan|scroll|move|slide|shift|turn|swing|glide|drag|swivel|tilt) the (camera|view|frame|viewport|shot|window|picture frame) TOWARD(| a bit| more| a little| please| in PIC)", "show (me |us |)(what is|what's|what lies|what there is|what comes|what you find) BEYOND", "(look|see|travel|wander) (further|more|a bit|a bit more|on) TOWARD",
    "uncrop (it|PIC|the picture) ONSIDE", "(paint|draw|continue|go on) (further|on|more|past the edge) TOWARD", "give (it|PIC|the picture|the scene) (more|some|a bit more|extra) (room|space|canvas|width|picture) ONSIDE", "let (it|the scene|the picture|the background|PIC) (continue|go on|grow|run on|carry on|extend) TOWARD", "(make|leave) (more |some |)(room|space) ONSIDE", "(reveal|show|uncover|paint|draw|discover|explore) (the part|the area|the rest|the world|the bit|the things) BEYOND", "add (room|space|canvas|a strip|a piece|scenery|a bit) ONSIDE",
)  # fmt: skip
PANNING_ALONE = (
    "what('s| is| lies| could be| might be) BEYOND?(| show me| paint it| i'm curious)", "WANT to see (what's|what is|more of what's) BEYOND", "WANT (more|a bit more|some more|extra) (space|room|picture|scenery|canvas|of the scene) ONSIDE", "(there's|there is|we have|i see) too little (space|room|picture) ONSIDE", "(it|PIC|the picture) is (cut off|cropped|cropped too much|cropped too tight|too tight|cut) ONSIDE(|, extend it|, fix that|, please continue it|, uncrop)", "more (space|room|picture|scenery|canvas|of the scene) ONSIDE(| please| pls)",
    "(can|could) (we|i) (see|have|get) (more|what's|what is|some more picture) ONSIDE?", "(a bit|a little|much|some) more (space|room|picture|scenery) ONSIDE(| please)", "(extend|pan|expand|outpaint|scroll) TOWARD(| please| pls| a bit)", "i('m| am) (curious|wondering) what('s| is) BEYOND", "PIC needs more (room|space) ONSIDE", "there (must|should|could|has to) be (more|something|more scenery) ONSIDE",
)  # fmt: skip
TOWARD = {
    "left": "(to the left|left|leftwards|leftward|towards the left|on the left|on the left side|to the left side|in the left direction|to the left hand side|on its left)", "right": "(to the right|right|rightwards|rightward|towards the right|on the right|on the right side|to the right side|in the right direction|to the right hand side|on its right)",
    "up": "(up|upwards|upward|to the top|at the top|towards the top|towards the sky|toward the sky|above|skywards|on top|on the upper side)", "down": "(down|downwards|downward|to the bottom|at the bottom|towards the bottom|towards the ground|below|on the lower side|at the lower edge)",
}  # fmt: skip
ONSIDE = {
    "left": "(on the left|to the left|on the left side|on the left hand side|at the left edge|left of it|to its left|at the left|on its left side)", "right": "(on the right|to the right|on the right side|on the right hand side|at the right edge|right of it|to its right|at the right|on its right side)",
    "up": "(at the top|above|above it|overhead|at the upper edge|on top|up top|above its head|over it|in the sky above|up there)", "down": "(at the bottom|below|below it|underneath|at the lower edge|underneath it|at its feet|under it|down there|down below)",
}  # fmt: skip
BEYOND = {
    "left": "(to the left|left of (it|the frame|the picture|that|PIC)|further left|off to the left|beyond the left (edge|border|side)|past the left edge|outside on the left|more to the left|behind the left edge|to its left)",
    "right": "(to the right|right of (it|the frame|the picture|that|PIC)|further right|off to the right|beyond the right (edge|border|side)|past the right edge|outside on the right|more to the right|behind the right edge|to its right)",
    "up": "(above|above it|overhead|higher up|further up|beyond the top (edge|border)|past the top edge|above the frame|above the picture|up there|over its head)", "down": "(below|below it|beneath it|underneath|further down|beyond the bottom (edge|border)|past the bottom edge|below the frame|under the picture|lower down|at its feet)",
}  # fmt: skip
SKIES = {
    "up": ("(more|some more|a bit more|extra|lots of|a lot more|way more) sky(| above| above it| please| at the top| over it| overhead)", "(add|show|give me|paint|draw|put in) (more|some more|a bit more|extra) (sky|of the sky|headroom|air)(| above it| at the top| above| over it)", "WANT (to see |)more (sky|headroom|of the sky)", "(not enough|too little) (sky|headroom|room above it)", "make the sky (taller|higher|bigger)", "extend the sky(| upwards)", "leave more room over its head"),
    "down": ("(more|some more|a bit more|extra|lots of) (ground|floor|foreground|grass below|ground below|land below)(| please| at the bottom| below it| in front)", "(add|show|give me|paint|draw|put in) (more|some more|a bit more|extra) (ground|of the ground|foreground|of the floor)(| below it| at the bottom| below| in front)", "WANT (to see |)more (of the ground|ground|foreground|of what it stands on)", "(not enough|too little) (ground|foreground|room below it)", "extend the ground(| downwards)"),
}  # fmt: skip
SHAPE_NAMES = {
    "16:9": ("(16:9|16 by 9|16x9|widescreen|wide screen|wide|tv format|16/9|hd format|youtube format|slide format)", "(desktop wallpaper|laptop wallpaper|youtube thumbnail|slide|presentation|monitor background|tv screen|computer background|video thumbnail|powerpoint slide|desktop background|widescreen monitor|laptop screen|zoom background)"),
    "9:16": ("(9:16|9 by 16|9x16|9/16|story format|phone format|tiktok format|reel format|vertical video format)", "(phone wallpaper|phone screen|phone background|story|instagram story|tiktok|reel|lock screen|phone|mobile wallpaper|smartphone|cell phone)"),
    "1:1": ("(square|1:1|a square|1 to 1|one to one|square format|1x1|quadratic|square shaped)", "(instagram post|profile picture|avatar|album cover|cd cover|square frame|profile pic|app icon|coaster)"),
    "2:3": ("(portrait|2:3|taller|vertical|upright|portrait format|2 by 3|portrait orientation|vertical format|a portrait format picture|tall|2x3|higher than wide)", "(portrait frame|book cover|bookmark page|portrait page)"),
    "3:2": ("(landscape|3:2|wider|horizontal|landscape format|3 by 2|landscape orientation|horizontal format|3x2|broader)", "(postcard|landscape frame|photo print|landscape page|picture frame that is wide)"),
    "4:3": ("(4:3|4 by 3|4x3|4/3|four to three)", "(ipad screen|old tv|old monitor)"), "3:4": ("(3:4|3 by 4|3x4|3/4|three to four)", "(portrait ipad)"),
    "2:1": ("(2:1|2 by 1|twice as wide as high|panoramic|a panorama|panorama format|two to one|twice as wide)", "(panorama|panorama print)"),
    "3:1": ("(3:1|3 by 1|a banner|banner format|three times as wide as high|three to one|header format)", "(banner|header|website header|email header|twitter header|facebook cover|web banner|blog header)"),
    "21:9": ("(21:9|21 by 9|ultrawide|cinema format|cinematic format|cinemascope|21x9|ultra wide)", "(ultrawide monitor|cinema screen|movie frame)"),
}  # fmt: skip
SHAPING = (
    "make (PIC|it|the picture|the image|the format|the canvas) NAME(| please| instead)", "(change|set|switch|turn|convert|reframe|extend|expand|bring|take|reshape|recompose) PIC (to|into) NAME", "(use|give PIC|give it|choose|pick) (a |an |)NAME (aspect ratio|format|shape|ratio)", "change the (aspect ratio|format|shape|dimensions|proportions|ratio) (of PIC |)to NAME", "(set|make) the (aspect ratio|format|ratio|proportions) (to |)NAME", "(extend|expand|adapt|fit|format|reframe|adjust|prepare|resize) PIC (for|to|so it fits|to fit) (a|my|the) PURPOSE",
    "make PIC fit (a|my|on a|on my) PURPOSE", "(turn|make) PIC (into|fit for|suitable for) a PURPOSE", "make a PURPOSE (of|out of|from) PIC",
)  # fmt: skip
SHAPING_ALONE = (
    "NAME(| please| pls| version| version please| instead|, please)", "WANT PIC (in|as|to be) NAME", "WANT (it|this|PIC|to use it) (as|for) (a|my) PURPOSE", "(it's|it is|this is) (for|supposed to be|meant as) a PURPOSE(|, so make it fit|, make it the right shape|, adapt the format)", "(can|could) (it|this|PIC) be NAME?", "(aspect ratio|format|ratio|aspect|ar|shape)(:| =|) NAME", "(should|needs to|has to|must) be NAME", "PIC (in|as) NAME", "as a PURPOSE(| please)", "a NAME (version|picture|image|crop without cutting anything|one)(| of PIC)", "--ar NAME", "how about NAME( format|)?", "PURPOSE(| size| format) please",
)  # fmt: skip
SUBTLY = (
    "vary PIC ALIT", "(make|give me|show me|paint|do|draw|create|generate|try) (a|another|one more|some) SLIGHT (variation|variant|variations|variants|version)(| of PIC)", "(make|paint|give me|show me|draw|do) (one|something|another|another one|a picture|one more) (very |quite |really |pretty |)(similar|close) to (PIC|this)", "paint PIC AGAIN(,| and| but) (stay|keep it|keep|stay very) close( to this| to it| to the original|)", "keep (it|everything|PIC) (mostly|nearly|almost|pretty much) the same(,| and| but) (paint|vary|draw|try) it AGAIN", "(make|do|try) it AGAIN(,| but) (only |just |)ALIT different", "(make|show me|give me|let me see) (some |a few |a couple of |)(variations|variants|near copies|siblings)(| of PIC)", "vary (PIC|it|this)(| please| subtly| a little)",
    "(paint|draw|make) (nearly|almost) the same (picture|thing|one|image) AGAIN", "(paint|make|do) (a sibling|a sister|a twin|a cousin|a near copy|a close relative) of PIC", "make PIC ALIT different",
)  # fmt: skip
SUBTLY_ALONE = (
    "(almost|nearly|mostly|pretty much|practically) the same( again|, but ALIT different| but ALIT different|, not quite|)", "(something|one|a picture|another one) (very |quite |)(similar|close|alike)(| to PIC| please)", "(the |)same (thing |picture |one |)but ALIT different(| please)", "a (sibling|sister|twin|cousin|near copy|SLIGHT variation|SLIGHT variant) of PIC", "(a few|some|more|other|a couple of) (variations|variants)(| of PIC| please)", "(a |)SLIGHT (variation|variant|version|difference)(| please| of PIC)", "ALIT different(| please| from PIC| than PIC)", "PIC(,|) (but|only|just) ALIT different(| please)",
    "(a|another) (variation|variant)(| of PIC| please| on this)", "(can|could) (i|we) (see|have|get) (a (similar|SLIGHT) (one|variation|version)|something similar|some variations)(| to PIC| of PIC)?", "WANT (a similar one|something similar|a SLIGHT variation|one (close to|much like|very like) this|a few variations)", "like (this|PIC)(,|) but ALIT (different|changed|varied)", "(small|tiny|slight|minor) (changes|differences) only(|, same picture|, paint it again)", "i like (it|this one|PIC)(,|.) (show me|more|give me|let me see) (similar ones|similar ones please|something similar|close variations|ones like it)",
)  # fmt: skip
ANEW = (
    "(try|do|paint|draw|make|generate|render|create|roll) (PIC|it|this|that) AGAIN", "(give|show|paint|draw|make|get) me (another|a DIFFERENT) TAKE(| of PIC| on PIC| on it)", "(reroll|regenerate|redo|repaint|redraw|remake|rerun|re-roll|re-do|retry|reimagine|rethink|re-render|respin) (PIC|it|this|that)", "have another (go|try|stab|shot|crack|attempt)(| at PIC| at it)", "surprise me with (another|a DIFFERENT|a totally different) TAKE(| of it| of PIC)", "start (it |)over with the same (idea|wish|words|prompt|subject|description)", "(take|make|do|try) a DIFFERENT (approach|attempt|take|stab|go)(| at it| at PIC| on it| with the same idea)",
    "(use|keep|take|reuse) the same (prompt|words|idea|description|wish)(,| and| but) (paint|make|draw|do|try) (it |)(anew|again|a new picture|something new with it|a DIFFERENT picture)", "(roll|throw|cast) the dice AGAIN", "interpret (it|PIC|the idea) (differently|in another way|anew|in a new way)", "(paint|draw|do|make|show) (it|PIC|this) (differently|another way|in a different way|in another way|completely differently|totally differently)",
)  # fmt: skip
ANEW_ALONE = (
    "another (one|take|try|version|attempt|go|interpretation|shot|option|rendition|stab)(| please| of PIC| pls| at it|!)", "(not|isn't|wasn't) (quite |really |exactly |)(right|it|what i (meant|had in mind|wanted|imagined|was hoping for))(, |. | - )(try again|another one|again please|once more|redo|another go)", "a (completely|totally|entirely|wildly|very|radically|whole) different (take|version|picture|interpretation|one|composition|approach)(| of PIC| of the same idea| of the same thing)(| please)", "same (idea|prompt|wish|request|subject|words|text), (new|different|fresh|another) (picture|image|try|take|seed|result|attempt)", "(new|another|different|fresh) (seed|roll|attempt|try|take|go|draw)(| please| pls)",
    "(can|could) (i|we) (see|have|get) (another|a DIFFERENT) (one|version|take|try|attempt)(| of PIC| of it)?", "WANT (another|a DIFFERENT) (try|take|attempt|version of it|version of PIC|interpretation|go at it)", "(any|got any|do you have) other (ideas|versions|takes|options|interpretations)(| for this| of this)?", "(hm|hmm|meh|nah|nope|well|no)[,.] (another one|try again|again|one more|reroll|once more|redo it)", "again(!| please|, please| pls|, but different|, differently|)", "(what else|what other versions) (have you got|can you do with it|are there)?", "how else could (it|PIC|this) look?", "one more (try|go|time|attempt|shot|version|like it|take)(| please|!)",
)  # fmt: skip
MERGING = (
    "MERGE {a} (and|with|&|+) {b}(| into one| into one picture| in one picture| together| into a single image| please| for me)", "(make|create|paint|draw|give me|generate|produce|do) (one|a|a single|one single|one new) (picture|image|scene|drawing) (of|from|out of|with|that has|containing) (both |)(what's in |)({a} and {b}|{a} plus {b}|{a} & {b})", "(put|place|get|bring|draw|have|show) {a} and {b} (together|in one picture|in the same picture|side by side in one picture|into one image|in one frame|into the same scene)", "(take|use) {a} and {b} (to make one|and make one|and merge them|and combine them|and put them together|for one picture)(| picture)", "(a |)(mix|blend|combination|mashup|fusion|merger|cross|union|crossover) (of|between|from) {a} and {b}", "{a} (and|plus|&|+) {b} (in one|in one picture|together|combined|merged|mixed|as one picture|in a single picture|blended)", "{a} (meets|x|×|crossed with|mixed with|combined with|merged with|together with) {b}",
    "(i want|i'd like|show me|let me see) {a} and {b} (together|combined|merged|in one picture|in one image|mixed)", "(can|could) {a} and {b} be (merged|combined|mixed|joined|put together|in one picture)?", "what (would|do|could) {a} and {b} look like (together|combined|merged|as one|in one picture)?", "(have|let) {a} and {b} (meet|come together|be one picture|share a picture|be in one picture)",
)  # fmt: skip
GROUNDS = (
    "{a} (with|on|in front of|against) the (background|place|setting|scenery|surroundings|landscape|backdrop|location|environment|scene) (of|from|in|out of) {b}", "{a} (with|in) {b}'s (background|place|setting|scenery|surroundings|backdrop|landscape)", "(put|place|move|set|bring|send|take|transplant|drop) {who} (from|of|in) {a} (into|in|to|onto) the (place|setting|background|scenery|scene|surroundings|location|landscape|world) (of|from|in) {b}", "(put|place|move|set|transplant|drop|paste) {who} (from|of|in) {a} (into|in) {b}", "{who} (from|of|in) {a} (in|at|with|on|against) the (place|background|setting|scenery|surroundings|landscape|backdrop) (of|from|in) {b}",
    "(combine|merge|mix|blend|join) {who} (from|of|in) {a} with the (place|background|setting|scenery|surroundings|landscape|backdrop|location) (of|from|in) {b}", "(take|use|borrow|grab|get|copy) the (background|place|setting|scenery|surroundings|landscape|backdrop) (from|of|in) {b} (for|in|and put it in|and use it for|and put it behind {who} in|and put {who} from) {a}", "(give|lend) {a} the (background|place|setting|scenery|surroundings|backdrop|location) (of|from) {b}", "(replace|swap|change|exchange) the (background|place|setting|scenery|backdrop) (of|in) {a} (with|for|to|by) (that|the one) (of|from|in) {b}", "{a}, (but|only|just) (where|in the place where) {b} (is|takes place|happens|was)", "(i want|i'd like|i need|show me|let's see) {who} (from|of|in) {a} (in|at|with) the (place|background|setting|surroundings|scenery) (of|from|in) {b}",
    "(keep|leave) {a}(,| but| and) (with|use|take|give it) the (background|place|setting|scenery) (of|from) {b}", "{a} (but|only) (in|at|with) the (place|setting|background|surroundings|scenery) (of|from) {b}", "(the |)background (from|of) {b}, {who} (from|of) {a}", "use {b} as (the |)(background|backdrop|place|setting) for {a}", "(let|have) {who} (from|of|in) {a} (stand|be|live|appear|show up) (in the place of|in the setting of) {b}", "{who} (of|from) {a} visits the place (of|from|in) {b}",
)  # fmt: skip
SKIES_OF = (
    "{a} (with|under|in) the (sky|light|weather|time of day|lighting|atmosphere) (of|from|in) {b}", "(use|take|borrow|copy|get) the (sky|light|weather|lighting|time of day) (of|from|in) {b} (for|in|over) {a}", "(give|lend) {a} the (sky|light|weather|lighting|time of day) (of|from|in) {b}", "{a} (with|in|under) {b}'s (sky|light|weather|lighting)", "(put|paint) the sky (of|from) {b} (over|above|into|in) {a}", "{a}, but (with|under|in) the (sky|light|weather|lighting) (of|from) {b}", "(combine|merge|mix) {a} with the (sky|weather|light) (of|from) {b}", "(make|let) {a} have the (sky|weather|light|lighting) of {b}",
)  # fmt: skip
ITEMS_OF = (
    "{a} (with|wearing|and|plus|but with|only with) the {x} (of|from|in|out of) {b}", "(give|hand|lend|pass) {a} the {x} (of|from|in|out of) {b}", "(give|hand|lend) {who} (in|of|from) {a} the {x} (of|from|in) {b}", "(take|use|borrow|grab|copy|steal|get) the {x} (from|of|in|out of) {b} (and put it in|for|and add it to|and use it in|and give it to|in|and bring it to) {a}", "(put|place|add|bring|move|copy|transfer|paste|stick|carry) the {x} (from|of|in) {b} (into|in|to|on|onto) {a}", "(put|add|place|stick) the {x} (from|of|in) {b} (on|with|to|onto) {who} (of|in|from) {a}", "{who} (from|of|in) {a} with the {x} (from|of|in) {b}", "{a} with {b}'s {x}", "(combine|merge|mix|join) {a} with the {x} (of|from|in) {b}", "(combine|merge|mix|join) {who} (from|of|in) {a} with the {x} (of|from|in) {b}",
    "(i want|i'd like|i need|let's have|can i have|could we have) {a} with the {x} (of|from|in) {b}", "the {x} (of|from|in) {b} (should be|would look good|belongs|goes|fits) (in|on) {a}", "{a} (needs|wants|should have|gets|could use|deserves) the {x} (of|from|in) {b}", "(i liked|i like|i love) the {x} (in|of|from) {b}(, |; |. )(put it in|add it to|use it in|take it to|bring it to) {a}", "the {x} (from|of) {b}, (the rest|everything else) from {a}",
)  # fmt: skip
SUBJECTS_OF = (
    "(put|place|add|bring|move|copy|paste|drop|insert|transfer|invite|send) {x} (from|of|in) {b} (into|in|to|onto) {a}", "{a} (with|and|plus|together with|and also) {x} (from|of|in|out of) {b}", "(take|use|grab|borrow|get|pick|fetch) {x} (from|of|in|out of) {b} and (put|place|add|bring|move|paste) it (into|in|to) {a}", "(let|have|make) {x} (from|of|in) {b} (join|visit|be in|appear in|come to|stand in|enter) {a}", "(combine|merge|mix|join|blend) {a} with {x} (from|of|in) {b}", "(combine|merge|mix|join|put together) {who} (from|of|in) {a} (with|and) {x} (from|of|in) {b}", "{who} (from|of|in) {a} (and|with|next to|beside|together with|alongside|meets) {x} (from|of|in) {b}", "(i want|i'd like|let's have|can we have|could you put) {x} (from|of|in) {b} in {a}(| too| as well)",
    "{x} (from|of|in) {b} (should|could|must) (be|join|appear|stand) in {a}(| too| as well)", "(put|place|draw|show) {who} (from|of) {a} (and|with|next to|beside) {x} (from|of) {b}(| together| in one picture| side by side)", "(introduce|bring) {x} (from|of) {b} to {who} (from|of|in) {a}", "{a}, (and|but|only) with {x} (from|of|in) {b}(| in it| added| next to {who})",
)  # fmt: skip
STYLES_OF = (
    "{a} (in|with|using|but in|done in|painted in|drawn in) the (style|look|technique|medium|manner) (of|from) {b}", "{a} in {b}'s (style|look|technique)", "(paint|draw|do|redo|render|make|show|repaint) {a} (like|in the style of|in the manner of|the way you painted|the way of) {b}", "(use|take|apply|copy|transfer|borrow|put) the (style|look|technique|medium) (of|from) {b} (for|to|on|onto) {a}", "(give|lend) {a} the (style|look|technique) (of|from) {b}", "make {a} look like {b} in style", "(combine|merge|mix) {a} with the (style|look) (of|from) {b}", "{a} but (drawn|painted|done|made) like {b}", "(i want|i'd like|show me) {a} in the (style|look) (of|from) {b}",
)  # fmt: skip
FACES_OF = (
    "{a} (with|but with|wearing|and) the (face|expression|mood|smile|look on its face|facial expression|emotion) (of|from|in) {b}", "(give|lend) {a} the (face|expression|mood|facial expression) (of|from|in) {b}", "(give|lend) {who} (in|of|from) {a} the (face|expression|mood) (of|from|in) {b}", "(use|take|copy|put|borrow) the (face|expression|mood) (of|from|in) {b} (in|for|on|onto) {a}", "{a} with {b}'s (face|expression|mood)", "(put|stick) {b}'s (face|expression) on {a}", "{who} (from|of|in) {a} with the (face|expression|mood|look) (from|of|in) {b}", "(let|have|make) {who} (in|of|from) {a} (look|feel) (like|as) in {b}", "(combine|merge|mix) {a} with the (face|expression|mood) (of|from) {b}",
)  # fmt: skip
PAIRS = (
    "MERGE (them|both|the two|both pictures|both of them|the two pictures|these two|the pictures|those two|the two images|both versions)(| please| into one| together| for me)", "(put|get|bring) (them|both|the two) (together|into one picture|in one picture|into one)", "(make|paint|create) (one|a single) (picture|image) (of|out of|from) (both|the two|them|both pictures|these two)", "(both|the two)(,|) (combined|together|merged|in one picture|as one|mixed)(| please)", "(can|could) you (merge|combine|mix) (both|the two|them)?", "WANT (both|them|the two) (combined|merged|together|in one picture)", "MERGE (the|these|those) two(| pictures| images| versions)",
)  # fmt: skip
LAST_PAIR = (
    "MERGE the (last|latest|newest) two(| pictures| versions| images| ones)(| please| together| into one)",
    "(put|bring) the (last|latest) two(| pictures| versions) together",
    "the last two (combined|merged|together|in one picture)",
)
FIRST_PAIR = (
    "MERGE the first two(| pictures| versions| images| ones)(| please| together| into one)",
    "(put|bring) the first two(| pictures| versions) together",
    "the first two (combined|merged|together|in one picture)",
)
GOING_BACK = ("BACKTO {}(| again| please)", "TAKEIT {}(| again| please)", "(please |)(undo|discard|drop|forget|scrap) (everything|all changes|all that|all) (since|after|until) {}", "(make|let) {} the current (one|picture)(| again)", "(put|bring|get) {} back(| on the easel| on screen|)", "(let me|let us) (see|have) {}(| again| once more)", "(carry|go) on (from|with) {}", "BACKTO {}(,|;| -) (i liked it|it was better|that was better|it was nicer|that one was good|it looked better|i like that one|it's the best)")  # fmt: skip
GONE_BACK = (
    "{} (was|looked|is|seemed|looks) (much |a lot |way |)BETTER(|, go back|, use it|, back to that|. go back to it)", "i (liked|preferred|loved|like|prefer|enjoyed|love) {}(| more| better| best| most| a lot more)(|, go back|, bring it back|. back to that one)", "WANT {}(| back| again| please)", "(can|could|may) (i|we) (have|get|see|use|go back to|return to) {}(| back| again| once more| please)?", "i (think|guess|feel|believe|find) {} (was|is|looked) BETTER", "(no|nah|hm|sorry|actually|ok|oh|well|wait|nope)(,|) (BACKTO |TAKEIT |){}(| please| was BETTER| again)", "{}(| please| again| again please| back please|!| pls| it is| wins| for me)",
    "(what happened to|where is|where's|what about|how about|how do i get back to|how do i get) {}(| again)?", "i (changed my mind|regret that|made a mistake|was wrong)(, |. |; )(BACKTO|TAKEIT) {}", "(that's|this is|it got) (worse|ugly|not good|not what i wanted)(, |. |; )(BACKTO|TAKEIT) {}", "you know what(,|?) {} was BETTER", "(none of that|not this one|no not this)(, |. |; )(BACKTO |TAKEIT |){}", "my (favourite|favorite|choice|pick) (is|was|remains) {}", "(i'd|we'd|i would) rather (have|go back to|use|take|see) {}",
)  # fmt: skip
LOOKING = (
    "(describe|caption|sum up|summarise|explain) {}(| to me| for me| again| please| briefly| once more)", "(tell|remind) me (about|of) {}", "(tell me|remind me|say|explain|recall) what (was in|is in|was on|was shown in|we had in|you painted in|you drew in|was to be seen in|i had in) {}(| again| please)", "(tell me|remind me|say) what {} (looked like|was|showed|shows|looks like|was like|had in it|is about)(| again| please)", "(put|bring) {} into words",
)  # fmt: skip
LOOKED = (
    "what did {} (look like|show|have in it|contain|depict|have|look like again)?", "what (was|is|do we see|did we see|do you see|did you paint|did you draw|had you painted|can be seen|was there|could be seen|was going on|was shown) (in|on) {}(| again| exactly)?", "what('s| is| was) {}(| again| about| a picture of| like| of| exactly)?", "how did {} look(| again| like| exactly)?", "i (forgot|can't remember|don't remember|don't recall|can't recall|forget|no longer know) what {} (looked like|was|showed|looks like|had in it)", "(do|can) you (remember|recall) (what was in |what was on |){}?(| what was in it?| tell me)", "(and |so |)what does {} (show|look like|have in it|contain)(| again)?", "which (things|animals|colours) (were|are|was) in {}?", "what (colour|mood|weather|place) (did|was) {}(| have| in)?",
)  # fmt: skip
THEN = (
    "{ref}(,|) (but|only|just|except|but please|but this time|but now|however) {{}}", "(BACKTO|TAKEIT) {ref}(,| and|, and|. then|. now|; then|, but| but| and then|, then) {{}}", "(like|same as|just like|the same as|similar to) {ref}(,|) (but|only|except|just) {{}}", "(in|on|for|with|from|at) {ref}(,|:|) {{}}", "(change|edit|modify|take|update|alter|rework|revise) {ref}(:|, and| and|,| so:) {{}}", "(i liked|i like|i loved|i preferred|i prefer|i love) {ref}(,|.|;| but|, but|. but|. now|, now) (please |can you |could you |just |maybe |then |){{}}", "{ref} (was|is|looked) BETTER(,|.|;| but|, but|. now|. but) (please |can you |just |){{}}", "{{}}(,|) (but |only |and |)(in|on|for|to|starting from|based on|using|with) {ref}", "(starting|start|based|working|going on|continuing|building) (from|on) {ref}(,|:|) {{}}", "(apply|do) this (to|on|with|in) {ref}: {{}}", "{ref}( -|:|;| again,|, again,|, please,|, and now|, and| and|.|. now) {{}}",
    "(about|concerning|regarding|as for|speaking of|remember) {ref}(:|,| -|?) {{}}", "(could|can) (you|we) (take|use|go back to|return to) {ref} and {{}}", "(undo|forget|drop|scrap) (all that|this|the rest)(,| and|.) (BACKTO|TAKEIT) {ref}(,| and|.) {{}}", "(one more time|once again|again) {ref}(,|) (but|only) {{}}", "with {ref} as (the |)(base|basis|start|starting point)(,|:) {{}}", "make (a|another) version of {ref}(:|, but|,) {{}}", "(let's|lets|we) (take|use|go back to|continue with|work on) {ref}(,| and|.) {{}}",
)  # fmt: skip
"""Round a change of the version {ref}; "{{}}" is the change, a sentence of its own."""
THEN_BRIEF = (
    "{ref} {{}}", "{ref}(,|) (but|only|just|except) {{}}", "(like|same as|just like|the same as) {ref}(,|) (but|only|just) {{}}", "{ref}(,| again| please|:| again,) {{}}", "(show me|give me|i want|i'd like|paint|let me see|make me|could i see|can i have|draw|do|try|let's have|let's see) {ref} {{}}", "(show me|give me|i want|i'd like|paint|let me see|can i have) {ref}(,|) (but|only|just) {{}}", "(back to|go back to|return to|let's go back to|take me back to) {ref}(,|) (but|only|and make it|but make it|just) {{}}", "{ref}(,|) (but|and) (make it|this time|now) {{}}", "(i liked|i loved|i preferred) {ref}(,|) but {{}}", "(how about|what about) {ref} {{}}?", "(the same picture as|the picture from|a version of) {ref}(,|) (but |only |){{}}",
)  # fmt: skip
"""Round a change of the version {ref} that is said by a few words of it: "at night", "with a hat"."""
CURRENT = "(it|it|it|it|this|this|the picture|the image|this picture|this image|this one|that|that one|the pic|my picture|the drawing|this drawing|the whole picture|the current one)"
"""How people call the picture on the easel."""
REASONS_LARGE = (
    "i want to print it",
    "it's for a poster",
    "my printer needs more",
    "it goes on my wall",
    "i'm printing it tomorrow",
    "the print shop asked for it",
    "it's for a big screen",
    "i see the pixels",
    "it's too blurry for me",
    "for printing",
    "for my website",
    "my monitor is huge",
)
REASONS_WIDE = (
    "i need more room",
    "there is too little to see",
    "it feels cramped",
    "it's too tight",
    "i want to see more of the place",
    "i'm curious",
    "there is something missing at the edge",
    "i need space for a title",
    "i need room for text",
    "for my layout",
    "the composition is too tight",
    "my frame is bigger",
)
REASONS_AGAIN = (
    "i'm not sure about it",
    "i'm not convinced yet",
    "this one is nice but i'm curious",
    "i want to choose",
    "i need options",
    "my boss wants to see options",
    "i just want to compare",
    "it's close but not quite",
    "i like it a lot",
    "let's see what happens",
    "just for fun",
)
REASONS_BACK = (
    "i liked it more",
    "it was nicer",
    "that was better",
    "i changed my mind",
    "this one isn't it",
    "my daughter liked it more",
    "this is worse",
    "i prefer it",
    "it was cuter",
    "we all liked it",
    "sorry about that",
    "i don't like this one",
)
REASONS_BOTH = (
    "i like both",
    "they belong together",
    "i can't decide",
    "they'd be great friends",
    "it would be fun",
    "just an experiment",
    "my kid wants that",
    "best of both",
    "i love them both",
    "let's see what happens",
)


def composed(template: str, rng: random.Random) -> str:
    """Return one of the texts that a template stands for, each "(a|b)" drawn by itself; PIC and slots stay."""
    text = template
    for _ in range(4):
        grown = re.sub(r"\b[A-Z]{2,}\b", lambda found: MEANINGS.get(found[0], found[0]), text)
        if grown == text:
            break
        text = grown
    while (drawn := re.sub(r"\(([^()]*)\)", lambda found: rng.choice(found[1].split("|")), text)) != text:
        text = drawn
    text = re.sub(r"\ba (?=[aei])", "an ", text)
    return re.sub(r" +", " ", text).strip()


def said(
    rng: random.Random, dev: bool, clauses: tuple[str, ...], alone: tuple[str, ...], reasons: tuple[str, ...] = (),
    **parts: str,
) -> str:  # fmt: skip
    """Return a composed request, half of the time with what people say before, round and after it.

    Args:
        clauses: templates that begin with a verb, which words of politeness can go round.
        alone: templates that cannot take them.
        reasons: sentences that may stand before or after.
        parts: what other capital words of the templates stand for, such as TOWARD.
    """
    is_clause = rng.random() < len(clauses) / (len(clauses) + len(alone))
    template = choose(rng, clauses if is_clause else alone, dev)
    for word, meaning in parts.items():
        template = re.sub(rf"\b{word}\b", meaning.replace("\\", ""), template)
    return wrapped(composed(template, rng), is_clause, rng, dev, reasons)


def wrapped(text: str, is_clause: bool, rng: random.Random, dev: bool, reasons: tuple[str, ...] = ()) -> str:
    """Return a request with politeness, openers, closers and reasons round it, each at times."""
    first, _, rest = text.partition(" ")
    is_clause = is_clause and first in VERBS
    roll = rng.random()
    if is_clause and roll < 0.06 and first in GERUNDS:
        text = _around(choose(rng, DOING, dev), f"{GERUNDS[first]} {rest}")
    elif is_clause and roll < 0.4:
        text = _around(choose(rng, POLITE, dev), text)
    if rng.random() < 0.25:
        text = _around(choose(rng, OPENERS, dev), text)
    if rng.random() < 0.15:
        text = _around(choose(rng, [closer for closer in CLOSERS if not _KEEPS.search(closer)], dev), text)
    if reasons and rng.random() < 0.15:
        reason = choose(rng, reasons, dev)
        if rng.random() < 0.5:
            text = f"{reason}{rng.choice(('. ', ', ', ', so ', ' so ', '! ', ': ', ' - '))}{text}"
        else:
            text = f"{text.rstrip('?!.')}{rng.choice(('. ', ', ', ' because ', ', ', ' - ', ' (', ' since ', ' cause ', '; '))}{reason}"
            text += ")" if " (" in text and text.count("(") > text.count(")") else ""
    return text


_MORE_VERBS = (
    "extend expand continue outpaint widen grow stretch lengthen enlarge prolong carry restore use load open reload "
    "recover keep pick choose select work recall display fetch stay stick merge combine mix blend fuse join unite "
    "mash marry melt cross stitch weld unify return revert jump rewind reset step upscale up-res upres magnify "
    "superscale upsample scale increase raise boost double triple quadruple improve export save send resize "
    "enhance sharpen pan scroll slide swing look reveal fill imagine generate create adapt fit format reframe "
    "vary try reroll regenerate repaint redraw remake start roll interpret reuse describe caption tell remind "
    "explain undo discard forget borrow grab copy transplant lend paste invite fetch introduce "
)
VERBS = frozenset((*GERUNDS, *_MORE_VERBS.split()))
"""Words of politeness go round requests that begin so."""
_KEEPS = re.compile(r"rest|else|otherwise|nothing|only|don't")


def _around(wrap: str, text: str) -> str:
    if not wrap.endswith("{}"):
        text = text.rstrip("?!.")
    return wrap.replace("{}", text)
