"""What a scan says, as pure data: findings, gaps, what was not judged, suppressions, the baseline and the report."""
