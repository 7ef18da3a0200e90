"""Copy the front-end files named in static/vendor/vendor.json out of their npm packages.

    scripts/vendor.py            refresh; needs npm (`make vendor`)
    scripts/vendor.py --check    compare the files with their recorded sums; needs nothing (part of `make check`)

To move to another version: change "version" in vendor.json, delete its "integrity", and refresh. While a version
stays, the package must have the integrity that was recorded for it. No address is recorded: npm knows its registry.
"""

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MANIFEST = ROOT / "static/vendor/vendor.json"
SYMBOL = (
    '<symbol id="{name}" viewBox="0 0 24 24" fill="{fill}" stroke="{stroke}" '
    'stroke-linecap="round" stroke-linejoin="round">{drawing}</symbol>'
)


def main() -> None:
    parser = argparse.ArgumentParser(description="Refresh or check the vendored front-end files.")
    parser.add_argument("--check", action="store_true", help="compare with the recorded sums, change nothing")
    manifest = json.loads(MANIFEST.read_text())
    if parser.parse_args().check:
        sys.exit("\n".join(differences(manifest)) or 0)
    for name, entry in manifest.items():
        refresh(name, entry)
    MANIFEST.write_text(json.dumps(manifest, indent=2) + "\n")


def refresh(name: str, entry: dict[str, Any]) -> None:
    """Write the package's files and record its integrity and their sums in `entry`."""
    with tempfile.TemporaryDirectory() as folder:
        package, integrity = pack(f"{name}@{entry['version']}", Path(folder))
        if entry.setdefault("integrity", integrity) != integrity:
            sys.exit(f"{name} {entry['version']}: the package has changed since it was recorded")
        with tarfile.open(package) as tar:
            for member, rule in entry["files"].items():
                content = build(tar, member, rule)
                target = ROOT / rule["to"]
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
                rule["sha256"] = hashlib.sha256(content).hexdigest()
                print(f"{rule['to']}  {len(content):,} bytes")


def pack(package: str, folder: Path) -> tuple[Path, str]:
    """Fetch one package; answer its archive and integrity."""
    command = ["npm", "pack", "--json", "--silent", package]
    answer = json.loads(subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout)
    info = answer[0] if isinstance(answer, list) else next(iter(answer.values()))
    return next(folder.glob("*.tgz")), info["integrity"]


def build(tar: tarfile.TarFile, member: str, rule: dict[str, Any]) -> bytes:
    """One target file: a copy, the icons of a list as one sprite, or the wanted subsets of a font's stylesheet."""
    if "sprite" in rule:
        return sprite(tar, member, ROOT / rule["sprite"])
    content = read(tar, member)
    if "subsets" in rule:
        return font_faces(content.decode(), rule["subsets"])
    if member.endswith((".js", ".css")):
        # Django's manifest storage follows these comments and fails on the map that isn't there.
        content = re.sub(rb"\n?(//|/\*)[#@] sourceMappingURL=[^\n]*", b"", content)
    return content.rstrip() + b"\n" if member.endswith(".js") or "LICENSE" in member else content


def sprite(tar: tarfile.TarFile, folder: str, names: Path) -> bytes:
    symbols = []
    for name in (line for line in names.read_text().splitlines() if line and not line.startswith("#")):
        filled = name.endswith("-filled")
        file = f"filled/{name.removesuffix('-filled')}.svg" if filled else f"outline/{name}.svg"
        svg = read(tar, f"{folder}/{file}").decode()
        drawing = "".join(re.findall(r'<(?!path stroke="none")[a-z]+ [^>]*?/>', svg.partition(">")[2]))
        paint = ("currentColor", "none") if filled else ("none", "currentColor")
        symbols.append(SYMBOL.format(name=name, fill=paint[0], stroke=paint[1], drawing=drawing))
    return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', *symbols, "</svg>", ""]).encode()


def font_faces(css: str, subsets: list[str]) -> bytes:
    faces = re.findall(r"/\* inter-([a-z-]+)-wght-normal \*/\n(@font-face \{.*?\n\})", css, re.S)
    wanted = [face.replace("url(./files/", "url(") for subset, face in faces if subset in subsets]
    return ("\n\n".join(wanted) + "\n").encode()


def read(tar: tarfile.TarFile, member: str) -> bytes:
    try:
        file = tar.extractfile(f"package/{member}")
    except KeyError:
        file = None
    if file is None:
        sys.exit(f"the package has no {member}")
    return file.read()


def differences(manifest: dict[str, Any]) -> list[str]:
    """What is missing or not as recorded, in words; empty when all is well."""
    found = []
    for name, entry in manifest.items():
        for rule in entry["files"].values():
            path = ROOT / rule["to"]
            if not path.exists():
                found.append(f"{rule['to']}: missing (from {name})")
            elif hashlib.sha256(path.read_bytes()).hexdigest() != rule.get("sha256"):
                found.append(f"{rule['to']}: not the file that was recorded (from {name}); run: make vendor")
    return found


if __name__ == "__main__":
    main()
