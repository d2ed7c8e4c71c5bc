#!/usr/bin/python3 -B
"""A minimal Web Push service (RFC 8030, 8291, 8292) that is the receiving device as well.

    push_service.py start STATE ADDRESS [--port N] [--tls]
    push_service.py stop STATE

A subscription made here has its keys here, so every message is decrypted and
listed in clear: a test plays the authenticator without a browser.

Side API, in plain HTTP on a port of its own:
    POST   /_/subscriptions   {"applicationServerKey": "<base64url>"} (optional: restricts it, RFC 8292 section 4)
                              -> the PushSubscription JSON a browser would give: endpoint, keys.p256dh, keys.auth
    DELETE /_/subscriptions/{id}    the user withdrew it: the endpoint answers 410 from now on
    GET    /_/messages?to={id}&wait=5
    DELETE /_/messages
    PUT    /_/faults          {"status": 429, "retry_after": 3, "count": 2}    DELETE /_/faults
"""
import base64
import json
import re
import secrets
import time

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from service import Faults, Store, forever, http_server, main, make_tls, side_routes

store, faults, subscriptions = Store(), Faults(), {}
origin = ""
LIMIT = 4096


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text):
    if not re.fullmatch(r"[A-Za-z0-9_-]*", text):
        raise ValueError("not base64url without padding")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point(key):
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def from_point(data):
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), data)


def hkdf(salt, secret, info, length):
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def decrypt(private, auth, body):
    """RFC 8188 with one record, its key by RFC 8291."""
    salt, size, id_length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
    sender, sealed = body[21:21 + id_length], body[21 + id_length:]
    if len(sealed) > size or id_length != 65:
        raise ValueError("a push message is one record with a 65-byte key id")
    shared = private.exchange(ec.ECDH(), from_point(sender))
    secret = hkdf(auth, shared, b"WebPush: info\0" + point(private.public_key()) + sender, 32)
    key = hkdf(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
    nonce = hkdf(salt, secret, b"Content-Encoding: nonce\0", 12)
    text = AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\0")
    if text[-1:] != b"\2":
        raise ValueError("the last record must end with the delimiter 2")
    return text[:-1]


def check_vapid(header, subscription):
    """Returns (status, reason); status 0 when in order. RFC 8292 names 401 for absent, 403 for invalid."""
    match = re.fullmatch(r"(?i:vapid)\s+(.*)", header)
    if not match:
        return 401, "no vapid authorization"
    parameters = dict(re.findall(r'(\w+)="?([^",\s]+)"?', match[1]))
    try:
        head, payload, signature = parameters["t"].split(".")
        if json.loads(decode(head)).get("alg") != "ES256":
            return 403, "alg must be ES256"
        raw, server_key = decode(signature), decode(parameters["k"])
        der = utils.encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        from_point(server_key).verify(der, f"{head}.{payload}".encode(), ec.ECDSA(hashes.SHA256()))
        claims = json.loads(decode(payload))
    except (KeyError, ValueError, InvalidSignature) as failure:
        return 403, f"invalid token: {failure!r}"
    if claims.get("aud") != origin:
        return 403, f"aud must be {origin}"
    if not time.time() < claims.get("exp", 0) <= time.time() + 24 * 3600:
        return 403, "exp must lie within the next 24 hours"
    if not str(claims.get("sub", "")).startswith(("mailto:", "https:")):
        return 403, "sub must be a mailto: or https: URI (a SHOULD of the RFC that some services insist on)"
    if subscription["server_key"] not in (None, encode(server_key)):
        return 403, "the subscription belongs to another application server key"
    return 0, claims


def push(request):
    subscription = subscriptions.get(request.match["id"])
    if not subscription:
        return 404, {"error": "no such subscription"}
    if subscription["gone"]:
        return 410, {"error": "the subscription was withdrawn"}
    fault = faults.take()
    if fault:
        return fault["status"], {"error": "told by the test"}, {"Retry-After": str(fault.get("retry_after", 1))}
    status, claims = check_vapid(request.headers.get("authorization", ""), subscription)
    if status:
        return status, {"error": claims}
    ttl, topic = request.headers.get("ttl", ""), request.headers.get("topic")
    urgency = request.headers.get("urgency", "normal")
    if not ttl.isdigit():
        return 400, {"error": "TTL is required"}
    if urgency not in ("very-low", "low", "normal", "high"):
        return 400, {"error": "Urgency is unknown"}
    if topic is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,32}", topic):
        return 400, {"error": "Topic is at most 32 base64url characters"}
    if len(request.body) > LIMIT:
        return 413, {"error": f"more than {LIMIT} bytes"}
    text = None
    if request.body:
        if request.headers.get("content-encoding") != "aes128gcm":
            return 415, {"error": "Content-Encoding must be aes128gcm"}
        try:
            text = decrypt(subscription["private"], subscription["auth"], request.body).decode()
        except (InvalidTag, ValueError, IndexError) as failure:
            # A real service cannot see this; the device would silently drop the message.
            store.add({"id": secrets.token_hex(8), "to": request.match["id"], "undecryptable": repr(failure)})
            return 201, None, {"Location": f"{origin}/m/undecryptable", "TTL": ttl}
    identity = secrets.token_hex(8)
    with store.changed:
        if topic:  # a message with the same topic replaces the one not yet fetched
            store.things[:] = [m for m in store.things if (m["to"], m.get("topic")) != (request.match["id"], topic)]
    store.add({"id": identity, "to": request.match["id"], "text": text, "ttl": int(ttl), "urgency": urgency,
               "topic": topic, "size": len(request.body), "claims": claims, "at": time.time()})
    return 201, None, {"Location": f"{origin}/m/{identity}", "TTL": ttl}


def subscribe(request):
    identity, private, auth = secrets.token_urlsafe(24), ec.generate_private_key(ec.SECP256R1()), secrets.token_bytes(16)
    subscriptions[identity] = {"private": private, "auth": auth, "gone": False,
                               "server_key": request.json().get("applicationServerKey")}
    return 201, {"endpoint": f"{origin}/p/{identity}", "expirationTime": None,
                 "keys": {"p256dh": encode(point(private.public_key())), "auth": encode(auth)}}


def withdraw(request):
    subscriptions[request.match["id"]]["gone"] = True
    return 204, None


def serve(arguments, ready):
    global origin
    context = ca_file = None
    if arguments.tls:
        context, ca_file = make_tls(arguments.state, "push.example", arguments.address)
    side = [("POST", "/_/subscriptions", subscribe),
            ("DELETE", r"/_/subscriptions/(?P<id>[\w-]+)", withdraw), *side_routes(store, faults)]
    port = http_server(arguments.address, arguments.port, [("POST", r"/p/(?P<id>[\w-]+)", push)], context)
    side_port = http_server(arguments.address, 0, side)
    origin = f"{'https' if context else 'http'}://{arguments.address}:{port}"
    ready({"PUSH_URL": origin, "PUSH_CA_FILE": ca_file or "",
           "PUSH_SIDE_URL": f"http://{arguments.address}:{side_port}/_"})
    forever()


if __name__ == "__main__":
    main(__doc__, serve, [
        ("--port", {"type": int, "default": 0}),
        ("--tls", {"action": "store_true", "help": "serve https with a CA of its own"}),
    ])
