//! What an authority signed and an operator serves: read and checked when the relay starts.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use vestibule_wire::{
    AuthorityKey, CARD_BYTES_MAX, LEAFLETS_BYTES_MAX, Language, Leaflets, ServiceCard,
};

use super::ConfigError;

/// Reads a service's card.
pub(super) fn load_card(path: &Path, authority: &AuthorityKey) -> Result<Vec<u8>, ConfigError> {
    let wrong = |problem: String| ConfigError::Card { path: path.to_owned(), problem };
    let card = read_at_most(path, CARD_BYTES_MAX).map_err(|problem| wrong(problem.to_string()))?;
    ServiceCard::verify(&card, authority).map_err(|problem| wrong(problem.to_string()))?;
    Ok(card)
}

fn file_name(language: Language) -> String {
    format!("{}.bin", language.code())
}

/// Reads a service's leaflets from a folder, in as many languages as there are.
pub(super) fn load_leaflets(
    folder: &Path,
    authority: &AuthorityKey,
) -> Result<HashMap<&'static str, Vec<u8>>, ConfigError> {
    let mut languages = HashMap::new();
    for language in Language::all() {
        let path = folder.join(file_name(language));
        let wrong = |problem: &str| ConfigError::Leaflets {
            path: path.clone(),
            problem: problem.to_owned(),
        };
        let bytes = match read_at_most(&path, LEAFLETS_BYTES_MAX) {
            Ok(bytes) => bytes,
            Err(problem) if problem.kind() == io::ErrorKind::NotFound => continue,
            Err(problem) => return Err(wrong(&problem.to_string())),
        };
        let leaflets = Leaflets::verify(&bytes, authority)
            .map_err(|_| wrong("they have the wrong form or are not of this service"))?;
        if leaflets.language != language {
            return Err(wrong(&format!(
                "they are in another language, {:?}",
                leaflets.language.code()
            )));
        }
        languages.insert(language.code(), bytes);
    }
    if languages.is_empty() {
        let names: Vec<String> = Language::all().map(file_name).collect();
        let problem = format!("there is none of {}", names.join(", "));
        return Err(ConfigError::Leaflets { path: folder.to_owned(), problem });
    }
    Ok(languages)
}

/// One byte more than may be, so that what is too long is seen to be.
fn read_at_most(path: &Path, len_max: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let longest = u64::try_from(len_max).unwrap_or(u64::MAX);
    File::open(path)?.take(longest.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}
