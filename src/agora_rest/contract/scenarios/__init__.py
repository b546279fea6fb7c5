"""Checks of facts, one module a subject. Each module registers its checks with `@check`; nothing else is needed."""
