"""Machines of a network of their own, which can be cut off: network namespaces of Linux, joined by a bridge.

They share the disk, the clock and the processes with this machine, and nothing else. Making them takes root.
"""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

from tests.programs import program, unavailable


class Machine(NamedTuple):
    """One machine of a network."""

    name: str
    wire: str
    """This machine's end of its cable."""

    @property
    def under(self) -> tuple[str, ...]:
        """What a command begins with that is to run on it."""
        return ("ip", "netns", "exec", self.name)

    def cut_off(self) -> None:
        """Pull the cable: what is sent is lost, and nobody is told."""
        ip("link", "set", self.wire, "down")

    def join(self) -> None:
        """Plug it in again."""
        ip("link", "set", self.wire, "up")


class Network(NamedTuple):
    """Some machines, and the address at which all of them reach this one."""

    address: str
    machines: tuple[Machine, ...]


@contextmanager
def network(size: int) -> Iterator[Network]:
    """So many machines, until the block ends. Where that is not permitted the test is skipped, and fails in CI."""
    program("ip", "iproute2")
    if os.geteuid() != 0:
        unavailable("network namespaces need root")
    number, subnet = os.getpid(), f"198.18.{random.SystemRandom().randrange(256)}"  # reserved for tests (RFC 2544)
    bridge = f"ag{number}"
    with ExitStack() as stack:
        try:
            ip("link", "add", bridge, "type", "bridge")
        except subprocess.CalledProcessError as error:
            unavailable(f"network namespaces are not permitted: {error.stderr.strip()}")
        stack.callback(ip, "link", "delete", bridge)
        ip("address", "add", f"{subnet}.1/24", "dev", bridge)
        ip("link", "set", bridge, "up")
        machines = [
            stack.enter_context(machine(bridge, f"ag{number}n{i}", f"{subnet}.{2 + i}/24")) for i in range(size)
        ]
        yield Network(f"{subnet}.1", tuple(machines))


@contextmanager
def machine(bridge: str, name: str, address: str) -> Iterator[Machine]:
    try:
        ip("netns", "add", name)
    except subprocess.CalledProcessError as error:
        unavailable(f"network namespaces are not permitted: {error.stderr.strip()}")
    try:
        inner = f"{name}i"
        ip("link", "add", name, "type", "veth", "peer", "name", inner)
        ip("link", "set", name, "master", bridge, "up")
        ip("link", "set", inner, "netns", name)
        ip("-n", name, "address", "add", address, "dev", inner)
        ip("-n", name, "link", "set", inner, "up")
        ip("-n", name, "link", "set", "lo", "up")
        yield Machine(name, name)
    finally:
        ip("netns", "delete", name)


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True)
