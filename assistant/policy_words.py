"""The words that the policy knows: patterns of what is refused, and names that are put in other words. Data alone.

Patterns are matched against text as `assistant.policy.plain` makes it: small letters, no accents, single spaces.
Artists stand here whose last work is younger than a hundred years, living ones first of all, with what their pictures
look like in words; people stand here who are in public life, with what may be drawn in their place. Neither list is
complete, and names that are also ordinary words ("Trump", "Swift", "West") stand only with their first names.
"""

from __future__ import annotations

import re

from assistant.policy_model import UNSPACED


def _words(*words: str) -> re.Pattern[str]:
    """Return a pattern of whole words; Chinese and Japanese, which put no spaces between theirs, match anywhere."""
    spaced = [word for word in words if not UNSPACED.search(word)]
    anywhere = [word for word in words if UNSPACED.search(word)]
    return re.compile("|".join([r"(?<!\w)(?:" + "|".join(spaced) + r")(?!\w)", *anywhere]))


CHILD = _words(
    "child", "children", "childlike", "kids?", "minors?", "toddlers?", "bab(?:y|ies)", "infants?", "(?:pre)?teens?",
    "teenagers?", "teenaged?", "under-?aged?", "school-?(?:girl|boy)s?", "(?:little|young) (?:girl|boy)s?", "girls?",
    "boys?", "(?:1[0-7]|[1-9])[- ]?year[- ]?olds?", "(?:1[0-7]|[1-9]) years? old",
    "kind(?:er|es)?", "madchen", "junge[ns]?", "enfants?", "fillettes?", "ninos?", "ninas?", "criancas?",
    "bambin[aoie]", "kinderen", "дет(?:и|ей|ям)", "ребенок", "ребенка", "девочк[аиу]", "мальчик[аи]?",
    "ילד(?:ה|ים|ות)?", "طفل(?:ة)?", "أطفال", "اطفال", "儿童", "小孩", "孩子", "子供", "少女",
)  # fmt: skip
SEXUAL = _words(
    "nud(?:e|es|ity)", "naked", "sex(?:y|ual|ually|ualised|ualized)?", "erotic(?:a|ally)?", "nsfw", "topless",
    "porn(?:o|ography|ographic)?", "lingerie", "seductive(?:ly)?", "undress(?:ed|ing)?", "genitals?", "orgasm",
    "fetish", "hentai", "(?:without|no) (?:any )?cloth(?:es|ing)", "unclothed",
    "nackt(?:e|er|es|en)?", "nu[ae]?s?", "desnud[oa]s?", "nud[oa]s?", "nud[ie]", "naakt[e]?",
    "гол(?:ыи|ая|ые|ого|ой)", "обнаженн(?:ыи|ая|ые|ого|ой)", "ערו(?:ם|מה|מים)", "عار(?:ي|ية|يات)?", "裸体",
    "全裸", "(?<![角特景夜彩])色情",
)  # fmt: skip
ABUSE = _words("loli(?:con|ta)?s?", "shota(?:con)?s?", "csam", "p(?:a)?edophil(?:e|es|ia|ic)")
GORE = _words(
    "gor[ey]", "disembowel(?:l?ed|l?ing|ment)?", "decapitat(?:e|ed|ing|ion)", "behead(?:ed|ing)?",
    "severed (?:head|arm|leg|hand|limb|finger)s?", "dismember(?:ed|ing|ment)?", "mutilat(?:e|ed|ing|ion)", "entrails",
    "eviscerat(?:e|ed|ing|ion)", "torn[- ]apart (?:body|bodies|corpses?)", "guts spilling out",
    "cut(?:ting)? off (?:his|her|their) head",
    "enthauptet(?:e|er|en)?", "decapitee?s?", "decapitad[oa]s?", "обезглавленн(?:ыи|ая|ого)",
)  # fmt: skip
HATE = _words(
    "swastikas?", "hakenkreuz(?:e|fahne)?", "nazi (?:flag|salute|symbol|emblem|banner|uniform)s?", "kkk",
    "ku klux klan", "ss runes?", "hitler(?:gru(?:ss|ß))? salute", "hitlergru(?:ss|ß)", "sieg heil", "croix gammee",
    "esvastica", "свастик[аиу]", "צלב קרס", "卐", "burning cross", "nazi-?flagge",
)  # fmt: skip
HARMLESS = re.compile(
    r"(?<!\w)(?:al gore|vidal gore|naked mole[- ]rats?|naked eye|same[- ]sex|unisex|nude lipstick|nude heels|kind of|"
    r"(?:how|so|very|be|is|are|was|too|a) kind(?! naked))(?!\w)"
)

