"""The errors that end a command; one tree, each with the exit code it stands for.

    MonitorError                     1   something broke that we did not foresee a name for
    ├── UsageError                   2   the input or the configuration is wrong: say what to do
    │   ├── ConfigError                  a setting has a bad value
    │   ├── FeedsFileError               feeds.toml, OPML or CSV does not hold feeds
    │   ├── GazetteerError               a gazetteer file has a bad row
    │   ├── UnknownEntityError           a name that the gazetteer does not know
    │   ├── QueryError                   SQL that fails, writes, or a query name that does not exist
    │   ├── DataFolderError              the data folder cannot be read or written, or is too full
    │   └── SchemaVersionError           a warehouse of a newer schema, or a file that is no warehouse
    ├── UnreachableError             3   feeds were due and not one could be reached
    ├── LockedError                  4   another writer holds the warehouse
    ├── CheckFailedError             5   a data check stopped the publish
    ├── ClusterError                 1   the Dask scheduler does not answer or has no workers
    └── ConflictError                1   another writer of the lake was first: the transaction is tried again

What goes wrong with one feed, page or article is never raised past its border: it is a value
(`Fetch.outcome`, `Article.status`) that ends in a table.
"""

from monitor.masked import masked


class MonitorError(Exception):
    """Base of all errors that a command reports in one line; what a database said may quote how it was reached."""

    exit_code = 1

    def __init__(self, *said: object) -> None:
        super().__init__(*(masked(text) if isinstance(text, str) else text for text in said))


class UsageError(MonitorError):
    """Wrong input or configuration."""

    exit_code = 2


class ConfigError(UsageError):
    """A setting has a bad value."""


class FeedsFileError(UsageError):
    """A feeds file cannot be read as feeds; the message names file and line."""


class GazetteerError(UsageError):
    """A gazetteer file has a bad row; the message names file and line."""


class UnknownEntityError(UsageError):
    """A name that no entity or alias has; the message suggests the nearest."""


class QueryError(UsageError):
    """A query that fails, would write, or does not exist."""


class DataFolderError(UsageError):
    """The data folder cannot be used."""


class SchemaVersionError(UsageError):
    """The warehouse is of a newer schema or not a warehouse."""


class UnreachableError(MonitorError):
    """Feeds were due and none could be reached."""

    exit_code = 3


class LockedError(MonitorError):
    """Another writer holds the warehouse."""

    exit_code = 4


class CheckFailedError(MonitorError):
    """A data check found rows that must not exist, so nothing was published."""

    exit_code = 5


class ClusterError(MonitorError):
    """The Dask scheduler does not answer, or has no workers."""


class ConflictError(MonitorError):
    """Another writer of the lake committed first, and nothing of this transaction was stored."""
