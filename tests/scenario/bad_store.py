#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""A data directory that is not as it must be: does each program say so, touch nothing, and go on where
it stood once that is mended?"""
import contextlib
import glob
import os
import shutil

import bad
import lib
import office
import reporting


class Home:
    """One of the programs with something in its store: what names its files, and asks what it holds."""

    def __init__(self, program, store, keys, needs_key, holds):
        self.program, self.needs_key, self.holds = program, needs_key, holds
        self.store = os.path.join(program.dir, store)
        self.keys = sorted(glob.glob(os.path.join(program.dir, keys)))
        self.held = holds()

    def unharmed(self):
        assert self.holds() == self.held, (self.holds(), self.held)


def homes(p):
    """A federation in which each program has something to lose; none of them runs."""
    site = bad.Site(p)
    agent = site.federation.office()
    agent.run("import", office.table(p, "a.csv", office.activities(3)))
    agent.run("send")
    figures = reporting.aggregator(p, site.collector)
    figures.run("sync")
    site.witness.close()
    assert site.collector.stop() == 0
    return [
        Home(site.collector, "queue.db", "s*.key", ["run"], lambda: site.collector.json("verify")["chain"]),
        Home(agent, "outbox.db", "*.key", ["send"], lambda: office.all_of(agent)),
        Home(figures, "aggregator.db", "keys/*.key", ["sync"], lambda: reporting.summary(figures)),
    ]


@contextlib.contextmanager
def instead(path, make):
    """PATH moved aside, and what MAKE puts there; MAKE gets the path and where the old one is."""
    aside = path + ".aside"
    os.rename(path, aside)
    try:
        make(path, aside)
        yield
    finally:
        shutil.rmtree(path) if os.path.isdir(path) and not os.path.islink(path) else None
        os.path.lexists(path) and os.unlink(path)
        os.rename(aside, path)


def content(path):
    with open(path, "rb") as file:
        return file.read()


def writes(data, mode=0o600):
    def make(path, _):
        with open(path, "wb") as file:
            file.write(data)
        os.chmod(path, mode)

    return make


def copies(change=lambda path: None, of=None):
    """A copy of the file that was there, or of OF, with a change."""

    def make(path, aside):
        shutil.copy2(of or aside, path)
        change(path)

    return make


def pragma(sql):
    def change(path):
        with lib.altered(path) as db:
            db.execute("PRAGMA " + sql)

    return change


def cut(path):
    os.truncate(path, os.path.getsize(path) // 2)


def store_of_a_newer_release_of_another_program_or_damaged(p):
    all_homes = homes(p)
    for i, home in enumerate(all_homes):
        other = all_homes[i - 1].store
        for make, code in [
            (copies(pragma("user_version=99")), "db-newer"),
            (copies(pragma("application_id=1")), "db-foreign"),
            (copies(of=other), "db-foreign"),
            (writes(b"\xff" * 20000), "db-damaged"),
            (copies(cut), "db-damaged"),
        ]:
            with instead(home.store, make):
                before = content(home.store)
                bad.said(home.program, "run", code=code, status=70)
                bad.said(home.program, "status", code=code, status=70)
                assert content(home.store) == before, (home.program.name, code)
        home.unharmed()


def changed_half(path):
    lines = content(path).decode().split("\n")
    at = [i for i, line in enumerate(lines) if line.startswith("public")][0]
    lines[at] = lines[at][:-1] + ("0" if lines[at][-1] != "0" else "1")
    writes("\n".join(lines).encode())(path, None)


def key_file_that_can_not_be_used(p):
    all_homes = homes(p)
    sign = os.path.join(all_homes[0].program.dir, "sign.key")
    server = os.path.join(all_homes[0].program.dir, "server.key")
    for home in all_homes:
        for key in home.keys:
            other_kind = server if key == sign else sign
            faults = [
                (copies(lambda path: os.chmod(path, 0o640)), "key-mode"),
                (lambda path, aside: os.symlink(aside, path), "key-mode"),
                (lambda path, aside: None, "key-missing"),
                (writes(b""), "key-bad"),
                (copies(cut), "key-bad"),
                (writes(os.urandom(4000)), "key-bad"),
                (copies(of=other_kind), "key-bad"),
                (copies(changed_half), "key-bad"),
                (lambda path, aside: os.mkdir(path, 0o700), None),
            ]
            if os.geteuid() == 0:
                faults.append((copies(lambda path: os.chown(path, 65534, -1)), "key-owner"))
            for make, code in faults:
                with instead(key, make):
                    try:
                        bad.said(home.program, *home.needs_key, code=code or "key-mode", status=77)
                    except AssertionError as e:
                        raise AssertionError("%s %s: %s" % (key, code, e)) from e
        home.unharmed()


def second_program_on_one_directory(p):
    for home in homes(p):
        if home.program.name == "baocao-collector":
            home.program.up()
        else:
            home.program.start("run")
            lib.wait_until(lambda program=home.program: program.json("status")["running"], "it to run")
        process = home.program.process
        bad.said(home.program, "run", code="dir-locked", status=75)
        other = lib.Program(home.program.name, home.program.dir)  # as from another window, by another name
        other.dir = os.path.join(home.program.dir, "..", os.path.basename(home.program.dir))
        bad.said(other, "run", code="dir-locked", status=75)
        assert process.poll() is None and home.program.json("status")["running"]
        home.unharmed()
    for program in p.started:
        if program.running():
            assert program.stop() == 0, program.tail()


def directory_that_is_none(p):
    folder = p.write("file", "x")
    for name in ("baocao-collector", "baocao-agent", "baocao-aggregator"):
        bad.said(lib.Program(name, p.path("none")), "run", code="dir-missing", status=66)
        for words in (["run"], ["status"]):
            done = lib.Program(name, folder).run(*words, ok=None)
            assert done.returncode in (65, 66, 70, 74), (name, words, done)
            bad.said(
                lib.Program(name, folder), *words, code=done.stderr.split(":")[0], status=done.returncode
            )
    assert content(folder) == b"x"


lib.Cases().run(
    store_of_a_newer_release_of_another_program_or_damaged,
    key_file_that_can_not_be_used,
    second_program_on_one_directory,
    directory_that_is_none,
)
