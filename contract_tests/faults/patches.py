"""Faults inside the emulator: one of its functions or constants, replaced for a while."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Patch:
    """`name` of a class or module becomes what `make` makes of it."""

    owner: Any
    name: str
    make: Callable[[Any], Any]

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Replace it. Raises LookupError when it is not there, or no longer what the replacement was written for."""
        original = vars(self.owner).get(self.name)
        if original is None:
            raise LookupError(f"{self.owner!r} has no {self.name} of its own")
        replacement = self.make(original)
        if _form(replacement) != _form(original):
            raise LookupError(f"{self.owner.__name__}.{self.name} is not what it was: {_form(original)}")
        setattr(self.owner, self.name, replacement)
        try:
            yield
        finally:
            setattr(self.owner, self.name, original)


def value(owner: Any, name: str, new: Any) -> Patch:
    """A constant with another value."""
    return Patch(owner, name, lambda _: new)


def method(owner: Any, name: str, new: Callable[..., Any]) -> Patch:
    """A function or method that does something else; `new` is called with the original first."""

    def make(original: Any) -> Any:
        if isinstance(original, property):
            return property(lambda self: new(original.fget, self))

        def changed(*args: Any, **kwargs: Any) -> Any:
            return new(original, *args, **kwargs)

        changed.__signature__ = inspect.signature(original)  # type: ignore[attr-defined]
        # `new` names what it replaces, argument by argument: what it was not written for, it does not replace.
        inspect.signature(new).bind(original, *_blank(original)[0], **_blank(original)[1])
        return changed

    return Patch(owner, name, make)


def also(owner: Any, name: str, afterwards: Callable[..., Any]) -> Patch:
    """A function or method that does something more afterwards; `afterwards` is given its result and its arguments."""

    def around(original: Any, *args: Any, **more: Any) -> Any:
        result = original(*args, **more)
        afterwards(result, *args, **more)
        return result

    return method(owner, name, around)


def _blank(function: Callable[..., Any]) -> tuple[list[Any], dict[str, Any]]:
    """Arguments for everything a function takes."""
    parameters = inspect.signature(function).parameters.values()
    places = [None for each in parameters if each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)]
    return places, {each.name: None for each in parameters if each.kind is each.KEYWORD_ONLY}


def _form(thing: Any) -> Any:
    """The signature or type that a replacement must share."""
    if isinstance(thing, property):
        return property
    return inspect.signature(thing) if inspect.isfunction(thing) else type(thing)
