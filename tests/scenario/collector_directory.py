#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Does the collector keep its data directory to itself, and refuse one that is not as it must be?"""
import os
import re

import federation
import lib


def a_second_program_on_one_directory_is_refused(place):
    c = federation.collector(place).up()
    other = place.collector()  # the same folder, other ports
    assert other.dir == c.dir
    done = other.run("run", ok=75)
    assert "dir-locked" in done.stderr, done.stderr
    assert "dir-" in c.run("init", ok=None).stderr
    assert c.running() and c.json("status")["running"]


def a_key_file_others_may_read_is_refused(place):
    c = federation.collector(place)
    for name in ("server.key", "sign.key"):
        path = os.path.join(c.dir, name)
        os.chmod(path, 0o644)
        done = c.run("run", ok=77)
        assert "key-mode" in done.stderr and name in done.stderr, done.stderr
        os.chmod(path, 0o600)
    c.up()


def a_store_of_a_newer_release_is_left_alone(place):
    c = federation.collector(place)
    path = os.path.join(c.dir, "queue.db")
    with lib.altered(path) as db:
        db.execute("PRAGMA user_version=999")
    before = open(path, "rb").read()
    for words in (["run"], ["status"], ["verify"]):
        done = c.run(*words, ok=None)
        assert done.returncode not in (0, 64) and "db-newer" in done.stderr, done
    assert open(path, "rb").read() == before


def a_missing_store_is_told(place):
    c = place.collector()
    assert c.run("status", ok=None).returncode != 0
    os.mkdir(c.dir, 0o700)
    assert "queue-missing" in c.run("status", ok=None).stderr
    assert c.run("run", ok=None).returncode != 0


def the_example_configuration_is_accepted_as_it_is_and_in_full(place):
    c = federation.collector(place)
    path = os.path.join(lib.ROOT, "collector", "baocao-collector.cfg")
    c.run("-c", path, "status")
    with open(path, encoding="utf-8") as f:
        full = re.sub(r"^#(?=\w|    \w+ =)", "", f.read(), flags=re.M)
    assert full.count(" = ") == 7, full
    c.run("-c", place.write("full.cfg", full), "status")
    done = c.run("-c", place.write("bad.cfg", full + "kredit\n    cap = \"1M\"\n"), "status", ok=78)
    assert "conf-unknown" in done.stderr and "credit" in done.stderr, done.stderr


lib.Cases().run(the_example_configuration_is_accepted_as_it_is_and_in_full,
                a_second_program_on_one_directory_is_refused, a_key_file_others_may_read_is_refused,
                a_store_of_a_newer_release_is_left_alone, a_missing_store_is_told)
