"""Square codes (QR) in a picture: their texts, and how the picture lies by them."""

import zxingcpp
from PIL import Image


def square_codes(picture: Image.Image) -> list[tuple[str, int]]:
    """Each code in any direction: what it says, and by how many degrees it is turned clockwise, in quarters."""
    read = zxingcpp.read_barcodes(
        picture.convert("L"), formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    )
    return [(code.text, round(code.orientation / 90) * 90 % 360) for code in read]
