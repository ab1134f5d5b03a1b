# SPDX-License-Identifier: MPL-2.0
"""A client of baocao/1 on pyzmq, written from proto/PROTOCOL.md and proto/baocao.abnf alone.

Every header that arrives is held against the grammar, every receipt and entry is verified; what does not
hold raises Broken.
"""
import hashlib
import json
import os
import sys
import time

import zmq
from zmq.utils import z85

import ed25519
import formats

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.append(os.path.join(ROOT, "tests", "lint"))
import abnf

with open(os.path.join(ROOT, "proto", "baocao.abnf"), encoding="utf-8") as _file:
    GRAMMAR = abnf.Grammar(_file.read())
PROGRAM = "interop/1"
PATIENCE = 10.0  # s; a local collector that takes longer is broken
GRAMMAR_BODY = 20000  # longest body that is held against the grammar, which is slow


class Broken(Exception):
    """The other side did what PROTOCOL.md does not allow."""


class Silent(Exception):
    """No answer in time."""


class Refused(Exception):
    """NOTICE refused, or ENROLLED with a refusal."""

    def __init__(self, header):
        super().__init__(f"{header['code']}: {header['en']}")
        self.code, self.header = header["code"], header


def now():
    return int(time.time() * 1000)


def made_hex32():
    return os.urandom(16).hex()


class Keys:
    """A CURVE pair."""

    def __init__(self):
        self.public, self.secret = zmq.curve_keypair()
        self.public_hex = z85.decode(self.public).hex()


class Line:
    """One connection of a DEALER socket."""

    def __init__(self, endpoint, keys, server):
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.setsockopt(zmq.RECONNECT_IVL, 200)
        self.socket.curve_publickey, self.socket.curve_secretkey = keys.public, keys.secret
        self.socket.curve_serverkey = z85.encode(server)
        self.socket.connect(f"tcp://{endpoint}")

    def send(self, command, header, body=b""):
        text = header if isinstance(header, bytes) else json.dumps(header, ensure_ascii=False).encode()
        self.raw([command.encode(), text, body])

    def raw(self, frames):
        self.socket.send_multipart(frames)

    def take(self, patience=PATIENCE):
        """(command, header, body) of the next message."""
        if not self.socket.poll(max(0, int(patience * 1000))):
            raise Silent(f"no message within {patience} s")
        frames = self.socket.recv_multipart()
        if len(frames) != 3:
            raise Broken(f"{len(frames)} frames")
        command, text, body = frames[0].decode("ascii"), frames[1].decode(), frames[2]
        if len(frames[1]) > 65536 or len(body) > (1048000 if command == "ENTRIES" else 1000000):
            raise Broken(f"{command} is too large")
        if not GRAMMAR.takes(f"{command.lower()}-header", text):
            raise Broken(f"the grammar does not take the header of {command}: {text}")
        if command != "ENTRIES" and len(body) < GRAMMAR_BODY:
            if not GRAMMAR.takes(f"{command.lower()}-body", body.decode()):
                raise Broken(f"the grammar does not take the body of {command}: {body[:500]}")
        return command, json.loads(text), body

    def quiet(self, patience):
        """Whether nothing comes for that long."""
        return not self.socket.poll(int(patience * 1000))

    def close(self):
        self.socket.close()


