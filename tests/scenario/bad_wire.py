#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""What reaches the ports and is no message of ours: is it answered where it can be, and who waits?"""
import json
import os
import socket

import bad
import lib
from baocao_client import Agent, Broken, Consumer, Keys, Line, Refused, now

import zmq

PING = b'{"clock":1,"news":0}'


class Wire(bad.Site):
    """With somebody who has a key and sends what he should not."""

    def __init__(self, place):
        super().__init__(place)
        self.sender = self.outsider()

    def notice(self, frames, code, to=None, sender=None):
        """The frames are answered by a refusal that reads well; another unit's report is stored."""
        sender = sender or self.sender
        sender.line.raw(frames)
        try:
            answer = sender.expect("RECEIPT", "WELCOME", "PONG", "ENTRIES", "DECIDED", "ENROLLED")
            raise Broken("%s was taken: %s" % (frames[:2], answer[:2]))
        except Refused as refusal:
            said = refusal.header
        assert said["code"] == code and (to is None or said["to"] == to), ([f[:60] for f in frames], said)
        bad.reads_well(said["code"], said["vi"], said["en"])
        self.goes_through()
        return said

    def ends_well(self):
        self.sender.open()
        self.sender.ping()
        self.unharmed()


def documents(sender, **changed):
    header = {"batch": 1, "outbox": sender.outbox, "numbers": [900], **changed}
    return bad.to_json({k: v for k, v in header.items() if v is not None})


def frames_and_commands(p):
    site = Wire(p)
    for frames in ([b"PING"], [b"PING", PING], [b"PING", PING, b"", b""], [b"PING", PING, b""] * 700, [b""]):
        site.notice(frames, "frames-bad")
    for command in (b"", b"ping", b"PING ", b"HALLO", b"\xff\x00", b"P" * 100000):
        site.notice([command, b"{}", b""], "command-unknown", "")
    for command in (b"WELCOME", b"RECEIPT", b"PONG", b"ENROL"):
        site.notice([command, b"{}", b""], "command-misplaced", command.decode())
    for command in (b"SUBSCRIBE", b"COMMIT", b"DECISION"):
        site.notice([command, b"{}", b""], "consumer-only", command.decode())
    site.ends_well()


def headers(p):
    site = Wire(p)
    for text in (
        b"",
        b"{",
        b"[]",
        b'{"news":0,"clock":1,"clock":1}',
        b'{"clock":1,"news":1.234}',
        PING + b"\x00",
        b'{"clock":1,"news":"\xff"}',
        b'{"clock":1,"news":"\\u0000"}',
        b'{"clock":1,"news":-1}',
        b'{"clock":1,"news":' + b"[" * 9999 + b"]" * 9999 + b"}",
        b'{"clock":1}',
    ):
        site.notice([b"PING", text, b""], "header-bad", "PING")
    site.notice([b"PING", PING + b" " * 65536, b""], "header-large", "PING")
    line = bad.one(bad.activity()) + b"\n"
    for field in ("batch", "outbox", "numbers"):
        site.notice([b"DOCUMENTS", documents(site.sender, **{field: None}), line], "header-bad", "DOCUMENTS")
    for header, body in (
        ({"numbers": [1, 2]}, line),
        ({}, line[:-1]),
        ({}, line + line),
        ({"numbers": []}, b""),
        ({"numbers": list(range(1, 1002))}, b"{}\n" * 1001),
    ):
        site.notice([b"DOCUMENTS", documents(site.sender, **header), body], "batch-bad", "DOCUMENTS")
    site.ends_well()


def sizes(p):
    site = Wire(p)
    site.notice([b"DOCUMENTS", documents(site.sender), b"x" * 1000001], "body-large", "DOCUMENTS")
    for size in (1048577, 8 << 20):
        site.sender.line.raw([b"DOCUMENTS", documents(site.sender), b"x" * size])
        site.goes_through()
        site.sender.open()  # the transport has ended the connection, no other
        site.sender.ping()
    largest = bad.activity(evidence=[{"url": "https://vi.du/" + "x" * 480} for _ in range(32)])
    largest["measures"]["highlights"] = ["x" * 4000 for _ in range(11)]
    assert 60000 < len(bad.one(largest)) <= 65536
    (verdict,) = site.sender.send([bad.one(largest)])
    assert verdict["verdict"] == "stored", verdict
    site.stored += 1
    site.ends_well()


