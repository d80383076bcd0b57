"""Decodes every file of the corpus before and after cleaning, and compares the pixels.

Needs Python with pillow (PyPI) and pdftoppm (Debian: poppler-utils). Cleaned files are read from a folder:

    node corpus/write-cleaned.mjs /tmp/cleaned && python3 corpus/look.py /tmp/cleaned
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageChops, ImageOps

HERE = Path(__file__).parent
# The same picture under a profile, and without one where the viewer takes the usual one for granted.
TOLERANCE_OF_PROFILES = 3
# Viewers draw a sign of their own for a note, which is no part of the page.
NOTE = "pdf/note.pdf"


def pages(path, kind):
    if kind == "pdf":
        with tempfile.TemporaryDirectory() as folder:
            command = ["pdftoppm", "-r", "72", "-png", str(path), f"{folder}/p"]
            subprocess.run(command, check=True, capture_output=True)
            return [Image.open(page).convert("RGB").copy() for page in sorted(Path(folder).iterdir())]
    image = ImageOps.exif_transpose(Image.open(path))
    return [image.convert("RGBA") if image.mode in ("P", "RGB", "LA", "PA") else image]


def difference(before, after):
    if len(before) != len(after):
        return "another number of pages"
    worst = 0
    for old, new in zip(before, after):
        if old.size != new.size or old.mode != new.mode:
            return f"{old.mode} {old.size} became {new.mode} {new.size}"
        if old.mode.startswith("I"):
            worst = max(worst, 0 if list(old.getdata()) == list(new.getdata()) else 255)
        else:
            extrema = ImageChops.difference(old, new).getextrema()
            bands = extrema if isinstance(extrema[0], tuple) else [extrema]
            worst = max(worst, *(high for _, high in bands))
    return worst


def main(cleaned):
    counts = {"same": 0, "nearly the same": 0, "a note's sign less": 0, "broken, and differently mended": 0, "not readable before": 0}
    failures = []
    for entry in json.loads((HERE / "manifest.json").read_text()):
        path = cleaned / entry["file"]
        if not path.exists():
            continue
        kind = "pdf" if path.suffix == ".pdf" else "image"
        try:
            before = pages(HERE / entry["file"], kind)
        except (OSError, SyntaxError, subprocess.CalledProcessError):
            counts["not readable before"] += 1
            continue
        result = difference(before, pages(path, kind))
        if result == 0:
            counts["same"] += 1
        elif isinstance(result, int) and result <= TOLERANCE_OF_PROFILES and "profile" in entry["removed"]:
            counts["nearly the same"] += 1
        elif entry["file"] == NOTE:
            counts["a note's sign less"] += 1
        elif entry["expect"] == "any":
            counts["broken, and differently mended"] += 1
            print(f"{entry['file']}: {result}")
        else:
            failures.append(f"{entry['file']}: {result}")
    print(counts)
    print("\n".join(failures) or "nothing looks different")
    sys.exit(bool(failures))


main(Path(sys.argv[1]))
