"""A load generator without mercy and without overhead: keep-alive connections that each wait for their answer.

A conversation is a generator that yields requests as bytes and is sent the responses. One process, one thread, epoll:
it takes as little as possible of the two cores that the server also runs on.
"""

from __future__ import annotations

import gzip
import itertools
import json
import selectors
import socket
import sys
import time
from collections.abc import Callable, Generator

Conversation = Generator[bytes, bytes, None]


def get(path: str, headers: str = "") -> bytes:
    """A request for a page."""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n{headers}\r\n".encode()


def post(path: str, body: bytes, headers: str = "") -> bytes:
    """A request that sends a form."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
    )
    return head.encode() + body


def cookie(response: bytes) -> str:
    """The header that gives a cookie back."""
    start = response.index(b"set-cookie: ") if b"set-cookie: " in response else response.index(b"Set-Cookie: ")
    return f"Cookie: {response[start + 12 :].split(b';', 1)[0].decode()}\r\n"


def first_page(path: str) -> Conversation:
    """One page, which everybody gets."""
    expect(200, (yield get(path)))


def submission(path: str, body: bytes, check: str, submit: str) -> Conversation:
    """A whole submission: first page, answers, check, submit."""
    expect(200, (yield get(path)))
    sent = yield post(path, body)
    expect(303, sent)
    code = cookie(sent)
    expect(200, (yield get(check, code)))
    expect(303, (yield post(submit, b"", code)))


def vote(path: str, code: str) -> Conversation:
    """The next statement for somebody who has voted before, and a vote on it."""
    page = yield get(path, f"Cookie: {code}\r\n")
    expect(200, page)
    head, _, body = page.partition(b"\r\n\r\n")
    text = gzip.decompress(body) if b"content-encoding: gzip" in head.lower() else body
    statement = text.partition(b'name="statement" value="')[2].partition(b'"')[0]
    expect(303, (yield post(path, b"vote=agree&statement=" + statement, f"Cookie: {code}\r\n")))


def expect(status: int, response: bytes) -> None:
    """Stop the measurement where the server says something else."""
    assert response[9:12] == str(status).encode(), response[:400].decode(errors="replace")


def run(port: int, connections: int, count: int, make: Callable[[], Conversation]) -> dict[str, float]:
    """Hold `count` conversations over so many connections: how many per second, 95th percentile in milliseconds."""
    selector = selectors.DefaultSelector()
    left, durations = count, []
    begun = time.perf_counter()

    def talk() -> tuple[Conversation, float]:
        return make(), time.perf_counter()

    for _ in range(min(connections, count)):
        connection = socket.create_connection(("127.0.0.1", port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        conversation, started = talk()
        left -= 1
        connection.sendall(next(conversation))
        selector.register(connection, selectors.EVENT_READ, [conversation, started, b""])
    while selector.get_map():
        for key, _ in selector.select():
            connection, state = key.fileobj, key.data
            assert isinstance(connection, socket.socket)
            state[2] += connection.recv(262144)
            if not complete(state[2]):
                continue
            try:
                request = state[0].send(state[2])
            except StopIteration:
                durations.append(time.perf_counter() - state[1])
                if left == 0:
                    selector.unregister(connection)
                    connection.close()
                    continue
                left -= 1
                state[0], state[1] = talk()
                request = next(state[0])
            state[2] = b""
            connection.sendall(request)
    seconds = time.perf_counter() - begun
    durations.sort()
    return {"per_second": count / seconds, "p95_ms": durations[int(0.95 * (count - 1))] * 1000}


def complete(data: bytes) -> bool:
    """Whether a response is there to its last byte."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return False
    head = data[:end].lower()
    at = head.find(b"content-length:")
    length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
    return len(data) >= end + 4 + length


def main() -> None:
    """Read what to do as JSON from the standard input, print what was measured."""
    task = json.load(sys.stdin)
    if task["kind"] == "first":
        found = run(task["port"], task["connections"], task["count"], lambda: first_page(task["path"]))
    elif task["kind"] == "vote":
        cookies = itertools.cycle(f"{task['cookie']}={code}" for code in task["codes"])
        found = run(task["port"], task["connections"], task["count"], lambda: vote(task["path"], next(cookies)))
    else:
        body = task["body"].encode()
        found = run(
            task["port"],
            task["connections"],
            task["count"],
            lambda: submission(task["path"], body, task["check"], task["submit"]),
        )
    print(json.dumps(found))


if __name__ == "__main__":
    main()
