#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""The Báo cáo in each of its forms, read back with somebody else's reader: do all carry the figures of the
summary, is the layout that of the template, and is a template that is wrong refused?"""
import csv
import html.parser
import io
import json
import os
import re
import subprocess
import time
import zipfile

import docx
import federation
import lib
import openpyxl
import reporting

# Plan and reports are of November 2024: everybody lives on 29 November 2024.
os.environ["BAOCAO_CLOCK_OFFSET_MS"] = str(1732840800000 - int(time.time() * 1000))
NOV = ("--period", "2024-11")
FORMS = ("docx", "pdf", "html", "xlsx", "csv", "json")
TYPED = ("--number", "12/BC-LĐLĐ", "--date", "05/12/2024", "--signer", "Nguyễn Văn A")


class Text(html.parser.HTMLParser):
    """All text of a page."""

    def __init__(self):
        super().__init__()
        self.text = []

    def handle_data(self, data):
        self.text.append(data)


def texts(agent, place):
    """Two who say almost the same, and one who says something with signs that mean something in markup."""
    for n, words in enumerate(("Thiếu tài liệu in sẵn.", "Thiếu tài liệu in sẵn", 'Giá <cao> & "khó" =1+1')):
        doc = {
            "doc": "activity",
            "from": "2024-11-20",
            "to": "2024-11-20",
            "form": "F2",
            "title": "Buổi %d" % n,
            "measures": {"sessions": 1, "attendances": 1234567, "difficulties": words},
        }
        agent.run("report", place.write("t%d.json" % n, json.dumps(doc)), "--again")


class Site:
    def __init__(self, place):
        self.place = place
        self.c, self.agent = reporting.place_with_reports(place, 5)
        texts(self.agent, place)
        self.agent.run("submit", "2024-11", "--yes")
        self.agent.run("send")
        self.a = reporting.aggregator(place, self.c)
        self.a.run("sync")

    def made(self, form, *more):
        path = self.place.path("bao-cao." + form)
        self.a.run("document", *NOV, "--format", form, "--out", path, *TYPED, *more)
        with open(path, "rb") as file:
            return path, file.read()


def grouped(n):
    return f"{n:,}".replace(",", ".")


def words_of(form, path, data):
    """What a reader sees, as one text with single blanks."""
    if form == "docx":
        document = docx.Document(path)
        parts = [p.text for p in document.paragraphs]
        parts += [c.text for t in document.tables for row in t.rows for c in row.cells]
        text = " ".join(parts)
    elif form == "pdf":
        text = subprocess.run(
            ["pdftotext", "-raw", path, "-"], capture_output=True, text=True, check=True
        ).stdout
    else:
        page = Text()
        page.feed(data.decode())
        text = " ".join(page.text)
    return re.sub(r"\s+", " ", text)


def all_forms_carry_the_figures_of_the_summary(place):
    site = Site(place)
    measures = json.loads(reporting.summary(site.a))["measures"]
    numbers = {k: f["value"] for k, f in measures.items() if f["add"] not in ("list",)}
    assert numbers["attendances"] > 3 * 10**6, numbers
    for form in ("docx", "pdf", "html"):
        text = words_of(form, *site.made(form))
        for measure, value in numbers.items():
            assert grouped(value) in text, (form, measure, value)
        for said in (
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "Độc lập - Tự do - Hạnh phúc",
            "Số: 12/BC-LĐLĐ",
            "ngày 05 tháng 12 năm 2024",
            "BÁO CÁO",
            "Nơi nhận:",
            "TM. BAN THƯỜNG VỤ",
            "Nguyễn Văn A",
            "Văn phòng Tỉnh ủy (b/c)",
            "Lưu: VP, Ban TG-NC",
            "CĐCS Công ty Ví dụ Hai",
            "Phụ lục 1",
        ):
            assert said in text, (form, said)
        assert text.count("Thiếu tài liệu in sẵn") == 1, form  # two who say the same are told once
        assert "1 trên 3 đơn vị phải báo cáo (33,3%)" in text, text[:900]
    path, _ = site.made("xlsx")
    book = openpyxl.load_workbook(path)
    table = list(book["Số liệu"].iter_rows(values_only=True))
    column = table[0].index("Số liệu")
    assert sorted(r[column] for r in table[1:]) == sorted(numbers.values())
    path, data = site.made("csv")
    assert data.startswith(b"\xef\xbb\xbf") and b"\r\n" in data
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    first = rows[2 : rows.index([])]
    assert sorted(int(r[2]) for r in first) == sorted(numbers.values())


def workbook_has_real_numbers_heads_that_stay_filters_and_a_chart(place):
    book = openpyxl.load_workbook(Site(place).made("xlsx")[0])
    assert "Biểu đồ" in book.sheetnames and "Tình hình báo cáo" in book.sheetnames, book.sheetnames
    for sheet in book:
        if sheet.title != "Biểu đồ":
            assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref, sheet.title
    units = list(book["Đơn vị đủ"].iter_rows(min_row=2, values_only=True))
    assert {r[0] for r in units} >= {"BD", "BD.1"} and all(isinstance(r[2], int) for r in units), units
    texts_said = [r[3] for r in book["Ý kiến"].iter_rows(min_row=2, values_only=True)]
    assert len(texts_said) == 3 and 'Giá <cao> & "khó" =1+1' in texts_said, texts_said


def document_can_be_edited_by_its_styles(place):
    document = docx.Document(Site(place).made("docx")[0])
    styles = {p.style.name for p in document.paragraphs}
    assert {"Heading 1", "Heading 2", "Body Text", "List Bullet"} <= styles, styles
    section = document.sections[0]
    assert abs(section.page_width.mm - 210) < 1 and abs(section.left_margin.mm - 30) < 1
    assert section.different_first_page_header_footer
    (head, *_) = [p for p in document.paragraphs if p.style.name == "Heading 1"]
    assert head.text.startswith("I. "), head.text


def same_paper_same_bytes(place):
    site = Site(place)
    elsewhere = {
        "TZ": "Pacific/Auckland",
        "LD_PRELOAD": os.path.join(lib.BUILD, "tests", "faults", "preload_clock.so"),
        "CLOCK_FILE": place.write("off", "86461"),  # a day, a minute and a second later
    }
    for form in FORMS:
        path, data = site.made(form)
        before = dict(site.a.env)
        site.a.env.update(elsewhere)
        assert site.made(form)[1] == data, form
        site.a.env = before
        if form == "docx":
            assert {i.date_time for i in zipfile.ZipFile(path).infolist()} == {(2024, 1, 1, 0, 0, 0)}


def fonts_are_embedded_and_letters_as_wide_as_those_of_times(place):
    path, data = Site(place).made("pdf")
    assert data.startswith(b"%PDF")
    said = subprocess.run(
        ["pdffonts", path], capture_output=True, text=True, check=True
    ).stdout.splitlines()[2:]
    assert said and all(re.search(r"Liberation|Times|Tinos", f) and " yes yes " in f for f in said), said
    asked = ["pdftotext", "-bbox", path, "-"]
    boxes = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    numbers = re.findall(r'xMin="([0-9.]+)" .*xMax="([0-9.]+)" .*>([0-9]+(?:\.[0-9]{3})+)<', boxes)
    assert numbers
    for left, right, text in numbers:  # a digit of Times is half as wide as high, a point a quarter
        ems = 0.5 * (len(text) - text.count(".")) + 0.25 * text.count(".")
        size = (float(right) - float(left)) / ems
        assert min(abs(size - 11), abs(size - 14)) < 0.05, (text, size)  # table and body, no letter set apart


def the_signature_has_a_text_on_its_page(place):
    """With one section more each time, until the last one stands at the foot of a page and beyond."""
    site, alone = Site(place), "Trong kỳ không có nội dung báo cáo ở mục này."
    template = json.loads(site.a.run("document", "--print-template").stdout)
    pages = set()
    for n in range(2, 21):
        template["sections"] = [{"title": "MỤC SỐ %d" % k, "parts": ["next"]} for k in range(n)]
        path = place.write("mau.json", json.dumps(template))
        said = subprocess.run(["pdftotext", "-raw", site.made("pdf", "--template", path)[0], "-"],
                              capture_output=True, text=True, check=True).stdout.split("\f")
        (at,) = [k for k, page in enumerate(said) if "Nơi nhận:" in page]
        assert alone in said[at].split("Nơi nhận:")[0], (n, said[at])
        pages.add(at)
    assert pages == {0, 1}, pages
    document = docx.Document(site.made("docx", "--template", path)[0])
    (last,) = [p for p in document.paragraphs if p.text == alone][-1:]
    assert last.paragraph_format.keep_with_next


def words_are_found_without_marks_quoted_or_not(place):
    site = Site(place)
    found = site.a.run("search", *NOV, "thieu", "TAI lieu").stdout.splitlines()
    assert len(found) == 2 and all("Thiếu tài liệu in sẵn" in line for line in found), found
    assert found == site.a.run("search", *NOV, "thieu tai lieu").stdout.splitlines()
    assert "Không tìm thấy" in site.a.run("search", *NOV, "lieu", "thieu", "--lang", "vi").stdout


def a_unit_writes_under_the_head_of_its_parent(place):
    site = Site(place)
    text = words_of("docx", *site.made("docx", "--unit", "BD.1"))
    assert "LIÊN ĐOÀN VÍ DỤ" in text and "TỔNG LIÊN ĐOÀN" not in text, text[:200]


def the_running_daemon_is_asked_and_the_caller_writes(place):
    site = Site(place)
    site.a.start("run")
    lib.wait_until(lambda: site.a.json("status")["running"], "the daemon")
    _, while_it_runs = site.made("docx")
    site.a.stop()
    assert site.made("docx")[1] == while_it_runs


def template_is_data(place):
    site = Site(place)
    template = json.loads(site.a.run("document", "--print-template").stdout)
    template["place"], template["page"]["left_mm"] = "Nơi Ví dụ", 35
    template["sections"] = [{"title": "MỘT MỤC DUY NHẤT", "parts": ["coverage"]}]
    path = place.write("mau.json", json.dumps(template))
    document = docx.Document(site.made("docx", "--template", path)[0])
    assert abs(document.sections[0].left_margin.mm - 35) < 1
    text = words_of("docx", site.place.path("bao-cao.docx"), b"")
    assert "MỘT MỤC DUY NHẤT" in text and "Nơi Ví dụ, ngày 05" in text
    for spoil, field in (
        (lambda t: t.pop("motto"), "motto"),
        (lambda t: t["page"].pop("top_mm"), "page.top_mm"),
        (lambda t: t["sizes"].update(body=99), "sizes.body"),
        (lambda t: t.update(sections=[{"title": "x"}]), "sections[0].parts"),
        (lambda t: t.update(surprise=1), "surprise"),
    ):
        bad = json.loads(json.dumps(template))
        spoil(bad)
        path = place.write("xau.json", json.dumps(bad))
        said = json.loads(site.a.run("document", *NOV, "--template", path, "--json", ok=65).stdout)["error"]
        assert (said["code"], said["field"]) == ("template-field", field), said


def what_can_not_be_made_is_refused(place):
    site = Site(place)
    for words, code, status in (
        (("--format", "doc"), "option-format", 64),
        (("--date", "31/02/2024"), "option-day", 64),
        (("--unit", "X"), "unit-unknown", 65),
    ):
        assert code in site.a.run("document", *NOV, *words, ok=status).stderr, code
    assert "option-missing" in site.a.run("document", ok=64).stderr
    assert not [f for f in os.listdir(".") if f.startswith("bao-cao")]


lib.Cases().run(
    all_forms_carry_the_figures_of_the_summary,
    workbook_has_real_numbers_heads_that_stay_filters_and_a_chart,
    document_can_be_edited_by_its_styles,
    same_paper_same_bytes,
    fonts_are_embedded_and_letters_as_wide_as_those_of_times,
    the_signature_has_a_text_on_its_page,
    words_are_found_without_marks_quoted_or_not,
    a_unit_writes_under_the_head_of_its_parent,
    the_running_daemon_is_asked_and_the_caller_writes,
    template_is_data,
    what_can_not_be_made_is_refused,
)
