"""Every fault: the blind ones, which the published figure counts, and the targeted ones."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from types import ModuleType
from typing import Any

from faults.catalogue import blind, targeted
from faults.catalogue.proofs import PROOFS
from faults.fault import Category, Fault


@cache
def catalogue() -> tuple[Fault, ...]:
    """Every fault, in the order of the categories."""
    faults = [fault for found in _tables(targeted) for fault in found]
    seeds = [seed for found in _tables(blind) for seed in found.items()]
    proved = {check: names.split() for check, names in PROOFS.items()}
    caught_by = {name: tuple(check for check, names in proved.items() if name in names) for name, _ in seeds}
    named = [replace(make(name), caught_by=caught_by[name]) for name, make in seeds]
    order = list(Category)
    return tuple(sorted([*named, *faults], key=lambda fault: order.index(fault.category)))


def _tables(package: ModuleType) -> Iterator[Any]:
    for found in pkgutil.iter_modules(package.__path__):
        yield importlib.import_module(f"{package.__name__}.{found.name}").FAULTS
