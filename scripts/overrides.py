"""What is wrong in the generator's templates, as data.

Written against openapi-python-client 0.29.1. An override replaces one exact piece of a template the generator ships, so
it is no longer than the mistake it mends, and generation stops with a clear message when a new version has changed that
piece.
`tests/generation/test_overrides.py` tells when an override is no longer needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import openapi_python_client

GENERATOR_VERSION = "0.29.1"
TEMPLATES = Path(openapi_python_client.__file__).parent / "templates"


@dataclass(frozen=True)
class Override:
    """One replacement in one template."""

    name: str
    template: str
    before: str
    after: str
    reason: str
    upstream: str = "no issue is open"
    """The generator's issue or pull request that would make this unnecessary."""


_UNKNOWN_MEMBER = '''
    {% if enum.values | length > 1 %}
    @classmethod
    def _missing_(cls, value: object) -> "{{ enum.class_info.name }} | None":
        """A value the specification does not know comes through as itself: servers are newer than documents."""
        if not isinstance(value, TYPE) or isinstance(value, bool):
            return None
        member = TYPE.__new__(cls, value)
        member._name_ = f"UNKNOWN_{value}"
        member._value_ = value
        return member

    def __reduce_ex__(self, _protocol: object) -> tuple[object, ...]:
        """By value: early releases of Python 3.11 copy and unpickle by name, which an unknown value does not have."""
        return type(self), (self._value_,)

    {% endif %}
    def __str__(self) -> str:'''

_ENUM_REASON = (
    "A value that is not in the specification raises ValueError. Enums with one member stay closed: they are the tags "
    "that select a variant of a union."
)


_REQUEST = '''
{% macro parameter_type(parameter) %}
{% if parameter.template == "enum_property.py.jinja" %}str{% else %}
{{ parameter.get_type_string(no_optional=True) | as_unembedded_code }}
{%- endif %}
{% endmacro %}
def request(
    {% if endpoint.list_all_parameters() | length %}
    *,
    {% endif %}
    {% for parameter in endpoint.path_parameters + endpoint.query_parameters if parameter.required %}
    {{ parameter.python_name }}: {{ parameter_type(parameter) | trim }},
    {% endfor %}
    {% if endpoint.bodies %}
    body: Mapping[str, Any],
    {% endif %}
    {% for parameter in endpoint.path_parameters + endpoint.query_parameters if not parameter.required %}
    {{ parameter.python_name }}: {{ parameter_type(parameter) | trim }} | None = None,
    {% endfor %}
) -> Request:
    """A call of `{{ endpoint.name }}`, with the parameters and members that the specification describes."""
    parameters = {
        {% for parameter in endpoint.path_parameters + endpoint.query_parameters %}
        "{{ parameter.name | in_double_quote_literal }}": {{ parameter.python_name }},
        {% endfor %}
    }
    return Request("{{ endpoint.name }}", parameters, {{ "body" if endpoint.bodies else "None" }}, _get_kwargs)


'''

_REQUEST_TYPE = '''\
from collections.abc import Callable
from typing import Any, NamedTuple

from attrs import define


class Request(NamedTuple):
    """A call of an operation as a value. Nothing is checked yet, and nothing is sent."""

    operation: str
    parameters: Mapping[str, Any]
    """Those of path and query by name; one that is None is left out."""
    body: Mapping[str, Any] | None
    build: Callable[..., dict[str, Any]]
    """Makes the arguments of `httpx.Client.build_request` from parameters and a body with `to_dict`."""


'''


def _open_enum(kind: str, template: str) -> Override:
    return Override(
        name=f"open {kind} enums",
        template=template,
        before="\n    def __str__(self) -> str:",
        after=_UNKNOWN_MEMBER.replace("TYPE", kind),
        reason=_ENUM_REASON,
        upstream="no issue is open: enums are closed by design since pull request 122",
    )


