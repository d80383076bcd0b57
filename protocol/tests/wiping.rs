//! What a finished consultation leaves in memory: nothing.
//!
//! A child process, with the allocator of the programs, is given masked secrets, holds one consultation
//! on a thread of its own, and forgets it. This process knows every secret from the golden transcript
//! and looks for it in the child's memory through `/proc`. Neither wiping is enough alone: optimised
//! code copies secrets into padding that no type wipes, and an allocator sees only what is freed.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

use std::convert::Infallible;
use std::fs::File;
use std::hint::black_box;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use data_encoding::HEXLOWER;
use rand_core::{TryCryptoRng, TryRng};
use serde_json::Value;
use vestibule_protocol::{
    Channel, EpochKeys, Language, Link, ReceivedOpening, Record, ShiftKey, Subject, Triage,
    start_handshake,
};
use vestibule_wire::{Epoch, Timestamp};
use zeroize::{Zeroize, Zeroizing};
use zeroizing_alloc::ZeroAlloc;

#[global_allocator]
static ALLOCATOR: ZeroAlloc<std::alloc::System> = ZeroAlloc(std::alloc::System);

const CHILD: &str = "VESTIBULE_WIPING_CHILD";
const ORIGIN: &str = "https://relay.example";
/// Secrets travel to the child under this mask, so that no pipe or buffer holds them.
const MASK: u8 = 0xA7;
const STACK_BYTES: usize = 4 << 20;

#[test]
fn a_finished_consultation_leaves_no_secret_in_memory() {
    if std::env::var_os(CHILD).is_some() {
        return hold_one_consultation();
    }
    let golden: Value = serde_json::from_str(include_str!("golden/consultation.json")).unwrap();
    let secrets = secrets(&golden);
    let mut child = Holder::start(&golden);

    child.step("hold");
    let during = child.find(&secrets);
    assert!(during.contains(&"client_key"), "the search must find what is there: {during:?}");

    child.step("forget");
    let after = child.find(&secrets);
    assert!(after.is_empty(), "left in memory after the consultation: {after:?}");
}

fn bytes(value: &Value) -> Vec<u8> {
    HEXLOWER.decode(value.as_str().unwrap().as_bytes()).unwrap()
}

fn secrets(golden: &Value) -> Vec<(&'static str, Vec<u8>)> {
    let client_random = bytes(&golden["client_random"]);
    let worker_random = bytes(&golden["worker_random"]);
    vec![
        ("psk", bytes(&golden["psk"])),
        ("client ephemeral", client_random[..32].to_vec()),
        ("client ML-KEM seed", client_random[32..].to_vec()),
        ("worker ephemeral", worker_random[..32].to_vec()),
        ("worker ML-KEM message", worker_random[32..].to_vec()),
        ("shift key", bytes(&golden["shift_private"])),
        ("epoch secret", bytes(&golden["epoch_keys"])[..32].to_vec()),
        ("psk2", bytes(&golden["keys"]["psk2"])),
        ("client_key", bytes(&golden["keys"]["client_key"])),
        ("worker_key", bytes(&golden["keys"]["worker_key"])),
        ("export", bytes(&golden["keys"]["export"])),
        ("words", said().into_bytes()),
    ]
}

/// Built, not written down: a constant would lie in the program's own pages.
fn said() -> String {
    (0..64_u8).map(|index| char::from(b'a' + (index % 26) * 7 % 26)).collect()
}

