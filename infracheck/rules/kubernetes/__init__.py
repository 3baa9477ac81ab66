"""Rules about Kubernetes objects, as they reach the cluster."""
