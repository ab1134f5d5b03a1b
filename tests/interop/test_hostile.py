#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""What an enrolled key can send that it should not: each is answered, and nobody else waits."""
import json
import os
import random
import sys
import threading
import time

import zmq

sys.dont_write_bytecode = True
import formats
import host
import vectors
from baocao_client import Agent, Broken, Line, Refused, now
from cases import case, finish

SEED = int(os.environ.get("BAOCAO_SEED", "20241107"))
collector = host.Collector()
collector.start()
agent, witness = Agent(), Agent()
agent.join(collector.code("enrol", "VD.01"))
witness.join(collector.code("enrol", "VD.02"))
agent.open()
witness.open()
one = formats.one_line


def begin_anew():
    """With another key, of which no breach of the rules is remembered."""
    agent.close()
    agent.__init__()
    agent.join(collector.code("enrol", "VD.01", "--again"))
    agent.open()


def refused_raw(frames, code, to=""):
    """The frames are refused with CODE, and what comes next on the same line is answered."""
    agent.line.raw(frames)
    try:
        answer = agent.expect("RECEIPT", "WELCOME", "PONG", "ENTRIES", "DECIDED")
        raise Broken(f"{frames[:2]} was taken: {answer[:2]}")
    except Refused as refusal:
        assert refusal.code == code, f"{[f[:80] for f in frames]}: {refusal}"
        assert refusal.header["to"] == to, refusal.header
    agent.ping()


