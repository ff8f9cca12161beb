"""Pages that Chromium renders from a seed, and what can be asked about them without doubt."""
