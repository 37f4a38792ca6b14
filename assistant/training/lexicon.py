"""Words of the world outside the picture world, and the nearest thing that can be painted. Data only.

Nouns lead to kinds, places to places, styles to styles of the full world; `NEAREST` leads on from there to a smaller
setting. Words in the `SAME` tables are other names for what can be painted and need no excuse.
"""

from __future__ import annotations

from captioner.world.scene import WorldSetting

_NOUNS: dict[str, str] = {
    "wizard": "samurai ninja viking monk priest pope nun witch warlock druid shaman elf dwarf gnome leprechaun fairy santa "
    "shakespeare gandalf merlin dumbledore grandpa grandfather professor teacher scientist inventor judge sage prophet "
    "emperor sultan pharaoh sphinx genie jester clown mime magi oracle philosopher hermit nomad bard poet "
    "king queen prince duke president mayor politician businessman boss lawyer banker manager accountant "
    "grandma grandmother mom mother mum dad father uncle aunt brother sister neighbour neighbor husband wife "
    "boyfriend girlfriend friend man woman person people boy girl child kid baby toddler teenager lady gentleman guy "
    "family couple human portrait selfie celebrity actor actress singer rapper rockstar guitarist drummer dancer ballerina "
    "gymnast footballer basketballer golfer cyclist surfer skier skateboarder athlete coach referee boxer wrestler "
    "policeman firefighter soldier sailor captain detective spy thief burglar nurse doctor dentist surgeon farmer "
    "gardener barista waiter baker painter artist sculptor photographer journalist student graduate librarian mechanic "
    "carpenter plumber builder engineer programmer hacker mermaid vampire zombie angel cupid god goddess buddha jesus "
    "einstein newton napoleon cleopatra beethoven mozart picasso trump obama batman superman spiderman hulk thor hermione "
    "elsa cinderella rapunzel barbie goku naruto mario luigi sherlock cowboy sheriff gladiator archer hunter geisha bride groom",
    "robot": "cyborg terminator mech transformer gundam machine computer laptop phone smartphone tablet television tv radio "
    "camera drone satellite telescope microscope printer toaster fridge microwave vacuum typewriter keyboard headphones "
    "microphone speaker console gameboy joystick calculator clock watch engine motor tractor bulldozer excavator crane "
    "forklift motorcycle motorbike scooter bicycle bike truck lorry van bus taxi ambulance tank jeep ferrari tesla "
    "porsche limousine spaceship ufo airplane plane helicopter jet submarine wheelchair r2d2 wall-e android c3po",
    "bear": "gorilla ape chimpanzee bigfoot yeti sasquatch wombat sloth walrus hippo hippopotamus rhino rhinoceros bison "
    "buffalo yak mammoth moose elk beaver otter badger groundhog marmot wolverine raccoon paddington baloo grizzly monster "
    "ogre troll giant golem beast werewolf gruffalo totoro chewbacca capybara boar bull ox gnu wildebeest tapir",
    "cat": "leopard cheetah jaguar panther puma lynx bobcat cougar ocelot garfield simba lioness sphynx siamese tabby "
    "meerkat mongoose lemur pikachu catwoman tomcat persian hellokitty caracal serval",
    "dog": "wolf coyote hyena jackal poodle labrador corgi dachshund bulldog beagle husky dalmatian chihuahua terrier "
    "retriever shepherd greyhound pug snoopy scooby donkey mule zebra deer reindeer stag fawn doe gazelle antelope goat ram "
    "llama alpaca camel dingo seal sealion scoobydoo lassie rottweiler spaniel collie boxerdog centaur pegasus",
    "bunny": "hamster gerbil guineapig rat squirrel chipmunk chinchilla kangaroo wallaby possum opossum mole shrew vole "
    "dormouse ferret weasel jerboa thumper jackalope stitch smurf moomin mickey minnie jerry armadillo anteater porcupine",
    "fox": "fennec marten sandcat dhole zorro ermine stoat redpanda",
    "owl": "eagle hawk falcon vulture condor raven crow magpie jay sparrow robin finch canary parrot macaw cockatoo toucan "
    "pelican stork heron crane flamingo peacock phoenix griffin bat bird birds hummingbird swallow pigeon dove kingfisher "
    "woodpecker ostrich emu moth hedwig butterfly bee wasp ladybug ladybird dragonfly mosquito fly gryphon",
    "penguin": "puffin seagull gull goose swan chicken rooster hen turkey dodo albatross walrus-pup dolphin shark "
    "orca manatee narwhal belugawhale pingu kiwi platypus quail pheasant loon",
    "frog": "dinosaur trex t-rex velociraptor triceratops stegosaurus brontosaurus godzilla lizard iguana gecko chameleon "
    "salamander newt axolotl crocodile alligator snake python cobra viper worm slug caterpillar beetle ant spider "
    "scorpion crab lobster shrimp jellyfish starfish seahorse eel stingray clam oyster tadpole kermit yoda shrek goblin "
    "gremlin hydra kraken basilisk kaiju tortoise-king pokemon",
    "house": "skyscraper tower church cathedral mosque temple pagoda pyramid igloo tent barn shed garage mansion palace "
    "villa apartment hotel hospital school museum theatre theater cinema restaurant shop store supermarket "
    "airport station lighthouse windmill factory warehouse stadium prison bank bridge treehouse cabin farmhouse bungalow "
    "chalet caravan tavern inn pub bakery pizzeria eiffel bigben monument statue fountain well door window fence-gate "
    "bed sofa couch table desk wardrobe bookshelf bathtub toilet oven piano guitar violin drum trumpet harp suitcase "
    "bucket ladder throne mirror logo map",
    "cake": "pizza burger hamburger hotdog sandwich taco burrito sushi ramen noodles pasta spaghetti salad soup steak "
    "chicken-nugget bacon eggs omelette pancake pancakes waffle waffles donut doughnut cookie cookies biscuit brownie "
    "muffin cupcake croissant bagel bread baguette pie tart pudding icecream gelato popsicle lollipop candy chocolate "
    "cheese apple banana orange strawberry cherry pineapple watermelon grapes lemon peach pear mango avocado tomato potato "
    "carrot broccoli pumpkin corn onion cucumber eggplant pepper coffee tea beer wine cocktail milkshake smoothie "
    "lemonade cheeseburger fries popcorn pretzel sundae macaron jelly honey jam diamond ring jewel necklace treasure "
    "candle crayon vase rose tulip sunflower bouquet cactus bonsai pen book mug teacup cup bottle",
}
NOUNS: dict[str, str] = {word.replace("-", " "): kind for kind, text in _NOUNS.items() for word in text.split()}
NOUNS |= {
    "ice cream": "cake", "hot dog": "cake", "birthday pie": "cake", "my boss": "wizard", "my mom": "wizard",
    "my grandma": "wizard", "my dad": "wizard", "my best friend": "wizard", "my wife": "wizard", "my husband": "wizard",
    "the president": "wizard", "the queen": "wizard", "santa claus": "wizard", "darth vader": "robot", "iron man": "robot",
    "harry potter": "wizard", "mickey mouse": "bunny", "sports car": "robot", "race car": "robot", "fire truck": "robot",
    "polar bear": "bear", "sea lion": "dog", "guinea pig": "bunny", "killer whale": "penguin", "red panda": "fox",
    "police officer": "wizard", "taylor swift": "wizard", "elon musk": "wizard", "king kong": "bear", "donald duck": "penguin",
    "eiffel tower": "house", "the eiffel tower": "house", "statue of liberty": "house", "big ben": "house",
    "solar system": "cake", "coffee machine": "robot", "washing machine": "robot", "space station": "robot",
    "winnie the pooh": "bear", "peppa pig": "dog", "hello kitty": "cat", "tooth fairy": "wizard", "easter bunny": "bunny",
    "roller coaster": "house", "teddy bear picnic": "bear", "flying saucer": "robot", "christmas tree": "house",
}  # fmt: skip
"""What cannot be painted, and the kind that comes nearest."""

