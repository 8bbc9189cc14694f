import ast
import subprocess
import sys

import pytest

from tests.contract.tree import LIBRARY, ROOT, imports, module_name, modules, packages, syntax, theme

# design: arrows run down this list and never along a rung, but where a rung is one theme
RUNGS = [
    {"cli"},
    {"service", "doctor"},
    {"overview"},
    {"pipeline", "supervise", "backup"},
    {"store", "publish", "marts", "queries", "trends", "export", "sample", "work", "feeds_file", "retag", "validation"},
    {"feed", "article", "gazetteer", "mention", "story", "poll", "batch", "discover", "notify", "schedules"},
    {"web", "dates", "zones", "urls", "charset", "config", "lake", "sqlfiles"},
    {"records", "duckfile", "lines", "cells"},
    {"errors"},
    {"masked"},
]
# who may lean on a neighbour of its own rung, and why
NEIGHBOURS = {
    ("mention", "gazetteer"),  # the matcher is built from the gazetteer
    ("web", "urls"),  # a redirect's target is resolved as links are
    ("discover", "feed"),  # finds the feed links of a page as the parser does
    ("dates", "zones"),  # the zone names are the dates' own table
    ("trends", "queries"),
    ("queries", "trends"),  # the archive offers the trend arithmetic as its methods
    ("publish", "store"),
    ("marts", "store"),  # they work on the open warehouse
    ("publish", "marts"),  # what is published was checked
    ("lake", "sqlfiles"),  # attaching is SQL
    ("work", "article"),
    ("export", "queries"),  # exports what the read-only door gives
}


def rung(name):
    return next((i for i, names in enumerate(RUNGS) if name in names), None)


@pytest.mark.parametrize("path", [p for p in modules() if theme(module_name(p))], ids=module_name)
def test_arrows_run_down(path):
    here = theme(module_name(path))
    assert rung(here) is not None, f"{here} has no place in the list of layers"
    for name in imports(path):
        there = theme(name) if name.startswith("monitor.") else ""
        if not there or there == here or rung(there) is None:
            continue
        assert rung(there) > rung(here) or (here, there) in NEIGHBOURS, f"{module_name(path)} imports {name}"


def test_no_import_cycle():
    graph = {module_name(p): {n for n in imports(p) if n.startswith("monitor")} for p in modules()}
    state = {}

    def visit(name, trail):
        if state.get(name) == "done" or name not in graph:
            return
        assert name not in trail, f"cycle: {' > '.join([*trail, name])}"
        for other in graph[name]:
            if other != name:
                visit(other, [*trail, name])
        state[name] = "done"

    for name in graph:
        if name != "monitor":
            visit(name, [])


DOORS = {
    "aiohttp": {"web"},
    "feedparser": {"feed"},
    "trafilatura": {"article"},
    "duckdb": {"store", "publish", "marts", "queries", "lake"},
    "protego": {"web"},
    "rensa": {"story"},
    "ahocorasick_rs": {"mention"},
    "pebble": {"work"},
    "distributed": {"work"},
    "rich": {"cli"},
}


@pytest.mark.parametrize("package", DOORS)
def test_one_door_for_a_dependency(package):
    users = {theme(module_name(p)) for p in modules() if package in packages(p)}
    assert users, f"nothing uses {package}"
    assert users <= DOORS[package]


@pytest.mark.parametrize("path", modules(), ids=module_name)
def test_library_knows_neither_prefect_nor_dashboard(path):
    assert not packages(path) & {"prefect", "flows", "dashboards", "starlette", "altair", "vl_convert"}


@pytest.mark.parametrize("path", sorted((ROOT / "flows").glob("*.py")), ids=lambda p: p.name)
def test_flows_hold_no_sql_and_no_http(path):
    assert not packages(path) & {"duckdb", "aiohttp", "httpx", "requests", "feedparser", "trafilatura", "polars"}
    assert "SELECT" not in path.read_text("utf-8")


@pytest.mark.parametrize("path", sorted((ROOT / "dashboards").glob("**/*.py")), ids=lambda p: p.name)
def test_dashboards_read_through_queries_only(path):
    assert "duckdb" not in packages(path)
    ours = {n for n in imports(path) if n.startswith("monitor.")}
    assert {theme(n) for n in ours} <= {"queries", "trends", "errors", "config", "records", "lines", "cells"}


ALLOWED_CLOCK = {"cli", "config", "work"}


@pytest.mark.parametrize("path", modules(), ids=module_name)
def test_no_wall_clock_no_randomness_no_environment_below_the_edges(path):
    """monotonic time is free; the wall clock comes as an argument."""
    here = theme(module_name(path))
    text = ast.unparse(syntax(path))
    for word in ("datetime.now(", "datetime.utcnow(", "date.today(", "time.time("):
        assert word not in text or here == "cli", f"{path.name} reads the wall clock"
    for word in ("os.environ", "os.getenv("):
        assert word not in text or here in ALLOWED_CLOCK, f"{path.name} reads the environment"


def calls_to_except_exception(path):
    return [
        node.lineno
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or getattr(node.type, "id", "") in ("Exception", "BaseException"))
        and not any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
    ]


@pytest.mark.parametrize("path", modules(), ids=module_name)
def test_except_exception_stands_at_the_borders_alone(path):
    """Swallowing everything is for the borders where hostile pages and threads end."""
    if theme(module_name(path)) in ("article", "feed") or path.name == "fetching.py":
        return
    assert not calls_to_except_exception(path)


PRODUCT = [p for folder in ("src", "flows", "dashboards") for p in sorted((ROOT / folder).rglob("*.py"))]


@pytest.mark.parametrize("path", PRODUCT, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_and_functions_fit_a_screen(path):
    assert path.read_text("utf-8").count("\n") <= 300
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno - node.lineno < 50, f"{path}:{node.lineno} {node.name}"


@pytest.mark.parametrize("path", PRODUCT, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_name_says_nothing(path):
    assert path.stem not in {"utils", "helpers", "core", "common", "manager", "models"}


STORES, WORKERS = {"duckdb", "polars", "pyarrow", "aiohttp"}, {"trafilatura", "feedparser", "dateparser", "rensa"}
LIGHT = {
    "monitor.cli": {*STORES, *WORKERS, "rich", "pydantic"},  # --help is quick because commands load late
    "monitor.cli.run": {*STORES, *WORKERS, "pebble"},  # the server that workers are forked from starts before these
    "monitor.cli.demo": {*STORES, *WORKERS, "pebble"},
    "monitor.cli.backfill": {*STORES, *WORKERS, "pebble"},
    "monitor.service": WORKERS,
    "monitor.pipeline.warm": {*STORES, "pydantic"},
}


@pytest.mark.parametrize("module", LIGHT)
def test_a_process_imports_only_what_it_needs(module):
    code = f"import sys, {module}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not LIGHT[module] & set(loaded)


def test_the_library_is_where_it_should_be():
    assert (LIBRARY / "records.py").exists()
