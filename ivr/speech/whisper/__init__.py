"""The engine `whisper`: a Whisper model writes down what was said, whole sentences too. For Norwegian, NB-Whisper."""
