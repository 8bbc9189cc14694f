"""The read-only door: the published copy, named queries and analysts' SQL, as polars frames."""

from monitor.queries.archive import Archive, open_archive, published_mark
from monitor.queries.catalogue import NamedQuery, analysts_queries, data_checks, named_queries
from monitor.queries.connection import Limits

__all__ = [
    "Archive",
    "Limits",
    "NamedQuery",
    "analysts_queries",
    "data_checks",
    "named_queries",
    "open_archive",
    "published_mark",
]
