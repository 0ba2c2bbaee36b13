"""Run the README as a newcomer would: write its files, then give its commands one after another in one shell."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"^```(?P<language>\w+)(?: file=(?P<file>\S+))?\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


def main() -> int:
    """Exit with the code of the first command that fails."""
    script = ["set -euxo pipefail"]
    for block in BLOCK.finditer((ROOT / "README.md").read_text()):
        if block["file"]:
            script.append(f"cat > {block['file']} <<'END_OF_FILE'\n{block['body']}END_OF_FILE")
        elif block["language"] == "sh":
            script.append(block["body"])
    return subprocess.run(["bash", "-c", "\n".join(script)], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
