//! Tests of what this process believes and holds; those of the confined process are in `tests/`.

mod answers;
mod unprintable;
mod voices;
