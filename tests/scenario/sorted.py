#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Do lists of units stand in the order in which Vietnam orders words? ICU (locale vi) is the oracle: names of
units made of syllables by chance are entered, and the list of who has not reported is compared with it."""
import os
import random
import time

import federation
import icu
import lib
import reporting

# The plan is of November 2024: everybody lives on 29 November 2024.
os.environ["BAOCAO_CLOCK_OFFSET_MS"] = str(1732840800000 - int(time.time() * 1000))
SEED = int(os.environ.get("BAOCAO_SEED", time.time()))
print("seed %d" % SEED, flush=True)
ONSETS = [
    "",
    "b",
    "c",
    "ch",
    "d",
    "đ",
    "g",
    "gi",
    "h",
    "kh",
    "l",
    "m",
    "n",
    "ng",
    "ngh",
    "nh",
    "ph",
    "qu",
    "s",
    "t",
    "th",
]
VOWELS = ["a", "ă", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y", "ươ", "iê", "oa", "uyê"]
TONES = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]  # ngang, huyền, hỏi, ngã, sắc, nặng
CODAS = ["", "c", "ch", "m", "n", "ng", "nh", "p", "t", "i"]


def word(rng):
    text = rng.choice(ONSETS) + rng.choice(VOWELS) + rng.choice(TONES) + rng.choice(CODAS)
    text = icu.Normalizer2.getNFCInstance().normalize(text)
    return text.capitalize() if rng.random() < 0.5 else text


def names(rng, count):
    """Different names, many of which differ in a tone, a letter's mark, case or number alone."""
    few = [word(rng) for _ in range(12)]
    found = set()
    while len(found) < count:
        parts = [rng.choice(few) if rng.random() < 0.6 else word(rng) for _ in range(rng.randrange(1, 4))]
        if rng.random() < 0.3:
            parts.append(str(rng.choice([1, 2, 9, 10, 11, 100])))
        found.add(" ".join(parts))
    return sorted(found)


def lists_are_in_vietnamese_order(place):
    rng = random.Random(SEED)
    wanted = names(rng, 400)
    rng.shuffle(wanted)
    c = federation.collector(place)
    rows = ["BD.1.%d;%s;grassroots;BD.1;01/01/2020;x" % (100 + n, name) for n, name in enumerate(wanted)]
    c.run(
        "unit",
        "import",
        place.write("more.csv", "code;name;kind;parent;opened;expected\n" + "\n".join(rows)),
    )
    c.up()
    a = reporting.aggregator(place, c)
    a.run("sync")
    table = a.run("missing", "--period", "2024-11").stdout.split("\n")
    by_code = {row.split(";")[0]: row.split(";")[1] for row in rows}
    shown = [by_code[line.split()[0]] for line in table if line.split()[:1] and line.split()[0] in by_code]
    assert len(shown) == len(wanted), (len(shown), len(wanted))
    collator = icu.Collator.createInstance(icu.Locale("vi"))
    collator.setAttribute(icu.UCollAttribute.NUMERIC_COLLATION, icu.UCollAttributeValue.ON)
    for before, after in zip(shown, shown[1:]):
        assert collator.compare(before, after) <= 0, "%r stands before %r" % (before, after)


lib.Cases().run(lists_are_in_vietnamese_order)
