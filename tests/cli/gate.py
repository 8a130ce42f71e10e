"""tests/cli/gate.py ADDRESS PORT: prints "ready", then the address of who comes first; he gets no answer, all others do."""
import socket, sys

gate = socket.create_server((sys.argv[1], int(sys.argv[2])))
print("ready", flush=True)
first, peer = gate.accept()
first.recv(4096)
print(peer[0], flush=True)
while True:
    s, _ = gate.accept()
    s.recv(4096)
    s.sendall(b"HTTP/1.0 200 OK\r\nServer: gate\r\n\r\n")
    s.close()
