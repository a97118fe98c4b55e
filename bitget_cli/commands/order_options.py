"""The words of an order: said once for `order`, `plan` and `position`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from bitget_cli.commands import offers
from bitget_cli.trading.model import (
    Direction,
    LadderShape,
    LadderSpacing,
    MarginMode,
    PositionSide,
    TimeInForce,
    TriggerBy,
)

SizeArg = Annotated[
    str | None,
    typer.Argument(
        metavar="SIZE", help="In base coin, such as 0.01, or a share: 25%, max; or --quote, --risk.", show_default=False
    ),
]
QuoteOpt = Annotated[
    str | None, typer.Option("--quote", metavar="MONEY", help="Size by money (quote coin) instead; rounded down.")
]
RiskOpt = Annotated[
    str | None,
    typer.Option("--risk", metavar="1%|MONEY", help="Size by what is lost at --sl: a share of equity, or money."),
]
PriceOpt = Annotated[
    str | None,
    typer.Option("--price", metavar="P", help="Limit price, or bid-0.1%, last+25, mid …; at market without it."),
]
TifOpt = Annotated[TimeInForce | None, typer.Option("--tif", help="How long a limit order stands.", show_default=False)]
NewPriceOpt = Annotated[str | None, typer.Option("--price", metavar="P", help="New limit price, or bid-0.1%, mid …")]
NewSizeOpt = Annotated[str | None, typer.Option("--size", metavar="S", help="New size in base coin.")]
PostOnlyOpt = Annotated[
    bool, typer.Option("--post-only", help="--tif post-only: cancelled at once where it would trade, which is told.")
]
ReduceOnlyOpt = Annotated[bool, typer.Option("--reduce-only", help="Only make a position smaller.")]
CloseOpt = Annotated[bool, typer.Option("--close", help="Close (a part of) the opposite position.")]
MarginModeOpt = Annotated[
    MarginMode | None, typer.Option("--margin-mode", help="The account's own without it.", show_default=False)
]
LeverageOpt = Annotated[
    str | None,
    typer.Option("--leverage", metavar="N", help="Open with it; it is set first where the account has another."),
]
TakeProfitOpt = Annotated[
    str | None, typer.Option("--tp", metavar="P", help="Take profit at P, +4% or 2R; in parts: `plan tpsl`.")
]
StopLossOpt = Annotated[str | None, typer.Option("--sl", metavar="P", help="Stop the loss at P or -2%.")]
# Exits attached to an order that does not wait: no account has the mark price for them unless it is said.
AttachedTakeProfitOpt = Annotated[
    str | None,
    typer.Option("--tp", metavar="P", help="Take profit once the last price is P, +4% or 2R; in parts: `plan tpsl`."),
]
AttachedStopLossOpt = Annotated[
    str | None, typer.Option("--sl", metavar="P", help="Stop the loss once the last price is P or -2%.")
]
TakeProfitLimitOpt = Annotated[
    str | None, typer.Option("--tp-limit", metavar="P", help="What --tp trades at then; at market without it.")
]
StopLossLimitOpt = Annotated[
    str | None, typer.Option("--sl-limit", metavar="P", help="What --sl trades at then; at market without it.")
]
LegsTriggerByOpt = Annotated[
    TriggerBy | None,
    typer.Option("--trigger-by", help="Which price sets --tp and --sl off; mark without it.", show_default=False),
]
AttachedTriggerByOpt = Annotated[
    TriggerBy | None,
    typer.Option(
        "--trigger-by",
        help="Which price sets --tp and --sl off (unified futures); last without it.",
        show_default=False,
    ),
]
ClientOidOpt = Annotated[
    str | None, typer.Option("--client-oid", metavar="ID", help="Your own id: letters, digits, - and _, at most 32.")
]
DirectionArg = Annotated[
    Direction, typer.Argument(metavar="buy|sell", help="The direction of every order.", show_default=False)
]
FromOpt = Annotated[str, typer.Option("--from", metavar="P", help="Price of the first order, or bid-1%, last+25 …")]
ToOpt = Annotated[str, typer.Option("--to", metavar="P", help="Price of the last order, or bid-5% …")]
StepsOpt = Annotated[int, typer.Option("--steps", metavar="N", help="How many orders, 2 to 100.")]
ShapeOpt = Annotated[
    LadderShape, typer.Option("--shape", help="Sizes: the same, or growing or shrinking towards --to.")
]
SpacingOpt = Annotated[
    LadderSpacing, typer.Option("--spacing", help="The same distance between prices, or the same ratio.")
]
TagOpt = Annotated[
    str | None,
    typer.Option(
        "--tag",
        metavar="TEXT",
        autocompletion=offers.tags,
        help="Your own word for it, kept in `order log` and not sent.",
    ),
]
TaggedOpt = Annotated[
    str | None, typer.Option("--tag", metavar="TEXT", autocompletion=offers.tags, help="Only those with this tag.")
]
SideOpt = Annotated[PositionSide | None, typer.Option("--side", help="Which position.", show_default=False)]
SideNeeded = Annotated[PositionSide, typer.Option("--side", help="Which position.", show_default=False)]
PartSizeOpt = Annotated[
    str | None,
    typer.Option("--size", metavar="S", help="Only so much, in base coin or a share such as 25%; all without it."),
]
TriggerByOpt = Annotated[TriggerBy, typer.Option("--trigger-by", help="Which price sets it off, and --tp and --sl.")]
IdArg = Annotated[str, typer.Argument(metavar="ID", autocompletion=offers.orders, help="Order id or client id.")]
IdsArg = Annotated[
    list[str], typer.Argument(metavar="ID", autocompletion=offers.orders, help="Order ids or client ids.")
]
MaybeIdsArg = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="ID", autocompletion=offers.orders, help="Order ids or client ids; or --tag.", show_default=False
    ),
]
MarketOpt = Annotated[
    str | None,
    typer.Option(
        "--symbol", metavar="SYMBOL", autocompletion=offers.symbols, help="Its market, which saves looking for it."
    ),
]


class PlanKind(StrEnum):
    """Kinds of waiting orders: words of ours, then Bitget's own."""

    TRIGGER = "trigger"
    TRAILING = "trailing"
    TPSL = "tpsl"
    NORMAL_PLAN = "normal_plan"
    TRACK_PLAN = "track_plan"
    PROFIT_LOSS = "profit_loss"
    OCO = "oco"
    TWAP = "twap"
    ICEBERG = "iceberg"


KindOpt = Annotated[PlanKind | None, typer.Option("--kind", help="Only this kind.", show_default=False)]
