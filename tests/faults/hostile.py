#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""A unit that is enrolled and means harm: does it cost more than its own connection?

What the collector holds for it is bounded: its share of the credit, and one message beyond. MEMORY is what
the resident set may grow in the worst of these cases.
"""
import os
import uuid

import paths  # noqa: F401
import bad
import lib
import strace

MEMORY = 96 << 20
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

    def bounded(self, what):
        grown = self.resident() - self.before
        print("# %s: %.1f MB more" % (what, grown / 1e6))
        assert grown < MEMORY, "%s: %d bytes more" % (what, grown)
        self.goes_through()


def a_hundred_thousand_refused(p):
    site = Victim(p)
    sender = site.outsider()
    for n in range(MANY):
        wrong = [b'{"doc":"activity","n":%d}' % (1000 * n + i) for i in range(1000)]
        verdicts = sender.send(wrong)
        assert {v["verdict"] for v in verdicts} <= {"refused", "later"}, verdicts[0]
        if n % 4 == 0:
            site.goes_through()
    site.bounded("%d refused documents" % (1000 * MANY))
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
    for _ in range(MANY):
        sender.send([large] * (len(large) and 900000 // (len(large) + 1)))
    site.stored += 1
    site.bounded("bodies of 900,000 bytes")
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


lib.Cases().run(
    a_hundred_thousand_refused,
    bombs,
    batches_at_the_limits,
    another_s_documents_and_what_is_not_for_agents,
    a_thousand_greetings_and_outboxes,
)
