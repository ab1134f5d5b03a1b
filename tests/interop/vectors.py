# SPDX-License-Identifier: MPL-2.0
"""The golden vectors of proto/vectors: the same bytes each time, made by formats.py and not by the programs.

usage: vectors.py --write    (test_vectors.py compares what is there with what this makes)
"""
import json
import os
import sys

sys.dont_write_bytecode = True
import ed25519
import formats

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DIR = os.path.join(ROOT, "proto", "vectors")

MS = 1732060800000  # 2024-11-20T00:00Z
UNIT, NAME = "VD.01", "Công đoàn cơ sở Công ty Ví dụ Một"
PLAN = "1/KH-VD"


def made_up(what, n=32):
    """Bytes that look random and are the same each time."""
    return formats.sha256(b"baocao vector: " + what.encode())[:n]


LOG = made_up("log", 16).hex()
OUTBOX = made_up("outbox", 16).hex()
SEED = made_up("signing key")
SIGN = ed25519.public_key(SEED).hex()
ACTIVITY_ID = formats.uuid7(MS - 5000, made_up("activity", 10))
PERIOD_ID = formats.uuid8("period", UNIT, PLAN, "duonglich", "2024-11")

PLAN_BODY = {
    "plan": PLAN, "version": 1, "title": {"vi": "Kế hoạch ví dụ", "en": "An example plan"},
    "issued": "2024-11-07", "issuer": "Liên đoàn Ví dụ", "begins": "2024-11-01", "calendar": "duonglich",
    "period_kind": "month",
    "deadline": {"days": {"upper-level": 5}, "default": 3},
    "holidays": {"off": ["2024-09-02", "2025-01-01"], "work": []},
    "topics": [{"id": "t1", "vi": "Chủ đề một", "en": "Topic one"}], "documents": [],
    "forms": [{"id": "f1", "vi": "Hội nghị", "en": "Conference"}],
    "measures": [
        {"id": "sessions", "vi": "Số buổi", "en": "Sessions", "unit": {"vi": "buổi"}, "add": "sum",
         "in": ["activity", "aggregate"], "required": True, "most": 1000},
        {"id": "attendance", "vi": "Số lượt người", "en": "Attendance", "unit": {"vi": "lượt người"},
         "add": "sum", "in": ["activity", "aggregate"]},
        {"id": "members", "vi": "Trong đó đoàn viên", "en": "Of them members", "unit": {"vi": "lượt người"},
         "add": "sum", "in": ["activity", "aggregate"]}],
    "checks": [{"id": "members_most", "left": ["members"], "op": "<=", "right": ["attendance"],
                "action": "refuse", "vi": "Số đoàn viên ({members}) lớn hơn số lượt người ({attendance}).",
                "en": "Members ({members}) exceed the attendance ({attendance})."}]}

ACTIVITY = {
    "doc": "activity", "id": ACTIVITY_ID, "rev": 1, "unit": UNIT, "entered_by": UNIT, "source": "agent",
    "made": MS - 5000, "plans": [{"plan": PLAN, "version": 1}], "from": "2024-11-19", "to": "2024-11-19",
    "form": "f1", "title": "Hội nghị phổ biến kế hoạch", "topics": ["t1"],
    "measures": {"sessions": 1, "attendance": 120, "members": 100}}
ACTIVITY_LINE = formats.one_line(ACTIVITY)
PERIOD = {
    "doc": "period", "id": PERIOD_ID, "rev": 1, "unit": UNIT, "entered_by": UNIT, "source": "agent",
    "made": MS - 4000, "plans": [{"plan": PLAN, "version": 1}], "calendar": "duonglich", "period": "2024-11",
    "activities": [{"id": ACTIVITY_ID, "rev": 1, "sha256": formats.sha256(ACTIVITY_LINE).hex()}]}
PERIOD_LINE = formats.one_line(PERIOD)


def signed(root, ms):
    return ed25519.sign(SEED, formats.root_text(LOG, root, ms).encode()).hex()


