#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""What becomes of files that are put into the drop folder, good ones and bad ones?"""
import json
import os

import lib
import office


class Drop:
    """A running agent and its drop folder."""

    def __init__(self, p):
        self.federation = office.Federation(p)
        self.agent = self.federation.office()
        self.agent.start("run")
        self.folder = os.path.join(self.agent.dir, "drop")
        lib.wait_until(lambda: os.path.isdir(os.path.join(self.folder, "taken")), "the drop folder")

    def put(self, path):
        """As a program should: made elsewhere, renamed in."""
        os.rename(path, os.path.join(self.folder, os.path.basename(path)))

    def files(self, name):
        return sorted(os.listdir(os.path.join(self.folder, name)))

    def read(self, *parts):
        with open(os.path.join(self.folder, *parts), encoding="utf-8") as f:
            return f.read()

    def wait_empty(self):
        lib.wait_until(lambda: not [n for n in os.listdir(self.folder) if n not in ("taken", "refused")],
                       "the files to be taken")

    def wait_stored(self, n):
        lib.wait_until(lambda: self.agent.json("status")["stored"] == n, "%d receipts" % n)


def good_files_are_taken_and_sent(p):
    d = Drop(p)
    d.put(office.table(p, "a.csv", office.activities(3)))
    doc = {"from": "2024-11-20", "to": "2024-11-20", "form": "F2",
           "measures": {"sessions": 1, "attendances": 40}}
    d.put(p.write("b.json", json.dumps(doc)))
    d.wait_empty()
    assert d.files("taken") == ["a.csv", "b.json"] and d.files("refused") == [], d.files("refused")
    d.wait_stored(4)
    assert len(office.nothing_lost_or_doubled(d.federation, [d.agent])) == 4


def bad_files_move_aside_with_the_reason(p):
    d = Drop(p)
    bad = {
        "malformed.json": '{"doc":',
        "deep.json": '{"a":' * 20 + "1" + "}" * 20,
        "double.json": '{"form":"F1","form":"F2"}',
        "unknown.json": '{"from":"2024-11-20","to":"2024-11-20","form":"F1","measures":{"nothing":1}}',
        "head.csv": "Ngày;Hình thức;Không có cột này\n20/11/2024;F1;1\n",
        "empty.csv": "",
    }
    for name, text in bad.items():
        d.put(p.write(name, text))
    with open(p.path("bytes.csv"), "wb") as f:
        f.write(bytes(range(256)))
    d.put(p.path("bytes.csv"))
    d.put(office.table(p, "good.csv", office.activities(2)))
    d.wait_empty()
    assert d.files("taken") == ["good.csv"], d.files("taken")
    for name in [*bad, "bytes.csv"]:
        assert name in d.files("refused") and name + ".reason" in d.files("refused"), d.files("refused")
        assert len(d.read("refused", name + ".reason")) > 20
    assert "json-duplicate" in d.read("refused", "double.json.reason")
    d.wait_stored(2)


def good_rows_of_a_bad_file_are_kept(p):
    d = Drop(p)
    rows = office.activities(3)
    rows[1][1] = "31/02/2025"
    d.put(office.table(p, "a.csv", rows))
    d.wait_empty()
    reason = d.read("refused", "a.csv.reason")
    assert "31/02/2025" in reason and "3" in reason and "B" in reason, reason
    d.wait_stored(2)
    rows[1][1] = "28/02/2025"
    d.put(office.table(p, "a.csv", rows))
    d.wait_empty()
    d.wait_stored(3)
    assert len(office.nothing_lost_or_doubled(d.federation, [d.agent])) == 3


def killed_between_keeping_and_moving(p):
    d = Drop(p)
    d.put(office.table(p, "a.csv", office.activities(5)))
    lib.wait_until(lambda: len(d.agent.json("list")) == 5, "the rows")
    d.agent.kill()
    if "a.csv" in d.files("taken"):  # as if the move had not happened any more
        os.rename(os.path.join(d.folder, "taken", "a.csv"), os.path.join(d.folder, "a.csv"))
    d.agent.start("run")
    d.wait_empty()
    d.wait_stored(5)
    assert len(office.nothing_lost_or_doubled(d.federation, [d.agent])) == 5


lib.Cases().run(good_files_are_taken_and_sent, bad_files_move_aside_with_the_reason,
                good_rows_of_a_bad_file_are_kept, killed_between_keeping_and_moving)