ARTISTS: dict[str, str] = {
    "Ai Weiwei": "stark conceptual installations of many repeated objects",
    "Alex Grey": "glowing transparent bodies and radiating patterns of light",
    "Andy Goldsworthy": "leaves, stones and ice laid out in patterns outdoors",
    "Anish Kapoor": "polished curved mirrors and deep voids of pure pigment",
    "Annie Leibovitz": "dramatic staged portraits with soft directional light",
    "Anselm Kiefer": "thick grey and ochre layers of paint, straw and ash",
    "Artgerm": "smooth, polished digital painting with glossy highlights",
    "Ashley Wood": "loose monochrome brushwork with sudden accents of colour",
    "Banksy": "black stencils on a street wall with one accent of colour",
    "Beeple": "surreal science-fiction scenes in saturated 3D rendering",
    "Bill Watterson": "lively ink lines and loose watercolour of newspaper comics",
    "Bridget Riley": "optical stripes and waves in precise contrast",
    "Cecily Brown": "dense, fleshy, half-abstract brushstrokes",
    "Cindy Sherman": "staged self-portraits like stills from old films",
    "Craig Mullins": "broad, painterly digital landscapes with cinematic light",
    "Damien Hirst": "rows of coloured dots on white",
    "David Hockney": "flat bright colours, swimming-pool blues and clear outlines",
    "Ed Ruscha": "plain words over smooth gradients of sky",
    "Frank Frazetta": "dramatic fantasy in deep oil colours with strong diagonals",
    "Frank Miller": "high-contrast black and white with hard shadows",
    "Gerhard Richter": "blurred realism and squeegeed layers of colour",
    "Greg Rutkowski": "epic fantasy in rich oil colours with dramatic light",
    "Hayao Miyazaki": "gentle hand-drawn animation with lush skies and soft watercolour backgrounds",
    "H. R. Giger": "dark biomechanical forms in airbrushed grey",
    "H.R. Giger": "dark biomechanical forms in airbrushed grey",
    "HR Giger": "dark biomechanical forms in airbrushed grey",
    "James Gurney": "warm, detailed naturalism with golden light",
    "James Jean": "flowing intricate lines and pale, dreamlike colours",
    "Jeff Koons": "shiny mirror-polished balloon-like shapes",
    "Jenny Saville": "heavy fleshy brushwork at monumental size",
    "Junji Ito": "fine black hatching with uncanny spirals",
    "KAWS": "flat cartoon shapes with thick outlines and muted pastels",
    "Kehinde Wiley": "heroic portraits before ornate flowered patterns",
    "Kim Jung Gi": "dense, confident brush-pen lines in wide-angle perspective",
    "Loish": "soft, flowing digital lines in warm pinks and teals",
    "Makoto Shinkai": "luminous skies, lens flares and finely detailed cities",
    "Marlene Dumas": "thin washes of paint and smudged faces",
    "Mike Mignola": "heavy black shadows and flat muted colours",
    "Olafur Eliasson": "light, mist and colour filling a whole room",
    "Peter Doig": "hazy, dreamlike landscapes in layered colour",
    "Quentin Blake": "scratchy, lively ink lines with loose washes",
    "Ross Tran": "stylised digital portraits with bold colourful shapes",
    "Sam Does Arts": "bright rim light and smooth stylised portraits",
    "Shepard Fairey": "posters in flat red, cream and blue with stencilled shapes",
    "Studio Ghibli": "gentle hand-drawn animation with lush skies and soft watercolour backgrounds",
    "Takashi Murakami": "flat smiling flowers in dense candy colours",
    "Tim Burton": "spindly crooked shapes, stripes and gothic gloom",
    "Tracey Emin": "raw, wobbly lines and handwritten words",
    "Wes Anderson": "symmetrical compositions in pastel colours",
    "WLOP": "ethereal digital painting with glowing light and flowing fabric",
    "Yayoi Kusama": "dense fields of dots in strong colours",
    "Yoshitaka Amano": "delicate flowing ink lines with gold and pale washes",
    "Yoshitomo Nara": "big-eyed, sullen figures on plain pale grounds",
    "Zdzisław Beksiński": "dusty, dreamlike ruins in ochre and rust",
}  # fmt: skip

