"""Decides who may ask at all: host, origin, token, sizes and connections, as pure ASGI middleware."""

import base64
import hmac
import ipaddress
import re
from collections import Counter
from typing import Final, NamedTuple

import msgspec
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.asgi import RawHeader, send_problem
from server.contract.problems import ForgeError

LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})
AUTH_SUBPROTOCOL: Final = "forge.auth."
"""A browser's socket cannot carry a header: it offers this, followed by the token in base64url without padding."""

_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_GUARDED: Final = ("/api", "/ws", "/metrics")
_UPLOAD: Final = ("POST", "/api/datasets")
_NETLOC: Final = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::(\d{1,5}))?")
_MAX_DIGITS: Final = 19  # of a body's length: Python refuses to read numbers of thousands of digits
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}

SECURITY_HEADERS: Final[tuple[RawHeader, ...]] = (
    (
        b"content-security-policy",
        (
            b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
            b"connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
            b"frame-ancestors 'none'"
        ),
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    # Not `no-referrer`: with it a form's POST would carry `Origin: null` and be refused.
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


class AccessRules(msgspec.Struct, frozen=True, kw_only=True):
    """`hosts`: names to answer to besides loopback and the address a connection came in on, `*` for all of them.
    `origins`: pages of other origins that may call, as `https://example.org`. `token` None: none is asked for."""

    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    token: str | None = None
    max_body_bytes: int = 1 << 20
    max_upload_bytes: int = 4 << 30
    max_connections: int = 20_000
    max_connections_per_address: int = 1_000


class _NetLoc(NamedTuple):
    name: str
    port: int | None


class _BodyTooLarge(ForgeError):
    """The body went over its limit while it was read."""

    def __init__(self, limit: int) -> None:
        super().__init__("too_large", f"A body here may have at most {limit:,} bytes.")


class AccessMiddleware:
    """Wraps the whole application. What it refuses never reaches it; every HTTP answer leaves with security headers."""

    def __init__(self, app: ASGIApp, rules: AccessRules) -> None:
        self._app = app
        self._rules = rules
        self._hosts = LOOPBACK_NAMES | {host.lower().strip("[]") for host in rules.hosts}
        self._origins = {origin.lower().rstrip("/") for origin in rules.origins}
        self._sockets: Counter[str] = Counter()
        self._socket_count = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        match scope["type"]:
            case "http":
                await self._serve_http(scope, receive, send)
            case "websocket":
                await self._serve_socket(scope, receive, send)
            case _:
                await self._app(scope, receive, send)

    async def _serve_http(self, scope: Scope, receive: Receive, send: Send) -> None:
        guarded = _Response(send)
        try:
            host = self._check_host(scope)
            if scope["method"] not in _SAFE_METHODS:
                self._check_origin(scope, host)
            self._check_token(scope)
            await self._app(scope, self._limited(scope, receive), guarded.send)
        except ForgeError as error:
            if guarded.started:  # too late for a status: the server cuts the connection
                raise
            await send_problem(scope, guarded.send, error)

    async def _serve_socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        address = _counted_address(scope)
        try:
            self._check_origin(scope, self._check_host(scope))
            self._check_token(scope)
            self._check_connections(address)
        except ForgeError as error:
            await send_problem(scope, send, error, SECURITY_HEADERS)
            return
        self._socket_count += 1
        if address is not None:
            self._sockets[address] += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._socket_count -= 1
            if address is not None:
                self._sockets[address] -= 1
                if not self._sockets[address]:
                    del self._sockets[address]

    def _check_host(self, scope: Scope) -> _NetLoc:
        # A page whose name is rebound to this machine's address still sends its own name here.
        given = _header_values(scope, b"host")
        host = _parse_netloc(given[0]) if len(given) == 1 else None
        if host is None:
            raise ForgeError("forbidden_host", "A request must name one host, as localhost:8000.")
        server = scope.get("server")
        arrived_on = server[0] if server else None
        if host.name in self._hosts or host.name == arrived_on or "*" in self._hosts:
            return host
        raise ForgeError(
            "forbidden_host", f"This server does not answer to the host {host.name!r}; FORGE_HOSTS adds it."
        )

    def _check_origin(self, scope: Scope, host: _NetLoc) -> None:
        given = _header_values(scope, b"origin")
        if not given:  # no browser
            return
        origin = given[0].lower()
        if len(given) == 1 and (origin in self._origins or _is_same_origin(origin, host)):
            return
        raise ForgeError("forbidden_origin", f"Pages of {origin[:200]!r} may not call this; FORGE_ORIGINS adds them.")

    def _check_token(self, scope: Scope) -> None:
        token = self._rules.token
        if token is None or not _is_guarded(scope):
            return
        expected = token.encode()
        for value in _header_values(scope, b"authorization"):
            scheme, _, given = value.partition(" ")
            if scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode("latin-1"), expected):
                return
        expected_name = AUTH_SUBPROTOCOL.encode() + base64.urlsafe_b64encode(expected).rstrip(b"=")
        for offered in scope.get("subprotocols", ()):
            if hmac.compare_digest(offered.rstrip("=").encode("latin-1", "replace"), expected_name):
                return
        raise ForgeError(
            "unauthorised", "Send the token: `Authorization: Bearer …`, a browser's socket `forge.auth.…`."
        )

    def _check_connections(self, address: str | None) -> None:
        if self._socket_count >= self._rules.max_connections:
            raise ForgeError("rate_limited", "All connections are taken.", retry_after_s=5)
        if address is not None and self._sockets[address] >= self._rules.max_connections_per_address:
            raise ForgeError("rate_limited", "Your address has all the connections it may have.", retry_after_s=5)

    def _limited(self, scope: Scope, receive: Receive) -> Receive:
        upload = (scope["method"], _route_path(scope).rstrip("/")) == _UPLOAD
        limit = self._rules.max_upload_bytes if upload else self._rules.max_body_bytes
        for length in _header_values(scope, b"content-length"):
            digits = length.lstrip("0")
            if digits.isdecimal() and (len(digits) > _MAX_DIGITS or int(digits) > limit):
                raise _BodyTooLarge(limit)
        received = 0

        async def limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise _BodyTooLarge(limit)
            return message

        return limited


class _Response:
    """Sends an answer with the security headers it does not set itself; remembers whether it has begun."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.started = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            headers: list[RawHeader] = list(message.get("headers", ()))
            present = {name.lower() for name, _ in headers}
            headers += [header for header in SECURITY_HEADERS if header[0] not in present]
            message = {**message, "headers": headers}
        await self._send(message)


def _header_values(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


def _parse_netloc(text: str) -> _NetLoc | None:
    match = _NETLOC.fullmatch(text)
    if match is None:
        return None
    v6, name, port = match.groups()
    return _NetLoc((v6 or name).lower(), int(port) if port else None)


def _is_same_origin(origin: str, host: _NetLoc) -> bool:
    scheme, separator, rest = origin.partition("://")
    default_port = _DEFAULT_PORTS.get(scheme)
    page = _parse_netloc(rest)
    if not separator or default_port is None or page is None:
        return False
    # The scheme itself is not compared: behind a proxy that ends TLS the page is https and the request is not.
    return page.name == host.name and (page.port or default_port) == (host.port or default_port)


def _route_path(scope: Scope) -> str:
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


def _is_guarded(scope: Scope) -> bool:
    path = _route_path(scope)
    return any(path == prefix or path.startswith(f"{prefix}/") for prefix in _GUARDED)


def _counted_address(scope: Scope) -> str | None:
    """The peer's address; None for those that no limit per address concerns: loopback and Unix sockets."""
    client = scope.get("client")
    if not client or client[0] in LOOPBACK_NAMES:  # reading an address takes longer than all else here
        return None
    try:
        address = ipaddress.ip_address(client[0])
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return None if address.is_loopback else str(address)
