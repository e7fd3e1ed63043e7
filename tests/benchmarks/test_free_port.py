"""A port stays free for a server that is away for a moment."""

import socket

import pytest

from benchmarks import free_port


@pytest.mark.parametrize(
    ("of_clients", "ours"),
    [
        ("32768\t60999\n", {*range(10_000, 32_768), *range(61_000, 65_536)}),
        ("1024\t64999\n", {*range(65_000, 65_536)}),
        ("1024\t65535\n", {*range(10_000, 65_536)}),
    ],
)
def test_a_port_is_none_that_clients_are_given_if_there_are_others(tmp_path, monkeypatch, of_clients, ours):
    told = tmp_path / "range"
    told.write_text(of_clients)
    monkeypatch.setattr(free_port, "OF_CLIENTS", told)
    port = free_port.free_port()
    assert port in ours
    socket.create_server(("127.0.0.1", port)).close()