def refused_header(command, header, code, body=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    refused_raw([command.encode(), text, body], code, command)


def documents(**changed):
    header = {"batch": 1, "outbox": agent.outbox, "numbers": [900]}
    header.update(changed)
    return {k: v for k, v in header.items() if v is not None}


@case
def wrong_frame_counts():
    refused_raw([b"PING"], "frames-bad", "PING")
    refused_raw([b"PING", b"{}"], "frames-bad", "PING")
    refused_raw([b"PING", b"{}", b"", b""], "frames-bad", "PING")
    refused_raw([b""], "frames-bad")
    refused_raw([b"x"] * 2000, "frames-bad")


@case
def unknown_commands():
    for command in (b"", b"ping", b"PING\x00", b"PINGPONG", b"\xff\xfe", b"P" * 70000):
        refused_raw([command, b"{}", b""], "command-unknown")


@case
def commands_that_only_a_collector_sends():
    for command in ("WELCOME", "RECEIPT", "PONG", "PLAN", "NOTICE", "ENROLLED", "ENTRIES", "DECIDED",
                    "ENROL"):
        refused_header(command, {}, "command-misplaced")


@case
def headers_that_are_no_object():
    for text in (b"", b"{", b"[]", b"7", b"null", b'{"clock":1,"clock":1}', b"{}\x00", b'{"a":"\xff"}',
                 b'{"a":"\\u0000"}', b'{"a":' + b"[" * 30 + b"]" * 30 + b"}", b"{} {}"):
        refused_header("PING", text, "header-bad")
    refused_header("PING", b"{" + b" " * 65536 + b"}", "header-large")


@case
def fields_that_are_missing_or_wrong():
    for value in (None, "x", -1, 1.5, [], {}, True, 10**15, 10**30):
        ping = {"clock": now(), "news": value}
        refused_header("PING", ping if value is not None else {"clock": now()}, "header-bad")
        for field in ("batch", "outbox", "numbers"):
            body = one(host.activity()) + b"\n"
            code = "header-bad" if field != "numbers" else ("header-bad", "batch-bad")
            header = json.dumps(documents(**{field: value})).encode()
            agent.line.raw([b"DOCUMENTS", header, body])
            try:
                answer = agent.expect("RECEIPT")
                raise Broken(f"{header} was taken: {answer[1]}")
            except Refused as refusal:
                assert refusal.code in code, f"{header}: {refusal}"
    hello = {"v": 1, "program": "x", "outbox": agent.outbox, "next": 1, "clock": now()}
    refused_header("HELLO", {**hello, "v": 2}, "version-unsupported")
    for field, value in (("outbox", "x"), ("outbox", agent.outbox.upper()), ("next", 0), ("next", "1"),
                         ("next", 10**15), ("log", "x")):
        refused_header("HELLO", {**hello, field: value}, "header-bad")


@case
def batches_that_do_not_hold_together():
    line = one(host.activity())
    refused_header("DOCUMENTS", documents(numbers=[]), "batch-bad")
    refused_header("DOCUMENTS", documents(numbers=[1, 2]), "batch-bad", line + b"\n")
    refused_header("DOCUMENTS", documents(numbers=[1]), "batch-bad", line)
    refused_header("DOCUMENTS", documents(numbers=[1]), "batch-bad", line + b"\n" + line + b"\n")
    refused_header("DOCUMENTS", documents(numbers=list(range(1, 1002))), "batch-bad", b"{}\n" * 1001)
    refused_header("DOCUMENTS", documents(), "body-large", b"x" * 1000001)


@case
def largest_messages_are_taken():
    agent.hello()
    verdicts = agent.send([b"{}"] * 1000)
    assert {v["verdict"] for v in verdicts} <= {"refused", "later"}, verdicts[0]
    document = host.activity(measures={"sessions": 1})
    document["title"] = "x" * 300
    document["evidence"] = [{"url": "https://vi.du/" + "x" * 400} for _ in range(32)]
    assert agent.send([one(document)])[0]["verdict"] == "stored"
    agent.ping()


@case
def frame_over_the_transport_s_limit_ends_that_connection_only():
    agent.line.raw([b"DOCUMENTS", json.dumps(documents()).encode(), b"x" * 1048577])
    witness.ping()
    agent.open()
    agent.ping()


@case
def more_than_the_credit_is_answered_later_or_stored_and_never_lost():
    begin_anew()
    lines = [[one(host.activity(title="x" * 300)) for _ in range(200)] for _ in range(4)]
    posted = [agent.post(batch) for batch in lines]
    waiting = []
    for batch, (number, numbers) in zip(lines, posted):
        for line, verdict in zip(batch, agent.receipt(number, batch, numbers)):
            assert verdict["verdict"] in ("stored", "later"), verdict
            if verdict["verdict"] == "later":
                assert 0 < verdict["wait_ms"] <= 900000
                waiting.append((line, verdict["number"]))
    for i in range(0, len(waiting), 20):
        part = waiting[i:i + 20]
        assert {v["verdict"] for v in agent.send([x for x, _ in part], [n for _, n in part])} == {"stored"}
    assert len(agent.kept) >= 800


@case
def random_bytes_get_an_answer_each(rounds=150):
    print(f"seed {SEED}")
    begin_anew()
    dice = random.Random(SEED)
    pieces = [b"{", b"}", b'"', b"[", b"]", b":", b",", b"\xff", b"\x00", b"1", b"numbers", b"batch", b"\\u"]
    line = one(host.activity())
    for i in range(rounds):
        at = dice.randrange(len(line))
        mangled = line[:at] + dice.choice(pieces) + line[at + dice.randrange(4):]
        verdict = agent.send([mangled.replace(b"\n", b" "), line])
        assert verdict[1]["verdict"] == "stored", (i, verdict)
        header = json.dumps(documents()).encode()
        at = dice.randrange(len(header))
        header = header[:at] + dice.choice(pieces) + header[at + dice.randrange(4):]
        command, body = dice.choice([b"DOCUMENTS", b"PING", b"HELLO"]), dice.choice([b"", b"x\n", b"{}\n"])
        agent.line.raw([command, header, body])
        try:
            agent.expect("RECEIPT", "PONG", "WELCOME")
        except Refused:
            pass
    agent.open()


@case
def flood_of_rubbish_delays_nobody_else():
    done = threading.Event()

    def flood():
        line = Line(agent.endpoint, agent.keys, agent.server)
        while not done.is_set():
            for _ in range(50):
                try:
                    line.socket.send_multipart([b"x"] * 5, zmq.NOBLOCK)
                except zmq.Again:  # it is put out, and what it sends piles up on its side
                    line.socket.poll(100, zmq.POLLOUT)
            while not line.quiet(0):
                line.socket.recv_multipart()
        line.close()
    thread = threading.Thread(target=flood)
    thread.start()
    try:
        sent, deadline = 0, time.monotonic() + host.PATIENCE
        while sent < 30 or not json.loads(collector.run("status", "--json"))["live"]["put_out"]:
            assert witness.send([one(host.activity("VD.02"))])[0]["verdict"] == "stored"
            sent += 1
            assert time.monotonic() < deadline, "it was never put out"
    finally:
        done.set()
        thread.join()


@case
def who_floods_is_put_out_and_the_unit_s_next_computer_is_let_in():
    status = json.loads(collector.run("status", "--json"))
    (out,) = status["live"]["put_out"]
    assert out["unit"] == "VD.01" and 0 < out["ms"] <= 3600000, out
    assert "put-out" in [p["code"] for p in status["problems"]], status["problems"]
    agent.connect()
    agent.line.send("HELLO", {"v": 1, "program": "x", "outbox": agent.outbox, "next": 1, "clock": now()})
    assert agent.line.quiet(2)
    successor = Agent()
    successor.join(collector.code("handover", "VD.01"))
    successor.open()
    assert successor.send([one(host.activity())])[0]["verdict"] == "stored"


@case
def collector_is_unharmed():
    witness.hello()
    witness.ping()
    assert any(kind == "plan" for kind in witness.check_news()), witness.news
    collector.stop()
    collector.run("verify")
    with open(collector.log, encoding="utf-8") as log:
        assert vectors.NAME not in log.read(), "a payload in the log"


collector.close()
finish()
