"""Opens a page in headless Chromium at several widths at once, and tells what a reader would see go wrong.

A window of headless Chromium is never narrower than 500 pixels: the page lies in frames of the asked widths
instead, from which a script that is added to a copy of the page tells its measures.
"""

import html
import json
import re
import shutil
import subprocess

PROGRAM = shutil.which("chromium")
WIDTHS = (360, 1280)
_TELL = """<script>
document.querySelectorAll("details").forEach(d => d.open = true);
const style = getComputedStyle(document.body);
parent.postMessage({
  asked: Number(location.hash.slice(1)), inner: innerWidth, client: document.documentElement.clientWidth,
  content: document.documentElement.scrollWidth,
  dark: matchMedia("(prefers-color-scheme: dark)").matches, ink: style.color, paper: style.backgroundColor,
  row: getComputedStyle(document.querySelector(".ledger tbody tr") || document.body).display,
}, "*");
</script></body>"""
_OUTER = """<!DOCTYPE html><html><head>
<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,">
</head><body data-told="[]"><script>
addEventListener("message", e => {{
  document.body.dataset.told = JSON.stringify([...JSON.parse(document.body.dataset.told), e.data]);
}});
</script>{frames}</body></html>"""


def look(page, scratch, dark):
    """({asked width: measures}, console lines) of a page's text in a dark or a light scheme."""
    (scratch / "page.html").write_text(page.replace("</body>", _TELL))
    frames = "".join(
        f'<iframe src="page.html#{width}" width="{width}" height="800" style="border:0"></iframe>'
        for width in WIDTHS
    )
    outer = scratch / "outer.html"
    outer.write_text(_OUTER.format(frames=frames))
    done = run(outer, dark, "--dump-dom", "--virtual-time-budget=10000")
    told = re.search(r'data-told="([^"]*)"', done.stdout)
    assert told, f"Chromium gave no page: {done.stderr[-2000:]}"
    measures = {m["asked"]: m for m in json.loads(html.unescape(told[1]))}
    return measures, re.findall(r"CONSOLE\S* (.*)", done.stderr)


def run(path, dark, *options):
    """One run of Chromium; `dark` as the reader's system would ask for it."""
    command = [
        PROGRAM,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--enable-logging=stderr",
        f"--user-data-dir={path.parent / 'profile'}",
        f"--blink-settings=preferredColorScheme={0 if dark else 1}",
        *options,
        path.resolve().as_uri(),
    ]
    return subprocess.run(command, capture_output=True, text=True, timeout=180)
