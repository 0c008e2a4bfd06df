"""``python -m steplab [--json]``: this machine, its kernels, and the version."""

import argparse
import json

import steplab


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m steplab", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    info = steplab.info()
    if parser.parse_args().json:
        print(json.dumps(info, indent=2))
        return
    for cache in info.pop("caches"):
        info[f"cache L{cache['level']}"] = f"{cache['bytes'] // 1024} KiB, shared by {cache['shared_by']}"
    for name, value in info.items():
        print(f"{name.replace('_', ' '):<16} {', '.join(value) if isinstance(value, list) else value}")


if __name__ == "__main__":
    main()
