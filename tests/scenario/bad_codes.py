#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Does a code or key of no use say why, and does it spoil nothing for those whose code or key is good?"""
import os
import subprocess

import lib
import bad
import formats
import office

QUICK = {"BAOCAO_FOLLOW_PATIENCE": "2s", "BAOCAO_FOLLOW_BACKOFF": "300ms", **office.QUICK}


def fresh_code(site, unit):
    return site.collector.json("enrol", unit, "--again")[0]["code"]


def changed(code, **parts):
    """CODE with other parts and a good checksum."""
    read = {**formats.code_read(code), **parts}
    return formats.code_text(
        formats.code_raw(*(read[k] for k in ("server", "successor", "token", "expires", "endpoint")))
    )


def computers(p):
    """An agent and an aggregator that are not enrolled."""
    return p.agent("office", env=QUICK), p.aggregator("figures", env=QUICK)


def code_that_is_no_code(p):
    site = bad.Site(p)
    good = fresh_code(site, "BD.01")
    raw = formats.code_raw(
        *(formats.code_read(good)[k] for k in ("server", "successor", "token", "expires", "endpoint"))
    )
    other_version = formats.code_text(b"\x02" + raw[1:-4] + formats.sha256(b"\x02" + raw[1:-4])[:4])
    slip = good[:20] + ("A" if good[20] != "A" else "B") + good[21:]
    for program in computers(p):
        for wrong in (slip, good[:-7], good + " AAAAA", other_version, "mã", "8" * 300, "A" * 4000):
            bad.said(program, "join", wrong, code="code-bad")
    site.goes_through()
    p.started[-2].run("join", good)
    site.unharmed()


def code_nobody_made(p):
    site = bad.Site(p)
    unknown = changed(fresh_code(site, "BD.01"), token=os.urandom(16))
    for program in computers(p):
        bad.said(program, "join", unknown, code="code-unknown")
    site.goes_through()
    site.unharmed()


def used_code_and_the_first_key_stays_good(p):
    site = bad.Site(p)
    code, (first, _) = fresh_code(site, "BD.01"), computers(p)
    first.run("join", code)
    bad.said(p.agent("second", env=QUICK), "join", code, code="code-used")
    assert "code-reused" in [x["code"] for x in site.collector.json("status")["problems"]]
    first.run("import", office.table(p, "a.csv", office.activities(1)))
    first.run("send")
    site.stored += 1
    site.goes_through()
    site.unharmed()


def one_code_used_by_many_at_once_makes_one_key(p):
    site = bad.Site(p)
    before = site.collector.json("status")["keys"]
    agents = [p.agent("at-once-%d" % i, env=QUICK) for i in range(8)]
    code = fresh_code(site, "BD.01")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    joining = [subprocess.Popen(a.command("join", code), env=a.env, text=True, **quiet) for a in agents]
    said = [process.communicate(timeout=60)[1] for process in joining]
    winners = [a for a, process in zip(agents, joining) if process.returncode == 0]
    assert len(winners) == 1, [process.returncode for process in joining]
    assert sum("code-used: " in text for text in said) == 7, said
    assert site.collector.json("status")["keys"] == before + 1
    winners[0].run("import", office.table(p, "a.csv", office.activities(1)))
    winners[0].run("send")
    site.stored += 1
    site.goes_through()
    site.unharmed()


def expired_and_cancelled_codes(p):
    site = bad.Site(p)
    old, (agent, _) = fresh_code(site, "BD.01"), computers(p)
    site.collector.run("handover", "BD.01")
    bad.said(agent, "join", old, code="code-expired")
    cancelled = fresh_code(site, "BD.03")
    site.collector.run("revoke", "BD.03")
    bad.said(agent, "join", cancelled, code="code-expired")
    site.goes_through()
    late = fresh_code(site, "BD.01")
    site.collector.stop()
    site.collector.up(env={"BAOCAO_CLOCK_OFFSET_MS": str(31 * 86400000)})
    site.started = site.collector.process
    bad.said(agent, "join", late, code="code-expired")
    site.witness.open()
    site.goes_through()
    site.unharmed()


