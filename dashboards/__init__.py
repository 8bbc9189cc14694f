"""The dashboard: pages, charts and feeds of the published copy, read through `monitor.queries` alone."""
