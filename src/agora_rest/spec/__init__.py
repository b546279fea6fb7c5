"""The specifications of both APIs in two editions, and the facts behind them, for client, emulator and contract suite.

    documents        the OpenAPI documents of both editions, and how to find a place in them
    dialects         how servers speak, and which edition each dialect follows
    catalog          the operations: parameters, path, limits, effect, examples
    validation       schemas as validators, and the facts behind a broken rule
    wording          descriptions of broken rules
    numbered_facts   the numbered statements of Agora's documents

Everything is loaded on first use.
"""

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
