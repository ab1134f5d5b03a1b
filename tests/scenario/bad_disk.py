#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""A disk without room: does everybody say so, is nothing lost, and does it go on once there is room again?"""
import contextlib
import os
import subprocess
import sys
import tempfile

import bad
import lib
import office
import reporting
from baocao_client import Silent

MIB = 1 << 20
LARGE = {"sessions": 1, "attendances": 40, "highlights": ["x" * 4000 for _ in range(14)]}


class Disk:
    """A tmpfs of so many bytes at PATH."""

    def __init__(self, path, size):
        os.mkdir(path)
        self.path, self.filler = path, os.path.join(path, "filler")
        self.mounted = mount(path, size)
        if not self.mounted:
            raise lib.Skip("needs the right to mount a tmpfs")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run(["umount", "-l", self.path], check=True)

    def fill(self, leave=0):
        """Takes all the room there is but LEAVE bytes."""
        with open(self.filler, "wb", 0) as file:
            for piece in (MIB, 4096, 1):
                with contextlib.suppress(OSError):
                    while True:
                        file.write(b"x" * piece)
        os.truncate(self.filler, max(os.path.getsize(self.filler) - leave, 0))

    def free(self):
        os.unlink(self.filler)


def mount(path, size):
    return (
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=%d" % size, "tmpfs", path],
            check=False,
            stderr=subprocess.DEVNULL,
        ).returncode
        == 0
    )


class On(lib.Place):
    """PLACE, but what is made in it lies on DISK; the logs do not, so that they can be read."""

    def __init__(self, disk, place):
        super().__init__(disk.path, place.started)
        self.place = place

    def logged(self, program):
        program.log = self.place.path(os.path.basename(program.log))
        return program

    def collector(self, name="collector", **more):
        more["env"] = {"BAOCAO_STORE_VOLATILE": "yes", **more.get("env", {})}
        return self.logged(super().collector(name, **more))

    def agent(self, name, **more):
        return self.logged(super().agent(name, **more))

    def aggregator(self, name="aggregator", **more):
        return self.logged(super().aggregator(name, **more))


def site_on(disk, place, low):
    site = bad.Site(On(disk, place))
    site.collector.env.update(BAOCAO_DISK_LOW=low)
    restart(site)
    return site


def restart(site):
    if site.collector.running():
        assert site.collector.stop() == 0, site.collector.tail()
    site.started = site.collector.up().process
    site.witness.open()


def send(sender, document, number=None):
    (verdict,) = sender.send([bad.one(document)], number and [number])
    return verdict


def collector_short_of_room_says_later_and_goes_on_by_itself(p):
    with Disk(p.path("disk"), 24 * MIB) as disk:
        site = site_on(disk, p, "4M")
        agent = p.agent("office", env=office.QUICK)
        agent.run("join", site.federation.code("BD.01"))
        figures = reporting.aggregator(p, site.collector)
        known = bad.activity("BD.02")
        stored = send(site.witness, known)
        assert stored["verdict"] == "stored"
        site.stored += 1
        disk.fill(leave=3 * MIB)
        lib.wait_until(lambda: site.witness.ping()["credit"]["documents"] == 0, "the credit to end")
        assert 1 <= site.witness.credit["wait_ms"] <= 900000, site.witness.credit
        later = send(site.witness, bad.activity("BD.02"))
        assert (later["verdict"], later["code"]) == ("later", "disk-low") and later["wait_ms"] > 0, later
        bad.reads_well(later["code"], later["vi"], later["en"])
        assert send(site.witness, known, stored["number"])["line"] == stored["line"]
        (problem,) = site.collector.json("status")["problems"]
        assert problem["code"] == "disk-low", problem
        bad.reads_well(problem["code"], problem["vi"], problem["en"])
        agent.run("import", office.table(p, "a.csv", office.activities(2)))
        agent.start("run")
        lib.wait_until(lambda: agent.json("status")["running"], "the agent to run")
        figures.run("sync")  # reading goes on
        assert reporting.value(figures, "attendances") == 40
        assert agent.json("status")["waiting"] == 2
        disk.free()
        lib.wait_until(lambda: site.witness.ping()["credit"]["documents"] > 0, "credit again")
        site.goes_through()
        agent.stop()
        agent.run("send")
        site.stored += 2
        site.unharmed()


def keep_starting(site):
    """What systemd does: whether the collector is up. Where there is no room to start, it ends with 74."""
    try:
        site.started = site.collector.up().process
        return True
    except AssertionError:
        assert site.collector.process.returncode == 74, site.collector.tail()
        return False


def until_it_ends(site, documents):
    """Sends one after the other until the collector is gone; what it answered `stored`."""
    stored = []
    for document, number in zip(documents, site.witness.number(len(documents))):
        try:
            stored.append(send(site.witness, document, number))
        except Silent:
            break
        assert stored[-1]["verdict"] == "stored", stored[-1]
    lib.wait_until(lambda: not site.collector.running(), "it to end")
    return stored


