//! The relay with the allocator that it is shipped with: what is freed is wiped.

use std::alloc::System;

use zeroizing_alloc::ZeroAlloc;

#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

fn main() {
    vestibule_load::program::run();
}