def receipt():
    documents = [f"văn bản {i}" for i in range(7)]
    lines, fields = [], []
    for i, text in enumerate(documents):
        field = {"log": LOG, "position": 10**i, "id": formats.uuid7(MS + i, made_up(text, 10)),
                 "rev": i + 1, "sha256_hex": formats.sha256(text.encode()).hex(), "received": MS + 1000 * i,
                 "unit": f"VD.{i:02}-X"}
        lines.append(formats.receipt_line(**field))
        field["sha256"] = field.pop("sha256_hex")
        fields.append(field)
    leaves = [formats.leaf(line) for line in lines]
    root, ms = formats.root(leaves).hex(), MS + 7000
    kept = [{"line": line, "path": formats.path(leaves, i), "root": root, "log": LOG, "signed": ms,
             "signature": signed(root, ms), "sign": SIGN} for i, line in enumerate(lines)]
    short = lines[0].split(" ")

    def with_word(i, word):
        return " ".join(short[:i] + [word] + short[i + 1:])
    return {
        "seed": SEED.hex(), "sign": SIGN, "log": LOG, "documents": documents, "fields": fields,
        "lines": lines,
        "leaves": [x.hex() for x in leaves], "roots": [formats.root(leaves[:n]).hex() for n in range(8)],
        "paths": [k["path"] for k in kept], "root": root, "signed": ms,
        "text": formats.root_text(LOG, root, ms), "signature": signed(root, ms), "kept": kept,
        "bad": ["", " ".join(short[:7]), lines[0] + " ", lines[0] + " x", with_word(0, "baocao-receipt/2"),
                with_word(1, LOG.upper()), with_word(2, "0"), with_word(2, "01"), with_word(3, "x"),
                with_word(4, "0"), with_word(4, "-1"), with_word(5, "00"), with_word(6, "9999999999999999"),
                with_word(7, "vd.01"), with_word(7, "V" * 33), with_word(7, "VD\n")]}


def entries():
    """Header fields and bodies, one of most kinds; None: removed by a redact."""
    bodies = [
        ("log", {"by": "operator"}, formats.one_line({"log": LOG, "reason": "init"})),
        ("unit", {"unit": UNIT, "by": "operator"}, formats.one_line({
            "unit": UNIT, "kind": "grassroots", "names": [{"from": "2020-01-01", "name": NAME}],
            "parents": [{"from": "2020-01-01", "parent": None}], "opened": "2020-01-01", "expected": True})),
        ("plan", {"by": "operator"}, formats.one_line(PLAN_BODY)),
        ("document", {"unit": UNIT, "by": UNIT, "key": 1, "outbox": OUTBOX, "number": 1, "id": ACTIVITY_ID,
                      "rev": 1}, ACTIVITY_LINE),
        ("document", {"unit": UNIT, "by": UNIT, "key": 1, "outbox": OUTBOX, "number": 2, "id": PERIOD_ID,
                      "rev": 1}, PERIOD_LINE),
        ("discard", {"unit": UNIT, "by": 'Nguyễn "Văn" A\\B\t\x01', "id": ACTIVITY_ID, "rev": 2},
         formats.one_line({"id": ACTIVITY_ID, "rev": 2, "sha256": formats.sha256(b"").hex(),
                           "reason": "ví dụ"})),
        ("redact", {"by": "operator", "of": 6}, formats.one_line({"position": 6, "reason": "tên người"}))]
    out, chain = [], formats.chain_begin(LOG)
    for i, (kind, whose, body) in enumerate(bodies, 1):
        fields = {"v": 1, "log": LOG, "position": i, "received": MS + i, "kind": kind, **whose,
                  "bytes": len(body), "sha256": formats.sha256(body).hex()}
        header = formats.entry_header(fields)
        chain = formats.chain_next(chain, header.encode())
        out.append({"fields": fields, "header": header, "body": None if kind == "discard" else body.decode(),
                    "chain": chain.hex()})
    return out


def entry():
    made = entries()
    good = made[3]["header"]
    bad = ["", "{}", good[:-1], good + " ", good.replace('"v":1', '"v":2'), good.replace(",", ", "),
           good.replace('"position":4', '"position":0'), good.replace('"position":4', '"position":04'),
           good.replace('"key":1', '"key":0'), good.replace('"key":1', '"key":-1'),
           good.replace('"key":1,', '"key":1,"more":1,'), good.replace('"rev":1', '"rev":1.0'),
           good.replace('"rev":1', '"rev":9999999999'), good.replace(ACTIVITY_ID, ACTIVITY_ID.upper()),
           good.replace(OUTBOX, OUTBOX[:-1]), good.replace('"by":"VD.01"', '"by":"V\\u0044.01"'),
           good.replace('"by":"VD.01"', '"by":"VD\\u0000"'),
           good.replace('"by":"VD.01"', '"by":"VD\\n01"'), good.replace('"by":"VD.01",', ""),
           good.replace('"bytes":', '"bytes":9999999999999'), good.replace(LOG, LOG.upper())]
    return {"log": LOG, "begin": formats.chain_begin(LOG).hex(), "entries": made, "bad": bad}


