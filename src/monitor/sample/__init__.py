"""An embedded sample: made-up outlets with half a year of commentary, served by the program itself on loopback."""

from monitor.sample.plan import Outlet, Piece, outlets, pieces, published_at
from monitor.sample.server import DEFAULT_PORT, sample_feeds, serve_sample

__all__ = ["DEFAULT_PORT", "Outlet", "Piece", "outlets", "pieces", "published_at", "sample_feeds", "serve_sample"]
