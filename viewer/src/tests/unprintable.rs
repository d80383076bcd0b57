//! What can hold a file or its pictures cannot be printed: the compiler refuses these tests when a type
//! learns how.

use std::fmt::{Debug, Display};

use static_assertions::assert_not_impl_any;

use crate::document::Document;
use crate::pixels::Pixels;
use crate::{Pictures, Seen};

assert_not_impl_any!(Pictures: Debug, Display);
assert_not_impl_any!(Seen: Debug, Display);
assert_not_impl_any!(Pixels: Debug, Display);
assert_not_impl_any!(Document: Debug, Display);