def code():
    parts = (made_up("server"), made_up("successor"), made_up("token", 16), 20087, "baocao.example.vn:5671")
    raw = formats.code_raw(*parts)
    text, tight = formats.code_text(raw), formats.code_text(raw).replace(" ", "")
    server, successor, token, expires, endpoint = parts
    other = formats.code_raw(server, successor, token, expires, "no port")
    wrong = text[:7] + ("A" if text[7] != "A" else "B") + text[8:]
    return {
        "fields": {"server": server.hex(), "successor": successor.hex(), "token": token.hex(),
                   "expires": "2024-12-30", "expires_days": expires, "endpoint": endpoint},
        "raw": raw.hex(), "text": text, "width": 6, "lines": formats.code_text(raw, 6),
        "same": [tight, tight.lower(), text.replace(" ", "-"), text.replace(" ", "\u00a0"),
                 "\ufeff" + text.replace(" ", " \u2013 ") + "\r\n"],
        "bad": ["", "ABCDE", text[:-1], text[:-8], text + "A", text + " AAAAA", wrong,
                text.replace("A", "0", 1), text.replace(" ", "=", 1), "à" + text, formats.code_text(other),
                formats.code_text(b"\x02" + raw[1:]), text * 3]}


def kept_line(position, id, data, ms):
    return formats.receipt_line(LOG, position, id, 1, formats.sha256(data).hex(), ms, UNIT)


