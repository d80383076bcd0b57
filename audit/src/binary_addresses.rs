//! Canary addresses as programs and the kernel keep them: four bytes, with or without a port.
//!
//! Four bytes occur by chance. So bare ones are counted, each once, beside such addresses of the same form
//! as were never used: only more of the one than chance gives of the other is a trace. With the port of a
//! connection beside it, one is enough.

use std::collections::HashSet;

use memchr::memmem::Finder;

use crate::ledger::Addresses;

/// What was seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// Addresses beside the port of their connection.
    pub with_port: usize,
    bare: HashSet<[u8; 2]>,
    decoys: HashSet<[u8; 2]>,
}

impl Seen {
    /// How many addresses that were used were seen alone.
    pub fn bare(&self) -> usize {
        self.bare.len()
    }

    /// How many that were not.
    pub fn decoys(&self) -> usize {
        self.decoys.len()
    }

    /// How many bare ones chance does not explain: more than twice as many as the decoys let expect, and
    /// three.
    pub fn beyond_chance(&self, (used, possible): (usize, usize)) -> usize {
        let unused = possible.saturating_sub(used).max(1);
        let expected = self.decoys().saturating_mul(used).div_ceil(unused);
        self.bare().saturating_sub(expected.saturating_mul(2).saturating_add(3))
    }
}

/// Counts the addresses in these bytes.
pub fn count(bytes: &[u8], addresses: &Addresses, seen: &mut Seen) {
    let head = [127, addresses.second_octet];
    for offset in Finder::new(&head).find_iter(bytes) {
        let Some(&last) = bytes.get(offset + 2..).and_then(|rest| rest.first_chunk::<2>()) else {
            continue;
        };
        if addresses.is_decoy(last) {
            seen.decoys.insert(last);
        }
        if !addresses.is_used(last) {
            continue;
        }
        let after = bytes.get(offset + 4..).and_then(|rest| rest.first_chunk::<2>());
        let before = bytes.get(..offset).and_then(|rest| rest.last_chunk::<2>());
        let is_port = |bytes: Option<&[u8; 2]>| {
            bytes.is_some_and(|bytes| {
                [u16::from_be_bytes(*bytes), u16::from_le_bytes(*bytes)]
                    .into_iter()
                    .any(|port| addresses.came_from(last, port))
            })
        };
        if is_port(after) || is_port(before) {
            seen.with_port += 1;
        } else {
            seen.bare.insert(last);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Seen, count};
    use crate::ledger::Ledger;
    use crate::marks::Run;

    #[test]
    fn an_address_with_its_port_is_found_in_every_form_and_bare_ones_are_weighed() {
        let ledger = Ledger::new(Run::new());
        let used: Vec<_> = (0..8).map(|_| ledger.address()).collect();
        ledger.source(used[0], 40_001);
        let addresses = ledger.addresses();
        let look = |bytes: &[u8]| {
            let mut seen = Seen::default();
            count(bytes, &addresses, &mut seen);
            seen
        };
        let first = used[0].octets();
        let port = 40_001_u16;
        let sockaddr = [&[2, 0], &port.to_be_bytes()[..], &first, &[0; 8]].concat();
        let of_rust = [&first[..], &port.to_le_bytes()].concat();
        for bytes in [sockaddr, of_rust] {
            assert_eq!(look(&bytes).with_port, 1);
        }
        let table: Vec<u8> = used.iter().flat_map(|it| [it.octets(), [0; 4]].concat()).collect();
        assert_eq!(look(&table).bare(), 8);
        assert_eq!(look(&table).beyond_chance(addresses.shares()), 5);
        // However often it is there, one address is one.
        assert_eq!(look(&[&first[..], &[0]].concat().repeat(9)).bare(), 1);
        let [a, b, ..] = first;
        let decoys: Vec<u8> = (100..=254).flat_map(|last| [a, b, 101, last]).collect();
        let seen = look(&decoys);
        assert!(seen.decoys() > 140 && seen.beyond_chance(addresses.shares()) == 0, "{seen:?}");
    }
}
