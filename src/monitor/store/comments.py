"""COMMENT ON every relation, column and macro, from three lists: one name means one thing, exceptions are qualified."""

from __future__ import annotations

import duckdb

from monitor.sqlfiles import macros, meanings, statements


def comment_all(con: duckdb.DuckDBPyConnection, marts: dict[str, str]) -> list[str]:
    """Comment on what has no comment or another one; `marts` maps mart names to what they are about.

    Returns what nothing is known of.
    """
    sql, missing, said_anew = statements("store/comments.sql"), [], []
    for relation, kind, said in con.execute(sql["relations"]).fetchall():
        text = marts.get(relation.removeprefix("mart."), "") or meanings("relations").get(relation, "")
        said_anew += _comment(sql[f"on_{kind}"], relation, "", said, text)
        missing += [] if text else [relation]
    for relation, column, said in con.execute(sql["columns"]).fetchall():
        columns = meanings("columns")
        text = columns.get(f"{relation}.{column}") or columns.get(column, "")
        said_anew += _comment(sql["on_column"], relation, column, said, text)
        missing += [] if text else [f"{relation}.{column}"]
    for macro, kind, _, said in con.execute(sql["macros"]).fetchall():
        text = meanings("macros").get(macro, "")
        # a client shows the names of parameters, but not their defaults
        called = f"{text} Called {macros()[macro].signature}." if text and macro in macros() else text
        said_anew += _comment(sql[f"on_{kind}"], macro, "", said, called)
        missing += [] if text else [macro]
    if said_anew:
        con.execute(";\n".join(said_anew))  # hundreds after a build: one by one they take half as long again
    return missing


def _comment(statement: str, relation: str, column: str, said: str | None, text: str) -> list[str]:
    """The statement, if there is something to say anew."""
    if text == said:
        return []
    quoted = "'" + text.replace("'", "''") + "'"
    filled = statement.replace("this_relation", relation).replace("this_column", column)
    return [filled.replace("this_text", quoted).rstrip().rstrip(";")]
