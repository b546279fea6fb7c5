"""Permits in Redis, for any number of machines: one script, one key, Redis's own clock.

    permits = RedisPermits("redis://host:6379/0")
    with Agora(permits=permits) as agora: ...

Needs `agora-rest[redis]`. A Redis that was restarted, flushed or failed over has lost the calls in progress,
and a new one looks the same. So it grants no permits for as long as an earlier call may last: a lease
and a rest. `begin` declares that there is no earlier call.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, cast
from urllib.parse import urlsplit

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from agora_rest.errors import ConfigurationError
from agora_rest.permits.clock import WaitingClock
from agora_rest.permits.leases import LEASE, RESPONSE_TIMEOUT, LeasedPermits
from agora_rest.permits.ledger import PermitRequest, Reply, Row, Snapshot, Unreachable

KEY: Final = "agora-rest:permits"
"""One hash for everything, so that an eviction removes all of it or nothing."""

SCRIPT: Final = """
local ledger, action, holder, lease, early = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]

-- `run` is the run of the server that all this was written in; another one may have read an old file.
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
if redis.call('HGET', ledger, 'run') ~= run or action == 'begin' then
  redis.call('DEL', ledger)
  redis.call('HSET', ledger, 'run', run, 'since', action == 'begin' and 0 or string.format('%.0f', now))
end
local began = tonumber(redis.call('HGET', ledger, 'since'))
if began > now then  -- The clock was set back.
  began = now
  redis.call('HSET', ledger, 'since', string.format('%.0f', began))
end

local function write(field, since, free_at, who)
  redis.call('HSET', ledger, field, string.format('%.0f %.0f %s', since, free_at, who))
end

-- See `ledger.Row`. A permit that is not there is out since the ledger began.
local function read(field, rest)
  local value = redis.call('HGET', ledger, field)
  if not value then return began, began + lease + rest, '?' end
  local since, free_at, who = string.match(value, '^(%d+) (%d+) ?(.*)$')
  since, free_at = tonumber(since), tonumber(free_at)
  if since > now then  -- The clock was set back: what has begun in the future begins now.
    since, free_at = now, now + free_at - since
    write(field, since, free_at, who)
  end
  return since, free_at, who
end

-- See `ledger.choose`.
local ready_at, again_at, best = 0, 0, {}
for i = 5, #ARGV, 3 do
  local rest = tonumber(ARGV[i + 2])
  local first, earliest = math.huge, math.huge
  for number = 0, ARGV[i + 1] - 1 do
    local field = ARGV[i] .. ' ' .. number
    local _, free_at, who = read(field, rest)
    if action == 'give back' and who == holder then write(field, now, now + rest, '') end
    if free_at < first then
      first, best[i] = free_at, field
    end
    local back = free_at
    if who ~= '' then back = math.min(free_at, now + rest) end
    if who == '?' then back = free_at end
    earliest = math.min(earliest, back)
  end
  ready_at, again_at = math.max(ready_at, first), math.max(again_at, earliest)
end

local granted = action == 'take' and ready_at <= now + early
if granted then
  for i, field in pairs(best) do
    write(field, now, now + lease + ARGV[i + 2], holder)
    redis.call('HSET', ledger, 'permits ' .. ARGV[i], ARGV[i + 1])  -- for `READ`
  end
  again_at = math.max(now, ready_at)
end
local assume_all_taken = not granted and began + lease > now
local function whole(number) return string.format('%.0f', number) end
return {granted and 1 or 0, whole(again_at - now), whole(now), assume_all_taken and 1 or 0}
"""
"""The scripts. Times are in microseconds, which Lua's numbers represent exactly."""

READ: Final = """
local time = redis.call('TIME')
return {string.format('%.0f', time[1] * 1000000 + time[2]), redis.call('HGETALL', KEYS[1])}
"""
"""The script that reads all permits and the time, without writing."""

_MICRO: Final = 1_000_000
_PERMITS: Final = "permits "
"""The prefix of the fields with the number of a limit's permits."""


