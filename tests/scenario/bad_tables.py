#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Is a wrong table or plan refused by row, column and reason, with what is good of it kept? Is a question
that makes no sense answered with what would?"""
import json

import bad
import lib
import office
import reporting

HEAD = "Mã dòng;Ngày;Hình thức;Tên hoạt động;sessions;attendances;att_female;Mã đơn vị;Kế hoạch"
GOOD = ["A1", "20/11/2024", "F1", "Một", "1", "100", "50", "", ""]
# What is changed of the good row, the code, and the column that is named.
ROWS = [
    ({1: "31/02/2025"}, "cell-date", "B"),
    ({1: "2025-02-31"}, "cell-date", "B"),
    ({1: "hôm qua"}, "cell-date", "B"),
    ({1: "01/09/2024"}, "date-before-plan", "B"),
    ({2: "F99"}, "form-unknown", "C"),
    ({2: ""}, "cell-blank", "C"),
    ({3: "x" * 301}, "text-long", "D"),
    ({4: "một"}, "cell-number", "E"),
    ({4: "-1"}, "cell-number", "E"),
    ({4: "1.5"}, "cell-number", "E"),
    ({4: "1,234"}, "cell-number", "E"),
    ({4: "99999999999999999999"}, "cell-number", "E"),
    ({5: "40 người"}, "cell-number", "F"),
    ({6: "101"}, "check-failed", None),
    ({7: "BD.99"}, "unit-not-granted", "H"),
    ({7: "BD.02"}, "unit-not-granted", "H"),
    ({8: "9/KH-LĐLĐ"}, "plan-unknown", "I"),
]


def rows_of(changes):
    return [[*(change.get(i, cell) for i, cell in enumerate(GOOD))] for change in changes]


def write_table(p, name, rows):
    for i, row in enumerate(rows):
        row[0] = "A%d" % i  # the row's own reference, which it keeps when it is mended
    return p.write(name, "\n".join([HEAD] + [";".join(row) for row in rows]) + "\n")


def officer_s_rows_each_by_row_column_and_reason(p):
    site = bad.Site(p)
    agent = site.federation.office()
    rows = rows_of([{}] + [change for change, _, _ in ROWS] + [{1: "21/11/2024"}])
    path = write_table(p, "a.csv", rows)
    done = agent.json("import", path, ok=65)
    assert (done["added"], done["refused"]) == (2, len(ROWS)), done
    for i, (_, code, column) in enumerate(ROWS):
        (row,) = [r for r in done["rows"] if r["line"] == i + 3]
        assert (row["what"], row["code"], row.get("column")) == ("refused", code, column), row
        bad.reads_well(row["code"], row["vi"], row["en"])
        for lang, place in (("vi", "Dòng %d"), ("en", "Row %d")):
            said = agent.run("import", path, "--lang", lang, ok=65).stdout
            assert any(place % (i + 3) in line and row[lang] in line for line in said.splitlines()), said
    for row in rows[1:-1]:
        row[1:] = ["22/11/2024", *GOOD[2:]]
        row[5] = str(200 + int(row[0][1:]))  # another meeting
    done = agent.json("import", write_table(p, "mended.csv", rows))
    assert (done["added"], done["known"], done["refused"]) == (len(ROWS), 2, 0), done
    agent.run("send")
    site.stored += len(office.all_of(agent))
    assert site.stored == len(ROWS) + 2
    site.goes_through()
    site.unharmed()


def one_thousand_two_hundred_and_thirty_four(p):
    """1.234 has two readings: it is taken as people here write it, and the officer is told so."""
    site = bad.Site(p)
    agent = site.federation.office()
    done = agent.json("import", write_table(p, "a.csv", rows_of([{5: "1.234"}])))
    (note,) = done["rows"][0]["warnings"]
    assert (note["code"], note["column"]) == ("cell-read-as", "F"), note
    bad.reads_well(note["code"], note["vi"], note["en"])
    agent.run("send")
    site.stored += 1
    figures = reporting.aggregator(p, site.collector)
    figures.run("sync")
    assert reporting.value(figures, "attendances") == 1234
    site.goes_through()
    site.unharmed()


def officer_s_file_that_is_no_table(p):
    site = bad.Site(p)
    agent = site.federation.office()
    row = ";".join(GOOD)
    for code, data in [
        ("csv-empty", b""),
        ("csv-empty", HEAD.encode()),
        ("csv-encoding", b"PK\x03\x04" + bytes(range(256))),
        ("csv-encoding", (HEAD + "\n" + row).encode() + b"\x00\n"),
        ("csv-encoding", b"\xff\xfe\x00\xd8a\x00"),
        ("csv-quote", (HEAD + '\n"' + row).encode()),
        ("csv-large", b";".join(b"c%d" % i for i in range(300)) + b"\n1\n"),
        ("csv-large", b"a;b\n" + b"1;2\n" * 100001),
        ("column-unknown", (HEAD.replace("sessions", "Số bưởi") + "\n" + row).encode()),
        ("column-twice", (HEAD.replace("Hình thức", "Ngày") + "\n" + row).encode()),
        ("column-missing", "Tên hoạt động;sessions\nMột;1\n".encode()),
    ]:
        bad.said(agent, "import", bad.write_bytes(p, "a.csv", data), code=code)
    with open(p.path("large.csv"), "wb") as file:
        file.truncate((64 << 20) + 1)
    bad.said(agent, "import", p.path("large.csv"), code="file-large")
    bad.said(agent, "import", p.path("none.csv"), code="file-missing", status=66)
    bad.said(agent, "import", p.folder, code="file-unreadable", status=66)
    assert agent.json("list") == []
    site.goes_through()
    site.unharmed()


def document_among_others_in_one_file(p):
    site = bad.Site(p)
    agent = site.federation.office()
    good = {k: bad.activity()[k] for k in ("from", "to", "form", "measures")}
    lines = [
        bad.to_json({**good, "title": "Một"}),
        b'{"from":',
        bad.to_json({**good, "form": "F99"}),
        bad.to_json({**good, "title": "Hai", "form": "F2"}),
    ]
    done = agent.json("report", bad.write_bytes(p, "a.json", b"\n".join(lines)), ok=65)
    assert [r.get("code") for r in done["rows"]] == [None, "json-malformed", "form-unknown", None], done
    for row in done["rows"][1:3]:
        bad.reads_well(row["code"], row["vi"], row["en"])
    agent.run("send")
    site.stored += 2
    site.goes_through()
    site.unharmed()


UNIT_HEAD = "Mã đơn vị;Tên đơn vị;Loại;Mã cấp trên;Từ ngày;Phải báo cáo"
UNIT_ROWS = [
    "B D;Tên;grassroots;BD;2020-01-01;x",
    "BD.9;Tên;grassroots;BD;31/02/2025;x",
    "BD.7;;grassroots;BD;2020-01-01;x",
    "BD.6;Tên;grassroots;BD;2020-01-01;có lẽ",
    "BD.10;%s;grassroots;BD;2020-01-01;x" % ("x" * 201),
    "BD.11;Tên;grassroots;BD;1.234;x",
    "BD.12;Tên;grassroots;XX;2020-01-01;x",
    "BD.13;Tên;grassroots;BD.13;2020-01-01;x",
]


def operator_s_list_of_units_all_or_nothing(p):
    site = bad.Site(p)
    before = site.collector.json("status")["position"]
    for row in UNIT_ROWS:
        path = p.write(
            "units.csv", "\n".join([UNIT_HEAD, "BD.50;Đơn vị tốt;grassroots;BD;2020-01-01;x", row])
        )
        bad.said(site.collector, "unit", "import", path, code="import-refused")
        for lang, place in (("vi", "dòng 3"), ("en", "row 3")):
            said = site.collector.run("unit", "import", path, "--lang", lang, ok=65).stderr
            assert place in said, said
    for code, data in [
        ("csv-empty", b""),
        ("csv-encoding", b"PK\x03\x04"),
        ("csv-encoding", b"a;b\x00\n1;2\n"),
        ("csv-quote", (UNIT_HEAD + '\n"BD.9').encode()),
    ]:
        bad.said(site.collector, "unit", "import", bad.write_bytes(p, "units.csv", data), code=code)
    assert site.collector.json("status")["position"] == before
    site.goes_through()
    site.unharmed()


def operator_s_plan(p):
    site = bad.Site(p)
    with open(office.PLAN, "rb") as file:
        text = file.read()
    second = {**json.loads(text), "version": 2}
    check = {
        "id": "x",
        "left": ["hats"],
        "op": "==",
        "right": ["sessions"],
        "action": "refuse",
        "vi": "Sai.",
        "en": "Wrong.",
    }
    before = site.collector.json("status")["position"]
    for code, data in [
        ("json-malformed", text[:-20]),
        ("json-not-object", b"[]"),
        ("json-utf8", text.replace(b"F10", b"\xff")),
        ("json-duplicate", text.replace(b'"version":1', b'"version":1,"version":2')),
        ("json-deep", text.replace(b'"version":1', b'"version":' + b"[" * 50 + b"]" * 50)),
        ("json-nul", text.replace(b"F10", b"\\u0000")),
    ]:
        bad.said(site.collector, "plan", "publish", bad.write_bytes(p, "plan.json", data), code=code)
    for code, changes in [
        ("plan-version", {"version": 3}),
        ("plan-version", {"version": 1, "issuer": "Khác"}),
        ("plan-field", {"version": 1.234}),
        ("plan-field", {"begins": "2025-02-31"}),
        ("plan-field", {"deadline": 5}),
        ("plan-field", {"tilte": "x"}),
        ("plan-field", {"calendar": "tháng"}),
        ("plan-field", {"issuer": "x" * 1000000}),
        ("plan-catalogue", {"measures": ["sessions", "hats"]}),
        ("plan-catalogue", {"holidays": "xx"}),
        ("plan-check", {"checks": [check]}),
        ("plan-measure", {"measures": ["sessions", "sessions"]}),
    ]:
        path = bad.write_bytes(p, "plan.json", bad.to_json({**second, **changes}))
        bad.said(site.collector, "plan", "publish", path, code=code)
    assert site.collector.json("status")["position"] == before
    site.goes_through()
    site.collector.run("plan", "publish", bad.write_bytes(p, "plan.json", bad.to_json(second)))
    site.goes_through()  # under the version it was made with
    site.unharmed()


def operator_s_words(p):
    site = bad.Site(p)
    for words, code, status in [
        (["enrol", "BD.99"], "unit-unknown", 65),
        (["grant", "BD.99", "--for", "BD"], "unit-unknown", 65),
        (["revoke", "BD.99"], "unit-unknown", 65),
        (["revoke", "--key", "77"], "serial-unknown", 65),
        (["held", "release", "9"], "held-unknown", 65),
        (["redact", "999", "--reason", "x"], "redact-position", 65),
        (["redact", "1", "--reason", "x"], "redact-kind", 65),
        (["consumer", "add", "Số liệu"], "consumer-name", 65),
        (["grant", "BD", "--for", "BD.01", "--from", "31/02/2025"], "option-day", 64),
        (["revoke", "BD.01", "--on", "1.234"], "option-day", 64),
        (["enrolll"], "verb-unknown", 64),
        (["enrol", "--alll"], "option-unknown", 64),
        (["unit"], "verb-missing", 64),
        (["plan", "publish"], "words-missing", 64),
        (["status", "now"], "words-many", 64),
    ]:
        bad.said(site.collector, *words, code=code, status=status)
    site.goes_through()
    site.unharmed()


def staff_s_questions(p):
    site = bad.Site(p)
    site.goes_through()
    figures = reporting.aggregator(p, site.collector)
    bad.said(figures, "summary", "--period", "2024-11", code="log-unread")
    figures.run("sync")
    month = ["--period", "2024-11"]
    for words, code, status in [
        (["summary"], "option-period", 64),
        (["summary", "--period", "2024-13"], "period-unknown", 65),
        (["missing", "--period", "31/02/2025"], "period-unknown", 65),
        (["board", "--period", "1.234"], "period-unknown", 65),
        (["summary", *month, "--unit", "BD.99"], "unit-unknown", 65),
        (["summary", *month, "--plan", "9/KH-LĐLĐ"], "plan-unknown", 65),
        (["summary", *month, "--calendar", "tháng"], "calendar-unknown", 65),
        (["summary", *month, "--as-of", "99999"], "position-unknown", 65),
        (["summary", *month, "--as-of", "hôm qua"], "option-number", 64),
        (["summary", *month, "--format", "xlsx"], "option-format", 64),
        (["missing", "--period", "2024-Q4"], "board-none", 65),
        (["decide", "overlap", "x", "own"], "id-bad", 65),
        (
            ["decide", "overlap", bad.activity()["id"], "own", "--person", "Nguyễn Văn A"],
            "aggregate-unknown",
            65,
        ),
        (["decide", "overlap", bad.activity()["id"], "perhaps"], "words-choice", 64),
        (["sumary"], "verb-unknown", 64),
        (["summary", "--unt", "BD"], "option-unknown", 64),
    ]:
        bad.said(figures, *words, code=code, status=status)
    assert reporting.value(figures, "attendances") == 40
    figures.run("verify")
    site.unharmed()


lib.Cases().run(
    officer_s_rows_each_by_row_column_and_reason,
    one_thousand_two_hundred_and_thirty_four,
    officer_s_file_that_is_no_table,
    document_among_others_in_one_file,
    operator_s_list_of_units_all_or_nothing,
    operator_s_plan,
    operator_s_words,
    staff_s_questions,
)
