# SPDX-License-Identifier: MPL-2.0
"""What the scenarios of bad input share: who sends it, who must not suffer, and what a refusal must say."""
import json
import os
import re
import sys

import lib
import office

sys.dont_write_bytecode = True
sys.path.append(os.path.join(lib.ROOT, "tests", "interop"))
import formats
from baocao_client import Agent, now

PLAN = {"plan": "160/KH-LĐLĐ", "version": 1}
UNITS = [
    "BD.03;Công đoàn cơ sở Ví dụ Ba;grassroots;BD;2020-01-01;x;",
    "BD.04;Công đoàn cơ sở Ví dụ Bốn;grassroots;BD;2020-01-01;x;2024-06-30",
]
VIETNAMESE = re.compile("[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.I)
_refusal = re.compile(r"^([a-z]+(?:-[a-z0-9]+)*): (.+)$", re.M)

with open(os.path.join(lib.ROOT, "proto", "PROTOCOL.md"), encoding="utf-8") as _file:
    CODES = dict(re.findall(r"^\| `([a-z0-9-]+)` \| (again|refuse|held|stop|note) \|", _file.read(), re.M))
one = formats.one_line


def reads_well(code, vi, en):
    """A code of PROTOCOL.md and a whole sentence in each language."""
    assert code in CODES, "%s stands nowhere in PROTOCOL.md" % code
    assert vi != en and VIETNAMESE.search(vi), "%s: no Vietnamese: %s" % (code, vi)
    for text in (vi, en):
        assert len(text) > 15 and " " in text, "%s: hardly a sentence: %s" % (code, text)
        assert text[0].isupper() or not text[0].isalpha(), "%s begins in its middle: %s" % (code, text)
        # A sentence may end with the command to be given, or how it is given.
        whole = text[-1] in ".?!)" or re.search("baocao-|Cách dùng: |Usage: ", text)
        assert whole, "%s has no end: %s" % (code, text)
        plain = re.sub('"[^"]*"', "", text)
        assert text is en or not re.search("full|denied|directory|No such", plain), "%s: %s" % (code, text)
        assert text.isprintable() and "(null)" not in text and "\ufffd" not in text, "%s: %r" % (code, text)


def said(program, *words, code, status=65, stdin=None):
    """One command line in both languages: it is refused with CODE and exit STATUS; {"vi", "en"}."""
    answer = {}
    for lang in ("vi", "en"):
        done = program.run(*words, "--lang", lang, ok=None, stdin=stdin)
        found = _refusal.search(done.stderr)
        assert found, "%s: nothing was refused: %s %s" % (words, done.stdout, done.stderr)
        assert found[1] == code and done.returncode == status, (words, done.returncode, done.stderr)
        answer[lang] = found[2]
    reads_well(code, answer["vi"], answer["en"])
    return answer


def activity(sender="BD.01", **changed):
    """A whole activity of plan 160 as the agent of SENDER sends it; None takes a field away."""
    document = {
        "doc": "activity",
        "id": formats.uuid7(now(), os.urandom(10)),
        "rev": 1,
        "unit": sender,
        "entered_by": sender,
        "source": "agent",
        "made": now(),
        "plans": [PLAN],
        "from": "2024-11-20",
        "to": "2024-11-20",
        "form": "F1",
        "title": "Hội nghị ví dụ",
        "measures": {"sessions": 1, "attendances": 40},
    }
    document.update(changed)
    return {k: v for k, v in document.items() if v is not None}


class Site:
    """A federation with a witness of BD.02, whose reports must go through whatever others do."""

    def __init__(self, place):
        self.place, self.federation = place, office.Federation(place)
        self.collector = self.federation.collector
        head = "Mã đơn vị;Tên đơn vị;Loại;Mã cấp trên;Từ ngày;Phải báo cáo;Đến ngày"
        self.collector.run("unit", "import", place.write("more.csv", "\n".join([head] + UNITS) + "\n"))
        self.started, self.stored = self.collector.process, 0
        self.witness = self.outsider("BD.02")

    def outsider(self, unit="BD.01"):
        """Somebody with a key of UNIT and a program of his own."""
        agent = Agent()
        agent.join(self.collector.json("enrol", unit, "--again")[0]["code"])
        agent.open()
        return agent

    def goes_through(self):
        """A report of another unit is stored, at once and on the connection it has had all the time."""
        (verdict,) = self.witness.send([one(activity("BD.02"))])
        assert verdict["verdict"] == "stored", verdict
        self.stored += 1

    def refuses(self, sender, line, code, field=None):
        """LINE is refused; the good document in the same message and another unit's are stored."""
        good = one(activity(sender.enrolled["unit"]))
        if len(line) < 60000:
            bad, good = sender.send([line, good])
        else:  # together they may be more than the window holds
            bad, good = sender.send([line]) + sender.send([good])
        assert (bad["verdict"], bad.get("code")) == ("refused", code), (line[:200], bad)
        assert field is None or bad.get("field") == field, bad
        reads_well(code, bad["vi"], bad["en"])
        assert good["verdict"] == "stored", good
        self.stored += 1
        self.goes_through()

    def unharmed(self):
        """The process of the beginning, and a log that is whole and holds what was stored, no more."""
        assert self.collector.process is self.started and self.collector.running(), self.collector.tail()
        log = self.federation.documents()
        assert len(log) == len(set(log)) == self.stored, (len(log), self.stored)
        assert self.collector.json("verify")["whole"]
        assert self.collector.stop() == 0, self.collector.tail()


def write_bytes(place, name, data):
    with open(place.path(name), "wb") as file:
        file.write(data)
    return place.path(name)


def to_json(value):
    return json.dumps(value, ensure_ascii=False).encode()
