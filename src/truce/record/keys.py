"""Ed25519 keys: making them, keeping the secret half, naming the public half."""

import errno
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from nacl.bindings import crypto_core_ed25519_is_valid_point, crypto_sign_open
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey

from truce.errors import InvalidValue, UnavailableRecord
from truce.identifiers import KeyId
from truce.record._durable import sync_folder

SEED_SIZE: Final = 32
SIGNATURE_SIZE: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """The half of a key that everybody may know: 32 bytes."""

    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != SEED_SIZE:
            raise InvalidValue(f"public key has {len(self.raw)} bytes, expected 32")

    @property
    def id(self) -> KeyId:
        """The first 16 hexadecimal digits of its SHA-256."""
        return KeyId(self.long_id[:16])

    @property
    def long_id(self) -> str:
        """The first 32 hexadecimal digits of its SHA-256.

        An origin line names the log's key by these: 64 bits could be matched by
        somebody who makes keys until one fits, 128 cannot.
        """
        return hashlib.sha256(self.raw).hexdigest()[:32]

    def accepts(self, message: bytes, signature: bytes) -> bool:
        """Whether the signature over the message is this key's."""
        return accepts(self.raw, message, signature)


def accepts(raw: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a signature over a message is that of the key of these 32 bytes.

    Refuses what other libraries may accept: keys and first halves of small order.
    """
    if len(signature) != SIGNATURE_SIZE:
        return False
    try:
        crypto_sign_open(signature + message, raw)
    except BadSignatureError:
        return False
    return True


def verify_key(key: PublicKey) -> PublicKey:
    """The same key, where it lies in the group of prime order.

    With any other, its owner could make signatures that one library accepts and another
    refuses, and so let two honest verifiers disagree about the record.

    Raises:
        InvalidValue: it does not.
    """
    if not crypto_core_ed25519_is_valid_point(key.raw):
        raise InvalidValue(
            f"public key {key.raw.hex()} is no point of prime order; make an Ed25519 "
            "key with a library that is in common use"
        )
    return key


class SecretKey:
    """The half that signs. It never prints itself."""

    __slots__ = ("_signing", "public")

    def __init__(self, seed: bytes) -> None:
        if len(seed) != SEED_SIZE:
            raise InvalidValue(f"key seed has {len(seed)} bytes, expected 32")
        self._signing = SigningKey(seed)
        self.public = PublicKey(raw=bytes(self._signing.verify_key))

    def sign(self, message: bytes) -> bytes:
        """The 64-byte signature over the message."""
        return self._signing.sign(message).signature

    @classmethod
    def made(cls) -> Self:
        """A new key from the system's randomness."""
        return cls(os.urandom(SEED_SIZE))

    @classmethod
    def loaded(cls, path: Path) -> Self:
        """The key kept in a file by `keep`.

        Raises:
            UnavailableRecord: the file cannot be read or holds no seed.
        """
        try:
            text = path.read_text(encoding="ascii").strip()
            return cls(bytes.fromhex(text))
        except (OSError, ValueError, InvalidValue) as error:
            raise UnavailableRecord(
                f"key file {path}: {error}; expected 64 hexadecimal digits; "
                "restore it from where the key was kept",
                is_retry_safe=True,
            ) from error

    def keep(self, path: Path) -> None:
        """Writes the seed so that only the owner can read it; refuses to replace a key.

        Gap: the seed is not encrypted at rest, so whoever reads the folder as its owner
        can sign.
        """
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        sync_folder(path.parent.parent)
        if path.exists():
            raise FileExistsError(errno.EEXIST, "a key is kept there already", path)
        # A crash in between leaves a file of another name, never half a key.
        fresh = path.with_name(path.name + ".new")
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        descriptor = os.open(fresh, flags, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(bytes(self._signing).hex().encode("ascii") + b"\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.rename(path)
        # Without its name on the disk a power cut would leave statements by a
        # participant who can never state again.
        sync_folder(path.parent)


def key_path(folder: Path, name: str) -> Path:
    """Where a record's folder keeps the key of a name."""
    return folder / "keys" / f"{name}.key"


def kept_key(folder: Path, name: str) -> SecretKey:
    """The key kept under a name, made if need be.

    One that a crash left before its enrolment is used again.

    Raises:
        UnavailableRecord: the key cannot be read, or not be written.
    """
    path = key_path(folder, name)
    if path.exists():
        return SecretKey.loaded(path)
    key = SecretKey.made()
    try:
        key.keep(path)
    except OSError as error:
        raise UnavailableRecord(
            f"{path}: {error.strerror or error}; free some space or check the "
            "folder's owner, then try again",
            is_retry_safe=True,
        ) from error
    return key


__all__ = [
    "SEED_SIZE",
    "SIGNATURE_SIZE",
    "PublicKey",
    "SecretKey",
    "accepts",
    "kept_key",
    "key_path",
    "verify_key",
]