OVERRIDES = (
    _open_enum("str", "str_enum.py.jinja"),
    _open_enum("int", "int_enum.py.jinja"),
    Override(
        name="explode: false",
        template="endpoint_module.py.jinja",
        before="    {{ query_params(endpoint) | indent(4) }}\n",
        after="""    {{ query_params(endpoint) | indent(4) }}
    {% for property in endpoint.query_parameters if property.template == "list_property.py.jinja" %}
    {% set name = property.name | in_double_quote_literal %}
    if "{{ name }}" in params:
        params["{{ name }}"] = ",".join(str(item) for item in params["{{ name }}"])
    {% endfor %}
""",
        reason=(
            "`explode: false` is ignored: projects=a&projects=b instead of projects=a,b (CO-30). The templates cannot "
            "see `explode`, so every list in a query is joined; `make lint` holds that we have no other kind."
        ),
        upstream="issue 197, pull request 1296",
    ),
    Override(
        name="any HTTP status",
        template="endpoint_module.py.jinja",
        before="        status_code=HTTPStatus(response.status_code),\n",
        after="        status_code=response.status_code,\n",
        reason="A status that Python has no name for, such as a gateway's 520, raises ValueError.",
        upstream="issue 1442, pull requests 1407 and 1471",
    ),
    Override(
        name="any HTTP status, its type",
        template="types.py.jinja",
        before="    status_code: HTTPStatus\n",
        after="    status_code: int\n",
        reason="The type that goes with the override above; an HTTPStatus is an int.",
        upstream="issue 1442, pull requests 1407 and 1471",
    ),
    Override(
        name="public requests",
        template="endpoint_module.py.jinja",
        before="def _get_kwargs(\n",
        after=_REQUEST + "def _get_kwargs(\n",
        reason=(
            "What builds a request is private, takes models for bodies, and sends nothing but through the generated "
            "client. `request` states the same call as a value, which another client checks and sends."
        ),
    ),
    Override(
        name="public requests, their type",
        template="types.py.jinja",
        before="from attrs import define\n\n\nclass Unset:\n",
        after=_REQUEST_TYPE + "class Unset:\n",
        reason="The type that goes with the override above.",
    ),
    Override(
        name="public requests, its name",
        template="endpoint_module.py.jinja",
        before="from ...types import Response, UNSET\n",
        after="from collections.abc import Mapping\n\nfrom ...types import Request, Response, UNSET\n",
        reason="The import that goes with the override above.",
    ),
    Override(
        name="models when needed",
        template="models_init.py.jinja",
        before="""{% for import in imports | sort %}
{{ import }}
{% endfor %}
""",
        after="""from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    {% for import in imports | sort %}
    {{ import }}
    {% endfor %}

_MODULES = {
    {% for import in imports | sort %}
    "{{ import.split()[3] }}": "{{ import.split()[1] }}",
    {% endfor %}
}


def __getattr__(name: str) -> Any:
    \"\"\"Loads a model when it is first asked for.\"\"\"
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name], __name__), name)
""",
        reason="Importing one operation imports every model of the API: 20 ms, a third of httpx' import time.",
    ),
)


class OutdatedError(Exception):
    """The generator's templates are not the ones an override was written for."""


def write_templates(directory: Path, overrides: tuple[Override, ...] = OVERRIDES) -> None:
    """Write the overridden templates into `directory`, for `--custom-template-path`. Raises OutdatedError."""
    if openapi_python_client.__version__ != GENERATOR_VERSION:
        version = openapi_python_client.__version__
        raise OutdatedError(f"overrides are for openapi-python-client {GENERATOR_VERSION}, not {version}")
    for override in overrides:
        target = directory / override.template
        source = target if target.exists() else TEMPLATES / override.template
        text = source.read_text(encoding="utf-8")
        if text.count(override.before) != 1:
            raise OutdatedError(f"{override.template} no longer has what the override {override.name!r} replaces")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text.replace(override.before, override.after), encoding="utf-8")
