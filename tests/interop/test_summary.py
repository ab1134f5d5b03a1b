#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Are the summaries of proto/vectors what PROTOCOL.md 13 says, by a reader that shares no code with us?"""
import sys

sys.dont_write_bytecode = True
import summary_vectors
from cases import case, finish


@case
def golden_summaries_follow_from_their_logs():
    with open(summary_vectors.FILE, encoding="utf-8") as f:
        if f.read() != summary_vectors.text():
            raise AssertionError("proto/vectors/summary.json is not what summary_vectors.py makes")


finish()
