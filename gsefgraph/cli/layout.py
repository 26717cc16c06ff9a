"""`gsefgraph fmt`: canonical Turtle for data/ and ontology/."""

from __future__ import annotations

import click

from gsefgraph.cli.settings import Settings, common
from gsefgraph.errors import ReadOnlyProject
from gsefgraph.wording import say


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; leave with 1 if a file would change.")
@common
@click.pass_obj
def fmt(settings: Settings, check: bool) -> int:
    """Write data/ and ontology/ in their canonical layout, stable for diffs."""
    from gsefgraph.files import write_all
    from gsefgraph.records import layout

    project = settings.open_project()
    changed = {}
    for path in layout.files(project):
        content = layout.canonical(path, project.names)
        if content != path.read_bytes():
            changed[path] = content
    for path in changed:
        click.echo(path.relative_to(project.root))
    if changed and not check:
        if not project.writable:
            raise ReadOnlyProject(
                say("cli.package", root=project.root), hint=say("cli.project-folder")
            )
        write_all(project.root, changed)
    return 1 if changed and check else 0