def code_for_another_kind_of_program_stays_good(p):
    site = bad.Site(p)
    unit = fresh_code(site, "BD.01")
    consumer = site.collector.json("consumer", "add", "figures")["code"]
    agent, aggregator = computers(p)
    bad.said(agent, "join", consumer, code="code-role")
    bad.said(aggregator, "join", unit, code="code-role")
    site.goes_through()
    p.agent("office", env=QUICK).run("join", unit)
    p.aggregator("other", env=QUICK).run("join", consumer)
    site.unharmed()


def another_unit_s_code_stays_good(p):
    site = bad.Site(p)
    agent, rightful = site.federation.office(), p.agent("rightful", env=QUICK)
    agent.run("import", office.table(p, "a.csv", office.activities(1)))
    code = fresh_code(site, "BD.03")
    bad.said(agent, "join", code, code="unit-other")
    rightful.run("join", code)
    agent.run("send")
    site.stored += 1
    site.goes_through()
    site.unharmed()


def code_whose_server_key_is_not_the_collector_s(p):
    site = bad.Site(p)
    good = fresh_code(site, "BD.01")
    wrong = changed(good, server=bytes.fromhex(bad.Agent().keys.public_hex), successor=os.urandom(32))
    for program in computers(p):
        bad.said(program, "join", wrong, code="server-key-wrong", status=75)
    site.goes_through()
    p.started[-2].run("join", good)
    site.unharmed()


def key_that_was_revoked_while_it_was_connected(p):
    site = bad.Site(p)
    agent = site.federation.office(BAOCAO_COURIER_STAY="10m")
    follower = p.aggregator("figures", env=QUICK)
    follower.run("join", site.collector.json("consumer", "add", "figures")["code"])
    agent.start("run")
    follower.start("run")
    lib.wait_until(lambda: follower.json("status").get("lag") == 0, "the aggregator at the head")
    site.collector.run("revoke", "BD.01")
    site.collector.run("revoke", "figures")
    position = follower.json("status")["position"]
    agent.run("import", office.table(p, "a.csv", office.activities(2)))
    why = lib.wait_until(lambda: agent.json("status").get("error"), "the agent to notice")
    site.goes_through()
    assert why["code"] == "key-revoked", why
    bad.reads_well(why["code"], why["vi"], why["en"])
    assert agent.json("status")["waiting"] == 2
    lib.wait_until(lambda: not follower.running(), "the aggregator to end")
    assert "key-revoked: " in follower.tail(), follower.tail()
    bad.said(follower, "sync", code="key-revoked", status=77)
    # Nothing that came after is read by whoever may not read any more.
    assert follower.json("status")["position"] <= position + 2, follower.json("status")
    agent.stop()
    agent.run("join", fresh_code(site, "BD.01"))
    agent.run("send")
    site.stored += 2
    site.unharmed()


def key_outside_its_dates(p):
    site = bad.Site(p)
    agent = site.federation.office()
    site.collector.run("revoke", "BD.01", "--on", "2199-01-01")
    agent.run("import", office.table(p, "a.csv", office.activities(1)))
    agent.run("send")
    site.stored += 1
    site.goes_through()
    agent.start("run", env={"BAOCAO_COURIER_STAY": "10m"})
    lib.wait_until(lambda: agent.json("status")["running"], "the agent to run")
    site.collector.run("revoke", "BD.01", "--on", "2020-01-01")
    agent.run("import", office.table(p, "b.csv", office.activities(1, 10)))
    why = lib.wait_until(lambda: agent.json("status").get("error"), "the agent to notice")
    assert why["code"] in ("key-expired", "key-revoked", "key-unknown"), why
    bad.reads_well(why["code"], why["vi"], why["en"])
    assert agent.json("status")["waiting"] == 1
    site.goes_through()
    site.unharmed()


lib.Cases().run(
    code_that_is_no_code,
    code_nobody_made,
    used_code_and_the_first_key_stays_good,
    one_code_used_by_many_at_once_makes_one_key,
    expired_and_cancelled_codes,
    code_for_another_kind_of_program_stays_good,
    another_unit_s_code_stays_good,
    code_whose_server_key_is_not_the_collector_s,
    key_that_was_revoked_while_it_was_connected,
    key_outside_its_dates,
)
