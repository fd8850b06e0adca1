"""Letters: bytes as text and back without a loss, whatever the bytes are."""

__all__ = ["decode", "encode"]


def decode(content: bytes) -> str:
    """Bytes as text that gives back the same bytes: UTF-8, anything else as lone surrogates."""
    return content.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """The bytes that `decode` made `text` of."""
    return text.encode("utf-8", "surrogateescape" if _escaped(text) else "surrogatepass")


def _escaped(text: str) -> bool:
    """False when there are surrogates that no byte stands for."""
    return not any("\ud800" <= char < "\udc80" or "\udcff" < char <= "\udfff" for char in text)
