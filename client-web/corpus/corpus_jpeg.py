"""JPEG files."""

import io
import struct

import piexif
from corpus_book import exiftool, mark, picture, profile, run, saved
from PIL import Image


def segment(marker, body):
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def after_start(data, *segments):
    return data[:2] + b"".join(segments) + data[2:]


def bases():
    colour = saved(picture(), "JPEG", quality=85)
    return {
        "baseline": colour,
        "progressive": saved(picture(seed=1), "JPEG", quality=85, progressive=True),
        "grey": saved(picture("L"), "JPEG", quality=85),
        "cmyk": saved(picture("CMYK"), "JPEG", quality=85),
        "rgb": saved(picture(seed=4), "JPEG", quality=90, keep_rgb=True),
        "restart": saved(picture(size=(96, 64)), "JPEG", quality=80, restart_marker_blocks=2),
        "full": saved(picture(seed=2), "JPEG", quality=95, subsampling=0, optimize=True),
        "progressive-restart": run(
            ["jpegtran", "-copy", "none", "-progressive", "-restart", "1", "-outfile", "{out}", "{in}"], colour, ".jpg"
        ),
        "extended-scans": saved(picture(size=(200, 150), seed=9), "JPEG", quality=70, progressive=True, optimize=True),
    }


def by_exiftool(data, token):
    return exiftool(
        data, ".jpg", f"-Artist={token}a", f"-ImageDescription={token}b", f"-UserComment={token}c",
        f"-Make={token}d", f"-SerialNumber={token}e", f"-LensModel={token}f", f"-Software={token}g",
        "-DateTimeOriginal=2026:01:02 03:04:05", f"-XMP:Creator={token}h", f"-XMP:City={token}i",
        f"-IPTC:By-line={token}j", f"-IPTC:Caption-Abstract={token}k", f"-Comment={token}l",
        f"-XPAuthor={token}m", f"-Photoshop:URL=http://{token}n/", "-GPSLatitude=48.8584", "-GPSLatitudeRef=N",
        "-GPSLongitude=2.2945", "-GPSLongitudeRef=E",
    ), [f"{token}{letter}" for letter in "abcdefghijklmn"] + ["2026:01:02 03:04:05"]


def planted_exif(data, token, orientation=1):
    thumbnail = saved(picture(size=(16, 12)), "JPEG", comment=(token + "t").encode())
    maker = b"MAKER\0" + (token + "m").encode() + b"\0" + (token + "u").encode("utf-16-le")
    place = ((48, 1), (51, 1), (30241, 1009))
    exif = piexif.dump(
        {
            "0th": {piexif.ImageIFD.Make: (token + "k").encode(), piexif.ImageIFD.Orientation: orientation},
            "Exif": {piexif.ExifIFD.MakerNote: maker, piexif.ExifIFD.BodySerialNumber: (token + "s").encode()},
            "GPS": {piexif.GPSIFD.GPSLatitudeRef: b"N", piexif.GPSIFD.GPSLatitude: place},
            "1st": {piexif.ImageIFD.Compression: 6},
            "thumbnail": thumbnail,
        }
    )
    out = io.BytesIO()
    piexif.insert(exif, data, out)
    gps = "hex:" + struct.pack(">6I", *(number for pair in place for number in pair)).hex()
    return out.getvalue(), [token + letter for letter in "tmuks"] + [gps]


def between_scans(data, *segments):
    """Before each scan but the first."""
    parts = data.split(b"\xff\xda")
    return parts[0] + b"\xff\xda" + b"".join(p + (b"".join(segments) + b"\xff\xda") for p in parts[1:-1]) + parts[-1]


def make(book):
    def add(name, data, marks, removed=()):
        book.add(f"jpeg/{name}.jpg", data, "jpeg", marks, removed)

    for name, base in bases().items():
        token = mark(name)
        add(f"plain-{name}", base, [])
        data, marks = by_exiftool(base, token)
        add(f"tool-{name}", data, marks, ["author", "camera", "description", "place", "time"])
        data, marks = planted_exif(base, token)
        add(f"exif-{name}", data, marks, ["camera", "place", "thumbnail"])
        add(f"trailing-{name}", base + (token + "x").encode() * 3, [token + "x"], ["trailing"])
        add(f"comment-{name}", after_start(base, segment(0xFE, (token + "y").encode())), [token + "y"], ["description"])
    odd(add)
    hidden(add)


