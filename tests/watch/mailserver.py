"""A mail server on loopback that takes what it is given (RFC 5321, as much of it as smtplib speaks)."""

from __future__ import annotations

import socketserver
import threading
from email import message_from_string
from email.message import Message
from email.policy import default


class MailServer(socketserver.ThreadingTCPServer):
    """`messages` holds what came; while `refuses` is set, nothing is taken."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.refuses = False
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.port: int = self.server_address[1]
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()


class _Conversation(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self._say("220 mail.example")
        while line := self.rfile.readline().decode().strip():
            match line.split()[0].upper():
                case "EHLO" | "HELO":
                    self._say("250 mail.example")
                case "DATA":
                    self._take()
                case "QUIT":
                    self._say("221 bye")
                    return
                case "MAIL" if self.server.refuses:
                    self._say("451 not now")
                case _:
                    self._say("250 ok")

    def _take(self) -> None:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline().decode()) != ".\r\n":
            lines.append(line.removeprefix("."))
        self.server.messages.append(message_from_string("".join(lines), policy=default))
        self._say("250 taken")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
