"""How large a file's picture may be. One place, so that each reader refuses the same."""

MAX_PIXELS = 100_000_000
MAX_SIDE = 65_535
MAX_PAGES = 20
MAX_TEXT = 256  # characters kept of any text that a file says of itself
MAX_INFLATED = 256 * 1024 * 1024  # bytes of a deflated DICOM data set: 100 megapixels of 16 bits and a header
