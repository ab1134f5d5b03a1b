#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""proto/vectors against the client's own reading of PROTOCOL.md."""
import json
import os
import sys

sys.dont_write_bytecode = True
import ed25519
import formats
import vectors
from cases import case, finish


def load(name):
    with open(os.path.join(vectors.DIR, name), encoding="utf-8") as f:
        return json.load(f)


@case
def ed25519_is_that_of_rfc_8032():
    seed = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    public = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    signature = ("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                 "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")
    assert ed25519.public_key(seed).hex() == public
    assert ed25519.sign(seed, b"\x72").hex() == signature
    assert ed25519.verify(bytes.fromhex(public), b"\x72", bytes.fromhex(signature))
    assert not ed25519.verify(bytes.fromhex(public), b"\x73", bytes.fromhex(signature))
    assert not ed25519.verify(bytes.fromhex(public), b"\x72", bytes.fromhex(signature[:-2] + "10"))


@case
def vectors_are_what_their_program_makes():
    for name, text in vectors.texts().items():
        with open(os.path.join(vectors.DIR, name), encoding="utf-8") as f:
            assert f.read() == text, f"{name}: run vectors.py --write and look at the difference"


@case
def receipts_verify_alone_and_tampered_ones_do_not():
    v = load("receipt.json")
    for kept, document in zip(v["kept"], v["documents"]):
        assert formats.check_kept(kept, document.encode(), v["sign"]) is None
        assert formats.check_kept(kept, b"other") == "document"
        assert formats.check_kept({**kept, "root": "00" * 32}) == "path"
        assert formats.check_kept({**kept, "signed": kept["signed"] + 1}) == "signature"
        assert formats.check_kept(kept, None, "00" * 32) == "key"


@case
def entries_chain():
    v = load("entry.json")
    chain = formats.chain_begin(v["log"])
    for e in v["entries"]:
        header = e["header"].encode()
        chain = formats.chain_next(chain, header)
        assert chain.hex() == e["chain"]
        assert json.loads(header) == e["fields"]
        if e["body"] is not None:
            assert formats.sha256(e["body"].encode()).hex() == e["fields"]["sha256"]


@case
def codes_read_as_typed():
    v = load("code.json")
    for text in [v["text"], v["lines"]] + v["same"]:
        read = formats.code_read(text)
        assert read["server"].hex() == v["fields"]["server"]
        assert read["endpoint"] == v["fields"]["endpoint"]
        assert read["expires"] == v["fields"]["expires_days"]


@case
def messages_hold_together():
    for m in load("messages.json")["messages"]:
        h = m["header"]
        if m["command"] == "RECEIPT":
            lines = [json.loads(x)["line"] for x in m["body"].splitlines() if '"stored"' in x]
            root = formats.root([formats.leaf(x) for x in lines]).hex()
            assert root == h["root"]
            text = formats.root_text(h["log"], root, h["signed"]).encode()
            assert ed25519.verify(bytes.fromhex(h["sign"]), text, bytes.fromhex(h["signature"]))
        elif m["command"] == "ENTRIES":
            read = formats.unpack_entries(bytes.fromhex(m["body_hex"]))
            assert len(read) == h["last"] - h["first"] + 1
            assert [r[1] for r in read].count(None) == 1


finish()
