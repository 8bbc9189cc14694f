"""What the program can write into a column of codes, followed in its source from where a value is stored."""

import ast
import re
from collections import defaultdict
from functools import cache
from typing import NamedTuple

from tests.contract.tree import ROOT, modules, syntax

# attributes that carry a value on from where an object was made: that place is a sink of its own
CARRIED = {"reason", "problem", "cut", "failure", "status", "outcome", "verdict", "rule", "refused", "source", "kind"}
HOLE = "<>"


class Site(NamedTuple):
    """A call or a function, with the function around it, the tree of its module and its path."""

    node: ast.AST
    around: ast.FunctionDef | None
    tree: ast.Module
    path: str


@cache
def library():
    """Every function and every call of the library by name."""
    functions, calls = defaultdict(list), defaultdict(list)

    def look(node, around, tree, path):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            functions[node.name].append(Site(node, around, tree, path))
            around = node
        elif isinstance(node, ast.Call):
            calls[called(node)].append(Site(node, around, tree, path))
        for inner in ast.iter_child_nodes(node):
            look(inner, around, tree, path)

    for path in modules():
        tree = syntax(path)
        look(tree, None, tree, str(path))
    return functions, calls


def called(call):
    return getattr(call.func, "id", None) or getattr(call.func, "attr", "")


def written(sinks, folder="", apart="no module"):
    """The words that reach any of `sinks`, each (callable, place, parameter); `?` marks what cannot be told."""
    found = set()
    for sink, place, word in sinks:
        sites = [site for site in library()[1][sink] if folder in site.path and apart not in site.path]
        found |= set().union(*(_given(site, place, word, ()) for site in sites))
    return found


def given_back(name, folder):
    """The words that the functions of a name return."""
    return set().union(*(_returned(site, ()) for site in library()[0][name] if folder in site.path))


def set_by_key(function, key):
    """The words that a function puts under a key of a dictionary, such as a parameter of a statement."""
    found = set()
    for site in library()[0][function]:
        inside = site._replace(around=site.node)
        for pairs in (n for n in ast.walk(site.node) if isinstance(n, ast.Dict)):
            for name, value in zip(pairs.keys, pairs.values, strict=True):
                if isinstance(name, ast.Constant) and name.value == key:
                    found |= _words(value, inside, ())
    return found


def _given(site, place, word, trail):
    """What a call gives for a parameter."""
    call = site.node
    value = next((keyword.value for keyword in call.keywords if keyword.arg == word), None)
    before = call.args[: place + 1] if place is not None else []
    is_row = any(isinstance(v, ast.Starred) for v in before)  # as it was stored: followed where it was written
    if value is None and not is_row and place is not None and len(before) > place:
        value = before[place]
    return _words(value, site, trail) if value is not None else set()


def _words(value, site, trail):
    """The words that an expression may be."""
    if isinstance(value, ast.Constant):
        return {value.value} if isinstance(value.value, str) else set()
    if isinstance(value, ast.JoinedStr):
        return {"".join(v.value if isinstance(v, ast.Constant) else HOLE for v in value.values)}
    if isinstance(value, ast.IfExp | ast.BoolOp):
        arms = value.values if isinstance(value, ast.BoolOp) else (value.body, value.orelse)
        return set().union(*(_words(arm, site, trail) for arm in arms))
    if isinstance(value, ast.Name):
        return _of_name(value.id, site, trail)
    if isinstance(value, ast.Call) and called(value) in library()[0]:
        return _of_call(value, site, trail)
    is_carried = isinstance(value, ast.Attribute) and value.attr in CARRIED
    return set() if is_carried else {f"?{ast.unparse(value)}"}


def _of_call(call, site, trail, place=None):
    """What functions of the name that is called return, or what stands in one place of it."""
    name = called(call)
    if name in trail:
        return set()
    sites = _near(library()[0][name], name, site)
    if isinstance(call.func, ast.Name):  # so that no method is meant
        sites = [s for s in sites if not s.node.args.args or s.node.args.args[0].arg != "self"]
    return set().union(*(_returned(s, (*trail, name), place) for s in sites))


def _near(sites, name, site):
    """What a private name means: that of the same module."""
    return [s for s in sites if name[0] != "_" or s.path == site.path]


def _returned(site, trail, place=None):
    inside = site._replace(around=site.node)
    given = [n.value for n in ast.walk(site.node) if isinstance(n, ast.Return) and n.value is not None]
    given = [v.elts[place] if place is not None and isinstance(v, ast.Tuple) else v for v in given]
    return set().union(*(_words(value, inside, trail) for value in given))


def _of_name(name, site, trail):
    """A variable by what it is set to, a parameter by what the calls of its function give."""
    if (site.around, name) in trail:
        return set()
    trail = (*trail, (site.around, name))
    parameters = [a.arg for a in (*site.around.args.args, *site.around.args.kwonlyargs)] if site.around else []
    if name in parameters:
        place = parameters.index(name) - ("self" in parameters)
        found = [s for s in library()[1][site.around.name] if site.around.name[0] != "_" or s.path == site.path]
        return set().union(*(_given(s, place, name, trail) for s in found))
    nodes = list(ast.walk(site.around or site.tree))
    if site.around and not any(
        isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Store) for n in nodes
    ):
        nodes = list(site.tree.body)  # a constant of the module
    sets = [found for node in nodes if (found := _set_by(node, name, site, trail)) is not None]
    return set().union(*sets) if sets else {f"?{name}"}


def _set_by(node, name, site, trail):
    """The words that a statement sets a variable to; None when it sets another or none."""
    if isinstance(node, ast.For) and name in _names(node.target) and isinstance(node.iter, ast.Name):
        rows = [a.value for a in site.tree.body if isinstance(a, ast.Assign) and node.iter.id in _names(a.targets[0])]
        words = [c.value for row in rows for c in ast.walk(row) if isinstance(c, ast.Constant)]
        return {word for word in words if isinstance(word, str)} if rows else None
    if not isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr) or node.value is None:
        return None
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    if isinstance(target, ast.Tuple) and name in _names(target) and isinstance(node.value, ast.Call):
        return _of_call(node.value, site, trail, [getattr(t, "id", "") for t in target.elts].index(name))
    return _words(node.value, site, trail) if isinstance(target, ast.Name) and target.id == name else None


def _names(target):
    return {n.id for n in ast.walk(target) if isinstance(n, ast.Name)}


def sql_words(column, folders=("marts", "queries", "store", "views")):
    """The words that SQL gives a column: `'x' AS column`, the arms of a CASE that ends so, `SET column = 'x'`."""
    found = set()
    for path in sorted(p for folder in folders for p in (ROOT / "sql" / folder).glob("*.sql")):
        text = re.sub(r"--.*", "", path.read_text("utf-8"))
        for case in re.findall(rf"\bCASE\b((?:(?!\bCASE\b).)*?)\bEND\s+AS {column}\b", text, re.DOTALL):
            found |= set(re.findall(r"\b(?:THEN|ELSE)\s+'([^']*)'", case))
        found |= set(re.findall(rf"'([^']*)' AS {column}\b", text))
        found |= set(re.findall(rf"\b(?:SET|,)\s+{column} = '([^']*)'", text))
    return found
