"""Refusals of what the documents allow: reading calls that find nothing, and valid requests called invalid."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from agora_rest.state_models.deviations import Deviation, deviation
from agora_rest.state_models.observed import Observed

_NEVER_MISSING: Final = {
    "list_channels": "CO-54 CO-55",
    "list_channel_users": "CO-53",
    "list_channel_hosts": "CO-53 CO-90",
    "get_user_property": "CO-50 CO-53",
    "list_projects": "CO-14 CO-60",
    "list_kicking_rules": "CO-45",
    "get_usage_v1": "CO-32 CO-33",
}
"""Calls that answer what is not there with a success: an empty page, false, or zero."""
_NOT_FOUND: Final = 404


class Refusals:
    """Looks at refused calls; remembers nothing."""

    def look(self, seen: Observed) -> Iterator[Deviation]:
        """A call that cannot find nothing."""
        if seen.status == _NOT_FOUND and seen.operation in _NEVER_MISSING:
            title = "What is not there is answered with a success that says so"
            yield deviation("nothing_is_a_success", _NEVER_MISSING[seen.operation], title, "200", "404", seen)