PEOPLE: dict[str, str] = {
    **dict.fromkeys(
        (
            "Donald Trump", "President Trump", "Joe Biden", "Kamala Harris", "Barack Obama", "Obama", "George W. Bush",
            "Hillary Clinton", "Bill Clinton", "JD Vance", "Bernie Sanders", "Nancy Pelosi", "Vladimir Putin", "Putin",
            "Volodymyr Zelensky", "Volodymyr Zelenskyy", "Zelensky", "Zelenskyy", "Xi Jinping", "Kim Jong Un",
            "Kim Jong-un", "Angela Merkel", "Olaf Scholz", "Friedrich Merz", "Emmanuel Macron", "Keir Starmer",
            "Boris Johnson", "Rishi Sunak", "Giorgia Meloni", "Narendra Modi", "Benjamin Netanyahu", "Netanyahu",
            "Recep Tayyip Erdoğan", "Recep Tayyip Erdogan", "Justin Trudeau", "Lula da Silva", "Javier Milei",
            "Jair Bolsonaro", "Ursula von der Leyen", "Viktor Orbán", "Viktor Orban", "Jacinda Ardern",
        ),
        "a politician",
    ),
    **dict.fromkeys(
        (
            "Taylor Swift", "Beyoncé", "Beyonce", "Rihanna", "Lady Gaga", "Kanye West", "Billie Eilish", "Ed Sheeran",
            "Justin Bieber", "Ariana Grande", "Adele Adkins", "Bob Dylan", "Paul McCartney", "Madonna Ciccone",
            "Eminem", "Snoop Dogg", "Harry Styles", "Dua Lipa", "Shakira", "Bad Bunny the singer", "Elton John",
        ),
        "a singer",
    ),
    **dict.fromkeys(
        (
            "Tom Cruise", "Brad Pitt", "Angelina Jolie", "Leonardo DiCaprio", "Scarlett Johansson", "Emma Watson",
            "Keanu Reeves", "Dwayne Johnson", "Tom Hanks", "Meryl Streep", "Will Smith", "Jennifer Lawrence",
            "Zendaya", "Timothée Chalamet", "Timothee Chalamet", "Margot Robbie", "Ryan Gosling", "Johnny Depp",
            "Natalie Portman", "Morgan Freeman", "Jackie Chan", "Shah Rukh Khan", "Daniel Radcliffe", "Pedro Pascal",
        ),
        "an actor",
    ),
    **dict.fromkeys(
        (
            "Lionel Messi", "Messi", "Cristiano Ronaldo", "LeBron James", "Serena Williams", "Roger Federer",
            "Rafael Nadal", "Novak Djokovic", "Usain Bolt", "Kylian Mbappé", "Kylian Mbappe", "Lewis Hamilton",
            "Simone Biles", "Tiger Woods", "Michael Jordan",
        ),
        "an athlete",
    ),
    **dict.fromkeys(
        (
            "Elon Musk", "Jeff Bezos", "Bill Gates", "Mark Zuckerberg", "Sam Altman", "Tim Cook", "Jensen Huang",
            "Warren Buffett", "Oprah Winfrey", "Oprah", "Kim Kardashian", "Paris Hilton", "Greta Thunberg",
            "MrBeast", "Joe Rogan",
        ),
        "a well-dressed person",
    ),
    **dict.fromkeys(
        ("King Charles III", "Prince William", "Prince Harry", "Kate Middleton", "Meghan Markle"), "a royal",
    ),
    **dict.fromkeys(("Pope Francis", "Pope Leo XIV", "the Dalai Lama", "Dalai Lama"), "a religious leader"),
}  # fmt: skip
