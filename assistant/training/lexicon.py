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
    "muffin cupcake croissant bagel bread baguette pie tart pudding icegelato popsicle lollipop candy chocolate "
    "cheese apple banana orange strawberry cherry pineapple watermelon grapes peach pear mango avocado tomato potato "
    "carrot broccoli pumpkin corn onion cucumber eggplant pepper coffee tea beer wine cocktail milkshake smoothie "
    "lemonade cheeseburger fries popcorn pretzel sundae macaron jelly honey jam diamond ring jewel necklace treasure "
    "candle crayon vase rose tulip sunflower bouquet cactus bonsai pen book mug teacup cup bottle",
}
_MORE_NOUNS: dict[str, str] = {
    "wizard": "knightess warrior barbarian crusader paladin mercenary ranger rogue swordsman musketeer guard bodyguard captain-hook "
    "admiral general-store-clerk sailor-girl marine pilot stewardess steward conductor driver trucker racer jockey rider horseman cowgirl rancher "
    "shepherd-boy fisherman fisher woodcutter lumberjack miner blacksmith tailor weaver potter cobbler butcher grocer florist cashier salesman "
    "saleswoman shopkeeper merchant trader peddler bartender bouncer dj drummer-boy violinist pianist cellist flutist trumpeter saxophonist "
    "composer singer-songwriter opera-singer choir musician magician's-assistant juggler acrobat ringmaster puppeteer comedian presenter reporter "
    "newscaster editor writer author novelist playwright blogger youtuber influencer gamer streamer model supermodel designer architect surveyor "
    "electrician welder painter-man decorator janitor cleaner maid butler housekeeper nanny babysitter midwife paramedic pharmacist veterinarian "
    "vet psychologist therapist optician chemist physicist biologist mathematician astronomer geologist archaeologist historian explorer "
    "adventurer traveller traveler tourist backpacker hiker climber mountaineer diver swimmer runner jogger sprinter rower sailor-man fencer "
    "archeress wrestler-man sumo karateka judoka monk-fighter kickboxer bodybuilder cheerleader skater snowboarder goalkeeper quarterback "
    "cricketer tennis-player chess-player pensioner elder old-man old-woman granny grandad granddad nan nana auntie cousin nephew niece twin "
    "twins sibling stepmother orphan bride-to-be newlyweds fiance schoolboy schoolgirl-with-books pupil classmate teen youngster infant newborn "
    "schoolteacher tutor headmaster principal scholar philosopher-king monarch emperor's-son empress tsar czar khan shogun caesar maharaja sheikh "
    "vizier baron baroness count countess duchess earl lord noble nobleman noblewoman squire page peasant serf villager citizen senator minister "
    "ambassador diplomat governor chancellor chief chieftain tribesman caveman cavewoman neanderthal pilgrim missionary bishop cardinal rabbi "
    "imam saint apostle moses noah shiva krishna zeus poseidon hades athena aphrodite odin loki hercules achilles odysseus medusa-costume nymph "
    "dryad siren pixie sprite imp brownie-elf hobbit frodo bilbo aragorn legolas gimli sauron voldemort snape hagrid sorceress enchantress "
    "necromancer alchemist conjurer diviner fortune-teller seer mystic druidess hag crone devil demon satan lucifer reaper skeleton ghoul mummy "
    "dracula frankenstein-man banshee poltergeist joker harlequin pierrot scarecrow mascot superhero superheroine supervillain villain hero "
    "heroine vigilante spiderwoman wonderwoman deadpool wolverine-man aquaman captain-america arthur lancelot robin-hood dartagnan "
    "quixote tarzan peter-pan tinkerbell aladdin jasmine mulan moana pocahontas ariel belle anna olaf-fan gru shakespeare-actor darwin galileo "
    "socrates plato aristotle confucius gandhi mandela lincoln churchill columbus magellan davinci michelangelo rembrandt vermeer frida dali "
    "warhol bach chopin vivaldi wagner elvis madonna beyonce rihanna adele eminem bowie jackson messi ronaldo pele federer mom-to-be housewife "
    "hippie punk goth rapper-girl biker surfer-girl hipster nerd geek beggar hobo homeless-man millionaire billionaire ceo secretary assistant "
    "receptionist clerk intern coworker colleague client customer guest visitor stranger passenger pedestrian crowd audience team squad band "
    "orchestra troupe gang tribe army patrol parade gentlewoman dame chap bloke dude fellow lad lass gal mate buddy pal bestie sweetheart lover "
    "admirer hugger dreamer sleeper reader",
    "robot": "exoskeleton automaton humanoid cyberman dalek optimus bumblebee-car megatron robocop hal9000 bb8 k9 roomba chatbot ai supercomputer "
    "mainframe server router modem charger battery socket plug wire cable chip processor monitor screen projector scanner copier fax "
    "walkie-talkie pager telegraph gramophone turntable jukebox amplifier synthesizer drum-machine stereo earbuds smartwatch stopwatch timer "
    "thermometer barometer compass binoculars periscope radar sonar laser hologram generator turbine dynamo transformer-box windturbine pump "
    "compressor drill jackhammer chainsaw lawnmower mower hairdryer iron blender mixer juicer kettle dishwasher dryer heater radiator fan "
    "airconditioner humidifier stove cooker grill barbecue fire-engine police-car minivan suv pickup convertible cabriolet coupe sedan hatchback "
    "beetle-car mini cadillac mustang-car lamborghini bugatti mercedes bmw audi volvo toyota honda volkswagen bentley rolls-royce formula-one-car "
    "gokart dragster hotrod buggy quad atv snowmobile snowplow sled sleigh wagon cart carriage chariot stagecoach trolley tram streetcar "
    "metro-train monorail locomotive wagon-train caravan-car campervan camper motorhome rv trailer tanker dumptruck cement-mixer garbage-truck "
    "roadroller hovercraft hoverboard segway unicycle tricycle moped vespa tandem rickshaw tuktuk skateboard-bot biplane glider zeppelin airship "
    "blimp hot-air-balloon parachute jetpack shuttle starship mothership x-wing deathstar-bot probe rover lander sputnik voyager spacecraft "
    "spacesuit mecha gundam-suit golem-machine cyborg-soldier replicant clockwork gizmo gadget contraption device appliance vending-machine atm "
    "arcade-machine slot-machine pinball-machine gameconsole playstation xbox nintendo joypad lightsaber-toy droid-army machinery crane-truck "
    "conveyor press lathe loom pendulum metronome hourglass alarm-clock cuckoo-clock toaster-oven",
    "bear": "orangutan baboon gibbon mandrill macaque bonobo silverback sunbear pandabear kodiak cavebear aardvark okapi hog warthog "
    "wildboar water-buffalo muskox zebu auroch oxen bullock minotaur cyclops titan ettin kong behemoth abominable-snowman sea-cow elephant-seal "
    "woolly-mammoth mastodon giant-sloth anteater-bear quokka numbat tasmanian-devil wombat-cub beaver-cub otter-pup sea-otter red-bear "
    "spirit-bear gummy-bear care-bear pooh smokey fozzie yogi shaggy-beast furry-monster cookie-monster sulley hulk-bear troll-king bugbear "
    "gorilla-king hippo-calf rhino-calf elephant-calf baby-hippo baby-rhino pygmy-hippo",
    "cat": "ginger-tom bengal ragdoll mainecoon munchkin calico tortoiseshell persian-cat alley-cat stray-cat fat-cat wildcat housecat mouser sabertooth "
    "smilodon liger tigon snow-leopard black-panther mountain-lion clouded-leopard margay kodkod lion-king mufasa nala scar tigger sylvester "
    "felix cheshire-cat chessycat doraemon bagheera pink-panther puss-in-boots grumpy-cat nyan-cat salem heathcliff genet civet binturong "
    "ocelot-cub lion-queen tiger-cub-twin werecat khajiit",
    "dog": "werewolf-pup timberwolf direwolf arctic-wolf wolfhound wolf-pup she-wolf alphawolf dhole-pup malamute samoyed akita shiba-inu shiba chow "
    "mastiff great-dane newfoundland saintbernard boxer-dog pitbull dobermann doberman pinscher schnauzer pomeranian pekingese shihtzu maltese "
    "bichon papillon whippet saluki borzoi setter pointer bloodhound foxhound bassethound cocker-spaniel sheepdog bordercollie heeler jackrussell "
    "westie yorkie goldendoodle labradoodle mutt mongrel stray lapdog guide-dog police-dog sled-dog watchdog pluto goofy gromit clifford "
    "beethoven-dog toto balto bluey paw-patrol stallion mare colt filly mustang shetland clydesdale bronco racehorse warhorse seahorse-pony "
    "hippogriff kirin mule-deer roe-deer buck hart caribou elk-calf antelope-calf impala springbok kudu oryx eland ibex chamois billygoat "
    "kid-goat nanny-goat mountain-goat sheepdog-puppy piglet-friend hog-puppy swine sow boar-piglet peccary tapir-calf vicuna guanaco dromedary "
    "walrus-pup fur-seal harp-seal elephant-shrew cerberus fenrir hellhound barghest jackal-god anubis bull-terrier highland-cow bullcalf heifer "
    "dairy-cow oxcart-ox longhorn watusi buffalo-calf",
    "bunny": "cottontail jackrabbit lop lionhead angora pika cavy degu lemming muskrat nutria beaver-mouse fieldmouse field-mouse harvest-mouse "
    "church-mouse lab-rat sewer-rat black-rat ratatouille remy stuart-little speedy-gonzales gopher prairie-dog flying-squirrel red-squirrel "
    "sugar-glider bilby bandicoot bettong potoroo joey roo kanga wallaroo mole-rat naked-mole-rat desert-rat hyrax agouti paca mara solenodon "
    "hedgepig bugs-bunny roger-rabbit peter-rabbit velveteen-rabbit energizer-bunny miffy white-rabbit-of-wonderland march-hare lola-bunny "
    "judy-hopps wolpertinger eevee buneary dustbunny ewe-lamb lambkin sheepling pangolin mink sable polecat skunk raccoon-kit tribble furby "
    "gizmo-mogwai critter rodent",
    "fox": "arctic-fox silver-fox kit-fox swift-fox grey-fox flying-fox bat-eared-fox kitsune ninetails nine-tailed-fox robin-hood-fox fennec-kit "
    "maned-wolf raccoon-dog tanuki coatimundi coati kinkajou ringtail cacomistle foxhound-pup vulpix red-wolf",
    "owl": "tawny-owl snowy-owl eagle-owl screech-owl horned-owl owl-griffin buzzard kestrel osprey harrier goshawk sparrowhawk kite-bird eaglet "
    "bald-eagle golden-eagle harpy harpy-eagle secretary-bird marabou ibis spoonbill egret bittern cassowary rhea roadrunner lapwing curlew "
    "plover sandpiper snipe woodcock cuckoo nightingale skylark lark thrush blackbird starling jackdaw rook magpie-chick wren nuthatch "
    "treecreeper goldfinch bullfinch chaffinch siskin linnet bunting bluebird cardinal-bird oriole tanager weaverbird sunbird honeyeater lyrebird "
    "bowerbird bird-of-paradise hoopoe bee-eater roller-bird hornbill trogon quetzal motmot cockatiel budgie budgerigar parakeet lovebird "
    "lorikeet kea kakapo tweety big-bird woodstock roc thunderbird simurgh firebird gargoyle pterodactyl pteranodon fruit-bat vampire-bat "
    "bumblebee honeybee queen-bee hornet cicada cricket grasshopper locust mantis firefly glow-worm moth-king fairy-moth monarch gnat midge "
    "horsefly lacewing damselfly stag-beetle-bird songbird bird-of-prey fledgling nestling hatchling raven-king crow-queen",
    "penguin": "king-penguin rockhopper macaroni-penguin happy-feet gentoo adelie auk razorbill guillemot cormorant gannet booby frigatebird petrel "
    "shearwater tern skua goosander merganser mallard teal-duck eider goldeneye pintail mandarin-duck rubber-duck daffy-duck donald "
    "duckling-family gosling cygnet moorhen coot grebe diver-bird hen-chick bantam guineafowl partridge grouse capercaillie ptarmigan peahen "
    "peafowl cockerel broiler porpoise beluga sperm-whale blue-whale humpback orca-calf minke baleen-whale moby-dick willy flipper salmon trout "
    "tuna cod herring mackerel sardine anchovy carp goldfish koi guppy betta catfish pike perch bass bream halibut flounder sole anglerfish "
    "clownfish nemo dory pufferfish blowfish swordfish marlin sailfish barracuda piranha great-white-shark hammerhead whale-shark manta-ray "
    "sunfish lionfish angelfish parrotfish surgeonfish butterflyfish sea-lion-pup walrus-calf selkie dugong icebird snowbird snow-goose "
    "snow-angel",
    "frog": "bullfrog poison-dart-frog toadlet treefrog frogling prince-frog frog-prince toadstool-toad kermit-friend stegosaur brachiosaurus diplodocus "
    "ankylosaurus spinosaurus allosaurus raptor iguanodon parasaurolophus dino dinosaur-egg archaeopteryx ichthyosaur plesiosaur mosasaur nessie "
    "loch-ness-monster leviathan serpent sea-serpent wyvern drake wyrm salamander-king monitor komodo komodo-dragon bearded-dragon skink anole "
    "basilisk-lizard chameleon-child gharial caiman croc gator boa boa-constrictor anaconda mamba rattlesnake adder asp garter-snake sea-snake "
    "sea-turtle terrapin box-turtle ninja-turtle squirtle koopa bulbasaur charmander bowser yoshi toadette leech earthworm millipede centipede "
    "woodlouse pillbug tick flea louse aphid termite cockroach weevil scarab ladybeetle dung-beetle stag-beetle rhinoceros-beetle tarantula "
    "black-widow daddy-longlegs hermit-crab king-crab crayfish crawfish prawn krill barnacle mussel scallop cockle squid-king cuttlefish nautilus "
    "ammonite sea-urchin sea-cucumber sea-anemone coral sponge spongebob patrick-star squidward amoeba bacterium virus slime jelly-monster blob "
    "swamp-monster swamp-thing creature extraterrestrial xenomorph martian-frog e-t grogu gollum orc orcs kobold lizardman reptile amphibian "
    "gecko-king lungfish axolotl-baby mudskipper mutant chimera manticore hydra-head tentacle-monster octopus-king",
    "house": "cabin-in-the-woods log-cabin shack hovel lodge hostel motel resort condo flat-building penthouse loft duplex townhouse rowhouse terrace "
    "mansion-house manor estate fort fortress citadel bunker dungeon-house keep tower-house belfry bell-tower clock-tower watchtower water-tower "
    "minaret spire steeple abbey monastery convent chapel basilica-church synagogue shrine stupa ziggurat obelisk mausoleum tomb crypt catacomb "
    "gravestone arch archway gate gateway gatehouse drawbridge aqueduct viaduct overpass dam canal-lock pier-house jetty dock quay wharf "
    "boathouse houseboat yacht sailboat ship-house galleon pirate-ship titanic ferry canoe kayak raft gondola rowboat dinghy tugboat trawler "
    "catamaran barge cruise-ship steamboat battleship aircraft-carrier anchor buoy teepee tipi wigwam yurt hogan longhouse roundhouse hobbit-hole "
    "gingerbread-house dollhouse birdhouse doghouse beehive anthill nest burrow den lair cave-house greenhouse glasshouse conservatory gazebo "
    "pavilion pergola bandstand carousel ferris-wheel merry-go-round circus-tent big-top bouncy-castle sandcastle waterslide observatory "
    "planetarium laboratory-building clinic dispensary pharmacy-shop courthouse parliament capitol white-house embassy townhall town-hall "
    "firehouse firestation police-station jail fort-knox penitentiary barracks hangar control-tower terminal bus-stop train-station depot "
    "garage-house gas-station car-park mall-building bazaar-stall kiosk booth stall marketplace boutique butchery brewery winery distillery diner "
    "cafeteria canteen bistro steakhouse bookshop bookstore toyshop florist-shop barbershop salon spa bathhouse laundromat gym-hall arena-hall "
    "colosseum parthenon pantheon acropolis stonehenge taj-mahal kremlin louvre buckingham-palace empire-state-building burj-khalifa "
    "sydney-opera-house tower-of-pisa tower-bridge golden-gate-bridge brandenburg-gate notre-dame sagrada-familia great-wall machu-picchu petra "
    "angkor-wat neuschwanstein hogwarts-castle disneyland disney-castle mount-rushmore hollywood-sign sphinx-statue totem totem-pole sculpture "
    "bust plinth pedestal column pillar wall brick roof chimney balcony porch patio staircase stairs escalator elevator-cabin corridor hallway "
    "attic-room cellar pantry fireplace bench stool armchair rocking-chair deckchair hammock swing seesaw slide cradle crib bunk-bed mattress "
    "pillow blanket quilt carpet rug curtain chandelier lampshade lantern-post streetlamp lamppost traffic-light signpost-arrow billboard mailbox "
    "letterbox phonebox phone-booth fire-hydrant bin trash-can dustbin barrel crate chest treasure-chest trunk cupboard cabinet drawer dresser "
    "shelf bookcase easel blackboard whiteboard frame picture-frame painting canvas poster calendar globe chessboard puzzle jigsaw lego-brick "
    "toy-box drum-kit cello banjo ukulele accordion bagpipes flute clarinet saxophone trombone tuba harmonica xylophone triangle mountain-hut "
    "ski-lodge fir willow birch maple sequoia redwood apple-tree cherry-tree bush hedge log stump branch twig "
    "mountain hill-house volcano-cone island rock stone boulder planet-house sandcastle-tower",
    "cake": "cheesecake brownies fudge toffee nougat marzipan truffle praline chocolate-bar candybar gummy gumdrop marshmallow liquorice mints "
    "bubblegum candyfloss candy-cane jellybean gingerbread gingerbread-man shortbread wafer scone crumpet eclair cannoli tiramisu baklava churro "
    "strudel danish cinnamon-roll cinnamon-bun doughnut-ring swiss-roll sponge-cake wedding-cake fruitcake carrot-cake cupcake-tower "
    "birthday-candle trifle panna-cotta custard mousse souffle creme-brulee profiterole meringue sorbet parfait frozen-yogurt banana-split float "
    "soda cola juice orange-juice water-bottle milk yogurt butter whipped-cream ketchup mustard mayonnaise salt sugar flour rice oatmeal "
    "cereal granola toast french-toast crepe crepes dumpling dumplings gyoza ravioli lasagna gnocchi macaroni risotto paella curry kebab falafel "
    "hummus pita naan tortilla quesadilla nachos enchilada guacamole chili stew goulash fondue raclette casserole meatball meatballs meatloaf "
    "sausage bratwurst ham salami pepperoni turkey-roast drumstick wings nuggets fishsticks fish-and-chips lobster-roll caviar oyster-plate "
    "sashimi tempura bento udon pho kimchi bibimbap tofu omelet egg boiled-egg fried-egg easter-egg nut peanut almond walnut hazelnut "
    "acorn coconut raspberry blueberry blackberry cranberry gooseberry currant nectarine fig date kiwifruit papaya guava lychee "
    "passionfruit dragonfruit pomegranate melon cantaloupe lime-fruit grapefruit clementine mandarin berry fruit fruit-bowl vegetable "
    "veggie lettuce cabbage cauliflower spinach kale asparagus artichoke celery leek garlic ginger-root radish turnip beetroot parsnip squash "
    "zucchini courgette gourd bell-pepper chili-pepper pickle mushroom truffle-mushroom pea peas bean beans lentils chickpea soybean wheat "
    "grain hay teaspoon spoon fork knife-and-fork chopsticks plate bowl dish tray pan pot wok saucepan cauldron jug pitcher carafe wineglass "
    "goblet chalice tumbler thermos flask jar tin can basket hamper lunchbox napkin tablecloth menu recipe cookbook gem gemstone pearl "
    "opal crystal brooch bracelet pendant tiara medal trophy-cup coin coins gold-bar money wallet purse banknote dice cards domino marble yo-yo "
    "spinning-top toy doll plushie teddy-toy rattle kite-toy frisbee boomerang football soccer-ball tennis-ball beach-ball bowling-ball "
    "snow-globe snowball bubble soap shampoo toothbrush toothpaste comb hairbrush lipstick perfume nail-polish sponge-bath towel button needle "
    "thread yarn zipper scissors glue tape stapler pencil-case pencil-tip eraser ruler paintbrush palette notebook diary letter envelope stamp "
    "postcard newspaper-page magazine comic-page scroll candlestick matchbox torch-light light-bulb lightbulb bulb spark firework fireworks "
    "sparkler star shooting-star comet meteor sun moon-pie cloud-candy snowflake raindrop icicle ice-cube leaf clover four-leaf-clover fern moss "
    "seed petal daffodil orchid lily lotus poppy violet-flower pansy carnation chrysanthemum dahlia dandelion hyacinth iris-flower jasmine-flower "
    "lavender-bouquet magnolia marigold peony primrose snowdrop heart wreath garland ribbon confetti pinata "
    "mistletoe holly pumpkin-pie jack-o-lantern seashell conch shell feather bone wishbone horseshoe magnet",
}
NOUNS: dict[str, str] = {
    word.replace("-", " "): kind
    for table in (_MORE_NOUNS, _NOUNS)
    for kind, text in table.items()
    for word in text.split()
}
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
_MORE_PLACES: dict[str, str] = {
    "city": "athens lisbon dublin edinburgh brussels zurich geneva munich hamburg cologne milan florence naples warsaw krakow budapest copenhagen stockholm oslo "
    "helsinki kyiv bucharest belgrade zagreb ankara jerusalem tehran baghdad karachi lahore dhaka hanoi saigon manila jakarta seoul osaka taipei shenzhen vancouver "
    "montreal houston dallas atlanta philadelphia detroit denver portland brooklyn vegas havana bogota lima santiago rio johannesburg casablanca babylon metropolis "
    "village suburb neighbourhood neighborhood plaza square crossroads boulevard avenue sidewalk pavement parking-lot carpark bus-stop train-station "
    "construction-site courtyard gas-station night-club disco red-carpet parade carnival-street colosseum world-fair",
    "desert": "mercury neptune uranus pluto tatooine arrakis nevada utah kalahari gobi outback oasis badlands mesa quarry crater moonscape wild-west ghost-town saltflats "
    "petra cosmos orbit nebula black-hole death-valley bone-yard arena-of-sand",
    "meadow": "pasture field wheatfield cornfield plain plains steppe tundra-in-summer moor heath lawn backyard yard picnic festival racecourse ranch barnyard farmyard hillside "
    "hilltop knoll shire provence normandy bavaria denmark belgium england-countryside poland hungary ukraine kansas iowa kentucky tulip-field lavender-field sunflower-field "
    "rainbow-land cloud-nine eden paradise baseball-field soccer-field football-pitch polo-field",
    "beach": "coast seaside-town shoreline bay cove harbor port marina riviera malibu miami-beach copacabana tahiti fiji samoa jamaica cuba barbados cyprus crete sicily sardinia "
    "mallorca phuket goa zanzibar mauritius seychelles madagascar desert-island treasure-island tide-pool coral-reef seabed ocean-floor shipwreck stream creek brook fountain "
    "lakeside riverside delta marsh wetland fjord canal jacuzzi hot-tub swimming-pool water-park",
    "forest": "woodland grove thicket orchard-wood taiga black-forest sherwood sherwood-forest enchanted-forest fairy-tale-forest dark-forest bamboo-forest pine-forest birch-wood "
    "clearing glade national-park borneo congo sumatra costa-rica yellowstone camp campfire ewok-village shangri-la pandora",
    "mountains": "mountaintop summit peak ridge gorge ravine crag highlands plateau matterhorn mont-blanc k2 olympus dolomites pyrenees carpathians urals caucasus appalachians "
    "bhutan ladakh bolivia colorado wyoming montana base-camp ski-slope slope geyser",
    "snowfield": "tundra iceberg ice-floe north-pole-station frozen-lake ice-rink skating-rink canada ice-cave snow-village santas-workshop winterland yukon patagonia hoth narnia-in-winter svalbard",
    "room": "bedroom living-room dining-room bathtub shower closet wardrobe hallway corridor cellar loft penthouse nursery playroom kindergarten lecture-hall auditorium concert-hall "
    "theater opera ballroom throne-room castle-hall workshop garage-workshop greenhouse elevator-cabin airplane cockpit train-carriage bus-seat boat-cabin tent yurt "
    "hotel-room waiting-room emergency-room operating-room pharmacy bookstore bookshop arcade bowling-alley dojo spa salon barbershop pizzeria diner bistro canteen "
    "cafeteria saloon winery vault crypt bunker control-room server-room recording-studio tv-studio newsroom boardroom cubicle home-office",
}
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
PLACES: dict[str, str] = {
    word.replace("-", " "): place
    for table in (_MORE_PLACES, _PLACES)
    for place, text in table.items()
    for word in text.split()
}
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
    "charcoal drawing": "pencil", "crayon": "pencil", "marker": "pencil", "acrylic": "watercolour", "gouache": "watercolour",
    "steampunk": "pencil", "cyberpunk": "flat", "vaporwave": "flat", "surrealist": "watercolour", "renaissance": "watercolour",
    "baroque": "watercolour", "vintage": "watercolour", "low poly": "flat", "isometric": "flat", "cinematic": "flat",
    "south park": "flat", "simpsons": "flat", "minecraft": "flat", "vector": "flat", "fresco": "watercolour", "tattoo": "pencil",
    "hokusai": "watercolour", "rembrandt": "watercolour", "da vinci": "pencil", "leonardo": "pencil", "michelangelo": "watercolour", "klimt": "watercolour",
    "dali": "watercolour", "warhol": "flat", "banksy": "flat", "kandinsky": "flat", "mondrian": "flat", "matisse": "flat", "miro": "flat", "frida kahlo": "watercolour",
    "turner": "watercolour", "cezanne": "watercolour", "gauguin": "watercolour", "munch": "watercolour", "chagall": "watercolour", "hopper": "watercolour",
    "norman rockwell": "watercolour", "beatrix potter": "watercolour", "tim burton": "pencil", "dr seuss": "flat", "marvel": "flat", "dc comics": "flat",
    "dreamworks": "flat", "cartoon network": "flat", "rick and morty": "flat", "family guy": "flat", "looney tunes": "flat", "pokemon card": "flat",
    "chibi": "flat", "shonen": "flat", "cel shaded": "flat", "line art": "pencil", "ballpoint pen": "pencil", "felt pen": "pencil", "chalk": "pencil",
    "blackboard chalk": "pencil", "etching": "pencil", "engraving": "pencil", "woodcut": "pencil", "linocut": "flat", "lithograph": "pencil",
    "screen print": "flat", "risograph": "flat", "blueprint": "pencil", "technical drawing": "pencil", "architectural sketch": "pencil", "doodle": "pencil",
    "storyboard": "pencil", "concept art": "watercolour", "matte painting": "watercolour", "digital painting": "watercolour", "digital art": "flat",
    "oil on canvas": "oil", "tempera": "watercolour", "chinese brush painting": "watercolour", "sumi-e": "watercolour", "batik": "watercolour",
    "collage": "paper cut", "papercraft": "paper cut", "felt": "flat", "knitted": "flat", "embroidery": "flat", "cross stitch": "pixel art",
    "8-bit": "pixel art", "16-bit": "pixel art", "voxel": "pixel art", "retro game": "pixel art", "roblox": "flat", "fortnite": "flat", "zelda": "flat",
    "blender render": "flat", "unreal engine": "flat", "octane render": "flat", "cgi": "flat", "ray traced": "flat", "hyperrealistic": "flat",
    "hyperrealism": "flat", "realism": "flat", "polaroid": "flat", "film photo": "flat", "35mm": "flat", "black and white photo": "pencil", "dslr": "flat",
    "bokeh": "flat", "long exposure": "flat", "hdr": "flat", "infrared": "flat", "sepia": "pencil", "noir": "pencil", "film noir": "pencil",
    "minimalist": "flat", "minimalism": "flat", "abstract": "flat", "expressionist": "watercolour", "pointillist": "watercolour", "fauvist": "flat",
    "bauhaus": "flat", "constructivist": "flat", "memphis": "flat", "psychedelic": "flat", "synthwave": "flat", "retrowave": "flat", "solarpunk": "flat",
    "dieselpunk": "pencil", "dark fantasy": "watercolour", "fantasy art": "watercolour", "sci-fi": "flat", "horror movie": "pencil", "rococo": "watercolour",
    "romanticism": "watercolour", "medieval manuscript": "pencil", "byzantine": "flat", "egyptian": "flat", "greek vase": "flat", "aztec": "flat",
    "victorian": "pencil", "art brut": "pencil", "naive art": "flat", "folk art": "flat", "sticker": "flat", "emoji": "flat", "logo": "flat", "icon": "flat",
    "clay": "flat", "plasticine": "flat", "stop motion": "flat", "puppet": "flat", "wood carving": "flat", "marble": "flat",
    "glitch": "flat", "ascii art": "pixel art", "wallpaper": "flat", "movie poster": "flat", "trading card": "flat", "tarot card": "flat", "bayeux tapestry": "flat",
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
    "vest", "blouse", "jeans", "shorts", "kimono", "robe", "raincoat", "swimsuit", "sandals", "slippers", "high heels", "flip flops", "mittens", "earmuffs", "headband",
    "headphones", "turban", "veil", "monocle", "eye patch", "goggles", "bracelet", "pendant", "medal", "badge", "brooch", "cloak", "armour", "armor", "saddle", "collar",
    "leash", "bandana", "ponytail", "braid", "mohawk", "lipstick", "makeup", "piercing", "halo", "antlers", "tiara", "jetpack", "parachute", "rollerblades", "skis",
    "snowboard", "hockey stick", "tennis racket", "baseball bat", "golf club", "basketball", "football", "frisbee", "drum", "flute", "saxophone", "accordion", "harp",
    "laptop", "tablet", "pencil", "paintbrush", "palette", "scissors", "magnifying glass", "telescope", "compass", "clock", "candle", "mug", "bottle", "glass of milk",
    "cocktail", "donut", "cookie", "cupcake", "burger", "hot dog", "strawberry", "watermelon", "mushroom", "bone", "doll", "toy car", "letter", "envelope",
    "money bag", "diamond", "basket", "bucket", "shovel", "rake", "wrench", "screwdriver", "ladder", "rope", "spoon", "fork", "frying pan", "chalice", "potion", "spellbook",
    "crystal ball", "trident", "spear", "club", "boxing gloves", "name tag", "price tag", "speech bubble", "bag", "purse", "walking stick", "crutch", "bell", "whistle",
)  # fmt: skip
"""What can be neither worn nor held by the small world's characters."""
EMPTY_ADJECTIVES: tuple[str, ...] = (
    "epic", "majestic", "ancient", "futuristic", "magical", "mysterious", "funny", "silly", "cool", "awesome", "beautiful",
    "gorgeous", "handsome", "famous", "fancy", "elegant", "brave", "clever", "lazy", "hungry", "wild", "crazy", "weird",
    "strange", "fat", "chubby", "skinny", "tall", "old", "young", "strong", "powerful", "cozy", "dramatic", "detailed",
    "realistic-looking", "stunning", "amazing", "perfect", "nice", "simple", "plain-looking", "legendary", "evil", "noble",
    "retro", "modern", "classic", "wonderful", "tasty", "delicious", "mighty", "heroic", "shiny", "furry", "kawaii", "quirky",
    "royal", "medieval", "tropical", "exotic", "rare", "tiny-eyed", "wise", "friendly-looking", "sporty", "romantic", "festive", "christmassy", "spooky-looking", "dangerous",
    "fierce", "vicious", "gentle", "clumsy", "naughty", "cheeky", "curious", "sneaky", "busy", "rich", "poor", "humble", "charming", "graceful", "glamorous", "stylish", "trendy",
    "hip", "badass", "iconic", "mythical", "enchanted", "cursed", "haunted", "holy", "divine", "cosmic", "galactic", "mechanical", "electric", "wooden", "golden-hearted",
    "crispy", "juicy", "fresh", "hairy", "muscular", "slim", "plump", "round", "square", "long", "short", "rusty", "dusty", "muddy", "wet", "frozen-looking", "toy", "plush",
    "cartoonish", "photogenic", "award-winning", "best", "random", "typical", "average", "normal", "real", "proper", "bold", "loyal", "honest", "lucky", "talented", "genius",
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
    "bunny": (
        "rabbit",
        "hare",
        "bunny rabbit",
        "wee bunny",
        "baby rabbit",
        "bun",
        "easter bunny",
        "bunny-wunny",
        "bunbun",
        "coney",
        "pet rabbit",
        "wild rabbit",
        "floppy-eared rabbit",
        "long-eared bunny",
        "lop-eared bunny",
    ),
    "cat": (
        "kitty",
        "kitten",
        "pussycat",
        "kitty cat",
        "feline",
        "house cat",
        "tomcat",
        "pussy cat",
        "pet cat",
        "kitteh",
        "puss",
        "mouser cat",
        "kitten cat",
        "baby cat",
        "moggy",
    ),
    "dog": (
        "puppy",
        "doggy",
        "pup",
        "hound",
        "doggo",
        "pooch",
        "puppy dog",
        "pupper",
        "doggie",
        "pet dog",
        "canine",
        "woofer",
        "baby dog",
        "puppers",
        "fido",
    ),
    "bear": (
        "teddy",
        "teddy bear",
        "bear cub",
        "grizzly bear",
        "baby bear",
        "bruin",
        "cuddly bear",
        "teddybear",
        "wild bear",
        "forest bear",
        "bear buddy",
    ),
    "fox": ("fox cub", "foxy", "little fox", "vixen", "baby fox", "wild fox", "fox kit", "forest fox", "foxie"),
    "owl": (
        "owlet",
        "hooty owl",
        "night owl",
        "barn owl",
        "baby owl",
        "wise owl",
        "wise old owl",
        "hoot owl",
        "forest owl",
        "owl chick",
    ),
    "frog": ("toad", "froggy", "tree frog", "froggie", "baby frog", "pond frog", "frog buddy", "frogger"),
    "penguin": (
        "pengu",
        "baby penguin",
        "emperor penguin",
        "penguin chick",
        "pinguin",
        "adult penguin",
        "antarctic penguin",
        "pengwin",
        "penguin buddy",
    ),
    "robot": (
        "bot",
        "android",
        "droid",
        "toy robot",
        "little bot",
        "robo",
        "robot buddy",
        "tin robot",
        "friendly robot",
        "baby robot",
        "service robot",
        "mechanical man",
    ),
    "wizard": (
        "magician",
        "sorcerer",
        "mage",
        "old wizard",
        "spellcaster",
        "wise wizard",
        "magic man",
        "wiz",
        "conjuror",
    ),
    "house": (
        "home",
        "cottage",
        "hut",
        "building",
        "little home",
        "family home",
        "country house",
        "farm house",
        "dwelling",
        "cosy cottage",
        "residence",
    ),
    "cake": (
        "birthday cake",
        "gateau",
        "party cake",
        "layer cake",
        "cream cake",
        "cake with candles",
        "sponge",
        "celebration cake",
        "torte",
    ),
}
SAME_PLACES: dict[str, tuple[str, ...]] = {
    "meadow": ("in a field", "on the grass", "in the meadow", "in a grassy field", "in a flower meadow", "on a meadow", "in the fields",
               "outside on the grass", "in a field of flowers", "in the grass", "on a lawn", "in a pasture", "on a green field", "in a green meadow", "out on the grass", "in the grassland", "among the flowers", "on a grassy hill", "in a sunny field", "in tall grass"),
    "beach": ("at the beach", "on the beach", "by the sea", "at the seaside", "on the seashore", "by the ocean", "on the sand",
              "on a sandy beach", "near the sea", "at the seashore", "on the shore", "on the coast", "at the sea", "on a tropical beach", "with the sea behind", "by the waves", "on the beach sand", "at the ocean", "on holiday by the sea", "on a beach with palm trees", "in the sand by the sea"),
    "forest": ("in the forest", "in the woods", "among the trees", "in a wood", "in the wood", "between the trees", "deep in the forest",
               "in a deep forest", "in woodland", "in a green forest", "surrounded by trees", "under tall trees", "in the middle of the forest", "out in the woods", "in a wooded area", "in a woodland", "at the heart of the forest", "lost in the woods", "between tall trees"),
    "desert": ("in the desert", "in the dunes", "among the sand dunes", "in a hot desert", "in a sandy desert", "out in the desert", "in the middle of the desert", "on a sand dune", "with cactuses", "by a cactus", "among cacti", "in the hot desert sand", "surrounded by sand dunes", "in a dry desert", "between sand dunes"),
    "mountains": ("in the mountains", "on a mountain", "up a mountain", "up in the mountains", "on top of a mountain", "among the peaks",
                  "with mountains behind", "near the mountains", "high in the mountains", "in front of mountains", "on a mountain peak", "at the top of a mountain", "with mountains in the background", "amid mountains", "on a mountain top", "between mountains", "in a mountain landscape"),
    "city": ("in the city", "in town", "downtown", "in a big city", "in the street", "on a city street", "in a busy city", "in the town",
             "among skyscrapers", "in front of tall buildings", "in the streets", "in the middle of a city", "in the city centre", "in a town", "between buildings", "between skyscrapers", "in a modern city", "walking down the street", "in an urban setting", "in the big city", "on the streets"),
    "snowfield": ("in the snow", "in a snowy field", "on the snow", "in a snowy landscape", "in a winter landscape", "in a snow field",
                  "on a snowfield", "in deep snow", "somewhere snowy", "in a winter wonderland", "on snowy ground", "in a snow-covered field", "in a snowy place", "surrounded by snow", "on a snowy hill", "in snowy hills", "in a white winter landscape", "in the snowy wild", "in a snowscape"),
    "room": ("in the room", "inside", "indoors", "at home", "in a bedroom", "in the living room", "in a living room", "inside a house",
             "in her room", "in his room", "in a cozy room", "in a cosy room", "in the house", "in a bedroom with a rug", "in my living room", "in the bedroom", "by the window indoors", "in someone's room", "inside the house", "in the lounge", "in a nice room", "inside a room"),
}  # fmt: skip
SAME_MOODS: tuple[tuple[str, ...], ...] = (
    ("heartbroken", "crying", "miserable", "sobbing", "tearful", "devastated", "in tears", "very sad", "extremely sad", "weeping",
     "really sad", "super sad", "so sad", "desperate", "inconsolable", "bawling", "distraught", "broken-hearted", "brokenhearted", "grief-stricken", "anguished",
     "wretched", "in despair", "crying its eyes out", "utterly miserable", "terribly sad", "deeply sad", "shattered", "crushed", "teary-eyed", "teary", "wailing", "terribly unhappy", "awfully sad",
     "beside itself with grief", "whimpering", "sniffling", "saddest", "incredibly sad", "despairing"),
    ("sad", "unhappy", "gloomy", "glum", "downcast", "upset", "lonely", "grumpy", "angry", "moody", "disappointed", "a bit sad",
     "melancholy", "worried", "blue-hearted", "down", "cross", "sulky", "sulking", "mad", "depressed", "melancholic", "frowning", "grouchy", "annoyed", "crabby", "cranky", "bitter", "sullen", "dejected", "blue-mooded",
     "low-spirited", "in a bad mood", "in low spirits", "down in the dumps", "dismal", "dour", "forlorn", "sorrowful", "mournful", "wistful", "hurt", "offended", "irritated", "furious", "enraged", "pouting",
     "pouty", "sad-looking", "discouraged", "mopey", "moping", "morose", "pessimistic", "displeased", "discontented", "a little sad", "somewhat sad", "kind of sad", "homesick", "not happy", "dispirited", "despondent",
     "scared", "frightened", "anxious", "nervous", "afraid"),
    ("calm", "peaceful", "relaxed", "quiet", "serene", "sleepy", "bored", "neutral", "serious", "thoughtful", "chilled", "tired",
     "indifferent", "zen", "composed", "dreamy", "chill", "tranquil", "placid", "laid-back", "laid back", "easygoing", "collected", "cool-headed", "mellow",
     "unbothered", "unfazed", "poised", "stoic", "expressionless", "straight-faced", "poker-faced", "at peace", "at ease", "drowsy", "meditative", "contemplative", "pensive", "patient", "untroubled",
     "unworried", "level-headed", "blank-faced", "emotionless", "calm-looking", "restful", "zoned out", "neither happy nor sad", "deadpan", "sedate", "unemotional"),
    ("happy", "cheerful", "smiling", "glad", "merry", "joyful", "friendly", "jolly", "content", "cheery", "pleased", "playful", "proud",
     "jovial", "in a good mood", "grinning", "sunny-tempered", "good-humoured", "good-humored", "upbeat", "lighthearted", "light-hearted", "in good spirits",
     "in high spirits", "chirpy", "perky", "amused", "satisfied", "contented", "bubbly", "gleeful", "smiley", "happy-looking", "hopeful", "optimistic", "carefree", "chipper", "grateful",
     "thankful", "warm-hearted", "welcoming", "fairly happy", "quite happy", "nice and happy", "tickled", "mirthful", "bright-eyed", "feeling good"),
    ("overjoyed", "delighted", "beaming", "thrilled", "ecstatic", "very happy", "super happy", "extremely happy", "excited", "laughing",
     "euphoric", "so happy", "really happy", "over the moon", "elated", "incredibly happy", "happiest", "on cloud nine", "in seventh heaven", "exhilarated", "rapturous", "blissful", "exuberant", "jubilant",
     "exultant", "radiant with joy", "bursting with joy", "full of joy", "wildly happy", "insanely happy", "madly happy", "terribly happy", "as happy as can be", "happy as can be", "the happiest",
     "enraptured", "super excited", "so excited", "very excited", "stoked", "pumped", "beyond happy", "hysterically happy", "laughing out loud", "cracking up", "in raptures", "tickled pink", "ridiculously happy",
     "giddy with joy", "blissed out", "extremely joyful", "very joyful"),
)  # fmt: skip
SAME_STYLES: dict[str, tuple[str, ...]] = {
    "flat": ("flat", "cartoon", "a cartoon", "cartoon style", "a flat illustration", "flat illustration", "flat style", "an illustration",
             "flat colours", "cartoony", "a flat cartoon", "a children's book illustration", "a flat drawing", "a simple cartoon", "a flat design", "flat design", "a picture book illustration", "toon", "a cartoon drawing", "a flat colour illustration", "a kids' book illustration", "flat colors", "plain flat colours"),
    "watercolour": ("watercolour", "watercolor", "a watercolour", "a watercolor", "watercolours", "watercolors", "a watercolor painting",
                    "watercolor painting", "a watercolour painting", "aquarelle", "soft watercolour", "water colour", "painted in watercolour", "water colors", "a water colour painting", "a soft watercolor", "a watercolour picture", "watercolour paint", "watercolor paints", "a gentle watercolour", "watery paint", "an aquarelle", "aquarell", "a loose watercolour", "a watercolor illustration", "watercolour style", "wet watercolour"),
    "pencil": ("pencil", "a pencil drawing", "pencil drawing", "a pencil sketch", "pencil sketch", "a sketch", "sketch", "sketchy", "colored pencil",
               "coloured pencil", "colored pencils", "hand-drawn pencil", "drawn in pencil", "a hand-drawn sketch", "crayon pencil", "a rough sketch", "a quick sketch", "a graphite drawing", "graphite", "drawn with a pencil", "a drawing in pencil", "a coloured pencil drawing", "a colored pencil drawing", "a pencil picture", "pencil on paper", "a sketch in pencil", "pencil style", "colour pencils", "a hand sketch"),
}  # fmt: skip
SAME_TIMES: dict[str, tuple[str, ...]] = {
    "day": ("in daylight", "during the day", "at midday", "by day", "at noon", "in the daytime", "in broad daylight", "in the sunshine",
            "on a sunny day", "in bright light", "in the middle of the day", "in full daylight", "at lunchtime", "in the afternoon", "in bright daylight", "on a bright day", "at high noon", "while it is day", "in the midday sun", "at daytime", "in sunlight"),
    "evening": ("in the evening", "at sunset", "at dusk", "at twilight", "as the sun goes down", "in the sunset", "in evening light",
                "at golden hour", "during sunset", "watching the sunset", "in the late evening", "at nightfall", "at sundown", "in the evening sun", "with a sunset", "as evening falls", "with the sun setting", "in the glow of the sunset", "at evening time", "in the twilight", "one evening", "under a sunset sky", "with a beautiful sunset", "towards evening", "in the golden hour", "at eventide", "in an orange sunset"),
    "night": ("at night", "late at night", "at midnight", "in the dark", "under the stars", "by moonlight", "in the moonlight",
              "under the moon", "under a starry sky", "in the middle of the night", "at nighttime", "on a dark night", "in the night", "by night", "with stars in the sky", "on a starry night", "under the night sky", "beneath the stars", "under a full moon", "in the dead of night", "with the moon shining", "in moonlight", "on a moonlit night", "at night time", "when it is dark", "with a night sky", "on a quiet night", "at 2 am", "after dark", "on a clear night", "in the dark of night"),
}  # fmt: skip
SAME_WEATHERS: dict[str, tuple[str, ...]] = {
    "clear": ("in fine weather", "under a clear sky", "with a clear sky", "in nice weather", "in good weather", "with blue sky", "under a blue sky", "with blue skies", "in lovely weather", "in clear weather", "with no clouds", "in dry weather", "under blue skies"),
    "rain": ("in the rain", "while it rains", "on a rainy day", "in heavy rain", "with rain", "in a storm", "when it's raining", "in rainy weather",
             "with rain falling", "under the rain", "while it is raining", "in pouring rain", "in a downpour", "in a thunderstorm", "in a drizzle", "on a wet day", "in the pouring rain", "with raindrops", "getting wet in the rain", "when it rains", "with rain pouring down", "in a rainstorm", "in a shower of rain", "with lots of rain", "during a rain shower", "in light rain", "caught in the rain"),
    "snow": ("while it snows", "with snow falling", "in falling snow", "on a snowy day", "in a snowstorm", "when it's snowing", "in snowy weather",
             "with snowflakes", "while it is snowing", "in a blizzard", "in heavy snowfall", "with snow coming down", "during snowfall", "as snow falls", "when it snows", "in a flurry of snow", "with falling snow", "with falling snowflakes", "as it snows", "in light snowfall", "with big snowflakes", "under falling snow", "catching snowflakes"),
}  # fmt: skip
SAME_WORN: dict[str, tuple[str, ...]] = {
    "hat": (
        "hat",
        "cap",
        "top hat",
        "beanie",
        "party hat",
        "sun hat",
        "little hat",
        "wizard hat",
        "bonnet",
        "beret",
        "baseball cap",
        "straw hat",
        "cowboy hat",
        "bowler hat",
        "bobble hat",
        "woolly hat",
        "fedora",
        "sombrero",
        "pointy hat",
        "winter hat",
        "bucket hat",
        "funny hat",
        "pirate hat",
        "fancy hat",
        "chef hat",
    ),
    "scarf": (
        "scarf",
        "shawl",
        "woolly scarf",
        "neckerchief",
        "winter scarf",
        "knitted scarf",
        "warm scarf",
        "neck scarf",
        "muffler",
        "silk scarf",
        "long scarf",
        "wool scarf",
        "cosy scarf",
    ),
    "glasses": (
        "glasses",
        "spectacles",
        "sunglasses",
        "specs",
        "shades",
        "eyeglasses",
        "reading glasses",
        "eye glasses",
        "nerdy glasses",
        "round glasses",
        "sun glasses",
        "cool shades",
        "cool sunglasses",
        "big glasses",
        "aviators",
        "nerd glasses",
        "hipster glasses",
    ),
}
SAME_HELD: dict[str, tuple[str, ...]] = {
    "balloon": (
        "balloon",
        "party balloon",
        "helium balloon",
        "birthday balloon",
        "air balloon",
        "big balloon",
        "round balloon",
        "shiny balloon",
    ),
    "flower": (
        "flower",
        "daisy",
        "rose",
        "tulip",
        "blossom",
        "bloom",
        "sunflower",
        "lily",
        "poppy",
        "carnation",
        "little flower",
        "pretty flower",
        "wild flower",
        "daffodil",
        "single rose",
        "marigold",
    ),
}
SAME_EXTRAS: dict[str, tuple[str, ...]] = {
    "rainbow": (
        "a rainbow",
        "a bright rainbow",
        "a big rainbow",
        "rainbow colours in the sky",
        "a rainbow in the sky",
        "a colourful rainbow",
        "a rainbow overhead",
        "a beautiful rainbow",
        "a rainbow behind",
        "a rainbow above",
    ),
    "tree": (
        "a tree",
        "a leafy tree",
        "a big tree",
        "an oak tree",
        "a green tree",
        "a tall tree",
        "an oak",
        "a single tree",
        "a shady tree",
        "an old tree",
        "a lovely tree",
    ),
    "butterflies": (
        "butterflies",
        "some butterflies",
        "a few butterflies",
        "little butterflies",
        "a butterfly",
        "colourful butterflies",
        "lots of butterflies",
        "pretty butterflies",
        "many butterflies",
        "fluttering butterflies",
        "butterflies all around",
        "butterflies flying around",
        "several butterflies",
    ),
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
    "red": ("crimson", "scarlet", "dark red", "bright red", "ruby", "ruby red", "cherry red", "blood red", "brick red", "fire-engine red", "maroon", "burgundy", "wine red", "vermilion", "fiery red", "deep red", "reddish", "rust red", "cardinal red", "tomato red", "cherry-red"), "orange": ("ginger", "bright orange", "amber", "tangerine", "orangey", "dark orange", "light orange", "pumpkin orange", "apricot", "copper", "orange-coloured", "burnt orange", "carrot-coloured", "rust-orange", "ginger-coloured", "peachy orange"),
    "yellow": ("golden", "gold", "blonde", "lemon yellow", "bright yellow", "lemon", "canary yellow", "mustard yellow", "sunny yellow", "pale yellow", "yellowish", "light yellow", "honey yellow", "butter yellow", "golden yellow", "sunflower yellow", "gold-coloured", "neon yellow"), "green": ("lime", "dark green", "emerald", "light green", "olive", "olive green", "mint green", "mint", "forest green", "grass green", "lime green", "sea green", "pea green", "moss green", "bright green", "greenish", "emerald green", "jade", "neon green", "bottle green", "khaki green"),
    "teal": ("turquoise", "cyan", "aqua", "aquamarine", "blue-green", "bluish green", "teal blue", "greenish blue", "dark cyan", "teal-coloured", "petrol"), "blue": ("navy", "light blue", "dark blue", "sky blue", "royal blue", "navy blue", "baby blue", "azure", "cobalt", "cobalt blue", "sapphire", "sapphire blue", "deep blue", "bright blue", "bluish", "indigo blue", "ocean blue", "pale blue", "electric blue", "cornflower blue", "midnight blue"),
    "purple": ("violet", "lilac", "lavender", "magenta", "mauve", "plum", "indigo", "amethyst", "dark purple", "light purple", "purplish", "royal purple", "deep purple", "violet-coloured", "aubergine", "bright purple", "grape purple"), "pink": ("rosy", "hot pink", "light pink", "pinkish", "rose pink", "salmon pink", "baby pink", "pastel pink", "bubblegum pink", "fuchsia", "coral pink", "bright pink", "neon pink", "rose-coloured", "dusty pink", "candy pink"),
    "brown": ("chocolate brown", "tan", "dark brown", "light brown", "beige", "chestnut", "hazel", "caramel", "coffee brown", "mocha", "mahogany", "auburn", "bronze", "sandy brown", "brownish", "chocolate-coloured", "walnut brown", "khaki", "reddish brown", "nut-brown", "umber", "sepia brown"), "black": ("jet black", "pitch black", "ebony", "coal black", "coal-black", "inky black", "raven black", "midnight black", "onyx", "jet-black", "deep black", "obsidian", "black-coloured", "all-black"),
    "white": ("snow-white", "cream", "ivory", "pure white", "snowy white", "milky white", "pearl white", "off-white", "cream-coloured", "creamy white", "bright white", "whitish", "chalk white", "pearly", "alabaster", "all-white", "milk-white", "pearly white"), "grey": ("gray", "silver", "dark grey", "light gray", "charcoal", "charcoal grey", "ash grey", "ashen", "slate", "slate grey", "silvery", "steel grey", "greyish", "smoky grey", "light grey", "dark gray", "silver grey", "grayish", "gunmetal", "dove grey", "stone grey", "pewter"),
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
    "something pornographic", "x-rated picture", "sexual content", "adult content", "18+ picture", "nude photo of my girlfriend", "undress her", "take off her clothes", "people making love naked", "sex toys", "a sex position",
    "an orgasm", "hardcore porn", "soft porn", "rule 34", "lewd anime", "cleavage and nipples", "a threesome in bed", "a blood-soaked room", "a pile of corpses", "a rotting corpse", "zombie eating brains with blood everywhere",
    "a decapitation", "a public execution", "cannibalism", "human sacrifice", "animal sacrifice", "roadkill with guts", "a crime scene with a dead body", "a car crash with dead people", "a war crime", "genocide", "ethnic cleansing",
    "a concentration camp with corpses", "a slave being whipped", "white power symbol", "white supremacist poster", "heil hitler", "ss soldiers", "blackface", "a racial slur", "the n word", "terror propaganda", "osama bin laden as a hero",
    "a beheading video still", "a suicide note and a noose", "razor blades and bleeding arms", "anorexic girl thinspo", "child soldier shooting", "lolita", "loli", "drugs for kids", "how to cook meth", "heroin injection", "dog fighting to the death",
    "cockfighting with blood", "kicking a puppy to death", "drowning kittens", "a cat in a microwave", "a bunny nailed to a cross", "deepfake nude of my classmate", "revenge porn",
    "una mujer desnuda", "un hombre muerto con sangre", "pornografía", "una esvástica", "une femme nue", "un cadavre ensanglanté", "du porno", "une croix gammée", "eine nackte frau", "eine leiche mit viel blut", "pornografie", "ein hakenkreuz",
    "uma mulher nua", "um cadáver", "pornô", "una donna nuda", "un cadavere insanguinato", "naga kobieta", "krwawe zwłoki", "een naakte vrouw", "een bloederig lijk", "çıplak kadın", "kanlı ceset", "голая женщина", "кровавый труп", "порно", "свастика",
    "裸の女性", "血まみれの死体", "ポルノ", "裸体女人", "血腥的尸体", "色情图片", "नंगी औरत", "खून से लथपथ लाश", "امرأة عارية", "جثة دامية", "벌거벗은 여자", "피투성이 시체", "야한 사진",
)  # fmt: skip

