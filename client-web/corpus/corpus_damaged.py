"""Broken files: cut, bent, and with wrong sums. They may be cleaned only where a reader would forgive."""

import random

import corpus_jpeg
import corpus_pdf
import corpus_png
import corpus_webp
from corpus_book import mark


def flipped(data, seed):
    source = random.Random(seed)
    out = bytearray(data)
    for _ in range(3):
        out[source.randrange(16, len(out))] ^= 1 << source.randrange(8)
    return bytes(out)


def make(book):
    token = mark("damaged")
    jpeg = corpus_jpeg.after_start(corpus_jpeg.bases()["baseline"], corpus_jpeg.segment(0xFE, token.encode()))
    png = corpus_png.with_chunks(corpus_png.bases()["rgb"], [corpus_png.chunk(b"tEXt", b"Comment\0" + token.encode())])
    webp = corpus_webp.with_chunks(corpus_webp.bases()["lossy"], corpus_webp.chunk(b"NOTE", token.encode()))
    pdf = corpus_pdf.simple(token)
    for kind, data in [("jpg", jpeg), ("png", png), ("webp", webp), ("pdf", pdf)]:
        for percent in [12, 25, 38, 50, 62, 75, 88, 96, 99]:
            cut = data[: len(data) * percent // 100]
            # A PDF without its tail is read by what is found in it.
            expect = "any" if kind == "pdf" else "damaged"
            book.add(f"damaged/cut-{percent}.{kind}", cut, expect, [token] if token.encode() in cut else [])
        book.add(f"damaged/cut-one.{kind}", data[:-1], "pdf" if kind == "pdf" else "damaged", [token] if token.encode() in data[:-1] else [])
        for seed in range(6):
            bent = flipped(data, f"{kind} {seed}")
            book.add(f"damaged/bent-{seed}.{kind}", bent, "any", [token] if token.encode() in bent else [])
    wrong = png[:40] + bytes([png[40] ^ 1]) + png[41:]
    book.add("damaged/wrong-sum.png", wrong, "damaged", [token])
    book.add("damaged/wrong-length.png", png[:33] + b"\x7f" + png[34:], "damaged", [token])
    book.add("damaged/wrong-length.jpg", jpeg[:4] + b"\xff\xff" + jpeg[6:], "damaged", [token])
    book.add("damaged/wrong-length.webp", webp[:4] + b"\xff\xff\xff\x7f" + webp[8:], "damaged", [token])
    book.add("damaged/no-scan.jpg", jpeg[: jpeg.index(b"\xff\xda")] + b"\xff\xd9", "damaged", [token])
    book.add("damaged/wrong-xref.pdf", pdf.replace(b"startxref\n", b"startxref\n9"), "pdf", [token])
    book.add("damaged/no-xref.pdf", pdf[: pdf.rindex(b"startxref")], "pdf", [token])
    book.add("damaged/wrong-length.pdf", pdf.replace(b"/Length ", b"/Length 9"), "any", [token])
    book.add("damaged/no-root.pdf", b"%PDF-1.4\n1 0 obj\n(" + token.encode() + b")\nendobj\n%%EOF\n", "damaged", [token])
    loop = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[2 0 R]/Note(" + token.encode() + b")>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    book.add("damaged/loop.pdf", loop, "damaged", [token])
