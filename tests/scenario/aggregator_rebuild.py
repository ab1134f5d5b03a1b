#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Is the folded store worth nothing? Killed, deleted or altered, it always comes back with the same bytes."""
import os
import sqlite3

import lib
import reporting

ROWS = 3000


def position(a):
    """What is committed in the store of A, read behind its back."""
    path = os.path.join(a.dir, "aggregator.db")
    if not os.path.exists(path):
        return 0
    try:
        with sqlite3.connect("file:%s?mode=ro" % path, uri=True) as db:
            return db.execute("SELECT position FROM state").fetchone()[0]
    except sqlite3.Error:  # not made yet
        return 0


def killed_while_folding_it_goes_on_to_the_same_bytes(place):
    c, _ = reporting.place_with_reports(place, ROWS)
    calm = reporting.aggregator(place, c, "calm")
    calm.run("sync")
    killed = reporting.aggregator(place, c, "killed", window="64K")  # many small transactions
    for target in (1, ROWS // 4, ROWS // 2, ROWS * 3 // 4):
        killed.start("run")
        lib.wait_until(lambda target=target: position(killed) >= target, "position %d" % target)
        killed.kill()
    killed.run("sync")
    # Enrolling the second aggregator was an entry of its own: ask both as of the same position.
    killed_at = killed.json("status")["position"]
    calm.run("sync")
    assert calm.json("status")["position"] == killed_at
    assert reporting.summary(calm) == reporting.summary(killed)
    assert reporting.value(killed, "sessions") == ROWS
    killed.run("verify")


def deleted_and_rebuilt_it_gives_the_same_bytes(place):
    c, _ = reporting.place_with_reports(place, 200)
    a = reporting.aggregator(place, c)
    a.run("sync")
    before = reporting.summary(a)
    for name in os.listdir(a.dir):
        if name.startswith("aggregator.db"):
            os.unlink(os.path.join(a.dir, name))
    assert "log-unread" in a.run("summary", "--period", "2024-11", ok=65).stderr
    a.run("rebuild")
    assert reporting.summary(a) == before
    with open(os.path.join(a.dir, "aggregator.db"), "r+b") as f:  # not even a database any more
        f.write(b"\0" * 4096)
    assert "db-" in a.run("summary", "--period", "2024-11", ok=70).stderr
    a.run("rebuild")
    assert reporting.summary(a) == before


def verify_names_the_row_that_was_altered(place):
    c, _ = reporting.place_with_reports(place, 20)
    a = reporting.aggregator(place, c)
    a.run("sync")
    a.run("verify")
    with lib.altered(os.path.join(a.dir, "aggregator.db")) as db:
        row = db.execute("SELECT max(position) FROM entry WHERE body IS NOT NULL").fetchone()[0]
        db.execute("UPDATE entry SET day=day+1 WHERE position=?", (row,))
    said = a.run("verify", ok=65).stderr
    assert "store-differs" in said and "table entry, row %d, column day" % row in said, said
    a.run("rebuild")
    a.run("verify")


def a_rebuild_that_can_not_reach_the_collector_leaves_the_old_store(place):
    c, _ = reporting.place_with_reports(place, 20)
    a = reporting.aggregator(place, c)
    a.run("sync")
    before = reporting.summary(a)
    c.stop()
    assert "collector-unreachable" in a.run("rebuild", ok=75).stderr
    assert reporting.summary(a) == before
    assert "collector-unreachable" in a.run("sync", ok=75).stderr


lib.Cases().run(killed_while_folding_it_goes_on_to_the_same_bytes,
                deleted_and_rebuilt_it_gives_the_same_bytes,
                verify_names_the_row_that_was_altered,
                a_rebuild_that_can_not_reach_the_collector_leaves_the_old_store)
