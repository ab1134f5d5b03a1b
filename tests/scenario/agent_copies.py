#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""What happens when there are two of something: a copied outbox, a collector from a backup?"""
import shutil
import sqlite3

import lib
import office


def outbox_id(agent):
    with sqlite3.connect("file:%s/outbox.db?mode=ro" % agent.dir, uri=True) as db:
        return db.execute("SELECT value FROM fact WHERE name = 'outbox'").fetchone()[0]


def cloned_outbox_takes_a_new_id(p):
    f = office.Federation(p)
    agent = f.office()
    agent.run("import", office.table(p, "a.csv", office.activities(2)))
    agent.run("send")
    agent.run("import", office.table(p, "b.csv", office.activities(2, 2)))
    shutil.copytree(agent.dir, p.path("clone"))
    clone = p.agent("clone", env=office.QUICK)
    clone.run("import", office.table(p, "c.csv", office.activities(1, 10)))
    agent.run("import", office.table(p, "d.csv", office.activities(3, 20)))
    agent.run("send")
    before = outbox_id(clone)
    clone.run("send")
    assert outbox_id(clone) != before and outbox_id(agent) == before
    log = office.nothing_lost_or_doubled(f, [agent, clone])
    assert len(log) == 2 + 2 + 1 + 3, log
    agent.run("send")
    assert office.all_of(agent) == office.all_of(clone)


def same_table_on_two_computers_of_a_unit(p):
    """Entered on both before either knows of the other: counted once, nothing to decide, nothing to mend."""
    f = office.Federation(p)
    computers = [p.agent(name, env=office.QUICK) for name in ("one", "two")]
    table = office.table(p, "a.csv", office.activities(5))
    for computer in computers:
        computer.run("join", f.collector.json("enrol", "BD.01", "--again")[0]["code"])
        computer.run("send")
    for computer in computers:
        computer.run("import", table)
    computers[0].run("submit", "11/2024", "--yes")
    for computer in computers + computers:
        computer.run("send")
    assert len(office.nothing_lost_or_doubled(f, computers)) == 6
    status = f.collector.json("status")
    assert (status["held"], status["documents"], status["gaps"]) == (0, 6, 0), status
    for computer in computers:
        said = computer.json("status")
        assert (said["refused"], said["held"], said["waiting"], said["stored"]) == (0, 0, 0, 6), said
        assert len(computer.json("list")) == 6
        computer.run("receipt", 1, "--verify")


def outbox_put_back_from_a_backup(p):
    f = office.Federation(p)
    agent = f.office()
    shutil.copytree(agent.dir, p.path("backup"))
    agent.run("import", office.table(p, "a.csv", office.activities(4)))
    agent.run("send")
    shutil.rmtree(agent.dir)
    shutil.move(p.path("backup"), agent.dir)
    agent.run("import", office.table(p, "b.csv", office.activities(2, 10)))
    agent.run("send")
    assert len(office.nothing_lost_or_doubled(f, [agent])) == 6


def two_second_revisions_one_is_held(p):
    f = office.Federation(p)
    agent = f.office()
    agent.run("import", office.table(p, "a.csv", office.activities(1)))
    agent.run("send")
    shutil.copytree(agent.dir, p.path("clone"))
    clone = p.agent("clone", env=office.QUICK)
    agent.run("correct", "1", "--set", "attendances=111", "--reason", "Counted again")
    clone.run("correct", "1", "--set", "attendances=222", "--reason", "Counted otherwise")
    agent.run("send")
    clone.run("send")
    held = clone.json("status")
    assert held["held"] == 1, held
    assert "→" in clone.run("list").stdout
    f.collector.run("held", "release", f.collector.json("held", "list")[0]["held"])
    clone.run("send")
    assert clone.json("status")["held"] == 0
    assert sorted(r for _, r in f.documents()) == [1, 2, 3]


def restored_collector_gets_back_what_it_lost(p):
    f = office.Federation(p)
    first, second = f.office(), f.office("other", "BD.02")
    first.run("import", office.table(p, "a.csv", office.activities(3)))
    first.run("send")
    f.collector.run("backup", p.path("backup"))
    first.run("import", office.table(p, "b.csv", office.activities(4, 10)))
    second.run("import", office.table(p, "c.csv", office.activities(5)))
    first.run("send")
    second.run("send")
    kept = first.json("receipt", "5")
    assert len(f.documents()) == 12
    f.collector.kill()
    shutil.rmtree(f.collector.dir)
    f.collector.run("restore", p.path("backup"))
    f.collector.up()
    assert len(f.documents()) == 3
    first.run("send")
    second.run("send")
    assert len(office.nothing_lost_or_doubled(f, [first, second])) == 12
    now = first.json("receipt", "5")
    assert now["log"] != kept["log"], "the receipt still names the lost branch"
    assert first.json("receipt", "5", "--first") == kept, "the proof of the first reception is gone"
    assert first.json("receipt", "1")["log"] == kept["log"], "what the backup held was not sent again"


def restored_collector_while_the_agent_runs(p):
    f = office.Federation(p)
    agent = f.office()
    agent.start("run")
    agent.run("import", office.table(p, "a.csv", office.activities(2)))
    lib.wait_until(lambda: agent.json("status")["stored"] == 2, "the first two to be sent")
    f.collector.run("backup", p.path("backup"))
    agent.run("import", office.table(p, "b.csv", office.activities(2, 10)))
    lib.wait_until(lambda: agent.json("status")["stored"] == 4, "two more to be sent")
    f.collector.kill()
    shutil.rmtree(f.collector.dir)
    f.collector.run("restore", p.path("backup"))
    f.collector.up()
    lib.wait_until(lambda: len(f.documents()) == 4, "the lost ones to come back by themselves")
    lib.wait_until(lambda: agent.json("status")["stored"] == 4, "their new receipts")
    agent.stop()
    office.nothing_lost_or_doubled(f, [agent])


lib.Cases().run(cloned_outbox_takes_a_new_id, same_table_on_two_computers_of_a_unit,
                outbox_put_back_from_a_backup, two_second_revisions_one_is_held,
                restored_collector_gets_back_what_it_lost, restored_collector_while_the_agent_runs)
