"""Proves an installed wheel, run by the environment that it is in: installed.py WHEEL SDIST."""

import json
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

import server

MOST_BYTES = 320_000_000
LIMIT_S = 45.0
OPEN = build_opener(ProxyHandler({})).open
FORGE = [str(Path(sysconfig.get_path("scripts")) / "forge")]


def main() -> None:
    """Exits with a word of what is wrong."""
    wheel, sdist = map(Path, sys.argv[1:])
    installed = Path(sysconfig.get_path("purelib"))
    assert Path(server.__file__).is_relative_to(installed), f"{server.__file__} is none of {installed}"
    assert shutil.which("node") is None, "Node is within reach, so that nothing is proven without it"
    check_version(wheel, sdist)
    size = sum(path.stat().st_size for path in installed.rglob("*") if path.suffix != ".pyc" and path.is_file())
    print(f"base install: {size / 1e6:.0f} MB, wheel: {wheel.stat().st_size / 1e6:.1f} MB")
    assert size < MOST_BYTES, f"the base install may be {MOST_BYTES / 1e6:.0f} MB"
    run_the_demo()


def check_version(wheel: Path, sdist: Path) -> None:
    """All of the outside tells the version that stands in server/__init__.py."""
    told = subprocess.run([*FORGE, "--version"], capture_output=True, text=True, check=True).stdout.split()[-1]
    named = [file.name.removesuffix(".tar.gz").split("-")[1] for file in (wheel, sdist)]
    versions = {server.__version__, version("algotradeforge"), told, *named}
    assert len(versions) == 1, f"several versions: {versions}"


def run_the_demo() -> None:
    """The server answers, serves its page, and completes a first backtest."""
    began = time.monotonic()
    home = Path(tempfile.mkdtemp())
    command = [*FORGE, "serve", "--demo", "--port", "0", "--home", str(home)]
    with (
        (home / "log").open("w+") as log,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=log, text=True, env={"PATH": "", "FORGE_WORKERS": "1"}
        ) as process,
    ):
        try:
            url = address(process)
            told = json.loads(get_when_there(f"{url}/api/system"))
            documents = (json.loads(get_when_there(f"{url}/api/{name}.json")) for name in ("openapi", "asyncapi"))
            versions = {told["version"], *(document["info"]["version"] for document in documents)}
            assert versions == {server.__version__}, f"several versions: {versions}"
            look_at_the_page(url)
            wait_for_a_backtest(url, began)
        except BaseException:
            print((home / "log").read_text(), file=sys.stderr)
            raise
        finally:
            process.terminate()
    shutil.rmtree(home)


def address(process: "subprocess.Popen[str]") -> str:
    """Where it says that it listens."""
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r"http://[\w.:]+:\d+", line):
            return found[0]
    raise AssertionError("the server ended before it told its address")


def look_at_the_page(url: str) -> None:
    """The page, and every file that it names."""
    page = get_when_there(f"{url}/").decode()
    files = re.findall(r'(?:src|href)="(/[^"]+)"', page)
    assert files, page
    for file in files:
        assert get_when_there(url + file), file
    print(f"the page is served with {len(files)} files of its head")


def wait_for_a_backtest(url: str, began: float) -> None:
    """Until one is Completed."""
    while time.monotonic() < began + LIMIT_S:
        done = json.loads(get_when_there(f"{url}/api/backtests?status=Completed"))["items"]
        if done:
            print(f"a first backtest completed {time.monotonic() - began:.1f} s after the start: {done[0]['runKey']}")
            return
        time.sleep(0.1)  # the distance between two questions
    raise AssertionError(f"no backtest completed within {LIMIT_S:.0f} s")


def get_when_there(url: str) -> bytes:
    """The body of an answer, which may be a moment in coming."""
    deadline = time.monotonic() + LIMIT_S
    while True:
        with suppress(URLError):
            body: bytes = OPEN(url, timeout=10).read()
            return body
        assert time.monotonic() < deadline, f"{url} does not answer"
        time.sleep(0.05)  # the distance between two questions


if __name__ == "__main__":
    main()
