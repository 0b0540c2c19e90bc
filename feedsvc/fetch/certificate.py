"""The certificate of a TLS server: whose it is and until when, also where it is not to be trusted."""

from __future__ import annotations

import ssl
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from feedsvc.errors import Code, FetchError
from feedsvc.fetch.guard import Guard

SECONDS = 10.0
SOON = timedelta(days=14)  #: before its end, in which a certificate should have been renewed
_NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME of OpenSSL
_PARTIAL_CHAIN = 0x80000  # X509_V_FLAG_PARTIAL_CHAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What a server shows. `fault`: why it is not trusted, in OpenSSL's words; "": it is."""

    names: tuple[str, ...]
    issuer: str
    begins: datetime
    expires: datetime
    fault: str

    def ends_soon(self, now: datetime) -> bool:
        """Whether it should have been renewed: the last fourteen days, of short-lived ones the last quarter.

        Let's Encrypt has certificates of six days, Caddy's own authority some of twelve hours.
        """
        return self.expires - now < min(SOON, (self.expires - self.begins) / 4)


def certificate_of(host: str, port: int, guard: Guard, *, ca_bundle: str = "") -> Certificate:
    """The certificate that `host` shows at `port`. Raises FetchError where no connection comes about."""
    fault = ""
    try:
        found = _shake(host, port, guard, ssl.create_default_context(cafile=ca_bundle or None))
    except ssl.SSLCertVerificationError as error:
        fault = error.verify_message or str(error)
        found = _shake(host, port, guard, _trusting(_shown(host, port, guard)))
    said = found.get("subject", ())
    names = [value for kind, value in found.get("subjectAltName", ()) if kind in ("DNS", "IP Address")]
    names += [value for each in said for key, value in each if key == "commonName" and value not in names]
    issuer = {key: value for each in found.get("issuer", ()) for key, value in each}
    return Certificate(
        names=tuple(names),
        issuer=issuer.get("organizationName") or issuer.get("commonName", ""),
        begins=datetime.fromtimestamp(ssl.cert_time_to_seconds(found["notBefore"]), UTC),
        expires=datetime.fromtimestamp(ssl.cert_time_to_seconds(found["notAfter"]), UTC),
        fault=fault,
    )


def _trusting(pem: str) -> ssl.SSLContext:
    """A context that takes this very certificate, whoever signed it and whenever: to read what it says."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.load_verify_locations(cadata=pem)
    context.verify_flags |= ssl.VerifyFlags(_NO_CHECK_TIME | _PARTIAL_CHAIN)
    return context


def _shown(host: str, port: int, guard: Guard) -> str:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with _connected(host, port, guard, context) as connection:
        shown = connection.getpeercert(binary_form=True)
    if shown is None:
        raise FetchError(Code.TLS, f"{host}:{port} shows no certificate")
    return ssl.DER_cert_to_PEM_cert(shown)


def _shake(host: str, port: int, guard: Guard, context: ssl.SSLContext) -> dict[str, Any]:
    with _connected(host, port, guard, context) as connection:
        return connection.getpeercert() or {}


def _connected(host: str, port: int, guard: Guard, context: ssl.SSLContext) -> ssl.SSLSocket:
    plain = guard.connect(host, port, deadline=time.monotonic() + SECONDS, timeout=SECONDS)
    try:
        return context.wrap_socket(plain, server_hostname=host)
    except ssl.SSLCertVerificationError:
        plain.close()
        raise
    except OSError as error:
        plain.close()
        raise FetchError(Code.TLS, f"{host}:{port}: {getattr(error, 'reason', None) or error}") from error
