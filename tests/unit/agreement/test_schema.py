"""The schema for editors is made from what the loader knows, and is the one that is
shipped."""

import json
from pathlib import Path

from truce.agreement.schema import agreement_schema

SHIPPED = Path(__file__).parents[3] / "docs" / "reference" / "agreement.schema.json"


def test_the_shipped_schema_is_that_of_the_loader() -> None:
    """A schema that lags behind would underline what is right and miss what is
    wrong."""
    assert json.loads(SHIPPED.read_text(encoding="utf-8")) == agreement_schema()


def test_the_schema_refuses_unknown_keys_everywhere() -> None:
    """Every object says which keys it has, so that an editor underlines a misspelt
    one."""

    def objects(value: object) -> list[dict[str, object]]:
        if isinstance(value, list):
            return [one for item in value for one in objects(item)]
        if not isinstance(value, dict):
            return []
        own = [value] if value.get("type") == "object" else []
        return own + [one for item in value.values() for one in objects(item)]

    found = objects(agreement_schema())

    assert len(found) > 10
    assert all("additionalProperties" in one for one in found)
