"""Pages to articles: see `extract`. Meant for worker processes, one page at a time."""

from monitor.article.boilerplate import spans as boilerplate_spans
from monitor.article.extract import EXTRACTOR_VERSION, extract, feed_text_is_full
from monitor.article.limits import Limits, limit_memory
from monitor.article.plain import count_words, extract_html_summary, line_hash, line_hashes

__all__ = [
    "EXTRACTOR_VERSION",
    "Limits",
    "boilerplate_spans",
    "count_words",
    "extract",
    "extract_html_summary",
    "feed_text_is_full",
    "limit_memory",
    "line_hash",
    "line_hashes",
]
