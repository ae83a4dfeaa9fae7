//! An empty library: the package has benches only.
