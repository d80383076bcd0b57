"""WebP files."""

import io
import struct
import tempfile
from pathlib import Path

from corpus_book import exiftool, mark, picture, profile, run, saved
from PIL import Image


def chunk(kind, data):
    return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def with_chunks(data, *more):
    body = data[8:] + b"".join(more)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def bases():
    return {
        "lossy": saved(picture(), "WEBP", quality=80),
        "lossless": saved(picture(), "WEBP", lossless=True),
        "lossy-alpha": saved(picture("RGBA"), "WEBP", quality=80),
        "lossless-alpha": saved(picture("RGBA"), "WEBP", lossless=True),
        "larger": saved(picture(size=(301, 203)), "WEBP", quality=60),
    }


def make(book):
    def add(name, data, marks, removed=()):
        book.add(f"webp/{name}.webp", data, "webp", marks, removed)

    for name, base in bases().items():
        token = mark("webp " + name)
        add(f"plain-{name}", base, [])
        tags = [f"-Artist={token}a", f"-Model={token}b", f"-XMP:Creator={token}c", "-GPSLatitude=48.8584", "-GPSLatitudeRef=N"]
        add(f"tool-{name}", exiftool(base, ".webp", *tags), [token + c for c in "abc"], ["author", "camera", "place"])
        add(f"trailing-{name}", base + (token + "t").encode(), [token + "t"], ["trailing"])
        add(f"unknown-{name}", with_chunks(base, chunk(b"NOTE", (token + "u").encode())), [token + "u"], ["other"])
        icc = profile(token)
        muxed = with_profile(base, icc)
        add(f"profile-{name}", muxed, [token[-13:]], ["profile"])
        exif = Image.Exif()
        exif[0x010E] = token + "v"
        image = Image.open(io.BytesIO(base))
        lossless = "lossless" in name
        data = saved(image, "WEBP", lossless=lossless, quality=80, exif=exif, xmp=f"<x>{token}w</x>".encode(), icc_profile=icc)
        add(f"pillow-{name}", data, [token + "v", token + "w", token[-13:]], ["description", "profile"])
    for name, base in bases().items():
        token = mark("turned " + name)
        turned = exiftool(base, ".webp", "-n", "-Orientation=6", f"-Make={token}")
        add(f"turned-{name}", turned, [token], ["camera"])
    frames = [picture(seed=n) for n in (0, 40, 80)]
    moving = saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], exif=b"Exif\0\0" + mark("frames").encode())
    book.add("webp/moving.webp", moving, "animated", [mark("frames")])


def with_profile(base, icc):
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "p.icc").write_bytes(icc)
        return run(["webpmux", "-set", "icc", f"{folder}/p.icc", "{in}", "-o", "{out}"], base, ".webp")
