"""No class of this package shows a secret: the classes are found by program, so that a later one is covered too."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import pkgutil
import sys
import traceback
from collections.abc import Iterator
from typing import Any, Final

import pytest

import agora_rest
from agora_rest.redaction import is_secret

PLANTED: Final = "planted-8c1f"
PAGE: Final = f"https://user:{PLANTED}@example.com/lesson?t={PLANTED}&access_token={PLANTED}#key={PLANTED}"
PAGES: Final = ("url", "image_url", "background_image", "default_user_background_image")
NAMES_OF_SECRETS: Final = {
    # The name of a password, which the workers' resolver knows.
    ("agora_rest.fleet.entry", "Entry", "secret"),
    ("agora_rest.fleet.orders", "Order", "secret"),
    # Switches.
    ("agora_rest.cli._session", "AppSession", "certificate_stdin"),
    ("agora_rest.cli._session", "Session", "certificate_stdin"),
    ("agora_rest.cli.contract", "TestedServer", "certificate_stdin"),
}
"""Fields that are called like secrets and are none."""


def modules() -> Iterator[Any]:
    for found in pkgutil.walk_packages(agora_rest.__path__, "agora_rest."):
        if not found.name.endswith("__main__") and ".migrations." not in found.name:
            yield importlib.import_module(found.name)


def value_classes() -> dict[str, type]:
    """Every dataclass and named tuple that is defined in this package."""
    found = {
        f"{each.__module__}.{each.__qualname__}": each
        for module in modules()
        for each in vars(module).values()
        if inspect.isclass(each) and each.__module__.startswith("agora_rest.")
    }
    return {name: each for name, each in sorted(found.items()) if fields_of(each)}


def fields_of(kind: Any) -> list[str]:
    if dataclasses.is_dataclass(kind):
        return [item.name for item in dataclasses.fields(kind)]
    return list(getattr(kind, "_fields", ())) if issubclass(kind, tuple) else []


def holds(kind: type, name: str) -> Any:
    """What a field may hold that must not be shown; None if nothing."""
    if (kind.__module__, kind.__qualname__, name) in NAMES_OF_SECRETS:
        return None
    if is_secret(name) or name in ("proxy", "rtmp_urls"):
        return PLANTED
    if name == "extra":
        return {"secretKey": PLANTED, "nested": [{"token": PLANTED}]}
    if name in PAGES and kind.__module__ == "agora_rest.client.settings":
        return PAGE
    return None


def made(kind: Any, values: dict[str, Any]) -> Any:
    """An instance with these fields, made without its constructor, which may refuse them."""
    if not dataclasses.is_dataclass(kind):
        return kind._make([values.get(name) for name in kind._fields])
    instance: Any = object.__new__(kind)  # type: ignore[arg-type]
    for name in fields_of(kind):
        object.__setattr__(instance, name, values.get(name))
    return instance


CLASSES: Final = {
    name: kind for name, kind in value_classes().items() if any(holds(kind, field) for field in fields_of(kind))
}


def test_the_classes_with_secrets_are_found() -> None:
    assert len(CLASSES) > 20
    assert {"agora_rest.client.storages.S3Storage", "agora_rest.client.settings.WebConfig"} <= set(CLASSES)


@pytest.mark.parametrize("name", CLASSES)
def test_no_secret_of_a_value_is_shown(name: str) -> None:
    kind = CLASSES[name]
    value = made(kind, {field: holds(kind, field) for field in fields_of(kind)})
    told = traceback.StackSummary.extract([(sys._getframe(), 1)], capture_locals=True)
    shown = [repr(value), str(value), f"{[value]}", str({"value": value}), str(told[0].locals)]
    assert [text for text in shown if PLANTED in text] == []
