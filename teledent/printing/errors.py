"""What stops a document, told to the person who asked for it."""


class PrintError(ValueError):
    """The document cannot be made from this content. The message says what is wrong and what to do; nothing was
    written.
    """
