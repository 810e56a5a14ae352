"""One thing about sockets that Python's own words do not say."""

import socket


def end_reading(sock: socket.socket) -> bool:
    """From now on reading from the client comes to its end; True once that is so. What was read before is not lost.

    Not `sock.shutdown`: that of an encrypted socket forgets its encryption, and the answer would go out in the clear.
    """
    try:
        socket.socket.shutdown(sock, socket.SHUT_RD)
    except OSError:
        return False
    return True
