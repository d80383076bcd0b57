//! What probes aim at: files, a program and sockets of the auditor's own, open to everybody, so that no
//! ordinary right of files answers in the place of confinement.

use std::fs::{self, Permissions};
use std::io;
use std::net::{TcpListener, UdpSocket};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;

use crate::entropy::random_bytes;
use crate::process::Process;

/// Where everybody may write on most machines.
const PLACES: [&str; 4] = ["/tmp", "/var/tmp", "/dev/shm", "/run"];

/// What is there for the process.
pub(super) struct Surroundings {
    /// As this program sees it.
    outside: PathBuf,
    /// As the process does.
    inside: PathBuf,
    process: Process,
    _journal: UnixDatagram,
    syslog: UdpSocket,
    other_machine: TcpListener,
}

impl Surroundings {
    pub(super) fn prepare(process: Process) -> io::Result<Self> {
        let name = format!("vestibule-audit-{}", HEXLOWER.encode(&random_bytes::<6>()));
        let root = process.path("root");
        let made = PLACES.iter().map(Path::new).find_map(|place| {
            let inside = place.join(&name);
            let outside = root.join(inside.strip_prefix("/").ok()?);
            fs::create_dir(&outside).ok()?;
            Some((outside, inside))
        });
        let (outside, inside) =
            made.ok_or_else(|| io::Error::other("no folder that the process could see was made"))?;
        let open = |name: &str, mode| {
            fs::set_permissions(outside.join(name), Permissions::from_mode(mode))
        };
        open("", 0o777)?;
        fs::write(outside.join("log"), "before\n")?;
        open("log", 0o666)?;
        // No kind of program that there is: to begin it fails after all permission was given.
        fs::write(outside.join("program"), [0; 64])?;
        open("program", 0o777)?;
        let journal = UnixDatagram::bind(outside.join("journal"))?;
        open("journal", 0o777)?;
        Ok(Self {
            outside,
            inside,
            process,
            _journal: journal,
            syslog: UdpSocket::bind("127.0.0.1:0")?,
            other_machine: TcpListener::bind("127.0.0.1:0")?,
        })
    }

    /// A path for the process, as C writes it.
    pub(super) fn path(&self, name: &str) -> Vec<u8> {
        [self.inside.join(name).as_os_str().as_bytes(), &[0]].concat()
    }

    /// Takes away a file that the process made.
    pub(super) fn remove(&self, path: &str) {
        let outside = match path.strip_prefix('/') {
            Some(path) => self.process.path("root").join(path),
            None => self.process.path("cwd").join(path),
        };
        // It is there only if a probe succeeded.
        let _not_there = fs::remove_file(&outside).or_else(|_| fs::remove_dir(&outside));
    }

    /// The address of the socket that stands for a journal's.
    pub(super) fn journal(&self) -> Vec<u8> {
        [&1_u16.to_ne_bytes()[..], &self.path("journal")].concat()
    }

    /// The address of the socket that stands for a log server's.
    pub(super) fn syslog(&self) -> io::Result<Vec<u8>> {
        Ok(internet(self.syslog.local_addr()?.port()))
    }

    /// The address of another program that listens.
    pub(super) fn other_machine(&self) -> io::Result<Vec<u8>> {
        Ok(internet(self.other_machine.local_addr()?.port()))
    }
}

impl Drop for Surroundings {
    fn drop(&mut self) {
        // What is left can be seen in the folder of temporary files, by its name.
        let _left = fs::remove_dir_all(&self.outside);
    }
}

/// `sockaddr_in` of 127.0.0.1.
pub(super) fn internet(port: u16) -> Vec<u8> {
    [&2_u16.to_ne_bytes()[..], &port.to_be_bytes(), &[127, 0, 0, 1], &[0; 8]].concat()
}
