#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Plays plan 160 from November 2024 to January 2025 with the real programs, and checks every figure.

usage: run.py [--units N] [--kill PROGRAM --seed S]

--units N keeps N grassroots units beside the special ones' parents (for tests); --kill collector, agent or
aggregator kills that program again and again at random moments. What is left lies in build/demo/.
"""
import argparse
import concurrent.futures
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "scenario")]
sys.dont_write_bytecode = True
import lib  # noqa: E402
import oracle  # noqa: E402
import publish  # noqa: E402
import story  # noqa: E402

AT_ONCE = 4


class Demo(publish.Publishing):
    def __init__(self, folder, only, killer):
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(os.path.join(folder, "agents"))
        self.folder, self.only, self.killer = folder, only, killer
        self.input = os.path.join(folder, "input")
        self.files = story.write(self.input, only)
        self.tree = {
            u: r for u, r in story.units().items() if r["Loại"] != "grassroots" or only is None or u in only
        }
        self.collector = lib.Collector(os.path.join(folder, "collector"))
        self.aggregator = lib.Program("baocao-aggregator", os.path.join(folder, "aggregator"))
        self.agents = {u: lib.Program("baocao-agent", os.path.join(folder, "agents", u)) for u in self.tree}
        self.book = oracle.Oracle(self.input, only)
        self.ids = {}  # (unit, ref) -> id
        self.submissions = 0  # period reports and their revisions
        self.closed = ""  # the bytes of November's published figures
        self.clock = {}
        self.lock = threading.Lock()  # held while somebody starts or stops the collector or the aggregator

    # ---- time and people ----

    def day(self, day, title):
        """It is now this day, everywhere. The collector is restarted, as at night."""
        print("\n== %s  %s" % (day, title), flush=True)
        self.clock = {"BAOCAO_CLOCK_OFFSET_MS": str(story.at(day) - int(time.time() * 1000))}
        self.collector.env.update(self.clock)
        for program in [self.aggregator, *self.agents.values()]:
            program.env.update(self.clock)
        with self.lock:
            if self.collector.running():
                self.aggregator.stop()
                self.collector.stop()
                self.collector.up()
                self.aggregator.start("run")

    def everyone(self, act, units):
        """act(unit) for all, a few at a time; the first failure is raised."""
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            for done in [pool.submit(act, u) for u in units]:
                done.result()

    def agent(self, unit, *words, ok=True):
        """One command at a unit's computer, given again as long as the killer was quicker."""
        program = self.agents[unit]
        while True:
            done = self.killer.run(unit, program, words)
            again = done.returncode == -9 or done.returncode == 75 and words[0] in ("send", "join")
            if not (again and self.killer.program):
                break
        if ok is True and done.returncode != 0:
            raise AssertionError(
                "%s: %s: exit %d\n%s%s"
                % (unit, " ".join(map(str, words)), done.returncode, done.stdout, done.stderr)
            )
        return done

    # ---- what they do ----

    def open_federation(self):
        self.day(story.PUBLISHED, "the federation opens its collector and publishes plan 160")
        c = self.collector
        c.run("init")
        units = self.write_units()
        print(c.run("unit", "import", units).stdout.splitlines()[-1])
        c.run("plan", "publish", os.path.join(HERE, "..", "..", "proto", "data", "plan-160.json"))
        c.run("plan", "publish", os.path.join(HERE, "input", "plan-999.json"))
        c.run("enrol", "--all", "--out", os.path.join(self.folder, "slips"))
        for upper, covered in {
            **story.ON_BEHALF,
            **story.AGGREGATE,
            story.OVERLAP[0]: story.OVERLAP[1],
        }.items():
            for unit in covered:
                if unit in self.tree:
                    c.run("grant", upper, "--for", unit)
        consumer = c.json("consumer", "add", "tonghop", "--may-decide")["code"]
        c.up()
        self.everyone(
            lambda u: self.agent(u, "join", os.path.join(self.folder, "slips", u + ".code")), self.agents
        )
        self.everyone(lambda u: self.agent(u, "send"), self.agents)
        self.aggregator.run("join", consumer)
        self.aggregator.start("run")
        print("%d agents joined by their codes, each through the enrolment port" % len(self.agents))

    def write_units(self):
        path = os.path.join(self.folder, "units.csv")
        with open(os.path.join(HERE, "input", "units.csv"), encoding="utf-8", newline="") as f:
            lines = f.readlines()
        with open(path, "w", encoding="utf-8", newline="") as f:
            f.writelines(
                [lines[0]] + [x for x in lines[1:] if x.split(";")[0].lstrip("\ufeff") in self.tree]
            )
        return path

    def enter(self, unit, month, after=False):
        """Takes a unit's files of a month in, at its own computer or at the one that enters for it."""
        sender = next((up for up, us in story.ON_BEHALF.items() if unit in us), unit)
        for name in self.files.get((unit, month), []):
            if name.endswith("-sau.csv") != after:
                continue
            path = os.path.join(self.input, name)
            if name.endswith(".json"):
                self.agent(sender, "report", path)
                continue
            words = ["import", path] + (["--unit", unit] if sender != unit else []) + ["--json"]
            rows = json.loads(self.agent(sender, *words).stdout)["rows"]
            for row, ref in zip(rows, self.refs(path)):
                self.ids[unit, ref] = row["id"]
            if unit in story.SAME_FILE_TWICE:
                self.agent(sender, "import", path)

    @staticmethod
    def refs(path):
        with open(path, encoding="utf-8-sig", newline="") as f:
            return [r[story.HEADS["ref"]] for r in story.csv.DictReader(f, delimiter=";")]

    def submit(self, unit, month):
        sender = next((up for up, us in story.ON_BEHALF.items() if unit in us), unit)
        words = ["submit", month, "--plan", story.PLAN, "--yes"] + (
            ["--unit", unit] if sender != unit else []
        )
        if not self.book.nil(unit, month):
            words += [
                w
                for m, v in self.book.said(unit, month).items()
                for w in ("--set", "%s=%s" % (m, story.cell(v)))
            ]
        self.agent(sender, *words)
        with self.lock:
            self.submissions += 1

    def whole_month(self, unit, month):
        self.enter(unit, month)
        if self.book.submitted(unit, month) and not self.before_tet(unit, month):
            self.submit(unit, month)

    def before_tet(self, unit, month):
        return month == "2025-01" and unit in story.BEFORE_TET_UNITS

    def month(self, month):
        """The reporting days of one month."""
        late = [u for u in self.agents if story.is_in(story.LATE_UNITS, u, month)]
        offline = [u for u in self.agents if story.is_in(story.OFFLINE, u, month)]
        served = [u for us in [*story.ON_BEHALF.values(), *story.AGGREGATE.values()] for u in us]
        early = story.BEFORE_TET_UNITS if month == "2025-01" else []
        own = [u for u in self.agents if u not in late + served and u not in early]
        if early:
            self.day(story.BEFORE_TET, "some say before Tết that no more will come")
            early = [u for u in early if u in self.agents]
            self.everyone(
                lambda u: (self.enter(u, month), self.submit(u, month), self.agent(u, "send")), early
            )
        self.day(story.ON_TIME[month], "the units report %s" % month)
        self.everyone(lambda u: self.whole_month(u, month), own)
        self.everyone(
            lambda u: self.enter(u, month, after=True),
            [u for u in story.ACTIVE_AFTER_SUBMIT if u in self.agents],
        )
        for upper, units in story.ON_BEHALF.items():
            for u in units:
                if u in self.tree:
                    self.whole_month(u, month)
        for upper in list(story.AGGREGATE) + ([story.OVERLAP[0]] if month == story.OVERLAP[2] else []):
            self.agent(upper, "report", os.path.join(self.input, "tong-hop-%s-%s.json" % (upper, month)))
        sending = threading.Thread(target=self.kill_collector) if month == "2024-12" else None
        if sending:
            sending.start()
        stays_off = [] if month == "2025-01" or month == "2024-12" else offline
        self.everyone(
            lambda u: self.agent(u, "send", ok=None if sending else True),
            [u for u in self.agents if u not in stays_off + late],
        )
        if sending:
            sending.join()
            self.everyone(lambda u: self.agent(u, "send"), [u for u in self.agents if u not in late])
        self.day(story.LATE[month], "the late ones")
        self.everyone(
            lambda u: (self.whole_month(u, month), self.agent(u, "send")),
            [u for u in late if u in self.agents],
        )
        self.changes(month)
        print("%d documents in the log" % self.stored(), flush=True)

    def kill_collector(self):
        """In the middle of everybody's sending."""
        seen = self.stored()
        lib.wait_until(lambda: self.stored() > seen + 20, "20 more documents in the log")
        with self.lock:  # or somebody else starts it a second time
            self.collector.kill()
            print(
                "the collector was killed (SIGKILL) with %d documents in its log, and is started again"
                % self.stored()
            )
            self.collector.up()

    def stored(self):
        with sqlite3.connect("file:%s/queue.db?mode=ro" % self.collector.dir, uri=True, timeout=10) as db:
            return db.execute("SELECT count(*) FROM document").fetchone()[0]

    def changes(self, month):
        with open(os.path.join(self.input, "changes.json"), encoding="utf-8") as f:
            changes = json.load(f)
        for c in changes["correct"]:
            if c["when"] == month and c["unit"] in self.agents:
                sets = [w for k, v in c["set"].items() for w in ("--set", "%s=%s" % (k, v))]
                self.agent(
                    c["unit"], "correct", self.ids[c["unit"], c["ref"]], *sets, "--reason", c["reason"]
                )
                self.resubmit(c["unit"], c["ref"][:7])
        for w in changes["withdraw"]:
            if w["ref"].startswith(month) and w["unit"] in self.agents:
                self.agent(w["unit"], "withdraw", self.ids[w["unit"], w["ref"]], "--reason", w["reason"])
                self.resubmit(w["unit"], month)

    def resubmit(self, unit, month):
        self.submit(unit, month)
        self.agent(unit, "send")

    # ---- looking at the result ----

    def check(self):
        """Compares every measure of every unit; returns the differences in words."""
        lib.wait_until(self.level, "the aggregator to have read the whole log\n" + self.aggregator.tail())
        out = []
        for month in story.MONTHS:
            summaries = self.summaries(month)
            for (unit, plan), summary in summaries.items():
                oracle.compare_figures(self.book, unit, month, plan, summary, out)
            oracle.compare_board(self.book, month, summaries["BD", story.PLAN]["board"], out)
        self.check_closed(out)
        return out

    def level(self):
        """True once the aggregator has folded all there is."""
        told = self.aggregator.run("status", "--json", ok=None)
        at = json.loads(told.stdout) if told.returncode == 0 else {}
        with self.lock:
            return at.get("position", 0) == self.collector.json("status")["position"]

    def summaries(self, month):
        wanted = [(u, story.PLAN) for u in self.tree] + [("BD", None), ("BD", story.SECOND)]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            return dict(zip(wanted, pool.map(lambda w: self.summary(w[0], month, w[1]), wanted)))

    def summary(self, unit, month, plan, form="json"):
        words = ["summary", "--unit", unit, "--period", month, "--format", form] + (
            ["--plan", plan] if plan else []
        )
        text = self.aggregator.run(*words).stdout
        return json.loads(text) if form == "json" else text

    def show(self):
        """Prints the tables, leaves the files."""
        for month in story.MONTHS:
            for form, name in (("json", "json"), ("csv", "csv")):
                text = self.aggregator.run(
                    "summary", "--unit", "BD", "--period", month, "--plan", story.PLAN, "--format", form
                ).stdout
                with open(
                    os.path.join(self.folder, "summary-%s.%s" % (month, name)),
                    "w",
                    encoding="utf-8",
                    newline="",
                ) as f:
                    f.write(text)
        self.aggregator.env["BAOCAO_LANG"] = "vi"
        for form in ("docx", "pdf", "xlsx"):
            self.document("2024-12", form)
        print("\n" + self.summary("BD", "2024-11", story.PLAN, "table"))
        print(self.staff("restated", "--period", "2024-11"))
        print(self.aggregator.run("joint", "--period", story.EVENT["month"], "--plan", story.PLAN).stdout)
        print(self.aggregator.run("missing", "--period", "2025-01", "--plan", story.PLAN).stdout)
        unit = "BD.TDM.01"
        with open(os.path.join(self.folder, "receipt.json"), "w", encoding="utf-8") as f:
            json.dump(self.agents[unit].json("receipt", self.ids[unit, "2024-11/1"]), f, ensure_ascii=False)
        self.agents[unit].env["BAOCAO_LANG"] = "vi"
        print(self.agents[unit].run("receipt", self.ids[unit, "2024-11/1"], "--verify").stdout)

    def stored_in_log(self):
        """(id, rev) of every document in the log, read from the store after the collector has ended."""
        self.collector.stop()
        print(self.collector.run("verify").stdout.strip())
        with sqlite3.connect("file:%s/queue.db?mode=ro" % self.collector.dir, uri=True) as db:
            headers = [json.loads(h) for (h,) in db.execute("SELECT header FROM entry ORDER BY position")]
        return [(h["id"], h["rev"]) for h in headers if h["kind"] == "document"]

    def live(self):
        """How many documents the summaries account for: counted, spoken for by the host of a joint event,
        left out by rule, or withdrawn."""
        kinds = ("activities", "periods", "aggregates", "left_out", "withdrawn")
        whole = [self.summary("BD", month, None)["documents"] for month in story.MONTHS]
        guests = sum(len(self.book.guests("BD", month)) for month in story.MONTHS)
        return guests + sum(d[k] for d in whole for k in kinds)

    def end(self):
        for program in (self.aggregator, self.collector):
            program.kill()


