"""The codes of the WebSocket streams."""

from __future__ import annotations

TABLE = """
30001 Channel does not exist => check the name of the channel and the symbol
30002 Illegal request => the message is not what the stream reads
30003 Invalid op => the operation is one of subscribe, unsubscribe, login
30004 [credentials] User needs to log in => log in first
30005 [credentials] Login failed => check key, secret and passphrase
30006 [rate] Request too many => slow down
30007 [rate] Request over limit, connection closed => reconnect with back-off
30011 [credentials] Invalid ACCESS_KEY => the key is unknown: mistyped, deleted, or of the other environment (live or
    demo)
30012 [credentials] Invalid ACCESS_PASSPHRASE => key and passphrase do not belong together; the passphrase is the one
    typed when the key was made
30013 [clock] Invalid ACCESS_TIMESTAMP => the timestamp of a login is in seconds
30014 [clock] Request timestamp expired => set the clock
30015 [credentials] Invalid signature => the signature covers timestamp, GET and /user/verify
30016 Parameter error => check what was subscribed to
"""
