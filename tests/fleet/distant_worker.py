"""A worker on another machine: it reaches Agora through a socket on the disk, and its database over the network.

python -m tests.fleet.distant_worker JOURNAL PERMITS SOCKET
"""

from __future__ import annotations

import asyncio
import sys

import httpx

from agora_rest import AsyncAgora
from agora_rest.emulator import DEFAULT_CUSTOMER_CERTIFICATE, DEFAULT_CUSTOMER_ID
from agora_rest.fleet import Fleet, Journal, Worker
from tests.fleet.chaos import STORAGE, TIMINGS


async def work(journal: Journal, permits: str, socket: str) -> None:
    async with (
        AsyncAgora(
            DEFAULT_CUSTOMER_ID,
            DEFAULT_CUSTOMER_CERTIFICATE,
            base_url="http://127.0.0.1:1",
            transport=httpx.AsyncHTTPTransport(uds=socket),
            permits=permits,
        ) as agora,
        Fleet(journal, agora, storages=lambda _: STORAGE, timings=TIMINGS) as fleet,
    ):
        await Worker(fleet, poll=0.1).run_until_signalled()


if __name__ == "__main__":
    url, permits, socket = sys.argv[1:]
    with Journal(url) as journal:
        print("ready", flush=True)
        asyncio.run(work(journal, permits, socket))
