from __future__ import annotations

from gsefgraph.cli import COMMANDS
from gsefgraph.docs import commands


def test_the_reference_is_fresh_and_whole() -> None:
    page = commands.render()
    for name, (_, text) in COMMANDS.items():
        assert f"## gsefgraph {name}\n" in page
        assert text.split(",")[0] in page
    assert commands.PAGE.read_text("utf-8") == page


def test_the_list_of_commands_says_what_their_help_says() -> None:
    import click

    from gsefgraph.cli import group

    context = click.Context(group, info_name="gsefgraph")
    for name in COMMANDS:
        command = group.get_command(context, name)
        assert command is not None
        assert command.name == name
        assert command.help
