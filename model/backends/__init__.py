"""Other ways to run a model than the engine: through transformers, and behind a server."""
