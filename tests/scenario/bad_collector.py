#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Somebody with the collector's key sends nonsense: do agent and aggregator outlive it, and lose nothing?"""
import os
import socket
import threading

import bad
import lib
import office
from baocao_client import now

import zmq
from zmq.utils import z85

# Most of it is no answer at all: a short patience makes the round short.
HASTY = {"BAOCAO_FOLLOW_PATIENCE": "300ms", "BAOCAO_COURIER_PATIENCE": "300ms"}
QUICK = {"BAOCAO_FOLLOW_PATIENCE": "3s", "BAOCAO_FOLLOW_BACKOFF": "100ms", **office.QUICK}


class Impostor:
    """Answers whatever comes on the collector's port with the next of MESSAGES, round and round."""

    def __init__(self, collector, messages):
        with open(os.path.join(collector.dir, "server.key"), encoding="ascii") as file:
            key = dict(line.split() for line in file.read().splitlines()[1:])
        self.messages, self.answered, self.stopping = messages, 0, False
        self.collector = collector
        self.socket = zmq.Context.instance().socket(zmq.ROUTER)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.curve_server = True
        self.socket.curve_publickey = z85.encode(bytes.fromhex(key["public"]))
        self.socket.curve_secretkey = z85.encode(bytes.fromhex(key["secret"]))
        self.socket.bind("tcp://127.0.0.1:%d" % collector.port)
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        while not self.stopping:
            if self.socket.poll(50):
                sender = self.socket.recv_multipart()[0]
                self.socket.send_multipart([sender, *self.messages[self.answered % len(self.messages)]])
                self.answered += 1
        self.socket.close()

    def stop(self):
        self.stopping = True
        self.thread.join()
        lib.wait_until(self.is_gone, "the port to be free")

    def is_gone(self):
        with socket.socket() as s:
            return s.connect_ex(("127.0.0.1", self.collector.port)) != 0


def nonsense(log):
    """Messages no collector sends; LOG is the id of the real log."""
    zero = "0" * 64
    welcome = {
        "v": 1,
        "program": "x",
        "log": log,
        "position": 1,
        "chain": zero,
        "ancestors": [],
        "now": now(),
        "unit": "BD.01",
        "name": "x",
        "grants": [],
        "outbox": {"contiguous": 0, "highest": 0},
        "credit": {"documents": 1000, "bytes": 1 << 20, "wait_ms": 0},
        "sign": zero,
        "limits": {"document": 65536, "body": 1000000},
    }
    receipt = {
        "batch": 1,
        "log": log,
        "root": zero,
        "signed": now(),
        "signature": zero + zero,
        "sign": zero,
        "credit": welcome["credit"],
    }
    entries = {"log": log, "first": 1, "last": 5, "head": 5}
    notice = {
        "kind": "document",
        "position": 9,
        "log": log,
        "number": 0,
        "line": "x",
        "root": zero,
        "signed": now(),
        "signature": zero + zero,
        "sign": zero,
    }
    spoilt = [{**welcome, "v": 2}, {**welcome, "credit": None}, {**welcome, "log": 7}, {"v": 1}, welcome]
    made = [
        [b"HALLO", b"{}", b""],
        [b""],
        [b"WELCOME"],
        [b"x"] * 3000,
        [b"WELCOME", b"{", b""],
        [b"WELCOME", b"[" * 5000, b""],
        [b"WELCOME", b'{"v":1,"v":1}', b""],
        [b"WELCOME", b"{}" * 40000, b""],
        [b"PONG", b"{}", b""],
        [b"PONG", b'{"now":"\xff"}', b"\x00" * 1000],
        [b"DOCUMENTS", b"{}", b""],
    ]
    made += [[b"WELCOME", bad.to_json(header), b""] for header in spoilt]
    made += [
        [b"RECEIPT", bad.to_json(receipt), body] for body in (b"", b"{", b'{"number":1,"verdict":"stored"}\n')
    ]
    made += [[b"ENTRIES", bad.to_json(entries), body] for body in (b"", b"\x00", b"\xff" * 100)]
    made += [
        [b"ENTRIES", bad.to_json({**entries, "first": 99, "last": 5}), b""],
        [b"NOTICE", bad.to_json(notice), bad.one(bad.activity())],
        [b"NOTICE", b'{"kind":"refused"}', b""],
        [b"NOTICE", b'{"kind":"?","position":1}', b"x" * 900000],
        [b"PLAN", bad.to_json({"position": 9, "log": log, "plan": "x", "version": 1, "sha256": zero}), b"{}"],
        [b"PLAN", b"{}", b"\xff"],
        [b"ENROLLED", b"{}", b""],
        [b"DECIDED", b'{"uuid":"x"}', b""],
    ]
    return made