_PERSONS = ("a man", "a woman", "a person", "a boy", "a girl", "a child", "a soldier", "people", "a cat", "a dog", "a bunny", "a bear", "a wizard", "a fox", "an animal",
            "a kid", "my neighbour", "my boss", "a family", "a police officer", "a teacher", "two men", "a baby", "a horse", "a penguin", "an owl", "a frog")  # fmt: skip
_GROUPS = (
    "jews",
    "muslims",
    "black people",
    "gay people",
    "immigrants",
    "women",
    "asians",
    "disabled people",
    "christians",
    "refugees",
    "trans people",
    "mexicans",
    "arabs",
    "roma",
    "indians",
)
_FAMOUS = ("donald trump", "taylor swift", "the pope", "the president", "elon musk", "obama", "putin", "beyonce", "joe biden", "the queen", "emma watson", "kim kardashian", "angela merkel",
           "a famous actress", "the prime minister", "a politician", "greta thunberg", "lionel messi", "my ex", "my teacher", "my classmate", "a real celebrity")  # fmt: skip
REFUSED_PARTS: tuple[tuple[tuple[str, ...], ...], ...] = (
    (_PERSONS, ("being stabbed", "being shot", "getting shot in the head", "being strangled", "being tortured", "being hanged", "with its throat cut", "being burned alive", "bleeding to death",
                "with the head cut off", "being beaten to death", "being skinned alive", "lying in a pool of blood", "being raped", "being executed", "being murdered", "torn apart", "ripped to pieces",
                "with guts hanging out", "with a knife in the chest", "shot dead", "dying in agony", "being whipped until it bleeds", "cut in half", "being butchered", "stabbed to death", "covered in blood",
                "with a bullet wound", "in a torture chamber", "chopped into pieces", "being drowned", "being eaten alive", "with its eyes gouged out", "hanging from a noose", "being lynched")),
    (("a man", "a woman", "a soldier", "a bear", "a wizard", "a robot", "a clown", "a fox", "a killer", "a gang", "a dog", "a cat", "a policeman", "someone", "a maniac"),
     ("stabbing", "shooting", "strangling", "beheading", "murdering", "killing", "torturing", "beating up", "raping", "hanging", "dismembering", "slaughtering", "skinning", "executing", "blowing up",
      "pointing a gun at", "choking", "eating the guts of", "cutting the throat of", "burning"), _PERSONS),
    (("naked", "nude", "topless", "half-naked", "fully naked", "sexy naked", "undressed", "horny", "erotic", "bottomless", "lewd", "pornographic"),
     ("woman", "man", "lady", "couple", "wizard", "people", "teacher", "actress", "mermaid", "nurse", "princess", "dancers", "celebrity", "model", "men", "women", "bodies", "robot with breasts", "fairy", "elf",
      "furry", "anime girl", "secretary", "cat girl", "witch", "vampire")),
    (_FAMOUS, ("naked", "nude", "in lingerie", "being tortured", "lying dead", "sitting on the toilet", "having sex", "as a nazi", "in a porn scene", "being beaten up", "covered in blood", "being hanged",
               "kissing a goat", "being shot", "as a pig rolling in dung", "taking drugs", "being humiliated", "on a dog leash", "peeing themselves", "in a gas chamber")),
    (_GROUPS, ("as rats", "as monkeys", "as vermin", "being gassed", "in cages", "as pigs", "being deported in chains", "as parasites", "being burned", "as slaves", "as terrorists", "being beaten by a mob",
               "as subhumans", "being hanged", "as cockroaches", "being spat at", "as criminals", "being exterminated")),
    (("a meme", "a cartoon", "a poster", "a joke", "a caricature", "propaganda", "a flyer", "a logo"), ("against", "mocking", "insulting", "about killing", "saying we should get rid of", "that makes fun of",
      "calling for violence against"), _GROUPS),
    (("a girl", "a boy", "a man", "a woman", "someone", "a teenager", "a cat", "a bunny", "a wizard", "a bear", "a depressed person", "me"),
     ("cutting wrists", "hanging from a rope", "committing suicide", "jumping off a building to die", "taking an overdose", "slitting the wrists", "starving to be thin", "with self-harm scars",
      "shooting itself in the head", "about to commit suicide", "killing itself", "cutting itself with a razor blade", "swallowing pills to die")),
    (("isis", "a terrorist", "al qaeda", "a suicide bomber", "a jihadist", "a mass shooter", "a school shooter", "a nazi", "the klan", "neo-nazis"),
     ("bombing a market", "beheading a hostage", "blowing up a plane", "attacking a school", "shooting into a crowd", "with a bomb vest", "driving a truck into people", "executing prisoners", "marching with torches",
      "celebrating an attack", "taking hostages", "blowing up a church", "recruiting children")),
    (("a child", "a little girl", "a little boy", "a schoolgirl", "a minor", "a teenager", "a kid", "an underage girl", "a toddler", "a young girl"),
     ("in lingerie", "without clothes", "naked", "in a sexual pose", "undressing", "being molested", "being abused", "being beaten", "smoking crack", "in underwear looking sexy", "kissing an old man", "nude in the bath")),
    (("a kitten", "a puppy", "my hamster", "a bird", "a cat", "a dog", "a bunny", "a homeless man", "an old lady", "the neighbour's dog", "a stray cat", "a prisoner"),
     ("set on fire", "thrown off a roof", "run over by a truck", "crushed under a rock", "put in a blender", "tied up and beaten", "starved to death", "drowned in a bucket", "kicked until it bleeds", "poisoned and dying",
      "with its legs broken", "buried alive", "gutted on a table", "being electrocuted", "shot with arrows", "stoned by a crowd", "squashed flat with blood around")),
    (("a kid", "a fat kid", "a disabled boy", "my colleague", "a girl from my class", "a blind man", "the new girl at school", "my little sister", "an overweight woman", "my ex-wife"),
     ("being bullied until they cry", "being laughed at for how they look", "humiliated in front of everyone", "shown as ugly and stupid so that all can laugh", "being spat on", "getting beaten up at school",
      "being forced to eat dirt", "so that everyone at school makes fun of them", "locked in a cage", "being told to kill themselves")),
    (("instructions", "a diagram", "a picture that shows how", "a step by step guide"), ("to build a bomb", "for making a bomb", "to poison someone", "to make meth", "to hide a body", "for a school shooting", "to kill someone",
      "to hurt a dog", "to strangle someone", "for killing a person with a knife")),
)  # fmt: skip
"""Columns: a phrase of each, side by side, must not be painted."""
HARMLESS: dict[str, str] = {word: kind for kind, text in {
    "wizard": "pirate with a sword,witch with a cauldron,witch brewing a potion,vampire with a cape,friendly vampire,halloween zombie,dancing skeleton,man in a swimsuit,mother breastfeeding,baby in a bath,doctor giving a shot,"
    "nurse with a syringe,surgeon at work,boxer in the ring,fencer with a sword,man killing it on stage,woman dressed to kill,dead tired student,soldier coming home,hunter with a dog,archer with a bow,juggler with knives,"
    "chef with a big knife,butcher with sausages,sushi chef with a knife,knife thrower,fire eater,sword swallower,daredevil,stuntman,teenager at the beach,girl in a bikini,schoolgirl with a backpack,kids in a pool,"
    "mother and child,child with a lollipop,boy with a water pistol,president giving a speech,queen drinking tea,jewish wedding,muslim prayer,gay couple,black woman smiling,immigrant family,man in a wheelchair,"
    "pride parade,the pope blessing people,taylor swift singing,grim reaper,little devil,cupid with an arrow,sleeping beauty,bride covered in confetti,masseur,killer clown costume,mummy for halloween",
    "robot": "toy gun,water pistol,water gun,nerf gun,glue gun,staple gun,cannon,toy tank,battle bot,fighter jet,bomber plane,torpedo boat,crash test dummy,shot clock,killer app,photo shoot camera,robot with a laser,bug zapper,gunmetal robot",
    "cake": "bath bomb,cherry bomb,seed bomb,bomb of flavour,bomb of flavor,sex on the beach cocktail,bloody mary,blood orange,blood sausage,chicken breast,breast of chicken,knife and fork,bread knife,butter knife,knife block,steak knife,"
    "set of kitchen knives,shooting star,shot of espresso,shot glass,death by chocolate,devil's food cake,angel food cake,killer pizza,dead sea salt,dead leaf,bleeding heart flower,rapeseed field,weed in the garden,"
    "joint of beef,cracker,naked cake,naked burrito,nude lipstick,nude nail polish,stripped wood,cold turkey,ladyfinger,head of lettuce,heads of cabbage,nuts,cock-a-leekie soup,"
    "coconut half,rib roast,ribs,hanging basket,hanging plant,firecracker,gun metal ring,bullet journal,dart board,exploding confetti cannon,explosion of colour,explosion of flowers,popping popcorn,blowfish plate,crossbones cookie,sugar skull,skull cookie",
    "penguin": "killer whale,sperm whale,cockerel,tit bird,booby bird,great tit,dodo,dead fish on a plate,fish on a hook,turkey for thanksgiving,shooting gallery duck,ugly duckling,lame duck,sitting duck,wet hen",
    "owl": "blue tit,blue-footed booby,cock robin,woodcock,bird of prey,bird with a worm,hawk hunting,vampire bat,bat out of hell,murder of crows,killer bee,assassin bug,death's-head moth,stinging wasp",
    "bear": "strong gorilla,naked ape,bear trap,silverback beating its chest,bull in a china shop,wrestling sumo bear,hunter's trophy moose,angry bull",
    "bunny": "naked mole rat,guinea pig,dust bunny,dead-tired hamster,chocolate easter bunny,magician's rabbit,rat race winner,crash bandicoot,lab mouse,squirrel hunting for nuts",
    "dog": "bloodhound,pitbull,attack dog toy,police dog,hunting dog,wet dog,donkey,hot dog,hell hound statue,wolf hunting,wolf in sheep's clothing,seal clapping",
    "cat": "sphynx hairless cat,hairless cat,pussycat doll,scaredy cat,copycat,cat burglar,big cat hunting,lion hunting,lion king,leopard with its prey,cougar,tiger attack movie poster,panther,cat fight cartoon,lion eating a steak",
    "frog": "black widow spider,praying mantis,poison dart frog,python,viper,crocodile with big teeth,t-rex roaring,killer shrimp,fire-breathing dragon,blood worm,snake charmer's cobra,godzilla destroying a city,venus flytrap,dinosaur skeleton",
    "house": "haunted house,graveyard chapel,slaughterhouse turned museum,dead tree,dead end street sign,gun shop turned bakery,war memorial,bomb shelter,prison museum,morgue turned cafe,hospital,strip mall,"
    "shooting range,pirate ship with cannons,warship,battleship,castle under siege,tower of london,hell's kitchen restaurant,sex education classroom,chopping block,igloo",
    "fox": "fox hunting for mice,foxy lady costume,silver fox,fox in a henhouse,fox stealing a chicken",
}.items() for word in text.split(",")}  # fmt: skip
"""What sounds like a refusal and is none."""
NOUNS |= HARMLESS

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


