# SPDX-License-Identifier: MPL-2.0
"""Stands between a program and its collector with the keys of both, and plays with whole messages.

CURVE and TCP let nothing of this through on a line; a relay that starts again might do all of it.
"""
import os
import threading
import time

import zmq
from zmq.utils import z85

KEPT = 0.3  # s; a message that was held back goes then, where no other comes before
DECK = ["pass"] * 12 + ["lose"] + ["double"] * 3 + ["hold"] * 4  # so often in twenty messages, shuffled


def pair(path):
    """Public and secret half of a key file, as libzmq wants them."""
    with open(path, encoding="ascii") as file:
        halves = dict(line.split() for line in file if line.startswith(("public ", "secret ")))
    return [z85.encode(bytes.fromhex(halves[name])) for name in ("public", "secret")]


class Way:
    """One direction: each message is lost, doubled, held back until another has passed, or let through."""

    def __init__(self, middle, send):
        self.middle, self.send = middle, send
        self.held, self.since = [], 0

    def take(self, frames):
        what = self.middle.draw()
        if what == "hold":
            self.held.append(frames)
            self.since = time.monotonic()
            return
        for _ in range({"pass": 1, "lose": 0, "double": 2}[what]):
            self.send(frames)
        self.release()

    def release(self):
        held, self.held = self.held, []
        for frames in held:
            self.send(frames)

    def tend(self):
        if self.held and time.monotonic() - self.since > KEPT:
            self.release()


class Middle:
    """Listens on .port for one program whose key lies in KEY; .count says what was done to its messages."""

    def __init__(self, collector, key, rng):
        self.rng, self.deck, self.calmed = rng, [], False
        self.count = dict.fromkeys(DECK, 0)
        self.server = pair(os.path.join(collector.dir, "server.key"))
        self.client, self.far = pair(key), "tcp://127.0.0.1:%d" % collector.port
        self.context, self.ending = zmq.Context(), False
        self.front = self.context.socket(zmq.ROUTER)
        self.front.linger = 0
        self.front.curve_server = True
        self.front.curve_publickey, self.front.curve_secretkey = self.server
        self.port = self.front.bind_to_random_port("tcp://127.0.0.1", 20000, 32000)
        self.peer = self.back = self.up = self.down = None
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def calm(self):
        """From now on everything passes, once and in order."""
        self.calmed = True

    def draw(self):
        """What becomes of the next message."""
        if self.calmed:
            return "pass"
        if not self.deck:
            self.deck = self.rng.sample(DECK, len(DECK))
        what = self.deck.pop()
        self.count[what] += 1
        return what

    def close(self):
        self.ending = True
        self.thread.join(30)
        self.context.destroy(linger=0)

    # ---- in the thread ----

    def _open(self, peer):
        """A new connection of the program: a new one to the collector."""
        if self.back:
            self.back.close()
        self.peer, self.back = peer, self.context.socket(zmq.DEALER)
        self.back.linger = 0
        self.back.curve_publickey, self.back.curve_secretkey = self.client
        self.back.curve_serverkey = self.server[0]
        self.back.connect(self.far)
        self.up = Way(self, self.back.send_multipart)
        self.down = Way(self, lambda frames: self.front.send_multipart([peer, *frames]))

    def _run(self):
        while not self.ending:
            sockets = [self.front] + ([self.back] if self.back else [])
            ready, _, _ = zmq.select(sockets, [], [], 0.05)
            if self.front in ready:
                peer, *frames = self.front.recv_multipart()
                if peer != self.peer:
                    self._open(peer)
                self.up.take(frames)
            elif self.back in ready:
                self.down.take(self.back.recv_multipart())
            for way in (self.up, self.down):
                if way:
                    way.tend()
