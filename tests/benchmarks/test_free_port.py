"""A port stays free for a server that is away for a moment."""

import socket

from benchmarks.free_port import FIRST_OF_CLIENTS, free_port


def test_no_client_is_given_the_port_of_a_server_that_is_away():
    port = free_port()
    assert port < int(FIRST_OF_CLIENTS.read_text().split()[0])
    for _ in range(2):
        with (
            socket.create_server(("127.0.0.1", port)) as server,
            socket.create_connection(server.getsockname()) as client,
        ):
            assert client.getsockname()[1] != port
