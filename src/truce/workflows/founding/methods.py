"""The methods by which a record is read, each a statement in it.

Whoever computes the record again must use the versions that it names; another version
of truce that no longer has one of them says so instead of answering otherwise.
"""

from typing import Final

from truce.compliance.assess import VERSION as COMPLIANCE_VERSION
from truce.errors import InvalidRecord
from truce.incidents import Parameters
from truce.observations.grading import grades_as_json
from truce.observations.read import VERSION as OBSERVATIONS_VERSION
from truce.statements import Method

INCIDENTS: Final = "incidents"


def methods_in_force() -> tuple[Method, ...]:
    """The methods of this version of truce, as a new record states them."""
    parameters = Parameters()
    return (
        Method(
            name="observations",
            version=OBSERVATIONS_VERSION,
            parameters={"grades": grades_as_json()},
        ),
        Method(
            name=INCIDENTS,
            version=parameters.version,
            parameters=parameters.as_json(),
        ),
        # Its thresholds stand in the agreements; the version names the rules.
        Method(name="compliance", version=COMPLIANCE_VERSION, parameters={}),
    )


def verify_method(method: Method) -> None:
    """Returns where this version of truce has the method.

    Raises:
        InvalidRecord: it has not, or only another version of it.
    """
    known = {one.name: one.version for one in methods_in_force()}
    if known.get(method.name) != method.version:
        raise InvalidRecord(
            f"the record is read by method {method.name} {method.version}; this truce "
            f"has {known.get(method.name, 'none of that name')}; use the version of "
            "truce that the record was made with"
        )


__all__ = ["INCIDENTS", "methods_in_force", "verify_method"]
