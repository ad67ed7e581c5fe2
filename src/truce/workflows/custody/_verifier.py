"""The independent verifier's own files, for whoever is handed a package."""

from importlib.util import find_spec
from pathlib import Path
from typing import Final

from truce.errors import Unavailable

PACKAGE: Final = "truce_verify"


def verifier_files() -> tuple[tuple[str, bytes], ...]:
    """Every source file of the verifier, as (name, content), by name.

    It is found and read, never run or imported: the two share no line.

    Raises:
        Unavailable: it is not installed beside truce.
    """
    spec = find_spec(PACKAGE)
    folders = [] if spec is None else list(spec.submodule_search_locations or ())
    found = [path for folder in folders for path in Path(folder).glob("*.py")]
    if not found:
        raise Unavailable(
            f"the verifier {PACKAGE} is not installed beside truce, and no evidence "
            "goes out without it; install the whole of truce, then try again",
            is_retry_safe=True,
        )
    return tuple(sorted((path.name, path.read_bytes()) for path in found))


__all__ = ["PACKAGE", "verifier_files"]
