"""A peer's extractor over the pages of a folder, one process: `_peer.py NAME FOLDER` prints words and pages with text.

Run by the peers' own environment: nothing of ours is imported here.
"""

import sys
from pathlib import Path

URL = "https://press.example/2026/05/a-page"


def newspaper4k():
    import newspaper

    def text(html):
        found = newspaper.Article(URL, fetch_images=False)
        found.download(input_html=html)
        found.parse()
        return found.text

    return text


def news_please():
    from newsplease import NewsPlease

    return lambda html: NewsPlease.from_html(html, url=URL, fetch_images=False).maintext or ""


def trafilatura():
    from trafilatura import bare_extraction

    def text(html):
        found = bare_extraction(html, url=URL, include_comments=False, with_metadata=True)
        return found.text if found else ""

    return text


def main():
    text = globals()[sys.argv[1]]()
    words = full = 0
    for path in sorted(Path(sys.argv[2]).glob("*.html")):
        try:
            found = text(path.read_text("utf-8", "replace")) or ""
        except Exception:  # noqa: BLE001  a peer that trips over a page has no text of it
            found = ""
        words += len(found.split())
        full += len(found.split()) > 60
    print(words, full)


if __name__ == "__main__":
    main()
