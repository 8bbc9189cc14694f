from datetime import UTC, datetime

import pytest

from monitor.article.plain import count_words
from monitor.batch import PendingEntry
from monitor.pipeline.jobs import PageJob
from monitor.pipeline.worker import finish
from monitor.records import Entry, Extracted

NOW = datetime(2026, 3, 4, tzinfo=UTC)
KHMER = "ភ្នំពេញ៖ រដ្ឋាភិបាលកម្ពុជាបានប្រកាសថា ខ្លួននឹងពង្រឹងកិច្ចសហប្រតិបត្តិការជាមួយថៃ និងវៀតណាម"
THAI = "กรุงเทพฯ รัฐบาลไทยประกาศว่าจะเสริมสร้างความร่วมมือกับกัมพูชาและเวียดนามในปีหน้า"


class NoTagger:
    version = "t1"

    def tag(self, *texts, **known):
        return []


@pytest.mark.parametrize("summary", ["Cambodia and Thailand talk", KHMER, THAI])
def test_the_words_of_a_summary_are_counted_as_those_of_a_text(summary):
    entry = Entry("f", "e", "https://a.example/1", "https://a.example/1", 1, "T", summary=summary)
    pending = PendingEntry(entry, "a.example", "km", None, NOW, False, False, 0)
    done = finish(PageJob(pending, None, "http_403", NOW), Extracted("metadata", "http_403", ""), NoTagger(), "UTC")
    assert done.article.text == summary
    assert done.article.word_count == count_words(summary)
