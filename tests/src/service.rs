//! A service whose coordinator, workers and links live in the test.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use rand::rand_core::UnwrapErr;
use rand::rngs::SysRng;
use vestibule_protocol::{Authority, Channel, Link, ShiftKey};
use vestibule_wire::{
    Alias, CERTIFICATE_LEN, Epoch, Expiry, LanguageSet, Role, Timestamp, UnsignedCertificate,
};

/// The operating system's randomness.
pub fn rng() -> UnwrapErr<SysRng> {
    UnwrapErr(SysRng)
}

/// What a simulation's clock shows; nought while there is none.
static SIMULATED: AtomicU32 = AtomicU32::new(0);

/// Whatever asks for the time in this process gets this one from now on. Deadlines go on by the
/// machine's clock.
pub fn simulate_clock(now: Timestamp) {
    SIMULATED.store(now.0, Ordering::Relaxed);
}

/// The simulation's clock, or the machine's when there is none.
#[allow(clippy::disallowed_methods, reason = "tests of real processes share their clock")]
pub fn now() -> Timestamp {
    let simulated = SIMULATED.load(Ordering::Relaxed);
    if simulated > 0 {
        return Timestamp(simulated);
    }
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    Timestamp(u32::try_from(seconds).unwrap())
}

/// A service.
pub struct Service {
    /// The coordinator's keys.
    pub authority: Authority,
}

/// A worker's key and certificate of today.
pub struct Shift {
    /// X25519 key.
    pub key: ShiftKey,
    /// Signed by the service, unless a test says otherwise.
    pub certificate: [u8; CERTIFICATE_LEN],
}

impl Default for Service {
    fn default() -> Self {
        Self { authority: Authority::generate(&mut rng()) }
    }
}

impl Service {
    /// A link that holds for an hour.
    pub fn link(&self) -> Link {
        self.link_until(now().plus_seconds(3_600))
    }

    /// A link that holds until some moment.
    pub fn link_until(&self, moment: Timestamp) -> Link {
        let epoch = Epoch::current(now());
        self.authority.newest_epoch_keys(epoch).issue_link(
            self.authority.public(),
            Expiry::at(epoch, moment),
            Channel::Forum,
            &mut rng(),
        )
    }

    /// A worker's shift that holds now.
    pub fn shift(&self) -> Shift {
        self.shift_as(Role::Doctor)
    }

    /// The same for somebody of this role.
    pub fn shift_as(&self, role: Role) -> Shift {
        let key = ShiftKey::generate(&mut rng());
        let content = UnsignedCertificate { role, ..content(&key, now()) };
        let certificate = self.authority.certify(&content);
        Shift { key, certificate }
    }

    /// A shift that was over yesterday.
    pub fn expired_shift(&self) -> Shift {
        let key = ShiftKey::generate(&mut rng());
        let yesterday = Timestamp(now().0 - 86_400);
        let certificate = self.authority.certify(&content(&key, yesterday));
        Shift { key, certificate }
    }

    /// A shift whose certificate was changed after it was signed: another alias.
    pub fn altered_shift(&self) -> Shift {
        let Shift { key, mut certificate } = self.shift();
        certificate[45] ^= 1;
        Shift { key, certificate }
    }

    /// A shift certified by some other service.
    pub fn foreign_shift() -> Shift {
        Self::default().shift()
    }

    /// Writes what its clients read before they press Start, signed.
    pub fn write_card(&self, path: &Path) {
        let text = r#"{"en":"Test","ru":"Тест","uk":"Тест","ar":"اختبار"}"#;
        let card = format!(
            r#"{{"version":1,"issued":{},"name":{text},"about":{text},"hours":{text},"emergency":{text}}}"#,
            now().0
        );
        std::fs::write(path, self.authority.sign_card(card.as_bytes())).unwrap();
    }

    /// Writes the signed card and a `relay.toml` for a relay at `origin`; returns its path.
    pub fn write_relay_files(&self, folder: &Path, origin: &str) -> std::path::PathBuf {
        self.write_card(&folder.join("card.bin"));
        std::fs::create_dir_all(folder.join("page")).unwrap();
        std::fs::write(folder.join("page/index.html"), "<!doctype html><title>-</title>").unwrap();
        let listen = origin.trim_start_matches("http://");
        let authority = self.authority.public().to_hex();
        let toml = format!(
            "listen = \"{listen}\"\norigins = [\"{origin}\"]\npage = \"page\"\n[[service]]\nauthority = \"{authority}\"\ncard = \"card.bin\"\n"
        );
        let path = folder.join("relay.toml");
        std::fs::write(&path, toml).unwrap();
        path
    }
}

fn content(key: &ShiftKey, around: Timestamp) -> UnsignedCertificate {
    UnsignedCertificate {
        shift_public: key.public(),
        valid_from: Timestamp(around.0 - 3_600),
        valid_to: around.plus_seconds(3_600),
        role: Role::Doctor,
        languages: LanguageSet::from_bits(15).unwrap(),
        alias: Alias::new("Tests").unwrap(),
    }
}
