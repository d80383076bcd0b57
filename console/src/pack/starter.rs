//! The pack that comes with the program: `console/pack/`.

use super::read::Files;

/// The files of one language.
macro_rules! language {
    ($files:ident, $code:literal: $($path:literal)+) => {
        $($files.insert(
            concat!($code, "/", $path).to_owned(),
            include_str!(concat!("../../pack/", $code, "/", $path)).to_owned(),
        );)+
    };
}

/// Every file by its path.
pub(super) fn files() -> Files {
    let mut files = Files::new();
    let mut add = |path: &str, text: &str| files.insert(path.to_owned(), text.to_owned());
    add("pack.toml", include_str!("../../pack/pack.toml"));
    add("card.toml", include_str!("../../pack/card.toml"));
    add("README.md", include_str!("../../pack/README.md"));
    language!(files, "en": "replies.toml" "referrals.toml");
    files
}
