"""The sequence of one collection run: poll, parse, fetch, extract, tag, load, build, publish. No Prefect here."""

from monitor.pipeline.context import Progress, Run, quiet
from monitor.pipeline.run import RunReport, collect

__all__ = ["Progress", "Run", "RunReport", "collect", "quiet"]
