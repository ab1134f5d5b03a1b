#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Documents that were stored under an earlier id of the log: do their receipts still reach their unit?"""
import shutil

import federation
import office


def restore(place, c):
    """The collector's disk is lost, and its backup of just now is put back."""
    c.run("backup", place.path("backup"))
    c.kill()
    shutil.rmtree(c.dir)
    c.run("restore", place.path("backup"))
    c.up()


def a_receipt_lost_before_the_restore_comes_after_it(place):
    c = federation.collector(place).up()
    a = federation.agent(place, c, "BD.1.1")
    a.run("send")
    federation.report(place, a, 1)
    shutil.copytree(a.dir, place.path("before"))
    a.run("send")
    shutil.rmtree(a.dir)  # the answer never came: for this agent nothing was sent yet
    shutil.copytree(place.path("before"), a.dir)
    restore(place, c)
    federation.report(place, a, 2)  # goes in the same message, and gets a line of the new log
    a.run("send")
    assert set(office.all_of(a).values()) == {"stored"}, office.all_of(a)
    for n in (1, 2):
        a.run("receipt", n, "--verify")
    assert federation.documents(c) == 2


def a_new_computer_fetches_what_was_stored_before_the_restore(place):
    c = federation.collector(place).up()
    a = federation.agent(place, c, "BD.1.1")
    for n in (1, 2):
        federation.report(place, a, n)
    a.run("send")
    restore(place, c)
    c.run("handover", "BD.1.1")
    b = place.agent("second", env=a.env)
    b.run("join", c.json("enrol", "BD.1.1", "--again")[0]["code"])
    b.run("send")
    assert set(office.all_of(b).values()) == {"stored"} and len(office.all_of(b)) == 2, office.all_of(b)
    b.run("receipt", 1, "--verify")


def a_log_put_back_by_hand_gets_everything_again(place):
    """As a snapshot of a virtual machine does it: same id, and soon longer than before."""
    c = federation.collector(place).up()
    a, other = federation.agent(place, c, "BD.1.1"), federation.agent(place, c, "BD.1.2")
    federation.report(place, a, 1)
    for agent in (a, other):
        agent.run("send")
    c.stop()
    shutil.copytree(c.dir, place.path("snapshot"), ignore=shutil.ignore_patterns("run"))
    c.up()
    federation.report(place, a, 2)
    a.run("send")
    c.stop()
    shutil.rmtree(c.dir)
    shutil.copytree(place.path("snapshot"), c.dir)
    c.up()
    for n in range(5):
        federation.report(place, other, n)
    other.run("send")
    federation.report(place, a, 3)
    a.run("send")
    assert federation.documents(c) == 1 + 5 + 2, federation.documents(c)
    for n in (1, 2, 3):
        a.run("receipt", n, "--verify")


federation.lib.Cases().run(a_log_put_back_by_hand_gets_everything_again,
                           a_receipt_lost_before_the_restore_comes_after_it,
                           a_new_computer_fetches_what_was_stored_before_the_restore)