class RedisPermits(LeasedPermits):
    """A `PermitStore` in Redis. Raises ConfigurationError for a URL that is not redis://, rediss:// or unix://."""

    def __init__(self, url: str, *, lease: float = LEASE, clock: WaitingClock | None = None) -> None:
        self._redis = RedisLedger(url)
        super().__init__(self._redis, lease=lease, clock=clock)

    def begin(self) -> None:
        """Declare that no call is in progress, so that a new Redis grants permits at once. If wrong, the limit breaks.

        Raises:
            ConnectionError: Redis cannot be reached.
        """
        try:
            self._redis.begin()
        except Unreachable as error:
            raise ConnectionError(str(error)) from None


class RedisLedger:
    """See `Ledger`. Each method is one run of the script."""

    def __init__(self, url: str) -> None:
        self.name = _name_of(url)
        try:
            # No retries here: a lost response may have had an effect, which `leases` handles.
            self._client = redis.Redis.from_url(
                url,
                socket_timeout=RESPONSE_TIMEOUT,
                socket_connect_timeout=RESPONSE_TIMEOUT,
                retry=Retry(NoBackoff(), 0),
            )
        except ValueError:
            raise ConfigurationError("permits is not a URL of Redis; it is like redis://host:6379/0.") from None
        self._script, self._read_all = self._client.register_script(SCRIPT), self._client.register_script(READ)

    def take(self, requests: Sequence[PermitRequest], holder: str, lease: float, early: float) -> Reply:
        """See `Ledger`."""
        granted, wait, now, assume_all_taken = self._run("take", holder, lease, early, requests)
        return Reply(
            granted=bool(int(granted)),
            wait=int(wait) / _MICRO,
            now=int(now) / _MICRO,
            assume_all_taken=bool(int(assume_all_taken)),
        )

    def give_back(self, requests: Sequence[PermitRequest], holder: str) -> None:
        """See `Ledger`."""
        self._run("give back", holder, 0.0, 0.0, requests)

    def read(self) -> tuple[dict[str, Snapshot], float]:
        """See `Ledger`."""
        with self._reached():
            now, (*pairs,) = cast("list[Any]", self._read_all(keys=[KEY]))
        values = dict(zip(map(_text, pairs[::2]), map(_text, pairs[1::2]), strict=True))
        limits = {field.removeprefix(_PERMITS): int(values[field]) for field in values if field.startswith(_PERMITS)}
        snapshots = {key: Snapshot(permits, _rows(key, permits, values)) for key, permits in limits.items()}
        return snapshots, int(now) / _MICRO

    def begin(self) -> None:
        """Delete all permits, declaring that no call is in progress."""
        self._run("begin", "", 0.0, 0.0, ())

    def close(self) -> None:
        """See `Ledger`."""
        self._client.close()

    def forked(self) -> None:
        """See `Ledger`. The client of Redis detects a fork itself."""

    def _run(
        self, action: str, holder: str, lease: float, early: float, requests: Sequence[PermitRequest]
    ) -> list[Any]:
        numbers = [(request.key, request.calls, _micro(request.rest)) for request in requests]
        arguments = [action, holder, _micro(lease), _micro(early), *(value for request in numbers for value in request)]
        with self._reached():
            return cast("list[Any]", self._script(keys=[KEY], args=arguments))

    @contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            yield
        except (redis.RedisError, OSError) as error:
            if isinstance(error, redis.ReadOnlyError):
                # It has become a replica: a new connection to the address leads to what has taken its place.
                self._client.connection_pool.disconnect(inuse_connections=False)
            raise Unreachable(f"{self.name} did not respond: {error or type(error).__name__}") from error


def _rows(key: str, permits: int, values: Mapping[str, str]) -> list[Row]:
    """The permits of a limit that were ever acquired."""
    rows = []
    for number in range(permits):
        if value := values.get(f"{key} {number}"):
            since, free_at, holder = value.split(" ", 2)
            rows.append(Row(number, holder or None, int(since) / _MICRO, int(free_at) / _MICRO))
    return rows


def _text(value: bytes | str) -> str:
    """Redis returns bytes, unless the URL has `decode_responses`."""
    return value.decode() if isinstance(value, bytes) else value


def _micro(seconds: float) -> int:
    return round(seconds * _MICRO)


def _name_of(url: str) -> str:
    """The URL without user, password and parameters."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
