"""Writes projects that try everything: `python -m tests.security.hostile DIR`.

`guidegen check --project DIR/files` and `guidegen build --project DIR/files` then name each
attempt with its place and end with exit code 1; so they do for DIR/links, whose files are sound
and whose links are not, for DIR/bombs, whose files ask for far more than there is of everything,
and for DIR/long, where texts do. In DIR/text the attempts are nothing but text, so that it builds.
DIR/secret, beside them, is what they are after.
"""

from __future__ import annotations

import base64
import os
import struct
import sys
import zlib
from collections.abc import Mapping
from pathlib import Path

SECRET = "the secret beside the project"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'

# Link targets, none of which may become a link.
LINKS = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "&#106;avascript:alert(1)",
    "javascript&colon;alert(1)",
    "java&Tab;script:alert(1)",
    "java&NewLine;script:alert(1)",
    "&#1;javascript:alert(1)",
    "&#x20;javascript:alert(1)",
    "%6aavascript:alert(1)",
    "javascript%3Aalert(1)",
    "\\javascript:alert(1)",
    "vbscript:msgbox(1)",
    "data:text/html,<script>alert(1)</script>",
    "file:///etc/passwd",
    "file://host/etc/passwd",
    "FILE:///etc/passwd",
    "ftp://127.0.0.1/x",
    "blob:http://127.0.0.1/x",
    "view-source:http://127.0.0.1/",
    "//127.0.0.1/x",
    "\\\\\\\\host\\share",
    "/etc/passwd",
    "../secret.svg",
    "%2e%2e/secret.svg",
    "..%2f..%2fetc%2fpasswd",
    "ｊavascript:alert(1)",
    "httpſ://127.0.0.1/",
    "http\uff1a//127.0.0.1/",
    "c:\\windows\\win.ini",
)

# Names of pictures, none of which is one.
FIGURES = (
    "../../secret.svg",
    "..%2f..%2fsecret.svg",
    "%2e%2e/secret.svg",
    "/etc/passwd",
    "//host/share/a.svg",
    "\\\\host\\share\\a.svg",
    "file:///etc/passwd",
    "http://127.0.0.1:{port}/a.svg",
    "data:image/svg+xml,<svg/>",
    "out.svg",
    "folder/secret.svg",
    "chain.svg",
    "loop.svg",
    "pipe.svg",
    "OUT.svg",
    "ｏut.svg",
)

# What each picture tries, by its name.
PICTURES = {
    "script.svg": f"{SVG}<script>alert(1)</script></svg>",
    "event.svg": f'{SVG}<g onload="alert(1)"/></svg>',
    "image.svg": f'{SVG}<image href="http://127.0.0.1:{{port}}/a.png"/></svg>',
    "xlink.svg": f'{SVG}<image xlink:href="file:///etc/passwd"/></svg>',
    "use.svg": f'{SVG}<use href="../secret.svg#a"/></svg>',
    "import.svg": f"{SVG}<style>@import 'http://127.0.0.1:{{port}}/a.css';</style></svg>",
    "escape.svg": f"{SVG}<style>@\\69mport 'http://127.0.0.1:{{port}}/a.css';</style></svg>",
    "font.svg": (
        f"{SVG}<style>@font-face {{{{ font-family: F; src: local(F), "
        "url(file:///etc/passwd) }}</style></svg>"
    ),
    "fill.svg": f'{SVG}<path fill="url(http://127.0.0.1:{{port}}/a)" d="M0 0"/></svg>',
    "foreign.svg": (
        f"{SVG}<foreignObject><iframe xmlns='http://www.w3.org/1999/xhtml' "
        "src='file:///etc/passwd'/></foreignObject></svg>"
    ),
    "entity.svg": (
        f'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>{SVG}<text>&x;</text></svg>'
    ),
    "bomb.svg": (
        '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        f"{SVG}<text>&b;</text></svg>"
    ),
    "sheet.svg": f"<?xml-stylesheet href='http://127.0.0.1:{{port}}/a.css'?>{SVG}</svg>",
    "html.png": "<html><script>alert(1)</script></html>",
}

GUIDE = """\
format: 1
title: "<script>alert(1)</script> {{{{ 7 * 7 }}}}"
lead: "{{% include '/etc/passwd' %}} <img src=http://127.0.0.1:{port}/lead.png>"
edition: 2026-11-24
sections:
  - id: attempts
    title: Attempts
    blocks:
{blocks}
"""
PROSE = """
      - kind: prose
        file: out.md
      - kind: prose
        file: ../../secret.svg"""
