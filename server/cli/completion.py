"""`forge completion`."""

import click
from click.shell_completion import ShellComplete, get_completion_class

_SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(_SHELLS))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the script that makes SHELL complete commands, options, runs, strategies and data sets.

    \b
    bash, in ~/.bashrc:                        eval "$(forge completion bash)"
    zsh, in ~/.zshrc after compinit:           eval "$(forge completion zsh)"
    fish, in ~/.config/fish/config.fish:       forge completion fish | source

    Keys, names and parameters are asked of the server, and left out when it does not answer within a second.
    """
    root = ctx.find_root()
    made = get_completion_class(shell)
    assert made is not None
    script = made(root.command, {}, "forge", "_FORGE_COMPLETE")
    click.echo(ShellComplete.source(script))  # that of bash itself would ask for its version, which may not be here
