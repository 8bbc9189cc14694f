"""Vega's SVG made fit for a page: local links, short points, no roles that say nothing, the page's own font."""

from __future__ import annotations

import re
from html import escape

_LINK = re.compile(
    r'<a xlink:href="[^"]*?~/(?P<href>[^"]*)">'
    r'<(?P<tag>path|text)(?: aria-label="(?P<label>[^"]*)")?(?P<rest>[^>]*)>(?P<body>[^<]*)(?:</(?:path|text)>)?</a>'
)
_CIRCLE = re.compile(r'transform="translate\((?P<x>[-\d.e]+),(?P<y>[-\d.e]+)\)" d="M[\d.]+,0A')
_FILL = re.compile(r'fill="([^"]+)"')
_BARE_ANCHOR = re.compile(r'<a xlink:href="[^"]*">(.*?)</a>', re.DOTALL)
_NUMBER = re.compile(r"-?\d+\.\d{2,}(?:e-?\d+)?")
_NOISE = re.compile(
    r' (?:aria-roledescription="[^"]*"|role="graphics-(?:object|symbol)"|aria-hidden="true"|pointer-events="none"'
    r'|font-family="[^"]*"|stroke-miterlimit="10"|xmlns:xlink="[^"]*"|version="1.1"|opacity="1"|font-weight="normal")'
)
_AXIS_LABEL = re.compile(r'(<g class="mark-group role-axis") aria-label="[^"]*"')
_EMPTY = re.compile(r'<path class="(?:background|foreground)"(?: d="(?:M0,0h0v0h0Z)?")?(?: display="none")?/>|<g></g>')
_HIDDEN = re.compile(r'<text[^>]* opacity="0"[^>]*>[^<]*</text>')
_OPEN = re.compile(r"<svg [^>]*?viewBox=\"(?P<box>[^\"]*)\">")


def tidy(svg: str, title: str) -> str:
    """An SVG of a group role with a name; its links are `~/path`, for the page to put its own root before."""
    svg = _HIDDEN.sub("", _AXIS_LABEL.sub(r"\1", svg))
    svg = _LINK.sub(_link, svg)
    svg = _BARE_ANCHOR.sub(r"\1", svg)
    svg = _EMPTY.sub("", _NOISE.sub("", svg))
    svg = _NUMBER.sub(lambda m: f"{float(m[0]):.1f}".removesuffix(".0"), svg)
    width, height = _OPEN.search(svg)["box"].split()[2:]  # type: ignore[index]  # Vega always writes one
    opening = (
        f'<svg class="chart" role="group" aria-label="{escape(title)}" viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}">'
    )
    return _OPEN.sub(lambda _: opening, svg, count=1)


def _link(match: re.Match[str]) -> str:
    label = match["label"] or match["body"]
    opening = f'<a href="~/{match["href"]}" tabindex="-1" aria-label="{label}">'
    circle = _CIRCLE.search(match["rest"])
    if circle is None:
        rest = match["rest"].rstrip("/")
        tag = match["tag"]
        return f"{opening}<{tag}{rest}>{match['body']}</{tag}></a>"
    fill = _FILL.search(match["rest"])
    colour = fill[1] if fill else "currentColor"
    return f'{opening}<circle cx="{circle["x"]}" cy="{circle["y"]}" r="6" fill="{colour}"/></a>'


def rooted(svg: str, root: str) -> str:
    """The SVG with its links under the page's root path."""
    return svg.replace('href="~/', f'href="{escape(root)}/')
