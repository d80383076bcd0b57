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
use crate::words::{reason, words};

pub(super) fn run(args: &ServiceNewArgs, clock: Clock) -> Result<(), Problem> {
    let origins: Result<Vec<Origin>, Problem> =
        args.relays.iter().map(|text| Origin::parse(text)).collect();
    let card = match &args.card {
        Some(path) => Some(fs::read(path).map_err(|error| {
            Problem::new(
                "card-unreadable",
                &[
                    ("file", path.display().to_string().into()),
                    ("reason", reason(error.kind()).into()),
                ],
            )
        })?),
        None => None,
    };
    let service = Service::create(&args.name, origins?, card.as_deref(), clock.now())?;

    let key_path = args.out.join("service.age");
    let card_path = args.out.join("service-card.bin");
    key_file::refuse_existing(&key_path)?;
    key_file::refuse_existing(&card_path)?;
    let passphrase =
        passphrase::chosen(&words("passphrase-for-service", &[]), args.passphrase_file.as_deref())?;
    fs::create_dir_all(&args.out).map_err(|error| {
        Problem::new(
            "folder-not-made",
            &[
                ("folder", args.out.display().to_string().into()),
                ("reason", reason(error.kind()).into()),
            ],
        )
    })?;
    key_file::write_new(&key_path, &service.seal(passphrase, Work::OneSecond), Readers::Owner)?;
    key_file::write_new(&card_path, &service.signed_card(), Readers::Everybody)?;

    let card_path = fs::canonicalize(&card_path).unwrap_or(card_path);
    let card_text = card_path.display().to_string();
    // A JSON string is a TOML basic string.
    let quoted = serde_json::to_string(&card_text).unwrap_or_default();
    output::say(&words(
        "service-made",
        &[
            ("name", args.name.trim().into()),
            ("keys", key_path.display().to_string().into()),
            ("card", card_text.into()),
        ],
    ));
    output::result(&format!(
        "[[service]]\nauthority = \"{}\"\ncard = {quoted}",
        service.authority.public().to_hex()
    ));
    Ok(())
}
