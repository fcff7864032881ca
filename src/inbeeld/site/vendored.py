"""Cut the vendored look to what the pages use: python -m inbeeld.site.vendored NODE_MODULES.

Run by a developer after unpacking newer versions of the two packages named below; the result is
kept in the tree, with the licence of each beside it.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

VENDOR = Path(__file__).parent / "static" / "vendor"
COMPONENTS = "@utrecht/component-library-css"
TOKENS = "@nl-design-system-unstable/voorbeeld-design-tokens"
ELEMENTS = (
    *("a", "body", "button", "caption", "code", "h1", "h2", "h3", "h4", "label", "li", "ol", "p", "select"),
    *("details", "summary", "table", "tbody", "td", "th", "thead", "tr", "ul"),
)
NOT_USED = re.compile(
    r"aria-busy|data-|lang\(|href\^|user-invalid|read-only|:disabled|aria-disabled=true|\[hidden|\.utrecht-html--|~|>"
)
ENABLED = ":not([aria-disabled=true])"
NAME = re.compile(r"--[\w-]+")


def rules(css: str) -> list[tuple[str, str]]:
    """(selectors, body) of every plain rule; at-rules are left out."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    css = re.sub(r"@[^{;]+;", "", css)
    found, depth, start, selector = [], 0, 0, ""
    for place, sign in enumerate(css):
        if sign == "{":
            depth += 1
            if depth == 1:
                selector, start = css[start:place].strip(), place + 1
        elif sign == "}":
            depth -= 1
            if depth == 0:
                if not selector.startswith("@"):
                    found.append((selector, css[start:place].strip()))
                start = place + 1
    return found


def used_components(css: str) -> str:
    """Only the rules of html.css for the elements our pages have."""
    wanted = re.compile(r"\.utrecht-html (" + "|".join(ELEMENTS) + r")(?![\w-])[^ ]*$")
    kept = []
    for selectors, body in rules(css):
        each = [one.strip() for one in re.split(r",(?![^()]*\))", selectors)]
        mine = [one for one in each if wanted.match(one) and not NOT_USED.search(one.replace(ENABLED, ""))]
        if mine:
            kept.append(",".join(mine) + "{" + re.sub(r"\s*\n\s*", "", body) + "}")
    return "\n".join(kept)


def used_tokens(theme: str, wanted: set[str]) -> str:
    """Only the tokens named in `wanted`, and the tokens those stand on."""
    declared = dict(re.findall(r"(--[\w-]+):\s*([^;]+);", re.sub(r"/\*.*?\*/", "", theme, flags=re.S)))
    kept: dict[str, str] = {}
    queue = sorted(wanted & set(declared))
    while queue:
        name = queue.pop()
        if name not in kept:
            kept[name] = declared[name].strip()
            queue.extend(other for other in NAME.findall(kept[name]) if other in declared)
    return ".voorbeeld-theme{" + "".join(f"\n{name}:{kept[name]};" for name in sorted(kept)) + "\n}"


def main(node_modules: Path) -> None:
    """Write utrecht.css and theme.css, and keep both licences."""
    components, tokens = node_modules / COMPONENTS, node_modules / TOKENS
    look = used_components((components / "dist" / "html.css").read_text(encoding="utf-8"))
    own = (VENDOR.parent / "inbeeld.css").read_text(encoding="utf-8")
    theme = used_tokens(
        (tokens / "dist" / "theme.css").read_text(encoding="utf-8"), set(NAME.findall(look + own))
    )
    mark = "/* Cut from {}, EUPL-1.2: see {}.LICENSE.md; how: inbeeld.site.vendored */\n"
    (VENDOR / "utrecht.css").write_text(mark.format(COMPONENTS, "utrecht") + look + "\n", encoding="utf-8")
    (VENDOR / "theme.css").write_text(mark.format(TOKENS, "theme") + theme + "\n", encoding="utf-8")
    shutil.copy(components / "LICENSE.md", VENDOR / "utrecht.LICENSE.md")
    shutil.copy(tokens / "LICENSE.md", VENDOR / "theme.LICENSE.md")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
