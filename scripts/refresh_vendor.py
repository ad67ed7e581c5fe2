"""Make src/truce/web/static/vendor anew from npm. Run: python scripts/refresh_vendor.py

Copies the files named below out of pinned packages, their licences beside them, writes
fonts.css, and writes the version and SHA-256 of every file to vendor.lock.json. A test
compares the two. With `--check` nothing is written: it fetches, compares, and exits 1
if a file differs.
"""

import hashlib
import json
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from npm_packages import fetch  # noqa: E402  (the path above must be set first)

TARGET = ROOT / "src/truce/web/static/vendor"
LOCK = "vendor.lock.json"
SUBSETS = ("latin", "latin-ext", "cyrillic", "cyrillic-ext")
# Family, package folder, weights.
FONTS = (
    ("IBM Plex Sans", "ibm-plex-sans", (400, 500, 600)),
    ("IBM Plex Mono", "ibm-plex-mono", (400,)),
)
# Package -> licence by SPDX, and (path in the package, name in the vendor folder). The
# CSP build of MapLibre starts its worker from a file, so that pages need no `worker-src
# blob:`.
PACKAGES: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "maplibre-gl@5.24.1": (
        "BSD-3-Clause",
        (
            ("dist/maplibre-gl-csp.js", "maplibre-gl-csp.js"),
            ("dist/maplibre-gl-csp-worker.js", "maplibre-gl-csp-worker.js"),
            ("dist/maplibre-gl.css", "maplibre-gl.css"),
            ("LICENSE.txt", "maplibre-gl.LICENSE.txt"),
        ),
    ),
    "htmx.org@2.0.11": (
        "0BSD",
        (("dist/htmx.min.js", "htmx.min.js"), ("LICENSE", "htmx.LICENSE.txt")),
    ),
    **{
        f"@fontsource/{slug}@5.3.0": (
            "OFL-1.1",
            (
                *(
                    (f"files/{name}", name)
                    for weight in weights
                    for subset in SUBSETS
                    for name in (f"{slug}-{subset}-{weight}-normal.woff2",)
                ),
                ("LICENSE", f"{slug}.LICENSE.txt"),
            ),
        )
        for _, slug, weights in FONTS
    },
}


def font_faces(ranges: dict[str, dict[str, str]]) -> str:
    """fonts.css: one @font-face for each family, weight and subset."""
    faces = [
        f"@font-face{{font-family:'{family}';font-style:normal;font-weight:{weight};"
        f"font-display:swap;src:url('{slug}-{subset}-{weight}-normal.woff2') "
        f"format('woff2');unicode-range:{ranges[slug][subset]}}}"
        for family, slug, weights in FONTS
        for weight in weights
        for subset in SUBSETS
    ]
    return "\n".join(faces) + "\n"


def collect() -> tuple[dict[str, bytes], dict[str, dict[str, str]]]:
    """Every vendored file's bytes by name, and what the lock says of each."""
    files: dict[str, bytes] = {}
    told: dict[str, dict[str, str]] = {}
    ranges: dict[str, dict[str, str]] = {}
    with tempfile.TemporaryDirectory() as name:
        for spec, (licence, wanted) in PACKAGES.items():
            package = fetch(spec, Path(name))
            for source, target in wanted:
                files[target] = cleaned(target, (package / source).read_bytes())
                told[target] = {"package": spec, "path": source, "licence": licence}
            if spec.startswith("@fontsource/"):
                slug = spec.split("/")[1].split("@")[0]
                ranges[slug] = json.loads((package / "unicode.json").read_text("utf-8"))
    files["fonts.css"] = font_faces(ranges).encode()
    told["fonts.css"] = {
        "package": "truce", "path": "scripts/refresh_vendor.py",
        "licence": "Apache-2.0",
    }  # fmt: skip
    return files, told


def cleaned(name: str, raw: bytes) -> bytes:
    """The file without a pointer to a source map that we do not ship (a request that
    would fail).
    """
    if not name.endswith((".js", ".css")):
        return raw
    lines = raw.decode("utf-8").split("\n")
    kept = [line for line in lines if not line.startswith("//# sourceMappingURL=")]
    return "\n".join(kept).encode()


def main() -> None:
    """Write the folder, or compare it."""
    files, told = collect()
    for name, raw in files.items():
        told[name]["sha256"] = hashlib.sha256(raw).hexdigest()
    lock = json.dumps({name: told[name] for name in sorted(told)}, indent=1) + "\n"
    files[LOCK] = lock.encode()
    if "--check" in sys.argv[1:]:
        here = {path.name: path.read_bytes() for path in TARGET.iterdir()}
        differ = sorted(
            n for n in here.keys() | files.keys() if here.get(n) != files.get(n)
        )
        raise SystemExit(f"differs from npm: {', '.join(differ)}" if differ else 0)
    TARGET.mkdir(parents=True, exist_ok=True)
    for path in TARGET.iterdir():
        path.unlink()
    for name, raw in files.items():
        (TARGET / name).write_bytes(raw)
    total = sum(map(len, files.values()))
    sys.stderr.write(f"{len(files)} files, {total} bytes\n")


if __name__ == "__main__":
    main()
