"""PDFs with a known look, plain and with everything in them that should never run."""

import io
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String


def pdf(pages: int = 1, *, size: tuple[float, float] = (612, 792)) -> pikepdf.Pdf:
    """Pages that are red in their left half and blue in their right."""
    document = pikepdf.new()
    width, height = size
    drawing = f"1 0 0 rg 0 0 {width / 2} {height} re f 0 0 1 rg {width / 2} 0 {width / 2} {height} re f"
    for _ in range(pages):
        page = document.add_blank_page(page_size=size)
        page.Contents = Stream(document, drawing.encode())
    return document


def saved(document: pikepdf.Pdf, **options: Any) -> bytes:
    out = io.BytesIO()
    document.save(out, **options)
    return out.getvalue()


def locked(password: str) -> bytes:
    return saved(pdf(), encryption=pikepdf.Encryption(owner="owner", user=password))


def armed() -> bytes:
    """JavaScript on opening, a program to launch, a file inside."""
    document = pdf()
    script = Dictionary(S=Name.JavaScript, JS=String("app.alert('<script>')"))
    document.Root.OpenAction = document.make_indirect(script)
    launch = Dictionary(S=Name.Launch, F=String("/bin/sh"))
    document.pages[0].AA = Dictionary(O=document.make_indirect(launch))
    document.attachments["run.sh"] = b"#!/bin/sh\n<?php PK\x03\x04"
    return saved(document)


def vast() -> bytes:
    """A page of 900,000 points a side: some 300 metres."""
    document = pdf()
    document.pages[0].MediaBox = Array([0, 0, 900_000, 900_000])
    return saved(document)


def form(value: str) -> bytes:
    """A form with one field, filled in."""
    document = pdf()
    document.pages[0].Contents = Stream(document, b"")
    look = Stream(document, b"0 0 0 rg 0 0 400 100 re f")
    look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, Array([0, 0, 400, 100])
    field = document.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("tooth"), V=String(value), F=4,
            Rect=Array([100, 600, 500, 700]), AP=Dictionary(N=document.make_indirect(look)),
        )
    )  # fmt: skip
    document.pages[0].Annots = Array([field])
    document.Root.AcroForm = Dictionary(Fields=Array([field]))
    return saved(document)
