"""How to speak to Bitget: sign, pace, send, retry only what is safe, and say what an answer means."""
