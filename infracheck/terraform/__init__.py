"""Terraform configurations: its types, functions and expressions, and the modules built from them."""
