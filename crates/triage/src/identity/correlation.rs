//! Which findings of several tools are one weakness.
