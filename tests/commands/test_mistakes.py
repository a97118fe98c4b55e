"""A line that could not be read is answered with what would be right; nothing is sent, and the exit status is 2."""

from __future__ import annotations

import json

import pytest
from doubles import Bitget

BUY = "order buy BTCUSDT 0.01"
# What is typed, the sentence, and the next step.
MISTAKES = [
    (f"{BUY} 60000", "60000 is one word too many", "a price is an option, --price 60000"),
    (f"{BUY} last+1%", "last+1% is one word too many", "a price is an option, --price last+1%"),
    (f"{BUY} -price 60000", "-price has one dash too few", "--price"),
    (f"{BUY} --limit 60000", "there is no option --limit here", "--price 60000"),
    (f"{BUY} --limit=60000", "there is no option --limit here", "--price 60000"),
    (f"{BUY} --type limit", "there is no option --type here", "an order is at market, or with --price P at a limit"),
    (f"{BUY} --stop-loss 50000", "there is no option --stop-loss here", "--sl 50000"),
    (f"{BUY} --reduceOnly", "there is no option --reduceOnly here", "--reduce-only"),
    (f"{BUY} --reduce_only", "there is no option --reduce_only here", "--reduce-only"),
    (f"{BUY} --testnet", "there is no option --testnet here", "Bitget's demo is a profile: -p demo"),
    ("order buy BTCUSDT -0.01", "-0.01 is below zero", "the other way round: bitget order sell SYMBOL 0.01"),
    ("order buy BTCUSDT --qty 1", "there is no option --qty here", "the size is a word by itself: bitget order buy"),
    (
        "order show --order-id 5",
        "there is no option --order-id here",
        "the id is a word by itself: bitget order show 5",
    ),
    ("market candles BTCUSDT 1h", "1h is one word too many", "an interval is an option, -g 1h"),
    ("watch candles BTCUSDT --interval 1h", "there is no option --interval here", "--granularity 1h"),
    ("market ticker --symbol BTCUSDT", "there is no option --symbol", "the symbol is a word by itself: bitget market"),
    ("order list spot", "spot is a product and no symbol", "--product spot"),
    ("ticker BTCUSDT", "'ticker' is not a command of `bitget`", "did you mean `bitget market ticker BTCUSDT`"),
    ("depth --limit 20", "'depth' is not a command", "did you mean `bitget market depth SYMBOL --limit 20`?"),
    ("depth --product spot", "'depth' is", "`bitget market depth SYMBOL --product spot` or `bitget watch depth SYM"),
    ("cancel all", "'cancel' is not a command", "`bitget order cancel-all` or `bitget plan cancel-all`?"),
    ("close all", "'close' is not a command", "did you mean `bitget position close-all`?"),
    ("ladder --steps 3", "'ladder' is not a command", "did you mean `bitget order ladder buy|sell SYMBOL --steps 3`?"),
    ("order ladder buy BTCUSDT 1 --count 5", "there is no option --count here", "--steps 5"),
    (
        "order ladder BTCUSDT 1 --steps 5",
        "buy|sell 'BTCUSDT' is not one of buy, sell",
        "the direction comes first: bitget order ladder buy BTCUSDT",
    ),
    (
        f"{BUY} --sl -2% --tp +2% --tp=+4%",
        "--tp is given twice",
        "exits in parts come after the order: bitget plan tpsl SYMBOL --tp 70000:50% --tp 75000:50%",
    ),
    (f"{BUY} --sl -2% --tp +2%:50%", "take-profit '+2%:50%' is not", "bitget plan tpsl SYMBOL --tp +2%:50%"),
    (f"{BUY} --price 60000 --price 61000", "--price is given twice", "give it once"),
    ("order buy BTCUSDT 1 --tif day", "--tif 'day' is not one of gtc, ioc, fok, post-only", "see `bitget order buy"),
    ("buy BTCUSDT 0.01", "'buy' is not a command", "did you mean `bitget order buy BTCUSDT 0.01`"),
    ("balance", "'balance' is not a command of `bitget`", "did you mean `bitget account balance`?"),
    ("positions", "'positions' is not a command of `bitget`", "did you mean `bitget position list`?"),
    ("watch BTCUSDT", "'BTCUSDT' is not a command of `bitget watch`", "did you mean `bitget watch ticker BTCUSDT`?"),
    ("position btc/usdt:usdt", "is not a command", "did you mean `bitget position show btc/usdt:usdt`?"),
    ("order status 1", "'status' is not a command of `bitget order`", "did you mean `bitget order show 1`?"),
    ("order place BTCUSDT", "'place' is not a command", "`bitget order buy BTCUSDT` or `bitget order sell BTCUSDT`?"),
    ("order place BTCUSDT sell 0.01", "'place' is not a command", "did you mean `bitget order sell BTCUSDT 0.01`?"),
    ("order new BTCUSDT 0.01 --side=BUY", "'new' is not a command", "did you mean `bitget order buy BTCUSDT 0.01`?"),
    ("short BTCUSDT 0.01", "'short' is not a command", "did you mean `bitget order sell BTCUSDT 0.01`?"),
    ("order short BTCUSDT 1", "'short' is not a command", "did you mean `bitget order sell BTCUSDT 1`?"),
    ("plan buy BTCUSDT 0.01 --stop-price 60000", "there is no option --stop-price here", "--trigger 60000"),
    # Whoever copies what is suggested is asked again.
    ("panik --yes", "'panik' is not a command", "did you mean `bitget panic`"),
    ("order cancle-all -y", "'cancle-all' is not a command", "did you mean `bitget order cancel-all`"),
    ("order cancle 1", "'cancle' is not a command of `bitget order`", "did you mean `bitget order cancel 1`"),
    ("help ordr", "'ordr' is not a command of `bitget`", "did you mean `bitget order`"),
    ("foo bar", "'foo' is not a command of `bitget`", "see `bitget --help`"),
    (
        "account margin-mode BTCUSDT",
        "MODE is missing: one of isolated, crossed",
        "see `bitget account margin-mode --help`",
    ),
    ("order show", "ID is missing", "see `bitget order show --help`"),
    ("market depth BTCUSDT --limit 60", "--limit 60 is not a whole number from 1 to 50, or max", ""),
    ("market depth BTCUSDT --limit 2.5", "--limit 2.5 is not a whole number from 1 to 50, or max", ""),
    ("market candles BTCUSDT spot", "spot is one word too many", "a product is an option, --product spot"),
    (
        "market tick BTCUSDT",
        "'tick' is not a command",
        "`bitget market ticker BTCUSDT` or `bitget market tickers BTCUSDT`",
    ),
    ("market ticker SBTCSUSDT", "symbol SBTCSUSDT does not exist in usdt-futures", "trades BTCUSDT there: -p demo"),
    ("market tickers --product susdt-futures", "product 'susdt-futures'", "a profile: -p demo --product usdt-futures"),
    ("paper clock --set now", "--set now says neither", "bitget paper clock --set real"),
]


