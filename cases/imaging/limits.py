"""How large a file's picture may be. One place, so that each reader refuses the same, and who decodes nothing loads no decoder."""

MAX_PIXELS = 100_000_000
MAX_SIDE = 65_535
MOST_PIXELS = 24_000_000  # of a radiograph in full depth: the viewer holds 10 bytes of each and keeps 256 MB in all
MAX_PAGES = 20
MAX_TEXT = 256  # characters kept of any text that a file says of itself
MAX_INFLATED = 256 * 1024 * 1024  # bytes of a deflated DICOM data set: 100 megapixels of 16 bits and a header