def versions(p):
    site = Wire(p)
    hello = {"v": 2, "program": "x", "outbox": site.sender.outbox, "next": 1, "clock": now()}
    said = site.notice([b"HELLO", bad.to_json(hello), b""], "version-unsupported", "HELLO")
    assert "1" in said["vi"] and "1" in said["en"], said
    reader = Consumer()
    reader.join(site.collector.json("consumer", "add", "doc")["code"])
    reader.connect()
    subscribe = {"v": 2, "program": "x", "position": 0, "window": 65536}
    said = site.notice(
        [b"SUBSCRIBE", bad.to_json(subscribe), b""], "version-unsupported", "SUBSCRIBE", reader
    )
    assert "1" in said["vi"] and "1" in said["en"], said
    site.notice([b"HELLO", bad.to_json({**hello, "v": 1}), b""], "agent-only", "HELLO", reader)
    site.notice(
        [b"COMMIT", b'{"log":"%s","position":1,"chain":"%s"}' % (b"0" * 32, b"0" * 64), b""],
        "hello-first",
        "COMMIT",
        reader,
    )
    code = site.collector.json("enrol", "BD.03")[0]["code"]
    try:
        Agent().join(code, version=2)
        raise Broken("ENROL of version 2 was taken")
    except Refused as refusal:
        bad.reads_well(refusal.code, refusal.header["vi"], refusal.header["en"])
        assert refusal.code == "version-unsupported" and "1" in refusal.header["vi"], refusal
    Agent().join(code)  # which that did not use up
    site.ends_well()


def enrolment_port(p):
    site = Wire(p)
    stranger = Agent()
    read = bad.formats.code_read(site.collector.json("enrol", "BD.03")[0]["code"])
    stranger.line = Line(read["endpoint"], stranger.keys, read["server"])
    for frames, code in (
        ([b"ENROL"], "frames-bad"),
        ([b"x", b"{}", b""], "command-unknown"),
        ([b"DOCUMENTS", b"{}", b""], "command-misplaced"),
        ([b"HELLO", b"{}", b""], "command-misplaced"),
        ([b"ENROL", b"[]", b""], "header-bad"),
        ([b"ENROL", b"{}" + b" " * 65536, b""], "header-large"),
    ):
        site.notice(frames, code, sender=stranger)
    for header in (
        {},
        {"v": 1},
        {"v": 1, "token": "x"},
        {"v": 1, "token": ["x"]},
        {"v": 1, "token": "0" * 32},
    ):
        stranger.line.send("ENROL", header)
        _, answer, _ = stranger.line.take()
        said = answer["refused"]
        bad.reads_well(said["code"], said["vi"], said["en"])
        site.goes_through()
    stranger.close()
    site.ends_well()


GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x01"
STRANGERS = [
    b"",
    b"GET / HTTP/1.1\r\nHost: vi.du\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    bytes(4096),
    b"\xff" * 4096,
    b"\xff" + bytes(8) + b"\x7f\x01",
    GREETING,
    GREETING + b"NULL".ljust(20, b"\0") + bytes(32),
    GREETING + b"PLAIN".ljust(20, b"\0") + bytes(32),
    GREETING + b"CURVE".ljust(20, b"\0") + bytes(32) + b"\x04\xff" + b"\xff" * 200,
    GREETING + b"CURVE".ljust(20, b"\0") + bytes(32) + b"\x06\xff\xff\xff\xff\xff\xff\xff\xff",
]


def files_of(collector):
    return len(os.listdir("/proc/%d/fd" % collector.process.pid))


def strangers_at_the_ports(p):
    """Whoever does not speak the transport gets nothing and holds nobody up, however many there are."""
    site = Wire(p)
    before, held = files_of(site.collector), []
    for i in range(20 * len(STRANGERS)):
        port = (site.collector.port, site.collector.enrol_port)[i % 2]
        held.append(socket.create_connection(("127.0.0.1", port)))
        try:
            held[-1].sendall(STRANGERS[i % len(STRANGERS)])
            held[-1].sendall(os.urandom(3000) if i % 3 == 0 else b"")
        except OSError:
            pass  # it hung up already, as it may
        if i % 10 == 0:
            site.goes_through()
    site.outsider("BD.03").close()  # enrolment goes on as well
    for connection in held:
        connection.close()
    lib.wait_until(lambda: files_of(site.collector) <= before + 6, "the connections to be forgotten")
    site.ends_well()


