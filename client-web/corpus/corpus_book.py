"""Writes files and notes what is planted in them; pictures to plant in."""

import hashlib
import io
import subprocess
import tempfile
from pathlib import Path

from PIL import Image, ImageCms, ImageDraw


class Book:
    def __init__(self, root):
        self.root = root
        self.entries = []

    def add(self, name, data, expect, marks=(), removed=()):
        """`expect` is a kind, the code of a refusal, or "any": cleaned or refused, but never let through."""
        (self.root / name).write_bytes(data)
        self.entries.append(
            {"file": name, "expect": expect, "marks": list(marks), "removed": sorted(set(removed))}
        )


def mark(seed):
    return "PLANTED-" + hashlib.sha256(seed.encode()).hexdigest()[:8]


def picture(mode="RGB", size=(48, 32), seed=0):
    image = Image.new("RGB", size)
    for y in range(size[1]):
        for x in range(size[0]):
            image.putpixel((x, y), ((x * 5 + seed) % 256, (y * 7) % 256, (x * y + seed * 3) % 256))
    draw = ImageDraw.Draw(image)
    draw.rectangle((4, 4, 14, 12), fill=(230, 30, 40))
    draw.ellipse((20, 10, 40, 28), fill=(20, 90, 220))
    if mode in ("RGBA", "LA"):
        alpha = Image.linear_gradient("L").resize(size)
        image = image.convert("L" if mode == "LA" else "RGB")
        image.putalpha(alpha)
        return image
    return image.convert(mode)


def saved(image, form, **options):
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def run(command, data, suffix):
    """Runs a tool that reads and writes files: {in} and {out}; a tool without {out} changes its input."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / f"in{suffix}", Path(folder) / f"out{suffix}"
        source.write_bytes(data)
        filled = [part.format(**{"in": source, "out": target}) for part in command]
        subprocess.run(filled, check=True, capture_output=True)
        return (target if any("{out}" in part for part in command) else source).read_bytes()


def exiftool(data, suffix, *tags):
    return run(["exiftool", "-q", "-overwrite_original", *tags, "{in}"], data, suffix)


def profile(token):
    """An sRGB profile whose description, UTF-16 within, names a device."""
    data = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # LittleCMS writes the time of its making.
    data = data[:24] + bytes(12) + data[36:]
    old = "sRGB built-in".encode("utf-16-be")
    new = token[-13:].encode("utf-16-be")
    assert old in data
    return data.replace(old, new)