FULL_KINDS: dict[str, str] = {
    "mouse": "bunny", "pig": "dog", "cow": "dog", "sheep": "bunny", "horse": "dog", "elephant": "bear", "giraffe": "fox",
    "lion": "cat", "tiger": "cat", "monkey": "bear", "panda": "bear", "koala": "bear", "hedgehog": "bunny",
    "turtle": "frog", "duck": "penguin", "chick": "penguin", "fish": "penguin", "whale": "penguin", "octopus": "frog",
    "snail": "frog", "dragon": "frog", "unicorn": "dog", "astronaut": "robot", "pirate": "wizard", "knight": "robot",
    "princess": "wizard", "chef": "wizard", "snowman": "penguin", "ghost": "owl", "alien": "frog", "boat": "house",
    "teapot": "cake", "car": "robot", "train": "robot", "rocket": "robot", "ball": "cake", "box": "house", "lamp": "house",
    "chair": "house", "castle": "house", "gift": "cake", "sign": "house",
}  # fmt: skip
_PLACES: dict[str, str] = {
    "city": "tokyo kyoto paris london berlin rome venice madrid barcelona amsterdam vienna prague istanbul moscow beijing "
    "shanghai delhi mumbai bangkok singapore sydney melbourne toronto chicago manhattan hollywood seattle boston miami "
    "dubai cairo lagos nairobi japan china india france italy england germany spain america mexico brazil russia "
    "chinatown gotham hogwarts atlantis neon-alley subway metro airport mall market bazaar stadium arena street alley "
    "highway motorway roundabout school office hospital downtown-club casino museum church cathedral",
    "desert": "moon mars venus space jupiter saturn egypt sahara arizona texas morocco australia galaxy planet asteroid canyon "
    "savanna savannah wasteland africa dubai-dunes hell moonbase",
    "meadow": "heaven prairie countryside vineyard orchard ireland scotland holland tuscany netherlands graveyard cemetery "
    "golf-course zoo battlefield racetrack hill hills valley clouds cloud sky",
    "beach": "hawaii bali maldives caribbean island ocean sea pool pond river riverbank waterfall underwater aquarium swamp "
    "florida bahamas ibiza greece lagoon reef pier boat-deck aquapark",
    "forest": "amazon rainforest wonderland narnia bamboo-grove treehouse campsite fairyland neverland redwoods mirkwood swampland",
    "mountains": "himalayas everest alps switzerland norway nepal tibet peru rockies andes cliff cliffs fuji kilimanjaro mordor glacier",
    "snowfield": "antarctica arctic greenland iceland siberia alaska lapland finland sweden north-pole south-pole ski-resort igloo",
    "room": "spaceship classroom bathroom basement attic dungeon laboratory lab restaurant cafe bar pub shop cinema theatre "
    "gym sauna prison factory garage elevator lift submarine tavern bakery supermarket courtroom studio",
}
PLACES: dict[str, str] = {word.replace("-", " "): place for place, text in _PLACES.items() for word in text.split()}
PLACES |= {
    "new york": "city", "outer space": "desert", "the moon": "desert", "hong kong": "city", "los angeles": "city",
    "san francisco": "city", "times square": "city", "the north pole": "snowfield", "a parking lot": "city",
    "a football field": "meadow", "the milky way": "desert", "a coffee shop": "room", "the grand canyon": "desert",
}  # fmt: skip
FULL_PLACES: dict[str, str] = {
    "garden": "meadow", "lake": "beach", "farm": "meadow", "jungle": "forest", "park": "meadow", "harbour": "beach",
    "rooftop": "city", "playground": "meadow", "bridge": "city", "volcano": "mountains", "fairground": "city",
    "castle yard": "city", "kitchen": "room", "library": "room", "cave": "mountains", "stage": "room",
}  # fmt: skip
STYLES: dict[str, str] = {
    "anime": "flat", "manga": "pencil", "van gogh": "oil", "picasso": "flat", "monet": "watercolour", "impressionist": "watercolour",
    "cubist": "flat", "photorealistic": "flat", "realistic": "flat", "photo": "flat", "photograph": "flat", "3d render": "flat",
    "3d": "flat", "pixar": "flat", "disney": "flat", "ghibli": "watercolour", "studio ghibli": "watercolour", "comic book": "flat",
    "comic": "flat", "lego": "flat", "claymation": "flat", "origami": "paper cut", "stained glass": "flat", "mosaic": "flat",
    "graffiti": "flat", "pop art": "flat", "art deco": "flat", "art nouveau": "flat", "ukiyo-e": "watercolour", "gothic": "pencil",
    "charcoal": "pencil", "crayon": "pencil", "marker": "pencil", "acrylic": "watercolour", "gouache": "watercolour",
    "steampunk": "pencil", "cyberpunk": "flat", "vaporwave": "flat", "surrealist": "watercolour", "renaissance": "watercolour",
    "baroque": "watercolour", "vintage": "watercolour", "low poly": "flat", "isometric": "flat", "cinematic": "flat",
    "south park": "flat", "simpsons": "flat", "minecraft": "flat", "vector": "flat", "fresco": "watercolour", "tattoo": "pencil",
}  # fmt: skip
FULL_STYLES = {"ink": "pencil", "pixel art": "flat", "oil": "watercolour", "paper cut": "flat", "pastel": "watercolour"}
ITEMS: tuple[str, ...] = (
    "sword", "shield", "gun", "guitar", "backpack", "jacket", "coat", "tie", "bow tie", "shirt", "t-shirt", "dress", "skirt",
    "trousers", "shoes", "boots", "sneakers", "socks", "gloves", "mask", "helmet", "wig", "moustache", "mustache", "beard",
    "earrings", "necklace", "ring", "watch", "cape", "wings", "tail", "horns", "umbrella", "lantern", "flag", "crown",
    "pizza", "ice cream", "sandwich", "coffee", "cup of tea", "phone", "camera", "book", "newspaper", "violin", "trumpet", "ball",
    "skateboard", "bicycle", "surfboard", "fishing rod", "magic wand", "wand", "staff", "torch", "sunshade", "suitcase", "kite",
    "carrot", "banana", "apple", "gift", "present", "key", "map", "axe", "hammer", "broom", "bow and arrow", "lollipop", "tuxedo",
    "sweater", "hoodie", "pyjamas", "apron", "uniform", "belt", "handbag", "sunflower field", "lightsaber", "microphone", "trophy",
)  # fmt: skip
"""What can be neither worn nor held by the small world's characters."""
EMPTY_ADJECTIVES: tuple[str, ...] = (
    "epic", "majestic", "ancient", "futuristic", "magical", "mysterious", "funny", "silly", "cool", "awesome", "beautiful",
    "gorgeous", "handsome", "famous", "fancy", "elegant", "brave", "clever", "lazy", "hungry", "wild", "crazy", "weird",
    "strange", "fat", "chubby", "skinny", "tall", "old", "young", "strong", "powerful", "cozy", "dramatic", "detailed",
    "realistic-looking", "stunning", "amazing", "perfect", "nice", "simple", "plain-looking", "legendary", "evil", "noble",
    "retro", "modern", "classic", "wonderful", "tasty", "delicious", "mighty", "heroic", "shiny", "furry", "kawaii", "quirky",
)  # fmt: skip
ADORABLE: tuple[str, ...] = (
    "adorable",
    "cute",
    "sweet",
    "lovely",
    "super cute",
    "fluffy",
    "pretty",
    "cuddly",
    "cutest",
    "darling",
)

