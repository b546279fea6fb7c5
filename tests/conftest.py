"""What every test may ask for."""

from tests.services import postgresql, redis_server

__all__ = ["postgresql", "redis_server"]
