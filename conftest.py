"""For every test: examples have no deadline and httpx has patience, because machines are shared; Ctrl-C works, also in
the background; and what is printed has no colours and is as wide as in any other environment.
"""

import os
import signal

from httpx._config import DEFAULT_TIMEOUT_CONFIG
from hypothesis import HealthCheck, settings

# Hypothesis has profiles of its own for CI and elsewhere, which this one is made from.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

for step in ("connect", "read", "write", "pool"):  # of calls that set no timeout: five seconds, which a call may take
    setattr(DEFAULT_TIMEOUT_CONFIG, step, 120.0)

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as shells start background processes; children inherit it
    signal.signal(signal.SIGINT, signal.default_int_handler)

for name in ("COLUMNS", "FORCE_COLOR", "GITHUB_ACTIONS", "LINES", "NO_COLOR", "PY_COLORS"):
    os.environ.pop(name, None)
