"""What a model remembers is found again under any key that a request may have."""

from __future__ import annotations

from typing import Any

import pytest

from agora_rest.state_models.memory import Memory


@pytest.mark.parametrize("key", ["p1", 7, None, ["p1"], {"id": "p1"}, ("account", ["p1"])])
def test_any_json_can_be_a_key(key: Any) -> None:
    memory: Memory[Any, str] = Memory(2)
    assert memory.recall(key) is None
    memory.keep(key, "kept")
    assert memory.recall(key) == "kept"
    assert memory.get_or_add(key, lambda: "new") == "kept"
