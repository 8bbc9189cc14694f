"""Feeds of any format, read without trust: see `parse_feed`."""

from monitor.feed.entries import RawItem, build_entries, clean_title, folded_title
from monitor.feed.parse import feed_links, parse_feed

__all__ = ["RawItem", "build_entries", "clean_title", "feed_links", "folded_title", "parse_feed"]