LINK = '      - kind: prose\n        text: "{text}"'
FIGURE = '      - kind: figure\n        file: "{file}"\n        alt: x\n        caption: y'

COURSE = """\
format: 1
title: Course
extends: other
theme:
  accent: "red; background: url(http://127.0.0.1:{port}/accent)"
  logo: ../../secret.svg
  logo_alt: x
guides:
  ../attack: {{}}
"""

TEMPLATES = {
    "components/prose.html.jinja": "{{% if %}}",
    "components/faq.html.jinja": "\n{{% include '/etc/passwd' %}}{{{{ 1 +",
    "components/steps.html.jinja": "{{% for a in b %}}" * 30 + "{{% endfor %}}" * 30,
    "css/tokens.css": ":root {{ }}\n@import url(http://127.0.0.1:{port}/a.css);",
    "css/base.css": "p {{ background: u\\72l(file:///etc/passwd) }}",
    "css/page.css": "</style><script>alert(1)</script>",
    "css/screen.css": "@font-face {{ font-family: F; src: url(//127.0.0.1:{port}/f.woff2) }}",
}

# What asks for too much: the code of what is said of it, by its file.
BOMBS = {
    "guides/large.yaml": ("too-large", "# remark\n" * 230_000),
    "guides/deep.yaml": ("too-deep", "[ " * 10_000),
    "guides/values.yaml": ("too-many", f"- [{'a, ' * 99}a]\n" * 2_100),
    "guides/items.yaml": ("too-many", "- a\n" * 6_000),
    "guides/word.yaml": ("long-word", f"title: {'a' * 50_000}\n"),
    "guides/laughs.yaml": ("yaml-alias", "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"),
    "comparisons/table.yaml": (
        "too-many",
        "format: 1\ntitle: T\nquestion: Q\ncriteria: []\nsubjects:\n"
        + "".join(f"  - {{id: s{number}, name: S}}\n" for number in range(300)),
    ),
    "figures/used.svg": (
        "bad-figure",
        f'{SVG}<g id="a0"><path d="M0 0"/></g>'
        + "".join(
            f'<g id="a{number + 1}">{f"""<use href="#a{number}"/>""" * 10}</g>'
            for number in range(9)
        )
        + "</svg>",
    ),
    "figures/elements.svg": ("bad-figure", f"{SVG}{'<g/>' * 20_000}</svg>"),
    "figures/groups.svg": ("bad-figure", f"{SVG}{'<g>' * 5_000}{'</g>' * 5_000}</svg>"),
}

# The same in texts, which are looked at once all files are sound: what is said, and Markdown.
LONG_TEXTS = {
    "the table has more than 20 columns": "|a" * 100 + "|\n" + "|-" * 100 + "|",
    "the table has more than 1,000 rows": "|a|b|\n|-|-|\n" + "|c|d|\n" * 2_000,
    "more than 20 deep in each other": "- " * 200 + "a",
    "more than 50 footnotes": "a^[b] " * 500,
}

# A dot of one pixel, in PNG.
DOT = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJg"
    "gg=="
)
TEXT = """\
format: 1
title: "<script>alert(1)</script> {{{{ 7 * 7 }}}}"
lead: "{{% include '/etc/passwd' %}} <img src=http://127.0.0.1:{port}/lead.png>"
edition: 2026-11-24
sections:
  - id: text
    title: "</title><script>alert(1)</script>"
    blocks:
      - kind: prose
        text: |
          <script src="http://127.0.0.1:{port}/a.js">alert(1)</script>
          <img src="http://127.0.0.1:{port}/a.png" onerror="alert(1)">
          <style>@import url(http://127.0.0.1:{port}/a.css);</style>
          <a rel="attachment" href="file:///etc/passwd">words</a>
          <iframe srcdoc="<script>alert(1)</script>"></iframe>
          <!-- comment --> <?php system('id') ?> <![CDATA[x]]>

          {{{{ ''.__class__ }}}} {{% for a in range(10) %}} {{# comment #}} ${{7*7}} #{{7*7}}

              <script>alert(1)</script>

          `<script>alert(1)</script>` <http://127.0.0.1:{port}/link>
          [words](http://127.0.0.1:{port}/link "\\" onclick=\\"alert(1)")
          [mail](mailto:a@example.org?subject=x) [call](tel:+1) [here](#text)
      - kind: figure
        file: nested.svg
        alt: "x\\" onerror=\\"alert(1)"
        caption: "<img src=x onerror=alert(1)>"
      - kind: table
        caption: "=cmd|' /C calc'!A0"
        columns: ["<th onclick=alert(1)>", b]
        rows:
          - ["</td><script>alert(1)</script>", "</style><script>alert(1)</script>"]
"""


