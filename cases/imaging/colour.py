"""Colour of photographs: from whatever a camera, scanner or editor stored to 8-bit sRGB or grey on white."""

import io

from PIL import Image, ImageCms

_SRGB = ImageCms.createProfile("sRGB")
# The colour space an ICC profile is made for (ICC.1:2022, 7.2.6) and the Pillow modes that carry it.
_MODES_OF_SPACE = {"RGB": ("RGB",), "GRAY": ("L",), "CMYK": ("CMYK",), "Lab": ("LAB",)}


def to_srgb(image: Image.Image, icc_profile: bytes | None) -> Image.Image:
    """Return `image` as mode L or RGB in sRGB; transparent parts show white, as they do on paper.

    A profile that is broken or made for another kind of colour is passed over: without a usable one, colours are
    taken as sRGB, which is what every browser does.
    """
    colours, alpha = _without_alpha(image)
    converted = _through_profile(colours, icc_profile) if icc_profile else None
    if converted is None:
        converted = colours if colours.mode in ("L", "RGB") else _plain_rgb(colours)
    if alpha is not None:
        white = Image.new(converted.mode, converted.size, "white")
        converted = Image.composite(converted, white, alpha)
    return converted


def _without_alpha(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    if image.mode in ("RGBa", "La"):
        image = image.convert({"RGBa": "RGBA", "La": "LA"}[image.mode])
    if image.mode == "RGBA":
        return image.convert("RGB"), image.getchannel("A")
    if image.mode == "LA":
        return image.getchannel("L"), image.getchannel("A")
    if image.mode in ("YCbCr", "RGBX"):
        return image.convert("RGB"), None
    return image, None


def _through_profile(image: Image.Image, icc_profile: bytes) -> Image.Image | None:
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(icc_profile))
        if image.mode not in _MODES_OF_SPACE.get(profile.profile.xcolor_space.strip(), ()):
            return None
        return ImageCms.profileToProfile(
            image,
            profile,
            _SRGB,
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            "RGB",
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None


def _plain_rgb(image: Image.Image) -> Image.Image:
    """RGB of a picture whose space has no meaning without a profile (CMYK), or is its own (Lab)."""
    if image.mode == "LAB":
        lab = ImageCms.createProfile("LAB")
        transformed = ImageCms.profileToProfile(image, lab, _SRGB, outputMode="RGB")
        if transformed is not None:
            return transformed
    return image.convert("RGB")
