"""What a submission answered, in words; then the watching when it is wanted."""

from typing import TYPE_CHECKING, Any

import click
from msgspec import UNSET

from server.cli.asking import hint
from server.cli.console import print_json, say
from server.cli.watching import watch_to_end
from server.client.words import several, waiting

if TYPE_CHECKING:
    from server.client import Forge
    from server.contract.run import Submission


def told(forge: "Forge", submission: "Submission", given: dict[str, Any]) -> None:
    """Prints the answer as the options `--json`, `--dry-run` and `--watch` ask."""
    watched = given["watch"] and not given["dry_run"]
    if given["as_json"]:
        print_json(submission, lines=watched)
    else:
        for line in lines(forge.url, submission, dry_run=given["dry_run"], watched=watched):
            say(line)
    if watched:
        watch_to_end(forge, submission, submission.run_key, submission.kind, as_json=given["as_json"])


def lines(url: str, submission: "Submission", *, dry_run: bool, watched: bool) -> list[str]:
    """RunKey, total, what became of it, and where to go on."""
    found = [
        click.style(submission.run_key, bold=True),
        f"  {submission.kind} of {_total(submission)}: {_became(submission, dry_run=dry_run)}",
    ]
    if dry_run:
        return found
    found.append(f"  page    {url}{submission.links.report}")
    found.append(f"  status  {url}{submission.links.status}")
    if not watched:
        next_command = hint("status", submission.run_key)
        if submission.dedup != "cached":
            next_command = hint("watch", submission.run_key)
        found.append(f"  next    {next_command}")
    return found


def _total(submission: "Submission") -> str:
    if submission.total_combinations is not UNSET:
        return several(submission.total_combinations, "combination")
    assert submission.total_bars is not UNSET
    return several(submission.total_bars, "bar")


def _became(submission: "Submission", *, dry_run: bool) -> str:
    match submission.dedup:
        case "cached":
            return "would be answered from the store" if dry_run else "computed before, here is its result"
        case "inFlight":
            return "would join the run under way" if dry_run else f"joined the run under way ({submission.status})"
        case "none":
            if dry_run:
                return f"would start attempt {submission.attempt}"
            return f"{submission.status}, attempt {submission.attempt}{waiting(submission.queue_position)}"
