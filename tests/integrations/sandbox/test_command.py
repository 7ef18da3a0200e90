import os
import signal
import subprocess
import sys

import httpx
import pytest

from tests.integrations.sandbox.conftest import PLAIN


@pytest.mark.parametrize("word", [signal.SIGTERM, signal.SIGINT])
def test_the_command_serves_and_ends_when_asked(tmp_path, word):
    environment = {**os.environ, "QUORUM_MODE": "demo", "DATA_DIR": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "manage.py", "sandbox", "--port", "0", "--people", "20"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        url = process.stdout.readline().removeprefix("Sandbox at ").strip()
        with httpx.Client(verify=PLAIN) as client:
            page = client.get(f"{url}/kombo")  # stays open: a connection kept alive must not hold the process
            process.send_signal(word)
            code = process.wait(timeout=20)
    finally:
        process.kill()
        process.stdout.close()

    assert page.status_code == 200
    assert code == 0
