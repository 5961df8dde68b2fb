import socket

from script.lib import ports


def test_busy_port_is_replaced_by_the_next_free_one_and_said(capsys):
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        busy = holder.getsockname()[1]
        chosen = ports.pick(busy, "the portal")
    assert chosen > busy
    assert capsys.readouterr().out == f"Port {busy} is busy: the portal takes {chosen}.\n"
