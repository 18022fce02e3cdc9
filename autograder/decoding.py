"""The bytes of a student's file as text."""

from __future__ import annotations

import io
import re
import tokenize

# Python knows many more encodings; some are no encodings of text, and some take hostile time to decode.
_TRUSTED = re.compile(
    r"(utf-8(-sig)?|utf-?8|ascii|us-ascii|latin-?1|iso-8859-\d{1,2}|(cp|windows-)125\d|mac-?roman|koi8-[ru]"
    r"|gbk|gb2312|gb18030|cp936|big5|cp950|shift_?jis|cp932|euc-?jp|euc-?kr|cp949)"
)
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def decode(data: bytes) -> tuple[str, str]:
    """Decode source bytes by their own coding line (PEP 263), else as UTF-8, else as Latin-1.

    Returns the text with unix line ends, and a remark for the student, which is mostly empty.
    """
    text, remark = _decoded(data)
    return text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n"), remark


def _decoded(data: bytes) -> tuple[str, str]:
    if data.startswith(_UTF_16_MARKS):
        try:
            return data.decode("utf-16"), "is UTF-16: it was read as such, but Python itself needs UTF-8."
        except UnicodeDecodeError:
            pass
    encoding, remark = _declared(data)
    try:
        return data.decode(encoding), remark
    except UnicodeDecodeError:
        remark = (
            "is not UTF-8: it was read as Latin-1, so letters with accents may be wrong. Save it as UTF-8."
        )
        return data.decode("latin-1"), remark


def _declared(data: bytes) -> tuple[str, str]:
    # Only the first lines are looked at: detect_encoding itself checks them for being valid.
    head = b"".join(line[:500] + b"\n" for line in data[:2_000].split(b"\n")[:2])
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(head).readline)
    except SyntaxError:
        if not re.search(rb"coding[:=]", head):
            return "utf-8", ""
        return "utf-8", "names an encoding that Python does not know: it was read as UTF-8."
    if not _TRUSTED.fullmatch(encoding.lower()):
        return "utf-8", f"names the encoding {encoding[:40]}, which is not supported: it was read as UTF-8."
    return encoding, ""
