"""Content credentials (C2PA): what a photograph, film or document says of its own
making.

Read without a network: a manifest that lies elsewhere is not fetched, nor is any
certificate's revocation asked for. No list of trusted certificates is set, so that
*valid* means that the file is as its signer left it, not that the signer is known.
Source: C2PA Technical Specification 2.2, section 15 (validation).
"""

import io
import json
from typing import Final

from truce.canonical import Json
from truce.workflows.custody.ports import CredentialAnswer, Credentials

# Nothing may leave the machine: whoever made the file must not learn who examines it.
_SETTINGS: Final = {
    "core": {"allowed_network_hosts": []},
    "verify": {"ocsp_fetch": False, "remote_manifest_fetch": False},
}
_REASONS: Final = {
    CredentialAnswer.VALID: "the file is as its signer left it; whether the signer is "
    "to be trusted was not judged",
    CredentialAnswer.INVALID: "a manifest is present and does not validate: see "
    "validation",
    CredentialAnswer.ABSENT: "no manifest",
}


class C2paCredentials:
    """Reads content credentials by c2pa-python."""

    def read(self, media_type: str, content: bytes) -> Credentials:
        """What a file of this type says of its own making; never raises for what the
        bytes hold.
        """
        # Loads a large native library: only where a file is examined.
        # It ships no types.
        import c2pa  # type: ignore[import-untyped]  # noqa: PLC0415

        reader = f"c2pa {c2pa.sdk_version()}"
        try:
            with (
                c2pa.Context.from_dict(_SETTINGS) as context,
                c2pa.Reader(media_type, io.BytesIO(content), context=context) as found,
            ):
                state = found.get_validation_state()
                store: Json = json.loads(found.json())
                validation: Json = found.get_validation_results()
        except c2pa.C2paError.ManifestNotFound:
            return _without(CredentialAnswer.ABSENT, reader)
        except c2pa.C2paError as error:
            return _without(CredentialAnswer.UNREADABLE, reader, str(error))
        answer = (
            CredentialAnswer.VALID
            if state in ("Valid", "Trusted")
            else CredentialAnswer.INVALID
        )
        return Credentials(
            answer=answer,
            reason=_REASONS[answer],
            reader=reader,
            manifest_store=store,
            validation=validation,
        )


def _without(answer: CredentialAnswer, reader: str, reason: str = "") -> Credentials:
    return Credentials(answer=answer, reason=reason or _REASONS[answer], reader=reader)


__all__ = ["C2paCredentials"]
