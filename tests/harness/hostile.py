"""Text that a student may print to take over a page, and a results file full of it."""

from __future__ import annotations

import json

TAKES_OVER = "document.title = 'taken over'"
HOSTILE = "\n".join(
    [
        f"<script>{TAKES_OVER}</script>",
        f"</pre></details></main><script>{TAKES_OVER}</script>",
        f'<img src="x" onerror="{TAKES_OVER}">',
        f"<svg onload={TAKES_OVER.replace(' ', '')}>",
        f'"><input autofocus onfocus="{TAKES_OVER}">',
        f'<a href="javascript:{TAKES_OVER}">click</a>',
        '<iframe src="https://example.org/"></iframe><base href="https://example.org/">',
        '<style>body { display: none }</style><meta http-equiv="refresh" content="0;url=about:blank">',
        "<!-- --><![CDATA[ ]]>&lt;script&gt; $policy ${title} %s {0}",
        "\x1b[31mred\x1b[0m \x1b]8;;https://example.org\x07link",
        "user\u202egnp.exe\u202c \u2066isolated\u2069 \u200bzero \ufeffwidth",
        "NUL \x00 C1 \x9b lone \ud800 half, line\r\nends\rhere",
    ]
)


def hostile_results() -> bytes:
    """A results file in which every text that a student can reach is hostile."""
    test = {
        "name": HOSTILE,
        "number": HOSTILE,
        "score": 0,
        "max_score": 1,
        "output": HOSTILE,
        "tags": [HOSTILE],
    }
    document = {
        "score": 0,
        "output": HOSTILE,
        "output_format": HOSTILE,
        "tests": [test, {**test, "visibility": HOSTILE, "output_format": "html", HOSTILE: HOSTILE}],
        "extra_data": {HOSTILE: HOSTILE},
        "leaderboard": [{"name": HOSTILE, "value": HOSTILE}],
    }
    return json.dumps(document).encode()
