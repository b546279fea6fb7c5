"""The seeded faults, a module or a few for each category. Written from the facts, without a look at the checks."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from strength.fault import Category, Fault


@cache
def catalogue() -> tuple[Fault, ...]:
    """Every fault, in the order of the categories."""
    modules = (importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__))
    faults: list[Fault] = [fault for module in modules for fault in module.FAULTS]
    order = list(Category)
    return tuple(sorted(faults, key=lambda fault: order.index(fault.category)))
