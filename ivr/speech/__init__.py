"""What callers say: recognisers, the worker process that runs them, and the server's line to it."""
