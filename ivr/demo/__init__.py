"""The main job on real parts: a server, real SIP calls with real sound and keys, real SIP agents."""
