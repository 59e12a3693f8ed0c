"""A mail server for tests: aiosmtpd, and how it is asked to behave.

    python server.py <folder> <port> [<certificate> <key> <implicit|starttls>] [<user>:<password>]

Prints `port <number>` when it listens. A line on standard input is how to behave from then on:
accept, refuse, defer, stall or drop. It ends with its standard input. Each mail that it takes is a
file in the folder; commands that it got are lines of `<folder>/log`.
"""

import asyncio
import pathlib
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

folder = pathlib.Path(sys.argv[1])
port = int(sys.argv[2])
rest = sys.argv[3:]
certificate = rest[:3] if len(rest) >= 3 else None
login = rest[-1] if len(rest) in (1, 4) else None


class Handler:
    mode = "accept"
    taken = 0

    def note(self, text):
        with open(folder / "log", "a", encoding="utf-8") as log:
            log.write(text + "\n")

    async def misbehave(self, server):
        if self.mode == "stall":
            self.note("stall")
            await asyncio.sleep(3600)
        if self.mode == "drop":
            self.note("drop")
            server.transport.abort()
            await asyncio.sleep(3600)

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.note(f"rcpt {address}")
        if self.mode == "refuse":
            return "550 5.1.1 no such user"
        if self.mode == "defer":
            return "451 4.7.1 greylisted, come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        await self.misbehave(server)
        self.taken += 1
        over_tls = "yes" if server.transport.get_extra_info("ssl_object") else "no"
        name = folder / f"{self.taken:06}.eml"
        head = f"X-Envelope-From: {envelope.mail_from}\r\nX-Over-TLS: {over_tls}\r\n".encode()
        name.with_suffix(".new").write_bytes(head + envelope.original_content)
        name.with_suffix(".new").rename(name)
        return "250 OK"


def authenticate(server, session, envelope, mechanism, data):
    given = f"{data.login.decode()}:{data.password.decode()}"
    handler.note(f"auth {'right' if given == login else 'wrong'}")
    # A refusal that counts as handled is one that nobody says.
    return AuthResult(success=given == login, handled=given == login)


handler = Handler()


def protocol(context, implicit):
    options = {"decode_data": False, "enable_SMTPUTF8": True}
    if context and not implicit:
        options.update(tls_context=context, require_starttls=True)
    if login:
        # Under implicit TLS the connection is encrypted already, which aiosmtpd does not see.
        options.update(authenticator=authenticate, auth_required=True, auth_require_tls=bool(context) and not implicit)
    return SMTP(handler, **options)


async def main():
    loop = asyncio.get_running_loop()
    context, implicit = None, False
    if certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate[0], certificate[1])
        implicit = certificate[2] == "implicit"
    listening = await loop.create_server(
        lambda: protocol(context, implicit), "127.0.0.1", port, ssl=context if implicit else None
    )
    print(f"port {listening.sockets[0].getsockname()[1]}", flush=True)
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        handler.mode = line.strip()
        print(f"mode {handler.mode}", flush=True)


asyncio.run(main())
