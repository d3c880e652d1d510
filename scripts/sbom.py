"""What the product is made of, as CycloneDX JSON: every package with version, licence where known, and hashes.

    scripts/sbom.py [FILE]      standard output without a FILE

Read from what installs it (requirements/base.txt, package-lock.json), so that the list is what runs, not what was meant.
The same input gives the same bytes. CI makes it with every run (.ci/run).
"""

import base64
import hashlib
import json
import re
import sys
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENT = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
ALGORITHMS = {"sha1": "SHA-1", "sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512"}


def python_components(text: str) -> list[dict[str, Any]]:
    """One for each pinned requirement; a package has a hash for each of its files."""
    found: list[dict[str, Any]] = []
    for line in text.splitlines():
        if pinned := REQUIREMENT.match(line):
            name, version = re.sub(r"[-_.]+", "-", pinned[1]).lower(), pinned[2].rstrip("\\").strip()
            found.append(component(f"pkg:pypi/{name}@{version}", name, version))
        for digest in HASH.findall(line):
            found[-1]["hashes"].append({"alg": "SHA-256", "content": digest})
    return found


def npm_components(lock: dict[str, Any]) -> list[dict[str, Any]]:
    """What is installed for the running system; what only the tests use is left out."""
    found = []
    for path, package in lock["packages"].items():
        if not path or package.get("dev"):
            continue
        name, version = path.rpartition("node_modules/")[2], package["version"]
        made = component(f"pkg:npm/{quote(name)}@{version}", name, version)
        for algorithm, _, digest in (part.partition("-") for part in package.get("integrity", "").split()):
            content = base64.b64decode(digest).hex()
            made["hashes"].append({"alg": ALGORITHMS[algorithm], "content": content})
        if licence := package.get("license"):
            made["licenses"] = [{"license": {"name": licence}}]
        found.append(made)
    return found


def component(purl: str, name: str, version: str) -> dict[str, Any]:
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl, "hashes": []}


def bill() -> dict[str, Any]:
    lists = ("base.txt", "models.txt")
    requirements = "".join((ROOT / "requirements" / name).read_text() for name in lists)
    lock = (ROOT / "package-lock.json").read_text()
    components = [*python_components(requirements), *npm_components(json.loads(lock))]
    content = hashlib.sha256((requirements + lock).encode()).digest()
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.UUID(bytes=content[:16], version=4)}",
        "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": "cctv", "name": "gangseo-cctv"}},
        "components": sorted(components, key=lambda found: found["purl"]),
    }


def main() -> int:
    text = json.dumps(bill(), ensure_ascii=False, indent=1) + "\n"
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(text)
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
