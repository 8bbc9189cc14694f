"""The command line within the test's own process."""

from click.testing import CliRunner

from monitor.cli import cli


def runner(data, *first):
    """A function that runs `monitor` on a data folder and gives its output; with `fails` that error's message."""

    def run(*words, fails=None):
        done = CliRunner().invoke(cli, [*first, *words, "--data", str(data)], catch_exceptions=True)
        if fails is not None:
            assert isinstance(done.exception, fails), done.output
            return str(done.exception)
        assert done.exit_code == 0, done.output
        return done.output

    return run
