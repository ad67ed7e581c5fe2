"""A method: which version of which computation, with which parameters."""

from dataclasses import dataclass
from typing import Self

from truce.canonical import Json, canonical_json, json_from_bytes
from truce.errors import InvalidStatement, InvalidValue


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
            fields = json_from_bytes(payload)
        except InvalidValue as error:
            raise InvalidStatement(f"payload is no method: {error}") from error
        match fields:
            case {
                "name": str(name),
                "version": str(version),
                "parameters": dict(parameters),
            }:
                return cls(name=name, version=version, parameters=parameters)
        raise InvalidStatement(
            "payload is no method: expected a name, a version and parameters"
        )


__all__ = ["Method"]
