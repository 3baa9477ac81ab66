"""HCL 2: the language of Terraform files, read into `infracheck.source.hcl.ast`.

`parse_body(file)` reads a file, `parse_expression(file)` a lone expression, `parse_template(file)` a template file,
`parse_json_body(file, shape)` a file in the JSON syntax, `parse_json_value(file, start)` one JSON value of a file.
"""

from infracheck.source.hcl.json import parse_json_body, parse_json_value
from infracheck.source.hcl.reader import parse_body, parse_expression, parse_template

__all__ = ["parse_body", "parse_expression", "parse_json_body", "parse_json_value", "parse_template"]
