"""A port for a server that is stopped and started again at the same place."""

import random
import socket
from pathlib import Path

LOWEST = 10_000
FIRST_OF_CLIENTS = Path("/proc/sys/net/ipv4/ip_local_port_range")


def free_port() -> int:
    """A free port of this machine, below those that the system gives to whoever opens a connection.

    One that the system gave could go to a client of somebody else, as long as nobody listens there.
    """
    before = int(FIRST_OF_CLIENTS.read_text(encoding="ascii").split()[0])
    chance = random.SystemRandom()
    while True:
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", chance.randrange(LOWEST, max(before, LOWEST + 1_000))))
            except OSError:
                continue
            return int(probe.getsockname()[1])
