"""Small pages with an article, for the tests of extraction."""

from monitor.records import Page

URL = "https://www.example.com/2026/05/a-page"
SENTENCES = [
    "Officials in Cambodia said the review of regional trade rules would continue through the next quarter.",
    "Analysts argue that Viet Nam has more room for manoeuvre than its neighbours often assume in such negotiations.",
    "None of this is settled, and the next round of consultations will show how much of the text survives contact.",
    "What matters now is whether the promised funding arrives on time and whether the agencies can spend it well.",
    "A realistic assessment would separate what was announced from what was budgeted, and that from what was built.",
    "Seen from the ports and the customs posts, the argument looks different: traders ask for fewer forms and fees.",
]
PARAGRAPHS = [" ".join(SENTENCES[i : i + 2]) for i in (0, 2, 4)]
SHELL = (
    '<div id="root"></div><noscript>You need to enable JavaScript to run this app.</noscript>'
    '<script src="/a.js"></script>'
)


def page(body="", head="", content_type="text/html; charset=utf-8", url=URL, encoding="utf-8"):
    text = f'<!doctype html><html lang="en"><head><title>A page</title>{head}</head><body>{body}</body></html>'
    return Page(url, url, text.encode(encoding, "xmlcharrefreplace"), content_type)


def article(*paragraphs, before="", after=""):
    inner = "".join(f"<p>{p}</p>" for p in paragraphs or PARAGRAPHS)
    return f"{before}<main><article><h1>A page</h1>{inner}</article>{after}</main>"
