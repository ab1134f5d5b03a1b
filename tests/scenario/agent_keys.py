#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Does an officer whose key or code is of no use read what to do, and is nothing lost over it?"""
import os
import shutil

import lib
import office


def used_code(p):
    f = office.Federation(p)
    f.office()
    other = p.agent("other", env=office.QUICK)
    done = other.run("join", f.code("BD.01"), ok=65)
    assert "code-used" in done.stderr, done.stderr


def same_code_on_the_same_computer_again(p):
    f = office.Federation(p)
    agent = f.office()
    agent.run("import", office.table(p, "a.csv", office.activities(2)))
    agent.run("join", f.code("BD.01"))
    agent.run("send")
    assert len(office.nothing_lost_or_doubled(f, [agent])) == 2


def expired_code(p):
    f = office.Federation(p)
    f.collector.stop()
    later = str(40 * 24 * 3600 * 1000)
    f.collector.up(env={"BAOCAO_CLOCK_OFFSET_MS": later})
    done = p.agent("office", env=office.QUICK).run("join", f.code("BD.01"), ok=65)
    assert "code-expired" in done.stderr, done.stderr


def code_with_a_slip(p):
    f = office.Federation(p)
    with open(f.code("BD.01"), encoding="ascii") as file:
        text = file.read().strip()
    agent = p.agent("office", env=office.QUICK)
    for wrong in ("A" + text[1:], text[:-3], "not a code"):
        if wrong != text:
            done = agent.run("join", wrong, ok=65)
            assert "code-bad" in done.stderr, done.stderr
    agent.run("join", *text.lower().split())


def join_without_network_asks_again_with_the_same_key(p):
    f = office.Federation(p)
    f.collector.stop()
    agent = p.agent("office", env=office.QUICK)
    done = agent.run("join", f.code("BD.01"), ok=75)
    assert "collector-unreachable" in done.stderr and "same command" in done.stdout, done
    keys = [n for n in os.listdir(agent.dir) if n.endswith(".key")]
    f.collector.up()
    agent.run("join", f.code("BD.01"))
    assert [n for n in os.listdir(agent.dir) if n.endswith(".key")] == keys


def wrong_server_key(p):
    f = office.Federation(p)
    agent = f.office()
    agent.run("import", office.table(p, "a.csv", office.activities(1)))
    f.collector.stop()
    other = office.Federation(p, "impostor")
    agent.env["BAOCAO_COLLECTOR_ENDPOINT"] = "tcp://127.0.0.1:%d" % other.collector.port
    done = agent.run("send", ok=75)
    assert "server-key-wrong" in done.stderr, done.stderr
    assert agent.json("status")["error"]["code"] == "server-key-wrong"
    assert not other.documents()


def revoked_key_with_its_connection_open(p):
    f = office.Federation(p)
    agent = f.office(BAOCAO_COURIER_STAY="10m")
    agent.start("run")
    agent.run("import", office.table(p, "a.csv", office.activities(1)))
    lib.wait_until(lambda: agent.json("status")["stored"] == 1, "the first report to be sent")
    f.collector.run("revoke", "BD.01")
    agent.run("import", office.table(p, "b.csv", office.activities(2, 10)))
    error = lib.wait_until(lambda: agent.json("status").get("error"), "the agent to notice")
    assert error["code"] == "key-revoked" and "join" in error["en"], error
    assert agent.json("status")["waiting"] == 2
    assert len(f.documents()) == 1
    done = agent.run("join", f.code("BD.01"), ok=75)
    assert "dir-locked" in done.stderr, done.stderr
    agent.stop()
    done = agent.run("send", ok=None)
    assert done.returncode != 0 and "key-revoked" in done.stderr, done
    f.collector.run("enrol", "BD.01", "--again", "--out", p.path("again"))
    agent.run("join", p.path("again", "BD.01.code"))
    agent.run("send")
    assert len(office.nothing_lost_or_doubled(f, [agent])) == 3


def code_of_another_unit_in_a_used_folder(p):
    f = office.Federation(p)
    agent = f.office()
    agent.run("import", office.table(p, "a.csv", office.activities(1)))
    done = agent.run("join", f.code("BD.02"), ok=65)
    assert "unit-other" in done.stderr, done.stderr
    agent.run("send")


def key_file_that_others_may_read(p):
    f = office.Federation(p)
    agent = f.office()
    key = [n for n in os.listdir(agent.dir) if n.endswith(".key")][0]
    os.chmod(os.path.join(agent.dir, key), 0o644)
    done = agent.run("send", ok=None)
    assert done.returncode != 0 and "key-mode" in done.stderr, done


def two_programs_on_one_folder(p):
    f = office.Federation(p)
    agent = f.office()
    agent.start("run")
    lib.wait_until(lambda: agent.json("status")["running"], "the agent to run")
    done = agent.run("run", ok=75)
    assert "dir-locked" in done.stderr, done.stderr
    agent.stop()


def newer_schema(p):
    f = office.Federation(p)
    agent = f.office()
    with lib.altered(os.path.join(agent.dir, "outbox.db")) as db:
        db.execute("PRAGMA user_version = 99")
    done = agent.run("list", ok=None)
    assert done.returncode != 0 and "db-newer" in done.stderr, done


def full_disk_keeps_nothing_and_says_so(p):
    f = office.Federation(p)
    agent = f.office()
    agent.run("import", office.table(p, "a.csv", office.activities(1)))
    path = office.table(p, "b.csv", office.activities(2000, 10))
    command = "ulimit -f 200; trap '' XFSZ; exec \"$@\""
    agent.command = lambda *words, plain=agent.command: ["bash", "-c", command, "sh", *plain(*words)]
    done = agent.run("import", path, ok=None)
    assert done.returncode == 74 and "disk" in done.stderr, done
    del agent.command
    assert len(agent.json("list")) == 1
    agent.run("import", path)
    agent.run("send")
    assert len(office.nothing_lost_or_doubled(f, [agent])) == 2001


def gone_outbox_is_fetched_again(p):
    f = office.Federation(p)
    agent = f.office()
    agent.run("import", office.table(p, "a.csv", office.activities(3)))
    agent.run("send")
    shutil.rmtree(agent.dir)
    f.collector.run("handover", "BD.01")
    f.collector.run("enrol", "BD.01", "--again", "--out", p.path("again"))
    agent.run("join", p.path("again", "BD.01.code"))
    assert set(office.all_of(agent).values()) == {"stored"} and len(office.all_of(agent)) == 3


lib.Cases().run(used_code, same_code_on_the_same_computer_again, expired_code, code_with_a_slip,
                join_without_network_asks_again_with_the_same_key, wrong_server_key,
                revoked_key_with_its_connection_open, code_of_another_unit_in_a_used_folder,
                key_file_that_others_may_read, two_programs_on_one_folder, newer_schema,
                full_disk_keeps_nothing_and_says_so, gone_outbox_is_fetched_again)