@pytest.mark.parametrize(("typed", "sentence", "remedy"), MISTAKES, ids=[typed for typed, *_ in MISTAKES])
def test_a_mistake_is_named_with_what_would_be_right(bitget: Bitget, typed: str, sentence: str, remedy: str) -> None:
    ran = bitget(f"-p paper {typed}")
    assert (ran.status, ran.out) == (2, "")
    assert sentence in ran.err
    assert remedy in ran.err
    assert "\\n" not in ran.err
    assert "\\t" not in ran.err


# A key that was typed stands in no other place than the line itself.
WITH_KEYS = [
    "login {0} {1} {2}",
    "configure key={0} secret={1}",
    "auth --secret {1}",
    "profile new {0} {1}",
    "profile ad desk {0} {1} {2}",
    "profile add desk {0} {1} {2}",
    "profile add desk --secret {1}",
    "profile add desk --secret={1}",
]


@pytest.mark.parametrize("typed", WITH_KEYS)
def test_a_key_that_was_typed_is_not_repeated(bitget: Bitget, typed: str) -> None:
    key = ("bg_0123456789abcdef", "s3cr3t-s3cr3t-s3cr3t", "hunter2-hunter2")
    ran = bitget(typed.format(*key))
    assert (ran.status, ran.out) == (2, "")
    assert not any(piece in ran.err for piece in key), ran.err
    assert "bitget profile add" in ran.err


TAKEN = [
    ("account margin-mode BTCUSDT FIXED", "marginMode", "isolated"),
    ("account margin-mode BTCUSDT cross", "marginMode", "crossed"),
    ("account position-mode hedge_mode", "posMode", "hedge_mode"),
    (f"{BUY} --price 60000 --tif post_only", "force", "post_only"),
    (f"{BUY} --price 60000 --tif IOC", "force", "ioc"),
    ("plan buy BTCUSDT 0.01 --trigger 60000 --trigger-by fill_price", "triggerType", "fill_price"),
    ("plan buy BTCUSDT 0.01 --trigger 60000 --trigger-by MARK_PRICE", "triggerType", "mark_price"),
]


@pytest.mark.parametrize(("typed", "name", "sent"), TAKEN, ids=[typed for typed, *_ in TAKEN])
def test_bitgets_own_words_are_taken_for_a_choice_in_any_case(bitget: Bitget, typed: str, name: str, sent: str) -> None:
    asked = bitget(f"-p paper {typed} --dry-run -o JSON").json
    assert json.loads(asked["body"])[name] == sent


def test_a_number_of_levels_that_bitget_does_not_offer_is_cut_from_the_next_larger(bitget: Bitget) -> None:
    whole = bitget("-p paper market depth BTCUSDT --limit 50 --json").json
    cut = bitget("-p paper market depth BTCUSDT --limit 20 --json").json
    assert (cut["asks"], cut["bids"]) == (whole["asks"][:20], whole["bids"][:20])


def test_help_tells_what_the_help_option_tells(bitget: Bitget) -> None:
    assert "Usage: bitget order buy [OPTIONS] {SYMBOL} [SIZE]" in bitget("help order buy").out
    assert "Usage: bitget market ticker [OPTIONS] {SYMBOL...}" in bitget("help market ticker").out
    assert "Usage: bitget [OPTIONS] COMMAND" in bitget("help").out
    assert bitget("help order buy no").status == 2
