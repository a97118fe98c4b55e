"""`python -m bitget_cli` is `bitget`."""

from bitget_cli.main import run

run()
