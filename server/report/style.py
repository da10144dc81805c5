"""How a report looks: on light and dark screens, and on paper."""

import base64
import hashlib
from typing import Final

_LIGHT: Final = """
--ground:#fff;--ink:#171d1f;--soft:#485457;--faint:#667174;--line:#dfe4e1;--sunken:#f3f5f3;--accent:#0b6377;
--gain:#187248;--loss:#b12f3f;--gain-fill:#18724826;--loss-fill:#b12f3f2e;--warn:#875a08;--warn-wash:#fbf0d9;
--g1:#e3f2ea;--g2:#bfe3d0;--g3:#8fcfae;--l1:#fbe7e9;--l2:#f5c6cb;--l3:#ec9aa3;
"""
_DARK: Final = """
--ground:#101416;--ink:#e8eceb;--soft:#abb6b7;--faint:#889496;--line:#2b3337;--sunken:#1a2023;--accent:#63bfd2;
--gain:#5cc795;--loss:#f4838c;--gain-fill:#5cc79530;--loss-fill:#f4838c38;--warn:#e3b45c;--warn-wash:#34290f;
--g1:#14302a;--g2:#1b4a3b;--g3:#246a50;--l1:#391d22;--l2:#5c2730;--l3:#86343f;
"""
_RAMP: Final = (
    "#3b2a6b",
    "#38478b",
    "#2f6497",
    "#2a8197",
    "#2d9d8d",
    "#4bb77b",
    "#82cc62",
    "#bedb4f",
    "#f2e34d",
)
"""From the lowest value of a heat map to the highest; lightness rises evenly."""
SHADES: Final = len(_RAMP)

STYLE: Final = f"""
:root{{color-scheme:light dark;{_LIGHT}}}
@media (prefers-color-scheme:dark){{:root{{{_DARK}}}}}
*{{box-sizing:border-box}}
body{{margin:0 auto;max-width:68rem;padding:2rem 1.5rem 4rem;background:var(--ground);color:var(--ink);
font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
font-variant-numeric:tabular-nums}}
h1{{margin:0;font-size:1.75rem;line-height:1.2;letter-spacing:-.015em}}
h1 small{{color:var(--soft);font-size:1.15rem;font-weight:500}}
h2{{margin:0 0 .75rem;font-size:1.1rem}}
h2 small{{color:var(--faint);font-size:.85rem;font-weight:400}}
h3{{margin:1.25rem 0 .5rem;font-size:.95rem}}
p{{margin:.35rem 0;color:var(--soft)}}
section{{margin-block-start:2.25rem}}
code,pre,.key{{font:13px/1.5 ui-monospace,"SF Mono",Menlo,Consolas,monospace}}
code{{overflow-wrap:anywhere}}
.key{{color:var(--faint);overflow-wrap:anywhere}}
pre{{margin:.5rem 0;padding:.85rem 1rem;overflow:auto;border-radius:8px;background:var(--sunken);
white-space:pre-wrap;overflow-wrap:anywhere}}
.note{{padding:.75rem 1rem;border-radius:8px;background:var(--warn-wash);color:var(--warn)}}
.note p{{color:inherit}}
.figures,section dl.figures{{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.25rem,1fr));gap:.75rem;
margin:1.5rem 0 0}}
.figures div{{padding:.75rem .85rem;border:1px solid var(--line);border-radius:8px}}
dt{{color:var(--faint);font-size:.85rem}}dd{{margin:0}}
.figures dd,section .figures dd{{font-size:1.15rem;font-weight:600;white-space:nowrap}}
.figures dt{{white-space:nowrap}}
section dl{{display:grid;grid-template-columns:minmax(0,1fr);gap:.3rem;margin:0}}
section dl>div{{display:grid;grid-template-columns:12rem minmax(0,1fr);gap:1rem}}
section dl.figures>div{{display:block}}
section dd{{overflow-wrap:anywhere}}
.wide{{overflow-x:auto}}
table{{width:100%;border-collapse:collapse;font-size:.875rem}}
th{{color:var(--faint);font-weight:500;text-align:left;vertical-align:bottom}}
th,td{{padding:.32rem .6rem;border-block-end:1px solid var(--line);white-space:nowrap}}
td.text{{white-space:normal}}
th:first-child,td:first-child{{padding-inline-start:0}}
.n{{text-align:right}}
td.meaning{{color:var(--soft);white-space:normal}}
.gain{{color:var(--gain)}}.loss{{color:var(--loss)}}
.months td{{text-align:right}}.months td:first-child{{text-align:left}}
.g1{{background:var(--g1)}}.g2{{background:var(--g2)}}.g3{{background:var(--g3)}}
.l1{{background:var(--l1)}}.l2{{background:var(--l2)}}.l3{{background:var(--l3)}}
figure{{margin:1rem 0;overflow-x:auto;overflow-y:hidden}}
svg{{display:block;width:100%;height:auto}}
svg text{{fill:var(--faint);font:12px system-ui,sans-serif}}
.grid{{stroke:var(--line)}}.base{{stroke:var(--faint);stroke-dasharray:3 3}}
.curve{{fill:none;stroke:var(--accent);stroke-width:1.75;stroke-linejoin:round}}
.under{{fill:var(--gain-fill);stroke:none}}
.fall{{fill:var(--loss-fill);stroke:var(--loss);stroke-width:1}}
.bar{{fill:var(--accent);opacity:.8}}.bar.neg{{fill:var(--loss)}}
.halo{{fill:none;stroke:#fff;stroke-width:2}}.mark{{fill:none;stroke:#171d1f;stroke-width:2}}
.dot{{fill:var(--faint);opacity:.5}}.dot.front{{fill:var(--accent);opacity:1}}
{"".join(f".q{place}{{fill:{colour}}}" for place, colour in enumerate(_RAMP))}
@media (max-width:44rem){{
body{{padding:1.25rem 1rem 3rem}}section dl>div{{grid-template-columns:minmax(0,1fr);gap:0}}
svg{{min-width:40rem}}td.meaning{{min-width:14rem}}section dl{{gap:.6rem}}section dl.figures{{gap:.75rem}}
}}
footer{{margin-block-start:3rem;padding-block-start:1rem;border-block-start:1px solid var(--line)}}
@media print{{
:root{{color-scheme:light;{_LIGHT}}}
@page{{margin:14mm}}
body{{max-width:none;padding:0;font-size:11px;print-color-adjust:exact;-webkit-print-color-adjust:exact}}
section,figure,tr{{break-inside:avoid}}section:has(table){{break-inside:auto}}
h2,h3{{break-after:avoid}}thead{{display:table-header-group}}
.figures dd,section .figures dd{{font-size:1rem}}.wide,figure{{overflow:visible}}
table{{font-size:9.5px}}th,td{{padding:.2rem .35rem}}
}}
"""

CONTENT_SECURITY_POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; form-action 'none'"
)
"""Allows the style that stands in the file, and nothing else: no script, no request."""
