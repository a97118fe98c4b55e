"""The door for HTTP: a request of httpx is answered in this process, without a socket."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from bitget_cli.paper.faults import AnswerLostError

if TYPE_CHECKING:
    from bitget_cli.paper.exchange import Exchange


class PaperTransport(httpx.BaseTransport):
    """Hands what a client would have sent to the paper exchange, byte for byte."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        try:
            status, body = self._exchange.answer(
                method=request.method,
                target=request.url.raw_path.decode("ascii"),
                headers=request.headers,
                body=request.read(),
            )
        except AnswerLostError:
            raise httpx.ReadTimeout("the paper exchange keeps the answer, as it was told to", request=request) from None
        return httpx.Response(status, headers={"Content-Type": "application/json"}, content=body, request=request)