SAME_KINDS: dict[str, tuple[str, ...]] = {
    "bunny": ("rabbit", "hare", "bunny rabbit", "wee bunny", "baby rabbit", "bun", "easter bunny"),
    "cat": ("kitty", "kitten", "pussycat", "kitty cat", "feline", "house cat", "tomcat"),
    "dog": ("puppy", "doggy", "pup", "hound", "doggo", "pooch", "puppy dog"),
    "bear": ("teddy", "teddy bear", "bear cub", "brown bear", "grizzly bear", "baby bear"),
    "fox": ("fox cub", "foxy", "little fox", "vixen"),
    "owl": ("owlet", "hooty owl", "night owl", "barn owl"),
    "frog": ("toad", "froggy", "tree frog", "froggie"),
    "penguin": ("pengu", "baby penguin", "emperor penguin", "penguin chick"),
    "robot": ("bot", "android", "droid", "toy robot", "little bot"),
    "wizard": ("magician", "sorcerer", "mage", "old wizard"),
    "house": ("home", "cottage", "hut", "building", "little home"),
    "cake": ("birthday cake", "gateau", "party cake", "big cake", "layer cake"),
}
SAME_PLACES: dict[str, tuple[str, ...]] = {
    "meadow": ("in a field", "on the grass", "in the meadow", "in a grassy field", "in a flower meadow", "on a meadow", "in the fields",
               "outside on the grass", "in a field of flowers", "in the grass", "on a lawn"),
    "beach": ("at the beach", "on the beach", "by the sea", "at the seaside", "on the seashore", "by the ocean", "on the sand",
              "on a sandy beach", "near the sea", "at the seashore", "on the shore"),
    "forest": ("in the forest", "in the woods", "among the trees", "in a wood", "in the wood", "between the trees", "deep in the forest",
               "in a deep forest", "in woodland"),
    "desert": ("in the desert", "in the dunes", "among the sand dunes", "in a hot desert", "in a sandy desert", "out in the desert"),
    "mountains": ("in the mountains", "on a mountain", "up a mountain", "up in the mountains", "on top of a mountain", "among the peaks",
                  "with mountains behind", "near the mountains"),
    "city": ("in the city", "in town", "downtown", "in a big city", "in the street", "on a city street", "in a busy city", "in the town",
             "among skyscrapers", "in front of tall buildings"),
    "snowfield": ("in the snow", "in a snowy field", "on the snow", "in a snowy landscape", "in a winter landscape", "in a snow field",
                  "on a snowfield", "in deep snow", "somewhere snowy", "in a winter wonderland"),
    "room": ("in the room", "inside", "indoors", "at home", "in a bedroom", "in the living room", "in a living room", "inside a house",
             "in her room", "in his room", "in a cozy room"),
}  # fmt: skip
SAME_MOODS: tuple[tuple[str, ...], ...] = (
    ("heartbroken", "crying", "miserable", "sobbing", "tearful", "devastated", "in tears", "very sad", "extremely sad", "weeping",
     "really sad", "super sad", "so sad", "desperate", "inconsolable", "bawling"),
    ("sad", "unhappy", "gloomy", "glum", "downcast", "upset", "lonely", "grumpy", "angry", "moody", "disappointed", "a bit sad",
     "melancholy", "worried", "blue-hearted", "down", "cross", "sulky", "sulking", "mad", "depressed", "melancholic", "frowning"),
    ("calm", "peaceful", "relaxed", "quiet", "serene", "sleepy", "bored", "neutral", "serious", "thoughtful", "chilled", "tired",
     "indifferent", "zen", "composed", "dreamy", "chill"),
    ("happy", "cheerful", "smiling", "glad", "merry", "joyful", "friendly", "jolly", "content", "cheery", "pleased", "playful", "proud",
     "jovial", "in a good mood", "grinning", "sunny-tempered"),
    ("overjoyed", "delighted", "beaming", "thrilled", "ecstatic", "very happy", "super happy", "extremely happy", "excited", "laughing",
     "euphoric", "so happy", "really happy", "over the moon", "elated", "incredibly happy", "happiest"),
)  # fmt: skip
SAME_STYLES: dict[str, tuple[str, ...]] = {
    "flat": ("flat", "cartoon", "a cartoon", "cartoon style", "a flat illustration", "flat illustration", "flat style", "an illustration",
             "flat colours", "cartoony", "a flat cartoon", "a children's book illustration"),
    "watercolour": ("watercolour", "watercolor", "a watercolour", "a watercolor", "watercolours", "watercolors", "a watercolor painting",
                    "watercolor painting", "a watercolour painting", "aquarelle", "soft watercolour", "water colour", "painted in watercolour"),
    "pencil": ("pencil", "a pencil drawing", "pencil drawing", "a pencil sketch", "pencil sketch", "a sketch", "sketch", "sketchy", "colored pencil",
               "coloured pencil", "colored pencils", "hand-drawn pencil", "drawn in pencil", "a hand-drawn sketch", "crayon pencil"),
}  # fmt: skip
SAME_TIMES: dict[str, tuple[str, ...]] = {
    "day": ("in daylight", "during the day", "at midday", "by day", "at noon", "in the daytime", "in broad daylight", "in the sunshine",
            "on a sunny day", "in bright light"),
    "evening": ("in the evening", "at sunset", "at dusk", "at twilight", "as the sun goes down", "in the sunset", "in evening light",
                "at golden hour", "during sunset", "watching the sunset"),
    "night": ("at night", "late at night", "at midnight", "in the dark", "under the stars", "by moonlight", "in the moonlight",
              "under the moon", "under a starry sky", "in the middle of the night", "at nighttime", "on a dark night"),
}  # fmt: skip
SAME_WEATHERS: dict[str, tuple[str, ...]] = {
    "clear": ("in fine weather", "under a clear sky", "with a clear sky", "in nice weather", "in good weather", "with blue sky"),
    "rain": ("in the rain", "while it rains", "on a rainy day", "in heavy rain", "with rain", "in a storm", "when it's raining", "in rainy weather",
             "with rain falling", "under the rain", "while it is raining"),
    "snow": ("while it snows", "with snow falling", "in falling snow", "on a snowy day", "in a snowstorm", "when it's snowing", "in snowy weather",
             "with snowflakes", "while it is snowing", "in a blizzard"),
}  # fmt: skip
SAME_WORN: dict[str, tuple[str, ...]] = {
    "hat": ("hat", "cap", "top hat", "beanie", "party hat", "sun hat", "little hat", "wizard hat"),
    "scarf": ("scarf", "shawl", "woolly scarf", "neckerchief", "winter scarf"),
    "glasses": ("glasses", "spectacles", "sunglasses", "specs", "shades", "eyeglasses", "reading glasses"),
}
SAME_HELD: dict[str, tuple[str, ...]] = {
    "balloon": ("balloon", "party balloon", "helium balloon"),
    "flower": ("flower", "daisy", "rose", "tulip", "blossom"),
}
SAME_EXTRAS: dict[str, tuple[str, ...]] = {
    "rainbow": ("a rainbow", "a bright rainbow", "a big rainbow", "rainbow colours in the sky"),
    "tree": ("a tree", "a leafy tree", "a big tree", "an oak tree", "a green tree"),
    "butterflies": ("butterflies", "some butterflies", "a few butterflies", "little butterflies", "a butterfly"),
}
HOME: dict[str, str] = {
    "bunny": "meadow", "cat": "room", "dog": "meadow", "bear": "forest", "fox": "forest", "owl": "forest", "frog": "meadow",
    "penguin": "snowfield", "robot": "city", "wizard": "mountains", "house": "meadow", "cake": "room",
}  # fmt: skip
"""Where a kind is painted when nobody says where."""
COAT: dict[str, str] = {
    "bunny": "white", "cat": "orange", "dog": "brown", "bear": "brown", "fox": "orange", "owl": "brown", "frog": "green",
    "penguin": "black", "robot": "grey", "wizard": "purple", "house": "red", "cake": "pink",
}  # fmt: skip
"""The colour that a kind has when nobody says one."""
SAME_COLOURS: dict[str, tuple[str, ...]] = {
    "red": ("crimson", "scarlet", "dark red", "bright red", "ruby"), "orange": ("ginger", "bright orange", "amber"),
    "yellow": ("golden", "gold", "blonde", "lemon yellow", "bright yellow"), "green": ("lime", "dark green", "emerald", "light green"),
    "teal": ("turquoise", "cyan", "aqua"), "blue": ("navy", "light blue", "dark blue", "sky blue", "royal blue"),
    "purple": ("violet", "lilac", "lavender", "magenta"), "pink": ("rosy", "hot pink", "light pink", "pinkish"),
    "brown": ("chocolate brown", "tan", "dark brown", "light brown", "beige"), "black": ("jet black", "pitch black", "dark"),
    "white": ("snow-white", "cream", "ivory", "pure white"), "grey": ("gray", "silver", "dark grey", "light gray"),
}  # fmt: skip
REFUSED: tuple[str, ...] = (
    "naked woman", "nude", "porn", "sex scene", "nude girl", "naked people", "topless woman", "erotic picture", "hentai", "boobs",
    "genitals", "orgy", "fetish scene", "naked wizard", "sexy naked cat", "corpse", "dead body", "bloody murder",
    "decapitated head", "severed head", "gore", "torture scene", "person being stabbed", "mutilated body", "suicide",
    "beheading", "school shooting", "guts and blood everywhere", "dismembered dog", "bunny being killed", "cat being tortured",
    "swastika", "nazi flag", "hitler", "ku klux klan", "lynching", "racist cartoon", "racist caricature", "isis flag",
    "terrorist attack", "hanged man", "slaughtered animal", "cat with its guts out", "rape", "child abuse", "skinned rabbit",
    "dog being beaten", "blood and gore", "brutal murder", "antisemitic cartoon", "hateful meme about muslims", "burning cross",
    "someone shooting people", "bleeding corpse", "cannibal eating a person", "nude beach orgy", "strip show", "dick pic", "penis",
    "vagina", "naked girl", "nude man", "massacre", "execution", "impaled head", "headless body", "man cutting his wrists",
    "naked", "nudes", "sexy woman in lingerie", "couple having sex", "people having sex", "two naked men", "breasts", "nipples",
    "pornographic picture", "porn star", "stripper", "bondage", "blowjob", "masturbation", "something erotic", "nsfw", "nsfw picture",
    "naked child", "child porn", "dead bunny", "dead cat", "dead dog", "dead child", "dead people", "murdered man", "murder victim",
    "killing a dog", "killing people", "man killing his wife", "bunny being stabbed", "cat being shot", "dog being hanged", "bear being skinned",
    "fox being tortured", "bloody corpse", "bloody knife in a body", "blood everywhere", "pool of blood", "mutilated cat", "dismembered body",
    "chopped off head", "beheaded man", "hanging body", "someone hanging himself", "woman slitting her throat", "gas chamber", "lynch mob",
    "kkk rally", "nazi", "nazi salute", "hitler salute", "adolf hitler", "racist joke", "racist picture of black people", "hate against jews",
    "gay people being killed", "terrorist bombing", "suicide bomber", "bomb attack on a school", "how to make a bomb", "animal cruelty",
    "wizard killing a bunny", "robot murdering people", "bear eating a person alive", "torn off limbs", "open wound with guts", "cruel torture",
)  # fmt: skip

