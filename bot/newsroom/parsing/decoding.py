"""Decode bytes. What the bytes show counts more than the encoding that the publisher declares."""

from __future__ import annotations

import codecs
import contextlib
import re

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The first bytes of "<?" or "<" and a letter, if there is no byte order mark.
_FIRST_BYTES = (
    (re.compile(rb"\x00\x00\x00<\x00\x00\x00"), "utf-32-be"),
    (re.compile(rb"<\x00\x00\x00.\x00\x00\x00", re.DOTALL), "utf-32-le"),
    (re.compile(rb"\x00<\x00."), "utf-16-be"),
    (re.compile(rb"<\x00.\x00", re.DOTALL), "utf-16-le"),
)
_DECLARED_ENCODING = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']|<meta[^>]{0,200}?charset\s*=\s*["']?([\w.:-]{1,40})""",
    re.IGNORECASE,
)
_CHARSET_PARAMETER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
# Encodings in which any ASCII text means something else.
_SEVEN_BIT_ENCODINGS = re.compile(r"iso-?2022|hz|utf-?7", re.IGNORECASE)
# Codecs of Python that no publisher uses, and those with wide characters, which the bytes would have shown.
_NOT_AN_ENCODING = re.compile(r"idna|punycode|.*escape|undefined|mbcs|oem|utf_?-?(?:16|32).*|u16|u32", re.IGNORECASE)
# The larger encoding that is meant by each of these names (https://encoding.spec.whatwg.org/#names-and-labels).
_SUPERSETS = {
    "iso-8859-1": "windows-1252", "iso8859-1": "windows-1252", "latin-1": "windows-1252", "latin1": "windows-1252", "us-ascii": "windows-1252", "ascii": "windows-1252",
    "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "big5": "big5hkscs",
}  # fmt: skip
_REFERENCE = re.compile(r"&#(?:[xX]([0-9A-Fa-f]{1,12})|(\d{1,12}));?")
# What most servers mean if they declare nothing and send no UTF-8.
_FALLBACK_ENCODING = "windows-1252"
_ERROR_HANDLER = "dealwire.one-character"
# In these, ASCII characters have more than one byte, too.
_WIDE_ENCODINGS = ("utf-16", "utf-32")
_ILLEGAL_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LAST_CHARACTER = 0x10FFFF
# What one fault leaves. An encoded half of a surrogate pair has three bytes.
_FAULT = re.compile("\ufffd{1,3}")
_SURROGATES = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]|\xed[\xa0-\xbf][\x80-\xbf]")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,500}\?>")


def decode(body: bytes, content_type: str = "") -> str:
    """Return the text without characters that XML forbids, as characters or as references.

    A byte that cannot be decoded costs one character, not the text around it.
    """
    text = _ILLEGAL_CHARACTER.sub("", _decode_bytes(body, content_type))
    return _REFERENCE.sub(_keep_legal_reference, text) if "&#" in text else text


def _decode_bytes(body: bytes, content_type: str) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return body.decode(encoding, _ERROR_HANDLER)
    for encoding in _get_candidate_encodings(body, content_type):
        with contextlib.suppress(LookupError, UnicodeError):
            return body.decode(encoding)
        with contextlib.suppress(LookupError, UnicodeError):
            if _is_plausible(body, encoding):
                return body.decode(encoding, _ERROR_HANDLER)
    return body.decode(_FALLBACK_ENCODING, "replace")


def _is_plausible(body: bytes, encoding: str) -> bool:
    """Return whether at least as many characters of the text speak for the encoding as are faults in it."""
    text = body.decode(encoding, "replace")
    evidence = len(text) if encoding.startswith(_WIDE_ENCODINGS) else len(text) - len(text.encode("ascii", "ignore"))
    return evidence - text.count("\ufffd") >= len(_FAULT.findall(text))


def _replace_fault(error: UnicodeError) -> tuple[str, int]:
    """Return one character in place of what cannot be decoded, and where decoding goes on.

    In UTF-8 a single byte between ASCII letters is windows-1252, as if somebody pasted a word into a page. Two
    surrogates are a character beyond U+FFFF from a program that counts in UTF-16.
    """
    if not isinstance(error, UnicodeDecodeError):
        raise error
    surrogates = _SURROGATES.match(error.object, error.start) if error.encoding == "utf-8" else None
    if surrogates:
        text = (
            surrogates[0].decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        )
        return text[:1], surrogates.end()
    fault = error.object[error.start : error.end]
    around = error.object[max(error.start - 1, 0) : error.start] + error.object[error.end : error.end + 1]
    if error.encoding == "utf-8" and len(fault) == 1 and around.isascii():
        return fault.decode(_FALLBACK_ENCODING, "replace"), error.end
    return "\ufffd", error.end


codecs.register_error(_ERROR_HANDLER, _replace_fault)


def _keep_legal_reference(reference: re.Match[str]) -> str:
    """Return the reference if XML allows its character, else a blank, because others crash parsers.

    Without the blank, the text on both sides could become such a reference.
    """
    code_point = int(reference[1], 16) if reference[1] else int(reference[2])
    return reference[0] if code_point <= _LAST_CHARACTER and not _ILLEGAL_CHARACTER.fullmatch(chr(code_point)) else " "


def encode_as_utf8(text: str) -> bytes:
    """Return the text as bytes of an XML document without a declared encoding, which means UTF-8."""
    return _DECLARATION.sub("", text, count=1).encode(errors="replace")


def _get_candidate_encodings(body: bytes, content_type: str) -> list[str]:
    for start, encoding in _FIRST_BYTES:
        if start.match(body):
            return [encoding]
    names = [
        name.lower()
        for name in (_find_declared_encoding(body), _find_charset(content_type))
        if name and not _NOT_AN_ENCODING.fullmatch(name)
    ]
    seven_bit_names = [name for name in names if _SEVEN_BIT_ENCODINGS.match(name)]
    return [*seven_bit_names, "utf-8", *(_SUPERSETS.get(name, name) for name in names)]


def _find_declared_encoding(body: bytes) -> str:
    match = _DECLARED_ENCODING.search(body[:2_048])
    return (match[1] or match[2]).decode("ascii", "replace") if match else ""


def _find_charset(content_type: str) -> str:
    match = _CHARSET_PARAMETER.search(content_type)
    return match[1] if match else ""
