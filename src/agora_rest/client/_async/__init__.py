"""The client. The asynchronous form is written by hand; scripts/derive_sync.py derives the synchronous form."""
