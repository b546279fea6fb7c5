# Derived from the file of the same name in `_async` by scripts/derive_sync.py. Change that one.
"""The client. The asynchronous form is written by hand; scripts/derive_sync.py derives the synchronous form."""
