"""Rules about an environment as a whole: Terraform and Kubernetes held against each other."""
