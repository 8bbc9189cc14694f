import importlib.util
import re

import click
import pytest

from monitor.cli import COMMANDS, cli
from monitor.config import Settings
from tests.contract.tree import ROOT

spec = importlib.util.spec_from_file_location("make_reference", ROOT / "docs" / "make_reference.py")
make_reference = importlib.util.module_from_spec(spec)
spec.loader.exec_module(make_reference)


def commands():
    """(path, command) of every command that does something."""
    found = []

    def walk(path, command):
        found.append((path, command))
        if isinstance(command, click.Group):
            for name, inner in command.commands.items():
                walk(f"{path} {name}", inner)

    with click.Context(cli, info_name="monitor") as context:
        for name in COMMANDS:
            walk(name, cli.get_command(context, name))
    return found


@pytest.mark.parametrize(("path", "command"), commands(), ids=lambda x: x if isinstance(x, str) else "")
def test_every_command_and_option_has_help(path, command):
    assert command.help, path
    for param in command.params:
        if isinstance(param, click.Option) and not param.hidden:
            assert param.help or param.name in ("data", "port"), f"{path} --{param.name}"


def test_the_reference_is_up_to_date():
    assert make_reference.PAGE.read_text("utf-8") == make_reference.reference(), "run `make docs`"


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_says_what_it_is(name):
    assert Settings.model_fields[name].description
    assert f"| {name} |" in make_reference.PAGE.read_text("utf-8")


@pytest.mark.parametrize(
    "page", sorted(p for p in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]), ids=lambda p: p.name
)
def test_links_between_pages_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda p: p.name)
def test_the_readme_or_another_page_leads_here(page):
    pages = [ROOT / "README.md", *(p for p in (ROOT / "docs").glob("*.md") if p != page)]
    assert any(page.name in p.read_text("utf-8") for p in pages), f"nothing links to {page.name}"


def test_every_dependency_has_its_line_of_reason():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *(d for extra in project["optional-dependencies"].values() for d in extra)]
    text = (ROOT / "docs" / "decisions.md").read_text("utf-8").replace("_", "-")
    for requirement in wanted:
        name = re.match(r"[\w-]+", requirement)[0]
        assert name in text or ("duckdb-extension" in name and "duckdb-extension-" in text), name
