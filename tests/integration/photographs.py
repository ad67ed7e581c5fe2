"""Photographs for tests: a picture, and the same signed by a camera of ours (C2PA)."""

import io
from pathlib import Path
from typing import Any, Final

import c2pa  # type: ignore[import-untyped]
from tests.integration.tsa import make_ca, make_certificate

# A JPEG of one grey point.
JPEG: Final = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffdb0043000806060706050807070709090808"
    "0a0c140d0c0b0b0c1912130f141d1a1f1e1d1a1c1c20242e2720222c231c1c2837292c30313434"
    "341f27393d38323c2e333432ffc0000b080001000101011100ffc4001f00000105010101010101"
    "00000000000000000102030405060708090a0bffc400b510000201030302040305050404000001"
    "7d01020300041105122131410613516107227114328191a1082342b1c11552d1f0243362728209"
    "0a161718191a25262728292a3435363738393a434445464748494a535455565758595a63646566"
    "6768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2"
    "b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3"
    "f4f5f6f7f8f9faffda0008010100003f00fbd3ffd9"
)
_MANIFEST: Final = {
    "claim_generator_info": [{"name": "exercise camera", "version": "1"}],
    "title": "photograph",
    "assertions": [
        {
            "label": "c2pa.actions",
            "data": {
                "actions": [
                    {
                        "action": "c2pa.created",
                        "digitalSourceType": "http://cv.iptc.org/newscodes/"
                        "digitalsourcetype/digitalCapture",
                    }
                ]
            },
        }
    ],
}
# Signing must ask nobody on the network either.
_SETTINGS: Final = {
    "builder": {"thumbnail": {"enabled": False}},
    "verify": {"ocsp_fetch": False, "remote_manifest_fetch": False},
}


def signed_photograph(folder: Path, *, manifest_at: str = "") -> bytes:
    """The JPEG, signed under a root of its own made in this folder.

    `manifest_at`: the manifest is not in the file but said to lie at this address.
    """
    make_ca(folder, "Cameras")
    make_certificate(folder, "camera", "emailProtection")
    chain = (folder / "camera.pem").read_bytes() + (folder / "ca.pem").read_bytes()
    info = c2pa.C2paSignerInfo(
        alg="es256",
        sign_cert=chain,
        private_key=(folder / "camera.key").read_bytes(),
        ta_url=None,
    )
    signed = io.BytesIO()
    context: Any
    with c2pa.Context.from_dict(_SETTINGS) as context:
        builder = c2pa.Builder(_MANIFEST, context=context)
        if manifest_at:
            builder.set_no_embed()
            builder.set_remote_url(manifest_at)
        builder.sign(
            c2pa.Signer.from_info(info), "image/jpeg", io.BytesIO(JPEG), signed
        )
        builder.close()
    return signed.getvalue()


def tampered(photograph: bytes) -> bytes:
    """The same with one bit of the picture itself turned."""
    at = len(photograph) - 4
    return photograph[:at] + bytes([photograph[at] ^ 1]) + photograph[at + 1 :]
