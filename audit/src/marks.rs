//! What canary consultations are made of: bytes that prove themselves wherever they turn up.
//!
//! Every mark begins with twelve bytes that nothing else in the world has: what kind of mark it is, and
//! a number drawn for this run. A block goes on with its own number and a piece of a hash over all that,
//! so that a block which is found was sent, and a fragment of one is known for what it is.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::entropy::random_bytes;

/// Length of a block, of a route and of a text mark in bytes.
pub const BLOCK_LEN: usize = 32;
/// What all marks of one kind in a run begin with, in bytes.
pub const PREFIX_LEN: usize = 12;
const NUMBER_END: usize = PREFIX_LEN + 4;

/// What a mark stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MarkKind {
    /// Part of an opening, an answer or a cell.
    Content,
    /// A route at which ends meet again.
    Route,
    /// The number of a link, in its token.
    Link,
    /// A user agent, as text.
    Agent,
}

impl MarkKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Content, Self::Route, Self::Link, Self::Agent];

    fn tag(self) -> [u8; 6] {
        match self {
            Self::Content => [0x9e, 0x37, 0xc1, 0x5d, 0xa8, 0x42],
            Self::Route => [0xd3, 0x6b, 0x91, 0x2f, 0xe4, 0x85],
            Self::Link => [0xb7, 0x1c, 0xf9, 0x63, 0x8d, 0xca],
            Self::Agent => [0; 6],
        }
    }
}

/// One run of the kit: what tells its marks from those of every other.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Run([u8; 6]);

impl Run {
    /// A run that there has not been yet.
    pub fn new() -> Self {
        Self(random_bytes())
    }

    /// What every mark of a kind begins with.
    pub fn prefix(self, kind: MarkKind) -> [u8; PREFIX_LEN] {
        let mut prefix = [0; PREFIX_LEN];
        if kind == MarkKind::Agent {
            prefix.copy_from_slice(format!("va-{}-", &self.digits()[..8]).as_bytes());
        } else {
            prefix[..6].copy_from_slice(&kind.tag());
            prefix[6..].copy_from_slice(&self.0);
        }
        prefix
    }

    /// A block of content or a route.
    pub fn block(self, kind: MarkKind, number: u32) -> [u8; BLOCK_LEN] {
        let mut block = [0; BLOCK_LEN];
        block[..PREFIX_LEN].copy_from_slice(&self.prefix(kind));
        block[PREFIX_LEN..NUMBER_END].copy_from_slice(&number.to_be_bytes());
        let check = Sha256::digest(&block[..NUMBER_END]);
        block[NUMBER_END..].copy_from_slice(&check[..BLOCK_LEN - NUMBER_END]);
        block
    }

    /// The number of a link.
    pub fn link(self, number: u32) -> [u8; 16] {
        let mut link = [0; 16];
        link[..PREFIX_LEN].copy_from_slice(&self.prefix(MarkKind::Link));
        link[PREFIX_LEN..].copy_from_slice(&number.to_be_bytes());
        link
    }

    /// The mark in a user agent: 32 letters, digits and hyphens.
    pub fn agent(self, number: u32) -> String {
        let head = format!("va-{}-{number:08x}", &self.digits()[..8]);
        let check = HEXLOWER.encode(&Sha256::digest(head.as_bytes())[..6]);
        head + &check
    }

    /// The number of a whole mark, or `None` for a fragment of one.
    pub fn read(self, kind: MarkKind, bytes: &[u8; BLOCK_LEN]) -> Option<u32> {
        let number = match kind {
            MarkKind::Agent => {
                let digits = std::str::from_utf8(&bytes[PREFIX_LEN..20]).ok()?;
                u32::from_str_radix(digits, 16).ok()?
            }
            MarkKind::Content | MarkKind::Route | MarkKind::Link => {
                u32::from_be_bytes(bytes[PREFIX_LEN..NUMBER_END].try_into().ok()?)
            }
        };
        let is_whole = match kind {
            MarkKind::Agent => self.agent(number).as_bytes() == bytes,
            MarkKind::Link => true,
            MarkKind::Content | MarkKind::Route => self.block(kind, number) == *bytes,
        };
        is_whole.then_some(number)
    }

    fn digits(self) -> String {
        HEXLOWER.encode(&self.0)
    }
}

impl Default for Run {
    fn default() -> Self {
        Self::new()
    }
}
