"""Configuration: found, read, merged and validated into one frozen `Settings`. Nobody else reads settings."""
