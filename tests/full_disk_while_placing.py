"""Place an order with a disk that takes ever more bytes; print for each limit: the exit status and the orders sent."""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path

from doubles import StillClock
from fake_exchange import FakeExchange
from killed_while_placing import GIVEN, placing_of

from bitget_cli.catalogue.v2.futures_orders import FUTURES_PLACE_ORDER
from bitget_cli.errors import BitgetError
from bitget_cli.trading.adapters.classic.changes import change


def place(folder: Path, limit: int) -> tuple[int, int]:
    exchange = FakeExchange(StillClock())
    placing, _ = placing_of(exchange, folder)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    status = 0
    try:
        placing.carry_out(change(FUTURES_PLACE_ORDER.name, GIVEN, "buy", client_oid="mine"))
    except BitgetError as error:
        status = error.exit_status
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    return status, len(exchange.sent)


def main(folder: Path) -> None:
    for limit in range(0, 160_000, 4_096):
        place_in = folder / str(limit)
        place_in.mkdir(mode=0o700)
        reader, writer = os.pipe()
        if os.fork() == 0:
            status, sent = place(place_in, limit)
            os.write(writer, f"{limit} {status} {sent}\n".encode())
            os._exit(0)
        os.wait()
        sys.stdout.write(os.read(reader, 100).decode())
        os.close(reader)
        os.close(writer)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
