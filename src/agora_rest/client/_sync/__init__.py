# Derived from the file of the same name in `_async` by scripts/derive_sync.py. Change that one.
"""The client. Its asynchronous form is written by hand; scripts/derive_sync.py makes the synchronous one of it."""