def collector_out_of_room_at_once_ends_and_has_promised_nothing_it_lacks(p):
    with Disk(p.path("disk"), 24 * MIB) as disk:
        site = site_on(disk, p, "0")  # as if it had not noticed in time
        documents = [bad.activity("BD.02", measures=LARGE) for _ in range(100)]
        disk.fill()
        stored = until_it_ends(site, documents)
        assert site.collector.process.returncode == 74, site.collector.tail()
        assert "ev=keeper.stop" in site.collector.tail() and 'do="' in site.collector.tail()
        site.collector.env["BAOCAO_DISK_LOW"] = "4M"
        if keep_starting(site):
            site.witness.open()
            assert site.witness.welcome["credit"]["documents"] == 0, site.witness.welcome
            site.collector.kill()
        disk.free()
        assert keep_starting(site)
        site.witness.open()
        for i, document in enumerate(documents):
            again = send(site.witness, document, i + 1)
            assert again["verdict"] == "stored" and (i >= len(stored) or again == stored[i]), again
        site.stored += len(documents)
        site.goes_through()
        site.unharmed()


def backup_without_room_is_none_and_the_collector_goes_on(p):
    site = bad.Site(p)
    with Disk(p.path("disk"), MIB) as disk:
        disk.fill(leave=100000)
        said = bad.said(site.collector, "backup", os.path.join(disk.path, "backup"), code="disk", status=74)
        assert "ổ đĩa đã đầy" in said["vi"] and "full" in said["en"], said
        site.goes_through()
        assert not os.path.exists(os.path.join(disk.path, "backup", "queue.db"))
        disk.free()
        site.collector.run("backup", os.path.join(disk.path, "backup"))
        site.goes_through()
    site.unharmed()


def agent_without_room_keeps_what_it_had(p):
    site = bad.Site(p)
    with Disk(p.path("disk"), 8 * MIB) as disk:
        home = On(disk, p)
        disk.fill()
        agent, code = home.agent("office", env=office.QUICK), site.federation.code("BD.01")
        bad.said(agent, "join", code, code="disk", status=74)
        disk.free()
        agent.run("join", code)  # which that did not use up for another key
        agent.run("import", office.table(p, "a.csv", office.activities(3)))
        table = office.table(p, "b.csv", office.activities(300, 10))
        disk.fill()
        bad.said(agent, "import", table, code="disk", status=74)
        bad.said(agent, "withdraw", "1", "--reason", "x", code="disk", status=74)
        bad.said(agent, "send", code="disk", status=74)  # receipts need room, too
        site.goes_through()
        assert len(agent.json("list")) == 3
        agent.start("run")
        lib.wait_until(lambda: not agent.running(), "the daemon to end")
        assert agent.process.returncode == 74 and "disk: " in agent.tail(), agent.tail()
        disk.free()
        agent.run("import", table)
        agent.run("send")
        assert len(office.nothing_lost_or_doubled(site.federation, [agent])) == 303 + site.stored
    site.stored += 303
    site.unharmed()


def aggregator_without_room_goes_on_where_it_stood(p):
    site = bad.Site(p)
    agent = site.federation.office()
    agent.run("import", office.table(p, "a.csv", office.activities(600)))
    agent.run("send")
    site.stored += 600
    with Disk(p.path("disk"), 8 * MIB) as disk:
        figures = reporting.aggregator(On(disk, p), site.collector)
        disk.fill(leave=100000)
        bad.said(figures, "sync", code="disk", status=74)
        figures.start("run")
        lib.wait_until(lambda: not figures.running(), "the daemon to end")
        assert figures.process.returncode == 74 and "disk: " in figures.tail(), figures.tail()
        site.goes_through()
        disk.free()
        figures.run("sync")
        before = reporting.summary(figures)
        disk.fill(leave=100000)
        bad.said(figures, "rebuild", code="disk", status=74)
        disk.free()
        assert reporting.summary(figures) == before
        figures.run("verify")
    site.unharmed()


def may_mount():
    folder = tempfile.mkdtemp(prefix="baocao-")
    try:
        return mount(folder, MIB) and subprocess.run(["umount", folder], check=True)
    finally:
        os.rmdir(folder)


if not may_mount() and "BAOCAO_UNSHARED" not in os.environ:  # not root: in a user namespace one may
    if subprocess.run(["unshare", "-rm", "true"], check=False, stderr=subprocess.DEVNULL).returncode == 0:
        os.execvpe("unshare", ["unshare", "-rm", *sys.argv], {**os.environ, "BAOCAO_UNSHARED": "1"})
lib.Cases().run(
    collector_short_of_room_says_later_and_goes_on_by_itself,
    collector_out_of_room_at_once_ends_and_has_promised_nothing_it_lacks,
    backup_without_room_is_none_and_the_collector_goes_on,
    agent_without_room_keeps_what_it_had,
    aggregator_without_room_goes_on_where_it_stood,
)
