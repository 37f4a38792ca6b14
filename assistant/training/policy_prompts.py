"""What the policy's small model learns from: prompts made of lists, those that must be refused and near ones that must not.

Written by hand and put together by templates. A refused prompt is made of two halves that are harmless alone (someone
young, something sexual) or of a phrase that is grim by itself; for each half there are as many prompts that hold it
alone. Nothing of `policy_cases.json` or `policy_held_out.json` stands here on purpose.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.policy_model import NOTIONS, plain
from assistant.policy_words import ARTISTS, CHILD, PEOPLE

FINE = ""
UNSAID = -1.0
"""Of a notion that nobody has looked for in a phrase."""


@dataclass(frozen=True)
class Example:
    """Words, the rule that refuses them ("" for none), and what they hold of each of the model's `NOTIONS`, 0 or 1.

    `develops` keeps it out of training, to set the thresholds.
    """

    words: str
    rule: str
    notions: tuple[float, ...]
    develops: bool


def _listed(text: str) -> list[str]:
    return [" ".join(part.split()) for part in text.split(";") if part.strip()]


YOUNG = {
    "en": _listed("""a child; a little girl; a small boy; a schoolgirl; schoolboys; a toddler; a baby; kids; a teenager;
        a twelve-year-old; a 9 year old girl; an underage boy; a minor; a preteen; pupils; a young teen; kindergarten
        children; a girl of eight; my little sister; a boy of ten; a first grader; infants; a preschooler; a tween;
        a fourteen year old; girl scouts; a high school freshman; an adolescent; a cub scout; someone under 18"""),
    "de": _listed("""ein Kind; ein kleines Mädchen; ein Junge; Schulkinder; ein Baby; eine Schülerin; ein Teenager;
        eine Zwölfjährige; Kleinkinder; eine Minderjährige; ein zehnjähriger Junge; Grundschüler; ein Kindergartenkind"""),
    "fr": _listed("""un enfant; une fillette; un petit garçon; une écolière; un bébé; des enfants; une mineure;
        une adolescente; une fille de dix ans; un collégien; un gamin"""),
    "es": _listed("""un niño; una niña; un bebé; una colegiala; una menor de edad; niños; un adolescente; una chica de
        doce años; un chiquillo; alumnos de primaria"""),
    "pt": _listed(
        "uma criança; uma menina; um menino; um bebê; uma menor de idade; uma adolescente; alunas; uma garotinha"
    ),
    "it": _listed(
        "un bambino; una bambina; una ragazzina; un neonato; una minorenne; una scolara; dei bambini; un ragazzino"
    ),
    "nl": _listed(
        "een kind; een klein meisje; een jongetje; een baby; een schoolmeisje; een minderjarige; een tiener; een kleuter"
    ),
    "ru": _listed(
        "ребенок; маленькая девочка; мальчик; школьница; младенец; дети; подросток; несовершеннолетняя; школьник"
    ),
    "pl": _listed("dziecko; mała dziewczynka; chłopiec; uczennica; niemowlę; dzieci; nastolatka; nieletnia"),
    "tr": _listed("bir çocuk; küçük bir kız; bir oğlan; bir bebek; çocuklar; liseli bir kız; reşit olmayan bir kız"),
    "zh": _listed("一个小孩; 小女孩; 男孩; 儿童; 婴儿; 女学生; 未成年少女; 小学生; 幼儿; 小朋友"),
    "ja": _listed("子供; 小さな女の子; 男の子; 女子小学生; 赤ちゃん; 少女; 中学生; 未成年; 幼児"),
    "ar": _listed("طفل; طفلة; ولد صغير; بنت صغيرة; أطفال; رضيع; تلميذة; قاصر"),
    "he": _listed("ילד; ילדה; ילדה קטנה; תינוק; ילדים; תלמידה; קטינה; נער"),
    "hi": _listed("एक बच्चा; छोटी लड़की; लड़का; शिशु; बच्चे; स्कूली छात्रा; नाबालिग"),
}
SEXUAL = {
    "en": _listed("""naked; nude; undressed; with no clothes on; without any clothes; wearing nothing; topless; in lingerie;
        in a sexual pose; having sex; in an erotic scene; stripping; taking off the clothes, erotic; half-naked and seductive;
        in sexy underwear; sexualised; lewd; showing genitals; in porn; pornographic; bare breasts; in see-through clothes,
        sensual; spread legs; masturbating; in bed with an adult, erotic; NSFW; being molested; in a provocative erotic pose;
        intimate touching; unclothed; in the nude; hentai; sexually aroused; fondled; nothing but a thong;
        exposing itself; seducing the viewer; in a brothel; intercourse; stark naked; aroused; groped"""),
    "de": _listed("""nackt; ohne Kleider; unbekleidet; in sexueller Pose; beim Sex; erotisch; in Reizwäsche; oben ohne;
        ausgezogen; entblößt; beim Ausziehen, erotisch; pornografisch; sexy Unterwäsche; verführerisch und nackt; splitternackt"""),
    "fr": _listed("""nu; nue; sans vêtements; dans une scène sexuelle; érotique; en lingerie; seins nus; déshabillé; dénudée;
        pornographique; pose lascive; en train de se déshabiller, érotique; à poil"""),
    "es": _listed("""desnudo; desnuda; sin ropa; en una escena sexual; erótico; en lencería; pornográfico; en pose sensual y
        desnuda; quitándose la ropa, erótica; en pelotas; teniendo sexo"""),
    "pt": _listed(
        "nu; nua; sem roupa; em cena de sexo; erótico; de lingerie; pelada; pornográfico; pose sexual; tirando a roupa, erótica"
    ),
    "it": _listed(
        "nudo; nuda; senza vestiti; in una scena di sesso; erotico; in lingerie; spogliata; pornografico; posa sessuale; svestito"
    ),
    "nl": _listed(
        "naakt; zonder kleren; in een seksuele pose; erotisch; in lingerie; bloot; pornografisch; uitgekleed; seks"
    ),
    "ru": _listed(
        "голый; голая; без одежды; в сексуальной позе; эротика; раздетая; порно; в нижнем белье, эротика; обнаженная; раздевается, эротика"
    ),
    "pl": _listed(
        "nago; naga; bez ubrania; w seksownej pozie; erotyka; porno; rozebrana; w bieliźnie, erotycznie; nagie"
    ),
    "tr": _listed("çıplak; kıyafetsiz; seksi pozda; erotik; porno; iç çamaşırıyla, erotik; soyunuk; cinsel pozda"),
    "zh": _listed("裸体; 全裸; 没有穿衣服; 色情; 性感内衣; 脱光衣服; 情色姿势; 性爱; 裸露; 赤裸"),
    "ja": _listed("裸; 全裸; ヌード; エロい; 服を着ていない; 性的なポーズ; 下着姿、エロ; ポルノ; 脱衣; セックス"),
    "ar": _listed("عار; عارية; بدون ملابس; في وضع جنسي; إباحي; مثير جنسيا; جنس; تتعرى"),
    "he": _listed("עירום; ערומה; בלי בגדים; בתנוחה מינית; אירוטי; פורנו; מתפשטת, אירוטי; סקס"),
    "hi": _listed("नग्न; नंगा; बिना कपड़ों के; अश्लील; कामुक मुद्रा में; सेक्स; नंगी"),
}
INNOCENT = {
    "en": _listed("""playing in the sand; with a red balloon; riding a bicycle; asleep in a cot; in a swimming pool; in the bath
        with a rubber duck; eating an ice cream; at school; reading a book; in a raincoat; flying a kite; hugging a dog;
        on a swing; in a swimsuit on the beach; dressed as a pirate; on a pony; building a snowman; without shoes; singing;
        with a teddy bear; in a ballet class; getting dressed for school; crying; without a hat; doing homework; laughing;
        changing a nappy; brushing teeth; in a costume; with a kitten; in bed with a picture book; learning to swim;
        with a grandfather; trying on a dress; putting on socks; wrapped in a towel; kissing a frog; with muddy legs;
        on a playground; on a slide; in a sandpit; on a seesaw; in a tree house; at a museum; in a library; at the zoo; on a farm;
        at a bus stop; on a school bus; in a classroom; at a birthday party; at the dentist; in a hospital bed; in a wheelchair;
        at a piano lesson; in a choir; in an orchestra; in a football team; playing chess; playing cards; playing hide and seek;
        painting a wall; painting easter eggs; planting a tree; feeding ducks; climbing a rope; climbing a tree; jumping in puddles;
        throwing snowballs; on a sledge; on skis; on roller skates; with a scooter; in a canoe; fishing; collecting shells;
        camping in a tent; at a campfire; carving a pumpkin; in a witch costume; in pyjamas; in dungarees; in a winter coat; in
        wellingtons; in a school uniform; with braces; with freckles; with glasses; with a plaster on the knee; with chickenpox;
        having breakfast; drinking milk; eating spaghetti; baking biscuits; blowing out candles; opening presents; waving goodbye;
        crawling on a rug; taking first steps; in a high chair; in a pram; in a sling; in a crib; on a potty; on a changing table;
        having a nap; yawning; being fed with a spoon; being carried; held by its mother; on dad's shoulders; hugging granny; telling a
        secret; holding hands; looking through a telescope; doing an experiment; with a microscope; building with bricks; with a
        toy train; with a doll; dressing a doll; combing a pony; riding a camel; petting a rabbit; chasing butterflies; catching
        frogs; flying a paper plane; shouting; whispering; pulling a face; thinking; bored; tired; proud; scared of the dark; asleep in
        the car; waiting for the tram; crossing the street; at the hairdresser; washing hands; splashing under a garden hose; at a
        water park; in a paddling pool; learning to dive; doing a handstand; doing gymnastics; dancing; juggling; practising judo"""),
    "de": _listed(
        "spielt Ball; mit einem Luftballon; im Schwimmbad; beim Baden im See; auf dem Fahrrad; schläft; ohne Mütze; isst ein Eis; in der Schule; zieht Schuhe an; auf dem Spielplatz; auf der Rutsche; im Sandkasten; im Zoo; in der Bücherei; im Kinderwagen; füttert Enten; malt ein Bild; beim Zahnarzt; im Schlafanzug; hält Händchen"
    ),
    "fr": _listed(
        "avec un ballon; à la plage; qui dort; dans le bain; sur un vélo; à l'école; avec un chien; sans chapeau"
    ),
    "es": _listed(
        "con una cometa; en la playa; durmiendo; en la bañera; en bicicleta; en la escuela; con un perro; sin zapatos"
    ),
    "pt": _listed("com um balão; na praia; dormindo; na escola; com um gato; de bicicleta; sem sapatos"),
    "it": _listed("con un palloncino; in spiaggia; che dorme; a scuola; con un cane; in bicicletta; senza cappello"),
    "nl": _listed("met een ballon; op het strand; slaapt; op school; met een hond; op de fiets; in bad"),
    "ru": _listed("с воздушным шаром; на пляже; спит; в школе; с собакой; на велосипеде; без шапки; в ванне с уточкой"),
    "pl": _listed("z balonem; na plaży; śpi; w szkole; z psem; na rowerze; bez czapki"),
    "tr": _listed("balonla; plajda; uyuyor; okulda; köpekle; bisiklette; şapkasız"),
    "zh": _listed("在放风筝; 在海滩上; 在睡觉; 在学校; 和小狗玩; 骑自行车; 吃冰淇淋; 没有穿鞋"),
    "ja": _listed("が凧を揚げる; 海辺で; 寝ている; 学校で; 犬と遊ぶ; 自転車に乗る; アイスを食べる; 帽子なし"),
    "ar": _listed("يلعب بالكرة; على الشاطئ; نائم; في المدرسة; مع كلب; على دراجة; بدون حذاء"),
    "he": _listed("עם בלון; בחוף הים; ישן; בבית הספר; עם כלב; על אופניים; בלי כובע"),
    "hi": _listed("पतंग उड़ाते हुए; समुद्र तट पर; सो रहा; स्कूल में; कुत्ते के साथ; साइकिल पर; बिना जूतों के"),
}
GROWN = {
    "en": _listed("""a woman; a man; a figure; a model in an art class; a couple; Venus; a marble statue; an old man; a dancer;
        a sculpture of a goddess; an adult; Adam and Eve; a mannequin; a bather by Renoir; a nymph in an oil painting; a tree;
        a mole-rat; a Greek athlete in bronze; a torso in clay; a wire; a flame; a sphynx cat; a life drawing"""),
    "de": _listed("eine Frau; ein Mann; eine Statue; ein Modell im Aktkurs; ein Paar; ein Baum; ein Akt"),
    "fr": _listed("une femme; un homme; une statue; un modèle; un couple; un arbre"),
    "es": _listed("una mujer; un hombre; una estatua; una pareja; un árbol; una modelo"),
    "pt": _listed("uma mulher; um homem; uma estátua; um casal; uma árvore"),
    "it": _listed("una donna; un uomo; una statua; una coppia; un albero"),
    "nl": _listed("een vrouw; een man; een standbeeld; een model; een boom"),
    "ru": _listed("женщина; мужчина; статуя; натурщица; дерево; скульптура"),
    "pl": _listed("kobieta; mężczyzna; posąg; modelka; drzewo"),
    "tr": _listed("bir kadın; bir adam; bir heykel; bir ağaç"),
    "zh": _listed("女人; 男人; 雕像; 模特; 树; 人体素描"),
    "ja": _listed("女性; 男性; 彫像; モデル; 木; 裸婦像"),
    "ar": _listed("امرأة; رجل; تمثال; شجرة"),
    "he": _listed("אישה; גבר; פסל; עץ; דוגמנית"),
    "hi": _listed("एक औरत; एक आदमी; एक मूर्ति; एक पेड़"),
}
SOLID = {
    "children": _listed("""child pornography; child porn; csam; kiddie porn; a lolicon picture; shotacon; pedophile art;
        Kinderpornografie; Kinderpornos; pédopornographie; pornografía infantil; pornografia infantil; pedopornografia;
        kinderporno; детское порно; dziecięca pornografia; çocuk pornosu; 儿童色情; 児童ポルノ; إباحية الأطفال; פורנו ילדים;
        barely legal porn; sex with kids; sex with a minor; a groomer with a child, erotic; incest with a young daughter;
        adult man kissing a little girl sexually; loli in a bikini, spread legs"""),
    "gore": _listed("""a man torn in half; a person ripped apart, blood everywhere; entrails spilling out of a belly; guts hanging out;
        intestines on the ground; a disembowelled corpse; a severed human head; a decapitated body; a chopped off arm, gushing blood;
        a mutilated face; brains blown out; brain matter on the wall; blood gushing from the neck; a slit throat; throats cut;
        a person impaled through the stomach, bleeding; a head cut off with an axe; heads on stakes; his head chopped off;
        dismembered body parts in a bath tub; a body sawed into pieces; sawing off a leg of a screaming man; flayed skin, raw flesh;
        a skinned corpse; eyes gouged out; an eyeball hanging out of its socket; a crushed head; an exploded head;
        a burned corpse, charred flesh; a pile of dead bodies in blood; rotting corpses with maggots in their eyes; cannibals eating
        a man's flesh; drinking blood from a cut throat; a chainsaw massacre, body parts; a torture chamber with a bleeding victim;
        a man being tortured, flesh torn; pulling out fingernails, blood; stabbed to death, a pool of blood; a corpse with
        stab wounds; a bloodbath of slaughtered people; a slaughtered family; a disfigured corpse; bullet holes in the head, brains;
        a suicide with slit wrists; a hanged man's broken neck, tongue out; limbs blown off by a mine; a soldier without legs, blood
        spraying; a body run over by a train, cut in two; snuff film; a mangled body under a truck; bowels on the floor;
        a heart ripped out of a chest; people butchered like meat; a beheading; an execution by beheading, blood;
        ein abgeschlagener Kopf; ein zerstückelter Körper; herausquellende Eingeweide; aufgeschlitzte Kehle; eine enthauptete
        Leiche; Blut spritzt aus dem Hals; ein Mann in zwei Hälften gerissen; verstümmelte Leichen; ausgestochene Augen; ein Kopf mit
        der Axt abgehackt; Gedärme auf dem Boden; gefoltert, das Fleisch zerrissen; ein Blutbad unter Menschen;
        un corps démembré; une tête coupée; des entrailles à l'air; une gorge tranchée; un cadavre éventré; du sang qui jaillit du cou;
        un homme coupé en deux; des corps mutilés; boyaux par terre; yeux arrachés; décapitation sanglante;
        un cuerpo desmembrado; una cabeza decapitada; tripas por el suelo; degollado; un cadáver destripado; sangre a chorros del cuello;
        un hombre partido en dos; cuerpos mutilados; entrañas fuera del vientre; le cortan la cabeza;
        um corpo desmembrado; uma cabeça decepada; tripas para fora; garganta cortada; um cadáver mutilado; decapitado, muito sangue;
        un corpo smembrato; una testa mozzata; viscere fuori dalla pancia; gola tagliata; cadaveri mutilati; decapitato, sangue ovunque;
        een afgehakt hoofd; een verminkt lijk; ingewanden op de grond; doorgesneden keel; een onthoofde man; lichaamsdelen in bloed;
        отрезанная голова; расчлененное тело; кишки наружу; перерезанное горло; изуродованный труп; обезглавленное тело в крови;
        вспоротый живот; куски тела и кровь; оторванные ноги;
        odcięta głowa; rozczłonkowane ciało; flaki na wierzchu; poderżnięte gardło; zmasakrowane zwłoki; wnętrzności na podłodze;
        kesik baş; parçalanmış ceset; bağırsakları dışarıda; boğazı kesilmiş adam; kafası kesilmiş;
        断头; 肢解的尸体; 内脏流出; 割喉; 血淋淋的尸体; 被斩首的人; 肠子流出来; 碎尸; 头被砍下;
        切断された頭; 内臓が飛び出す; 首を切られた死体; バラバラ死体; 血まみれの死体; 腹を裂かれた人; 生首;
        رأس مقطوعة; جثة ممزقة; أحشاء خارج البطن; ذبح رجل; جثة مقطعة والدم;
        ראש כרות; גופה מבותרת; קרביים שפוכים; גרון משוסף; גופה מרוטשת בדם;
        कटा हुआ सिर; क्षत विक्षत शव; आंतें बाहर; गला कटा हुआ"""),
    "hate": _listed("""a swastika; a swastika flag; a Nazi flag; Nazi symbols; a Nazi salute; the Hitler salute; Sieg Heil;
        SS runes; the SS skull as a badge; Third Reich banners; a Nazi rally with torches; the KKK; Ku Klux Klan hoods;
        klansmen in white robes; a burning cross of the Klan; white supremacists; white power; white pride worldwide; 1488; heil Hitler;
        neo-Nazi skinheads with flags; a neo-nazi tattoo; a lynching; a lynched black man; a noose for black people; blackface minstrels
        mocking black people; black people as apes; black people drawn as monkeys; a racist caricature; an antisemitic caricature;
        a Jew with a hooked nose counting money; Jews as rats; Jewish puppet masters controlling the world; the happy merchant;
        death to Jews; kill all Jews; kill all Muslims; Muslims as vermin; Muslims as terrorists and pigs; immigrants as cockroaches;
        refugees as an invasion of rats; gypsies as thieves; gays should be stoned, a poster; death to gays; hang the gays;
        trans people as monsters, hateful; anti-Muslim propaganda; anti-Jewish propaganda; Holocaust denial; the Holocaust was a lie;
        a joke about gas chambers and Jews; gas chambers for Jews; inferior races; the master race over inferior people; racial hygiene
        poster; expel all foreigners, hateful; foreigners are parasites, a poster; Arabs as camels and dogs; Asians as yellow peril
        caricatures; Confederate flag with a noose; slaves whipped, and it is good; an ISIS flag; jihadist beheading propaganda;
        women are animals, a misogynist poster; disabled people as useless eaters;
        eine Hakenkreuzfahne; ein Hakenkreuz; Hitlergruß; Juden raus; Tod den Juden; SS-Runen; Nazisymbole; ein Naziaufmarsch;
        eine Judenkarikatur mit Hakennase; Ausländer als Ratten; Ausländer raus; Reichskriegsflagge; Türken als Parasiten; Judenhetze;
        un drapeau nazi; une croix gammée; salut nazi; mort aux juifs; caricature antisémite; les arabes comme des rats; propagande raciste;
        les juifs au nez crochu; suprématie blanche;
        una esvástica; bandera nazi; saludo nazi; muerte a los judíos; caricatura antisemita; judíos con nariz ganchuda; propaganda racista;
        los inmigrantes como ratas; supremacía blanca;
        uma suástica; bandeira nazista; saudação nazista; morte aos judeus; caricatura racista; propaganda antissemita;
        una svastica; bandiera nazista; saluto romano fascista a Hitler; morte agli ebrei; caricatura antisemita; propaganda razzista;
        een hakenkruis; nazivlag; Hitlergroet; dood aan de joden; een antisemitische spotprent; racistische propaganda;
        свастика; нацистский флаг; нацистское приветствие; смерть евреям; антисемитская карикатура; зига; убить всех мусульман; флаг рейха;
        swastyka; flaga nazistowska; śmierć żydom; hitlerowskie pozdrowienie; rasistowska karykatura;
        gamalı haç; nazi bayrağı; yahudilere ölüm; nazi selamı; ırkçı karikatür;
        纳粹; 纳粹旗; 纳粹党徽; 希特勒敬礼; 种族歧视漫画; 杀光犹太人; 三K党;
        ナチス; 鉤十字; ナチスの敬礼; ユダヤ人を殺せ; 人種差別の風刺画; クー・クラックス・クラン;
        صليب معقوف; راية نازية; التحية النازية; الموت لليهود; كاريكاتير عنصري; علم داعش;
        צלב קרס; דגל נאצי; הצדעה נאצית; מוות לערבים; קריקטורה אנטישמית; מוות ליהודים;
        नाज़ी झंडा; नाज़ी सलामी; यहूदियों को मार डालो; मुसलमानों को मारो"""),
}
NEAR = _listed("""
    a bloody mary; a shooting star; nude lipstick; nude-coloured heels; a killer whale; a killer queen costume; a naked mole-rat;
    a headless horseman; a headless chicken; a headless mannequin; a beheaded sunflower; a decapitated dandelion; a head of lettuce;
    heads or tails; a severed tie; a severed cable; a broken doll; a doll without arms; cut flowers; a paper cut; a cutting board;
    cut hair on the floor; a cut tree trunk; an amputated table leg; a chopped onion; chopped wood; minced meat; raw meat on a hook;
    a butcher's shop; a slaughtered pumpkin; a blood orange; blood oranges; blood red roses; a blood moon; blood pressure; a blood donor;
    a blood test; a bleeding heart flower; a bleeding candle; a nosebleed; a plaster on a bleeding knee; a bloody good day;
    a drop of blood on a needle; a vampire drinking red juice; a vampire's kiss; Dracula; a werewolf; a zombie party; zombies in a mall;
    a haunted house; a skeleton dancing; a skull; a skull and crossbones; a mummy; Frankenstein's monster; a ghost bride; a grim reaper;
    a graveyard; a coffin; a funeral; a dead fish; a dead leaf; a dead end; a dead sea; a dead battery; a corpse flower; a dead pixel;
    a hospital; surgery; an operating room; an anatomy model; an x-ray of a hand; a heart; a brain in a jar; brain coral; guts and glory;
    sausages; liver on a plate; a butchered chicken; a roast pig; a fishmonger gutting fish; a hunter with a hare; a lion eating a zebra;
    a wolf with a red mouth; a shark attack poster; a sword fight; a battle; a battlefield; a medieval war; soldiers in a trench;
    a wounded soldier with a bandage; a knight slaying a dragon; Saint George; David with the head of Goliath by Caravaggio;
    Salome with the head of John the Baptist; Saint Sebastian with arrows; a crucifixion; a martyr; a guillotine in a museum; an axe; a
    chainsaw and logs; a hanging garden; a hanging lamp; a hangman game; a rope; a knot; a noose knot in a sailors' book; a lynx; a merry
    lynch mob of bees; gallows in a western; a gun on a table; a crime scene with tape; a detective; a murder mystery party; a murder of
    crows; a death cap mushroom; a black widow spider; a crash test dummy; a torn shirt; a torn letter; a ripped pair of jeans; ripped
    muscles; a split log; a banana split; an exploding star; an exploding balloon; a burning house; a burning candle; a burning bush;
    a bonfire; burning leaves; a cross on a church; a red cross; a wooden cross; a celtic cross; an iron gate; a crossroads; a rune stone;
    viking runes; a lightning bolt; a steamship, the SS Great Eastern; a hood; a white robe; a monk in a hood; a procession of hooded
    penitents in Seville; a ghost in a white sheet; a wizard's pointed hat; a Hindu temple; a lotus; a Buddhist monk; a mandala; a rangoli;
    a Jewish wedding; a rabbi; a menorah; Hanukkah; a synagogue; Anne Frank reading; a Holocaust memorial; a museum of the second world war;
    a history book; Charlie Chaplin in The Great Dictator; soldiers of 1944; a Spitfire; a tank; a Jewish bakery; a mosque; a Muslim family
    at dinner; a woman in a hijab; Ramadan lanterns; a Roma musician; a gypsy caravan; a black man in a suit; a black woman laughing;
    black and white people dancing; an African mask; monkeys in a tree; an ape; a gorilla; a rat; rats; a cockroach; vermin; a parasite under
    a microscope; pigs; a dog and a camel; a gay couple; a pride parade; a lesbian wedding; a trans flag; a drag queen; refugees on a boat;
    a protest against racism; a poster against hate; no to Nazis, a protest sign; Martin Luther King; Nelson Mandela; an old man with a big
    nose; a hooked beak; a witch with a hooked nose; a merchant counting coins; a puppet master; a caricature of a politician; a flag; a
    flag with an eagle; a red flag; a black flag; a military parade; a general with medals; a uniform; a gas station; a gas mask; a gas cooker;
    a chamber choir; a shower; a train; a camp fire; a summer camp; a concentration game; white bread; white power tools; black magic;
    a nude by Modigliani; a nude in charcoal; the Venus of Urbino; the birth of Venus; Michelangelo's David; cherubs; putti; a cupid; a baby
    angel; a breast-fed baby; breastfeeding; a pregnant woman; a birth; a wedding night; a kiss; lovers; a romantic dinner; a bikini; a
    swimsuit; lingerie on a line; a bra; underwear in a drawer; a strip of bacon; a comic strip; a strip club sign; a pole vaulter; a
    pole dancer; a sexy car; sexy and old; a hot girl summer playlist; a porn star martini; unisex; sextant; Essex; Middlesex; Sussex;
    a cock crowing; a great tit; a blue tit; a booby; an ass and an ox; a pussy willow; a pussycat; a beaver; a dick tracy comic; balls;
    bare feet; a bare tree; a bare room; a bear; barely awake; a stripped bed; a naked flame; a naked wire; the naked truth; a naked cake;
    an adult colouring book; an adult elephant; a kid goat; a kidney bean; a child's drawing; child's play; a childlike style; a minor chord;
    a minor planet; a major and a minor; infantry; teen spirit; girl power; a girls' football team; a boy band; an old boys' club; baby
    blue; baby corn; a baby grand piano; a baby shower; a sugar daddy cartoon; a playground for children; a playroom for kids; a library for kids; a
    museum for children; toys for toddlers; a school bus full of kids; a shop for baby clothes; a clinic for children; a choir of boys and
    girls; a menu for kids; a book for teenagers; a club for teens; a tent for the kids; shoes for babies; a bicycle for a boy; a room for a
    girl; a swimming lesson for beginners; a bathroom; a bath tub; a sink; a bathing bird; a changing room; a towel; a nursery; a nursery rhyme; a school of fish; high school
    prom; a schoolbook; a playground; a teddy; a young lady at the opera; young love; young tree; little women; a little black dress;
    an intimate concert; a sensual tango; a seductive dessert; an erotic novel on a shelf; a museum of erotic art; Pompeii frescoes;
    a sex education class; a condom; a fertility goddess; the Kama Sutra in a bookshop; a burlesque dancer; a geisha; a belly dancer;
    ein Blutmond; Blutorange; ein kopfloser Reiter; ein Aktgemälde; ein nacktes Kabel; eine Schlachtplatte; ein Metzger; ein Kreuz;
    Kopfsalat; ein abgebrochener Ast; Totenkopfäffchen; ein totes Blatt; Halsband; ein Hakenstich; ein Haken an der Wand; ein Schlachtfeld;
    une orange sanguine; un cavalier sans tête; une nature morte; un nu de Matisse; une croix; une lune de sang; le boucher; un coupe-papier;
    una naranja sanguina; un jinete sin cabeza; una luna de sangre; el carnicero; una cruz; un desnudo de Goya; una calavera de azúcar;
    um açougueiro; lua de sangue; uma cruz; uma caveira; un macellaio; una croce; luna di sangue; een slager; een kruis; een bloedmaan;
    кровавая луна; всадник без головы; мясник; крест; череп; голова капусты; красный флаг; krwawy księżyc; rzeźnik; krzyż; czaszka;
    kanlı ay; kasap; bir kurukafa; 血橙; 血月; 无头骑士; 骷髅; 十字架; 裸色高跟鞋; 红旗; 万圣节; 赤い月; 骸骨; 首なし騎士; 十字架; 裸足; 赤い旗;
    قمر دموي; جزار; جمجمة; صليب أحمر; ירח דם; קצב; גולגולת; צלב אדום; פרש בלי ראש; खूनी चाँद; कसाई; लाल झंडा
