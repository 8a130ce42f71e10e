#!/usr/bin/python3
"""A DNS server that answers as the first label of a name says, badly for the most part; awserve does the rest.

    hostile_dns.py ADDRESS SILENT-ADDRESS

listens on port 53 of both; nobody ever answers at the second. The right address is 127.0.0.1, a wrong one 127.0.9.66; there
are no IPv6 addresses. Prints "ready".
"""

import socket
import struct
import sys
import threading
import time

LIVE, POISON = bytes([127, 0, 0, 1]), bytes([127, 0, 9, 66])
A, CNAME, AAAA, OPT = 1, 5, 28, 41
QUESTION = b"\xc0\x0c"  # a pointer to the name that was asked for


def encode(name):
    return b"".join(bytes([len(x)]) + x for x in name.split(b".") if x) + b"\0"


def record(owner, kind, data, cls=1, length=None):
    return owner + struct.pack(">HHIH", kind, cls, 60, len(data) if length is None else length) + data


class Question:
    def __init__(self, packet):
        self.id = struct.unpack(">H", packet[:2])[0]
        at, labels = 12, []
        while packet[at]:
            labels.append(packet[at + 1 : at + 1 + packet[at]])
            at += 1 + packet[at]
        self.section = packet[12 : at + 5]
        self.kind = struct.unpack(">H", packet[at + 1 : at + 3])[0]
        self.what, _, n = labels[0].decode().lower().partition("-")
        self.n = int(n) if n.isdigit() else 0

    def answer(self, *records, flags=0x8180, id=None, section=None, questions=1, count=None, more=b""):
        counts = questions, len(records) if count is None else count, 0, 1 if more else 0
        head = struct.pack(">6H", self.id if id is None else id, flags, *counts)
        return head + (self.section if section is None else section) + b"".join(records) + more

    def right(self, **how):
        """The address, of the family that has one."""
        return self.answer(*([record(QUESTION, A, LIVE)] if self.kind == A else []), **how)


def poison(q, **how):
    return q.answer(record(QUESTION, q.kind, POISON if q.kind == A else b"\0" * 10 + b"\xff\xff" + POISON), **how)


def chain(n, last, address=LIVE):
    """Aliases alias1.test ... of the name, then the address of the last."""
    owners = [QUESTION] + [encode(b"alias%d.test" % i) for i in range(1, n + 1)]
    records = [record(owners[i], CNAME, owners[i + 1]) for i in range(n)]
    return records + ([record(owners[n], A, address)] if last else [])


