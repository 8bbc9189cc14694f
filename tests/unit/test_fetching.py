from monitor.pipeline.fetching import in_batches


class Ticks:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def test_full_batches_go_at_once():
    assert list(in_batches(range(5), 2, 99.0, Ticks())) == [[0, 1], [2, 3], [4]]


def test_a_lone_item_is_not_held_back():
    clock = Ticks()

    def slow():
        yield "a"
        clock.now = 3.0
        yield None
        yield "b"

    assert list(in_batches(slow(), 10, 2.0, clock)) == [["a"], ["b"]]


def test_time_counts_from_the_first_item_of_a_batch():
    clock = Ticks()

    def quiet_then_two():
        clock.now = 50.0
        yield None
        yield "a"
        yield "b"

    assert list(in_batches(quiet_then_two(), 10, 2.0, clock)) == [["a", "b"]]
