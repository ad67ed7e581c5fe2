"""A method: which version of which computation, with which parameters."""

import json
from dataclasses import dataclass
from typing import Self

from truce.canonical import Json, canonical_json
from truce.errors import InvalidStatement


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """What computes something from the record, so that anybody can compute it again."""

    name: str
    version: str
    parameters: dict[str, Json]

    def payload(self) -> bytes:
        """The payload of a `method` statement, version 1."""
        return canonical_json(
            {
                "name": self.name,
                "version": self.version,
                "parameters": self.parameters,
            }
        )

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        """The method that a payload states.

        Raises:
            InvalidStatement: the payload is no method.
        """
        try:
            fields = json.loads(payload)
            return cls(
                name=fields["name"],
                version=fields["version"],
                parameters=dict(fields["parameters"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidStatement(f"payload is no method: {error!r}") from error


__all__ = ["Method"]
