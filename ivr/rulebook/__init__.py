"""The rules in force: how they are read, changed, kept and gone back to, and what is closed by hand beside them."""
