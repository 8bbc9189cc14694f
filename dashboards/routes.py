"""Which path leads to which page, and what of the path is a parameter."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from dashboards.page import Asked, Page
from dashboards.pages.overview import overview

Route = tuple[re.Pattern[str], Callable[[Asked], Page], Callable[[re.Match[str]], dict[str, Any]]]


def _route(
    pattern: str, view: Callable[[Asked], Page], read: Callable[[re.Match[str]], dict[str, Any]] = lambda _: {}
) -> Route:
    return re.compile(pattern), view, read


ROUTES: tuple[Route, ...] = (_route("/", overview),)
