import os
import pickle
import signal
import sys
import time
from importlib.util import find_spec

import pytest

from monitor.errors import ClusterError, ConfigError
from monitor.work import Lost, executor, split_lost
from tests.scale import servers

# each test leaves the cluster as it was: workers that died are started again by their nannies


def double(batch):
    return [2 * n for n in batch]


def die_on_three(batch):
    if 3 in batch:
        os.kill(os.getpid(), signal.SIGKILL)
    return list(batch)


def hang_on_three(batch):
    if 3 in batch:
        time.sleep(60)
    return list(batch)


def linger(batch):
    time.sleep(0.05)
    return list(batch)


def refuse(batch):
    raise ConfigError("not the same program")


def flat(results):
    return sorted(n for r in results if not isinstance(r, Lost) for n in r)


def test_a_cluster_gives_what_inline_gives(cluster):
    batches = [[1, 2], [3], [4, 5, 6]]
    with executor(cluster.executor, 1) as map_:
        assert flat(map_(double, batches)) == flat(map(double, batches))


@pytest.mark.parametrize(("function", "reason"), [(die_on_three, "crash"), (hang_on_three, "timeout")])
def test_only_the_culprit_is_given_up(cluster, function, reason):
    with executor(cluster.executor, 1, timeout=2) as map_:
        results = list(split_lost(map_, function, [[1, 2], [3, 4, 5], [6], [7, 8]]))
    assert flat(results) == [1, 2, 4, 5, 6, 7, 8]
    assert [r for r in results if isinstance(r, Lost)] == [Lost([3], reason)]


def test_batches_are_taken_as_they_are_worked_on(cluster):
    taken = []

    def batches():
        for n in range(40):
            taken.append(n)
            yield [n]

    with executor(cluster.executor, 1) as map_:
        results = map_(linger, batches())
        next(results)
        assert len(taken) <= 6  # two for each of two workers, and what has just come back
        assert len(list(results)) == 39


def test_a_killed_worker_loses_nothing(cluster):
    servers.wait_for(lambda: len(cluster.worker_processes()) == 2, 30)
    got = []
    with executor(cluster.executor, 1) as map_:
        for result in map_(linger, ([n] for n in range(60))):
            got += result
            if len(got) == 10:
                os.kill(cluster.worker_processes()[0], signal.SIGKILL)
    assert sorted(got) == list(range(60))


def test_an_error_of_the_work_reaches_the_caller(cluster):
    with executor(cluster.executor, 1) as map_, pytest.raises(ConfigError, match="not the same program"):
        list(map_(refuse, [[1]]))


@pytest.mark.parametrize("protocol", [4, 5])  # Dask's scheduler speaks 4, for fear of old clients
def test_a_batch_travels_as_bytes_that_are_not_copied_where_that_is_possible(protocol):
    servers.need(find_spec("distributed"), "monitor[dask]")
    from monitor.work.cluster import Parcel

    batch, beside = [b"a page" * 1000, "its url"], []
    head = pickle.dumps(Parcel(pickle.dumps(batch)), protocol, buffer_callback=beside.append if protocol == 5 else None)
    assert (len(head) < 200) == (protocol == 5)
    assert pickle.loads(head, buffers=beside).unpacked() == batch


@pytest.mark.long
def test_a_killed_scheduler_that_comes_back_is_sent_the_rest_again(tmp_path):
    with servers.dask_cluster(tmp_path, workers=1) as own:
        got = []
        with executor(own.executor, 1) as map_:
            for result in map_(linger, ([n] for n in range(40))):
                got += result
                if len(got) == 10:
                    own.scheduler.kill()
                    own.scheduler.wait()
                    own.start_scheduler()
                    own.start_workers(1)
        assert sorted(set(got)) == list(range(40))
        assert len(got) == 40


def test_no_scheduler_is_said_at_once(monkeypatch):
    monkeypatch.setattr("monitor.work.cluster._CONNECT", 1.0)
    with pytest.raises(ClusterError, match="is `dask scheduler` up"), executor("dask:tcp://127.0.0.1:9", 1):
        pass


def test_without_the_extra_the_setting_is_refused(monkeypatch):
    monkeypatch.setitem(sys.modules, "monitor.work.cluster", None)
    with pytest.raises(ConfigError, match="dask"), executor("dask:tcp://127.0.0.1:9", 1):
        pass
