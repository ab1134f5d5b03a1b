#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""After the collector was restored from a backup: is a fork noticed and named, and does a rebuild heal it?"""
import shutil

import federation
import lib
import reporting


def restore(place, c):
    c.kill()
    shutil.rmtree(c.dir)
    c.run("restore", place.path("backup"))
    c.up()


def what_was_read_beyond_the_backup_is_a_fork_that_is_named(place):
    c, agent = reporting.place_with_reports(place, 5)
    a = reporting.aggregator(place, c)
    c.run("backup", place.path("backup"))
    federation.report(place, agent, 100)
    agent.run("send")
    a.run("sync")
    assert reporting.value(a, "sessions") == 6
    old = a.json("status")
    restore(place, c)
    said = a.run("sync", ok=65).stderr
    for word in ("log-forked", old["log"], str(old["position"]), "rebuild"):
        assert word in said, said
    assert a.json("status")["forked"] is True
    assert "log-forked" in a.run("summary", "--period", "2024-11", ok=65).stderr
    daemon = a.start("run")
    assert lib.wait_until(lambda: daemon.poll() is not None, "the daemon to end") and daemon.returncode == 65
    a.run("rebuild")
    assert reporting.value(a, "sessions") == 5  # what the backup lacks is not there any more
    assert a.json("status")["log"] != old["log"] and a.json("status")["forked"] is False
    agent.run("send")  # the fleet makes it whole again
    a.run("sync")
    assert reporting.value(a, "sessions") == 6
    a.run("verify")


def what_was_read_up_to_the_backup_goes_on_in_the_new_log(place):
    c, agent = reporting.place_with_reports(place, 5)
    a = reporting.aggregator(place, c)
    a.run("sync")
    old = a.json("status")
    c.run("backup", place.path("backup"))
    federation.report(place, agent, 100)
    agent.run("send")
    restore(place, c)
    agent.run("send")
    a.run("sync")
    assert reporting.value(a, "sessions") == 6
    assert a.json("status")["log"] != old["log"]
    as_it_was = a.run("summary", "--period", "2024-11", "--as-of", old["position"], "--json").stdout
    assert old["log"] in as_it_was  # the log has the name it had at that position
    a.run("verify")


lib.Cases().run(what_was_read_beyond_the_backup_is_a_fork_that_is_named,
                what_was_read_up_to_the_backup_goes_on_in_the_new_log)
