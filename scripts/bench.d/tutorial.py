"""The tutorial's program, for any list of hosts: one asyncio task a host, all at once, HTTP/1.0 at port 80."""
import asyncio
import sys


async def wget(host):
    print(f"wget {host}...")
    reader, writer = await asyncio.open_connection(host, 80)
    writer.write(f"GET / HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
    await writer.drain()
    while (line := await reader.readline()).strip():
        print(f"{host} header > {line.decode('latin-1').rstrip()}")
    writer.close()
    print(f"Done {host}.")


async def main():
    with open(sys.argv[1], encoding="ascii") as hosts:
        await asyncio.gather(*(wget(host.strip()) for host in hosts))

asyncio.run(main())
