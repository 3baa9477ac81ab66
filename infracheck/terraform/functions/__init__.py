"""The functions of Terraform 1.11, by family; `call` is how the evaluator reaches them."""

from infracheck.terraform.functions.calling import call

__all__ = ["call"]
