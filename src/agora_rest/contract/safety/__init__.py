"""What a run may send, what it created on the server, and how that is removed again."""
