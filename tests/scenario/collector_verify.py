#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Does `verify` find one changed byte in queue.db, and name its entry? Whoever changed it may have sealed the
page again (proto/base/db_seal.h), as somebody would who means to deceive; a disk that fails does not."""
import os

import federation
import lib


def with_documents(place, n=5):
    c = federation.collector(place).up()
    a = federation.agent(place, c, "BD.1.1")
    for i in range(n):
        federation.report(place, a, i)
    a.run("send")
    return c


def flip(c, needle, offset=0, sealed=True):
    """Flips one bit behind the only place where NEEDLE stands in the store."""
    path = os.path.join(c.dir, "queue.db")
    with open(path, "r+b") as f:
        data = f.read()
        assert data.count(needle) == 1, data.count(needle)
        at = data.index(needle) + offset
        f.seek(at)
        f.write(bytes([data[at] ^ 1]))
    if sealed:
        with lib.altered(path):
            pass


def a_flipped_byte_of_a_document_is_named(place):
    c = with_documents(place)
    assert c.stop() == 0
    head = c.json("verify")["position"]
    flip(c, "Hội nghị số 2".encode(), 3)
    done = c.run("verify", ok=65)
    assert "log-broken" in done.stderr and "position %d:" % (head - 2) in done.stderr, (head, done.stderr)


def a_flipped_byte_of_the_first_entry_is_named(place):
    c = with_documents(place, 1)
    assert c.stop() == 0
    flip(c, b'"reason":"init"', 2)
    done = c.run("verify", ok=65)
    assert "position 1:" in done.stderr, done.stderr


def a_page_that_the_disk_changed_is_named(place):
    c = with_documents(place, 60)
    assert c.stop() == 0
    flip(c, "Hội nghị số 2\"".encode(), 3, sealed=False)
    done = c.run("verify", ok=70)
    assert "db-damaged: " in done.stderr and "restore" in done.stderr, done.stderr


def verify_works_beside_the_running_collector(place):
    c = with_documents(place)
    proof = c.json("verify")
    assert proof["whole"] and proof["position"] == c.json("status")["position"]
    assert c.running()


lib.Cases().run(a_flipped_byte_of_a_document_is_named, a_flipped_byte_of_the_first_entry_is_named,
                a_page_that_the_disk_changed_is_named,
                verify_works_beside_the_running_collector)
