"""What must never happen, tried: kills, faults, forbidden places, hostile pages, leaks. See docs/reliability.md."""