def make(folder: Path, port: int = 9) -> None:
    """Write the projects into ``folder``; addresses name ``port`` of this machine."""
    project, secret = folder / "files", folder / "secret"
    secret.mkdir(parents=True)
    (secret / "secret.svg").write_text(f"{SVG}<text>{SECRET}</text></svg>")
    (secret / "secret.md").write_text(SECRET)
    (secret / "secret.html.jinja").write_text(SECRET)
    write(project, files(port))
    _link(project, secret)
    (project / "templates/components/facts.html.jinja").write_bytes(b"\xff\xfe\0binary")
    (project / "content/guides/nul.yaml").write_bytes(b"format: 1\n")
    (project / "content/guides/zero.yaml").write_bytes(b"format: 1\ntitle: a\0b\n")
    links = [*(f"[words]({link})" for link in LINKS), f"![x](http://127.0.0.1:{port}/a.png)"]
    blocks = "\n".join(LINK.format(text=_quoted(text)) for text in links)
    write(folder / "links", {"content/guides/links.yaml": GUIDE.format(blocks=blocks, port=port)})
    _write_bombs(folder)
    nested = f'{SVG[:-1]} viewBox="0 0 2000 2000"><image href="data:image/png;base64,{DOT}" '
    text = {
        "content/guides/text.yaml": TEXT.format(port=port),
        "content/figures/nested.svg": f'{nested} width="1" height="1"/></svg>',
    }
    write(folder / "text", text)


def _write_bombs(folder: Path) -> None:
    write(folder / "bombs", {f"content/{name}": text for name, (_, text) in BOMBS.items()})
    (folder / "bombs/content/figures/pixels.png").write_bytes(_pixels(100_000, 100_000))
    courses = {
        f"content/courses/c{n}.yaml": f"format: 1\ntitle: T\nextends: c{n + 1}\n" for n in range(20)
    }
    courses["content/courses/c20.yaml"] = "format: 1\ntitle: T\n"
    write(folder / "long", courses | {"content/guides/long.yaml": _long_guide()})


def write(folder: Path, texts: Mapping[str, str]) -> None:
    """Write text files by their paths in ``folder``."""
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def files(port: int) -> dict[str, str]:
    """Return the text files of the project by their paths."""
    figures = [*FIGURES, *PICTURES]
    blocks = (
        PROSE
        + "\n"
        + "\n".join(FIGURE.format(file=_quoted(each.format(port=port))) for each in figures)
    )
    return {
        "content/guides/attack.yaml": GUIDE.format(blocks=blocks, port=port),
        "content/guides/object.yaml": "!!python/object/apply:os.system ['touch owned']\n",
        "content/courses/course.yaml": COURSE.format(port=port),
        "content/courses/other.yaml": "format: 1\ntitle: O\nextends: course\nguides: {}\n",
        **{f"content/figures/{name}": text.format(port=port) for name, text in PICTURES.items()},
        **{f"templates/{name}": text.format(port=port) for name, text in TEMPLATES.items()},
    }


def _long_guide() -> str:
    """Return a sound guide around the long texts."""
    head, _, _ = TEXT.partition("      - kind: prose\n")
    texts = (text.replace("\n", f"\n{' ' * 10}") for text in LONG_TEXTS.values())
    blocks = (f"      - kind: prose\n        text: |\n{' ' * 10}{text}\n" for text in texts)
    return head + "".join(blocks)


def _pixels(width: int, height: int) -> bytes:
    """Return the dot, which now says that it is a picture of this size."""
    dot = base64.b64decode(DOT)
    frame = b"IHDR" + struct.pack(">II", width, height) + dot[24:29]
    return dot[:12] + frame + struct.pack(">I", zlib.crc32(frame)) + dot[33:]


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _link(folder: Path, secret: Path) -> None:
    """Make links to files, folders, links and themselves, and a pipe that nobody writes to."""
    figures = folder / "content/figures"
    (figures / "out.svg").symlink_to(secret / "secret.svg")
    (figures / "folder").symlink_to(secret)
    (figures / "chain.svg").symlink_to("out.svg")
    (figures / "loop.svg").symlink_to("loop.svg")
    os.mkfifo(figures / "pipe.svg")
    (folder / "content/guides/out.md").symlink_to(secret / "secret.md")
    (folder / "content/comparisons").symlink_to(secret)
    (folder / "content/shared").symlink_to("/etc")
    (folder / "templates/guide.html.jinja").symlink_to(secret / "secret.html.jinja")


if __name__ == "__main__":
    make(Path(sys.argv[1]).resolve())
