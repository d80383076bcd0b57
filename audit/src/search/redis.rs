//! A Redis or Valkey that relays share: what it holds, against what is published that it holds.

mod client;
mod schema;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

pub use client::{Client, Reply};
pub use schema::{Kind, unknown};

use super::{Look, Residue};

/// Keys that are looked at.
const KEYS_MAX: usize = 1_000_000;
const KEYS_SHOWN_MAX: usize = 10;
/// Of what Redis is told while canaries are there, so many bytes are kept.
const MONITOR_BYTES_MAX: usize = 64 * 1_024 * 1_024;

/// What one Redis holds.
pub struct Searched {
    /// What was found in keys and values, the slow log, the list of its clients and what it was told.
    pub residue: Residue,
    /// How many keys there are.
    pub keys: usize,
    /// Keys that are not in the published table, or not of its form.
    pub unknown: Vec<String>,
    /// Settings that write what it holds to a disk or keep it longer.
    pub settings: Vec<String>,
    /// Its process, where that is on this machine.
    pub process: Option<u32>,
}

/// Everything that a Redis is told, from now on.
pub struct Monitor {
    stop: Arc<AtomicBool>,
    heard: JoinHandle<Vec<u8>>,
}

impl Monitor {
    /// Begins to listen.
    ///
    /// # Errors
    /// When Redis does not allow it.
    pub fn begin(url: &str) -> io::Result<Self> {
        let mut client = Client::connect(url)?;
        client.call(&["MONITOR"])?;
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let heard = std::thread::spawn(move || {
            let mut heard = Vec::new();
            while !stopped.load(Ordering::Relaxed) && heard.len() < MONITOR_BYTES_MAX {
                // A second without a word is no end.
                if let Ok(line) = client.line() {
                    heard.extend(line);
                    heard.push(b'\n');
                }
            }
            heard
        });
        Ok(Self { stop, heard })
    }

    /// What was said.
    pub fn end(self) -> Vec<u8> {
        self.stop.store(true, Ordering::Relaxed);
        self.heard.join().unwrap_or_default()
    }
}

/// Searches one Redis.
///
/// # Errors
/// When it cannot be reached or refuses.
pub fn search(url: &str, heard: &[u8], look: &Look) -> io::Result<Searched> {
    let mut client = Client::connect(url)?;
    let mut searched = Searched {
        residue: look.nothing(),
        keys: 0,
        unknown: Vec::new(),
        settings: settings(&mut client)?,
        process: process(&mut client, url),
    };
    look.at(heard, &format!("{url} MONITOR"), &mut searched.residue);
    for command in [&["SLOWLOG", "GET", "-1"][..], &["CLIENT", "LIST"], &["ACL", "LOG"]] {
        let reply = client.call(command)?;
        look.at(&reply.flat(), &format!("{url} {}", command.join(" ")), &mut searched.residue);
    }
    for key in client.keys(KEYS_MAX)? {
        searched.keys += 1;
        look.at(&key, &format!("{url} names of keys"), &mut searched.residue);
        let name = String::from_utf8_lossy(&key).into_owned();
        let value = client.call_bytes(&[b"DUMP", &key])?.flat();
        look.at(&value, &format!("{url} {name}"), &mut searched.residue);
        if let Some(why) = unknown(&mut client, &key)?
            && searched.unknown.len() < KEYS_SHOWN_MAX
        {
            searched.unknown.push(format!("{name}: {why}"));
        }
    }
    Ok(searched)
}

/// Settings under which keys reach a disk, or commands stay in memory.
fn settings(client: &mut Client) -> io::Result<Vec<String>> {
    let mut wrong = Vec::new();
    for (name, wanted) in [("save", ""), ("appendonly", "no")] {
        let value = client.setting(name)?;
        if value != wanted {
            wrong.push(format!("{name} {value:?} in place of {wanted:?}"));
        }
    }
    Ok(wrong)
}

fn process(client: &mut Client, url: &str) -> Option<u32> {
    let is_here = url.contains("//127.") || url.contains("//localhost") || url.contains("@127.");
    let info = client.call(&["INFO", "server"]).ok()?.flat();
    let info = String::from_utf8_lossy(&info).into_owned();
    let process = info.lines().find_map(|line| line.strip_prefix("process_id:"));
    process.filter(|_| is_here)?.trim().parse().ok()
}
