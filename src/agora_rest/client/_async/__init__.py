"""The client. Its asynchronous form is written by hand; scripts/derive_sync.py makes the synchronous one of it."""
