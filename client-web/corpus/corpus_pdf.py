"""PDF files, by several writers."""

import io
import re
import subprocess
import tempfile
import zlib
from datetime import UTC, datetime
from pathlib import Path

import corpus_jpeg
import fpdf
import img2pdf
import pikepdf
import pymupdf
from corpus_book import exiftool, mark, picture, profile, run, saved
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from reportlab import rl_config
from reportlab.pdfgen import canvas

rl_config.invariant = 1
rl_config.useA85 = 0


def simple(token, pages=1, compress=1, text="An ordinary page"):
    """By reportlab."""
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=(200, 150), pageCompression=compress, invariant=1)
    page.setAuthor(token)
    page.setTitle(token + "t")
    page.setSubject(token + "s")
    for number in range(pages):
        page.setFont("Helvetica", 12)
        page.drawString(20, 100, f"{text} {number + 1}")
        page.setFillColorRGB(0.8, 0.2, 0.1)
        page.rect(20, 20, 60, 40, fill=1)
        page.bookmarkPage(f"p{number}")
        page.addOutlineEntry(token + "o", f"p{number}")
        page.showPage()
    page.save()
    return out.getvalue()


def changed(data, change, **options):
    """By pikepdf, with something planted."""
    pdf = Pdf.open(io.BytesIO(data))
    change(pdf)
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True, **options)
    return out.getvalue()


def add_metadata(token):
    def change(pdf):
        rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        about = f"<rdf:Description rdf:about='' xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:source>{token}x</dc:source></rdf:Description>"
        xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='{rdf}'>{about}</rdf:RDF></x:xmpmeta>"
        pdf.Root.Metadata = Stream(pdf, xmp.encode(), Type=Name.Metadata, Subtype=Name.XML)
        pdf.docinfo["/Author"] = token + "a"
        pdf.docinfo["/Custom"] = String((token + "\u0416"))
        page = pdf.pages[0].obj
        page.PieceInfo = Dictionary(Tool=Dictionary(LastModified=String("D:20260102"), Private=String(token + "p")))
        page.LastModified = String("D:20260102030405")
        page.Thumb = Stream(pdf, (token + "h").encode() * 3, Width=4, Height=4, ColorSpace=Name.DeviceGray, BitsPerComponent=8)
        page.Metadata = Stream(pdf, (token + "m").encode(), Type=Name.Metadata, Subtype=Name.XML)
        pdf.Root.Lang = String(token + "l")
        pdf.Root.PieceInfo = Dictionary(Other=Dictionary(Private=String(token + "r")))

    return change, [token + c for c in "xaphmlr"] + [token]


def add_attachments(token):
    def change(pdf):
        spec = pikepdf.AttachedFileSpec(
            pdf, (token + "f").encode() * 4, filename="note.txt", description=token + "d",
            creation_date="D:20260102030405Z", mod_date="D:20260102030405Z",
        )
        pdf.attachments["note.txt"] = spec
        pdf.Root.AF = Array([spec.obj])

    return change, [token + "f", token + "d"]


def add_scripts(token):
    def change(pdf):
        script = Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{token}j')"))
        pdf.Root.OpenAction = pdf.make_indirect(script)
        pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String(token + "n"), script])))
        pdf.Root.AA = Dictionary(WC=Dictionary(S=Name.JavaScript, JS=Stream(pdf, (token + "k").encode())))
        pdf.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.URI, URI=String(f"http://{token}u/")))

    return change, [token + c for c in "jnku"]


