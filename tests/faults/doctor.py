#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Does `doctor` find what keeps reports from flowing, say what to do, and tell a script?"""
import json
import os
import shutil
import subprocess

import paths  # noqa: F401
import bad
import lib
import office
import reporting

EATS = os.path.join(lib.BUILD, "tests", "faults", "preload_eatmydata.so")
DAY_MS = 86400000


def look(program, env=None):
    """{code: finding}; exit status and "ok" must agree, and each sentence read well."""
    done = program.run("doctor", "--json", ok=None, env=env)
    said = json.loads(done.stdout)
    bad_ones = [f for f in said["findings"] if f["level"] == "bad"]
    assert (done.returncode, said["ok"]) == ((1, False) if bad_ones else (0, True)), done
    for f in said["findings"]:
        if f["code"] != "versions":
            bad.reads_well(f["code"], f["vi"], f["en"])
    return {f["code"]: f for f in said["findings"]}


def finds(program, code, level="bad", env=None):
    found = look(program, env)
    assert code in found and found[code]["level"] == level, (code, found)
    return found[code]


def site(p):
    f = office.Federation(p)
    agent, figures = f.office(), reporting.aggregator(p, f.collector)
    agent.run("send")
    figures.run("sync")
    return f, agent, figures


def all_is_well(p):
    f, agent, figures = site(p)
    for program in (agent, figures, f.collector):
        found = look(program)
        assert not [x for x in found.values() if x["level"] == "bad"], found
        assert "versions" in found and "disk-room" in found
    for program in (agent, figures):
        assert look(program)["collector-right"]["level"] == "well"
    assert look(f.collector)["port-well"]["level"] == "well"
    for program, words in ((agent, ["run"]), (figures, ["run"])):  # the same beside a program that runs
        program.start(*words)
        lib.wait_until(lambda program=program: program.json("status")["running"], "it to run")
        look(program)
    assert "MỌI THỨ ĐỀU ỔN" in agent.run("doctor", "--lang", "vi").stdout


def nothing_there_yet(p):
    assert "baocao-agent join" in finds(p.agent("new"), "dir-missing")["en"]
    finds(p.aggregator("none"), "not-joined")
    finds(p.collector("empty"), "dir-missing")


def another_collector_in_its_place(p):
    f, agent, figures = site(p)
    f.collector.stop()
    finds(agent, "collector-unreachable")
    finds(figures, "collector-unreachable")
    other = p.collector("impostor")
    other.port, other.enrol_port = f.collector.port, f.collector.enrol_port
    for name in ("BAOCAO_LISTEN_DOCUMENTS", "BAOCAO_LISTEN_ENROL"):
        other.env[name] = f.collector.env[name]
    other.run("init")
    other.up()
    for program in (agent, figures):
        said = finds(program, "server-key-wrong")
        assert "This is not your federation's collector" in said["en"], said
        assert "Đây không phải máy chủ của Liên đoàn" in said["vi"], said


def key_that_was_revoked_or_opened_to_others(p):
    f, agent, figures = site(p)
    f.collector.run("revoke", "BD.01")
    f.collector.run("revoke", "figures")
    finds(agent, "key-revoked")
    finds(figures, "key-revoked")
    for program, folder in ((agent, agent.dir), (figures, os.path.join(figures.dir, "keys"))):
        (key,) = [n for n in os.listdir(folder) if n.endswith(".key")]
        os.chmod(os.path.join(folder, key), 0o644)
        finds(program, "key-mode")
    os.chmod(os.path.join(f.collector.dir, "sign.key"), 0o644)
    finds(f.collector, "key-mode")


def what_waits_and_what_was_not_read(p):
    f, agent, figures = site(p)
    agent.run("import", office.table(p, "a.csv", office.activities(2)))
    finds(agent, "unsent-old", "note")
    later = {"BAOCAO_CLOCK_OFFSET_MS": str(2 * DAY_MS)}
    finds(agent, "unsent-old", env=later)
    finds(figures, "unread-old", env=later)
    finds(figures, "read-to", "note")
    c = p.collector("planless")
    c.run("init")
    c.run("unit", "import", p.write("u.csv", "\n".join(office.UNITS_TABLE)))
    c.up()
    fresh = p.agent("fresh", env=office.QUICK)
    fresh.run("join", c.json("enrol", "BD.02")[0]["code"])
    finds(fresh, "plan-none")
    finds(c, "no-plans")


def wrong_clock(p):
    f, agent, _ = site(p)
    agent.env["BAOCAO_CLOCK_OFFSET_MS"] = str(365 * DAY_MS)
    agent.run("send")
    assert "525" in finds(agent, "clock-skew")["en"]
    f.collector.stop()
    finds(f.collector, "clock-behind", env={"BAOCAO_CLOCK_OFFSET_MS": str(-DAY_MS)})


def limits_and_ports(p):
    f, _, _ = site(p)
    c = f.collector
    c.stop()
    finds(c, "stopped")
    done = subprocess.run(
        ["sh", "-c", 'ulimit -n 60; exec "$@"', "-", *c.command("doctor", "--json")],
        env=c.env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "files-few" in [x["code"] for x in json.loads(done.stdout)["findings"]], done
    c.up()
    finds(c, "port-silent", env={"BAOCAO_LISTEN_DOCUMENTS": "tcp://127.0.0.1:9"})
    other = p.collector("other")
    other.run("init")
    other.up()
    finds(c, "port-other", env={"BAOCAO_LISTEN_DOCUMENTS": "tcp://127.0.0.1:%d" % other.port})


def disks_that_forget(p):
    f, agent, figures = site(p)
    c = f.collector
    lies = {"LD_PRELOAD": EATS}
    for program in (agent, figures, c):
        finds(program, "disk-lies", env=lies)
    finds(c, "disk-low", env={"BAOCAO_DISK_LOW": "9999G"})
    c.stop()
    assert "disk-lies: " in c.run("run", ok=74, env=lies).stderr
    c.start("run", env={**lies, "BAOCAO_STORE_VOLATILE": "yes"})
    lib.wait_until(lambda: c._open(c.port), "it to run all the same")
    finds(c, "disk-lies")  # of the program that runs, not of doctor
    c.stop()
    memory = p.path("memory")
    os.mkdir(memory)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", memory], check=False).returncode:
        raise lib.Skip("needs the right to mount a tmpfs; what can be told without was")
    try:
        there = p.collector("memory/collector")
        there.run("init")
        finds(there, "disk-volatile")
        assert "disk-volatile: " in there.run("run", ok=74).stderr
    finally:
        subprocess.run(["umount", "-l", memory], check=True)


def stores_that_cannot_be_read(p):
    f, agent, figures = site(p)
    f.collector.stop()
    for program, name in ((agent, "outbox.db"), (figures, "aggregator.db"), (f.collector, "queue.db")):
        path = os.path.join(program.dir, name)
        with lib.altered(path) as db:
            db.execute("PRAGMA user_version=999")
        finds(program, "db-newer")
        shutil.copy(path, path + ".whole")
        with open(path, "r+b") as file:
            file.write(b"\0" * 4096)
        found = look(program)
        assert [c for c in found if c.startswith("db-")], found


lib.Cases().run(
    all_is_well,
    nothing_there_yet,
    another_collector_in_its_place,
    key_that_was_revoked_or_opened_to_others,
    what_waits_and_what_was_not_read,
    wrong_clock,
    limits_and_ports,
    disks_that_forget,
    stores_that_cannot_be_read,
)
