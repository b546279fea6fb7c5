"""Makes what Hypothesis draws depend on the seed only.

Hypothesis also tries constants from the source of those loaded modules that it takes for the user's own. Which these
are depends on how the program was started, on how it is installed, and on what it has done before: one seed would make
another run in another process.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from hypothesis.internal.conjecture import providers


@contextmanager
def drawn_by_seed_only() -> Iterator[None]:
    """Draw inside as a process would that has loaded no module of its user.

    The function that is replaced is not public. A version of Hypothesis without it draws as it does.
    """
    if not hasattr(providers, "_get_local_constants"):
        yield
        return
    none = type(providers.GLOBAL_CONSTANTS)()
    providers.CONSTANTS_CACHE.cache.clear()
    try:
        with patch.object(providers, "_get_local_constants", lambda: none):
            yield
    finally:
        providers.CONSTANTS_CACHE.cache.clear()
