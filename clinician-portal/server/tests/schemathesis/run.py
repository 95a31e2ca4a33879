"""Lets schemathesis loose on a running portal: no answer may be a 5xx.

    pip install schemathesis==4.32.5
    cargo build -p reme-portal
    python clinician-portal/server/tests/schemathesis/run.py target/debug/reme-portal

Starts the portal with the demo clinic on a database of its own, without rate limits, logs in as clinician and as administrator,
and lets the requests that openapi.json allows (and others that it does not) fall on it, for some half a minute each. Bounded: it
ends within two minutes, and takes the portal with it. Ends with 0 when nothing was found.
"""

import base64
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
DESCRIPTION = HERE / "../../../api/openapi.json"
SECONDS = "35"


def code_of(secret: str, now: float) -> str:
    """The authenticator's code of a moment (RFC 6238)."""
    mac = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(now // 30)), hashlib.sha1)
    at = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def log_in(host: str, account: dict) -> list[str]:
    """Headers of somebody who is logged in, as schemathesis takes them."""
    connection = http.client.HTTPConnection(host)
    code = code_of(account["totp_secret"], time.time())
    body = json.dumps({"email": account["email"], "password": account["password"], "code": code})
    connection.request("POST", "/api/login", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    if answer.status != 200:
        sys.exit(f"the log-in was answered with {answer.status}: {answer.read().decode()}")
    cookie = (answer.getheader("Set-Cookie") or "").split(";")[0]
    return ["-H", f"Cookie: {cookie}", "-H", f"X-CSRF: {json.load(answer)['csrf']}"]


def attack(host: str, headers: list[str]) -> int:
    """One run. What is looked for is a 5xx; whether every status is described is another test's business."""
    command = [
        *[sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml"), "run"],
        *[str(DESCRIPTION), "--url", f"http://{host}", *headers, "--checks", "not_a_server_error"],
        # Whoever logs out or ends the own session has nothing more to try.
        *["--exclude-path", "/api/logout", "--exclude-path", "/api/me/sessions/{session}", "--max-time", SECONDS, "--continue-on-failure", "--workers", "1"],
        *["--seed", "7", "--suppress-health-check", "all", "--warnings", "off", "--no-color"],
    ]
    # Reports and caches stay out of the checkout.
    with tempfile.TemporaryDirectory() as folder:
        return subprocess.run(command, cwd=folder, timeout=float(SECONDS) + 40, check=False).returncode


def main() -> int:
    portal = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        told = pathlib.Path(folder) / "demo.json"
        command = [str(portal), "--demo", "--demo-file", str(told), "--no-limits", "--bind", "127.0.0.1:0"]
        command += ["--database", f"sqlite:{folder}/portal.db"]
        environment = {**os.environ, "RUST_LOG": "error"}
        running = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        try:
            # Its last line says where it is.
            if not any(line.startswith("ReMe portal: ") for line in running.stdout):
                sys.exit("the portal ended before it said where it is")
            demo = json.loads(told.read_text())
            host = demo["address"].removeprefix("http://")
            found = 0
            for role in ("admin", "clinician"):
                account = next(one for one in demo["accounts"] if one["role"] == role)
                print(f"== as {role}", flush=True)
                found |= attack(host, log_in(host, account))
            if running.poll() is not None:
                sys.exit("the portal has ended on its own")
            return found
        finally:
            running.terminate()
            running.wait(30)


if __name__ == "__main__":
    sys.exit(main())
