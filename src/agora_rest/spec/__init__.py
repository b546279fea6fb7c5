"""The specifications of both APIs in two editions, and the facts behind them, for client, emulator and contract suite.

    documents        the OpenAPI documents of both editions, and how to find a place in them
    dialects         how servers speak, and which edition each dialect follows
    catalog          the operations: parameters, path, limits, effect, examples
    validation       schemas as validators, and the facts behind a broken rule
    wording          descriptions of broken rules
    numbered_facts   the numbered statements of Agora's documents

Everything is loaded on first use, the modules included: to import the client or the emulator needs few of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from agora_rest.spec.catalog import Effect, Operation, Parameter, RateLimit, json_schema, operation, operations
    from agora_rest.spec.dialects import DEFAULT_DIALECT, DIALECTS, Dialect, edition_of
    from agora_rest.spec.documents import (
        APIS,
        EDITIONS,
        PACKAGES,
        Api,
        Edition,
        alternatives,
        at,
        document,
        objects,
        pointer,
        prefix,
        resolve,
    )
    from agora_rest.spec.numbered_facts import Fact, facts
    from agora_rest.spec.validation import (
        parameter_validator,
        request_facts,
        request_validator,
        response_facts,
        response_validator,
        validator,
    )
    from agora_rest.spec.wording import BrokenRule, best_match, broken_rule, dotted

__all__ = [
    "APIS",
    "DEFAULT_DIALECT",
    "DIALECTS",
    "EDITIONS",
    "PACKAGES",
    "Api",
    "BrokenRule",
    "Dialect",
    "Edition",
    "Effect",
    "Fact",
    "Operation",
    "Parameter",
    "RateLimit",
    "alternatives",
    "at",
    "best_match",
    "broken_rule",
    "document",
    "dotted",
    "edition_of",
    "facts",
    "json_schema",
    "objects",
    "operation",
    "operations",
    "parameter_validator",
    "pointer",
    "prefix",
    "request_facts",
    "request_validator",
    "resolve",
    "response_facts",
    "response_validator",
    "validator",
]

_MODULES: Final = {
    "catalog": (
        "Effect",
        "Operation",
        "Parameter",
        "RateLimit",
        "json_schema",
        "operation",
        "operations",
    ),
    "dialects": (
        "DEFAULT_DIALECT",
        "DIALECTS",
        "Dialect",
        "edition_of",
    ),
    "documents": (
        "APIS",
        "EDITIONS",
        "PACKAGES",
        "Api",
        "Edition",
        "alternatives",
        "at",
        "document",
        "objects",
        "pointer",
        "prefix",
        "resolve",
    ),
    "numbered_facts": (
        "Fact",
        "facts",
    ),
    "validation": (
        "parameter_validator",
        "request_facts",
        "request_validator",
        "response_facts",
        "response_validator",
        "validator",
    ),
    "wording": (
        "BrokenRule",
        "best_match",
        "broken_rule",
        "dotted",
    ),
}
"""Where each name is defined."""

_MODULE_OF: Final = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name in _MODULE_OF:
        module = import_module(f"agora_rest.spec.{_MODULE_OF[name]}")
        return globals().setdefault(name, getattr(module, name))
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
