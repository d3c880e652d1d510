"""A security key made of software: answers what a browser would pass on, honestly or not."""

import hashlib
import json
import secrets
import struct
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode

PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40


class SoftKey:
    def __init__(self, *, origin: str = "http://localhost:8000", rp: str = "localhost") -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.number = secrets.token_bytes(32)
        self.origin, self.rp = origin, rp
        self.counter = 0
        self.handle = ""

    def made(self, options: dict[str, Any]) -> str:
        """The answer to a question to register."""
        self.handle = options["user"]["id"]
        public = cbor.encode(dict(ES256.from_cryptography_key(self.private.public_key())))
        data = self._data(PRESENT | VERIFIED | HAS_KEY) + bytes(16)
        data += struct.pack(">H", len(self.number)) + self.number + public
        said = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(
            attestationObject=websafe_encode(said),
            clientDataJSON=websafe_encode(self._client("webauthn.create", options)),
        )

    def answer(self, options: dict[str, Any], *, is_verified: bool = True, counts: int = 1) -> str:
        """The answer to a question who is there."""
        self.counter += counts
        data = self._data(PRESENT | (VERIFIED if is_verified else 0))
        client = self._client("webauthn.get", options)
        signed = self.private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            authenticatorData=websafe_encode(data),
            clientDataJSON=websafe_encode(client),
            signature=websafe_encode(signed),
            userHandle=self.handle,
        )

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.rp.encode()).digest() + struct.pack(">BI", flags, self.counter)

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(said).encode()

    def _answer(self, **response: str) -> str:
        number = websafe_encode(self.number)
        return json.dumps({"id": number, "rawId": number, "type": "public-key", "response": response})
