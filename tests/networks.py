"""Machines of a network of their own, which can be cut off: network namespaces of Linux, joined by a bridge.

They share the disk, the clock and the processes with this machine, and nothing else. Making them takes root.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, NamedTuple

from tests.programs import unavailable

if TYPE_CHECKING:  # every test loads this file, and only Linux has the library
    from pyroute2 import IPRoute


class Machine(NamedTuple):
    """One machine of a network."""

    name: str
    wire: str
    """This machine's end of its cable."""

    @property
    def under(self) -> tuple[str, ...]:
        """What a command begins with that is to run on it."""
        return ("nsenter", f"--net=/var/run/netns/{self.name}")

    def cut_off(self) -> None:
        """Pull the cable: what is sent is lost, and nobody is told."""
        self._set("down")

    def join(self) -> None:
        """Plug it in again."""
        self._set("up")

    def _set(self, state: str) -> None:
        from pyroute2 import IPRoute

        with IPRoute() as here:
            here.link("set", index=index_of(here, self.wire), state=state)


class Network(NamedTuple):
    """Some machines, and the address at which all of them reach this one."""

    address: str
    machines: tuple[Machine, ...]


@contextmanager
def network(size: int) -> Iterator[Network]:
    """So many machines, until the block ends. Where that is not permitted the test is skipped, and fails in CI."""
    if sys.platform != "linux" or os.geteuid() != 0:
        unavailable("network namespaces need Linux and root")
    from pyroute2 import IPRoute
    from pyroute2.netlink.exceptions import NetlinkError

    number, subnet = os.getpid(), f"198.18.{random.SystemRandom().randrange(256)}"  # reserved for tests (RFC 2544)
    bridge = f"ag{number}"
    with ExitStack() as stack:
        here = stack.enter_context(IPRoute())
        try:
            here.link("add", ifname=bridge, kind="bridge")
            stack.callback(here.link, "del", ifname=bridge)
            connect(here, bridge, f"{subnet}.1")
            machines = [
                stack.enter_context(machine(here, bridge, f"ag{number}n{i}", f"{subnet}.{2 + i}")) for i in range(size)
            ]
        except (NetlinkError, OSError) as error:
            unavailable(f"network namespaces are not permitted: {error}")
        yield Network(f"{subnet}.1", tuple(machines))


@contextmanager
def machine(here: IPRoute, bridge: str, name: str, address: str) -> Iterator[Machine]:
    from pyroute2 import IPRoute, netns

    inner = f"{name}i"
    with ExitStack() as stack:
        netns.create(name)
        stack.callback(netns.remove, name)
        here.link("add", ifname=name, kind="veth", peer={"ifname": inner, "net_ns_fd": name})
        stack.callback(here.link, "del", ifname=name)
        here.link("set", index=index_of(here, name), master=index_of(here, bridge), state="up")
        with IPRoute(netns=name) as there:
            connect(there, inner, address)
            there.link("set", index=index_of(there, "lo"), state="up")
        yield Machine(name, name)


def connect(where: IPRoute, interface: str, address: str) -> None:
    """Give an interface an address, and switch it on."""
    index = index_of(where, interface)
    where.addr("add", index=index, address=address, prefixlen=24)
    where.link("set", index=index, state="up")


def index_of(where: IPRoute, interface: str) -> int:
    """The number by which the system knows an interface."""
    index: int = where.link_lookup(ifname=interface)[0]
    return index
