"""People whom the words leave open are varied rather than drawn as a model's habit has them, and the prompt shows it.

A painter that reads "a doctor" paints whom it has seen most often under that word. So a prompt that says no more of a
person than what they do gets, from the turn's own seed, a gender and a descent; several get different ones. Whatever
grounds a person already (a gender, a descent, a name, a place or time by its proper name) is left as it was said.
After the transformation of ungrounded prompts in the DALL·E 3 system card (OpenAI, October 2023), in rules of our own.
"""

from __future__ import annotations

import random
import re

WORK = (
    "accountant", "actor", "architect", "artist", "astronaut", "athlete", "baker", "barber", "builder",
    "businessperson", "carpenter", "cashier", "chef", "chief executive", "ceo", "cleaner", "coach", "cook", "dancer",
    "dentist", "doctor", "driver", "electrician", "engineer", "farmer", "firefighter", "fisher", "flight attendant",
    "gardener", "hairdresser", "housekeeper", "janitor", "journalist", "judge", "lawyer", "librarian", "manager",
    "mechanic", "musician", "nurse", "painter", "paramedic", "photographer", "physicist", "pilot", "plumber",
    "police officer", "professor", "programmer", "receptionist", "sailor",
    "scientist", "secretary", "shopkeeper", "singer", "soldier", "student", "surgeon", "tailor", "teacher", "therapist",
    "tourist", "waiter", "worker", "writer",
)  # fmt: skip
ANYBODY = ("person", "human", "adult", "stranger", "neighbour", "neighbor", "passer-by", "pedestrian")
DESCENTS = (
    "Black", "East Asian", "South Asian", "Southeast Asian", "Latin American", "Middle Eastern", "white", "Indigenous",
)  # fmt: skip
GENDERS = ("woman", "man")
SEVERAL = "of different genders and descents"

_NOUN = "|".join(sorted((re.escape(word) for word in (*WORK, *ANYBODY)), key=len, reverse=True))
_NEXT = r"\s*(?:[.,;:!?]|$)|\s+(?:is|was|with|in|on|at|and|or|who|by|near|under|behind|beside|from|for|as|of|\w+ing)\b"
ONE = re.compile(rf"\b(?:an?|one) (?:[a-z]+ ){{0,2}}?(?:{_NOUN})(?={_NEXT})", re.IGNORECASE)
"""What follows shows that a person is meant: "a worker bee" is none."""
MANY = re.compile(rf"\b(?:(?:{_NOUN})s|people)(?={_NEXT})(?! of different)", re.IGNORECASE)
GROUNDED = re.compile(
    r"\b(?:wom[ae]n|m[ae]n|male|female|boys?|girls?|lad(?:y|ies)|gentlem[ae]n|mother|father|sister|brother|he|she|his|her|"
    r"black|brown|dark|pale|fair|white)(?:-skinned)?\b(?! (?:coat|dress|shirt|hat|uniform|apron|jacket|suit|gown|"
    r"boots?|shoes?|gloves?|scarf|trousers|house|wall|sky|background|car|cat|dog|horse|room|light))|"
    r"\b(?:african|asian|european|american|indian|chinese|japanese|korean|arab|latin[oax]?|hispanic|indigenous|inuit|"
    r"maori|"
    r"skin|descent|ethnicity|nonbinary|non-binary)\b",
    re.IGNORECASE,
)
NAMED = re.compile(r"(?<![.!?] )(?<!^)\b[A-Z][a-z]+")
SENTENCE = re.compile(r"[^.!?]+[.!?]*\s*")


def varied(prompt: str, seed: str) -> str:
    """Return the prompt with those people varied whom it leaves open; the same seed varies them in the same way."""
    rng = random.Random(seed)

    def grounded(sentence: re.Match[str]) -> str:
        text = sentence.group()
        if GROUNDED.search(text) or NAMED.search(text.strip()):
            return text
        text = ONE.sub(lambda found: f"{found.group()}, {_somebody(rng)},", text)
        text = MANY.sub(lambda found: f"{found.group()} {SEVERAL}", text)
        return re.sub(r",(?=[.!?,])|,$", "", text)

    return SENTENCE.sub(grounded, prompt)


def _somebody(rng: random.Random) -> str:
    who = f"{rng.choice(DESCENTS)} {rng.choice(GENDERS)}"
    return f"{'an' if who[0] in 'EIU' else 'a'} {who}"
