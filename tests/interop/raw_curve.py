# SPDX-License-Identifier: MPL-2.0
"""A CURVE client (RFC 26) on a plain socket, for what libzmq's own never does: a message without an end."""
import ctypes
import os
import socket

from zmq.utils import z85

sodium = ctypes.CDLL("libsodium.so.23")
if sodium.sodium_init() < 0:
    raise OSError("libsodium does not start")
MAC = 16
GREETING = b"\xff" + bytes(8) + b"\x7f" + b"\x03\x00" + b"CURVE".ljust(20, b"\0") + b"\0" + bytes(31)
MORE, LAST = b"\x01", b"\x00"


def _pair():
    public, secret = ctypes.create_string_buffer(32), ctypes.create_string_buffer(32)
    sodium.crypto_box_keypair(public, secret)
    return public.raw, secret.raw


def _box(plain, nonce, public, secret):
    out = ctypes.create_string_buffer(len(plain) + MAC)
    sodium.crypto_box_easy(out, plain, ctypes.c_ulonglong(len(plain)), nonce, public, secret)
    return out.raw


def _unbox(cipher, nonce, public, secret):
    out = ctypes.create_string_buffer(len(cipher) - MAC)
    if sodium.crypto_box_open_easy(out, cipher, ctypes.c_ulonglong(len(cipher)), nonce, public, secret):
        raise ValueError("a box that does not open")
    return out.raw[: len(cipher) - MAC]


class RawCurve:
    """Connected and past the handshake, as a DEALER."""

    def __init__(self, host, port, keys, server):
        """KEYS: those of baocao_client.Keys; SERVER: 32 bytes."""
        self.socket = socket.create_connection((host, port), timeout=20)
        self.count = 0
        self.short_public, self.short_secret = _pair()
        self._exchange_greetings()
        self._hello(server)
        cookie = self._welcome(server)
        self._initiate(cookie, z85.decode(keys.public), z85.decode(keys.secret), server)
        if not self._take_command().startswith(b"\x05READY"):
            raise ValueError("the handshake was refused")

    def _exchange_greetings(self):
        self.socket.sendall(GREETING)
        self._read(64)

    def _read(self, n):
        data = b""
        while len(data) < n:
            more = self.socket.recv(n - len(data))
            if not more:
                raise ConnectionError("closed in the handshake")
            data += more
        return data

    def _take_command(self):
        flags, size = self._read(2)
        if flags != 4:
            raise ValueError(f"no short command: flags {flags}")
        return self._read(size)

    def _command(self, body):
        if len(body) < 256:
            self.socket.sendall(b"\x04" + bytes([len(body)]) + body)
        else:
            self.socket.sendall(b"\x06" + len(body).to_bytes(8, "big") + body)

    def _short_nonce(self):
        self.count += 1
        return self.count.to_bytes(8, "big")

    def _hello(self, server):
        nonce = self._short_nonce()
        box = _box(bytes(64), b"CurveZMQHELLO---" + nonce, server, self.short_secret)
        self._command(b"\x05HELLO\x01\x00" + bytes(72) + self.short_public + nonce + box)

    def _welcome(self, server):
        body = self._take_command()
        if not body.startswith(b"\x07WELCOME"):
            raise ValueError("no WELCOME")
        plain = _unbox(body[24:], b"WELCOME-" + body[8:24], server, self.short_secret)
        self.server_short = plain[:32]
        return plain[32:]

    def _initiate(self, cookie, public, secret, server):
        vouch_nonce = os.urandom(16)
        vouch = _box(self.short_public + server, b"VOUCH---" + vouch_nonce, self.server_short, secret)
        metadata = b"\x0bSocket-Type" + (6).to_bytes(4, "big") + b"DEALER"
        nonce = self._short_nonce()
        box = _box(
            public + vouch_nonce + vouch + metadata,
            b"CurveZMQINITIATE" + nonce,
            self.server_short,
            self.short_secret,
        )
        self._command(b"\x08INITIATE" + cookie + nonce + box)

    def frame(self, payload, flags):
        """The bytes of one frame, MORE or LAST."""
        nonce = self._short_nonce()
        box = _box(flags + payload, b"CurveZMQMESSAGEC" + nonce, self.server_short, self.short_secret)
        body = b"\x07MESSAGE" + nonce + box
        head = b"\x00" + bytes([len(body)]) if len(body) < 256 else b"\x02" + len(body).to_bytes(8, "big")
        return head + body

    def send(self, frames):
        """One whole message."""
        *before, last = frames
        self.socket.sendall(b"".join(self.frame(f, MORE) for f in before) + self.frame(last, LAST))

    def pour(self, payload, most):
        """Frames of PAYLOAD without a last one, until the other side hangs up or MOST bytes of them went; how
        many bytes went."""
        went = 0
        try:
            while went < most:
                some = b"".join(
                    self.frame(payload, MORE) for _ in range(max(1, 65536 // (len(payload) + 64)))
                )
                self.socket.sendall(some)
                went += len(some)
        except OSError:
            pass
        return went

    def close(self):
        self.socket.close()