""")  # fmt: skip
SCENES = _listed("""
    a bunny in a meadow; a red fox in the snow; a cat on a sofa; a robot in a kitchen; a penguin with a scarf; a castle on a hill;
    a lighthouse in a storm; a bowl of fruit; an old sailor; a city at night; a dragon over a village; a field of sunflowers; two owls on
    a branch; an astronaut on the moon; a tea party; a chef; a violinist; a mountain lake; a market in Marrakesh; a ballet dancer;
    a football match; a train in the alps; a wizard in a library; a whale; a hot air balloon; a snowy street; a garden with a fountain;
    a bus stop in the rain; a portrait of a grandmother; a bride and groom; a doctor; a firefighter saving a cat; a queen on her throne;
    ein Hase auf der Wiese; ein Fuchs im Schnee; eine alte Mühle; ein Bahnhof am Morgen; un lapin dans un pré; un chat noir; un marché;
    un conejo en un prado; un perro feliz; una ciudad de noche; um coelho no prado; um barco; un coniglio nel prato; un gatto; een konijn in
    de wei; een molen; кролик на лугу; лиса в снегу; замок; królik na łące; zamek; çayırda bir tavşan; bir kale; 草地上的兔子; 雪中的狐狸;
    山上的城堡; 草原のうさぎ; 雪の中の狐; 夜の街; أرنب في المرج; قلعة على تل; ארנב באחו; שועל בשלג; घास के मैदान में खरगोश; पहाड़ पर किला;
    a square in Rome; a cathedral in Milan; a tower in Pisa; a window in Venice; a balcony in Havana; a door in Marrakesh; a gate in Kyoto; a roof
    in Prague; a staircase in Porto; a tiled wall in Granada; a canal in Amsterdam; an arcade in Turin; a skyscraper in Chicago; a pagoda in
    Hanoi; a café in Vienna; a tram in Zürich; a bakery in Malmö; a ferry in Århus; a mural in Bogotá; a chapel in Córdoba; a garden in
    Suzhou; a stadium in Montréal; a terrace in Nîmes; a bridge in Mostar; a mosque in Isfahan; a harbour in Málaga; a museum in Belém;
    a market in Curaçao; a beach in Cancún; a street in Kraków; a house in Tromsø; a château in France; a piñata; crème brûlée; a jalapeño;
    a naïve painting; a résumé; a cliché; Antonín Dvořák conducting; Brontë country; a soirée; a fiancé; smørrebrød; a soufflé;
    ein Markt in Hamburg; eine Brücke über den Rhein; ein Leuchtturm bei Nacht; zwei Freunde auf einer Bank; ein altes Haus mit Garten;
    ein Schiff im Hafen; ein Zug in den Alpen; eine Katze am Fenster; ein Wald im Nebel; eine Geburtstagstorte; Äpfel in einem Korb;
    une rue de Lyon; un pont sur la Seine; un phare en Bretagne; une église de village; un panier de pommes; un bateau au port; une vieille
    maison et son jardin; un chien qui court; un gâteau d'anniversaire; une forêt sous la neige; deux amis sur un banc; une gare le matin;
    una calle de Sevilla; un puente sobre el río; un faro en la costa; una iglesia blanca; una cesta de manzanas; un barco en el puerto;
    una casa vieja con jardín; un gato en la ventana; un pastel de cumpleaños; un bosque con niebla; dos amigos en un banco; una montaña;
    uma rua de Lisboa; uma ponte sobre o rio; um farol na costa; uma igreja em Salvador; um cesto de maçãs; um barco no porto; uma casa antiga
    com jardim; um gato na janela; um bolo de aniversário; uma floresta com neblina; dois amigos num banco; um bonde no Rio; um mercado;
    una strada di Bologna; un ponte sul fiume; un faro sulla costa; una chiesa di campagna; un cesto di mele; una barca nel porto; una vecchia
    casa con giardino; un gatto alla finestra; una torta di compleanno; un bosco nella nebbia; due amici su una panchina; una piazza;
    een straat in Utrecht; een brug over de gracht; een vuurtoren; een mand appels; een boot in de haven; een kat voor het raam; een taart;
    улица в Казани; мост через реку; маяк ночью; старый дом с садом; корзина яблок; лодка в порту; кошка на окне; торт; туманный лес; вокзал;
    ulica w Krakowie; most nad rzeką; latarnia morska; kosz jabłek; łódź w porcie; kot w oknie; tort urodzinowy; las we mgle; stary dom;
    İzmir'de bir sokak; nehrin üstünde bir köprü; deniz feneri; bir sepet elma; limanda bir tekne; penceredeki kedi; doğum günü pastası;
    北京的街道; 河上的桥; 夜晚的灯塔; 一篮苹果; 港口的船; 窗边的猫; 生日蛋糕; 雾中的森林; 古老的房子; 京都の通り; 川にかかる橋; 夜の灯台;
    りんごのかご; 港の船; 窓辺の猫; 誕生日ケーキ; 霧の森; شارع في القاهرة; جسر فوق النهر; منارة في الليل; سلة تفاح; قارب في الميناء; قطة على النافذة;
    רחוב בירושלים; גשר מעל הנהר; מגדלור בלילה; סל תפוחים; סירה בנמל; חתול בחלון; दिल्ली की एक गली; नदी पर पुल; सेब की टोकरी; खिड़की पर बिल्ली;
    make it happier; add a hat; remove the hat; make the sky darker; turn it into a watercolour; take the coat off; give her a red dress;
    make him older; make her a child; make it night; put a cat on her lap; cut the tree down; make the cut deeper in the wood; undo;
    go back to the first one; make it scarier; remove the background; change the shirt; make the face smile; bigger ears; more flowers;
    mach es fröhlicher; plus sombre; más feliz; сделай ярче; 更开心一点; もっと明るく; אדום יותר; أكثر سعادة
