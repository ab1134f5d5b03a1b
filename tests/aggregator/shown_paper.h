/* SPDX-License-Identifier: MPL-2.0 */
/* shown_paper.h - a small paper for the tests of its forms. */
#ifndef BC_TEST_SHOWN_PAPER_H
#define BC_TEST_SHOWN_PAPER_H

#include "aggregator/export/template.h"

/* Signs that mean something in markup, a line end, a blank cell, a number with a scale. New. */
static inline json_t *shown_paper(void) {
    json_t *paper = json_pack(
        "{s:{s:s,s:s,s:s,s:s,s:s,s:s},s:s,s:s,s:[{s:s,s:s},{s:s,s:s}],s:[s],s:[s,s],s:s}", "head", "parent",
        "CẤP TRÊN", "issuer", "ĐƠN VỊ", "country", "QUỐC HIỆU", "motto", "Tiêu ngữ", "number", "Số: 1/BC",
        "place", "Nơi, ngày", "type", "BÁO CÁO", "abstract", "Kết quả <1> & 2", "blocks", "kind", "h1",
        "text", "I. MỤC", "kind", "li", "text", "Một\nhai \"ba\"", "addressees", "- Nơi nhận (b/c);",
        "signature", "TM.", "PHÓ", "signer", "A");
    json_t *annexes = json_loads("[{\"name\":\"Bảng\",\"title\":\"Bảng "
                                 "<a>\",\"sheet\":false,\"columns\":[{\"head\":\"Tên\",\"number\":false,"
                                 "\"weight\":2},{\"head\":\"Số\",\"number\":true,\"weight\":1},{\"head\":"
                                 "\"Lẻ\",\"number\":true,\"weight\":1}],"
                                 "\"rows\":[[\"=1+1\",1234567,{\"n\":851,\"scale\":2}],[\"đ\",null,null]],"
                                 "\"chart\":{\"label\":0,\"value\":1}},"
                                 "{\"name\":\"Rộng\",\"title\":\"Chỉ trong bảng "
                                 "tính\",\"sheet\":true,\"columns\":[],\"rows\":[[\"x\"]]}]",
                                 0, NULL);
    json_object_set_new(paper, "annexes", annexes);
    json_object_set_new(paper, "template", template_default());
    return paper;
}

#endif