def packets(q):
    """The datagrams that are the answer to q, in turn; a number is a pause in seconds."""
    what, n, right = q.what, q.n, q.right()
    if what == "flood":  # every id but the right one that a short look would find
        return [poison(q, id=(q.id + i) & 0xFFFF) for i in range(-n, n + 1) if i] + [right]
    if what == "otherclass":
        return [poison(q, section=q.section[:-1] + b"\3"), right]
    if what == "othertype":
        return [poison(q, section=q.section[:-3] + b"\0\x10\0\1"), right]
    if what == "othername":
        return [poison(q, section=b"\1x" + q.section), right]
    if what == "noquestion":
        return [poison(q, section=b"", questions=0), right]
    if what == "header":
        return [right[:12], right[:11], right[:2], b"", right]
    if what == "owner":  # what belongs to others is not this name's
        other = [record(encode(b"other.test"), A, POISON)]
        return [q.answer(*(other + [record(QUESTION, A, LIVE)] + other))] if q.kind == A else [right]
    if what == "onlyowner":
        return [q.answer(record(encode(b"other.test"), A, POISON))]
    if what == "wrongfamily":  # an A record is no answer to AAAA
        return [q.answer(record(QUESTION, A, POISON))] if q.kind == AAAA else [right]
    if what == "case":
        return [q.right(section=q.section[:1] + q.section[1:-4].swapcase() + q.section[-4:])]
    if what == "edns":
        return [q.right(more=b"\0" + struct.pack(">HHIH", OPT, 4096, 0, 0))]
    if what == "twice":
        return [right, right, poison(q), right]
    if what == "late":
        return [n / 1000, right]
    if what == "chain":
        return [q.answer(*chain(n, q.kind == A))]
    if what == "selfalias":
        return [q.answer(*[record(QUESTION, CNAME, QUESTION)] * 20)]
    if what == "rdlength":
        return [q.answer(record(QUESTION, A, (LIVE + LIVE)[:n]))] if q.kind == A else [right]
    if what == "rdpast":
        return [q.answer(record(QUESTION, A, LIVE, length=n))]
    if what == "count":
        return [q.right(count=n)]
    if what == "questions":
        return [q.right(questions=n)]
    if what == "pointer":  # to that place
        return [q.answer(record(struct.pack(">H", 0xC000 | n), A, LIVE))]
    if what == "pointers":  # n of them in a row, the first to the last
        at = 12 + len(q.section)
        tail = b"".join(struct.pack(">H", 0xC000 | (at + 2 * i + 2)) for i in range(n)) + QUESTION
        return [q.answer(tail + struct.pack(">HHIH", A, 1, 60, 4) + LIVE, count=1)]
    if what == "longname":  # of n labels that compression makes many more of
        at = 12 + len(q.section)
        return [q.answer((b"\x3f" + b"x" * 63) * n + QUESTION + struct.pack(">HHIH", A, 1, 60, 4) + LIVE, count=1)]
    if what == "labeltype":  # 01 and 10 are no types of labels
        return [q.answer(record(bytes([n & 0xFF]) + b"x" * 8, A, LIVE))]
    if what == "control":
        return [q.answer(*([record(QUESTION, CNAME, b"\7\x1b[31m\r\n\0"), record(b"\7\x1b[31m\r\n\0", A, LIVE)]))]
    if what == "cut":
        whole = q.answer(*chain(1, q.kind == A))
        return [whole[:n]]
    if what == "flip":
        whole = bytearray(q.answer(*chain(1, q.kind == A)))
        whole[n % len(whole)] ^= 1 << n // len(whole) % 8
        return [bytes(whole)]
    if what == "large":  # more than a datagram may have, and not marked
        return [q.answer(*[record(QUESTION, A, LIVE)] * 40)]
    if what.startswith("tcp"):
        return [q.answer(flags=0x8380)]
    return [right]


def frame(packet):
    return struct.pack(">H", len(packet)) + packet


def tcp_answer(s, q):
    """What goes over TCP; true if the connection is to stay."""
    what, right = q.what, q.right()
    if what == "tcpbytes":
        for b in frame(right):
            s.sendall(bytes([b]))
            time.sleep(0.002)
    elif what == "tcpothers":  # before the right one
        s.sendall(frame(poison(q, id=q.id ^ 1)) + frame(b"\0") + frame(right))
    elif what == "tcpzero":
        s.sendall(b"\0\0" * 50000)
    elif what == "tcpshort":
        s.sendall(frame(right)[:-5])
        return False
    elif what == "tcpreset":
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False
    elif what == "tcphuge":
        s.sendall(frame(q.answer(*[record(QUESTION, A, LIVE)] * 4000)))
    elif what == "tcpagain":  # cut short, over TCP too
        s.sendall(frame(q.answer(flags=0x8380)))
    elif what == "tcpservfail":
        s.sendall(frame(q.answer(flags=0x8182)))
    elif what == "tcplong":  # a message that never is whole
        s.sendall(b"\xff\xff" + right)
        time.sleep(20)
    else:
        s.sendall(frame(right))
    return True


def serve_connection(s):
    try:
        while True:
            size = s.recv(2, socket.MSG_WAITALL)
            if len(size) < 2:
                break
            if not tcp_answer(s, Question(s.recv(struct.unpack(">H", size)[0], socket.MSG_WAITALL))):
                break
    except OSError:
        pass
    s.close()


def serve_tcp(listener):
    while True:
        s, _ = listener.accept()
        threading.Thread(target=serve_connection, args=(s,), daemon=True).start()


def send(udp, to, all):
    for i, packet in enumerate(all):
        if isinstance(packet, float):
            rest = threading.Timer(packet, send, (udp, to, all[i + 1 :]))
            rest.daemon = True
            rest.start()
            return
        udp.sendto(packet, to)


def main():
    udp, silent = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
    for s, address in (udp, sys.argv[1]), (silent, sys.argv[2]):
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        s.bind((address, 53))
    listener = socket.create_server((sys.argv[1], 53), backlog=1000)
    threading.Thread(target=serve_tcp, args=(listener,), daemon=True).start()
    print("ready", flush=True)
    while True:
        packet, to = udp.recvfrom(4096)
        send(udp, to, packets(Question(packet)))


main()
