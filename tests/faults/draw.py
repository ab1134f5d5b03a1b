# SPDX-License-Identifier: MPL-2.0
"""The faults a round draws from. Each begins at once and ends by `end`, after which all can be well again."""
import shutil
import signal

ERRORS = ("EIO", "ENOSPC")
HOUR, YEAR = 3600000, 365 * 86400000


class Fault:
    """NAME is what is counted; WEIGHT how often it is drawn."""

    name, weight = "", 1

    def __init__(self, world, rng):
        self.world, self.rng = world, rng

    def begin(self):
        """0 where it cannot be done now."""
        raise NotImplementedError

    def end(self):
        pass

    def any_daemon(self):
        awake = [d for d in self.world.daemons if not d.frozen and not d.down and d.program.running()]
        return self.rng.choice(awake) if awake else None


class Kill(Fault):
    name, weight = "killed", 5

    def begin(self):
        daemon = self.any_daemon()
        if daemon:
            daemon.program.kill()
        return daemon


class Stay(Fault):
    """Ended by SIGTERM or SIGKILL, and away for a while."""

    name, weight = "away", 2

    def begin(self):
        self.daemon = self.any_daemon()
        if not self.daemon:
            return None
        self.daemon.down = True
        self.daemon.program.kill(self.rng.choice((signal.SIGTERM, signal.SIGKILL)))
        return self.daemon

    def end(self):
        self.daemon.down = False


class Freeze(Fault):
    """SIGSTOP for longer than every time-out."""

    name, weight = "frozen", 3

    def begin(self):
        self.daemon = self.any_daemon()
        if self.daemon:
            self.daemon.frozen = True
            self.daemon.program.process.send_signal(signal.SIGSTOP)
        return self.daemon

    def end(self):
        self.daemon.frozen = False
        if self.daemon.program.running():
            self.daemon.program.process.send_signal(signal.SIGCONT)


class Disk(Fault):
    """The n-th call that touches the disk, and where it fails all that follow, kills the program or fails."""

    name, weight = "disk", 6

    def begin(self):
        daemon = self.any_daemon()
        if not daemon:
            return None
        nth = int(2 ** self.rng.uniform(0, 8))
        calls = self.rng.choice(
            (
                "pwrite64",
                "fdatasync,fsync",
                "ftruncate,rename,mkdir",
                "pwrite64,fdatasync,fsync,ftruncate,rename,mkdir",
            )
        )
        what = "signal=SIGKILL:when=%d" % nth
        if self.rng.random() < 0.5:
            what = "error=%s:when=%d+" % (self.rng.choice(ERRORS), nth)
        daemon.inject = "%s:%s" % (calls, what)
        daemon.program.kill()
        return daemon


class Network(Fault):
    """What lies between one program and the collector does one of its tricks."""

    name, weight = "network", 6

    def begin(self):
        self.proxy = self.rng.choice(self.world.proxies())
        trick = self.rng.choice(("partition", "refuse", "reset", "delay", "rate", "lossy", "cut_after"))
        args = {
            "delay": (self.rng.uniform(0.1, 2),),
            "rate": (self.rng.choice((1000, 20000)),),
            "lossy": (0.3, self.rng.random()),
            "cut_after": (self.rng.randint(1, 20000),),
        }
        getattr(self.proxy, trick)(*args.get(trick, ()))
        return trick

    def end(self):
        self.proxy.heal()


class Clock(Fault):
    """A clock that is wrong: an agent's by a year, the collector's back by an hour."""

    name, weight = "clock", 2

    def begin(self):
        self.daemon = self.any_daemon()
        if not self.daemon or self.daemon is self.world.reader:
            return None
        off = -HOUR if self.daemon is self.world.keeper else self.rng.choice((-YEAR, YEAR))
        self.daemon.program.env["BAOCAO_CLOCK_OFFSET_MS"] = str(off)
        self.daemon.program.kill(signal.SIGTERM)
        return self.daemon

    def end(self):
        self.daemon.program.env.pop("BAOCAO_CLOCK_OFFSET_MS", None)
        if not self.daemon.frozen:
            self.daemon.program.kill(signal.SIGTERM)


class Backup(Fault):
    """The collector is put back to what it was some time ago; agents send again what it lost."""

    name, weight = "restored", 2

    def begin(self):
        world, c = self.world, self.world.collector
        if world.keeper.frozen or world.keeper.down:
            return None
        if world.backup is None or self.rng.random() < 0.3:
            world.backups += 1
            path = world.place.path("backup-%d" % world.backups)
            if c.run("backup", path, ok=None).returncode == 0:
                world.backup = path
            return None  # that was no fault
        c.kill()
        shutil.rmtree(c.dir)
        c.run("restore", world.backup)
        return world.backup


class Clone(Fault):
    """An office's disk copied to a second computer; both go on."""

    name, weight = "cloned", 1

    def begin(self):
        names = [o.name for o in self.world.offices]
        fit = [
            o
            for o in self.world.offices
            if o.program.running()
            and not (o.frozen or o.down or o.again or o.second)
            and o.name + "b" not in names
        ]
        if not fit:
            return None
        one = self.rng.choice(fit)
        self.world.clone(one)
        return one


ALL = (Kill, Stay, Freeze, Disk, Network, Clock, Backup, Clone)


def draw(world, rng):
    kind = rng.choices(ALL, [k.weight for k in ALL])[0]
    return kind(world, rng)
