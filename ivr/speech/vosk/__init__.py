"""The engine `vosk`: Kaldi, for each language that a model's folder is there for. It hears while one speaks."""
