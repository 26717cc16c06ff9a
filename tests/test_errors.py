from __future__ import annotations

import inspect

from gsefgraph import errors


def test_the_tree_drawn_at_the_top_is_the_tree() -> None:
    drawn = errors.__doc__ or ""
    classes = [c for _, c in inspect.getmembers(errors, inspect.isclass)]
    ours = [c for c in classes if issubclass(c, errors.GsefgraphError)]
    assert len(ours) == 14
    for error in ours:
        assert error.__name__ in drawn
        if error is not errors.GsefgraphError:
            line = next(text for text in drawn.splitlines() if f" {error.__name__} " in text)
            assert f" {error.exit_code} " in line


def test_a_message_is_one_line() -> None:
    error = errors.InputError("two\nlines", file="a.ttl", line=2, hint="one\nline")
    assert str(error) == "a.ttl:2: two lines; one line"


def test_nearest() -> None:
    assert errors.nearest("GSEF", ["gsef", "oecd"]) == "did you mean gsef?"
    assert errors.nearest("PLACE", ["place", "Place", "lace"]) == "did you mean Place, place, lace?"
    assert errors.nearest("x", []) == ""
    many = [f"word{n:02}" for n in range(20)]
    assert errors.nearest("zzzz", many).endswith("word11, …")
