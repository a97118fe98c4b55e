"""The words used everywhere: each option and argument is declared once, here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from bitget_cli.commands import offers
from bitget_cli.results import Rows
from bitget_cli.values import GRANULARITIES, Product

if TYPE_CHECKING:
    from bitget_cli.application.queries import Range
    from bitget_cli.session import Session
    from bitget_cli.trading.model import Read
    from bitget_cli.values import Symbol

# Shared by every command, before the group and after the command.
ProfileOpt = Annotated[
    str | None,
    typer.Option(
        "--profile",
        "-p",
        metavar="NAME",
        autocompletion=offers.profiles,
        help="Where to trade: live, demo, paper or your own.",
    ),
]
OutputOpt = Annotated[
    str | None,
    typer.Option(
        "--output", "-o", metavar="FORM", autocompletion=offers.forms, help="table, record, json, ndjson, csv or tsv."
    ),
]
JsonOpt = Annotated[bool, typer.Option("--json", help="The same as --output json.")]
FieldsOpt = Annotated[
    str | None,
    typer.Option(
        "--fields", metavar="A,B.C", autocompletion=offers.fields, help="Only these fields, in this order, in any form."
    ),
]
TimesOpt = Annotated[
    str | None,
    typer.Option(
        "--times",
        metavar="STYLE",
        autocompletion=offers.times,
        help="Moments as iso, ms or local; unset, local in tables alone.",
    ),
]
SaveOpt = Annotated[
    str | None, typer.Option("--save", metavar="FILE", help="Also a picture of the table: FILE.svg or FILE.html.")
]
LanguageOpt = Annotated[
    str | None,
    typer.Option(
        "--language", metavar="CODE", autocompletion=offers.languages, help="Of Bitget's own messages, such as zh-CN."
    ),
]
TimeoutOpt = Annotated[
    float | None,
    typer.Option(
        "--timeout", metavar="S", help="Deadline for each request in seconds, retries included. [default: 10]"
    ),
]
VerboseOpt = Annotated[bool, typer.Option("--verbose", "-v", help="One line per request on stderr.")]
NoColorOpt = Annotated[bool, typer.Option("--no-color", help="Plain text; also NO_COLOR or TERM=dumb.")]

# For commands that change something.
YesOpt = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
AllowFarOpt = Annotated[
    bool,
    typer.Option("--allow-far", help="Take a limit price 10 % or more from the market without asking for it again."),
]
NoWaitOpt = Annotated[
    bool,
    typer.Option(
        "--no-wait", help="Do not look, for up to 2 s, what came of it: where it ends at once, or is post-only."
    ),
]
DryRunOpt = Annotated[bool, typer.Option("--dry-run", help="Print the exact request and send nothing.")]

# For commands that show what an account tells.
RawOpt = Annotated[bool, typer.Option("--raw", help="The exchange's own rows: other ones on a unified account.")]

# Markets.
SymbolArg = Annotated[
    str,
    typer.Argument(
        metavar="SYMBOL", autocompletion=offers.symbols, help="BTCUSDT, BTC/USDT (spot) or BTC/USDT:USDT (futures)."
    ),
]
SymbolsArg = Annotated[
    list[str], typer.Argument(metavar="SYMBOL", autocompletion=offers.symbols, help="One or more symbols.")
]
MaybeSymbolArg = Annotated[
    str | None,
    typer.Argument(metavar="SYMBOL", autocompletion=offers.symbols, help="One symbol; all of them without it."),
]
MaybeCoinArg = Annotated[
    str | None,
    typer.Argument(metavar="COIN", autocompletion=offers.coins, help="One coin, such as BTC; all without it."),
]
CoinOpt = Annotated[
    str | None, typer.Option("--coin", metavar="C", autocompletion=offers.coins, help="Only this coin.")
]
PaidCoinArg = Annotated[str, typer.Argument(metavar="COIN", autocompletion=offers.coins, help="Such as USDT.")]
AmountArg = Annotated[str, typer.Argument(metavar="AMOUNT", help="How much of it.")]
SortOpt = Annotated[
    str | None,
    typer.Option(
        "--sort",
        metavar="FIELD",
        autocompletion=offers.sortable,
        help="Largest first by this field; with -FIELD, smallest.",
    ),
]
ProductOpt = Annotated[
    str | None,
    typer.Option(
        "--product",
        metavar="P",
        autocompletion=offers.products,
        help="spot, usdt-futures, usdc-futures or coin-futures.",
    ),
]

GranularityOpt = Annotated[
    str,
    typer.Option(
        "--granularity",
        "-g",
        metavar="G",
        autocompletion=offers.granularities,
        help=f"{' '.join(GRANULARITIES)}; Bitget's spellings such as 1H 1D 1day 1min are taken too.",
    ),
]

# Lists.
LimitOpt = Annotated[int | None, typer.Option("--limit", metavar="N", min=1, help="At most N rows.")]
AllOpt = Annotated[bool, typer.Option("--all", help="Every row there is, page after page.")]
SinceOpt = Annotated[
    str | None, typer.Option("--since", metavar="T", help="From T on: 2026-01-31, epoch ms, or a look-back such as 7d.")
]
UntilOpt = Annotated[str | None, typer.Option("--until", metavar="T", help="Before T.")]


class ListOptions(NamedTuple):
    """Which part of a list is wanted."""

    limit: LimitOpt = None
    every: AllOpt = False
    since: SinceOpt = None
    until: UntilOpt = None

    @property
    def range(self) -> Range:
        from bitget_cli.application.queries import Range

        return Range(self.since, self.until, self.limit, self.every)

    def rows(
        self,
        session: Session,
        read: Read,
        columns: tuple[str, ...],
        product: Product = Product.SPOT,
        market: Symbol | None = None,
        *,
        subject: str = "",
        tag: str | None = None,
        **words: Any,
    ) -> Rows:
        """That part of what an account lists, page after page as it arrives; of open orders those with a `tag`.

        `subject` is as in Rows.
        """
        from bitget_cli.application.queries import listed

        if tag is None:
            items = listed(session, read, product, market, self.range, **words)
        else:
            from bitget_cli.application.orders import tags

            items = tags.listed(session, read, product, market, self.range, tag=tag, **words)
        return Rows(items, session.adapter.fields(read, product), columns, subject=subject)
