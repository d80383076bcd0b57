//! `vestibule service new`

use std::fs;
use std::path::{Path, PathBuf};

use super::pack::toml_path;
use crate::clock::Clock;
use crate::key_file::{self, Readers, Work};
use crate::origin::Origin;
use crate::output;
use crate::pack::Pack;
use crate::passphrase;
use crate::problem::Problem;
use crate::service_file::Service;
use crate::words::{reason, words};

#[derive(clap::Args)]
pub(super) struct Args {
    /// What clients know the service as.
    #[arg(long)]
    name: String,
    /// Address of the relay, for example `https://relay.example`. May be given several times: links
    /// carry the first.
    #[arg(long = "relay", required = true, value_name = "ADDRESS")]
    relays: Vec<String>,
    /// Address of the client's page, if a web server apart from the relay serves it: links carry it then.
    #[arg(long, value_name = "ADDRESS")]
    page: Option<String>,
    /// Folder of the content pack whose texts the service card takes; the starter pack's when not
    /// given.
    #[arg(long, value_name = "FOLDER")]
    pack: Option<PathBuf>,
    /// Folder for service.age and service-card.bin.
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// Take the new passphrase from a file instead of asking.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

pub(super) fn run(args: &Args, clock: Clock) -> Result<(), Problem> {
    let origins: Result<Vec<Origin>, Problem> =
        args.relays.iter().map(|text| Origin::parse(text)).collect();
    let pack = args.pack.as_deref().map(Pack::read).transpose()?;
    let page = args.page.as_deref().map(Origin::parse).transpose()?;
    let mut service = Service::create(&args.name, origins?, pack.as_ref(), clock.now())?;
    service.page = page;

    let key_path = args.out.join("service.age");
    let card_path = args.out.join("service-card.bin");
    key_file::refuse_existing(&key_path)?;
    key_file::refuse_existing(&card_path)?;
    let passphrase =
        passphrase::chosen(&words("passphrase-for-service", &[]), args.passphrase_file.as_deref())?;
    make_folder(&args.out)?;
    key_file::write_new(&key_path, &service.seal(passphrase, Work::OneSecond), Readers::Owner)?;
    key_file::write_new(&card_path, &service.signed_card(), Readers::Everybody)?;

    output::say(&words(
        "service-made",
        &[
            ("name", args.name.trim().into()),
            ("keys", key_path.display().to_string().into()),
            ("card", card_path.display().to_string().into()),
        ],
    ));
    output::result(&format!(
        "[[service]]\nauthority = \"{}\"\ncard = {}",
        service.authority.public().to_hex(),
        toml_path(&card_path)
    ));
    Ok(())
}

/// Makes a folder and those above it.
pub(super) fn make_folder(folder: &Path) -> Result<(), Problem> {
    fs::create_dir_all(folder).map_err(|error| {
        let shown = folder.display().to_string();
        let reason = reason(error.kind());
        Problem::new("folder-not-made", &[("folder", shown.into()), ("reason", reason.into())])
    })
}
