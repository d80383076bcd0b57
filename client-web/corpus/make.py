"""Makes the files of this folder, into which real tools write what must not leave a device.

Needs Python 3.11 with pillow, pillow-heif, piexif, pikepdf, reportlab, pymupdf, img2pdf and fpdf2 (PyPI), and
exiftool, qpdf, jpegtran, webpmux and pdftocairo (Debian: libimage-exiftool-perl, qpdf, libjpeg-turbo-progs, webp,
poppler-utils). Dates and seeds are fixed. The tests need none of these, for the result is committed:

    python3 make.py

Every mark is noted in manifest.json: a text, found as ASCII or UTF-16, packed or not; or bytes in hexadecimal.
"""

import json
import shutil
from pathlib import Path

import corpus_damaged
import corpus_heif
import corpus_jpeg
import corpus_pdf
import corpus_png
import corpus_webp
from corpus_book import Book

HERE = Path(__file__).parent
KINDS = ["jpeg", "png", "webp", "pdf", "heif", "damaged"]


def main():
    for kind in KINDS:
        shutil.rmtree(HERE / kind, ignore_errors=True)
        (HERE / kind).mkdir()
    book = Book(HERE)
    for part in [corpus_jpeg, corpus_png, corpus_webp, corpus_heif, corpus_pdf, corpus_damaged]:
        part.make(book)
    (HERE / "manifest.json").write_text(json.dumps(book.entries, indent=1) + "\n")
    sizes = sum(path.stat().st_size for path in HERE.rglob("*.*"))
    print(f"{len(book.entries)} files, {sum(len(e['marks']) for e in book.entries)} marks, {sizes} bytes")


main()
