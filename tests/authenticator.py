"""What does a device do that keeps a passkey? As much of it as the tests need, in software."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url as text
from webauthn.helpers import encode_cbor

PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """Keeps one passkey; ``origin`` is where the browser believes to be."""

    origin: str = "http://localhost"
    number: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    secret: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    uses: int = 0

    def create(self, options: Any) -> str:
        """The answer to the options of a new passkey."""
        point = self.secret.public_key().public_numbers()
        key = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        kept = bytes(16) + len(self.number).to_bytes(2, "big") + self.number + encode_cbor(key)
        data = self._data(options["rp"]["id"], PRESENT | VERIFIED | WITH_KEY) + kept
        client = self._client("webauthn.create", options["challenge"])
        made = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(attestationObject=text(made), clientDataJSON=text(client), transports=["internal"])

    def get(self, options: Any) -> str:
        """The answer to the options of a sign-in."""
        self.uses += 1
        data = self._data(options["rpId"], PRESENT)
        client = self._client("webauthn.get", options["challenge"])
        signature = self.secret.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(authenticatorData=text(data), clientDataJSON=text(client), signature=text(signature))

    def _data(self, site: str, flags: int) -> bytes:
        return hashlib.sha256(site.encode()).digest() + bytes([flags]) + self.uses.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, **response: Any) -> str:
        number = text(self.number)
        return json.dumps({"id": number, "rawId": number, "type": "public-key", "response": response})
