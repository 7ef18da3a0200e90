"""Stand-ins for the providers, spoken to over real HTTP: a separate process in the demo, a thread in tests."""
