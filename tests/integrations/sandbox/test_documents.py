import io
import re

import docx as word
import pytest

from integrations.sandbox.documents import docx, is_latin, pdf

LINES = ["Zoë (née O'Neil) \\ Ünal", *[f"Line {number}" for number in range(100)]]


def test_a_docx_opens_and_has_a_paragraph_a_line():
    lines = ["佐藤 恵", "A & B <c>", "", "نهاية"]

    assert [paragraph.text for paragraph in word.Document(io.BytesIO(docx(lines))).paragraphs] == lines


def test_a_pdf_has_right_offsets_and_as_many_pages_as_it_needs():
    data = pdf(LINES)
    table = int(re.search(rb"startxref\n(\d+)\n%%EOF\n$", data)[1])
    offsets = [int(entry) for entry in re.findall(rb"(\d{10}) 00000 n ", data[table:])]

    assert data[table : table + 4] == b"xref"
    assert [data[offset:].partition(b" ")[0] for offset in offsets] == [
        str(number).encode() for number in range(1, len(offsets) + 1)
    ]
    assert data.count(b"/Type /Page ") == 3
    for length, stream in re.findall(rb"/Length (\d+) >>\nstream\n(.*?)\nendstream", data, re.DOTALL):
        assert len(stream) == int(length)


def test_brackets_and_backslashes_in_a_pdf_are_escaped():
    assert rb"(Zo\xeb \(n\xe9e O'Neil\) \\ \xdcnal)".replace(rb"\xeb", b"\xeb").replace(rb"\xe9", b"\xe9").replace(
        rb"\xdc", b"\xdc"
    ) in pdf(LINES)


@pytest.mark.parametrize("text,shown", [("Zoë – 5 €", True), ("Łukasz", False), ("佐藤", False)])
def test_only_western_signs_can_be_shown_in_a_pdf(text, shown):
    assert is_latin([text]) is shown
