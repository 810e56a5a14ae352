"""What the log may say of an address: a token in it opens something, so it never gets there."""

import logging
import re

TOKEN = re.compile(r"(/send/|/consult/|/password/)[^\s\"'?]+")


class WithoutTokens(logging.Filter):
    """Cuts every address that can hold a token before it is written."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if TOKEN.search(said):
            record.msg, record.args = TOKEN.sub(r"\1…", said), ()
        return True