# Other languages: {language: {English: word}} for a few big ones; the prompt stays English.
LANGUAGES: dict[str, dict[str, str]] = {
    "es": {"draw": "dibuja", "draw2": "pinta", "want": "quiero", "a": "un", "bunny": "conejo", "cat": "gato", "dog": "perro", "bear": "oso", "fox": "zorro",
           "owl": "búho", "frog": "rana", "penguin": "pingüino", "robot": "robot", "wizard": "mago", "house": "casa", "cake": "pastel", "red": "rojo",
           "blue": "azul", "green": "verde", "yellow": "amarillo", "black": "negro", "white": "blanco", "pink": "rosa", "happier": "más feliz",
           "sadder": "más triste", "make it": "hazlo", "again": "otra vez", "undo": "deshacer", "hat": "un sombrero", "thanks": "gracias", "hello": "hola",
           "beach": "en la playa", "forest": "en el bosque", "night": "de noche", "snow": "con nieve", "happy": "feliz", "sad": "triste", "bigger": "más grande",
           "with hat": "con un sombrero", "add hat": "ponle un sombrero", "without hat": "sin sombrero"},
    "fr": {"draw": "dessine", "draw2": "peins", "want": "je veux", "a": "un", "bunny": "lapin", "cat": "chat", "dog": "chien", "bear": "ours", "fox": "renard",
           "owl": "hibou", "frog": "une grenouille", "penguin": "pingouin", "robot": "robot", "wizard": "magicien", "house": "une maison", "cake": "gâteau",
           "red": "rouge", "blue": "bleu", "green": "vert", "yellow": "jaune", "black": "noir", "white": "blanc", "pink": "rose", "happier": "plus heureux",
           "sadder": "plus triste", "make it": "rends-le", "again": "encore une fois", "undo": "annuler", "hat": "un chapeau", "thanks": "merci", "hello": "bonjour",
           "beach": "à la plage", "forest": "dans la forêt", "night": "la nuit", "snow": "sous la neige", "happy": "heureux", "sad": "triste",
           "bigger": "plus grand", "with hat": "avec un chapeau", "add hat": "ajoute un chapeau", "without hat": "sans chapeau"},
    "de": {"draw": "zeichne", "draw2": "male", "want": "ich möchte", "a": "einen", "bunny": "Hasen", "cat": "eine Katze", "dog": "Hund", "bear": "Bären",
           "fox": "Fuchs", "owl": "eine Eule", "frog": "Frosch", "penguin": "Pinguin", "robot": "Roboter", "wizard": "Zauberer", "house": "ein Haus",
           "cake": "Kuchen", "red": "rot", "blue": "blau", "green": "grün", "yellow": "gelb", "black": "schwarz", "white": "weiß", "pink": "rosa",
           "happier": "fröhlicher", "sadder": "trauriger", "make it": "mach es", "again": "nochmal", "undo": "rückgängig", "hat": "einen Hut", "thanks": "danke",
           "hello": "hallo", "beach": "am Strand", "forest": "im Wald", "night": "bei Nacht", "snow": "im Schnee", "happy": "glücklich", "sad": "traurig",
           "bigger": "größer", "with hat": "mit Hut", "add hat": "gib ihm einen Hut", "without hat": "ohne Hut"},
    "pt": {"draw": "desenhe", "draw2": "pinte", "want": "quero", "a": "um", "bunny": "coelho", "cat": "gato", "dog": "cachorro", "bear": "urso", "fox": "raposa",
           "owl": "coruja", "frog": "sapo", "penguin": "pinguim", "robot": "robô", "wizard": "mago", "house": "casa", "cake": "bolo", "red": "vermelho",
           "blue": "azul", "green": "verde", "yellow": "amarelo", "black": "preto", "white": "branco", "pink": "rosa", "happier": "mais feliz",
           "sadder": "mais triste", "make it": "deixe", "again": "de novo", "undo": "desfazer", "hat": "um chapéu", "thanks": "obrigado", "hello": "olá",
           "beach": "na praia", "forest": "na floresta", "night": "à noite", "snow": "na neve", "happy": "feliz", "sad": "triste", "bigger": "maior",
           "with hat": "com chapéu", "add hat": "coloque um chapéu", "without hat": "sem chapéu"},
    "it": {"draw": "disegna", "draw2": "dipingi", "want": "voglio", "a": "un", "bunny": "coniglio", "cat": "gatto", "dog": "cane", "bear": "orso", "fox": "volpe",
           "owl": "gufo", "frog": "rana", "penguin": "pinguino", "robot": "robot", "wizard": "mago", "house": "casa", "cake": "torta", "red": "rosso",
           "blue": "blu", "green": "verde", "yellow": "giallo", "black": "nero", "white": "bianco", "pink": "rosa", "happier": "più felice",
           "sadder": "più triste", "make it": "rendilo", "again": "ancora", "undo": "annulla", "hat": "un cappello", "thanks": "grazie", "hello": "ciao",
           "beach": "sulla spiaggia", "forest": "nella foresta", "night": "di notte", "snow": "nella neve", "happy": "felice", "sad": "triste",
           "bigger": "più grande", "with hat": "con un cappello", "add hat": "aggiungi un cappello", "without hat": "senza cappello"},
    "zh": {"draw": "画", "draw2": "请画", "want": "我想要", "a": "一只", "bunny": "兔子", "cat": "猫", "dog": "狗", "bear": "熊", "fox": "狐狸", "owl": "猫头鹰",
           "frog": "青蛙", "penguin": "企鹅", "robot": "机器人", "wizard": "巫师", "house": "房子", "cake": "蛋糕", "red": "红色", "blue": "蓝色", "green": "绿色",
           "yellow": "黄色", "black": "黑色", "white": "白色", "pink": "粉色", "happier": "更开心", "sadder": "更难过", "make it": "让它", "again": "再来一张",
           "undo": "撤销", "hat": "一顶帽子", "thanks": "谢谢", "hello": "你好", "beach": "在海滩上", "forest": "在森林里", "night": "晚上", "snow": "在雪地里",
           "happy": "开心的", "sad": "难过的", "bigger": "更大", "with hat": "戴帽子", "add hat": "给它戴一顶帽子", "without hat": "不要帽子"},
    "ja": {"draw": "を描いて", "draw2": "を描いてください", "want": "が欲しい", "a": "", "bunny": "うさぎ", "cat": "猫", "dog": "犬", "bear": "熊", "fox": "狐",
           "owl": "フクロウ", "frog": "カエル", "penguin": "ペンギン", "robot": "ロボット", "wizard": "魔法使い", "house": "家", "cake": "ケーキ", "red": "赤い",
           "blue": "青い", "green": "緑の", "yellow": "黄色い", "black": "黒い", "white": "白い", "pink": "ピンクの", "happier": "もっと嬉しそうに",
           "sadder": "もっと悲しく", "make it": "", "again": "もう一回", "undo": "元に戻して", "hat": "帽子", "thanks": "ありがとう", "hello": "こんにちは",
           "beach": "ビーチで", "forest": "森で", "night": "夜に", "snow": "雪の中で", "happy": "嬉しい", "sad": "悲しい", "bigger": "もっと大きく",
           "with hat": "帽子をかぶった", "add hat": "帽子をかぶせて", "without hat": "帽子なし"},
    "ru": {"draw": "нарисуй", "draw2": "нарисуйте", "want": "хочу", "a": "", "bunny": "кролика", "cat": "кота", "dog": "собаку", "bear": "медведя", "fox": "лису",
           "owl": "сову", "frog": "лягушку", "penguin": "пингвина", "robot": "робота", "wizard": "волшебника", "house": "дом", "cake": "торт", "red": "красный",
           "blue": "синий", "green": "зелёный", "yellow": "жёлтый", "black": "чёрный", "white": "белый", "pink": "розовый", "happier": "веселее",
           "sadder": "грустнее", "make it": "сделай", "again": "ещё раз", "undo": "отменить", "hat": "шляпу", "thanks": "спасибо", "hello": "привет",
           "beach": "на пляже", "forest": "в лесу", "night": "ночью", "snow": "в снегу", "happy": "счастливый", "sad": "грустный", "bigger": "больше",
           "with hat": "в шляпе", "add hat": "добавь шляпу", "without hat": "без шляпы"},
    "hi": {"draw": "बनाओ", "draw2": "बनाइए", "want": "चाहिए", "a": "एक", "bunny": "खरगोश", "cat": "बिल्ली", "dog": "कुत्ता", "bear": "भालू", "fox": "लोमड़ी",
           "owl": "उल्लू", "frog": "मेंढक", "penguin": "पेंगुइन", "robot": "रोबोट", "wizard": "जादूगर", "house": "घर", "cake": "केक", "red": "लाल", "blue": "नीला",
           "green": "हरा", "yellow": "पीला", "black": "काला", "white": "सफेद", "pink": "गुलाबी", "happier": "और खुश", "sadder": "और उदास", "make it": "इसे",
           "again": "फिर से", "undo": "वापस करो", "hat": "टोपी", "thanks": "धन्यवाद", "hello": "नमस्ते", "beach": "समुद्र तट पर", "forest": "जंगल में",
           "night": "रात में", "snow": "बर्फ में", "happy": "खुश", "sad": "उदास", "bigger": "और बड़ा", "with hat": "टोपी के साथ", "add hat": "टोपी पहनाओ",
           "without hat": "बिना टोपी"},
    "ar": {"draw": "ارسم", "draw2": "ارسم لي", "want": "أريد", "a": "", "bunny": "أرنب", "cat": "قطة", "dog": "كلب", "bear": "دب", "fox": "ثعلب", "owl": "بومة",
           "frog": "ضفدع", "penguin": "بطريق", "robot": "روبوت", "wizard": "ساحر", "house": "بيت", "cake": "كعكة", "red": "أحمر", "blue": "أزرق", "green": "أخضر",
           "yellow": "أصفر", "black": "أسود", "white": "أبيض", "pink": "وردي", "happier": "أكثر سعادة", "sadder": "أكثر حزنا", "make it": "اجعله",
           "again": "مرة أخرى", "undo": "تراجع", "hat": "قبعة", "thanks": "شكرا", "hello": "مرحبا", "beach": "على الشاطئ", "forest": "في الغابة",
           "night": "في الليل", "snow": "في الثلج", "happy": "سعيد", "sad": "حزين", "bigger": "أكبر", "with hat": "مع قبعة", "add hat": "أضف قبعة",
           "without hat": "بدون قبعة"},
}  # fmt: skip


def nearest_kind(word: str, setting: WorldSetting) -> str | None:
    """Return the kind of a setting that comes nearest to an outside word, None for a word that is not known."""
    kind = NOUNS.get(word, word)
    if kind in setting.subjects:
        return kind
    kind = FULL_KINDS.get(kind, kind)
    return kind if kind in setting.subjects else None


def nearest_place(word: str, setting: WorldSetting) -> str | None:
    place = PLACES.get(word, word)
    return place if place in setting.places else FULL_PLACES.get(place)


def nearest_style(word: str, setting: WorldSetting) -> str | None:
    style = STYLES.get(word, word)
    return style if style in setting.styles else FULL_STYLES.get(style)
