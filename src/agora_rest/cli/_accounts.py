"""The account and server of a command, merged from options, environment and profile, each value with its source.

The first source wins: options, the profile that `--profile` names, the environment, the profile `default`. The
certificate always comes from where its customer ID comes from, so that two accounts are never mixed; `default` is
ignored if the environment names an account.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import typer

from agora_rest.addresses import DEFAULT_BASE_URL
from agora_rest.cli import _profiles
from agora_rest.cli._exits import CliError, Exit

ENVIRONMENT: Final = {
    "customer_id": "AGORA_CUSTOMER_ID",
    "customer_certificate": "AGORA_CUSTOMER_CERTIFICATE",
    "base_url": "AGORA_BASE_URL",
    "allow_http": "AGORA_ALLOW_HTTP",
    "app_id": "AGORA_APP_ID",
    "storage.vendor": "AGORA_STORAGE_VENDOR",
    "storage.region": "AGORA_STORAGE_REGION",
    "storage.bucket": "AGORA_STORAGE_BUCKET",
    "storage.endpoint": "AGORA_STORAGE_ENDPOINT",
    "storage.file_name_prefix": "AGORA_STORAGE_FILE_NAME_PREFIX",
    "storage.access_key": "AGORA_STORAGE_ACCESS_KEY",
    "storage.secret_key": "AGORA_STORAGE_SECRET_KEY",
    "storage.sts_token": "AGORA_STORAGE_STS_TOKEN",
}
"""The variable of each value."""

_OF_VARIABLES: Final = "{}"
"""The display name of the environment's layer: the variable of the value."""

SECRET: Final = frozenset({"customer_certificate", "storage.access_key", "storage.secret_key", "storage.sts_token"})
"""Fields that are never shown."""


class Setting(NamedTuple):
    """A value and a description of its source."""

    value: str
    source: str

    def __repr__(self) -> str:
        return f"<a setting from {self.source}>"


class Layer(NamedTuple):
    """One place that values come from."""

    name: str
    """The display name; `{}` in it is replaced by the variable of the value."""
    values: Mapping[str, str]
    variables: Mapping[str, str] = ENVIRONMENT

    def get(self, field: str) -> Setting | None:
        """The value of a field, if this layer has it.

        Raises CliError for an empty one, which is usually a variable that is not defined: the value of the next layer
        may belong to another account or server.
        """
        value = self.values.get(field)
        if value is None:
            return None
        source = self.name.format(self.variables.get(field, field))
        if not value:
            raise CliError(f"{field} (from {source}) is empty: set it to a value, or leave it out.", Exit.CREDENTIALS)
        return Setting(value, source)


@dataclass(frozen=True, repr=False)
class Account:
    """Everything known about the account before a request is sent."""

    layers: tuple[Layer, ...]

    @classmethod
    def found(cls, *, profile: str | None, given: Mapping[str, str | None]) -> Account:
        """The account that options, environment and profiles describe. Raises CliError for an unknown profile."""
        from agora_rest.client._config import certificate_from_environment
        from agora_rest.errors import ConfigurationError

        environment = {field: os.environ[name] for field, name in ENVIRONMENT.items() if name in os.environ}
        variables = dict(ENVIRONMENT)
        try:
            certificate = certificate_from_environment()
        except ConfigurationError as error:
            raise CliError(str(error), Exit.CREDENTIALS) from None
        if certificate is not None:
            environment["customer_certificate"] = certificate.value
            variables["customer_certificate"] = certificate.variable
        layers = [Layer("an option", {field: value for field, value in given.items() if value is not None})]
        profiles: _profiles.Profiles = {}
        if profile is not None or "customer_id" not in environment:
            profiles = _profiles.read()
        if profile is not None:
            if profile not in profiles:
                there = ", ".join(sorted(profiles)) or "none"
                raise CliError(
                    f"There is no profile {profile!r} in {_profiles.path()} (existing: {there}).", Exit.CREDENTIALS
                )
            layers.append(_layer(profile, profiles))
        layers.append(Layer(_OF_VARIABLES, environment, variables))
        if profile is None and _profiles.DEFAULT in profiles:
            layers.append(_layer(_profiles.DEFAULT, profiles))
        return cls(tuple(layers))

    def get(self, field: str) -> Setting | None:
        """The first value found; not for certificates and keys, which belong to an ID."""
        return next(filter(None, (layer.get(field) for layer in self.layers)), None)

    def from_same_layer(self, owner: str, field: str) -> Setting | None:
        """`field` from the source of `owner`, because the two belong together; None if it does not have it."""
        layer = next((each for each in self.layers if each.get(owner)), None)
        return layer.get(field) if layer else None

    @property
    def base_url(self) -> Setting:
        """The base URL."""
        return self.get("base_url") or Setting(DEFAULT_BASE_URL, "the default")

    @property
    def allow_http(self) -> bool | None:
        """Whether the address may be plain HTTP on another machine; None if nothing states it.

        A profile states it for its own address only; the environment for any. Raises ConfigurationError for another
        value.
        """
        from agora_rest.client._config import truth

        own = self.from_same_layer("base_url", "allow_http")
        setting = own or next((layer.get("allow_http") for layer in self.layers if layer.name == _OF_VARIABLES), None)
        return None if setting is None else truth(setting.value, f"allow_http (from {setting.source})")

    @property
    def certificate(self) -> Setting | None:
        """The certificate from the source of the customer ID; None if there is none."""
        chosen = self.get("customer_id")
        if chosen is None:
            return None
        for layer in self.layers:
            # An ID that is an option may be the other half of a certificate in the environment.
            owner = layer.values.get("customer_id") or (chosen.value if chosen.source == "an option" else None)
            if owner == chosen.value and (certificate := layer.get("customer_certificate")):
                return certificate
        return None

    def credentials(self, *, certificate_stdin: bool) -> tuple[str, str]:
        """Customer ID and certificate; prompts for a missing certificate. Raises CliError."""
        customer_id = self.get("customer_id")
        if customer_id is None:
            raise CliError(
                "No credentials: set AGORA_CUSTOMER_ID and AGORA_CUSTOMER_CERTIFICATE (or AGORA_CUSTOMER_SECRET: "
                "Agora's console calls it Customer Secret), or put them into "
                f"{_profiles.path()} under [{_profiles.DEFAULT}].",
                Exit.CREDENTIALS,
            )
        if certificate_stdin:
            return customer_id.value, certificate_from_stdin()
        if certificate := self.certificate:
            return customer_id.value, certificate.value
        if sys.stdin.isatty():
            return customer_id.value, typed_certificate()
        raise CliError(
            "No certificate for this customer ID: set AGORA_CUSTOMER_CERTIFICATE or AGORA_CUSTOMER_SECRET beside it, "
            "keep both in one profile, "
            "or pipe it in with --certificate-stdin.",
            Exit.CREDENTIALS,
        )


def _layer(name: str, profiles: _profiles.Profiles) -> Layer:
    return Layer(f"profile {name.replace('{', '{{').replace('}', '}}')}", profiles[name])


def typed_certificate() -> str:
    """Prompt for the certificate, with hidden input."""
    typed: str = typer.prompt("Customer certificate", hide_input=True, err=True)
    return typed


def certificate_from_stdin() -> str:
    """The first line of standard input. Raises CliError if it is empty."""
    certificate = sys.stdin.readline().rstrip("\r\n")
    if not certificate:
        raise CliError("--certificate-stdin: standard input has no certificate in its first line.", Exit.CREDENTIALS)
    return certificate
