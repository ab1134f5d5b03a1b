#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""The ZAP handler dies, when libzmq would let everyone in: does the collector stay closed?"""
import os
import socket

import paths  # noqa: F401
import bad
import lib
import office
from baocao_client import Agent, Keys, Line, Refused, made_hex32, now

LIBRARY = os.path.join(lib.BUILD, "tests", "faults", "preload_zap.so")
BROKEN = 70


def stranger(site):
    """Somebody with a key that nobody knows, who knows the server's."""
    one = Agent()
    one.join(site.collector.json("enrol", "BD.03", "--again")[0]["code"])
    one.keys = Keys()
    one.connect()
    return one


def nobody_is_let_in_without_a_handler(p):
    """libzmq finds no handler and takes every handshake: each message without a User-Id is refused."""
    site = bad.Site(p)
    outsider, late = stranger(site), site.federation.office("late", "BD.01")
    late.run("import", office.table(p, "a.csv", office.activities(3)))
    site.collector.stop()
    site.collector.up(env={"LD_PRELOAD": LIBRARY, "ZAP": "absent"})
    outsider.connect()
    hello = {"v": 1, "program": "x", "outbox": made_hex32(), "next": 1, "clock": now()}
    documents = {"batch": 1, "outbox": made_hex32(), "numbers": [1]}
    for command, header, body in (
        ("HELLO", hello, b""),
        ("DOCUMENTS", documents, bad.one(bad.activity()) + b"\n"),
        ("SUBSCRIBE", {"v": 1, "program": "x", "position": 0, "window": 65536}, b""),
    ):
        refused = outsider.refused(command, header, body)
        assert refused["code"] == "key-unknown", refused
    nobody_enrols(site)
    late.run("send", "--wait", "1s", ok=None)
    assert late.json("status")["waiting"] == 3
    site.collector.stop()
    site.collector.up()
    office.send(late)
    assert late.json("status")["stored"] == 3
    assert len(site.federation.documents()) == 3
    assert site.collector.json("verify")["whole"]


def nobody_enrols(site):
    """Nor at the other port, where the key would be taken from the handshake."""
    code = site.collector.json("enrol", "BD.04", "--again")[0]["code"]
    keys = site.collector.json("status")["keys"]
    try:
        Agent().join(code)
        raise AssertionError("somebody enrolled without a handler")
    except Refused as refusal:
        assert refusal.code == "header-bad", refusal  # no key came with the message
    assert site.collector.json("status")["keys"] == keys


def deaf_handler_ends_the_program(p):
    site = bad.Site(p)
    site.goes_through()
    site.collector.stop()
    site.collector.start("run", env={"LD_PRELOAD": LIBRARY, "ZAP": "deaf", "ZAP_FILE": p.path("deaf")})
    lib.wait_until(lambda: "intake.ready" in site.collector.tail(3), "the collector")
    site.witness.open()
    site.goes_through()
    p.write("deaf", "")
    line = Line("127.0.0.1:%d" % site.collector.port, Keys(), site.witness.server)
    assert site.collector.process.wait(30) == BROKEN, site.collector.tail()
    said = site.collector.tail()
    assert "gate.deaf" in said and "start the collector again" in said, said
    with socket.socket() as s:
        assert s.connect_ex(("127.0.0.1", site.collector.port)) != 0, "the port is still open"
    line.close()
    site.started = site.collector.up().process
    site.witness.open()
    site.goes_through()
    site.unharmed()


lib.Cases().run(nobody_is_let_in_without_a_handler, deaf_handler_ends_the_program)
