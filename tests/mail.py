"""A mail server on this machine: real SMTP over a real socket, that keeps what it is given or refuses it."""

from __future__ import annotations

import asyncio
import base64
import threading
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType

Answer = Callable[[str], str | None]


class LoopbackServer:
    """Accepts mail while the block lasts; `answers` may give another reply to a command than the usual one."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.signed_in: list[str] = []
        self.answers: Answer = lambda _command: None
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None

    def __enter__(self) -> LoopbackServer:
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(
            asyncio.start_server(self._talk, "127.0.0.1", 0), self._loop
        ).result(10)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _end(self) -> None:
        assert self._server is not None
        self._server.close()
        talks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in talks:
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(b"220 loopback\r\n")
            while line := (await reader.readline()).decode().strip():
                command = line.split(" ", 1)[0].upper()
                reply = self.answers(line) or await self._reply(command, line, reader, writer)
                writer.write(f"{reply}\r\n".encode())
                await writer.drain()
                if command == "QUIT" or reply.startswith("421"):
                    break
        except ConnectionError:
            pass
        finally:
            writer.close()

    async def _reply(self, command: str, line: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> str:
        if command == "EHLO":
            return "250-loopback\r\n250 AUTH PLAIN"
        if command == "AUTH":
            self.signed_in.append(base64.b64decode(line.split(" ")[2]).decode())
            return "235 welcome"
        if command == "RCPT":
            self.recipients.append(line)
        if command == "DATA":
            writer.write(b"354 go on\r\n")
            data = (await reader.readuntil(b"\r\n.\r\n"))[:-3]
            if refusal := self.answers("the end of DATA"):
                return refusal
            self.messages.append(message_from_bytes(data, policy=policy.default))
        return "221 goodbye" if command == "QUIT" else "250 fine"
