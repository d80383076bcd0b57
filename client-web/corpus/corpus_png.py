"""PNG files."""

import io
import struct
import zlib

from corpus_book import exiftool, mark, picture, profile, saved
from PIL import Image, PngImagePlugin

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def chunks(data):
    at = len(SIGNATURE)
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += 12 + length


def with_chunks(data, before=(), after=()):
    """Before the pixels, and after them."""
    out, seen = SIGNATURE, False
    for kind, body in chunks(data):
        if kind == b"IDAT" and not seen:
            out += b"".join(before)
            seen = True
        if kind == b"IEND":
            out += b"".join(after)
        out += chunk(kind, body)
    return out


def with_pixels(data, change, parts=1):
    whole = change(b"".join(body for kind, body in chunks(data) if kind == b"IDAT"))
    out, seen = SIGNATURE, False
    for kind, body in chunks(data):
        if kind == b"IDAT" and not seen:
            step = -(-len(whole) // parts)
            out += b"".join(chunk(b"IDAT", whole[at : at + step]) for at in range(0, len(whole), step))
            seen = True
        elif kind != b"IDAT":
            out += chunk(kind, body)
    return out


PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def interlaced(image):
    raw = b""
    for left, top, across, down in PASSES:
        for y in range(top, image.height, down):
            row = b"".join(bytes(image.getpixel((x, y))) for x in range(left, image.width, across))
            raw += b"\0" + row if row else b""
    head = struct.pack(">IIBBBBB", image.width, image.height, 8, 2, 0, 0, 1)
    return SIGNATURE + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")


def bases():
    sixteen = Image.new("I;16", (20, 16))
    for x in range(20):
        for y in range(16):
            sixteen.putpixel((x, y), x * 3000 + y * 17)
    palette = picture().quantize(16)
    clear = saved(palette, "PNG", transparency=3)
    return {
        "rgb": saved(picture(), "PNG"),
        "rgba": saved(picture("RGBA"), "PNG"),
        "grey": saved(picture("L"), "PNG"),
        "grey-alpha": saved(picture("LA"), "PNG"),
        "palette": saved(palette, "PNG"),
        "palette-clear": clear,
        "one-bit": saved(picture("1"), "PNG"),
        "sixteen-bit": saved(sixteen, "PNG"),
        "interlaced": interlaced(picture(size=(21, 13))),
        "rgb-clear": saved(picture(), "PNG", transparency=(230, 30, 40)),
    }


def by_pillow(token):
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", token + "a")
    info.add_text("Comment", token + "b" * 30, zip=True)
    info.add_itxt("Description", token + "c", "en", "Description")
    info.add_itxt("Title", token + "d", zip=True)
    exif = Image.Exif()
    exif[0x013B] = token + "e"
    data = saved(picture(), "PNG", pnginfo=info, exif=exif, icc_profile=profile(token), dpi=(321, 321))
    return data, [token + letter for letter in "abcde"] + [token[-13:]]


def make(book):
    def add(name, data, marks, removed=()):
        book.add(f"png/{name}.png", data, "png", marks, removed)

    for name, base in bases().items():
        token = mark("png " + name)
        add(f"plain-{name}", base, [])
        tags = [f"-Artist={token}a", f"-PNG:Description={token}b", f"-XMP:Creator={token}c", "-PNG:CreationTime=2026:01:02 03:04:05", "-GPSLatitude=48.8584", "-GPSLatitudeRef=N"]
        add(f"tool-{name}", exiftool(base, ".png", *tags), [token + c for c in "abc"], ["author", "place"])
        unknown = [chunk(b"prVt", (token + "p").encode()), chunk(b"tEXt", b"Software\0" + (token + "q").encode())]
        later = [chunk(b"zTXt", b"Comment\0\0" + zlib.compress((token + "r").encode() * 3))]
        add(f"chunks-{name}", with_chunks(base, unknown, later), [token + c for c in "pqr"], ["author", "description", "other"])
        add(f"trailing-{name}", base + (token + "s").encode(), [token + "s"], ["trailing"])
        add(f"behind-pixels-{name}", with_pixels(base, lambda packed: packed + (token + "t").encode()), [token + "t"], ["trailing"])
    data, marks = by_pillow(mark("pillow"))
    add("pillow", data, marks, ["author", "description", "profile"])
    odd(add)


def odd(add):
    base = bases()["rgb"]
    token = mark("more rows")
    more = with_pixels(base, lambda packed: zlib.compress(zlib.decompress(packed) + token.encode() * 4))
    add("more-rows", more, [token], ["trailing"])
    add("many-parts", with_pixels(base, lambda packed: packed, parts=40), [])
    add("stored", with_pixels(base, lambda packed: zlib.compress(zlib.decompress(packed), 0)), [])
    add("time", with_chunks(base, [chunk(b"tIME", struct.pack(">HBBBBB", 2026, 1, 2, 3, 4, 5))]), ["hex:07ea0102030405"], ["time"])
    token = mark("suggested")
    add("suggested-palette", with_chunks(base, [chunk(b"PLTE", (token + "..").encode()[:18])]), [token], ["other"])
    add("colours", with_chunks(base, [chunk(b"gAMA", struct.pack(">I", 45455)), chunk(b"sRGB", b"\0"), chunk(b"pHYs", struct.pack(">IIB", 5669, 5670, 1))]), ["hex:000016250000162601"], ["profile", "other"])
    out = io.BytesIO()
    info = PngImagePlugin.PngInfo()
    info.add_text("Title", mark("moving"))
    picture().save(out, "PNG", save_all=True, append_images=[picture(seed=60), picture(seed=90)], duration=100, pnginfo=info)
    add("moving", out.getvalue(), [mark("moving")], ["animation"])
    for orientation in [3, 6, 8]:
        exif = Image.Exif()
        exif[0x0112] = orientation
        exif[0x010F] = mark(f"turned {orientation}")
        add(f"orientation-{orientation}", saved(picture(), "PNG", exif=exif), [mark(f"turned {orientation}")], ["camera"])
