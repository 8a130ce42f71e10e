#!/bin/bash
# A small proxy of each kind: what it is asked for, and that what it refuses is its fault. real_proxies.sh has real ones.
. "${0%/*}/lib.sh"

need python3
serve --ipv4
cat >"$tmp/proxy.py" <<'END'
"""HTTP, CONNECT and SOCKS 5 at one port; every name is this machine, and deny.test is refused. Tells what it was asked."""
import asyncio, sys

asked = open(sys.argv[1], "a", buffering=1)


async def copy(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    writer.close()


async def join(reader, writer, port, first=b""):
    r, w = await asyncio.open_connection("127.0.0.1", port)
    w.write(first)
    await asyncio.gather(copy(reader, w), copy(r, writer))


async def socks(reader, writer):
    await reader.readexactly((await reader.readexactly(1))[0])
    writer.write(b"\5\0")
    head = await reader.readexactly(5)
    name = (await reader.readexactly(head[4])).decode()
    port = int.from_bytes(await reader.readexactly(2), "big")
    print("socks %s:%d" % (name, port), file=asked)
    writer.write(b"\5%c\0\1\0\0\0\0\0\0" % (2 if name == "deny.test" else 0))
    if name != "deny.test":
        await join(reader, writer, port)


async def http(reader, writer, first):
    head = first + await reader.readuntil(b"\r\n\r\n")
    method, url, _ = head.split(b"\r\n")[0].decode().split()
    print(method, url, file=asked)
    host, _, port = url.replace("http://", "").split("/")[0].partition(":")
    if host == "deny.test":
        writer.write(b"HTTP/1.1 403 Forbidden\r\n\r\n")
    elif method == "CONNECT":
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await join(reader, writer, port)
    else:
        await join(reader, writer, port, head.replace(b"http://" + url[7:].split("/")[0].encode(), b"", 1))


async def client(reader, writer):
    try:
        first = await reader.readexactly(1)
        await (socks(reader, writer) if first == b"\5" else http(reader, writer, first))
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    writer.close()


async def main():
    server = await asyncio.start_server(client, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    asyncio.get_running_loop().add_reader(0, lambda: sys.exit(0))  # its standard input has ended
    await server.serve_forever()


asyncio.run(main())
END
mkfifo "$tmp/life.proxy" "$tmp/port"
python3 "$tmp/proxy.py" "$tmp/asked" <"$tmp/life.proxy" >"$tmp/port" &
exec 9>"$tmp/life.proxy"
read -r port <"$tmp/port" || fail 'no proxy'
proxy=127.0.0.1:$port h=a.test:$HTTP_PORT s=https://b.test:$HTTPS_PORT

# through PROXY-OPTION... -- KIND LINE...: the targets by way of it, whose errors are of this kind, and what it is asked for
through()
{
	local options=() kind

	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	kind=$2
	: >"$tmp/asked"
	printf '%s\t%s\n' "$h/status/404" 404 "$s/x" 200 "https://expired.test:$HTTPS_PORT/" tls-verify/tls \
		"https://deny.test:$HTTPS_PORT/" "$kind" >"$tmp/table"
	cut -f 1 "$tmp/table" >"$tmp/list"
	run awget --json --cacert "$CA" -m 100 --connect-timeout 90 --dns-timeout 80 "${options[@]}" -i "$tmp/list"
	expect_status 2
	expect_no_err
	python3 "$top_srcdir/tests/cli/outcomes.py" json "$tmp/table" "$tmp/out" || fail "$ran"
	sort "$tmp/asked" >"$tmp/sorted"
	same 'what the proxy was asked' "$tmp/sorted" < <(printf '%s\n' "${@:3}" | sort)
}
connects=("CONNECT b.test:$HTTPS_PORT" "CONNECT expired.test:$HTTPS_PORT" "CONNECT deny.test:$HTTPS_PORT")
through -x "http://$proxy" -- proxy/connect "GET http://$h/status/404" "${connects[@]}"
through -x "socks5h://$proxy" -- proxy/connect "socks a.test:$HTTP_PORT" \
	"socks b.test:$HTTPS_PORT" "socks expired.test:$HTTPS_PORT" "socks deny.test:$HTTPS_PORT"

# by the environment, but for what is near
export https_proxy=http://$proxy no_proxy=a.test
through --dns-servers "$DNS" -- proxy/connect "${connects[@]}"
