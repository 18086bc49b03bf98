"""The bench: this server beside Asterisk's own dialplan and queue, on the same calls. Run it with `make bench`."""
