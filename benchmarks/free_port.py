"""A port for a server that is stopped and started again at the same place."""

import random
import socket
from pathlib import Path

OF_CLIENTS = Path("/proc/sys/net/ipv4/ip_local_port_range")
"""The first and the last of the ports that the system gives to whoever opens a connection."""
PORTS = range(10_000, 65_536)


def free_port() -> int:
    """A free port of this machine that, where there are others, the system gives to no client.

    One that it gave could go to a client of somebody else, as long as nobody listens there.
    """
    first, last = map(int, OF_CLIENTS.read_text(encoding="ascii").split())
    ours = [port for port in PORTS if not first <= port <= last] or PORTS
    chance = random.SystemRandom()
    while True:
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", chance.choice(ours)))
            except OSError:
                continue
            return int(probe.getsockname()[1])
