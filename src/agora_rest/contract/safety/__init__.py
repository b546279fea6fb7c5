"""Safety of a run: the requests it may send, the objects it created, and their removal."""
