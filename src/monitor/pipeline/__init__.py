"""The sequence of one collection run: poll, parse, fetch, extract, tag, load, build, publish. No Prefect here.

Nothing is imported here, so that a worker needs neither the database nor the client: `run.collect` is the entrance.
"""
