"""Shows the docstrings of fields in `help`, which Python itself discards."""

from __future__ import annotations

import dataclasses
import itertools
from typing import TypeVar

T = TypeVar("T")


class FieldDocs:
    """The docstring of a class with a list of its fields, from the docstrings below them.

    Those are read from the source when they are asked for, so importing the class costs nothing.
    """

    def __init__(self, text: str) -> None:
        self.text = text

    def __get__(self, _instance: object, owner: type) -> str:
        # A dataclass asks before its slots have replaced the class: that is no time to read a source.
        return f"{self.text}{_attributes(owner)}" if "__slots__" in owner.__dict__ else self.text


def with_field_docs(cls: type[T]) -> type[T]:
    """Let the `__doc__` of a class list its fields."""
    if isinstance(text := cls.__dict__.get("__doc__"), str):
        cls.__doc__ = FieldDocs(text)  # type: ignore[assignment]
    return cls


def _attributes(cls: type) -> str:
    found: dict[str, str] = {}
    for base in reversed(cls.__mro__):
        found |= _docs(base)
    names = [item.name for item in dataclasses.fields(cls)]
    lines = [f"    {name}: {found[name]}" for name in names if name in found]
    return "\n".join(["\n\nAttributes:", *lines]) if lines else ""


def _docs(cls: type) -> dict[str, str]:
    """The docstrings of the fields that `cls` defines itself; none without the source."""
    import ast  # here, because only `help` needs them
    import inspect
    import textwrap

    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(cls)))
    except (OSError, TypeError, SyntaxError):
        return {}
    return {
        each.target.id: " ".join(following.value.value.split())
        for each, following in itertools.pairwise(getattr(tree.body[0], "body", ()))
        if isinstance(each, ast.AnnAssign)
        and isinstance(each.target, ast.Name)
        and isinstance(following, ast.Expr)
        and isinstance(following.value, ast.Constant)
        and isinstance(following.value.value, str)
    }
