"""What the rules say, shown: laid out for reading, as a map, as paths, as a schema, and over a telephone of text."""
