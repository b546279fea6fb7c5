"""The HTTP layer of the emulator: plain ASGI around the domain."""
