"""The suites: what each asks for, where its episodes happen, and how they are judged."""
