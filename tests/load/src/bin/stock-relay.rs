//! The same with the system's allocator, which leaves what is freed as it was.

fn main() {
    vestibule_load::program::run();
}