def more_strangers_than_the_collector_may_open_files(p):
    site = Wire(p)
    site.collector.stop()
    limit = 'ulimit -n 64; exec "$@"'
    site.collector.command = lambda *words, plain=site.collector.command: [
        "bash",
        "-c",
        limit,
        "sh",
        *plain(*words),
    ]
    site.started = site.collector.up().process
    del site.collector.command
    site.witness.open()
    site.goes_through()
    held = [socket.create_connection(("127.0.0.1", site.collector.port)) for _ in range(120)]
    lib.wait_until(lambda: files_of(site.collector) >= 60, "the files to be used up")
    for _ in range(20):
        site.goes_through()
    for connection in held:
        connection.close()
    lib.wait_until(lambda: files_of(site.collector) < 50, "the connections to be forgotten")
    site.ends_well()


def wrong_keys_and_kinds_of_sockets(p):
    """Without the right server key, a known key and CURVE nothing is heard, and what it sends is not read."""
    site = Wire(p)
    endpoint, server = site.sender.endpoint, site.sender.server
    wrong_server = Line(endpoint, site.sender.keys, bytes.fromhex(Keys().public_hex))
    unknown = Line(endpoint, Keys(), server)
    plain = []
    for kind, user in ((zmq.DEALER, None), (zmq.DEALER, b"BD.01"), (zmq.REQ, None), (zmq.PUSH, None)):
        s = zmq.Context.instance().socket(kind)
        s.setsockopt(zmq.LINGER, 0)
        if user:
            s.setsockopt(zmq.PLAIN_USERNAME, user)
            s.setsockopt(zmq.PLAIN_PASSWORD, b"x")
        s.connect("tcp://" + endpoint)
        plain.append(s)
        s.send_multipart([b"PING", PING, b""], zmq.DONTWAIT) if kind != zmq.PUSH else None
    hello = bad.to_json({"v": 1, "program": "x", "outbox": "0" * 32, "next": 1, "clock": now()})
    for line in (wrong_server, unknown):
        line.raw([b"HELLO", hello, b""])
    for _ in range(20):
        site.goes_through()
    assert wrong_server.quiet(0.2) and unknown.quiet(0.2) and not any(s.poll(0) for s in plain)
    for s in (*plain, wrong_server, unknown):
        s.close()
    site.ends_well()


def routing_id_of_ones_own(p):
    site = Wire(p)
    impostor = Agent()
    impostor.keys, impostor.enrolled = site.sender.keys, site.sender.enrolled
    s = zmq.Context.instance().socket(zmq.DEALER)
    s.setsockopt(zmq.LINGER, 0)
    s.setsockopt(zmq.ROUTING_ID, b"BD.02")
    s.curve_publickey, s.curve_secretkey = site.sender.keys.public, site.sender.keys.secret
    s.curve_serverkey = zmq.utils.z85.encode(site.sender.server)
    s.connect("tcp://" + site.sender.endpoint)
    impostor.line = Line.__new__(Line)
    impostor.line.socket = s
    site.notice([b"PING", PING, b""], "routing-id", sender=impostor)
    impostor.close()
    site.ends_well()


def the_log_holds_no_payload(p):
    site = Wire(p)
    secret = "Nguyễn Văn A rất bí mật"
    site.refuses(site.sender, bad.one(bad.activity(title=secret, form="F99")), "form-unknown")
    site.refuses(site.sender, bad.one(bad.activity(**{secret: 1})), "field-unknown")
    site.notice([secret.encode(), b"{}", b""], "command-unknown")
    site.notice([b"PING", json.dumps({"clock": secret}).encode(), b""], "header-bad")
    with open(site.collector.log, encoding="utf-8") as log:
        assert secret not in log.read()
    site.ends_well()


lib.Cases().run(
    frames_and_commands,
    headers,
    sizes,
    versions,
    enrolment_port,
    strangers_at_the_ports,
    more_strangers_than_the_collector_may_open_files,
    wrong_keys_and_kinds_of_sockets,
    routing_id_of_ones_own,
    the_log_holds_no_payload,
)
