#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""A unit that is enrolled and means harm: does it cost more than its own connection?

What the collector holds for it is bounded: its share of the credit, and one message beyond. MEMORY is what
the resident set may grow in the worst of these cases.
"""
import json
import os
import uuid

import paths  # noqa: F401
import bad
import lib
import strace
from baocao_client import now
from raw_curve import RawCurve

MEMORY = 96 << 20
ENDLESS = 512 << 20  # bytes of a message: it is cut off long before
ALL = 128 << 20  # bytes that all connections together may have unread
MANY = 100 if strace.THOROUGH else 12  # batches of a thousand


class Victim(bad.Site):
    """A site whose collector's memory is watched."""

    def __init__(self, place):
        super().__init__(place)
        for _ in range(3):
            self.goes_through()
        self.before = self.resident()

    def resident(self):
        with open("/proc/%d/statm" % self.collector.process.pid, encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def bounded(self, what, most=MEMORY):
        grown = self.resident() - self.before
        print("# %s: %.1f MB more" % (what, grown / 1e6))
        assert grown < most, "%s: %d bytes more" % (what, grown)
        self.goes_through()


def a_hundred_thousand_refused(p):
    site = Victim(p)
    sender = site.outsider()
    sender.credit = sender.welcome["credit"]
    most = 1000 * MANY if strace.THOROUGH else 4000
    for n in range(0, most, 200):
        assert sender.credit["documents"] >= 200, sender.credit
        verdicts = sender.send([b'{"doc":"activity","n":%d}' % (n + i) for i in range(200)])
        assert {v["verdict"] for v in verdicts} == {"refused"}, verdicts[0]
        if n % 1000 == 0:
            site.goes_through()
    site.bounded("%d refused documents" % most)
    site.unharmed()


def bombs(p):
    """Depth, many keys, one key again and again, long numbers and escapes: each as large as may be."""
    site = Victim(p)
    sender = site.outsider()
    deep = b'{"a":' * 9000 + b"1" + b"}" * 9000
    keys = b"{" + b",".join(b'"%x":1' % i for i in range(6500)) + b"}"
    same = b"{" + b",".join([b'"a":1'] * 9000) + b"}"
    number = b'{"a":' + b"9" * 60000 + b"}"
    escapes = b'{"a":"' + b"\\u00e0" * 10000 + b'"}'
    arrays = b'{"a":[' + b",".join([b"[[[[[1]]]]]"] * 5000) + b"]}"
    for bomb in (deep, keys, same, number, escapes, arrays):
        assert len(bomb) <= 65536
        for _ in range(5):
            (verdict,) = sender.send([bomb])
            assert verdict["verdict"] == "refused", verdict
        site.goes_through()
    site.bounded("bombs")
    site.unharmed()


def batches_at_the_limits(p):
    site = Victim(p)
    sender = site.outsider()
    large = bad.one(
        bad.activity(measures={"sessions": 1, "attendances": 1, "highlights": ["x" * 4000] * 14})
    )
    batch = [large] * (900000 // (len(large) + 1))
    (verdict,) = sender.send([large])
    assert verdict["verdict"] == "stored", verdict
    assert {v["verdict"] for v in sender.send(batch)} == {"later"}
    site.stored += 1
    site.goes_through()
    for _ in range(MANY):
        sender.post(batch)
    lib.wait_until(lambda: site.collector.json("status")["live"]["put_out"], "it to be put out")
    site.bounded("bodies of 900,000 bytes")
    for _ in range(20):
        site.goes_through()
    site.unharmed()


def messages_without_an_end(p):
    """libzmq keeps the frames of a message until its last one is there, which never comes: from one who said
    HELLO, from one who did not, and from two dozen connections of one key at a time."""
    site = Victim(p)
    sender = site.outsider()
    header = {"v": 1, "program": "x", "outbox": sender.outbox, "next": 1, "clock": now()}
    greeting = [b"HELLO", json.dumps(header).encode(), b""]
    for greets, payload in ((0, b""), (1, b"x" * 1000), (0, b"x" * 1000000)):
        line = RawCurve("127.0.0.1", site.collector.port, sender.keys, sender.server)
        if greets:
            line.send(greeting)
        assert line.pour(payload, ENDLESS) < ENDLESS, "never cut off"
        line.close()
        site.bounded("a message of frames of %d bytes without end" % len(payload), 2 * ALL)
    lines = [RawCurve("127.0.0.1", site.collector.port, sender.keys, sender.server) for _ in range(24)]
    went = [line.pour(b"x" * 100000, 12 << 20) for line in lines]
    lib.wait_until(lambda: any(map(ended, lines)), "some to be cut off")
    site.bounded("%d MB on 24 connections at a time" % (sum(went) >> 20), 3 * ALL)
    for line in lines:
        line.close()
    site.unharmed()


def another_s_documents_and_what_is_not_for_agents(p):
    site = Victim(p)
    sender = site.outsider()
    (verdict,) = sender.send([bad.one(bad.activity("BD.02", entered_by="BD.01"))])
    assert (verdict["verdict"], verdict["code"]) == ("refused", "unit-not-granted"), verdict
    for command, header in (
        ("SUBSCRIBE", {"v": 1, "program": "x", "position": 0, "window": 65536}),
        ("COMMIT", {"log": "0" * 32, "position": 1, "chain": "0" * 64}),
        (
            "DECISION",
            {"uuid": str(uuid.uuid4()), "kind": "overlap", "person": "x", "log": "0" * 32, "position": 1},
        ),
    ):
        for _ in range(20):
            assert sender.refused(command, header, b"{}")["code"] == "consumer-only"
    site.bounded("commands for consumers")
    site.unharmed()


def a_thousand_greetings_and_outboxes(p):
    site = Victim(p)
    sender = site.outsider()
    for n in range(1000 if strace.THOROUGH else 200):
        sender.outbox = os.urandom(16).hex()
        sender.open()
        if n % 50 == 0:
            site.goes_through()
    site.bounded("greetings under new outboxes")
    site.unharmed()


def ended(line):
    """Whether the other side has hung up."""
    line.socket.setblocking(False)
    try:
        return line.socket.recv(65536) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


lib.Cases().run(
    a_hundred_thousand_refused,
    bombs,
    batches_at_the_limits,
    messages_without_an_end,
    another_s_documents_and_what_is_not_for_agents,
    a_thousand_greetings_and_outboxes,
)
