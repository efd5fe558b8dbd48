"""The REST paths of the demo server, one module per group of resources."""
