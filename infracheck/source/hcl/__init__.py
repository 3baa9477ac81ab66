"""HCL 2: the language of Terraform files, read into `infracheck.source.hcl.ast`.

`parse_body(file)` reads a file, `parse_expression(file)` a lone expression, `parse_template(file)` a template file.
"""
