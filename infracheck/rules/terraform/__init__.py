"""Rules about Terraform resources."""
