"""Requests to the server under test and its responses: connections, exchanges, the control API of an emulator."""
