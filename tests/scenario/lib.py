# SPDX-License-Identifier: MPL-2.0
"""What scenarios, interop tests and the demo share: the real programs, ports, waiting on conditions."""
import contextlib
import fcntl
import hashlib
import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(ROOT, os.environ.get("BAOCAO_BUILD", "build/release"))
_held_ports = []


def forgets(folder):
    """Whether FOLDER lies in memory, where a collector refuses to run unless it is told to."""
    kind = subprocess.run(["stat", "-f", "-c", "%T", folder], capture_output=True, text=True, check=False)
    return kind.stdout.strip() in ("tmpfs", "ramfs")


TEMP_FORGETS = forgets(tempfile.gettempdir())


def free_port():
    """A port below the ephemeral range that nobody holds, kept for this process by a lock file."""
    folder = os.path.join(tempfile.gettempdir(), "baocao-ports")
    os.makedirs(folder, exist_ok=True)
    while True:
        port = random.randint(20000, 31999)
        lock = open(os.path.join(folder, str(port)), "w", encoding="ascii")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with socket.socket() as s:
                s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                s.bind(("127.0.0.1", port))
            _held_ports.append(lock)
            return port
        except OSError:
            lock.close()


@contextlib.contextmanager
def altered(path):
    """A database to be altered behind a program's back; its pages are sealed again (proto/base/db_seal.h)."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        yield db
        db.commit()
    with open(path, "r+b") as file:
        data = bytearray(file.read())
        size = int.from_bytes(data[16:18], "big")
        for at in range(0, len(data), size):
            place = at.to_bytes(8, "little")
            end = at + size - 8
            data[end : end + 8] = hashlib.sha256(place + data[at:end]).digest()[:8]
        file.seek(0)
        file.write(data)


def wait_until(condition, what, seconds=30):
    """Returns the first true value of condition(); fails with WHAT when there is none in time."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError("waited %d s in vain for: %s" % (seconds, what))
        time.sleep(0.02)  # the pause between two looks, not the thing waited for


class Program:
    """One of the three programs on one data directory."""

    def __init__(self, name, folder, env=None):
        self.name, self.dir = name, folder
        self.env = {**os.environ, "BAOCAO_LANG": "en", **(env or {})}
        self.process = None
        self.log = folder + ".log"

    def command(self, *words):
        return [os.path.join(BUILD, self.name), "-d", self.dir, *map(str, words)]

    def run(self, *words, ok=True, stdin=None, env=None):
        """Runs one command line to its end. OK True: it must exit 0; a number: with that; None: any."""
        done = subprocess.run(
            self.command(*words),
            env={**self.env, **(env or {})},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        want = 0 if ok is True else ok
        if want is not None and done.returncode != want:
            raise AssertionError(
                "%s %s: exit %d, expected %d\n%s%s"
                % (self.name, " ".join(map(str, words)), done.returncode, want, done.stdout, done.stderr)
            )
        return done

    def json(self, *words, **more):
        return json.loads(self.run(*words, "--json", **more).stdout)

    def start(self, *words, env=None):
        """Starts a daemon verb; its stderr goes to DIR.log."""
        with open(self.log, "a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                self.command(*words), env={**self.env, **(env or {})}, stdout=log, stderr=log
            )
        return self.process

    def running(self):
        return self.process is not None and self.process.poll() is None

    def kill(self, sig=signal.SIGKILL):
        if self.running():
            self.process.send_signal(sig)
            self.process.wait(60)
        return self.process.returncode if self.process else None

    def stop(self):
        return self.kill(signal.SIGTERM)

    def tail(self, lines=15):
        if not os.path.exists(self.log):
            return ""
        with open(self.log, encoding="utf-8", errors="replace") as f:
            return "".join(f.readlines()[-lines:])


class Collector(Program):
    """A collector with its own ports on loopback."""

    def __init__(self, folder, env=None):
        self.port, self.enrol_port = free_port(), free_port()
        super().__init__(
            "baocao-collector",
            folder,
            {
                "BAOCAO_LISTEN_DOCUMENTS": "tcp://127.0.0.1:%d" % self.port,
                "BAOCAO_LISTEN_ENROL": "tcp://127.0.0.1:%d" % self.enrol_port,
                "BAOCAO_PUBLIC_HOST": "127.0.0.1",
                **({"BAOCAO_STORE_VOLATILE": "yes"} if TEMP_FORGETS else {}),
                **(env or {}),
            },
        )

    def up(self, env=None):
        """Starts it and waits until both ports take connections."""
        self.start("run", env=env)
        for port in (self.port, self.enrol_port):
            wait_until(
                lambda port=port: self._open(port), "the collector's port %d\n%s" % (port, self.tail())
            )
        return self

    def _open(self, port):
        if not self.running():
            raise AssertionError("the collector ended with %s\n%s" % (self.process.returncode, self.tail()))
        with socket.socket() as s:
            return s.connect_ex(("127.0.0.1", port)) == 0


class Skip(Exception):
    """The machine lacks what a case needs, which the message names."""


class Cases:
    """Runs functions as cases, each in a fresh temporary folder; prints `ok name`, `FAIL name: reason` or
    `skip name: reason`."""

    def __init__(self):
        self.failed = 0

    def run(self, *functions):
        chosen = sys.argv[1:]
        for function in functions:
            if chosen and function.__name__ not in chosen:
                continue
            folder = tempfile.mkdtemp(prefix="baocao-")
            started = []
            try:
                function(Place(folder, started))
                print("ok %s" % function.__name__, flush=True)
            except Skip as e:
                print("skip %s: %s" % (function.__name__, e), flush=True)
            except Exception as e:  # a case must not stop the others
                self.failed += 1
                print("FAIL %s: %s: %s" % (function.__name__, type(e).__name__, e), flush=True)
                for p in started:
                    print("--- %s\n%s" % (p.name, p.tail()), flush=True)
            finally:
                for p in started:
                    p.kill()
                shutil.rmtree(folder, ignore_errors=True)
        sys.exit(1 if self.failed else 0)


class Place:
    """The folder of a case, and what was started in it."""

    def __init__(self, folder, started):
        self.folder, self.started = folder, started

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)
        return self.path(name)

    def collector(self, name="collector", **more):
        self.started.append(Collector(self.path(name), **more))
        return self.started[-1]

    def agent(self, name, **more):
        self.started.append(Program("baocao-agent", self.path(name), **more))
        return self.started[-1]

    def aggregator(self, name="aggregator", **more):
        self.started.append(Program("baocao-aggregator", self.path(name), **more))
        return self.started[-1]
