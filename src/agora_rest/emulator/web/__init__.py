"""The emulator on the wire: ASGI around the domain, thin enough to be read in one sitting."""
