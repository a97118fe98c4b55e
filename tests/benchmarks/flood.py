"""An exchange on loopback that pushes one order book as fast as its reader takes it, or at a given rate.

`python flood.py MESSAGES [PER_SECOND]` prints its port and serves one client after another: handshake, an
acknowledgement for each subscription, a snapshot of 500 levels a side, then `books` updates of about 3 KB whose
sequence numbers chain. For each client it prints the monotonic second at which its first update left.
"""

from __future__ import annotations

import base64
import hashlib
import json
import random
import select
import socket
import sys
import time

LEVELS = 500
CHANGED = 62
# Different updates; they are sent round and round, each time under the next sequence number.
PATTERNS = 500
# Sequence numbers of one length, so that every round is the same bytes but for them.
FIRST = 10**15
MIDDLE = 836_900
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_BATCH = 32
ARG = {"instType": "USDT-FUTURES", "channel": "books", "instId": "BTCUSDT"}


def levels(rng: random.Random, sign: int, *, count: int, everywhere: bool) -> list[list[str]]:
    """Levels on one side of the middle; an update's are anywhere on it, and one in five is deleted."""
    steps = range(1, count + 1) if everywhere else sorted(rng.sample(range(1, LEVELS + 1), count))
    return [[_tenths(MIDDLE + sign * step), _size(rng, gone=not everywhere and step > 1)] for step in steps]


def _tenths(price: int) -> str:
    return f"{price // 10}.{price % 10}"


def _size(rng: random.Random, *, gone: bool) -> str:
    return "0" if gone and rng.random() < 0.2 else f"{rng.randrange(1, 99_999) / 10_000:.4f}"


def _push(action: str, rng: random.Random, *, count: int) -> tuple[bytes, bytes]:
    """A push in two pieces, around its sequence numbers."""
    whole = action == "snapshot"
    book = {side: levels(rng, sign, count=count, everywhere=whole) for side, sign in (("asks", 1), ("bids", -1))}
    text = json.dumps({"action": action, "arg": ARG, "data": [{**book, "ts": "1790000000000"}], "ts": 1790000000012})
    before, after = text.replace(", ", ",").replace(": ", ":").rsplit(',"ts":"1790000000000"', 1)
    return before.encode(), f',"ts":"1790000000000"{after}'.encode()


def _frame(pieces: tuple[bytes, bytes], seq: int, before: int) -> bytes:
    text = b'%b,"seq":%d,"pseq":%d%b' % (pieces[0], seq, before, pieces[1])
    size = len(text)
    if size < 126:
        return bytes((0x81, size)) + text
    return (
        b"\x81\x7e" + size.to_bytes(2, "big") + text if size < 65_536 else b"\x81\x7f" + size.to_bytes(8, "big") + text
    )


def serve(client: socket.socket, messages: int, *, rate: float) -> float:
    """Everything for one client; the monotonic second at which its first update left."""
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    _shake_hands(client)
    _subscribed(client)
    rng = random.Random(1)
    client.sendall(_frame(_push("snapshot", rng, count=LEVELS), FIRST, 0))
    patterns = [_push("update", rng, count=CHANGED) for _ in range(PATTERNS)]
    # Time to draw breath: nobody is measured while he starts.
    time.sleep(1.0)
    started = time.monotonic()
    batch = _BATCH if not rate else max(1, int(rate / 100))
    for first in range(0, messages, batch):
        numbers = range(first, min(first + batch, messages))
        client.sendall(b"".join(_frame(patterns[n % PATTERNS], FIRST + n + 1, FIRST + n) for n in numbers))
        _answer(client)
        if rate:
            time.sleep(max(0.0, started + first / rate - time.monotonic()))
    return started


def _answer(client: socket.socket) -> None:
    """All that a client says by now is `ping`."""
    if select.select([client], [], [], 0)[0] and client.recv(4096):
        client.sendall(b"\x81\x04pong")


def _shake_hands(client: socket.socket) -> None:
    head = b""
    while b"\r\n\r\n" not in head:
        head += client.recv(4096)
    lines = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
    key = next(value for name, value in lines.items() if name.lower() == b"sec-websocket-key")
    accept = base64.b64encode(hashlib.sha1(key + _GUID).digest())  # noqa: S324 - what the protocol asks for
    client.sendall(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
        + accept
        + b"\r\n\r\n"
    )


def _subscribed(client: socket.socket) -> None:
    while True:
        header = client.recv(2)
        size = header[1] & 0x7F
        if size == 126:
            size = int.from_bytes(client.recv(2), "big")
        mask = client.recv(4)
        text = bytes(byte ^ mask[place % 4] for place, byte in enumerate(client.recv(size)))
        if b'"subscribe"' in text:
            break
    acknowledgement = json.dumps({"event": "subscribe", "arg": ARG}).encode()
    client.sendall(bytes((0x81, len(acknowledgement))) + acknowledgement)


def _tell(number: float) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def main() -> None:
    messages, rate = int(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 0.0
    with socket.create_server(("127.0.0.1", 0)) as listener:
        _tell(listener.getsockname()[1])
        while True:
            client, _ = listener.accept()
            with client:
                try:
                    _tell(serve(client, messages, rate=rate))
                    # It leaves when it has seen the last.
                    while client.recv(4096):
                        client.sendall(b"\x81\x04pong")
                except OSError:
                    _tell(0.0)


if __name__ == "__main__":
    main()
