"""Every wait and limit of a stream in one place, as data: a test hands in short ones."""

from __future__ import annotations

from typing import NamedTuple


class Timing(NamedTuple):
    """Seconds, unless said otherwise. Bitget's own limits are on its page "WebSocket intro"."""

    tick: float = 0.25  # between two looks at the clocks; also the longest a wish from outside waits
    # Keep-alive. Bitget hangs up after two minutes without a `ping`, even while data flows.
    ping: float = 20.0
    ping_spread: float = 2.0
    pong: float = 10.0
    silence: float = 45.0
    jump: float = 30.0  # between two ticks: the machine slept
    # Answers.
    login: float = 10.0
    login_again: float = 2.0  # after an unspecific refusal
    ack: float = 10.0
    ack_again: float = 60.0  # after two that were never answered, for as long as the connection stands
    unsubscribe_ack: float = 2.0
    settle: float = 2.0  # for the other answers of a batch, after an error that does not say whose it is
    # Data.
    first_data: float = 15.0
    snapshot: float = 10.0  # of a book that is kept by it
    ticker_stale: float = 15.0
    book_stale: float = 30.0
    resyncs: int = 3  # of one topic within
    resyncs_within: float = 60.0
    restarts: int = 3  # of the connection for the sake of one topic, within
    restarts_within: float = 600.0
    odd_frames: int = 3  # within
    odd_frames_within: float = 60.0
    # What we send: Bitget takes 10 frames a second and 240 subscription requests an hour of one connection.
    frames_per_second: float = 4.0
    requests_per_hour: int = 200
    hour: float = 3600.0
    too_many_pause: float = 60.0
    # Connecting. Bitget takes 300 connections of an address in five minutes.
    opening: float = 10.0  # name, connection and handshakes of one try
    first_connection: float = 10.0  # without an acknowledgement by then, the stream gives up; inf: never
    backoff_first: float = 1.0
    backoff_least: float = 0.25
    backoff_soon: float = 5.0  # at most, in the first part of an outage, which lasts
    soon_for: float = 60.0
    backoff_most: float = 30.0  # after that
    attempts: int = 12  # that reached the exchange: in the first part of an outage, and after it within
    attempts_within: float = 300.0
    stable: float = 60.0  # connected so long, the next trouble is a new outage
    refused_pause: float = 60.0  # after HTTP 403, 429 and their like
