"""The server: what is built at the start, one guarded task per call, and an orderly end."""
