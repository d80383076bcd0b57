//! `vestibule service new`

use std::fs;

use super::ServiceNewArgs;
use crate::clock::Clock;
use crate::key_file::{self, Readers, Work};
use crate::origin::Origin;
use crate::output;
use crate::passphrase;
use crate::problem::Problem;
use crate::service_file::Service;

pub(super) fn run(args: &ServiceNewArgs, clock: Clock) -> Result<(), Problem> {
    let origins: Result<Vec<Origin>, Problem> =
        args.relays.iter().map(|text| Origin::parse(text)).collect();
    let card = match &args.card {
        Some(path) => Some(fs::read(path).map_err(|error| {
            Problem::new(format!(
                "The card's texts {} cannot be read ({}): check the file's name.",
                path.display(),
                error.kind()
            ))
        })?),
        None => None,
    };
    let service = Service::create(&args.name, origins?, card.as_deref(), clock.now())?;

    let key_path = args.out.join("service.age");
    let card_path = args.out.join("service-card.bin");
    key_file::refuse_existing(&key_path)?;
    key_file::refuse_existing(&card_path)?;
    let passphrase = passphrase::chosen(
        "Choose a passphrase for the service's keys: ",
        args.passphrase_file.as_deref(),
    )?;
    fs::create_dir_all(&args.out).map_err(|error| {
        Problem::new(format!(
            "The folder {} cannot be made ({}): choose another.",
            args.out.display(),
            error.kind()
        ))
    })?;
    key_file::write_new(&key_path, &service.seal(passphrase, Work::OneSecond), Readers::Owner)?;
    key_file::write_new(&card_path, &service.signed_card(), Readers::Everybody)?;

    let card_path = fs::canonicalize(&card_path).unwrap_or(card_path);
    let card_text = card_path.display().to_string();
    // A JSON string is a TOML basic string.
    let quoted = serde_json::to_string(&card_text).unwrap_or_default();
    output::say(&format!(
        "The service “{}” was made. Keep {} offline, with a copy in a second place: without it, or \
         without its passphrase, nobody can be enrolled. The relay's operator needs {} and these \
         lines for relay.toml:",
        args.name.trim(),
        key_path.display(),
        card_text
    ));
    output::result(&format!(
        "[[service]]\nauthority = \"{}\"\ncard = {quoted}",
        service.authority.public().to_hex()
    ));
    Ok(())
}
