"""One telling: signed as Standard Webhooks asks, sent to the address that was checked."""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx2
from standardwebhooks import Webhook

from servicepolicy_api.webhooks.addresses import Refused, pinned

SECRET = "whsec_"
TIMEOUT_SECONDS = 10.0


@dataclass(frozen=True)
class Message:
    """What is told. The id stays the same when it is told again."""

    id: str
    at_seconds: int
    """Since 1970."""
    body: bytes


def signature(secret: bytes, message: Message) -> str:
    """v1,base64(HMAC-SHA256(secret, "id.timestamp.body")), as Standard Webhooks 1.0 asks.

    >>> key = base64.b64decode("plJ3nmyCDGBKInavdOK15jsl")
    >>> body = b'{"event_type":"ping","data":{"success":true}}'
    >>> signature(key, Message("msg_loFOjxBNrRLzqYUf", 1731705121, body))
    'v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0='
    """
    at = datetime.fromtimestamp(message.at_seconds, UTC)
    return Webhook(secret).sign(message.id, at, message.body.decode())


def shown(secret: bytes) -> str:
    """A secret as its owner keeps it."""
    return SECRET + base64.b64encode(secret).decode()


def send(url: str, secret: bytes, message: Message, to_loopback: bool) -> int | None:
    """The status of the answer; None when there was none, or the address is not sent to.

    Redirects are not followed, proxies not asked, and nothing of the answer but its status is read.
    """
    headers = {
        "Content-Type": "application/json",
        "webhook-id": message.id,
        "webhook-timestamp": str(message.at_seconds),
        "webhook-signature": signature(secret, message),
    }
    try:
        asked = httpx2.URL(url)
        headers["Host"] = asked.netloc.decode()
        port = asked.port or (443 if asked.scheme == "https" else 80)
        place = asked.copy_with(host=pinned(asked.host, port, to_loopback))
        named = {"sni_hostname": asked.host}
        with (
            httpx2.Client(timeout=TIMEOUT_SECONDS, trust_env=False) as http,
            http.stream("POST", place, content=message.body, headers=headers, extensions=named) as answered,
        ):
            return answered.status_code
    except (Refused, OSError, httpx2.HTTPError, httpx2.InvalidURL):
        return None
