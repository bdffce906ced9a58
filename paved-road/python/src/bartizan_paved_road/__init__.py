"""Sign-in, sessions, API protection and web hardening that can't be misconfigured into insecurity."""
