#!/usr/bin/python3
"""Redirects of every shape.

    redirects.py serve CERT KEY          an origin for them at 127.0.1.1: plain at 80 and 8080, TLS at 443
    redirects.py list                    their names, one a line, and the URL to begin with
    redirects.py compare JSON FOLDER     holds awget's JSON against FOLDER/NAME, what curl said of each

The origin answers /NAME with the bytes of the shape, and anything else with 200.
"""

import json
import os
import re
import socket
import ssl
import sys
import threading

A, B = "http://a.test", "http://b.test"


def head(location, status=302, more=b""):
    if isinstance(location, str):
        location = location.encode()
    return b"HTTP/1.1 %d Moved\r\nConnection: close\r\n%sLocation: %s\r\n\r\n" % (status, more, location)


# name: what is sent. A name with a slash in it is a step of another shape.
SHAPES = {
    **{"status-%d" % status: head("/end", status) for status in (*range(300, 309), 310, 399)},
    "status-200": head("/end", 200),
    "status-201": head("/end", 201),
    "status-404": head("/end", 404),
    "absolute": head(B + "/end"),
    "absolute-without-path": head(B),
    "absolute-query-without-path": head(B + "?q=1"),
    "relative/one/two": head("end"),
    "relative-dot/one/two": head("./end"),
    "relative-up/one/two": head("../end"),
    "relative-up-up/one/two": head("../../end"),
    "relative-too-far-up/one": head("../../../end"),
    "dots-inside": head("/a/./b/../c/end"),
    "dots-last": head("/a/b/.."),
    "dot-last": head("/a/b/."),
    "dots-escaped": head("/a/%2e%2E/end"),
    "dots-in-query": head("/end?a/../b"),
    "dots-three": head("/a/.../end"),
    "slashes": head("/a//b///end"),
    "host-relative": head("//b.test/end"),
    "host-relative-port": head("//b.test:8080/end"),
    "query": head("?q=1"),
    "query-again?old=1": head("?q=1"),
    "query-dropped?old=1": head("/end"),
    "query-empty": head("/end?"),
    "query-question": head("/end?a?b=/c"),
    "query-space": head("/end?a b"),
    "query-utf8": head("/end?\u00e4"),
    "fragment": head("/end#part"),
    "fragment-query": head("/end?q=1#part?x"),
    "fragment-absolute": head(B + "/end#part"),
    "fragment-without-path": head(B + "#part"),
    "empty-query-target?x=1": head("/end?q"),
    "space": head("/a b/end"),
    "spaces-around": head("   /end  \t"),
    "tab-before": head("\t/end"),
    "utf8": head("/\u00e4\u20ac/end"),
    "latin1": head(b"/\xe4/end"),
    "percent": head("/a%20b%2Fc%3f/end"),
    "percent-lower": head("/%c3%a4/end"),
    "percent-broken": head("/100%/%zz/end"),
    "quotes": head("/\"<>^`{|}/end"),
    "brackets": head("/[a]/end"),
    "reserved": head("/!$&'()*+,;=:@/end"),
    "colon-in-path/one": head("./a:b"),
    "semicolon/one": head(";x=1"),
    "scheme-upper": head("HTTP://b.test/end"),
    "host-upper": head("http://B.TEST/End"),
    "host-dot": head("http://b.test./end"),
    "port": head("http://b.test:8080/end"),
    "port-default": head("http://b.test:80/end"),
    "port-empty": head("http://b.test:/end"),
    "port-zeros": head("http://b.test:008080/end"),
    "port-stays": head("/end"),
    "port-lost": head(A + "/end"),
    "address": head("http://127.0.1.1/end"),
    "address6": head("http://[::1]/end"),
    "lower-case-name": b"HTTP/1.1 302 Moved\r\nlocation: /end\r\n\r\n",
    "no-blank": b"HTTP/1.1 302 Moved\r\nLocation:/end\r\n\r\n",
    "http10": b"HTTP/1.0 302 Moved\r\nLocation: /end\r\n\r\n",
    "line-feeds": b"HTTP/1.1 302 Moved\nLocation: /end\n\n",
    "missing": b"HTTP/1.1 302 Moved\r\nContent-Length: 0\r\n\r\n",
    "empty": head(""),
    "blank": head("  "),
    "content-location": b"HTTP/1.1 302 Moved\r\nContent-Location: /end\r\n\r\n",
    "refresh": b"HTTP/1.1 200 OK\r\nRefresh: 0; url=/end\r\n\r\n",
    "two": head("/end?first", more=b"Location: /end?second\r\n"),
    "two-same": head("/end", more=b"Location: /end\r\n"),
    "interim": b"HTTP/1.1 103 Early Hints\r\nLocation: /wrong\r\n\r\n" + head("/end"),
    "body": b"HTTP/1.1 302 Moved\r\nLocation: /end\r\nContent-Length: 9\r\n\r\nLocation:",
    "to-https": head("https://a.test/end"),
    "to-https-and-back": head("https://a.test/to-https-and-back/2"),
    "to-https-and-back/2": head(A + "/end"),
    "https-relative": head("/end"),
    "https-host-relative": head("//b.test/end"),
    "https-to-http": head(B + "/end"),
    "https-wrong-name": head("https://wrong.test/end"),
    "mixed": head("/mixed/2", 301),
    "mixed/2": head("https://b.test/mixed/3", 307),
    "mixed/3": head("../end", 308),
    **{"ten/%d" % n: head("%d" % (n + 1)) for n in range(1, 10)},
    "ten/10": head("/end"),
    **{"eleven/%d" % n: head("%d" % (n + 1)) for n in range(1, 11)},
    "eleven/11": head("/end"),
    "loop": head("/loop"),
    "loop-of-two": head("/loop-of-two/2"),
    "loop-of-two/2": head("/loop-of-two"),
    "endless": None,
    "dead-port": head("http://b.test:81/end"),
    "dead-name": head("http://missing.test/end"),
    "ftp": head("ftp://a.test/end"),
    "javascript": head("javascript:alert(1)"),
    "mailto": head("mailto:a@b.test"),
    "file": head("file:///etc/passwd"),
    "no-host": head("http:///end"),
    "port-zero": head("http://b.test:0/end"),
    "port-large": head("http://b.test:65536/end"),
    "host-space": head("http://b .test/end"),
    "user": head("http://user@b.test/end"),
    "user-password": head("http://user:secret@b.test/end"),
    "backslash": head("\\end"),
    "backslashes": head("\\\\b.test\\end"),
    "control": head(b"/a\x01b/end"),
    "escape": head(b"/a\x1b[31mb/end"),
    "scheme-only/one": head("http:end"),
    "one-slash": head("http:/b.test/end"),
    "three-slashes": head("///b.test/end"),
}
BEGIN = {
    "ten/1": "ten/1",
    "eleven/1": "eleven/1",
    "port-stays": "http://a.test:8080/",
    "port-lost": "http://a.test:8080/",
    "https": "https://a.test/",
}
STEP = re.compile(r"/[2-9]$|/1\d$|^mixed/")


