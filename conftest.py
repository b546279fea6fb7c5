"""For every test: no example has a deadline. Machines are shared, and a slow one is no reason to fail."""

from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
