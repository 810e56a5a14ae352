"""What devices send that gathered without a network: read, judged and merged. Pure."""
