"""How checks are registered, chosen and run: fact checks, checks of all traffic, and fuzzing."""
