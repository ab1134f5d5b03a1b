# SPDX-License-Identifier: MPL-2.0
"""One round: officers report while faults begin and end, by a seed; then all is healed, drained, checked."""
import collections
import random
import shutil
import tempfile
import time

import draw
import lib
import oracle
from ledger import MONTHS, Ledger
from world import World

STEPS, AT_ONCE = 60, 3
PAUSES, LONGEST = 0.4, 0.8  # s; a fault often outlasts the time-outs of world.QUICK


class Round:
    def __init__(self, seed, steps=STEPS):
        self.seed, self.steps, self.rng = seed, steps, random.Random(seed)
        self.counts, self.active, self.story = collections.Counter(), [], []

    def note(self, text):
        self.story.append(text)

    def step(self, world):
        """Something an officer does, or a fault that begins or ends."""
        what = self.rng.random()
        if what < 0.3 and len(self.active) < AT_ONCE:
            fault = draw.draw(world, self.rng)
            if fault.begin():
                self.counts[fault.name] += 1
                self.active.append(fault)
                self.note("%s begins" % fault.name)
        elif what < 0.45 and self.active:
            self.end(self.rng.choice(self.active))
        else:
            self.work(world)
        if self.rng.random() < PAUSES:  # what a fault does takes its time
            time.sleep(self.rng.uniform(0, LONGEST))  # a pause between two steps, which is what is played
        world.tend()

    def end(self, fault):
        fault.end()
        self.active.remove(fault)
        self.note("%s ends" % fault.name)

    def work(self, world):
        one = self.rng.choice(world.offices)
        if one.frozen:
            return
        kill = self.rng.uniform(0.001, 0.04) if self.rng.random() < 0.2 else None
        does = [one.enter, one.enter, one.enter_again, one.change, one.change]
        if not one.second:
            does.append(one.submit)
        act = self.rng.choice(does)
        self.note("%s: %s%s" % (one.name, act.__name__, "" if kill is None else ", killed"))
        one.repeat()
        act(self.rng, kill)

    def heal(self, world):
        """Nothing is frozen, away or cut off any more; commands are given until they are kept."""
        for fault in list(self.active):
            self.end(fault)
        for daemon in world.daemons:
            daemon.inject = None
        for one in world.offices:
            lib.wait_until(lambda one=one: world.tend() or one.repeat(), "%s to keep all" % one.name, 90)
        lib.wait_until(lambda: self.quiet(world), "everybody to run")

    @staticmethod
    def quiet(world):
        """Nobody runs under strace any more, who could still fall."""
        world.tend()
        return all(d.program.running() for d in world.daemons)

    def submit_all(self, world):
        """Each unit says for each month that this is all, by its first computer."""
        for one in world.offices:
            if not one.second:
                for month in MONTHS:
                    one.give(["submit", month, "--yes"], one.submitted)
                assert not one.again, one.again

    def play(self, place):
        world = World(place, Ledger())
        try:
            for _ in range(self.steps):
                self.step(world)
            self.heal(world)
            for daemon in world.daemons:  # whoever still runs under strace is stopped here, and starts bare
                daemon.stop()
                daemon.tend()
            oracle.drained(world)
            self.submit_all(world)
            oracle.drained(world)
            return oracle.check(world)
        finally:
            world.close()


def play(seed, steps=STEPS):
    """What the round of SEED came to: faults, reports, lost, doubled, invented, said, seconds."""
    folder, started, begin = tempfile.mkdtemp(prefix="baocao-"), [], time.monotonic()
    out = {"seed": seed, "reports": 0, "lost": 0, "doubled": 0, "invented": 0, "said": []}
    one = Round(seed, steps)
    try:
        found, out["reports"] = one.play(lib.Place(folder, started))
        out.update(lost=found.lost, doubled=found.doubled, invented=found.invented, said=found.said)
    except Exception as e:  # pylint: disable=broad-except
        tails = ["--- %s\n%s" % (p.dir, p.tail()) for p in started]
        out["said"] = ["%s: %s" % (type(e).__name__, e), "story: " + "; ".join(one.story), *tails]
        out["failed"] = True
    finally:
        for p in started:
            p.kill()
        shutil.rmtree(folder, ignore_errors=True)
    out.update(faults=dict(one.counts), seconds=time.monotonic() - begin)
    return out
