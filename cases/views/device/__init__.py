"""Where devices speak that gather without a network: JSON, for hygienists (docs/device-api.md)."""
