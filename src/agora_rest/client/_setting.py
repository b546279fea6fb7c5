"""The base class of settings: their fields are members of a request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from agora_rest.client._argument_names import camel_case
from agora_rest.client._extra import merged
from agora_rest.client._field_docs import with_field_docs
from agora_rest.errors import InvalidArgument
from agora_rest.redaction import Payload, without_url_secrets


class _SecretArguments(type):
    """Creates classes that keep the constructor's arguments, which may be keys, out of tracebacks."""

    __doc__ = type.__dict__["__doc__"]  # `help` of a class would otherwise find the docstring above, and stop there

    if not TYPE_CHECKING:  # otherwise type checkers look here for the constructor's arguments

        def __call__(cls, *args: Any, **kwargs: Any) -> Any:
            """A new instance."""
            try:
                return super().__call__(*args, **kwargs)
            except (InvalidArgument, TypeError) as error:
                refused = error.with_traceback(None)
            del args, kwargs
            raise refused

        @property
        def __signature__(cls) -> Any:
            """The constructor's signature, as `help` shows it."""
            import inspect  # here, because programs rarely need it

            found = inspect.signature(cls.__init__)
            return found.replace(parameters=list(found.parameters.values())[1:], return_annotation=found.empty)


class Setting(metaclass=_SecretArguments):
    """Converts the fields of a subclass to members of a request: `stream_types=2` to `"streamTypes": 2`."""

    __slots__ = ()

    extra: Mapping[str, Any]

    def __init_subclass__(cls) -> None:
        """Let no dataclass define a `repr` of its own, which would show the parameters of a page's address.

        Its `__doc__` lists the fields.
        """
        with_field_docs(cls)
        if "__repr__" not in cls.__dict__:
            cls.__repr__ = Setting.__repr__  # type: ignore[method-assign]

    def __repr__(self) -> str:
        """The arguments without secrets."""
        shown = (f"{item.name}={_shown(getattr(self, item.name))}" for item in fields(self) if item.repr)  # type: ignore[arg-type]
        return f"{type(self).__qualname__}({', '.join(shown)})"

    def __post_init__(self) -> None:
        """Reject an `extra` that contradicts the named arguments."""
        self.to_request()

    def to_request(self) -> Payload:
        """The JSON object of a request, including secrets."""
        names = {camel_case(item.name): item.name for item in fields(self) if item.name != "extra"}  # type: ignore[arg-type]  # every subclass is a dataclass
        return merged(self._members(), self.extra, name_of=names.get)

    def _members(self) -> Payload:
        """The members that the named arguments set."""
        written = Payload()
        for item in fields(self):  # type: ignore[arg-type]  # every subclass is a dataclass
            value = getattr(self, item.name)
            if item.name != "extra" and value is not None:
                written[camel_case(item.name)] = value.to_request() if isinstance(value, Setting) else value
        return written


def _shown(value: Any) -> str:
    return repr(without_url_secrets(value, every_parameter=True) if isinstance(value, str) else value)
