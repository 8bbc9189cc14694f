"""A server for polls: feeds that are unchanged, and a gzip bomb. Run as a program it prints its ports and serves."""

import asyncio
import contextlib
import json
import resource
import subprocess
import sys
import zlib

from _documents import document
from _requests import Requests

HOSTS = [f"127.0.3.{i}" for i in range(1, 101)]


def bomb():
    """A gzip member of 300 MB in 300 kB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = b"A" * 1_000_000
    return b"".join(packer.compress(block) for _ in range(300)) + packer.flush()


class Server(Requests):
    """Answers 304 to a known validator, a bomb to /bomb, a small feed to the rest."""

    small = document(3)
    bomb = b""

    def answer(self, head):
        """By the validator and the path."""
        if b"if-none-match" in head.lower():
            return b'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\n\r\n'
        if b" /bomb " in head:
            more = f"Content-Encoding: gzip\r\nContent-Length: {len(self.bomb)}\r\n\r\n".encode()
            return b"HTTP/1.1 200 OK\r\n" + more + self.bomb
        more = f'ETag: "x"\r\nContent-Length: {len(self.small)}\r\n\r\n'.encode()
        return b"HTTP/1.1 200 OK\r\n" + more + self.small


async def serve():
    Server.bomb = bomb()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Server, HOSTS, 0)
    ports = {s.getsockname()[0]: s.getsockname()[1] for s in server.sockets}
    print(json.dumps(ports), flush=True)
    await server.serve_forever()


@contextlib.contextmanager
def serving():
    command = [sys.executable, __file__]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield json.loads(server.stdout.readline())
        finally:
            server.kill()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    asyncio.run(serve())
