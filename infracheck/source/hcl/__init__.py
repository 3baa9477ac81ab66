"""HCL 2: the language of Terraform files, read into `infracheck.source.hcl.ast`.

`parse_body(file)` reads a file, `parse_expression(file)` a lone expression, `parse_template(file)` a template file.
"""

from infracheck.source.hcl import ast
from infracheck.source.hcl.ast import ParsedFile
from infracheck.source.hcl.reader import parse_body, parse_expression, parse_template

__all__ = ["ParsedFile", "ast", "parse_body", "parse_expression", "parse_template"]