class Member:
    """What agents and consumers have in common: a key, an enrolment, a line."""

    def __init__(self):
        self.keys, self.line, self.news = Keys(), None, []

    def join(self, code_text, name="may-tinh-thu", token=None, version=1):
        """Enrols by a code and gives the header of ENROLLED."""
        code = formats.code_read(code_text)
        self.server = code["server"]
        line = Line(code["endpoint"], self.keys, code["server"])
        try:
            line.send("ENROL", {"v": version, "token": token or code["token"].hex(), "name": name,
                                "program": PROGRAM})
            command, header, body = line.take()
        finally:
            line.close()
        if command != "ENROLLED" or body:
            raise Broken(f"{command} instead of ENROLLED")
        if "refused" in header:
            raise Refused(header["refused"])
        if set(header) != {"unit", "name", "role", "key", "port", "sign", "log", "now"}:
            raise Broken(f"ENROLLED has {sorted(header)}")
        self.enrolled = header
        self.endpoint = f"{code['endpoint'].rpartition(':')[0]}:{header['port']}"
        return header

    def connect(self):
        self.close()
        self.line = Line(self.endpoint, self.keys, self.server)

    def close(self):
        if self.line:
            self.line.close()
        self.line = None

    def expect(self, *commands, patience=PATIENCE):
        """The next message of these; news that come between are kept, a refusal is raised."""
        until = time.monotonic() + patience
        while True:
            command, header, body = self.line.take(until - time.monotonic())
            if command == "NOTICE" and header["kind"] == "refused":
                if body or not {"to", "code", "vi", "en"} <= set(header):
                    raise Broken("a refusal that lacks something")
                raise Refused(header)
            if command in commands:
                return command, header, body
            if command not in ("PLAN", "NOTICE"):
                raise Broken(f"{command} instead of {'/'.join(commands)}")
            self.news.append((command, header, body))

    def refused(self, command, header, body=b""):
        """Sends something and gives the header of the refusal that answers it."""
        self.line.send(command, header, body)
        try:
            _, answer, _ = self.expect("RECEIPT", "WELCOME", "PONG", "ENTRIES", "DECIDED")
        except Refused as refusal:
            return refusal.header
        raise Broken(f"{command} was taken: {answer}")


class Agent(Member):
    def __init__(self):
        super().__init__()
        self.outbox, self.next, self.batch, self.position = made_hex32(), 1, 0, 0
        self.kept = {}  # (id, rev) -> kept receipt
        self.early = {}  # batch -> its RECEIPT, for messages may be answered in another order
        self.welcome = None

    def hello(self, **changed):
        header = {"v": 1, "program": PROGRAM, "outbox": self.outbox, "next": self.next, "clock": now()}
        self.line.send("HELLO", {**header, **changed})
        _, self.welcome, body = self.expect("WELCOME")
        if body or self.welcome["sign"] != self.enrolled["sign"]:
            raise Broken("WELCOME has a body or another signing key")
        return self.welcome

    def open(self):
        self.early.clear()
        self.connect()
        return self.hello()

    def number(self, n):
        """Numbers for N new documents."""
        self.next += n
        return list(range(self.next - n, self.next))

    def post(self, lines, numbers=None):
        """Sends documents without waiting; the batch."""
        self.batch += 1
        numbers = numbers or self.number(len(lines))
        self.line.send("DOCUMENTS", {"batch": self.batch, "outbox": self.outbox, "numbers": numbers},
                       b"".join(line + b"\n" for line in lines))
        return self.batch, numbers

    def send(self, lines, numbers=None):
        """Sends documents, checks the receipt, keeps what was stored; the verdicts."""
        batch, numbers = self.post(lines, numbers)
        return self.receipt(batch, lines, numbers)

    def receipt(self, batch, lines, numbers):
        while batch not in self.early:
            _, header, body = self.expect("RECEIPT")
            if header["batch"] in self.early or header["batch"] > self.batch:
                raise Broken("a RECEIPT that nothing was sent for")
            self.early[header["batch"]] = header, body
        header, body = self.early.pop(batch)
        verdicts = [json.loads(line) for line in body.decode().splitlines()]
        if [v["number"] for v in verdicts] != numbers:
            raise Broken("RECEIPT for something else")
        self._check(header, [v["line"] for v in verdicts if v["verdict"] == "stored"])
        stored = [(v, data) for v, data in zip(verdicts, lines) if v["verdict"] == "stored"]
        leaves = [formats.leaf(v["line"]) for v, _ in stored]
        for i, (verdict, data) in enumerate(stored):
            self._keep(header, verdict["line"], formats.path(leaves, i), data)
        for verdict in verdicts:
            if verdict["verdict"] != "stored" and not (verdict["code"] and verdict["vi"] and verdict["en"]):
                raise Broken(f"a verdict without a reason: {verdict}")
        self.credit = header["credit"]
        return verdicts

    def _check(self, header, lines):
        root = formats.root([formats.leaf(line) for line in lines]).hex()
        text = formats.root_text(header["log"], header["root"], header["signed"]).encode()
        if header["sign"] != self.enrolled["sign"] or header["root"] != root:
            raise Broken("root or key of a receipt")
        if not ed25519.verify(bytes.fromhex(header["sign"]), text, bytes.fromhex(header["signature"])):
            raise Broken("signature of a receipt")

    def _keep(self, header, line, path, data):
        kept = {k: header[k] for k in ("root", "log", "signed", "signature", "sign")}
        kept.update(line=line, path=path)
        wrong = formats.check_kept(kept, data, self.enrolled["sign"])
        if wrong:
            raise Broken(f"receipt: {wrong}")
        document = json.loads(data)
        words = line.split(" ")
        if words[3] != document["id"] or words[7] != document["unit"]:
            raise Broken(f"receipt for something else: {line}")
        self.kept[document["id"], int(words[4])] = kept

    def ping(self):
        """Reads news until there are no more; PONG."""
        while True:
            self.line.send("PING", {"clock": now(), "news": self.position})
            _, pong, _ = self.expect("PONG")
            self.position, self.credit = pong["news"], pong["credit"]
            if pong["news"] >= pong["head"]:
                return pong

    def check_news(self):
        """Checks what came: hashes of plans, receipts of documents; kinds in their order."""
        kinds, last = [], 0
        for command, header, body in self.news:
            if header["position"] < last:
                raise Broken("news out of order")
            last = header["position"]
            if command == "PLAN":
                plan = json.loads(body)
                if (formats.sha256(body).hex() != header["sha256"] or plan["plan"] != header["plan"]
                        or plan["version"] != header["version"]):
                    raise Broken("a plan that is not what its header says")
            elif header["kind"] == "document":
                self._check(header, [header["line"]])
                self._keep(header, header["line"], [], body)
            kinds.append("plan" if command == "PLAN" else header["kind"])
        return kinds