def messages():
    made = entries()
    lines = [kept_line(4, ACTIVITY_ID, ACTIVITY_LINE, MS + 4), kept_line(5, PERIOD_ID, PERIOD_LINE, MS + 5)]
    root, ms = formats.root([formats.leaf(x) for x in lines]).hex(), MS + 6
    single = formats.leaf(lines[0]).hex()
    credit = {"documents": 1024, "bytes": 262144, "wait_ms": 0}
    stop = {"documents": 0, "bytes": 0, "wait_ms": 1000}
    head = {"position": 7, "chain": made[6]["chain"]}
    program = "baocao-example/1"
    plan, decision = formats.one_line(PLAN_BODY), formats.one_line({"aggregate": PERIOD_ID, "choice": "own"})
    uuid = formats.uuid7(MS, made_up("decision", 10))
    sentence = {"vi": "Một câu giải thích.", "en": "A sentence that explains."}
    feed = [(e["header"].encode(), None if e["body"] is None else e["body"].encode(),
             bytes.fromhex(e["chain"])) for e in made]
    verdicts = [{"number": 1, "verdict": "stored", "line": lines[0]},
                {"number": 2, "verdict": "stored", "line": lines[1]},
                {"number": 3, "verdict": "refused", "code": "field-unknown", "field": "colour", **sentence},
                {"number": 4, "verdict": "later", "code": "busy", **sentence, "wait_ms": 1000},
                {"number": 5, "verdict": "held", "code": "conflict", **sentence}]
    notice = {"to": [UNIT], "subject": "Nhắc báo cáo", "text": "Đề nghị gửi báo cáo kỳ.", "kind": "reminder",
              "document": {"id": PERIOD_ID, "rev": 1}, "until": "2024-12-05"}
    succession = {"server": made_up("successor").hex(), "from": "2025-01-01"}
    text = f"baocao-succession/1 {succession['server']} {succession['from']}"
    succession["signature"] = ed25519.sign(SEED, text.encode()).hex()

    def line_of(*values):
        return b"".join(formats.one_line(v) + b"\n" for v in values)
    return [
        ("HELLO", {"v": 1, "program": program, "outbox": OUTBOX, "next": 3, "clock": MS, "log": LOG}, b""),
        ("WELCOME", {
            "v": 1, "program": program, "log": LOG, **head,
            "ancestors": [{"log": made_up("ancestor", 16).hex(), "position": 2}], "now": MS, "unit": UNIT,
            "name": NAME, "grants": [{"unit": UNIT, "name": NAME, "scope": "subtree",
                                      "from": "2024-11-01", "to": "2025-12-31",
                                      "units": [[UNIT, NAME, "grassroots"]]}],
            "outbox": {"contiguous": 2, "highest": 2}, "credit": credit, "sign": SIGN,
            "limits": {"document": 65536, "body": 1000000}}, b""),
        ("DOCUMENTS", {"batch": 1, "outbox": OUTBOX, "numbers": [1, 2]},
         ACTIVITY_LINE + b"\n" + PERIOD_LINE + b"\n"),
        ("RECEIPT", {"batch": 1, "log": LOG, "root": root, "signed": ms, "signature": signed(root, ms),
                     "sign": SIGN, "credit": credit}, line_of(*verdicts)),
        ("RECEIPT", {"batch": 2, "log": LOG, "root": formats.NO_ROOT, "signed": ms,
                     "signature": signed(formats.NO_ROOT, ms), "sign": SIGN, "credit": stop},
         line_of(*verdicts[3:4])),
        ("PING", {"clock": MS, "news": 3}, b""),
        ("PONG", {"now": MS, "credit": credit, "news": 7, "head": 7}, b""),
        ("PLAN", {"position": 3, "log": LOG, "plan": PLAN, "version": 1,
                  "sha256": formats.sha256(plan).hex()}, plan),
        ("NOTICE", {"kind": "refused", "to": "DOCUMENTS", "batch": 1, "code": "batch-bad",
                    "field": "numbers", **sentence}, b""),
        ("NOTICE", {"kind": "document", "position": 4, "log": LOG, "number": 0, "line": lines[0],
                    "root": single, "signed": ms, "signature": signed(single, ms), "sign": SIGN},
         ACTIVITY_LINE),
        ("NOTICE", {"kind": "notice", "position": 8, "log": LOG}, formats.one_line(notice)),
        ("NOTICE", {"kind": "succession", "position": 9, "log": LOG}, formats.one_line(succession)),
        ("BYE", {}, b""),
        ("ENROL", {"v": 1, "token": made_up("token", 16).hex(), "name": "may-tinh-1",
                   "program": program}, b""),
        ("ENROL", {"v": 1, "token": made_up("token", 16).hex(), "name": "may-tinh-1",
                   "program": program, "role": "agent", "unit": UNIT}, b""),
        ("ENROLLED", {"unit": UNIT, "name": NAME, "role": "agent", "key": 1, "port": 5670, "sign": SIGN,
                      "log": LOG, "now": MS}, b""),
        ("ENROLLED", {"refused": {"code": "code-used", **sentence}}, b""),
        ("SUBSCRIBE", {"v": 1, "program": program, "position": 0, "window": 65536}, b""),
        ("SUBSCRIBE", {"v": 1, "program": program, "log": LOG, **head, "window": 1048576}, b""),
        ("ENTRIES", {"log": LOG, "first": 1, "last": 7, "head": 7}, formats.pack_entries(feed)),
        ("COMMIT", {"log": LOG, **head}, b""),
        ("DECISION", {"uuid": uuid, "kind": "overlap", "person": "Nguyễn Văn A", "log": LOG,
                      "position": 7}, decision),
        ("DECIDED", {"uuid": uuid, "verdict": "stored", "position": 8}, b""),
        ("DECIDED", {"uuid": uuid, "verdict": "refused", "code": "decision-conflict", **sentence}, b"")]


def message(command, header, body):
    """Bodies of bytes that are no text stand in hexadecimal."""
    if command == "ENTRIES":
        return {"command": command, "header": header, "body_hex": body.hex()}
    return {"command": command, "header": header, "body": body.decode()}


def texts():
    """File name -> content."""
    made = {"receipt.json": receipt(), "entry.json": entry(), "code.json": code(),
            "messages.json": {"seed": SEED.hex(), "messages": [message(*m) for m in messages()]}}
    return {name: json.dumps(value, ensure_ascii=False, indent=1) + "\n" for name, value in made.items()}


if __name__ == "__main__" and sys.argv[1:] == ["--write"]:
    for file_name, content in texts().items():
        with open(os.path.join(DIR, file_name), "w", encoding="utf-8") as out:
            out.write(content)
