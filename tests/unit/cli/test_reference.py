"""The reference of the command line is that of the commands there are."""

import re

from tests.cli_reference import DOCUMENT, all_commands, written


def test_the_reference_is_not_stale() -> None:
    text = DOCUMENT.read_text()
    assert text == written(text), "run `python -m tests.cli_reference`"


def test_every_command_says_what_it_does_and_every_option_what_it_is_for() -> None:
    silent = [
        f"{path} {parameter.name}"
        for path, command, _ in all_commands()
        for parameter in command.params
        if parameter.param_type_name == "option"
        and not getattr(parameter, "hidden", False)
        and not vars(parameter)["help"]
    ]
    assert silent == []
    assert [path for path, command, _ in all_commands() if not command.help] == []


def test_the_examples_name_commands_and_options_that_exist() -> None:
    known = {path: {opt for one in command.params for opt in one.opts} for path, command, _ in all_commands()}
    wrong = []
    for line in re.findall(r"^forge .*", DOCUMENT.read_text().partition("## Commands")[0], re.MULTILINE):
        words = line.partition("#")[0].partition(" |")[0].split()
        path = " ".join(words[:3]) if " ".join(words[:3]) in known else " ".join(words[:2])
        options = {word for word in words if re.match(r"--?[a-z]", word) and not word.startswith("-net")}
        wrong += [line] if path not in known or options - known[path] - {"-sharpeRatio"} else []
    assert wrong == []