LANGUAGES |= {
    "pl": {"draw": "narysuj", "draw2": "namaluj", "want": "chcę", "a": "", "bunny": "królika", "cat": "kota", "dog": "psa", "bear": "niedźwiedzia", "fox": "lisa",
           "owl": "sowę", "frog": "żabę", "penguin": "pingwina", "robot": "robota", "wizard": "czarodzieja", "house": "dom", "cake": "tort", "red": "czerwony",
           "blue": "niebieski", "green": "zielony", "yellow": "żółty", "black": "czarny", "white": "biały", "pink": "różowy", "happier": "weselszy",
           "sadder": "smutniejszy", "make it": "zrób, żeby był", "again": "jeszcze raz", "undo": "cofnij", "hat": "kapelusz", "thanks": "dziękuję", "hello": "cześć",
           "beach": "na plaży", "forest": "w lesie", "night": "w nocy", "snow": "na śniegu", "happy": "wesoły", "sad": "smutny", "bigger": "większy",
           "with hat": "w kapeluszu", "add hat": "dodaj mu kapelusz", "without hat": "bez kapelusza"},
    "nl": {"draw": "teken", "draw2": "schilder", "want": "ik wil", "a": "een", "bunny": "konijn", "cat": "kat", "dog": "hond", "bear": "beer", "fox": "vos", "owl": "uil",
           "frog": "kikker", "penguin": "pinguïn", "robot": "robot", "wizard": "tovenaar", "house": "huis", "cake": "taart", "red": "rood", "blue": "blauw",
           "green": "groen", "yellow": "geel", "black": "zwart", "white": "wit", "pink": "roze", "happier": "blijer", "sadder": "verdrietiger", "make it": "maak het",
           "again": "nog een keer", "undo": "ongedaan maken", "hat": "een hoed", "thanks": "bedankt", "hello": "hallo", "beach": "op het strand", "forest": "in het bos",
           "night": "'s nachts", "snow": "in de sneeuw", "happy": "blij", "sad": "verdrietig", "bigger": "groter", "with hat": "met een hoed", "add hat": "geef hem een hoed",
           "without hat": "zonder hoed"},
    "tr": {"draw": "", "draw2": "", "want": "", "a": "bir", "bunny": "tavşan", "cat": "kedi", "dog": "köpek", "bear": "ayı", "fox": "tilki", "owl": "baykuş",
           "frog": "kurbağa", "penguin": "penguen", "robot": "robot", "wizard": "büyücü", "house": "ev", "cake": "pasta", "red": "kırmızı", "blue": "mavi",
           "green": "yeşil", "yellow": "sarı", "black": "siyah", "white": "beyaz", "pink": "pembe", "happier": "daha mutlu", "sadder": "daha üzgün", "make it": "onu",
           "again": "tekrar", "undo": "geri al", "hat": "şapka", "thanks": "teşekkürler", "hello": "merhaba", "beach": "sahilde", "forest": "ormanda", "night": "gece",
           "snow": "karda", "happy": "mutlu", "sad": "üzgün", "bigger": "daha büyük", "with hat": "şapkalı", "add hat": "ona bir şapka tak", "without hat": "şapkasız"},
    "ko": {"draw": "", "draw2": "", "want": "", "a": "", "bunny": "토끼", "cat": "고양이", "dog": "강아지", "bear": "곰", "fox": "여우", "owl": "부엉이",
           "frog": "개구리", "penguin": "펭귄", "robot": "로봇", "wizard": "마법사", "house": "집", "cake": "케이크", "red": "빨간", "blue": "파란", "green": "초록", "yellow": "노란",
           "black": "검은", "white": "하얀", "pink": "분홍", "happier": "더 행복하게", "sadder": "더 슬프게", "make it": "", "again": "다시", "undo": "되돌려줘", "hat": "모자",
           "thanks": "고마워", "hello": "안녕하세요", "beach": "해변에서", "forest": "숲에서", "night": "밤에", "snow": "눈 속에서", "happy": "행복한", "sad": "슬픈", "bigger": "더 크게",
           "with hat": "모자 쓴", "add hat": "모자를 씌워줘", "without hat": "모자 없이"},
}  # fmt: skip
_ALSO: dict[str, dict[str, str]] = {
    "es": {"happier": "más contento|más alegre|hazlo más feliz|que sonría más|que esté más feliz", "sadder": "más infeliz|hazlo más triste|que esté más triste|menos feliz", "again": "otra versión|de nuevo|inténtalo otra vez|una más",
           "undo": "deshazlo|vuelve atrás|deshacer el cambio|la anterior", "add hat": "añade un sombrero rojo|ponle un sombrero rojo|agrega un sombrero|con un sombrero rojo", "without hat": "quítale el sombrero|quita el sombrero",
           "bigger": "más grande por favor|hazlo más grande|agrándalo", "night": "que sea de noche|por la noche|ponlo de noche", "beach": "ponlo en la playa|llévalo a la playa", "forest": "ponlo en el bosque|en un bosque",
           "thanks": "muchas gracias|gracias, es perfecto|me encanta", "hello": "buenos días|hola, ¿qué tal?|buenas", "orange": "naranja", "purple": "morado|violeta", "brown": "marrón", "grey": "gris"},
    "fr": {"happier": "plus joyeux|plus content|rends-le plus heureux|fais-le sourire plus", "sadder": "moins heureux|rends-le plus triste|plus malheureux", "again": "une autre version|recommence|encore un|réessaie", "undo": "annule|reviens en arrière|défais ça",
           "add hat": "ajoute un chapeau rouge|mets-lui un chapeau|donne-lui un chapeau rouge", "without hat": "enlève le chapeau|retire le chapeau", "bigger": "agrandis-le|fais-le plus grand|plus gros", "night": "de nuit|mets-le de nuit|qu'il fasse nuit",
           "beach": "mets-le à la plage|sur la plage", "forest": "mets-le dans la forêt|dans les bois", "thanks": "merci beaucoup|merci, c'est parfait|j'adore", "hello": "salut|bonsoir|coucou", "orange": "orange", "purple": "violet", "brown": "marron", "grey": "gris"},
    "de": {"happier": "glücklicher|mach ihn fröhlicher|mach ihn glücklicher|lass ihn mehr lächeln", "sadder": "mach ihn trauriger|unglücklicher|weniger fröhlich", "again": "noch einmal|noch eins|eine andere Version|versuch es nochmal", "undo": "mach das rückgängig|zurück|rückgängig machen",
           "add hat": "füge einen roten Hut hinzu|setz ihm einen Hut auf|gib ihm einen roten Hut", "without hat": "nimm den Hut weg|entferne den Hut", "bigger": "mach ihn größer|größer bitte", "night": "mach es Nacht|in der Nacht|nachts", "beach": "an den Strand|setz ihn an den Strand",
           "forest": "in den Wald|setz ihn in den Wald", "thanks": "vielen Dank|danke schön|super, danke", "hello": "guten Tag|guten Morgen|servus", "orange": "orange", "purple": "lila|violett", "brown": "braun", "grey": "grau"},
    "pt": {"happier": "mais contente|mais alegre|deixe mais feliz", "sadder": "deixe mais triste|menos feliz", "again": "outra vez|outra versão|tente de novo", "undo": "desfaz|volta atrás|desfaça isso", "add hat": "adicione um chapéu vermelho|coloque um chapéu vermelho|bote um chapéu nele",
           "without hat": "tire o chapéu|remova o chapéu", "bigger": "deixe maior|aumente ele", "night": "de noite|deixe de noite", "beach": "coloque na praia|numa praia", "forest": "coloque na floresta|no bosque", "thanks": "muito obrigado|obrigada|adorei", "hello": "oi|bom dia|boa noite",
           "orange": "laranja", "purple": "roxo", "brown": "marrom|castanho", "grey": "cinza"},
    "it": {"happier": "più contento|più allegro|fallo più felice", "sadder": "fallo più triste|meno felice", "again": "di nuovo|un'altra versione|riprova", "undo": "annullalo|torna indietro", "add hat": "mettigli un cappello rosso|dagli un cappello|aggiungi un cappello rosso",
           "without hat": "togli il cappello|levagli il cappello", "bigger": "fallo più grande|ingrandiscilo", "night": "mettilo di notte|che sia notte", "beach": "in spiaggia|mettilo sulla spiaggia", "forest": "nel bosco|mettilo nella foresta", "thanks": "grazie mille|perfetto, grazie|lo adoro",
           "hello": "buongiorno|buonasera|salve", "orange": "arancione", "purple": "viola", "brown": "marrone", "grey": "grigio"},
    "zh": {"happier": "更高兴|让它更开心|开心一点|高兴一点", "sadder": "更伤心|让它更难过|难过一点", "again": "再来一次|重新画|换一张|再画一张", "undo": "撤回|返回上一张|取消", "add hat": "加一顶红帽子|戴上帽子|给它一顶红帽子", "without hat": "去掉帽子|摘掉帽子", "bigger": "大一点|变大", "night": "改成晚上|在夜里|夜晚",
           "beach": "在海边|放到海滩上", "forest": "放到森林里|在树林里", "thanks": "多谢|谢谢你|太好了，谢谢", "hello": "您好|嗨", "orange": "橙色", "purple": "紫色", "brown": "棕色", "grey": "灰色"},
    "ja": {"happier": "もっと幸せに|もっと楽しそうに|もっと笑顔に", "sadder": "もっと悲しそうに", "again": "もう一度|別のバージョン|やり直して", "undo": "取り消し|前に戻して|戻して", "add hat": "赤い帽子をかぶせて|帽子を追加して", "without hat": "帽子を取って|帽子を消して", "bigger": "大きくして|もっと大きくして",
           "night": "夜にして|夜の", "beach": "海辺で|浜辺で", "forest": "森の中で|森にして", "thanks": "ありがとうございます|どうも", "hello": "やあ|おはよう", "orange": "オレンジの", "purple": "紫の", "brown": "茶色い", "grey": "灰色の"},
    "ru": {"happier": "счастливее|сделай его веселее|пусть улыбается больше|повеселее", "sadder": "печальнее|сделай его грустнее|погрустнее", "again": "другой вариант|снова|попробуй ещё раз", "undo": "отмени|верни назад|верни как было", "add hat": "добавь красную шляпу|надень на него шляпу|дай ему шляпу",
           "without hat": "убери шляпу|сними шляпу", "bigger": "побольше|сделай больше|увеличь его", "night": "пусть будет ночь|сделай ночь|в ночное время", "beach": "перенеси на пляж|на берегу моря", "forest": "перенеси в лес|в лесу", "thanks": "большое спасибо|отлично, спасибо|супер", "hello": "здравствуйте|добрый день",
           "orange": "оранжевый", "purple": "фиолетовый", "brown": "коричневый", "grey": "серый"},
    "hi": {"happier": "ज़्यादा खुश|इसे और खुश करो", "sadder": "ज़्यादा उदास|इसे और उदास करो", "again": "दोबारा|एक और बनाओ", "undo": "पहले जैसा करो|वापस जाओ", "add hat": "लाल टोपी पहनाओ|एक टोपी जोड़ो", "without hat": "टोपी हटाओ", "bigger": "इसे बड़ा करो|बड़ा", "night": "रात कर दो|रात का समय",
           "beach": "बीच पर|समुद्र किनारे", "forest": "जंगल में रखो", "thanks": "शुक्रिया|बहुत धन्यवाद", "hello": "नमस्कार|हैलो", "orange": "नारंगी", "purple": "बैंगनी", "brown": "भूरा", "grey": "स्लेटी"},
    "ar": {"happier": "أسعد|اجعله أكثر سعادة", "sadder": "اجعله أكثر حزنا|أقل سعادة", "again": "حاول مرة أخرى|نسخة أخرى|أعد المحاولة", "undo": "ارجع|الغ التغيير", "add hat": "أضف قبعة حمراء|ضع له قبعة", "without hat": "أزل القبعة|انزع القبعة", "bigger": "اجعله أكبر|كبره", "night": "اجعله ليلا|ليلا",
           "beach": "ضعه على الشاطئ", "forest": "ضعه في الغابة", "thanks": "شكرا جزيلا|رائع، شكرا", "hello": "السلام عليكم|أهلا", "orange": "برتقالي", "purple": "بنفسجي", "brown": "بني", "grey": "رمادي"},
    "pl": {"happier": "szczęśliwszy|niech będzie weselszy|bardziej wesoły", "sadder": "niech będzie smutniejszy|bardziej smutny", "again": "spróbuj ponownie|inna wersja", "undo": "cofnij to|wróć", "add hat": "dodaj czerwony kapelusz|załóż mu kapelusz", "without hat": "zdejmij kapelusz|usuń kapelusz",
           "bigger": "powiększ go|niech będzie większy", "night": "niech będzie noc|nocą", "beach": "przenieś na plażę", "forest": "przenieś do lasu", "thanks": "dzięki|super, dzięki", "hello": "dzień dobry|hej", "orange": "pomarańczowy", "purple": "fioletowy", "brown": "brązowy", "grey": "szary"},
    "nl": {"happier": "vrolijker|maak hem blijer|laat hem lachen", "sadder": "maak hem verdrietiger|treuriger", "again": "nog eens|probeer opnieuw|een andere versie", "undo": "maak dat ongedaan|ga terug", "add hat": "voeg een rode hoed toe|zet hem een hoed op", "without hat": "haal de hoed weg|verwijder de hoed",
           "bigger": "maak hem groter|groter graag", "night": "maak het nacht|in de nacht", "beach": "zet hem op het strand", "forest": "zet hem in het bos", "thanks": "dank je wel|dankjewel", "hello": "hoi|goedendag", "orange": "oranje", "purple": "paars", "brown": "bruin", "grey": "grijs"},
    "tr": {"happier": "daha neşeli|onu daha mutlu yap", "sadder": "daha mutsuz|onu daha üzgün yap", "again": "bir daha|tekrar dene|başka bir tane", "undo": "geri dön|öncekine dön", "add hat": "kırmızı bir şapka ekle|şapka tak", "without hat": "şapkayı çıkar|şapkayı kaldır", "bigger": "büyüt|daha büyük yap",
           "night": "gece olsun|geceleyin", "beach": "plajda|sahile koy", "forest": "ormana koy", "thanks": "teşekkür ederim|sağ ol", "hello": "selam|günaydın", "orange": "turuncu", "purple": "mor", "brown": "kahverengi", "grey": "gri"},
    "ko": {"happier": "더 기쁘게|더 행복하게 해줘", "sadder": "더 슬프게 해줘", "again": "한 번 더|다시 그려줘", "undo": "취소|이전으로", "add hat": "빨간 모자를 씌워줘|모자 추가해줘", "without hat": "모자 빼줘|모자 벗겨줘", "bigger": "더 크게 해줘|크게", "night": "밤으로 바꿔줘|밤", "beach": "바닷가에서|해변으로",
           "forest": "숲 속에서|숲으로", "thanks": "감사합니다|고마워요", "hello": "안녕", "orange": "주황", "purple": "보라", "brown": "갈색", "grey": "회색"},
}  # fmt: skip
"""Other ways to say those words, and more colours."""
LANGUAGES |= {
    f"{name}/{turn}": {
        **tongue,
        **{key: said.split("|")[turn % len(said.split("|"))] for key, said in _ALSO[name].items()},
        "make it": "",
    }
    for name, tongue in tuple(LANGUAGES.items())
    for turn in range(4)
}
"""Each tongue four times more, in its other words."""

