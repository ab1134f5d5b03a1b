#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Does a backup taken while reports come in restore to a log that the fleet makes whole again?"""
import os
import shutil
import stat

import federation
import lib


def a_restored_log_has_a_new_id_and_the_fleet_fills_it(place):
    c = federation.collector(place).up()
    a = federation.agent(place, c, "BD.1.1")
    for n in range(3):
        federation.report(place, a, n)
    a.run("send")
    c.run("backup", place.path("backup"))  # while it runs
    for n in range(3, 6):
        federation.report(place, a, n)
    a.run("send")
    before = c.json("status")
    assert before["documents"] == 6
    c.kill()
    shutil.rmtree(c.dir)  # the disk is lost

    c.run("restore", place.path("backup"))
    restored = c.json("status")
    assert restored["log"] != before["log"] and restored["documents"] == 3, restored
    c.run("verify")
    c.up()
    a.run("send")
    lib.wait_until(lambda: federation.documents(c) == 6, "the reports the backup lacked")
    assert c.stop() == 0
    c.run("verify")


def a_backup_is_closed_to_others_and_never_overwritten(place):
    c = federation.collector(place).up()
    c.run("backup", place.path("backup"))
    for name in ("", "server.key", "sign.key", "queue.db"):
        mode = stat.S_IMODE(os.stat(place.path("backup", name)).st_mode)
        assert mode & 0o077 == 0, (name, oct(mode))
    assert "dir-taken" in c.run("backup", place.path("backup"), ok=65).stderr


def restore_leaves_a_directory_with_a_store_alone(place):
    c = federation.collector(place)
    c.run("backup", place.path("backup"))
    log = c.json("status")["log"]
    assert "dir-taken" in c.run("restore", place.path("backup"), ok=65).stderr
    c.up()
    assert c.run("restore", place.path("backup"), ok=None).returncode in (65, 75)
    assert c.json("status")["log"] == log


lib.Cases().run(a_restored_log_has_a_new_id_and_the_fleet_fills_it,
                a_backup_is_closed_to_others_and_never_overwritten,
                restore_leaves_a_directory_with_a_store_alone)
