#!/usr/bin/env python3
"""Writes tests/vectors/*.json: valid and invalid examples of everything in the format.

    .venv/bin/python scripts/build_vectors.py [FOLDER]

The same files each time: keys, salts and times are fixed (see vectors/world.py). A test
checks that the committed files are what this writes. Run it after a change of the
format, and read what changed before you commit it.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from vectors.world import Json

from vectors import identity, logs, notes, proofs, split_views, statements, trees

FORM = "truce/vectors/v1"
LICENCE = "Apache-2.0"


def tables() -> Mapping[str, tuple[list[Json], Json]]:
    """The vectors of each file, and what the file says beside them."""
    world = statements.world()
    return {
        "checkpoints": (notes.checkpoints(), {}),
        "consistency": (trees.consistency(), {}),
        "cosignatures": (notes.cosignatures(), {}),
        "entries": (statements.entries(), {"world": world}),
        "groups": (logs.groups(), {}),
        "identity": (identity.identity(), {}),
        "inclusion": (trees.inclusion(), {}),
        "logs": (logs.logs(), {}),
        "policies": (notes.policies(), {}),
        "proofs": (proofs.proofs(), {}),
        "split_views": (split_views.split_views(), {}),
        "statement_files": (statements.statement_files(), {"world": world}),
    }


def main(folder: Path) -> None:
    """Writes every file and says how many vectors it holds."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (vectors, beside) in tables().items():
        names = [vector["name"] for vector in vectors]
        assert len({*names}) == len(names), f"{name}: a name stands twice"
        whole = {"form": FORM, "licence": LICENCE, **beside, "vectors": vectors}
        text = json.dumps(whole, indent=1, ensure_ascii=False) + "\n"
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
        print(f"{name}.json: {len(vectors)} vectors")


if __name__ == "__main__":
    here = Path(__file__).resolve().parents[1] / "tests" / "vectors"
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else here)