_KINDS = ("bunny", "cat", "dog", "bear", "fox", "owl", "frog", "penguin", "robot", "wizard", "house", "cake")
_COLOURS = ("red", "orange", "yellow", "green", "teal", "blue", "purple", "pink", "brown", "black", "white", "grey")
_PLACE_KEYS = ("meadow", "beach", "forest", "desert", "mountains", "city", "snowfield", "room")
FOREIGN_KEYS = {"kinds": _KINDS, "colours": _COLOURS, "places": _PLACE_KEYS, "skies": ("evening", "night", "rain", "snow"), "moods": ("1", "3", "2", "0"),
                "items": ("hat", "scarf", "glasses", "balloon", "flower"), "styles": ("watercolour", "pencil")}  # fmt: skip
"""What the columns of the tables below stand for, in order."""
FOREIGN: dict[str, dict[str, str]] = {
    "es": {"order": "a n c", "articles": "un|una", "ends": "o|a", "kinds": "conejo|gato|perro|oso|zorro|búho|1rana|pingüino|robot|mago|1casa|pastel", "colours": "roj*|naranja|amarill*|verde|turquesa|azul|morad*|rosa|marrón|negr*|blanc*|gris",
           "places": "en un prado|en la playa|en el bosque|en el desierto|en las montañas|en la ciudad|en un campo nevado|en una habitación", "skies": "al atardecer|de noche|bajo la lluvia|mientras nieva", "moods": "triste|feliz|tranquil*|llorando",
           "items": "con sombrero|con bufanda|con gafas|con un globo|con una flor", "styles": "en acuarela|a lápiz", "and": "y", "sides": "{1} a la izquierda y {2} a la derecha", "leads": "dibuja {}|pinta {}|quiero {}|hazme {}|{}|{} por favor|puedes dibujar {}?|una imagen de {}"},
    "fr": {"order": "a n c", "articles": "un|une", "ends": "|e", "kinds": "lapin|chat|chien|ours|renard|hibou|1grenouille|pingouin|robot|magicien|1maison|gâteau", "colours": "rouge|orange|jaune|vert*|turquoise|bleu*|violet|rose|marron|noir*|blanc|gris*",
           "places": "dans un pré|à la plage|dans la forêt|dans le désert|à la montagne|en ville|dans un champ de neige|dans une chambre", "skies": "au coucher du soleil|la nuit|sous la pluie|pendant qu'il neige", "moods": "triste|content*|calme|en larmes",
           "items": "avec un chapeau|avec une écharpe|avec des lunettes|avec un ballon|avec une fleur", "styles": "à l'aquarelle|au crayon", "and": "et", "sides": "{1} à gauche et {2} à droite", "leads": "dessine {}|peins {}|je veux {}|je voudrais {}|{}|{} s'il te plaît|peux-tu dessiner {} ?|une image d'{}"},
    "de": {"order": "a c n", "articles": "einen|eine|ein", "ends": "n||s", "kinds": "Hasen|1Katze|Hund|Bären|Fuchs|1Eule|Frosch|Pinguin|Roboter|Zauberer|2Haus|Kuchen", "colours": "rote*|orangene*|gelbe*|grüne*|türkise*|blaue*|violette*|rosa|braune*|schwarze*|weiße*|graue*",
           "places": "auf einer Wiese|am Strand|im Wald|in der Wüste|in den Bergen|in der Stadt|in einer Schneelandschaft|in einem Zimmer", "skies": "am Abend|bei Nacht|im Regen|bei Schneefall", "moods": "traurige*|fröhliche*|ruhige*|weinende*",
           "items": "mit Hut|mit Schal|mit Brille|mit einem Luftballon|mit einer Blume", "styles": "in Aquarell|als Bleistiftzeichnung", "and": "und", "sides": "{1} links und {2} rechts", "leads": "zeichne {}|male {}|ich möchte {}|ich hätte gern {}|{}|{} bitte|kannst du {} malen?|mach mir {}"},
    "pt": {"order": "a n c", "articles": "um|uma", "ends": "o|a", "kinds": "coelho|gato|cachorro|urso|1raposa|1coruja|sapo|pinguim|robô|mago|1casa|bolo", "colours": "vermelh*|laranja|amarel*|verde|turquesa|azul|rox*|rosa|marrom|pret*|branc*|cinza",
           "places": "num prado|na praia|na floresta|no deserto|nas montanhas|na cidade|num campo de neve|num quarto", "skies": "ao pôr do sol|à noite|na chuva|com neve caindo", "moods": "triste|feliz|calm*|chorando",
           "items": "com chapéu|com cachecol|de óculos|com um balão|com uma flor", "styles": "em aquarela|a lápis", "and": "e", "sides": "{1} à esquerda e {2} à direita", "leads": "desenhe {}|desenha {}|pinte {}|quero {}|{}|{} por favor|pode desenhar {}?"},
    "it": {"order": "a n c", "articles": "un|una", "ends": "o|a", "kinds": "coniglio|gatto|cane|orso|1volpe|gufo|1rana|pinguino|robot|mago|1casa|1torta", "colours": "ross*|arancione|giall*|verde|turchese|blu|viola|rosa|marrone|ner*|bianc*|grigi*",
           "places": "in un prato|sulla spiaggia|nella foresta|nel deserto|in montagna|in città|in un campo innevato|in una stanza", "skies": "al tramonto|di notte|sotto la pioggia|mentre nevica", "moods": "triste|felice|tranquill*|in lacrime",
           "items": "con un cappello|con una sciarpa|con gli occhiali|con un palloncino|con un fiore", "styles": "ad acquerello|a matita", "and": "e", "sides": "{1} a sinistra e {2} a destra", "leads": "disegna {}|dipingi {}|voglio {}|vorrei {}|{}|{} per favore|puoi disegnare {}?"},
    "pl": {"order": "c n", "articles": "||", "ends": "ego|ą|y", "kinds": "królika|kota|psa|niedźwiedzia|lisa|1sowę|1żabę|pingwina|robota|czarodzieja|2dom|2tort", "colours": "czerwon*|pomarańczow*|żółt*|zielon*|turkusow*|granatow*|fioletow*|różow*|brązow*|czarn*|biał*|szar*",
           "places": "na łące|na plaży|w lesie|na pustyni|w górach|w mieście|na zaśnieżonym polu|w pokoju", "skies": "o zachodzie słońca|w nocy|w deszczu|gdy pada śnieg", "moods": "smutn*|wesoł*|spokojn*|zapłakan*",
           "items": "w kapeluszu|w szaliku|w okularach|z balonem|z kwiatem", "styles": "akwarelą|ołówkiem", "and": "i", "sides": "{1} po lewej i {2} po prawej", "leads": "narysuj {}|namaluj {}|chcę {}|poproszę {}|{}|możesz narysować {}?"},
    "nl": {"order": "a c n", "articles": "een|een", "ends": "e|", "kinds": "1konijn|kat|hond|beer|vos|uil|kikker|pinguïn|robot|tovenaar|1huis|taart", "colours": "rod*|oranje|gel*|groen*|turquoise|blauw*|paars*|roze|bruin*|zwart*|witte|grijze",
           "places": "in een weide|op het strand|in het bos|in de woestijn|in de bergen|in de stad|in een sneeuwveld|in een kamer", "skies": "bij zonsondergang|'s nachts|in de regen|terwijl het sneeuwt", "moods": "verdrietige|blije|rustige|huilende",
           "items": "met een hoed|met een sjaal|met een bril|met een ballon|met een bloem", "styles": "in aquarel|in potlood", "and": "en", "sides": "{1} links en {2} rechts", "leads": "teken {}|schilder {}|ik wil {}|ik wil graag {}|{}|{} alsjeblieft|kun je {} tekenen?"},
    "tr": {"order": "c a n", "articles": "bir", "ends": "", "kinds": "tavşan|kedi|köpek|ayı|tilki|baykuş|kurbağa|penguen|robot|büyücü|ev|pasta", "colours": "kırmızı|turuncu|sarı|yeşil|turkuaz|mavi|mor|pembe|kahverengi|siyah|beyaz|gri",
           "places": "çayırda|sahilde|ormanda|çölde|dağlarda|şehirde|karlı bir alanda|odada", "skies": "gün batımında|gece|yağmurda|kar yağarken", "moods": "üzgün|mutlu|sakin|ağlayan", "items": "şapkalı|atkılı|gözlüklü|balonlu|çiçekli",
           "styles": "suluboya|kurşun kalem", "and": "ve", "sides": "solda {1} ve sağda {2}", "leads": "{} çiz|bana {} çiz|{} istiyorum|{}|{} lütfen|{} çizer misin?"},
    "ru": {"order": "c n", "articles": "||", "ends": "ого|ую|ый", "kinds": "кролика|кота|1собаку|медведя|1лису|1сову|1лягушку|пингвина|робота|волшебника|2дом|2торт", "colours": "красн*|оранжев*|жёлт*|зелён*|бирюзов*|голуб*|фиолетов*|розов*|коричнев*|чёрн*|бел*|сер*",
           "places": "на лугу|на пляже|в лесу|в пустыне|в горах|в городе|в снежном поле|в комнате", "skies": "на закате|ночью|под дождём|когда идёт снег", "moods": "грустн*|весёл*|спокойн*|заплаканн*",
           "items": "в шляпе|в шарфе|в очках|с воздушным шариком|с цветком", "styles": "акварелью|карандашом", "and": "и", "sides": "{1} слева и {2} справа", "leads": "нарисуй {}|нарисуй мне {}|хочу {}|покажи {}|{}|{} пожалуйста|можешь нарисовать {}?"},
    "hi": {"order": "a c n", "articles": "एक", "ends": "", "kinds": "खरगोश|बिल्ली|कुत्ता|भालू|लोमड़ी|उल्लू|मेंढक|पेंगुइन|रोबोट|जादूगर|घर|केक", "colours": "लाल|नारंगी|पीला|हरा|फ़िरोज़ी|नीला|बैंगनी|गुलाबी|भूरा|काला|सफेद|स्लेटी",
           "places": "घास के मैदान में|समुद्र तट पर|जंगल में|रेगिस्तान में|पहाड़ों में|शहर में|बर्फीले मैदान में|कमरे में", "skies": "शाम को|रात में|बारिश में|बर्फ गिरते हुए", "moods": "उदास|खुश|शांत|रोता हुआ", "items": "टोपी के साथ|मफलर के साथ|चश्मे के साथ|गुब्बारे के साथ|फूल के साथ",
           "styles": "वॉटरकलर में|पेंसिल से", "and": "और", "sides": "बाईं ओर {1} और दाईं ओर {2}", "leads": "{} बनाओ|{} बनाइए|{} चाहिए|मुझे {} दिखाओ|{}|{} का चित्र बनाओ"},
    "ar": {"order": "n c", "articles": "|", "ends": "|ة", "kinds": "أرنب|قط|كلب|دب|ثعلب|1بومة|ضفدع|بطريق|روبوت|ساحر|بيت|1كعكة", "colours": "أحمر|برتقالي*|أصفر|أخضر|فيروزي*|أزرق|بنفسجي*|وردي*|بني*|أسود|أبيض|رمادي*",
           "places": "في مرج|على الشاطئ|في الغابة|في الصحراء|في الجبال|في المدينة|في حقل ثلجي|في غرفة", "skies": "عند الغروب|في الليل|تحت المطر|مع تساقط الثلج", "moods": "حزين*|سعيد*|هادئ*|يبكي", "items": "بقبعة|بوشاح|بنظارة|مع بالون|مع زهرة",
           "styles": "بالألوان المائية|بقلم الرصاص", "and": "و", "sides": "{1} على اليسار و {2} على اليمين", "leads": "ارسم {}|ارسم لي {}|أريد {}|{}|{} من فضلك|هل يمكنك رسم {}؟"},
    "ja": {"order": "cn", "articles": "", "ends": "", "kinds": "うさぎ|猫|犬|熊|狐|フクロウ|カエル|ペンギン|ロボット|魔法使い|家|ケーキ", "colours": "赤い|オレンジ色の|黄色い|緑の|青緑の|青い|紫の|ピンクの|茶色い|黒い|白い|灰色の", "places": "草原にいる|ビーチにいる|森にいる|砂漠にいる|山にいる|街にいる|雪原にいる|部屋にいる",
           "skies": "夕方の|夜の|雨の中の|雪が降る中の", "moods": "悲しい|嬉しい|穏やかな|泣いている", "items": "帽子をかぶった|マフラーをした|眼鏡をかけた|風船を持った|花を持った", "styles": "水彩画の|鉛筆画の", "and": "と", "sides": "左に{1}、右に{2}", "leads": "{}を描いて|{}を描いてください|{}が欲しい|{}|{}の絵|{}お願いします"},
    "zh": {"order": "acn", "articles": "一只|一个|一座", "ends": "", "kinds": "兔子|猫|狗|熊|狐狸|猫头鹰|青蛙|企鹅|1机器人|1巫师|2房子|1蛋糕", "colours": "红色的|橙色的|黄色的|绿色的|青色的|蓝色的|紫色的|粉色的|棕色的|黑色的|白色的|灰色的", "places": "在草地上的|在海滩上的|在森林里的|在沙漠里的|在山里的|在城市里的|在雪原上的|在房间里的",
           "skies": "傍晚的|夜晚的|雨中的|下雪时的", "moods": "难过的|开心的|平静的|哭泣的", "items": "戴帽子的|戴围巾的|戴眼镜的|拿着气球的|拿着花的", "styles": "水彩风格的|铅笔画风格的", "and": "和", "sides": "左边{1}，右边{2}", "leads": "画{}|请画{}|我想要{}|给我画{}|{}|帮我画{}"},
    "ko": {"order": "c n", "articles": "", "ends": "", "kinds": "토끼|고양이|강아지|곰|여우|부엉이|개구리|펭귄|로봇|마법사|집|케이크", "colours": "빨간|주황색|노란|초록색|청록색|파란|보라색|분홍색|갈색|검은|하얀|회색", "places": "초원에 있는|해변에 있는|숲에 있는|사막에 있는|산에 있는|도시에 있는|눈밭에 있는|방에 있는",
           "skies": "저녁에|밤에|비 오는 날|눈 오는 날", "moods": "슬픈|행복한|차분한|우는", "items": "모자 쓴|목도리를 한|안경 쓴|풍선을 든|꽃을 든", "styles": "수채화로|연필로", "and": "그리고", "sides": "왼쪽에 {1}, 오른쪽에 {2}", "leads": "{} 그려줘|{} 그려주세요|{} 원해요|{}|{} 그림"},
}  # fmt: skip
"""Short wishes of other tongues: a digit before a kind is its gender, a star in an adjective where that gender ends it."""


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
