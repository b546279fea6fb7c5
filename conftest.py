"""For every test: no example has a deadline, because machines are shared; and Ctrl-C works, also in the background."""

import signal

from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as shells start background processes; children inherit it
    signal.signal(signal.SIGINT, signal.default_int_handler)
