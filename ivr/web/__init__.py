"""Pages and API. So far: `/health`."""

from ivr.web.health import AgentHealth, Health, QueueHealth, health_site

__all__ = ["AgentHealth", "Health", "QueueHealth", "health_site"]
