"""A page's bytes to a tree that is safe to work on, or the reason why there is none."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree  # type: ignore[import-untyped]
from lxml import html as lxml_html

from monitor.article.limits import Limits
from monitor.article.plain import without_forbidden
from monitor.charset import decode
from monitor.records import Page

_MAGIC = (
    (b"%PDF-", "pdf"), (b"\x89PNG", "not_html"), (b"GIF8", "not_html"), (b"\xff\xd8\xff", "not_html"),
    (b"PK\x03\x04", "not_html"), (b"\x1f\x8b", "not_html"), (b"RIFF", "not_html"), (b"ID3", "not_html"),
    (b"\xd0\xcf\x11\xe0", "not_html"), (b"{\\rtf", "not_html"),
)  # fmt: skip
_HTML_TYPES = ("text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml")
_UNTOLD_TYPES = ("", "application/octet-stream", "binary/octet-stream", "unknown/unknown")
_TAG = re.compile(r"<(?:!doctype|html|head|body|div|p|article|section|table|span|h1|main)\b", re.IGNORECASE)
_WRAPPERS = re.compile(r"</?(?:div|span|font|center|b|i|em|strong)\b[^<>]*>", re.IGNORECASE)
_OPENINGS = re.compile(r"<(/?)(?:div|span|font|center|section|blockquote|ul|ol|li|table|tr|td)\b")
# What is never the article, for extractors that fall back to the whole page.
_OUTSIDE_ROLES = frozenset({"navigation", "contentinfo", "search"})
_OUTSIDE_ASIDES = ("related", "sidebar", "recommend")
_COMMENT_HOLDERS = frozenset({"div", "section", "ol", "ul", "aside"})
_OUTSIDE_TAGS = _COMMENT_HOLDERS | {"nav", "header", "footer"}
_COMMENT_IDS = frozenset({"comments", "disqus_thread", "respond"})
_COMMENT_CLASSES = ("comment-list", "commentlist", "comments-area", "comment-section", "comments-section")
# lxml.html chooses each element's class by a call into Python: thousands a page, a tenth of all extraction.
_ELEMENTS = etree.ElementDefaultClassLookup(element=lxml_html.HtmlElement)


@dataclass(slots=True)
class Loaded:
    """A parsed page, or `problem`. `cut` says what was left out to bound the work."""

    problem: str | None = None
    tree: lxml_html.HtmlElement | None = None
    cut: str | None = None
    anchors: set[str] = field(default_factory=set)


def load(page: Page, limits: Limits) -> Loaded:
    """Decode, parse and trim a page."""
    problem = _not_html(page)
    if problem:
        return Loaded(problem)
    if len(page.body) > limits.body:
        return Loaded("too_large")
    text = without_forbidden(decode(page.body, page.content_type, is_html=True).text)
    if not text.strip():
        return Loaded("empty")
    is_untold = page.content_type.partition(";")[0].strip().lower() in _UNTOLD_TYPES
    if not _TAG.search(text[:50_000]):
        return Loaded("not_html" if is_untold or not text.lstrip().startswith("<") else "empty")
    cut = None
    if _depth(text, limits.depth) > limits.depth:
        text, cut = _WRAPPERS.sub("\n", text), "deep"
    tree = _parse(text)
    if tree is None:
        return Loaded("empty")
    cut = _trim(tree, limits) or cut
    if tree.xpath("count(//*)") > limits.elements:
        return Loaded("too_many_elements", tree)
    return Loaded(None, tree, cut)


def drop_outside(tree: lxml_html.HtmlElement) -> None:
    """Remove navigation, page header and footer, related links and comments."""
    named = {role.getparent().tag for role in tree.xpath("//@role") if role in _OUTSIDE_ROLES}
    for element in [e for e in tree.iter(*_OUTSIDE_TAGS, *named) if _is_outside(e)]:
        parent = element.getparent()
        if parent is not None and not _holds_most(element, tree):
            element.drop_tree()


def _is_outside(element: lxml_html.HtmlElement) -> bool:
    """Whether an element is named as navigation, header, footer, related links or comments. (XPath takes thrice.)"""
    tag, named = element.tag, element.get("class")
    if tag == "nav" or element.get("role") in _OUTSIDE_ROLES:
        return True
    if tag in ("header", "footer"):
        parent = element.getparent()
        return parent is not None and parent.tag == "body"
    if tag not in _COMMENT_HOLDERS:
        return False
    if tag == "aside" and named and any(name in named for name in _OUTSIDE_ASIDES):
        return True
    if element.get("id") in _COMMENT_IDS:
        return True
    if not named or "comment" not in named:
        return False
    return "comments" in named.split() or any(name in named for name in _COMMENT_CLASSES)


def anchor_texts(tree: lxml_html.HtmlElement) -> set[str]:
    """Return the texts of the page's links."""
    texts = (a.text_content() if len(a) else a.text or "" for a in tree.iter("a"))
    return {" ".join(text.split()) for text in texts} - {""}


def _holds_most(element: lxml_html.HtmlElement, tree: lxml_html.HtmlElement) -> bool:
    """Whether a wrongly named element holds the text of the page: some put all in a <header> or `related` box."""
    held = sum(1 for _ in element.iter("p")) - (element.tag == "p")
    return held > 0.6 * sum(1 for _ in tree.iter("p")) and "comment" not in str(element.attrib)


def _not_html(page: Page) -> str | None:
    head = page.body[:1024].lstrip()
    kind = page.content_type.partition(";")[0].strip().lower()
    for magic, problem in _MAGIC:
        if head.startswith(magic):
            return problem
    if kind == "application/pdf":
        return "pdf"
    if kind not in _HTML_TYPES + _UNTOLD_TYPES:
        return "not_html"
    if not page.body.strip():
        return "empty"
    has_nul = b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<"))
    return "not_html" if has_nul else None


def _depth(text: str, enough: int) -> int:
    """Return how deep block tags nest, as far as it matters: libxml2 drops what is deeper than 256."""
    depth = deepest = 0
    slashes = _OPENINGS.findall(text.lower())
    if len(slashes) <= enough:
        return len(slashes)
    for slash in slashes:
        if not slash:
            depth += 1
            if depth > deepest:
                deepest = depth
                if deepest > enough:
                    break
        elif depth:
            depth -= 1
    return deepest


def _parse(text: str) -> lxml_html.HtmlElement | None:
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    parser.set_element_class_lookup(_ELEMENTS)
    try:
        tree = lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return None
    return tree


def _trim(tree: lxml_html.HtmlElement, limits: Limits) -> str | None:
    """Drop tables, lists and link farms that cost an extractor seconds; they are data, not commentary."""
    cut = None
    for table in list(tree.iter("table")):
        if sum(1 for _ in table.iter("tr")) > limits.table_rows:
            _drop(table)
            cut = "long_table"
    for items in list(tree.iter("ul", "ol", "dl", "select")):
        if len(items) > limits.list_items:
            _drop(items)
            cut = "long_list"
    links = list(tree.iter("a"))
    if len(links) > limits.links:
        for link in links[limits.links :]:
            _drop(link)
        cut = "many_links"
    return cut


def _drop(element: lxml_html.HtmlElement) -> None:
    if element.getparent() is not None:
        element.drop_tree()
