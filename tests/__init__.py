"""The tests: they mirror the package, and hold journeys, pages, benches and faults beside it."""
