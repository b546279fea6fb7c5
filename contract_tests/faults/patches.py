"""Faults inside the emulator: one of its functions or constants, replaced for a while."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import CodeType
from typing import Any


@dataclass(frozen=True)
class Patch:
    """`name` of a class or module becomes what `make` makes of it."""

    owner: Any
    name: str
    make: Callable[[Any], Any]

    @property
    def code(self) -> CodeType | None:
        """The code of the function or property that it replaces; None of anything else, such as a constant."""
        original = vars(self.owner).get(self.name)
        code = getattr(original.fget if isinstance(original, property) else original, "__code__", None)
        return code if isinstance(code, CodeType) else None

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


def called_with(owner: Any, name: str, /, **changes: Any) -> Patch:
    """A function or method that is called with other arguments.

    Each is a value, or made by a function of the arguments that it names.
    """

    def around(run: Callable[[], Any], known: dict[str, Any]) -> Any:
        known |= {each: _made(new, known) for each, new in changes.items()}
        return run()

    return _around(owner, name, around, *changes, *_asked(*changes.values()))


def result(owner: Any, name: str, change: Callable[..., Any]) -> Patch:
    """A function or method with another result, made by `change` of the `result` and the arguments that it names."""
    return _around(owner, name, lambda run, known: _made(change, {**known, "result": run()}), *_asked(change))


def skipped(owner: Any, name: str, when: Callable[..., Any]) -> Patch:
    """A function or method that does nothing, and gives None, where `when` is true of the arguments that it names."""
    return _around(owner, name, lambda run, known: None if _made(when, known) else run(), *_asked(when))


def first(owner: Any, name: str, before: Callable[..., Any]) -> Patch:
    """A function or method that does something more before, with the arguments that it names."""

    def around(run: Callable[[], Any], known: dict[str, Any]) -> Any:
        _made(before, known)
        return run()

    return _around(owner, name, around, *_asked(before))


def also(owner: Any, name: str, afterwards: Callable[..., Any]) -> Patch:
    """A function or method that does something more afterwards, with its `result` and the arguments it names."""

    def around(run: Callable[[], Any], known: dict[str, Any]) -> Any:
        found = run()
        _made(afterwards, {**known, "result": found})
        return found

    return _around(owner, name, around, *_asked(afterwards))


def marked(owner: Any, name: str, /, **attributes: Any) -> Patch:
    """A function or method whose result gets other attributes.

    Each is a value, or made by a function of the `result` and the arguments that it names.
    """

    def around(run: Callable[[], Any], known: dict[str, Any]) -> Any:
        found = run()
        for each, new in attributes.items():
            setattr(found, each, _made(new, {**known, "result": found}))
        return found

    return _around(owner, name, around, *_asked(*attributes.values()))


def _around(owner: Any, name: str, around: Callable[[Callable[[], Any], dict[str, Any]], Any], *asked: str) -> Patch:
    """A function that runs the original, given its arguments by name; `asked` are those that it needs."""

    def make(original: Any) -> Any:
        signature = inspect.signature(original)
        if missing := set(asked) - {"result", *signature.parameters}:
            raise LookupError(f"{owner.__name__}.{name} has no {', '.join(sorted(missing))}")

        def changed(*args: Any, **kwargs: Any) -> Any:
            bound = signature.bind(*args, **kwargs)
            bound.apply_defaults()
            return around(lambda: original(*bound.args, **bound.kwargs), bound.arguments)

        changed.__signature__ = signature  # type: ignore[attr-defined]
        return changed

    return Patch(owner, name, make)


def _asked(*new: Any) -> Iterator[str]:
    """The arguments that functions name."""
    for each in new:
        yield from inspect.signature(each).parameters if callable(each) else ()


def _made(new: Any, known: Mapping[str, Any]) -> Any:
    """A value, or what a function makes of the arguments that it names."""
    return new(**{each: known[each] for each in inspect.signature(new).parameters}) if callable(new) else new


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
