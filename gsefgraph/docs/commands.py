"""The reference of the command line, generated: `python -m gsefgraph.docs.commands`."""

from __future__ import annotations

from pathlib import Path

import click
import jinja2

from gsefgraph.cli import COMMANDS, group

PAGE = Path(__file__).resolve().parent.parent / "cli" / "README.md"

_TEMPLATE = """\
# The command line

Generated from the commands themselves; `make docs` writes it anew.

Data goes to stdout, messages to stderr; `-` is stdin or stdout. `NO_COLOR` is honoured.

Of a file that `-o` names the suffix says the format, unless `-f` does; without a suffix it is what
goes to stdout. On a terminal text folds at spaces to the width there is, and a table that is too
wide for that becomes a block a row; in a pipe and a file nothing is folded. Characters that cannot
be seen (controls, marks that turn the direction of writing, zero width, variation selectors) are
shown as `\\u202E` in text for people and on every terminal; data in a pipe or a file has them as
they are.

| exit code | meaning |
|---|---|
| 0 | fine |
| 1 | does not conform; a quote is wrong or gone; with `fmt --check`, a file would change |
| 2 | the call is wrong, or would fetch: an address, SERVICE, a context that no --context gives |
| 3 | a file or a stream that cannot be read or written, such as one with entities from elsewhere |
| 4 | the engine failed, timed out or was stopped |

A signal such as SIGTERM ends it with 128 and its number.

Completion of commands, query names, parameters and formats, for bash (zsh and fish likewise):

    eval "$(_GSEFGRAPH_COMPLETE=bash_source gsefgraph)"

{% for page in pages %}
## {{ page.name }}

```
{{ page.help }}
```
{% endfor -%}
"""


def render() -> str:
    """The page: every command's help, as `--help` prints it at 80 columns.

    >>> "## gsefgraph validate" in render()
    True
    """
    # As `group.make_context` would: a context made by hand does not know the group's settings.
    top = click.Context(
        group,
        info_name="gsefgraph",
        max_content_width=80,
        terminal_width=80,
        **group.context_settings,
    )
    pages = [{"name": "gsefgraph", "help": _told(top)}]
    for name in COMMANDS:
        command = group.get_command(top, name)
        if command is None:
            raise LookupError(name)
        context = click.Context(command, info_name=name, parent=top, max_content_width=80)
        pages.append({"name": f"gsefgraph {name}", "help": _told(context)})
        for inner, below in sorted(getattr(command, "commands", {}).items()):
            within = click.Context(below, info_name=inner, parent=context, max_content_width=80)
            pages.append({"name": f"gsefgraph {name} {inner}", "help": _told(within)})
    # The page is Markdown, where help stands in code blocks: nothing is to be escaped.
    template = jinja2.Environment(  # noqa: S701
        undefined=jinja2.StrictUndefined, keep_trailing_newline=True
    ).from_string(_TEMPLATE)
    return template.render(pages=pages)


def _told(context: click.Context) -> str:
    lines = context.get_help().splitlines()
    return "\n".join(line.rstrip() for line in lines)


if __name__ == "__main__":
    PAGE.write_text(render(), "utf-8")
