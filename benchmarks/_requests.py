"""What the benchmarks' servers share: the cheapest reading of requests that asyncio allows."""

import asyncio


class Requests(asyncio.Protocol):
    """Answers each request by its head; bodies are not read."""

    def connection_made(self, transport):
        """Keep the transport."""
        self.transport, self.held = transport, b""

    def data_received(self, data):
        """Answer each request that is complete."""
        self.held += data
        while b"\r\n\r\n" in self.held:
            head, _, self.held = self.held.partition(b"\r\n\r\n")
            self.transport.write(self.answer(head))

    def answer(self, head):
        """The bytes to send."""
        raise NotImplementedError
