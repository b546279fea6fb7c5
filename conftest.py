"""For every test: no example has a deadline and httpx has patience, because machines are shared; and Ctrl-C works, also
in the background.
"""

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
