"""What stands in front of the services: HTTP, call log, faults, signatures, validation, routing."""
