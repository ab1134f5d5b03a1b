#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Enrolment and keys: who gets in, who does not, and what they are told."""
import datetime
import sys

sys.dont_write_bytecode = True
import formats
import host
from baocao_client import Agent, Broken, Consumer, Keys, Line, Refused, made_hex32
from cases import case, finish

SHORT = 1.5  # s; long enough for an answer on loopback
collector = host.Collector()
collector.start()


def refused(call, *args, **named):
    """The code of the refusal that CALL ends with."""
    try:
        call(*args, **named)
    except Refused as refusal:
        return refusal.code
    raise Broken("was not refused")


@case
def code_names_endpoint_keys_and_expiry():
    code = formats.code_read(collector.code("enrol", "VD.01"))
    assert code["endpoint"] == f"127.0.0.1:{collector.ports[1]}"
    assert code["server"] != code["successor"]


@case
def join_answers_the_same_as_often_as_it_asks():
    agent, code = Agent(), collector.code("enrol", "VD.02")
    first = agent.join(code)
    again = agent.join(code.lower().replace(" ", "-"))
    assert {**first, "now": 0} == {**again, "now": 0}
    assert first["unit"] == "VD.02" and first["role"] == "agent" and first["port"] == collector.ports[0]
    assert agent.open()["unit"] == "VD.02"


@case
def token_works_for_one_key_only():
    code = collector.code("enrol", "VD.03")
    first, second = Agent(), Agent()
    first.join(code)
    assert refused(second.join, code) == "code-used"
    assert first.open()["unit"] == "VD.03"


@case
def key_belongs_to_one_enrolment():
    agent = Agent()
    agent.join(collector.code("enrol", "VD.04"))
    assert refused(agent.join, collector.code("enrol", "VD.05")) == "key-taken"


@case
def two_at_once_get_one_key_between_them():
    code, first, second = collector.code("enrol", "VD.06"), Agent(), Agent()
    read = formats.code_read(code)
    lines = [Line(read["endpoint"], a.keys, read["server"]) for a in (first, second)]
    answers = []
    for line in lines:
        line.send("ENROL", {"v": 1, "token": read["token"].hex(), "name": "x", "program": "interop/1"})
    for line in lines:
        answers.append(line.take()[1])
        line.close()
    assert sorted("refused" in a for a in answers) == [False, True], answers
    assert [a["refused"]["code"] for a in answers if "refused" in a] == ["code-used"]


@case
def odd_requests_are_refused_and_cost_nobody_anything():
    agent, code = Agent(), collector.code("enrol", "VD.07")
    assert refused(agent.join, code, token=made_hex32()) == "code-unknown"
    assert refused(agent.join, code, token="x") == "header-bad"
    assert refused(agent.join, code, token=["x"]) == "header-bad"
    assert refused(agent.join, code, version=2) == "version-unsupported"
    assert refused(agent.join, code, version="1") in ("version-unsupported", "header-bad")
    assert agent.join(code, name="dài " * 100)["unit"] == "VD.07"


@case
def documents_port_is_silent_to_an_unknown_key_until_it_is_known():
    agent, code = Agent(), collector.code("enrol", "VD.08")
    agent.server = formats.code_read(code)["server"]
    agent.endpoint = f"127.0.0.1:{collector.ports[0]}"
    agent.connect()
    agent.line.send("HELLO", {"v": 1, "program": "x", "outbox": agent.outbox, "next": 1, "clock": 0})
    assert agent.line.quiet(SHORT)
    agent.join(code)
    assert agent.open()["unit"] == "VD.08"


@case
def wrong_server_key_gets_no_answer():
    agent = Agent()
    agent.join(collector.code("consumer", "add", "khoa-sai"))
    agent.server = bytes.fromhex(Keys().public_hex)
    agent.connect()
    agent.line.send("PING", {"clock": 0, "news": 0})
    assert agent.line.quiet(SHORT)


@case
def revoked_key_is_told_on_its_open_connection_and_then_shut_out():
    agent = Agent()
    agent.join(collector.code("enrol", "VD.01", "--again"))
    agent.open()
    document = formats.one_line(host.activity("VD.01"))
    assert agent.send([document])[0]["verdict"] == "stored"
    collector.run("revoke", "VD.01")
    other = formats.one_line(host.activity("VD.01"))
    answer = agent.refused("DOCUMENTS", {"batch": 9, "outbox": agent.outbox, "numbers": [2]}, other + b"\n")
    assert answer["code"] == "key-revoked", answer
    agent.connect()
    agent.line.send("PING", {"clock": 0, "news": 0})
    assert agent.line.quiet(SHORT)


@case
def handover_gives_the_unit_to_another_key():
    old, new = Agent(), Agent()
    old.join(collector.code("enrol", "VD.05", "--again"))
    old.open()
    old.send([formats.one_line(host.activity("VD.05"))])
    new.join(collector.code("handover", "VD.05"))
    assert old.refused("PING", {"clock": 0, "news": 0})["code"] == "key-revoked"
    new.open()
    new.ping()
    assert "document" in new.check_news()
    assert len(new.kept) == 1


@case
def consumer_and_agent_each_keep_to_their_own_messages():
    consumer, agent = Consumer(), Agent()
    assert consumer.join(collector.code("consumer", "add", "tong-hop"))["role"] == "consumer"
    consumer.connect()
    agent.join(collector.code("enrol", "VD.04", "--again"))
    agent.connect()
    answer = agent.refused("SUBSCRIBE", {"v": 1, "program": "x", "position": 0, "window": 65536})
    assert answer["code"] == "consumer-only", answer
    hello = {"v": 1, "program": "x", "outbox": made_hex32(), "next": 1, "clock": 0}
    answer = consumer.refused("HELLO", hello)
    assert answer["code"] == "agent-only", answer


@case
def dates_of_codes_and_keys_are_kept():
    code, agent = collector.code("enrol", "VD.02", "--again"), Agent()
    agent.join(collector.code("enrol", "VD.03", "--again"))
    last = host.yesterday() + datetime.timedelta(2)
    collector.run("revoke", "VD.03", "--on", last.isoformat())
    agent.open()
    collector.stop()
    collector.start(BAOCAO_CLOCK_OFFSET_MS=str(40 * 86400000))
    assert refused(Agent().join, code) == "code-expired"
    agent.connect()
    agent.line.send("PING", {"clock": 0, "news": 0})
    assert agent.line.quiet(SHORT)


@case
def collector_ends_when_asked():
    collector.stop()


collector.close()
finish()
