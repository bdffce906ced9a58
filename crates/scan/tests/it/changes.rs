//! What a change adds, and what was there before.