class Consumer(Member):
    def __init__(self):
        super().__init__()
        self.position, self.chain, self.log, self.entries, self.head = 0, None, None, [], 0

    def subscribe(self, window=1 << 20):
        header = {"v": 1, "program": PROGRAM, "position": self.position, "window": window}
        if self.position:
            header.update(log=self.log, chain=self.chain.hex())
        self.line.send("SUBSCRIBE", header)
        self.read()

    def open(self, window=1 << 20):
        self.connect()
        self.subscribe(window)

    def read(self, patience=PATIENCE):
        """Takes one ENTRIES and verifies it; how many bytes it had."""
        _, header, body = self.expect("ENTRIES", patience=patience)
        if header["first"] != self.position + 1:
            raise Broken(f"ENTRIES from {header['first']} after {self.position}")
        for text, content, chain in formats.unpack_entries(body):
            self._take(text, content, chain)
        if header["last"] != self.position or header["head"] < self.position:
            raise Broken("ENTRIES whose header and entries differ")
        self.log, self.head = header["log"], header["head"]
        return len(body)

    def _take(self, text, content, chain):
        fields = json.loads(text)
        if not GRAMMAR.takes("entry-header", text.decode()) or fields["position"] != self.position + 1:
            raise Broken(f"entry {text}")
        before = self.chain or formats.chain_begin(fields["log"])
        if formats.chain_next(before, text) != chain:
            raise Broken(f"the chain breaks at {fields['position']}")
        if content is not None:
            if len(content) != fields["bytes"] or hashlib.sha256(content).hexdigest() != fields["sha256"]:
                raise Broken(f"the body of {fields['position']} is not what its header says")
        self.position, self.chain = fields["position"], chain
        self.entries.append((fields, content))

    def commit(self):
        self.line.send("COMMIT", {"log": self.log, "position": self.position, "chain": self.chain.hex()})

    def follow(self, until, patience=PATIENCE):
        """Reads and commits until position UNTIL."""
        deadline = time.monotonic() + patience
        while self.position < until:
            self.read(deadline - time.monotonic())
            self.commit()

    def decide(self, uuid, kind, body, position=None):
        self.line.send("DECISION", {"uuid": uuid, "kind": kind, "person": "Nguyễn Văn A", "log": self.log,
                                    "position": position or self.position}, formats.one_line(body))
        while True:
            command, header, content = self.expect("DECIDED", "ENTRIES")
            if command == "DECIDED":
                if header["uuid"] != uuid or content:
                    raise Broken("DECIDED for something else")
                return header
            self._again(header, content)

    def _again(self, header, body):
        """Entries that came while something else was awaited."""
        if header["first"] != self.position + 1:
            raise Broken("ENTRIES out of order")
        for text, content, chain in formats.unpack_entries(body):
            self._take(text, content, chain)
