use data_encoding::{BASE64, HEXLOWER};

use super::{Hit, Scanner, Trace};
use crate::marks::{MarkKind, Run};

fn scan(scanner: &Scanner, bytes: &[u8]) -> Vec<Hit> {
    let mut hits = Vec::new();
    scanner.scan(bytes, |hit| hits.push(hit));
    hits
}

fn masked(bytes: &[u8], mask: [u8; 4]) -> Vec<u8> {
    bytes.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect()
}

#[test]
fn a_block_is_found_at_every_offset_under_any_mask() {
    let run = Run::new();
    let scanner = Scanner::new(run);
    for offset in 0..40 {
        for mask in [[0; 4], [1, 2, 3, 4], [0xff; 4], [0, 0, 0, 9]] {
            let before = vec![7; offset];
            let bytes = [&before[..], &run.block(MarkKind::Content, 5), &[1, 2]].concat();
            let hits = scan(&scanner, &masked(&bytes, mask));
            let trace = Trace::Mark(MarkKind::Content, 5);
            assert_eq!(hits, [Hit { trace, offset, masked: mask != [0; 4] }]);
        }
    }
}

#[test]
fn every_kind_of_mark_and_every_piece_is_found() {
    let run = Run::new();
    let mut scanner = Scanner::new(run);
    scanner.add(&[0xAB, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], Trace::Token(3));
    let block = run.block(MarkKind::Content, 9);
    let mut damaged = block;
    damaged[20] ^= 1;
    let cases: [(Vec<u8>, Trace); 9] = [
        (run.block(MarkKind::Route, 1).to_vec(), Trace::Mark(MarkKind::Route, 1)),
        (run.link(2).to_vec(), Trace::Mark(MarkKind::Link, 2)),
        (run.agent(4).into_bytes(), Trace::Mark(MarkKind::Agent, 4)),
        (block[..14].to_vec(), Trace::Fragment(MarkKind::Content)),
        (damaged.to_vec(), Trace::Fragment(MarkKind::Content)),
        (HEXLOWER.encode(&block).into_bytes(), Trace::Encoded(MarkKind::Content)),
        (BASE64.encode(&[&[1], &block[..]].concat()).into(), Trace::Encoded(MarkKind::Content)),
        (block.escape_ascii().to_string().into(), Trace::Encoded(MarkKind::Content)),
        (vec![0xAB, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], Trace::Token(3)),
    ];
    for (bytes, trace) in cases {
        let hits = scan(&scanner, &[b"log: ", &bytes[..], b"\n"].concat());
        assert!(
            hits.iter().any(|hit| hit.trace == trace && hit.offset >= 5),
            "{trace:?}: {hits:?}"
        );
    }
}

#[test]
fn marks_of_another_run_and_noise_are_not_ours() {
    let scanner = Scanner::new(Run::new());
    let other = Run::new();
    let mut bytes = vec![0; 1 << 20];
    for (place, byte) in bytes.iter_mut().enumerate().skip(1 << 19) {
        *byte = u8::try_from(place.wrapping_mul(0x9e37_79b9) >> 13 & 0xff).unwrap();
    }
    bytes.extend(other.block(MarkKind::Content, 1));
    bytes.extend(other.link(1));
    assert_eq!(scan(&scanner, &bytes), []);
}
