"""Which path leads to which page, and what of the path is a parameter."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from dashboards.downloads import download
from dashboards.page import Asked, Page
from dashboards.pages.bloc import bloc
from dashboards.pages.entity import entity
from dashboards.pages.evidence import denominator, evidence
from dashboards.pages.health import health, method
from dashboards.pages.overview import overview
from dashboards.pages.places import pairs, places
from dashboards.pages.search import search
from dashboards.pages.source import source
from dashboards.pages.together import compare, pair
from dashboards.pages.watching import watchlist

View = Callable[[Asked], Page]
Read = Callable[[re.Match[str]], dict[str, Any]]
Route = tuple[re.Pattern[str], View, Read]


def _nothing(_: re.Match[str]) -> dict[str, Any]:
    return {}


def _names(found: re.Match[str]) -> dict[str, Any]:
    return {"entities": tuple(unquote(text)[:120] for text in found.groups())}


def _source(found: re.Match[str]) -> dict[str, Any]:
    return {"source": unquote(found[1])[:120]}


def _slug(found: re.Match[str]) -> dict[str, Any]:
    return {"slug": found[1]}


def _route(pattern: str, view: View, read: Read = _nothing) -> Route:
    return re.compile(pattern), view, read


PINNABLE = (overview, entity, evidence, compare, places, watchlist)  # what an earlier copy keeps enough for
ROUTES: tuple[Route, ...] = (
    _route("/", overview),
    _route("/entity/([^/]{1,120})", entity, _names),
    _route("/evidence", evidence),
    _route("/observed", denominator),
    _route("/pair/([^/]{1,120})/([^/]{1,120})", pair, _names),
    _route("/bloc/([^/]{1,120})", bloc, _names),
    _route("/source/(.{1,200})", source, _source),
    _route("/compare", compare),
    _route("/search", search),
    _route("/map", places),
    _route("/pairs", pairs),
    _route("/health", health),
    _route("/method", method),
    _route("/download", download),
    _route("/watch/([a-z0-9-]{1,80})", watchlist, _slug),
)
