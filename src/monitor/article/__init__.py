"""Pages to articles: `extract.extract`, meant for worker processes, one page at a time.

Nothing is imported here: a run's own process needs small parts only, and trafilatura takes a quarter of a second.
"""
