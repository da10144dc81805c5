"""Whatever the texts tell to type works, and what nobody can try says why."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, Final, get_args

import pytest

from server.api.asyncapi import document
from server.api.examples import BACKTEST, OPTIMIZATION
from server.contract.messages import ClientMessage, ServerMessage
from tests.documents.conftest import Desk
from tests.documents.texts import TEXTS, Block, blocks_of, is_strategy
from tests.integration.asyncapi_document import AsyncApiDocument
from tests.integration.serving import clean_environment
from tests.redis_server import redis_server

LIMIT_S: Final = 90.0
RUNNABLE: Final = ("sh", "python", "json", "ini", "nginx")
ELSEWHERE: Final = ("message", "settings", "serves", "serves with Redis")
EXAMPLES: Final = {"/api/backtests": BACKTEST, "/api/optimizations": OPTIMIZATION}
SERIES: Final = ("assetName", "exchange", "timeFrame")


def typed(block: Block) -> bool:
    """Whether this file runs it."""
    return (
        block.language in RUNNABLE
        and block.reason_to_skip is None
        and block.words not in ELSEWHERE
        and not is_strategy(block)
    )


BLOCKS: Final = [block for name in TEXTS for block in blocks_of(name)]
WITH_COMMANDS: Final = list(dict.fromkeys(block.text for block in BLOCKS if typed(block)))
SERVERS: Final = [pytest.param(block, id=block.place) for block in BLOCKS if block.words.startswith("serves")]


def test_code_that_nobody_tries_says_why() -> None:
    for block in BLOCKS:
        assert "`" not in block.words, f"{block.place}: this begins no block in Markdown"
        looked_at = typed(block) or is_strategy(block) or block.words in ELSEWHERE
        assert looked_at or block.language not in RUNNABLE or block.reason_to_skip, f"{block.place}: {block.words}"


@pytest.mark.timeout(240)
@pytest.mark.parametrize("name", WITH_COMMANDS)
def test_what_a_text_tells_to_type_works(name: str, desk: Desk) -> None:
    programs = []
    for block in blocks_of(name):
        if block.file is not None:
            desk.put(block.file, block.code)
        if not typed(block):
            continue
        match block.language:
            case "sh":
                run(block, ["sh", "-eu", "-c", desk.here(block.code)], desk)
            case "python":
                programs.append(block)
            case "json":
                send(block, desk)
    if programs:
        run(programs[0], [sys.executable, "-c", desk.here("\n".join(block.code for block in programs))], desk)


def run(block: Block, command: list[str], desk: Desk) -> None:
    """Ends within its time and well."""
    done = subprocess.run(
        command, cwd=desk.folder, env=desk.environment, capture_output=True, text=True, timeout=LIMIT_S, check=False
    )
    assert done.returncode == 0, f"{block.place}\n{done.stdout}\n{done.stderr}"
    assert "urn:forge:problem" not in done.stdout, f"{block.place} is answered by {done.stdout}"


def send(block: Block, desk: Desk) -> None:
    """A request, or a part of one that is laid over the example of its kind, which must be taken."""
    part, _, path = block.words.rpartition("POST ")
    assert part in ("", "part of "), f"{block.place}: {block.words}"
    request = laid_over(EXAMPLES[path], json.loads(block.code)) if part else json.loads(block.code)
    answer = desk.http.post(path, json=request, params={"dryRun": "true"})
    assert answer.status_code == 200, f"{block.place}: {answer.text}"


def laid_over(example: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """The example with this part; one that names series of its own takes the place of the example's."""
    named = "dataSubscriptions" in part or "dataSubscription" in part.get("axes", {})
    kept = {name: value for name, value in example.items() if not (named and name in SERIES)}
    return kept | part


@pytest.mark.parametrize("block", SERVERS)
def test_a_server_that_a_text_starts_tells_its_address(block: Block, tmp_path: Path, desk: Desk) -> None:
    environment = clean_environment(PORT="0", FORGE_HOME=str(tmp_path), FORGE_WORKERS="1", FORGE_COMPILE="off")
    environment |= {name: desk.environment[name] for name in ("PATH", "PYTHONPATH")}
    with (
        redis_server(tmp_path) as redis,
        subprocess.Popen(
            ["sh", "-euc", block.code.replace("redis://127.0.0.1:6379/0", redis.url)],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        ) as process,
    ):
        assert process.stdout is not None
        try:
            assert any("http://" in line for line in process.stdout), f"{block.place} ended before it told its address"
        finally:
            os.killpg(process.pid, signal.SIGTERM)


def test_every_message_in_a_text_is_one() -> None:
    told = AsyncApiDocument(document())
    blocks = [
        block for name in TEXTS for block in blocks_of(name) if (block.language, block.words) == ("json", "message")
    ]
    names = {struct.__struct_config__.tag for struct in (*get_args(ServerMessage), *get_args(ClientMessage))}
    assert {json.loads(block.code)["type"] for block in blocks} == names
    for block in blocks:
        message = json.loads(block.code)
        told.is_a(message["type"], message)
