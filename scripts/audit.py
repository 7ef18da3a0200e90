"""Ask for known vulnerabilities of the locked packages. A finding fails; a service out of reach is said, not failed."""

import json
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).resolve().parent.parent / "requirements/base.txt"
ANSWER_SECONDS = 4
TOTAL_SECONDS = 120


def main() -> int:
    command = [sys.executable, "-m", "pip_audit", "-s", "osv", "-f", "json", f"--timeout={ANSWER_SECONDS}"]
    command += ["--progress-spinner=off", "--no-deps", "--disable-pip", "-r", str(LOCK)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=TOTAL_SECONDS, check=False)
        report = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        print(f"audit could not be made: no complete answer in {TOTAL_SECONDS} s")
        return 0
    except json.JSONDecodeError:
        if "ConnectionError" in done.stderr or "Timeout" in done.stderr or "ServiceError" in done.stderr:
            print("audit could not be made: no network (the vulnerability service can't be reached)")
            return 0
        print(done.stderr[-2000:], file=sys.stderr)
        return 1
    return tell(report["dependencies"])


def tell(packages: list[dict]) -> int:
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    found = [(package, vuln) for package in packages for vuln in package.get("vulns", [])]
    for package, vuln in found:
        fixed = ", ".join(vuln["fix_versions"]) or "none yet"
        print(f"{package['name']} {package['version']}: {vuln['id']}, fixed in: {fixed}", file=sys.stderr)
    if skipped:
        print(f"not audited: {', '.join(skipped)}")
    print(f"audit: {len(packages) - len(skipped)} packages asked for, {len(found)} findings")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