class Killer:
    """Kills a program again and again while the story goes on, at moments drawn from a seed; the collector
    and the aggregator it starts again, as systemd would."""

    def __init__(self, program, seed):
        self.program, self.random = program, random.Random(seed)
        self.kills, self.over = 0, threading.Event()
        self.thread = None
        self.busy = {}  # unit -> process of its agent

    def run(self, unit, program, words):
        """Runs an agent's command so that it can be killed in the middle."""
        process = subprocess.Popen(
            program.command(*words),
            env=program.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.busy[unit] = process
        try:
            out, err = process.communicate(timeout=120)
        finally:
            self.busy.pop(unit, None)
        return subprocess.CompletedProcess(words, process.returncode, out, err)

    def start(self, demo):
        if self.program:
            self.thread = threading.Thread(target=self._work, args=(demo,), daemon=True)
            self.thread.start()

    def stop(self):
        self.over.set()
        if self.thread:
            self.thread.join()
            print("killed the %s %d times" % (self.program, self.kills))

    def _work(self, demo):
        while not self.over.wait(self.random.uniform(0.05, 0.6)):
            with demo.lock:
                self.kills += self._kill(demo)

    def _kill(self, demo):
        if self.program == "agent":
            processes = list(self.busy.values())
            if processes:
                self.random.choice(processes).kill()
            return len(processes) > 0
        target = demo.collector if self.program == "collector" else demo.aggregator
        if not target.running():
            return 0
        target.kill()
        demo.collector.up() if target is demo.collector else target.start("run")
        return 1


def choose_units(count):
    """The units that are kept with --units: those with a part in the story first."""
    if count is None:
        return None
    named = [
        u for t in (story.SILENT, story.NIL, story.LATE_UNITS, story.NOT_SUBMITTED, story.OFFLINE) for u in t
    ]
    named = [
        u for us in [*story.ON_BEHALF.values(), *story.AGGREGATE.values(), story.OVERLAP[1]] for u in us
    ] + named
    named = [u for u, _ in story.CORRECT + story.WITHDRAW] + named
    rest = [u for u, r in story.units().items() if r["Loại"] == "grassroots"]
    return set(list(dict.fromkeys([u for u in named if u in rest] + rest))[:count])


def play(demo):
    demo.open_federation()
    demo.killer.start(demo)
    try:
        for month in story.MONTHS:
            demo.month(month)
            if month == story.MONTHS[0]:
                demo.publish(month)
    finally:
        demo.killer.stop()
    print("\n== the federation looks at the figures", flush=True)
    differences = demo.check()
    demo.show()
    return differences


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--units", type=int)
    parser.add_argument("--kill", choices=["collector", "agent", "aggregator"])
    parser.add_argument("--seed", type=int, default=story.SEED)
    parser.add_argument("--folder", default=os.path.join(lib.ROOT, "build", "demo"))
    options = parser.parse_args()
    print("demo: plan 160, seed %d, files in %s" % (options.seed, os.path.relpath(options.folder)))
    demo = Demo(options.folder, choose_units(options.units), Killer(options.kill, options.seed))
    try:
        differences = play(demo)
        live = demo.live()
        stored = demo.stored_in_log()
    finally:
        demo.end()
    for line in differences[:40]:
        print("differs: " + line)
    reports = demo.book.handed_in + demo.submissions
    doubled = len(stored) - len(set(stored))
    counted = live + sum(rev > 1 for _, rev in stored)  # each later revision replaced an earlier one
    lost = reports - len(set(stored))
    print(
        "demo: reports=%d stored=%d counted=%d lost=%d doubled=%d"
        % (reports, len(stored), counted, lost, doubled)
    )
    return 0 if len(stored) == counted == reports and not differences else 1


sys.exit(main())