def add_annotations(token):
    def change(pdf):
        look = Stream(pdf, b"1 0 0 RG 2 w 2 2 26 16 re S", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 30, 20]))
        look.LastModified = String("D:" + token + "q")
        look.PieceInfo = Dictionary(X=String(token + "i"))
        drawn = Dictionary(
            Type=Name.Annot, Subtype=Name.Square, Rect=Array([100, 20, 130, 40]), T=String(token + "t"),
            Contents=String(token + "c"), M=String("D:20260102"), NM=String(token + "m"), F=4, AP=Dictionary(N=pdf.make_indirect(look)),
        )
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 20, 20]), Border=Array([0, 0, 0]), A=Dictionary(S=Name.URI, URI=String(f"http://{token}u/")))
        hidden = Dictionary(drawn)
        hidden.F = 2
        hidden.AP = Dictionary(N=Stream(pdf, f"({token}h) Tj".encode(), Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9])))
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(one) for one in [drawn, link, hidden]])

    return change, [token + c for c in "qitcmuh"]


def noted(token):
    """A note has no drawing of its own: viewers draw a sign of theirs."""
    def change(pdf):
        note = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([0, 0, 20, 20]), T=String(token + "a"), Contents=String(token + "\u0416"))
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(note)])

    return changed(simple(token), change), [token + "a", token]


def add_marks_in_content(token):
    def change(pdf):
        page = pdf.pages[0]
        page.contents_add(
            f"% {token}c\n/Span <</ActualText ({token}a) /Lang ({token}l)>> BDC 0 0 1 rg 120 90 20 20 re f EMC\n"
            f"/Note <</Author ({token}b)>> DP BX ({token}x) unknown EX /Tag MP\n"
            "q 20 0 0 20 150 20 cm BI /W 4 /H 4 /BPC 8 /CS /G ID ".encode()
            + bytes(range(0, 160, 10)) + b"\nEI Q\n"
        )
        page.obj.Resources.Properties = Dictionary(P1=Dictionary(Hidden=String(token + "p")))
        state = Dictionary(Type=Name.ExtGState, LW=3, Note=String(token + "g"))
        page.obj.Resources.ExtGState = Dictionary(G1=state)

    return change, [token + c for c in "calbxpg"]


def behind_packed(token):
    """Bytes after the end of packed data."""
    def change(pdf):
        raw = pdf.pages[0].obj.Contents.read_bytes()
        pdf.pages[0].obj.Contents = pdf.make_indirect(Stream(pdf, b""))
        pdf.pages[0].obj.Contents.write(zlib.compress(raw) + token.encode(), filter=Name.FlateDecode)

    return change, [token]


