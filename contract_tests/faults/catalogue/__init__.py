"""Every fault: the blind ones, which the published figure counts, and the targeted ones."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from faults.catalogue import blind
from faults.fault import Category, Fault


@cache
def catalogue() -> tuple[Fault, ...]:
    """Every fault, in the order of the categories."""
    names = (f"{blind.__name__}.{found.name}" for found in pkgutil.iter_modules(blind.__path__))
    faults: list[Fault] = [fault for name in names for fault in importlib.import_module(name).FAULTS]
    order = list(Category)
    return tuple(sorted(faults, key=lambda fault: order.index(fault.category)))
