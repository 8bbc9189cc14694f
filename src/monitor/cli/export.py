"""`monitor export`: the archive as Parquet files by month."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.cli.options import Folder, data_option
from monitor.config import load_settings
from monitor.errors import CheckFailedError
from monitor.export import export as write_export
from monitor.export import verify
from monitor.queries import open_archive


@click.command()
@click.argument("folder", type=Folder())
@data_option
@click.option("--texts", is_flag=True, help="The texts of the articles too: they are others' work.")
@click.option("--check", is_flag=True, help="Only hold the files of an earlier export against its manifest.")
def export(folder: Path, data: Path | None, texts: bool, check: bool) -> None:
    """Write the published copy into FOLDER as Parquet files by month, with a manifest of digests and versions.

    Run again, a file whose rows are the same keeps its digest; files of an earlier export that are not written any more
    are removed.
    """
    if not check:
        with open_archive(load_settings({"data": data}).place, follow=False) as archive:
            manifest = write_export(archive, folder, texts=texts)
        click.echo(f"wrote {manifest}")
    elif wrong := verify(folder):
        raise CheckFailedError(f"{len(wrong)} files of {folder} are missing or differ: {', '.join(wrong[:5])}")
    else:
        click.echo(f"{folder}: all files are as the manifest says")