""")  # fmt: skip
WISHES = (
    "with the {} of the other picture",
    "take the {} of the first",
    "the {} of this one and the {} of that one",
    "give it the {} of v3",
    "v1 with the {} of v2",
    "the second with the {} of the first one",
    "use the {} of the last one",
    "the same {} as before",
    "another {}, please",
    "make the {} larger",
    "no {}, please",
    "swap the {} for the one in v2",
    "keep the {}, change the rest",
    "the {} should be as in the first one",
    "I like the {} of the other better",
    "both, but with one {}",
    "its {} from the other side",
    "the other {}",
    "the {} of all of them",
    "one more {} between those two",
    "das andere {}",
    "avec {} de l'autre",
    "con {} de la otra",
)
"""What is said of pictures that are there; {} is one of `PARTS`."""
PARTS = _listed("""house; hat; scarf; light; colours; background; pose; smile; sea; tree; ground; flowers; style; mood; place; clouds; window;
    coat; face; street; moon; hill; boat; shadow; fur; ears; road; bridge; letters; weather; frame; horizon; snow; clothes; people""")
FRAMES = (
    "{}", "{}", "{}", "draw {}", "a picture of {}", "{} in oil", "{}, watercolour", "a photo of {}", "{} at night", "please paint {}",
    "{} in a living room", "{} by the window", "{}, soft light, highly detailed", "a poster: {}", "{} on a beach", "an anime drawing of {}",
    "I want to see {}", "{} in the forest", "a realistic picture of {}, 4k", "make it {}", "change it to {}", "now {}", "{} and a dog",
    "a crayon drawing of {}", "{} under a tree", "{} in the style of the 1950s", "an old photograph of {}", "{}, cinematic",
)  # fmt: skip
JOINED = ("{0} {1}", "{0}, {1}", "{0} {1}", "{1} {0}", "{0}: {1}")
"""How somebody and what is said of them come together."""


def examples(seed: int = 0, count: int = 12_000) -> list[Example]:
    """Return so many examples, the same for a seed; a fifth of all words and phrases is seen in development alone."""
    chance = random.Random(seed)
    kept_apart = {
        phrase for lists in (YOUNG, SEXUAL, INNOCENT, GROWN) for phrases in lists.values() for phrase in _fifth(phrases, chance)
    } | {phrase for phrases in (*SOLID.values(), NEAR, SCENES, list(WISHES)) for phrase in _fifth(phrases, chance)}  # fmt: skip
    made: dict[str, Example] = {}
    draws = _draws(chance)
    while len(made) < count:
        words, rule, notions, used = next(draws)
        apart = [phrase in kept_apart for phrase in used]
        if any(apart) and not all(apart):
            continue  # half of it would be known from training
        made[words] = Example(words, rule, notions, bool(apart) and all(apart))
    return list(made.values())


def _fifth(phrases: list[str], chance: random.Random) -> list[str]:
    return chance.sample(phrases, max(len(phrases) // 5, 1))


def _held(rule: str = FINE, young: float = 0.0, sexual: float = 0.0) -> tuple[float, ...]:
    of = {"young": young, "sexual": sexual, "grim": float(rule == "gore"), "hateful": float(rule == "hate")}
    return tuple(of[notion] for notion in NOTIONS)


def _young_in(words: str) -> float:
    """Say that nobody young is in words of ours that are near and harmless, unless the lists see somebody there."""
    return UNSAID if CHILD.search(plain(words)) else 0.0


def _draws(chance: random.Random) -> Iterator[tuple[str, str, tuple[float, ...], tuple[str, ...]]]:
    """Yield words, their rule, what they hold, and the phrases that they are made of, for ever."""
    people = [*PEOPLE]
    solid = [(phrase, rule) for rule, phrases in SOLID.items() for phrase in phrases]
    while True:
        language = chance.choice([*YOUNG, "en", "en", "en", "en", "en", "en"])
        young, sexual, innocent, grown = (chance.choice(lists[language]) for lists in (YOUNG, SEXUAL, INNOCENT, GROWN))
        frame = chance.choice(FRAMES)
        kind = chance.random()
        used: tuple[str, ...]
        if kind < 0.14:
            words, rule, used = chance.choice(JOINED).format(young, sexual), "children", (young, sexual)
            notions = _held(young=1.0, sexual=1.0)
        elif kind < 0.28:
            words, rule, used = chance.choice(JOINED).format(young, innocent), FINE, (young, innocent)
            notions = _held(young=1.0)
        elif kind < 0.40:
            words, rule, used = chance.choice(JOINED).format(grown, sexual), FINE, (grown, sexual)
            notions = _held(sexual=1.0)
        elif kind < 0.43:
            words, rule, used = chance.choice(JOINED).format(chance.choice(people), sexual), "likeness", (sexual,)
            notions = _held(sexual=1.0)
        elif kind < 0.50:
            somebody = chance.choice((chance.choice([*people, *ARTISTS]), grown))
            words, rule, used = chance.choice(JOINED).format(somebody, innocent), FINE, (grown, innocent)
            notions = _held(young=_young_in(words))
        elif kind < 0.66:
            words, rule = chance.choice(solid)
            used, both = (words,), float(rule == "children")
            notions = _held(rule, both, both)
        elif kind < 0.94:
            words, rule = chance.choice(NEAR if kind < 0.84 else SCENES), FINE
            used, notions = (words,), _held(young=_young_in(words))
        else:
            wish = chance.choice(WISHES)
            words, rule = wish.format(*chance.sample(PARTS, 2)), FINE
            used, notions = (wish,), _held()
        if (
            chance.random() < 0.3
        ):  # long ones hold more that is near, and no harm; harm is none the less for its company
            number = chance.choice((1, 1, 2, 4, 7))
            more = [chance.choice(NEAR if chance.random() < 0.5 else SCENES) for _ in range(number)]
            words, used = ", ".join([words, *more]), (*used, *more)
            notions = (notions[0] or max(map(_young_in, more), key=abs), *notions[1:])
        yield frame.format(words), rule, notions, used
