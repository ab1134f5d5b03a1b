# SPDX-License-Identifier: MPL-2.0
"""A real collector in a directory of its own, for the tests of this folder."""
import csv
import datetime
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import formats
import vectors

BUILD = os.environ.get("BAOCAO_BUILD", os.path.join(vectors.ROOT, "build", "release"))
PROGRAM = os.path.join(BUILD, "baocao-collector")
PATIENCE = 20.0  # s
UNITS = [("VD", "federation", "Liên đoàn Ví dụ", "", ""), ("VD.01", "grassroots", vectors.NAME, "VD", "x")]
UNITS += [
    (f"VD.{i:02}", "grassroots", f"Công đoàn cơ sở Công ty Ví dụ số {i}", "VD", "x") for i in range(2, 9)]


def free_ports(n):
    held = [socket.socket() for _ in range(n)]
    for s in held:
        s.bind(("127.0.0.1", 0))
    ports = [s.getsockname()[1] for s in held]
    for s in held:
        s.close()
    return ports


def wait_until(condition, what, patience=PATIENCE):
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {patience} s: {what}")
        time.sleep(0.02)  # poll interval


def listens(port):
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) == 0


class Collector:
    def __init__(self):
        self.top = tempfile.mkdtemp(prefix="baocao-interop.")
        self.dir, self.process, self.started = os.path.join(self.top, "data"), None, 0
        self.ports = free_ports(2)
        self.config = os.path.join(self.top, "collector.cfg")
        with open(self.config, "w", encoding="utf-8") as out:
            out.write(f'listen\n    documents = "tcp://127.0.0.1:{self.ports[0]}"\n'
                      f'    enrol = "tcp://127.0.0.1:{self.ports[1]}"\npublic\n    host = "127.0.0.1"\n'
                      'disk\n    low = "1M"\n')
        try:
            self.run("init")
            self.run("unit", "import", self._units())
            plan = json.dumps(vectors.PLAN_BODY, ensure_ascii=False)
            self.run("plan", "publish", self.file("plan.json", plan))
        except BaseException:
            self.close()
            raise

    def file(self, name, text):
        path = os.path.join(self.top, name)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        return path

    def _units(self):
        path = os.path.join(self.top, "units.csv")
        with open(path, "w", encoding="utf-8", newline="") as out:
            rows = csv.writer(out, delimiter=";")
            rows.writerow(["code", "kind", "name", "parent", "expected", "opened"])
            rows.writerows(row + ("2020-01-01",) for row in UNITS)
        return path

    def run(self, *words, good=True):
        """Runs a verb; its output."""
        done = subprocess.run([PROGRAM, "-d", self.dir, "-c", self.config, *words], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, timeout=60,
                              env=dict(os.environ, BAOCAO_LANG="en"))
        output = done.stdout.decode()
        if (done.returncode == 0) != good:
            raise AssertionError(f"{' '.join(words)} ended with {done.returncode}: {output}")
        return output

    def start(self, **settings):
        """Starts it, with SETTINGS in its environment."""
        self.started += 1
        self.log = os.path.join(self.top, f"run-{self.started}.log")
        with open(self.log, "wb") as out:
            self.process = subprocess.Popen([PROGRAM, "-d", self.dir, "-c", self.config, "run"], stdout=out,
                                            stderr=out, stdin=subprocess.DEVNULL,
                                            env=dict(os.environ, BAOCAO_LANG="en", **settings))
        wait_until(lambda: self.process.poll() is not None or all(map(listens, self.ports)), "ports are open")
        if self.process.poll() is not None:
            with open(self.log, encoding="utf-8") as log:
                raise AssertionError(f"the collector ended: {log.read()}")

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        status = self.process.wait(PATIENCE)
        if how == signal.SIGTERM and status != 0:
            with open(self.log, encoding="utf-8") as log:
                raise AssertionError(f"SIGTERM ended it with {status}: {log.read()}")

    def code(self, *words):
        """The code that `enrol UNIT` or `consumer add NAME` makes."""
        made = json.loads(self.run(*words, "--json"))
        return (made[0] if isinstance(made, list) else made)["code"]

    def close(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.top)


def held_number(collector, id):
    """The number under which `held list` shows a document."""
    for held in json.loads(collector.run("held", "list", "--json")):
        if held["id"] == id:
            return str(held["held"])
    raise AssertionError(f"{id} is not held")


# Documents of the example plan

def yesterday():
    """A day that is past for whoever looks, in +07:00."""
    zone = datetime.timezone(datetime.timedelta(hours=7))
    return datetime.datetime.now(zone).date() - datetime.timedelta(1)


def activity(unit="VD.01", **changed):
    day = yesterday().isoformat()
    ms = int(time.time() * 1000)
    document = {"doc": "activity", "id": formats.uuid7(ms, os.urandom(10)), "rev": 1, "unit": unit,
                "entered_by": unit, "source": "agent", "made": ms,
                "plans": [{"plan": vectors.PLAN, "version": 1}], "from": day, "to": day, "form": "f1",
                "title": "Hội nghị phổ biến kế hoạch", "topics": ["t1"],
                "measures": {"sessions": 1, "attendance": 120, "members": 100}}
    document.update(changed)
    return {k: v for k, v in document.items() if v is not None}


def period(unit, activities, **changed):
    month = yesterday().strftime("%Y-%m")
    document = {"doc": "period", "id": formats.uuid8("period", unit, vectors.PLAN, "duonglich", month),
                "rev": 1, "unit": unit, "entered_by": unit, "source": "agent",
                "made": int(time.time() * 1000), "plans": [{"plan": vectors.PLAN, "version": 1}],
                "calendar": "duonglich", "period": month,
                "activities": [{"id": a["id"], "rev": a["rev"],
                                "sha256": formats.sha256(formats.one_line(a)).hex()} for a in activities]}
    document.update(changed)
    return document


def aggregate(unit, covers, **changed):
    month = yesterday().strftime("%Y-%m")
    group = ",".join(sorted(covers))
    document = {"doc": "aggregate",
                "id": formats.uuid8("aggregate", unit, vectors.PLAN, "duonglich", month, group),
                "rev": 1, "unit": unit, "entered_by": unit, "source": "agent",
                "made": int(time.time() * 1000), "plans": [{"plan": vectors.PLAN, "version": 1}],
                "calendar": "duonglich", "period": month, "covers": covers,
                "measures": {"sessions": 2, "attendance": 50}}
    document.update(changed)
    return document
