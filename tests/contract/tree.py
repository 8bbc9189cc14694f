"""What the contract tests know of the source tree: modules, what they import, and their syntax trees."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "src" / "monitor"


def modules(folder=LIBRARY):
    return sorted(p for p in folder.rglob("*.py"))


def module_name(path):
    parts = path.relative_to(ROOT / "src").with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def syntax(path):
    return ast.parse(path.read_text("utf-8"))


@cache
def imports(path):
    """Full names of imported modules, relative ones resolved, with `from a import b` giving both a and a.b."""
    found = set()
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


@cache
def packages(path):
    return {name.split(".")[0] for name in imports(path)}


def theme(name):
    """monitor.mention.rules -> mention"""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else ""
