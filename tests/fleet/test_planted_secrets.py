"""Every secret of a fleet is planted at once, and nothing that is kept, logged, shown or raised contains one."""

from __future__ import annotations

import asyncio
import base64
import logging
import pickle
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agora_rest import QiniuStorage
from agora_rest.cli._json import dumped, to_json
from agora_rest.emulator import DEFAULT_CUSTOMER_CERTIFICATE, DEFAULT_CUSTOMER_ID
from agora_rest.errors import AgoraError
from agora_rest.fleet import Ended, FleetError, Notification, webhooks
from tests.fleet.harness import FleetHarness
from tests.fleet.test_webhooks import body_of, signed

STORAGE = QiniuStorage(region=0, bucket="lessons", access_key="planted-access-key", secret_key="planted/secret+key")
TOKEN = "planted-recorder-token"
PASSWORD = "planted password"
WEBHOOK = "planted-webhook-secret"
SECRETS = [
    "planted-access-key",
    "planted/secret+key",
    TOKEN,
    PASSWORD,
    WEBHOOK,
    DEFAULT_CUSTOMER_CERTIFICATE,
    base64.b64encode(f"{DEFAULT_CUSTOMER_ID}:{DEFAULT_CUSTOMER_CERTIFICATE}".encode()).decode(),
]
ECHO = " ".join(SECRETS)
"""What a server or a mistaken program says that repeats all it has been given."""
