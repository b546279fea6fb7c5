"""Every fault: the blind ones, which the published figure counts, and the targeted ones."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from types import ModuleType

from faults.catalogue import blind, targeted
from faults.catalogue.proofs import PROOFS
from faults.fault import Category, Fault


@cache
def catalogue() -> tuple[Fault, ...]:
    """Every fault, in the order of the categories."""
    faults = [
        *(replace(fault, caught_by=tuple(PROOFS.get(fault.name, "").split())) for fault in _faults(blind)),
        *_faults(targeted),
    ]
    order = list(Category)
    return tuple(sorted(faults, key=lambda fault: order.index(fault.category)))


def _faults(package: ModuleType) -> Iterator[Fault]:
    for found in pkgutil.iter_modules(package.__path__):
        yield from importlib.import_module(f"{package.__name__}.{found.name}").FAULTS
