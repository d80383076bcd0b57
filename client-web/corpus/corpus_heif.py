"""HEIC and AVIF, and other files that are refused by name."""

import pillow_heif
from corpus_book import mark, picture, saved


def box(brand, *others):
    body = b"ftyp" + brand + b"\0\0\0\0" + b"".join(others)
    return (len(body) + 4).to_bytes(4, "big") + body + mark(brand.decode()).encode()


def make(book):
    pillow_heif.register_heif_opener()
    book.add("heif/real.heic", saved(picture(size=(64, 64)), "HEIF", quality=50), "heic")
    book.add("heif/real.avif", saved(picture(size=(64, 64)), "AVIF", quality=50), "heic")
    for brand in [b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif", b"avis"]:
        book.add(f"heif/{brand.decode()}.jpg", box(brand, b"mif1", b"heic"), "heic", [mark(brand.decode())])
    for brand in [b"mp42", b"isom", b"qt  "]:
        name = brand.decode().strip()
        book.add(f"heif/{name}.jpg", box(brand), "video", [mark(brand.decode())])
    book.add("heif/film.webm", b"\x1a\x45\xdf\xa3" + mark("webm").encode(), "video", [mark("webm")])
    book.add("heif/picture.gif", saved(picture("P"), "GIF", comment=mark("gif")), "unknown_kind", [mark("gif")])
    book.add("heif/picture.bmp", saved(picture(size=(8, 8)), "BMP"), "unknown_kind")
    book.add("heif/drawing.svg", f"<svg><!-- {mark('svg')} --></svg>".encode(), "unknown_kind", [mark("svg")])
    book.add("heif/picture.tiff", saved(picture(size=(8, 8)), "TIFF", description=mark("tiff")), "unknown_kind", [mark("tiff")])
    book.add("heif/empty.jpg", b"", "unknown_kind")
