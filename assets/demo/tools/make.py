#!/usr/bin/env python3
"""Draws the demo photos: `python3 make.py [NAME …] [--out DIR]`; see README.md."""

import argparse
import hashlib
from pathlib import Path

import resvg_py

from album import grade
from album.scenes import ALBUM

DEMO = Path(__file__).resolve().parent.parent


def main():
    parser = argparse.ArgumentParser(description="Draw the photos of the demo people. Without names, all of them.")
    parser.add_argument("names", nargs="*", help="such as zh-boat")
    parser.add_argument("--out", type=Path, help="one folder for everything, instead of each person's media folder")
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.names) - set(ALBUM))
    if unknown:
        parser.error(f"no scene is called {', '.join(unknown)}; there are {', '.join(sorted(ALBUM))}")
    for name in arguments.names or sorted(ALBUM):
        scene, options = ALBUM[name]
        canvas, look = scene()
        png = bytes(resvg_py.svg_to_bytes(svg_string=canvas.svg(), skip_system_fonts=True))
        seed = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big")
        picture = grade.finish(png, look, seed, tint_red=options.get("tint_red", False))
        if options.get("border"):
            picture = grade.print_border(picture)
        folder = arguments.out or DEMO / f"demo-{name[:2]}" / "media"
        folder.mkdir(parents=True, exist_ok=True)
        size = grade.save(picture, folder / f"{name}.jpg", turned=options.get("turned", False))
        print(f"{name}.jpg  {size // 1000} kB")


if __name__ == "__main__":
    main()
