"""A proxy on loopback: CONNECT, SOCKS 5 without a login, and every name is 127.0.0.1."""

import asyncio
import struct
import threading


async def copy(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.write_eof()
    except (OSError, ConnectionError):
        writer.close()


async def join(reader, writer, port, answer):
    there = await asyncio.open_connection("127.0.0.1", port)
    writer.write(answer)
    await asyncio.gather(copy(reader, there[1]), copy(there[0], writer))
    there[1].close()


async def socks(reader, writer):
    await reader.readexactly((await reader.readexactly(1))[0])
    writer.write(b"\5\0")
    _, _, _, kind = await reader.readexactly(4)
    n = {1: 4, 4: 16}.get(kind) or (await reader.readexactly(1))[0]
    await reader.readexactly(n)
    (port,) = struct.unpack(">H", await reader.readexactly(2))
    await join(reader, writer, port, b"\5\0\0\1\0\0\0\0\0\0")


async def serve(reader, writer):
    try:
        first = await reader.readexactly(1)
        if first == b"\5":
            await socks(reader, writer)
        else:
            head = first + await reader.readuntil(b"\r\n\r\n")
            await join(reader, writer, int(head.split()[1].rpartition(b":")[2]), b"HTTP/1.1 200 OK\r\n\r\n")
    except (OSError, EOFError, ValueError, asyncio.IncompleteReadError):
        pass
    writer.close()


def start():
    """Starts it in a thread of its own. "127.0.0.1:PORT"."""
    loop, ready = asyncio.new_event_loop(), threading.Event()
    where = []

    async def begin():
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        where.append("127.0.0.1:%d" % server.sockets[0].getsockname()[1])
        ready.set()

    def turn():
        loop.create_task(begin())
        loop.run_forever()

    threading.Thread(target=turn, daemon=True).start()
    ready.wait()
    return where[0]
