# SPDX-License-Identifier: MPL-2.0
"""The formats of proto/PROTOCOL.md, written from its text alone."""
import base64
import hashlib
import json
import struct
import unicodedata

import ed25519

NO_ROOT = "0" * 64
ENTRY_FIELDS = ["v", "log", "position", "received", "kind", "unit", "by", "key", "outbox", "number", "id",
                "rev", "of", "bytes", "sha256"]


def sha256(data):
    return hashlib.sha256(data).digest()


def uuid8(*parts):
    """Section 8: ids derived from content."""
    raw = bytearray(sha256("\x1f".join(parts).encode())[:16])
    raw[6] = raw[6] & 0x0F | 0x80
    raw[8] = raw[8] & 0x3F | 0x80
    h = raw.hex()
    return "-".join((h[:8], h[8:12], h[12:16], h[16:20], h[20:]))


def uuid7(ms, random10):
    """RFC 9562: 48 bits of time, then 10 random bytes less version and variant."""
    raw = bytearray(ms.to_bytes(6, "big") + random10)
    raw[6] = raw[6] & 0x0F | 0x70
    raw[8] = raw[8] & 0x3F | 0x80
    h = raw.hex()
    return "-".join((h[:8], h[8:12], h[12:16], h[16:20], h[20:]))


def one_line(value):
    """JSON on one line, as documents are sent."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return unicodedata.normalize("NFC", text).encode()


# Section 7: receipts

def receipt_line(log, position, id, rev, sha256_hex, received, unit):
    return f"baocao-receipt/1 {log} {position} {id} {rev} {sha256_hex} {received} {unit}"


def leaf(line):
    return sha256(b"\x00" + line.encode())


def node(left, right):
    return sha256(b"\x01" + left + right)


def _split(n):
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def root(leaves):
    if not leaves:
        return bytes(32)
    if len(leaves) == 1:
        return leaves[0]
    k = _split(len(leaves))
    return node(root(leaves[:k]), root(leaves[k:]))


def path(leaves, i):
    if len(leaves) == 1:
        return []
    k = _split(len(leaves))
    if i < k:
        return path(leaves[:k], i) + [["R", root(leaves[k:]).hex()]]
    return path(leaves[k:], i - k) + [["L", root(leaves[:k]).hex()]]


def climb(start, steps):
    at = start
    for side, sibling in steps:
        other = bytes.fromhex(sibling)
        at = node(at, other) if side == "R" else node(other, at)
    return at


def root_text(log, root_hex, signed):
    return f"baocao-root/1 {log} {root_hex} {signed}"


def check_kept(kept, document=None, sign=None):
    """None, or what is wrong with a kept receipt."""
    words = kept["line"].split(" ")
    if len(words) != 8 or words[0] != "baocao-receipt/1":
        return "line"
    if sign and sign != kept["sign"]:
        return "key"
    if climb(leaf(kept["line"]), kept["path"]).hex() != kept["root"]:
        return "path"
    text = root_text(kept["log"], kept["root"], kept["signed"]).encode()
    if not ed25519.verify(bytes.fromhex(kept["sign"]), text, bytes.fromhex(kept["signature"])):
        return "signature"
    if document is not None and sha256(document).hex() != words[5]:
        return "document"
    return None


# Section 12: entries

def entry_header(fields):
    """The one way to write a header; absent fields are left out."""
    def text(value):
        if isinstance(value, int):
            return str(value)
        out = "".join(f"\\u{ord(c):04x}" if c < " " else "\\" + c if c in '"\\' else c for c in value)
        return f'"{out}"'
    return "{" + ",".join(f'"{k}":{text(fields[k])}' for k in ENTRY_FIELDS if k in fields) + "}"


def chain_begin(log):
    return sha256(b"baocao-log/1 " + log.encode())


def chain_next(before, header):
    return sha256(before + header)


def pack_entries(entries):
    """(header, body or None, chain) to the body of ENTRIES."""
    out = b""
    for header, body, chain in entries:
        out += struct.pack(">I", len(header)) + header
        out += struct.pack(">I", 0xFFFFFFFF if body is None else len(body)) + (body or b"") + chain
    return out


def unpack_entries(data):
    at, out = 0, []

    def take(n):
        nonlocal at
        if at + n > len(data):
            raise ValueError("entries end in the middle of one")
        at += n
        return data[at - n:at]
    while at < len(data):
        header = take(struct.unpack(">I", take(4))[0])
        size = struct.unpack(">I", take(4))[0]
        body = None if size == 0xFFFFFFFF else take(size)
        out.append((header, body, take(32)))
    return out


# Section 5: enrolment codes

def code_raw(server, successor, token, expires, endpoint):
    raw = b"\x01" + server + successor + token + struct.pack(">I", expires)
    raw += bytes([len(endpoint)]) + endpoint.encode()
    return raw + sha256(raw)[:4]


def code_text(raw, width=0):
    digits = base64.b32encode(raw).decode().rstrip("=")
    groups = [digits[i:i + 5] for i in range(0, len(digits), 5)]
    if not width:
        return " ".join(groups)
    return "\n".join(" ".join(groups[i:i + width]) for i in range(0, len(groups), width))


def code_read(text):
    def skipped(c):
        return c.isspace() or unicodedata.category(c) in ("Zs", "Zl", "Zp", "Pd", "Cf")
    digits = "".join(c for c in text if not skipped(c)).upper()
    raw = base64.b32decode(digits + "=" * (-len(digits) % 8))
    if sha256(raw[:-4])[:4] != raw[-4:] or raw[0] != 1 or len(raw) != 90 + raw[85]:
        raise ValueError("not a code")
    return {"server": raw[1:33], "successor": raw[33:65], "token": raw[65:81],
            "expires": struct.unpack(">I", raw[81:85])[0], "endpoint": raw[86:86 + raw[85]].decode()}
