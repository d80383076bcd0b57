//! Functions leave what they worked with on the stack, where no allocator wipes it.

use std::future::poll_fn;
use std::hint::black_box;

/// Deeper than the calls that read an opening, check a token, answer a request or make the secrets of TLS,
/// in bytes. It takes a few microseconds.
const DEPTH_BYTES: usize = 65_536;

/// Overwrites what a task's steps leave, after each of them. For what comes before cells. They are made in
/// a box, which is freed and so wiped when they are done: in the task itself a token would stay as long as
/// the consultation.
pub(crate) fn wiping<F: Future>(steps: F) -> impl Future<Output = F::Output> {
    let mut steps = Box::pin(steps);
    poll_fn(move |context| {
        let step = steps.as_mut().poll(context);
        wipe();
        step
    })
}

/// Overwrites what the calls just made have left below the caller.
#[inline(never)]
#[allow(clippy::large_stack_arrays, reason = "it is the stack that is to be covered")]
pub(crate) fn wipe() {
    let mut nothing = [0_u8; DEPTH_BYTES];
    black_box(&mut nothing);
}
