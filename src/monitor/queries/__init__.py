"""The read-only door: the published copy, named queries and analysts' SQL, as polars frames."""

from monitor.queries.archive import Archive, open_archive, published_mark
from monitor.queries.catalogue import NamedQuery, named_queries

__all__ = ["Archive", "NamedQuery", "named_queries", "open_archive", "published_mark"]