/// The child, seen from this process.
struct Holder {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Holder {
    fn start(golden: &Value) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "a_finished_consultation_leaves_no_secret_in_memory", "--nocapture"])
            .env(CHILD, "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let link = golden["link"].as_str().unwrap().as_bytes().to_vec();
        let given =
            ["client_random", "worker_random", "shift_private", "epoch_keys", "certificate"];
        for secret in std::iter::once(link).chain(given.map(|name| bytes(&golden[name]))) {
            let masked: Vec<u8> = secret.iter().map(|byte| byte ^ MASK).collect();
            input.write_all(&u32::try_from(masked.len()).unwrap().to_be_bytes()).unwrap();
            input.write_all(&masked).unwrap();
        }
        let numbers = [&golden["epoch"], &golden["now"]];
        for number in numbers {
            let number = u32::try_from(number.as_u64().unwrap()).unwrap();
            input.write_all(&number.to_be_bytes()).unwrap();
        }
        Self { child, input, output }
    }

    /// Lets the child do its next step and waits until it has.
    fn step(&mut self, name: &str) {
        self.input.write_all(b".").unwrap();
        let done = format!("done {name}");
        let mut line = String::new();
        while !line.contains(&done) {
            line.clear();
            assert!(self.output.read_line(&mut line).unwrap() > 0, "the child ended early");
        }
    }

    /// The names of the secrets that lie in the child's memory, whole or as a half.
    fn find(&self, secrets: &[(&'static str, Vec<u8>)]) -> Vec<&'static str> {
        let process = format!("/proc/{}", self.child.id());
        let maps = std::fs::read_to_string(format!("{process}/maps")).unwrap();
        let mut memory = File::open(format!("{process}/mem")).unwrap();
        let mut found = Vec::new();
        for region in maps.lines().filter(|line| line.contains(" rw")) {
            let (from, to) = region.split(' ').next().unwrap().split_once('-').unwrap();
            let from = u64::from_str_radix(from, 16).unwrap();
            let length = u64::from_str_radix(to, 16).unwrap() - from;
            let mut content = vec![0; usize::try_from(length).unwrap()];
            memory.seek(SeekFrom::Start(from)).unwrap();
            if memory.read_exact(&mut content).is_err() {
                continue;
            }
            for (name, secret) in secrets {
                let halves = secret.chunks(16).filter(|half| half.len() == 16);
                if halves.into_iter().any(|half| memchr(&content, half)) && !found.contains(name) {
                    found.push(*name);
                }
            }
        }
        found
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn memchr(content: &[u8], needle: &[u8]) -> bool {
    content.windows(needle.len()).any(|window| window[0] == needle[0] && window == needle)
}

/// The child.
#[allow(clippy::print_stdout, reason = "the parent waits for these lines")]
fn hold_one_consultation() {
    // A stack of its own, so that what the work leaves on it can be overwritten to its end.
    let work = || {
        converse();
        overwrite_stack();
    };
    std::thread::Builder::new().stack_size(STACK_BYTES).spawn(work).unwrap().join().unwrap();
    println!("done forget");
    wait_for_parent();
}

#[inline(never)]
#[allow(clippy::print_stdout, reason = "the parent waits for these lines")]
fn converse() {
    let given: Vec<Zeroizing<Vec<u8>>> = (0..6).map(|_| read_masked()).collect();
    let (epoch, now) = (read_number(), read_number());
    wait_for_parent();
    let [link, client_random, worker_random, shift, epoch_keys, certificate] = &given[..] else {
        unreachable!("six secrets are given")
    };
    let link = Link::parse(std::str::from_utf8(link).unwrap()).unwrap();
    let certificate = certificate[..].try_into().unwrap();
    let now = Timestamp(now);
    let triage = Triage {
        language: Language::from_code("ar").unwrap(),
        subject: Subject::SaferUse,
        channel: Channel::Forum,
    };
    let epoch = Epoch(u16::try_from(epoch).unwrap());
    let keys = EpochKeys::from_secrets(epoch, 0, epoch_keys[..].try_into().unwrap());
    let shift = ShiftKey::from_bytes(shift[..].try_into().unwrap());

    let (client, opening) = start_handshake(&link, ORIGIN, triage, &mut Drawn(client_random, 0));
    let received = ReceivedOpening::read(
        &opening,
        link.name(),
        &keys.psk(link.name()),
        &link.authority(),
        ORIGIN,
        &shift,
        &mut Drawn(worker_random, 0),
    )
    .unwrap();
    let (worker, answer) = received.answer(&certificate).unwrap();
    let (mut client, _) = client.finish(&answer, now).unwrap();
    let (mut worker, _) = worker.confirm(&client.empty_cell().unwrap(), now).ok().unwrap();
    let record = Record::Text(said());
    client.say(&record).unwrap();
    while let Some(cell) = client.next_cell() {
        let opened = worker.open(&cell, now).unwrap();
        assert!(opened.records == std::slice::from_ref(&record));
    }
    println!("done hold");
    wait_for_parent();
}

/// Randomness that lies with its owner.
struct Drawn<'a>(&'a [u8], usize);

impl TryRng for Drawn<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        unreachable!("the protocol draws bytes")
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        unreachable!("the protocol draws bytes")
    }

    fn try_fill_bytes(&mut self, target: &mut [u8]) -> Result<(), Infallible> {
        let end = self.1 + target.len();
        target.copy_from_slice(&self.0[self.1..end]);
        self.1 = end;
        Ok(())
    }
}

impl TryCryptoRng for Drawn<'_> {}

fn read_masked() -> Zeroizing<Vec<u8>> {
    let length = usize::try_from(read_number()).unwrap();
    let mut bytes = Zeroizing::new(vec![0; length]);
    // Unbuffered and byte by byte: nothing but the mask's image lies in any other buffer.
    std::io::stdin().lock().read_exact(&mut bytes).unwrap();
    bytes.iter_mut().for_each(|byte| *byte ^= MASK);
    bytes
}

fn read_number() -> u32 {
    let mut bytes = [0; 4];
    std::io::stdin().lock().read_exact(&mut bytes).unwrap();
    u32::from_be_bytes(bytes)
}

fn wait_for_parent() {
    let mut step = [0; 1];
    let _ = std::io::stdin().lock().read(&mut step).unwrap();
}

#[inline(never)]
#[allow(clippy::large_stack_arrays, reason = "the stack itself is what is to be overwritten")]
fn overwrite_stack() {
    let mut stack = [0xEE_u8; STACK_BYTES / 2];
    black_box(&mut stack).zeroize();
}
