"""The frame of a report: one file that asks for nothing else."""

from typing import Final

from server.report.markup import Html, element, joined
from server.report.style import CONTENT_SECURITY_POLICY, STYLE

PROJECT: Final = "AlgoTradeForge"


def page(title: str, *content: str, made_at: str) -> str:
    """The whole file; `made_at` as it is written at its end."""
    head = joined(
        (
            Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
            Html(f'<meta http-equiv="Content-Security-Policy" content="{CONTENT_SECURITY_POLICY}">'),
            element("title", f"{title} · {PROJECT}"),
            Html(f"<style>{STYLE}</style>"),
        )
    )
    foot = element(
        "footer", element("p", f"Made by {PROJECT} at {made_at}. This file holds everything it shows; times are UTC.")
    )
    body = element("body", element("main", *content), foot)
    return f'<!doctype html>\n<html lang="en"><head>{head}</head>{body}</html>\n'
