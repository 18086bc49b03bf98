"""Sentralbord: an IVR and call-routing server on Asterisk 22."""

__version__ = "0.1.0"
