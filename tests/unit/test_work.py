import gc
import multiprocessing
import os
import signal
import subprocess
import sys
import time

import pytest

from monitor.errors import ConfigError
from monitor.pipeline.worker import shared_tagger
from monitor.work import Lost, executor, inline, split_lost
from monitor.work.pool import process_map

forked = pytest.mark.skipif("forkserver" not in multiprocessing.get_all_start_methods(), reason="no fork server here")


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


def taggers_made(_batch):
    return shared_tagger.cache_info().currsize


def flat(results):
    return sorted(n for r in results if not isinstance(r, Lost) for n in r)


def test_pool_and_inline_give_the_same():
    batches = [[1, 2], [3], [4, 5, 6]]
    with inline() as map_:
        here = flat(map_(double, batches))
    with process_map(2, 30) as map_:
        assert flat(map_(double, batches)) == here == [2, 4, 6, 8, 10, 12]


@pytest.mark.parametrize(("function", "reason"), [(die_on_three, "crash"), (hang_on_three, "timeout")])
def test_only_the_culprit_of_a_lost_batch_is_given_up(function, reason):
    with process_map(2, 2) as map_:
        results = list(split_lost(map_, function, [[1, 2], [3, 4, 5], [6]]))
    assert flat(results) == [1, 2, 4, 5, 6]
    assert [r for r in results if isinstance(r, Lost)] == [Lost([3], reason)]


def test_batches_are_taken_as_they_are_worked_on():
    taken = []

    def batches():
        for n in range(50):
            taken.append(n)
            yield [n]

    with process_map(1, 30) as map_:
        results = map_(double, batches())
        next(results)
        assert len(taken) <= 4
        assert len(list(results)) == 49


def test_an_error_of_the_caller_ends_the_pool():
    def fails_in_the_middle():
        with process_map(1, 30) as map_:
            next(map_(double, iter([[1], [2]])))
            raise KeyError

    with pytest.raises(KeyError):
        fails_in_the_middle()


@pytest.mark.parametrize(
    "name", ["threads", "processes:0", "processes:x", "processes:²", "processes:" + "9" * 5000, "inline:2", ""]
)
def test_unknown_executor_is_a_setting_error(name):
    with pytest.raises(ConfigError), executor(name, 1):
        pass


@forked
def test_workers_are_forked_with_the_tagger_already_made():
    with process_map(1, 60.0) as run:
        assert list(run(taggers_made, [[0]])) == [1]


@forked
def test_workers_do_not_import_the_program_that_was_started(tmp_path):
    """In the service it is Prefect's, which takes each worker a second and 50 MB."""
    program = tmp_path / "program.py"
    program.write_text(
        "print('imported', flush=True)\n"
        "from monitor.work import executor\n"
        "if __name__ == '__main__':\n"
        "    with executor('processes', 2) as map_:\n"
        "        print(sum(map_(sum, [[1], [2], [3, 4]])))\n",
        "utf-8",
    )
    done = subprocess.run([sys.executable, program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["imported", "10"]


@forked
@pytest.mark.parametrize("moment", [0.02, 0.04, 0.06, 0.08, 0.12])
def test_an_interrupt_ends_the_run_and_not_the_server_it_has_just_started(tmp_path, moment):
    program = tmp_path / "program.py"
    program.write_text(
        "import time\n"
        "from monitor.work.server import start_early\n"
        "try:\n"
        "    start_early('processes')\n"
        "    print('started', flush=True)\n"
        "    time.sleep(60)\n"
        "except KeyboardInterrupt:\n"
        "    print('interrupted')\n",
        "utf-8",
    )
    with subprocess.Popen(
        [sys.executable, program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as run:
        assert run.stdout.readline() == "started\n"
        time.sleep(moment)
        os.killpg(run.pid, signal.SIGINT)
        assert run.communicate(timeout=60) == ("interrupted\n", "")


def test_garbage_is_looked_for_less_while_an_executor_is_open():
    gc.unfreeze()  # what tests before this one have left
    before = gc.get_threshold()
    with executor("inline", 1):
        assert gc.get_threshold()[0] > before[0]
        assert gc.get_freeze_count() > 10_000
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0