def odd(add):
    base = bases()["baseline"]
    for orientation in range(1, 9):
        data, marks = planted_exif(base, mark(f"orientation {orientation}"), orientation)
        add(f"orientation-{orientation}", data, marks, ["place"])
    little = Image.Exif()
    little.endian = "<"
    little[0x0112] = 6
    little[0x010E] = mark("little")
    add("little-endian", saved(picture(), "JPEG", exif=little), [mark("little")], ["description"])
    only = Image.Exif()
    only[0x0112] = 3
    add("orientation-only", saved(picture(), "JPEG", exif=only), [])
    token = mark("mpo")
    second = picture(size=(40, 30))
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x013B] = token
    picture().save(out, "MPO", save_all=True, append_images=[second], exif=exif)
    add("second-picture", out.getvalue(), [token], ["thumbnail", "author"])
    commented = saved(second, "JPEG", comment=(mark("gainmap")).encode())
    add("picture-behind", base + commented, [mark("gainmap")], ["thumbnail"])
    film = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + struct.pack(">I", 40) + b"mdat" + mark("film").encode() * 2
    add("film-behind", base + film, [mark("film")], ["video"])
    icc = profile(mark("icc"))
    add("profile", saved(picture(), "JPEG", icc_profile=icc), [mark("icc")[-13:]], ["profile"])
    add("profile-cmyk", saved(picture("CMYK"), "JPEG", icc_profile=icc), [mark("icc")[-13:]], ["profile"])
    add("profile-large", saved(picture(), "JPEG", icc_profile=icc + mark("far").encode() * 4500), [mark("far")], ["profile"])
    add("dpi", saved(picture(), "JPEG", dpi=(3217, 3217)), ["hex:010c910c91"])


def hidden(add):
    base = bases()["baseline"]
    token = mark("application")
    for number in [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]:
        body = f"UNKNOWN\0{token}{number:x}".encode()
        add(f"application-{number}", after_start(base, segment(0xE0 + number, body)), [f"{token}{number:x}"], ["other"])
    token = mark("extended xmp")
    head = b"http://ns.adobe.com/xmp/extension/\0" + b"0" * 32 + struct.pack(">II", 60, 0)
    parts = [segment(0xE1, head + f"<x>{token}{n}</x>".encode()) for n in range(3)]
    add("extended-xmp", after_start(base, *parts), [f"{token}{n}" for n in range(3)], ["description"])
    small = saved(picture(size=(16, 12)), "JPEG", comment=mark("jfxx").encode())
    add("jfxx", base[:20] + segment(0xE0, b"JFXX\0\x10" + small) + base[20:], [mark("jfxx")], ["thumbnail"])
    jfif = b"JFIF\0\x01\x01\0\0\x01\0\x01\x02\x04" + (mark("jfif") + "........").encode()
    add("jfif-thumbnail", base[:2] + segment(0xE0, jfif) + base[20:], [mark("jfif")], ["thumbnail"])
    for name in ["progressive", "extended-scans", "progressive-restart"]:
        data = bases()[name]
        note = [segment(0xFE, mark("c" + name).encode()), segment(0xE5, mark("a" + name).encode())]
        add(f"between-{name}", between_scans(data, *note), [mark("c" + name), mark("a" + name)], ["description", "other"])
    unused = segment(0xDB, b"\x03" + (mark("table") * 4).encode()[:64])
    add("unused-table", after_start(base, unused), [mark("table")])
    twice = segment(0xDB, b"\x00" + (mark("twice") * 4).encode()[:64])
    add("replaced-table", after_start(base, twice), [mark("twice")])
    codes = bytes([0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 4]) + (mark("codes")[:16]).encode()
    add("unused-codes", after_start(base, segment(0xC4, b"\x13" + codes)), [mark("codes")[:16]])
    adobe = b"Adobe\0\x64\0\0\0\0\x01" + mark("adobe").encode()
    add("adobe-longer", after_start(base, segment(0xEE, adobe)), [mark("adobe")], ["other"])
    add("filled", base[:2] + b"\xff\xff\xff" + base[2:], [])
    behind = base[:-2] + (mark("in scan") + "--" + mark("in scan")).encode() + base[-2:]
    add("behind-scan", behind, [mark("in scan")], ["trailing"])
    token = mark("in scans")
    add("behind-scans", bases()["progressive"][:-2] + token.encode() + b"\xff\xd9", [token], ["trailing"])
