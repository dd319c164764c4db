"""What runs outside requests: leased sweeps, long jobs, mail, the sealing of the audit log."""
