"""Fetching a pinned package with npm, for the scripts that rebuild vendored files."""

import subprocess
import tarfile
from pathlib import Path


def fetch(spec: str, folder: Path) -> Path:
    """Unpack `name@version` below the folder; the path of its `package` directory.

    Raises:
        SystemExit: npm could not fetch it.
    """
    target = folder / spec.replace("/", "_").replace("@", "_")
    target.mkdir(parents=True)
    done = subprocess.run(
        ["npm", "pack", "--silent", "--pack-destination", str(target), spec],
        check=False,
        capture_output=True,
        text=True,
    )
    archives = sorted(target.glob("*.tgz"))
    if done.returncode != 0 or not archives:
        raise SystemExit(f"npm pack {spec} failed: {done.stderr.strip()}; try again")
    with tarfile.open(archives[0]) as archive:
        archive.extractall(target, filter="data")
    return target / "package"
