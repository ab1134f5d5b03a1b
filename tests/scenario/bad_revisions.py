#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""What becomes of revisions that come in the wrong order, twice with different content, or for another?"""
import shutil

import bad
import lib
import office
import reporting
from bad import activity, one


def revision(document, rev, attendances=None, **changed):
    """Revision REV of DOCUMENT, with other figures; without any it is a withdrawal."""
    figures = {"measures": {"sessions": 1, "attendances": attendances}}
    if attendances is None:
        kept = ("doc", "id", "unit", "entered_by", "source", "made", "plans")
        document, figures = {k: document[k] for k in kept}, {"withdrawn": True}
    return one({**document, "rev": rev, "reason": "Đếm lại", **figures, **changed})


class Counted(bad.Site):
    """With an aggregator that says what counts."""

    def __init__(self, place):
        super().__init__(place)
        self.sender = self.outsider()
        self.figures = reporting.aggregator(place, self.collector)

    def stores(self, line):
        (verdict,) = self.sender.send([line])
        assert verdict["verdict"] == "stored", verdict
        self.stored += 1

    def counts(self, attendances):
        self.figures.run("sync")
        assert reporting.value(self.figures, "attendances", "--unit", "BD.01") == attendances

    def held(self, line):
        (verdict,) = self.sender.send([line])
        assert (verdict["verdict"], verdict["code"]) == ("held", "revision-conflict"), verdict
        bad.reads_well(verdict["code"], verdict["vi"], verdict["en"])
        self.goes_through()
        return self.collector.json("held", "list")[-1]["held"]


def revisions_before_their_original_are_kept_and_the_highest_counts(p):
    site, document = Counted(p), activity()
    for line, counts in [
        (revision(document, 3, 33), 33),
        (revision(document, 2, 22), 33),
        (one(document), 33),
        (revision(document, 4, 44), 44),
    ]:
        site.stores(line)
        site.counts(counts)
    site.goes_through()
    site.figures.run("verify")
    site.unharmed()


def withdrawal_before_its_original(p):
    site, document = Counted(p), activity()
    site.stores(revision(document, 2))
    site.counts(None)
    site.stores(one(document))
    site.counts(None)
    site.stores(revision(document, 3, 70))
    site.counts(70)
    site.goes_through()
    site.figures.run("verify")
    site.unharmed()


def two_second_revisions_wait_for_staff(p):
    site, document = Counted(p), activity()
    site.stores(one(document))
    site.stores(revision(document, 2, 22))
    other = revision(document, 2, 222)
    number = site.held(other)
    assert site.held(other) == number, "the same again was held twice"
    site.counts(22)
    site.collector.run("held", "release", number)
    (verdict,) = site.sender.send([other])
    assert verdict["verdict"] == "stored" and verdict["line"].split(" ")[4] == "3", verdict
    site.stored += 1
    site.counts(222)
    site.figures.run("verify")
    site.unharmed()


def held_one_that_staff_do_not_want(p):
    site, document = Counted(p), activity()
    site.stores(one(document))
    other = one({**document, "measures": {"sessions": 1, "attendances": 400}})
    site.collector.run("held", "discard", site.held(other), "--reason", "Trùng")
    site.refuses(site.sender, other, "held-discarded")
    site.stores(revision(document, 2, 50))  # mended, it goes on
    site.counts(50 + 40)  # and what came in one message with the refused one
    site.unharmed()


def officers_read_what_became_of_their_two_corrections(p):
    site = bad.Site(p)
    agent = site.federation.office()
    agent.run("import", office.table(p, "a.csv", office.activities(1)))
    agent.run("send")
    shutil.copytree(agent.dir, p.path("other"))
    other = p.agent("other", env=office.QUICK)
    agent.run("correct", "1", "--set", "attendances=111", "--reason", "Đếm lại")
    other.run("correct", "1", "--set", "attendances=222", "--reason", "Đếm lại lần nữa")
    agent.run("send")
    for lang, word in (("vi", "hờ xử lý"), ("en", "eld")):
        assert word in other.run("send", "--lang", lang).stdout
    (mine,) = [d for d in other.json("list") if d["state"] == "held"]
    bad.reads_well(mine["why"]["code"], mine["why"]["vi"], mine["why"]["en"])
    site.goes_through()
    site.collector.run(
        "held", "discard", site.collector.json("held", "list")[0]["held"], "--reason", "Bản kia đúng"
    )
    other.run("send")
    (mine,) = [d for d in other.json("list") if d["state"] == "refused"]
    assert mine["why"]["code"] == "held-discarded", mine
    bad.reads_well(mine["why"]["code"], mine["why"]["vi"], mine["why"]["en"])
    site.stored += 2
    site.unharmed()


def correction_after_a_release_begins_from_what_counts(p):
    """A held correction that was released counts last: the next one changes that, not what it replaced."""
    site = Counted(p)
    agent, other = (p.agent(name, env=office.QUICK) for name in ("office", "second-office"))
    for computer in (agent, other):
        computer.run("join", site.collector.json("enrol", "BD.01", "--again")[0]["code"])
    agent.run("import", office.table(p, "a.csv", office.activities(1)))
    agent.run("send")
    other.run("send")  # and fetches what the first has sent
    agent.run("correct", "1", "--set", "attendances=111", "--reason", "Đếm lại")
    other.run("correct", "1", "--set", "attendances=222", "--reason", "Đếm lại lần nữa")
    agent.run("send")
    other.run("send")
    site.collector.run("held", "release", site.collector.json("held", "list")[0]["held"])
    for computer in (other, agent, other, agent):
        computer.run("send")
    for computer in (other, agent):
        (row,) = computer.json("list")
        assert (row["counts"], row["state"]) == (3, "stored"), row
    site.counts(222)
    other.run("correct", "1", "--set", "title=Hội nghị đã sửa tên", "--reason", "Sửa tên")
    other.run("send")
    site.counts(222)  # the figure stayed what counted
    agent.run("send")
    assert [r["title"] for r in agent.json("list")] == ["Hội nghị đã sửa tên"]
    site.stored += 4
    site.unharmed()


def revision_for_another_unit(p):
    site, document = Counted(p), activity()
    site.collector.run("grant", "BD.01", "--for", "BD.03")
    site.stores(one(document))
    site.refuses(site.sender, revision(document, 2, 50, unit="BD.03"), "unit-changed")
    site.stores(one(activity(unit="BD.03")))
    site.unharmed()


def number_of_an_outbox_used_twice_refuses_nothing(p):
    site = Counted(p)
    for _ in range(3):
        (verdict,) = site.sender.send([one(activity())], [1])
        assert verdict["verdict"] == "stored", verdict
        site.stored += 1
    site.goes_through()
    site.unharmed()


lib.Cases().run(
    revisions_before_their_original_are_kept_and_the_highest_counts,
    withdrawal_before_its_original,
    two_second_revisions_wait_for_staff,
    held_one_that_staff_do_not_want,
    officers_read_what_became_of_their_two_corrections,
    correction_after_a_release_begins_from_what_counts,
    revision_for_another_unit,
    number_of_an_outbox_used_twice_refuses_nothing,
)
