"""What a worker is given with a batch: picklable, and light to import for the process that only sends it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from monitor.pipeline.jobs import FeedDone, FeedJob, PageDone, PageJob


def parse_batch(jobs: Sequence[FeedJob]) -> list[FeedDone]:
    """Parse what has changed; the bodies stay in the worker."""
    from monitor.pipeline.worker import parse

    return [FeedDone(_light(job), None if job.unchanged else parse(job)) for job in jobs]


def _light(job: FeedJob) -> FeedJob:
    return replace(job, response=replace(job.response, body=b""))


@dataclass(frozen=True, slots=True)
class ArticleWork:
    """Extract, date, tag and sign the pages of a batch; picklable, so that a worker can be given it."""

    gazetteer: Path | None
    week_zone: str
    program: str

    def __call__(self, jobs: Sequence[PageJob]) -> list[PageDone]:
        """One article for each job, without its page: sending that back would cost more than storing the article."""
        from monitor.pipeline.worker import extracted, finish, same_tagger

        tagger = same_tagger(self.gazetteer, self.program)
        done = (finish(job, extracted(job), tagger, self.week_zone) for job in jobs)
        return [replace(d, job=replace(d.job, page=None, known_lines=frozenset())) for d in done]
