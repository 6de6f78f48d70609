"""Where policy is administered (PAP): revisions are filed, let count and taken back; what another would have changed."""
