"""hostile_tls.py: listens at 127.0.0.1, prints the port, and answers each ClientHello with HelloRequests without end,
until its standard input ends."""
import socket
import struct
import sys
import threading

FLOOD = 8 * (struct.pack(">BHH", 22, 0x0303, 1 << 14) + bytes(1 << 14))


def serve(connection):
    try:
        connection.recv(4096)
        while True:
            connection.sendall(FLOOD)
    except OSError:
        pass


def listen(listener):
    while True:
        threading.Thread(target=serve, args=listener.accept()[:1], daemon=True).start()


server = socket.create_server(("127.0.0.1", 0))
threading.Thread(target=listen, args=(server,), daemon=True).start()
print(server.getsockname()[1], flush=True)
sys.stdin.read()