def beginnings():
    for name in SHAPES:
        if STEP.search(name):
            continue
        start = next((url for key, url in BEGIN.items() if name.startswith(key) and "://" in url), A + "/")
        yield re.sub(r"[/?].*", "", name), start + name


def answer(path):
    name = path[1:]
    if name.startswith("endless"):
        return head("/endless%d" % (int(name[len("endless") :] or 0) + 1))
    return SHAPES.get(name) or b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"


def talk(connection, context):
    try:
        if context:
            connection = context.wrap_socket(connection, server_side=True)
        request = b""
        while b"\r\n\r\n" not in request:
            piece = connection.recv(65536)
            if not piece:
                return
            request += piece
        connection.sendall(answer(request.split()[1].decode("latin-1")))
        if context:
            connection = connection.unwrap()
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65536):
            pass
    except OSError:
        pass
    finally:
        connection.close()


def listen(family, address, port, context=None):
    s = socket.create_server((address, port), family=family, backlog=1000)

    def serve():
        while True:
            threading.Thread(target=talk, args=(s.accept()[0], context), daemon=True).start()

    threading.Thread(target=serve).start()


def serve(cert, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    for port in 80, 8080:
        listen(socket.AF_INET, "127.0.1.1", port)
    listen(socket.AF_INET6, "::1", 80)
    listen(socket.AF_INET, "127.0.1.1", 443, context)
    print("ready", flush=True)


# Where awget is not like curl, and means it: what it says instead. The manual page has the reasons, and also says that
# a fragment, which is never sent, is not shown.
DIFFERENCES = {
    **{"status-%d" % n: ([n], A + "/status-%d" % n, True) for n in (304, 305, 306, 310, 399)},
    "query-space": ([302, 200], A + "/end?a%20b", True),
    "query-empty": ([302, 200], A + "/end?", True),
    "quotes": ([302, 200], A + "/%22%3C%3E%5E%60%7B%7C%7D/end", True),
    "brackets": ([302, 200], A + "/%5Ba%5D/end", True),
    "percent-broken": ([302, 200], A + "/100%25/%25zz/end", True),
    "backslash": ([302, 200], A + "/%5Cend", True),
    "backslashes": ([302, 200], A + "/%5C%5Cb.test%5Cend", True),
    "user": ([302], None, "input"),
    "user-password": ([302], None, "input"),
    "one-slash": ([302], None, "input"),
    "three-slashes": ([302], None, "input"),
    "loop": ([302] * 2, None, "redirect-loop"),
    "loop-of-two": ([302] * 4, None, "redirect-loop"),
}


def normal(url):
    """The same for URLs that differ in nothing (RFC 3986 section 6.2)."""
    url = re.sub("%[0-9a-f]{2}", lambda escape: escape[0].upper(), url.split("#")[0], flags=re.I)
    return re.sub("^(http://[^/]*):80/", r"\1/", url)


def of_curl(path):
    """Its -w '%{url_effective} %{exitcode}', and the heads' statuses."""
    with open(path, encoding="latin-1", newline="\n") as f:
        *heads, last = f.read().split("\n")
    url, code = last.rsplit(" ", 1)
    statuses = [int(line[9:12]) for line in heads if line.startswith("HTTP/1.")]
    if 103 in statuses:
        statuses.remove(103)
    return statuses, normal(url), code == "0"


def of_awget(r):
    statuses = [hop["status"] for hop in r["hops"]]
    if r["status"] is not None:
        statuses.append(r["status"])
    return statuses, normal(r["url"]), r["error"]["kind"] if r["error"] else True


def compare(path, folder):
    names = {url: name for name, url in beginnings()}
    bad = 0
    for line in open(path):
        r = json.loads(line)
        name = names.pop(r["target"])
        curl, awget = of_curl(os.path.join(folder, name)), of_awget(r)
        want = DIFFERENCES.get(name, curl)
        # where it fails, there is no last URL to speak of
        same = awget == want if want[2] is True else awget[0] == want[0] and awget[2] is not True
        same = same and want[2] in (False, awget[2])
        bad += not same
        note = "" if same and want is curl else " (as the manual says)" if same else " DIFFERENT"
        print("%-22s | %s%s" % (name, told(awget), note))
        if want is not curl or not same:
            print("%22s | %s" % ("curl", told(curl)))
    if names:
        sys.exit("nothing of %s" % names)
    sys.exit(bad != 0)


def told(outcome):
    statuses, url, end = outcome
    return " ".join(map(str, statuses)) + " " + ascii(url)[1:-1] + ("" if end is True else ", " + (end or "fails"))


if sys.argv[1] == "serve":
    serve(*sys.argv[2:])
elif sys.argv[1] == "list":
    for row in beginnings():
        print(*row)
else:
    compare(*sys.argv[2:])
