"""The encoding of a feed is told from its bytes before what is said of it."""

import pytest

from tests.unit.feed_xml import item, parse, rss

SAID = "Café – “quoted” 東京"


@pytest.mark.parametrize(
    ("encoding", "declared", "header", "text", "status"),
    [
        ("utf-8", "utf-8", "utf-8", SAID, "ok"),
        ("utf-8-sig", "utf-8", "", SAID, "ok"),
        ("utf-16", "utf-16", "", SAID, "ok"),
        ("utf-16-le", "utf-16", "", SAID, "ok"),
        ("utf-32", "utf-32", "", SAID, "ok"),
        ("cp1252", "windows-1252", "", SAID[:15], "ok"),
        ("cp1252", "iso-8859-1", "", SAID[:15], "ok"),
        ("gb18030", "gb2312", "", SAID, "ok"),
        ("shift_jis", "Shift_JIS", "", SAID[-2:], "ok"),
        ("iso-2022-jp", "iso-2022-jp", "", SAID[-2:], "ok"),
        ("koi8-r", "koi8-r", "", "Обзор", "ok"),
        ("utf-8", "utf-8", "iso-8859-1", SAID, "warn"),
        ("utf-8", "windows-1252", "", SAID, "warn"),
        ("utf-8", "no-such-charset", "", SAID, "ok"),
        ("utf-8", "utf-7", "", SAID, "ok"),
        ("shift_jis", "", "shift_jis", SAID[-2:], "ok"),
        ("cp1252", "", "", SAID[:15], "warn"),
    ],
)
def test_charsets_by_evidence(encoding, declared, header, text, status):
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else '<?xml version="1.0"?>'
    headers = {"content-type": f"application/rss+xml; charset={header}"} if header else {}
    parsed = parse(rss(item(text), head=head).encode(encoding), headers)
    assert (parsed.entries[0].title, parsed.status) == (text, status)


def test_stray_bytes_cost_one_character():
    parsed = parse(rss(item("disp@tch Café")).encode().replace(b"@", b"\xff"))
    assert (parsed.entries[0].title, parsed.status) == ("disp\ufffdtch Café", "warn")
