# SPDX-License-Identifier: MPL-2.0
"""A TCP proxy that does what networks do: in a thread of its own, for one port of a program on this machine.

Every setting holds for the connections there are and those to come, until the next one or `heal`.
"""
import asyncio
import random
import socket
import struct
import threading

PIECE = 4096  # bytes read at once


class Proxy:
    """Listens on .port and passes everything on to PORT_TO; counts .connects and bytes .passed."""

    def __init__(self, port_to):
        self.port_to, self.connects = port_to, 0
        self.streams, self.passed = set(), 0
        self._well()
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.server = self._do(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = self.server.sockets[0].getsockname()[1]

    def _well(self):
        self.stopped = self.refusing = False
        self.late, self.speed, self.loss, self.cut = 0, 0, None, None

    def _do(self, what):
        return asyncio.run_coroutine_threadsafe(what, self.loop).result(30)

    # ---- settings ----

    def heal(self):
        self._well()

    def partition(self):
        """Nothing passes in either direction; connections stay as they are, half-open."""
        self.stopped = True

    def refuse(self):
        """Whoever is connected is dropped, whoever comes is dropped at once."""
        self.refusing = True
        self._do(self._drop(False))

    def reset(self):
        """RST to all who are connected."""
        self._do(self._drop(True))

    def delay(self, seconds):
        """Everything arrives so much later, in each direction."""
        self.late = seconds

    def rate(self, per_second):
        """So many bytes a second and connection, in each direction."""
        self.speed = per_second

    def lossy(self, share, seed):
        """What loss of packets is to TCP: this SHARE of pieces comes only after a retransmission."""
        self.loss = (share, random.Random(seed))

    def cut_after(self, count, from_server=False):
        """The next connection ends after exactly COUNT bytes from its client, or from the server."""
        self.cut = (count, from_server)

    def close(self):
        self._do(self._end())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(30)

    # ---- in the thread ----

    async def _end(self):
        self.server.close()
        await self._drop(True)
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _drop(self, by_reset):
        for stream in list(self.streams):
            if by_reset:
                hard = struct.pack("ii", 1, 0)
                stream.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, hard)
            stream.transport.abort() if by_reset else stream.close()

    async def _serve(self, reader, writer):
        self.connects += 1
        cut, self.cut = self.cut, None
        if self.refusing:
            writer.close()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.port_to)
        except OSError:
            writer.close()
            return
        ends = {writer, far_writer}
        self.streams |= ends
        up = cut[0] if cut and not cut[1] else None
        down = cut[0] if cut and cut[1] else None
        ways = [
            asyncio.ensure_future(self._pass(reader, far_writer, up)),
            asyncio.ensure_future(self._pass(far_reader, writer, down)),
        ]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        for end in ends:
            end.close()
        self.streams -= ends

    async def _pass(self, reader, writer, left):
        """One direction, until its end or until LEFT bytes have passed."""
        while left is None or left > 0:
            data = await reader.read(PIECE if left is None else min(PIECE, left))
            if not data:
                return
            await self._trouble(len(data))
            while self.stopped:
                await asyncio.sleep(0.02)
            self.passed += len(data)
            writer.write(data)
            try:
                await writer.drain()
            except OSError:
                return
            left = None if left is None else left - len(data)

    async def _trouble(self, count):
        wait = self.late + (count / self.speed if self.speed else 0)
        if self.loss and self.loss[1].random() < self.loss[0]:
            wait += self.loss[1].choice((0.2, 0.4, 0.8, 1.6))
        if wait:
            await asyncio.sleep(wait)
