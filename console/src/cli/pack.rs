//! `vestibule pack new`, `vestibule pack check` and `vestibule pack sign`

use std::fs;
use std::path::{Path, PathBuf};

use vestibule_protocol::Language;

use super::coordinator::ServiceInHand;
use super::service_new::make_folder;
use crate::clock::Clock;
use crate::key_file::{self, Readers};
use crate::output;
use crate::pack::{self, Pack};
use crate::problem::Problem;
use crate::words::words;

#[derive(clap::Args)]
pub(super) struct NewArgs {
    /// The new folder.
    folder: PathBuf,
}

#[derive(clap::Args)]
pub(super) struct CheckArgs {
    /// The pack's folder.
    folder: PathBuf,
}

#[derive(clap::Args)]
pub(super) struct SignArgs {
    /// The pack's folder.
    folder: PathBuf,
    /// The coordinator's service.age.
    #[arg(long, value_name = "FILE")]
    service: PathBuf,
    /// Folder for service-card.bin and the leaflets, for the relay.
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// Take the service's passphrase from a file instead of asking.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

pub(super) fn new(args: &NewArgs) -> Result<(), Problem> {
    key_file::refuse_existing(&args.folder)?;
    for (path, text) in pack::starter_files() {
        let path = args.folder.join(path);
        if let Some(folder) = path.parent() {
            make_folder(folder)?;
        }
        key_file::write_new(&path, text.as_bytes(), Readers::Everybody)?;
    }
    output::say(&words("pack-made", &[("folder", args.folder.display().to_string().into())]));
    Ok(())
}

pub(super) fn check(args: &CheckArgs) -> Result<(), Problem> {
    let pack = Pack::read(&args.folder)?;
    for hint in pack.hints() {
        output::say(&hint);
    }
    output::say(&words("pack-right", &[("version", pack.version().into())]));
    Ok(())
}

pub(super) fn sign(args: &SignArgs, clock: Clock) -> Result<(), Problem> {
    let pack = Pack::read(&args.folder)?;
    let now = clock.now();
    let mut hand = ServiceInHand::open(&args.service, args.passphrase_file.as_deref())?;
    hand.service.take_card(&pack, now)?;
    hand.save()?;

    let leaflets = args.out.join("leaflets");
    make_folder(&leaflets)?;
    for language in Language::all() {
        let path = leaflets.join(format!("{}.bin", language.code()));
        let cards = pack.leaflets(language, now);
        if cards.cards.is_empty() {
            // An older one would go on to be served.
            key_file::remove(&path)?;
            continue;
        }
        let signed = hand.service.authority.sign_leaflets(&pack::leaflets_json(&cards));
        key_file::replace(&path, &signed, Readers::Everybody)?;
    }
    let card = args.out.join("service-card.bin");
    key_file::replace(&card, &hand.service.signed_card(), Readers::Everybody)?;

    output::say(&words("pack-signed", &[("version", pack.version().into())]));
    output::result(&format!("card = {}\nleaflets = {}", toml_path(&card), toml_path(&leaflets)));
    Ok(())
}

/// A path as it stands in relay.toml: a JSON string is a TOML basic string.
pub(super) fn toml_path(path: &Path) -> String {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    serde_json::to_string(&path.display().to_string()).unwrap_or_default()
}
