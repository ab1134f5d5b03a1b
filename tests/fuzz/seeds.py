# SPDX-License-Identifier: MPL-2.0
"""What the fuzzers begin with: golden vectors, data files and the demo's input, by the fuzzer's name."""
import glob
import hashlib
import json
import os

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FOLDER = os.path.join(ROOT, "build", "fuzz", "seeds")
CONFIGS = [
    'listen\n    documents = "tcp://*:5670"\ncode\n    days = 30\n',
    'credit\n    cap = 64M\n# x\ncourier\n    patience = "30s"\n',
    "store\n    on = yes\n",
]
PERIODS = [
    "2024-11",
    "11/2024",
    "2024-Q4",
    "2024-H1",
    "2024-9M",
    "2024",
    "2024-11-07",
    "2199-12",
    "31/02/2025",
]


def read(*path):
    with open(os.path.join(ROOT, *path), "rb") as file:
        return file.read()


def vector(name):
    return json.loads(read("proto", "vectors", name))


def texts(value):
    """Every text inside a JSON value."""
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts(inner)


def objects(value):
    """Every object inside a JSON value, and every text that is one."""
    if isinstance(value, dict):
        yield value
    if isinstance(value, str) and value.startswith("{"):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects(inner)


def line(value):
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def documents():
    made = [o for name in ("documents.json", "judge.json") for o in map(line, objects(vector(name)))]
    return [o for o in made if '"doc":' in o]


def messages():
    """Commands with their headers and bodies, cut as wire.c cuts them."""
    out = []
    for message in objects(vector("messages.json")):
        if isinstance(message, dict) and "command" in message:
            body = message.get("body", "")
            parts = [
                message["command"],
                line(message.get("header", {})),
                body if isinstance(body, str) else line(body),
            ]
            out.append(b"\xff".join(p.encode() for p in parts))
    header = {"batch": 1, "outbox": "0" * 32, "numbers": [1]}
    out.append(b"\xff".join([b"DOCUMENTS", line(header).encode(), documents()[0].encode() + b"\n"]))
    return out


def tables():
    """An officer's table as several programs save it, and one with every kind of fault."""
    text = read("agent", "hoat-dong.csv").decode("utf-8-sig")
    wrong = "Ngày;Hình thức;sessions;attendances;Mã dòng\n31/02/2025;F99;1.234;-1;A\n;;;;\n"
    wrong += "1/11/2024;F1;1;1,5;A\n"
    return [
        text.encode("utf-8-sig"),
        text.encode("utf-16"),
        text.replace(";", "\t").encode("utf-16-be"),
        text.replace(";", ",").encode(),
        text.encode("cp1258", "replace"),
        wrong.encode(),
        b"sep=;\n" + text.encode(),
    ]


def logs():
    """Entries as fold.c reads them, a letter for the kind and the body: the whole log of each vector."""
    letters = {"unit": "u", "plan": "p", "document": "d", "decision": "x", "notice": "n"}
    out = []
    for one in vector("summary.json"):
        rows = [(json.loads(e["header"])["kind"], e.get("body")) for e in one.get("entries", ())]
        rows = [letters[kind] + body for kind, body in rows if kind in letters and body]
        out.append("\n".join(rows).encode())
    return [log for log in out if log]


def seeds():
    """{fuzzer: [bytes]}."""
    demo = sorted(glob.glob(os.path.join(ROOT, "tests", "demo", "input", "*.csv")))
    entries = vector("summary.json")[0]["entries"]
    receipts = [o for o in map(line, objects(vector("receipt.json"))) if '"path":' in o]
    return {
        "code": [t.encode() for t in texts(vector("code.json")) if len(t) > 60],
        "config": [c.encode() for c in CONFIGS]
        + [read(p, "baocao-%s.cfg" % p) for p in ("agent", "collector", "aggregator")],
        "document": [d.encode() for d in documents()],
        "entry": [e["header"].encode() for e in entries]
        + [t.encode() for t in texts(vector("entry.json")) if t.startswith('{"v":')],
        "fold": logs(),
        "import": tables(),
        "period": [p.encode() for p in PERIODS],
        "plan": [read("proto", "data", "plan-160.json"), read("tests", "demo", "input", "plan-999.json")],
        "receipt": [r.encode() for r in receipts]
        + [t.encode() for t in texts(vector("receipt.json")) if t.startswith("baocao-receipt/1")],
        "request": [
            b'{"argv":["--lang=vi","--dir=/d","unit","list"],"cwd":"/","person":"x"}',
            b'{"argv":["--dir=/d","unit","import","--","x.csv"],"cwd":"/","person":"x","input":"eA=="}',
        ],
        "unit": [e["body"].encode() for e in entries if '"kind":"unit"' in e["header"]],
        "unit_csv": [read(p) for p in demo if "units" in p],
        "wire": messages(),
    }


def write(folder=FOLDER):
    """Writes them under FOLDER, a folder for each fuzzer; the names."""
    made = seeds()
    for name, inputs in made.items():
        assert inputs, "no seeds for %s" % name
        os.makedirs(os.path.join(folder, name), exist_ok=True)
        for data in inputs:
            with open(os.path.join(folder, name, hashlib.sha256(data).hexdigest()[:16]), "wb") as file:
                file.write(data)
    return sorted(made)
