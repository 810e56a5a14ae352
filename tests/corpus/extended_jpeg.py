"""A small encoder of JPEG extended sequential, 12 bits (ITU-T T.81, process 4), written from the standard.

No package in reach writes this process but the one that the product reads it with. Quantised by ones, so that what
comes back differs by rounding only; every Huffman code has the same length, which the standard allows.
"""

import numpy as np

_AC_SYMBOLS = [0x00, 0xF0] + [run << 4 | size for run in range(16) for size in range(1, 15)]
_DC_BITS, _AC_BITS = 5, 8


def encode_extended(samples: np.ndarray, bits: int = 12) -> bytes:
    """Encode grey samples of up to 12 bits, whose sides may be of any length."""
    rows, columns = samples.shape
    coefficients = _quantised_blocks(samples)
    coded, previous = [], 0
    for block in coefficients:
        coded.append(_coded_block(block, previous))
        previous = int(block[0])
    frame = b"\x0c" + rows.to_bytes(2, "big") + columns.to_bytes(2, "big") + b"\x01\x01\x11\x00"
    return b"".join(
        [
            b"\xff\xd8",
            _segment(0xDB, b"\x00" + b"\x01" * 64),
            _segment(0xC1, frame),
            _segment(0xC4, b"\x00" + _counts(_DC_BITS, 16) + bytes(range(16))),
            _segment(0xC4, b"\x10" + _counts(_AC_BITS, len(_AC_SYMBOLS)) + bytes(_AC_SYMBOLS)),
            _segment(0xDA, b"\x01\x01\x00\x00\x3f\x00"),
            _packed("".join(coded)),
            b"\xff\xd9",
        ]
    )


def _quantised_blocks(samples: np.ndarray) -> np.ndarray:
    """The DCT of each 8x8 block in zig-zag order (A.3.3, A.3.6), edges repeated to fill the last blocks."""
    rows, columns = samples.shape
    filled = np.pad(samples.astype(float) - 2048, ((0, -rows % 8), (0, -columns % 8)), mode="edge")
    blocks = filled.reshape(filled.shape[0] // 8, 8, -1, 8).swapaxes(1, 2).reshape(-1, 8, 8)
    place, wave = np.arange(8), np.arange(8)[:, None]
    basis = np.cos((2 * place + 1) * wave * np.pi / 16) * np.where(wave == 0, np.sqrt(1 / 8), 0.5)
    transformed = np.rint(basis @ blocks @ basis.T).astype(int)
    zigzag = sorted(range(64), key=lambda at: (at // 8 + at % 8, (at // 8 if (at // 8 + at % 8) % 2 else at % 8)))
    return np.asarray(transformed.reshape(-1, 64)[:, zigzag])


def _coded_block(block: np.ndarray, previous: int) -> str:
    """One block as a string of bits (F.1.2)."""
    size, bits = _magnitude(int(block[0]) - previous)
    out, run = [f"{size:0{_DC_BITS}b}{bits}"], 0
    for value in map(int, np.trim_zeros(block[1:], "b")):
        if value == 0:
            run += 1
            continue
        out += [_ac_code(0xF0)] * (run // 16)
        size, bits = _magnitude(value)
        out.append(_ac_code((run % 16) << 4 | size) + bits)
        run = 0
    if len(np.trim_zeros(block[1:], "b")) < 63:
        out.append(_ac_code(0x00))
    return "".join(out)


def _magnitude(value: int) -> tuple[int, str]:
    size = abs(value).bit_length()
    return size, f"{value if value >= 0 else value + (1 << size) - 1:0{size}b}" if size else ""


def _ac_code(symbol: int) -> str:
    return f"{_AC_SYMBOLS.index(symbol):0{_AC_BITS}b}"


def _counts(length: int, symbols: int) -> bytes:
    return bytes(symbols if at == length else 0 for at in range(1, 17))


def _segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(content) + 2).to_bytes(2, "big") + content


def _packed(bits: str) -> bytes:
    """Bits to bytes, filled with ones, a nought after each FF (B.1.1.5)."""
    bits += "1" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\x00")