def under_nonsense(site, program):
    """Runs the daemon of PROGRAM until the impostor has sent all it has; its status while it still lives."""
    site.witness.close()
    assert site.collector.stop() == 0
    messages = nonsense(site.log)
    impostor = Impostor(site.collector, messages)
    process = program.start("run", env=HASTY)
    try:
        lib.wait_until(
            lambda: impostor.answered >= len(messages) or process.poll() is not None,
            "all of it to be answered",
            100,
        )
        assert process.poll() is None, "it ended with %s: %s" % (process.returncode, program.tail(40))
        return program.json("status")
    finally:
        impostor.stop()
        site.collector.up()
        site.started = site.collector.process
        site.witness.open()


class Site(bad.Site):
    def __init__(self, place):
        super().__init__(place)
        self.log = self.collector.json("status")["log"]


def agent_keeps_what_it_has_and_sends_it_to_the_real_one(p):
    site = Site(p)
    agent = site.federation.office(BAOCAO_COURIER_BACKOFF="100ms")
    agent.run("import", office.table(p, "a.csv", office.activities(3)))
    agent.run("send")
    kept = agent.json("receipt", "2")
    agent.run("import", office.table(p, "b.csv", office.activities(3, 10)))
    status = under_nonsense(site, agent)
    assert (
        status["stored"] + status["waiting"] == 6
    ), status  # that log seemed to have forgotten the first three
    bad.reads_well(status["error"]["code"], status["error"]["vi"], status["error"]["en"])
    lib.wait_until(lambda: agent.json("status")["stored"] == 6, "the rest to be sent")
    assert agent.json("receipt", "2")["line"] == agent.json("receipt", "2", "--first")["line"] == kept["line"]
    assert "Checked" in agent.run("receipt", "2", "--verify").stdout
    assert agent.stop() == 0
    site.stored += 6
    site.goes_through()
    site.unharmed()


def aggregator_takes_nothing_of_it(p):
    site = Site(p)
    site.goes_through()
    figures = p.aggregator("figures", env=QUICK)
    figures.run("join", site.collector.json("consumer", "add", "figures")["code"])
    figures.run("sync")
    position = figures.json("status")["position"]
    status = under_nonsense(site, figures)
    assert status["position"] == position, status
    bad.reads_well(status["trouble"]["code"], status["trouble"]["vi"], status["trouble"]["en"])
    site.goes_through()
    lib.wait_until(lambda: figures.json("status")["position"] == position + 1, "the real entry")
    assert figures.stop() == 0
    figures.run("verify")
    site.unharmed()


def aggregator_stops_at_an_entry_that_is_none(p):
    site = Site(p)
    site.goes_through()
    figures = p.aggregator("figures", env=QUICK)
    figures.run("join", site.collector.json("consumer", "add", "figures")["code"])
    figures.run("sync")
    position = figures.json("status")["position"]
    site.witness.close()
    assert site.collector.stop() == 0
    header = {"log": site.log, "first": position + 1, "last": position + 1, "head": position + 1}
    entry = b"\x00\x00\x00\x02{}\x00\x00\x00\x00" + bytes(32)
    impostor = Impostor(site.collector, [[b"ENTRIES", bad.to_json(header), entry]])
    try:
        bad.said(figures, "sync", code="entry-bad", status=70)
    finally:
        impostor.stop()
    site.started = site.collector.up().process
    site.witness.open()
    site.goes_through()
    figures.run("sync")
    assert figures.json("status")["position"] == position + 1
    figures.run("verify")
    site.unharmed()


lib.Cases().run(
    agent_keeps_what_it_has_and_sends_it_to_the_real_one,
    aggregator_takes_nothing_of_it,
    aggregator_stops_at_an_entry_that_is_none,
)
