"""The HTTP door, in Dutch, by the NLGov REST API Design Rules. It translates and never decides."""
