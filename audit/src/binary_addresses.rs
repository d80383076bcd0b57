//! Canary addresses as programs and the kernel keep them: four bytes, with or without a port.
//!
//! Four bytes occur by chance. So bare ones are counted beside such addresses of the same form as were
//! never used: only more of the one than chance gives of the other is a trace. With the port of a
//! connection beside it, one is enough.

use memchr::memmem::Finder;

use crate::ledger::Addresses;

/// What was seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seen {
    /// Addresses beside the port of their connection.
    pub with_port: usize,
    /// Addresses that were used, alone.
    pub bare: usize,
    /// Addresses that were not.
    pub decoys: usize,
}

impl Seen {
    /// Adds what was seen elsewhere.
    pub fn add(&mut self, other: Self) {
        self.with_port += other.with_port;
        self.bare += other.bare;
        self.decoys += other.decoys;
    }

    /// How many bare ones chance does not explain: more than twice as many as the decoys let expect, and
    /// three.
    pub fn beyond_chance(self, (used, possible): (usize, usize)) -> usize {
        let unused = possible.saturating_sub(used).max(1);
        let expected = self.decoys.saturating_mul(used).div_ceil(unused);
        self.bare.saturating_sub(expected.saturating_mul(2).saturating_add(3))
    }
}

/// Counts the addresses in these bytes.
pub fn count(bytes: &[u8], addresses: &Addresses) -> Seen {
    let mut seen = Seen::default();
    let head = [127, addresses.second_octet];
    for offset in Finder::new(&head).find_iter(bytes) {
        let Some(&last) = bytes.get(offset + 2..).and_then(|rest| rest.first_chunk::<2>()) else {
            continue;
        };
        if addresses.is_decoy(last) {
            seen.decoys += 1;
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
            seen.bare += 1;
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::{Seen, count};
    use crate::ledger::Ledger;
    use crate::marks::Run;

    #[test]
    fn an_address_with_its_port_is_found_in_every_form_and_a_bare_one_is_weighed() {
        let ledger = Ledger::new(Run::new());
        let address = ledger.address();
        ledger.source(address, 40_001);
        let addresses = ledger.addresses();
        let [a, b, c, d] = address.octets();
        let port = 40_001_u16;
        let sockaddr = [&[2, 0], &port.to_be_bytes()[..], &[a, b, c, d], &[0; 8]].concat();
        let of_rust = [&[a, b, c, d], &port.to_le_bytes()[..]].concat();
        for bytes in [sockaddr, of_rust] {
            assert_eq!(count(&bytes, &addresses), Seen { with_port: 1, ..Seen::default() });
        }
        let table = [a, b, c, d, 0, 0, 0, 0].repeat(5);
        let seen = count(&table, &addresses);
        assert_eq!(seen, Seen { bare: 5, ..Seen::default() });
        assert_eq!(seen.beyond_chance(addresses.shares()), 2);
        let decoy = [a, b, d ^ 1, c, 0].repeat(9);
        assert_eq!(count(&decoy, &addresses).bare, 0);
    }
}