def updated(data, token):
    """An earlier revision beneath the newest, by pymupdf."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.pdf"
        first = pymupdf.open("pdf", data)
        first[0].insert_text((20, 40), token + "old", fontsize=9)
        first.save(str(path), no_new_id=True, deflate=True)
        second = pymupdf.open(str(path))
        page = second[0]
        # The newest revision shows another content; the old one stays in the file.
        xref = second.get_new_xref()
        second.update_object(xref, "<<>>")
        second.update_stream(xref, b"0 0 1 rg 30 30 50 50 re f")
        second.xref_set_key(page.xref, "Contents", f"{xref} 0 R")
        second.saveIncr()
        # Each saving makes a part of the ID anew.
        return re.sub(rb"(/ID\s*\[<\w+><)(\w+)>", lambda match: match[1] + b"0" * len(match[2]) + b">", path.read_bytes())


def form(token):
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=(200, 150), invariant=1)
    page.drawString(20, 120, "A form")
    page.acroForm.textfield(name=token + "n", value="Filled in", tooltip=token + "u", x=20, y=60, width=100, height=20)
    page.acroForm.checkbox(name=token + "k", checked=True, x=20, y=30, size=15)
    page.save()
    return out.getvalue()


def with_photo(token, writer):
    photo, marks = corpus_jpeg.planted_exif(corpus_jpeg.bases()["baseline"], token)
    photo = exiftool(photo, ".jpg", f"-XMP:Creator={token}w", f"-Comment={token}v")
    marks = [m for m in marks if not m.startswith("hex:")] + [token + "w", token + "v"]
    if writer == "img2pdf":
        data = img2pdf.convert(photo, nodate=True, author=token + "z")
        return re.sub(rb"/ID\s*\[[^\]]*\]", b"", data), [*marks, token + "z"]
    if writer == "pymupdf":
        document = pymupdf.open()
        document.new_page(width=200, height=150).insert_image(pymupdf.Rect(20, 20, 180, 130), stream=photo)
        document.set_metadata({"author": token + "z", "creationDate": "D:20260102030405Z"})
        return document.tobytes(no_new_id=True, deflate=True), [*marks, token + "z"]

    def change(pdf):
        image = Stream(pdf, photo, Type=Name.XObject, Subtype=Name.Image, Width=48, Height=32, ColorSpace=Name.DeviceRGB, BitsPerComponent=8, Filter=Name.DCTDecode)
        image.Metadata = Stream(pdf, (token + "y").encode())
        pdf.pages[0].obj.Resources.XObject = Dictionary(Im1=image)
        pdf.pages[0].contents_add(b"q 60 0 0 40 100 20 cm /Im1 Do Q")

    return changed(simple(token + "z"), change), [*marks, token + "y", token + "z"]


def by_pymupdf(token):
    document = pymupdf.open()
    for number in range(3):
        page = document.new_page(width=200, height=150)
        page.insert_text((20, 40), f"Page {number}", fontsize=14)
        page.draw_circle((100, 90), 30, color=(1, 0, 0), fill=(0.9, 0.9, 0.2))
    first = document[0]
    annotation = first.add_highlight_annot(pymupdf.Rect(20, 30, 60, 45))
    annotation.set_info(title=token + "t", content=token + "c", creationDate="D:20260102", modDate="D:20260102")
    annotation.update()
    document.set_metadata({"author": token + "a", "title": token + "b", "creationDate": "D:20260102030405Z"})
    document.embfile_add("f", (token + "f").encode() * 3, filename="f.txt", desc=token + "d")
    data = document.tobytes(no_new_id=True, deflate=True)
    return re.sub(rb"D:20(?!260102)\d{12}[^)]*", b"D:20260102030405Z", data), [token + c for c in "tcabfd"]


def by_fpdf(token):
    document = fpdf.FPDF(unit="pt", format=(200, 150))
    document.set_creation_date(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    document.set_author(token + "a")
    document.set_keywords(token + "k")
    document.add_page()
    document.set_font("Times", size=16)
    document.cell(text="By another writer")
    document.image(picture("RGBA"), x=50, y=60, w=60)
    return bytes(document.output()), [token + "a", token + "k"]


def by_cairo(data):
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.pdf", Path(folder) / "out.pdf"
        source.write_bytes(data)
        subprocess.run(["pdftocairo", "-pdf", str(source), str(target)], check=True)
        return re.sub(rb"D:\d{14}[^)]*", lambda match: b"D:20260102030405".ljust(len(match[0]), b"Z"), target.read_bytes())


def profiled(token):
    def change(pdf):
        icc = Stream(pdf, profile(token), N=3, Alternate=Name.DeviceRGB)
        image = Stream(pdf, picture().tobytes(), Type=Name.XObject, Subtype=Name.Image, Width=48, Height=32, ColorSpace=Array([Name.ICCBased, pdf.make_indirect(icc)]), BitsPerComponent=8)
        pdf.pages[0].obj.Resources.XObject = Dictionary(Im1=image)
        pdf.pages[0].contents_add(b"q 60 0 0 40 100 20 cm /Im1 Do Q")

    return changed(simple(token + "z"), change), [token[-13:], token + "z"]


def layered(token):
    def change(pdf):
        group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String(token + "g")))
        pdf.Root.OCProperties = Dictionary(OCGs=Array([group]), D=Dictionary(OFF=Array([group])))

    return changed(simple(token), change)


PLANTERS = {
    "metadata": (add_metadata, ["author", "other", "thumbnail", "time"]),
    "attachments": (add_attachments, ["attachments"]),
    "scripts": (add_scripts, ["scripts"]),
    "annotations": (add_annotations, ["author", "description", "scripts", "time"]),
    "content": (add_marks_in_content, ["description"]),
    "behind": (behind_packed, ["trailing"]),
}
WAYS = {
    "table": {"object_stream_mode": pikepdf.ObjectStreamMode.disable},
    "streams": {"object_stream_mode": pikepdf.ObjectStreamMode.generate},
    "linear": {"linearize": True},
    "plain": {"compress_streams": False, "stream_decode_level": pikepdf.StreamDecodeLevel.generalized, "qdf": True},
}


def make(book):
    def add(name, data, marks, removed=()):
        book.add(f"pdf/{name}.pdf", data, "pdf", marks, removed)

    for name, (planter, removed) in PLANTERS.items():
        for way, options in WAYS.items():
            if name == "behind" and way == "plain":
                continue
            token = mark(f"{name} {way}")
            change, marks = planter(token)
            base = simple(mark("base " + token), pages=2)
            more = {"compress_streams": False} if name == "behind" else {}
            add(f"{name}-{way}", changed(base, change, **{**options, **more}), marks, removed)
    writers(add)
    odd(book, add)


def writers(add):
    token = mark("reportlab")
    add("reportlab", simple(token, pages=3), [token, token + "t", token + "s", token + "o"], ["author", "description"])
    add("reportlab-plain", simple(token, compress=0), [token, token + "o"], ["author"])
    add("form", form(mark("form")), [mark("form") + c for c in "nuk"], ["scripts"])
    for writer in ["img2pdf", "pymupdf", "pikepdf"]:
        data, marks = with_photo(mark("photo " + writer), writer)
        add(f"photo-{writer}", data, marks, ["author", "camera", "place", "thumbnail"])
    for name, maker in {"pymupdf": by_pymupdf, "fpdf2": by_fpdf, "profile": profiled}.items():
        data, marks = maker(mark(name))
        add(name, data, marks, ["author"])
    token = mark("cairo")
    for name, source in {"cairo": simple("", pages=2), "cairo-again": by_pymupdf("")[0]}.items():
        data = exiftool(by_cairo(source), ".pdf", f"-Author={token}", f"-Keywords={token}k")
        add(name, data, [token, token + "k"], ["author", "description", "history"])
    data = exiftool(simple(mark("et")), ".pdf", f"-Author={mark('exiftool')}", f"-XMP:Creator={mark('exiftool')}x")
    add("exiftool", data, [mark("et"), mark("exiftool"), mark("exiftool") + "x"], ["author", "history"])


def odd(book, add):
    token = mark("revision")
    data = updated(simple(token), token)
    add("revision", data, [token], ["history"])
    data = simple(token)
    add("trailing", data + (token + "z").encode(), [token + "z"], ["trailing"])
    add("before", (token + "b\n").encode() + data, [token + "b"], ["trailing"])
    comment = data.replace(b"\nendobj", f"\n% {token}c\nendobj".encode(), 1)
    add("comments", comment, [token + "c"])
    orphan = data.replace(b"xref\n0", f"999 0 obj\n({token}o2)\nendobj\nxref\n0".encode(), 1)
    add("orphan", orphan, [token + "o2"])
    turned = changed(data, lambda pdf: pdf.pages[0].rotate(90, relative=False))
    add("turned", turned, [token], ["author"])
    data, marks = noted(mark("noted"))
    add("note", data, marks, ["author", "description"])
    add("a85", a85(token), [token], ["author"])
    book.add("pdf/layers-off.pdf", layered(token), "unsupported", [token + "g"])
    for name, options in {"40": ["40", "--"], "128": ["128", "--use-aes=y", "--"], "rc4": ["128", "--use-aes=n", "--"]}.items():
        command = ["qpdf", "--static-id", "--static-aes-iv", "--allow-weak-crypto", "--encrypt", "", "owner", *options, "{in}", "{out}"]
        book.add(f"pdf/protected-{name}.pdf", run(command, data, ".pdf"), "protected")


def a85(token):
    rl_config.useA85 = 1
    data = simple(token)
    rl_config.useA85 = 0
    return data
