"""What published documents say about Kubernetes, as plain data. Each module names its source."""
