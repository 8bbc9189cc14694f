"""What messages go to: a web hook and a post office on loopback, as fixtures that keep what they were given."""

import socketserver
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


class Hook(BaseHTTPRequestHandler):
    """Takes posts and gets; answers with the server's status."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.got.append((self.path, self.headers.get("Content-Type"), body))
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(b"said")

    do_GET = do_POST  # noqa: N815  # the name that the base class calls

    def log_message(self, *_):
        pass


@pytest.fixture
def hook():
    with ThreadingHTTPServer(("127.0.0.1", 0), Hook) as server:
        server.got, server.status = [], 200
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        server.url = f"http://127.0.0.1:{server.server_address[1]}"
        yield server
        server.shutdown()


class Postman(socketserver.StreamRequestHandler):
    """As much SMTP as a letter needs."""

    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self):
        self.say("220 here")
        letter, reading = [], False
        for raw in self.rfile:
            line = raw.decode().rstrip("\r\n")
            if reading and line != ".":
                letter.append(line)
                continue
            word = line[:4].upper()
            self.server.commands.append(word)
            if reading:
                reading = False
                self.server.letters.append("\n".join(letter))
                self.say("250 taken")
            elif word == "DATA":
                reading = True
                self.say("354 go on")
            elif word == "RCPT" and self.server.refuses:
                self.say("550 no such person")
            elif word == "EHLO":
                self.wfile.write(b"250-here\r\n250 AUTH PLAIN\r\n")
            elif word == "AUTH":
                self.say("235 known")
            else:
                self.say("221 bye" if word == "QUIT" else "250 well")


@pytest.fixture
def post():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Postman) as server:
        server.daemon_threads = True
        server.letters, server.commands, server.refuses = [], [], False
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        server.address = f"127.0.0.1:{server.server_address[1]}"
        yield server
        server.shutdown()


def mailing(post, **more):
    return {
        "smtp_server": post.address,
        "smtp_security": "none",
        "mail_from": "monitor@example.org",
        "mail_to": "one@example.org, two@example.org",
    } | more
