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

/// The same files in every language, so that none is forgotten in one.
macro_rules! languages {
    ($files:ident: $($path:literal)+) => {
        language!($files, "en": $($path)+);
        language!($files, "ru": $($path)+);
        language!($files, "uk": $($path)+);
        language!($files, "ar": $($path)+);
    };
}

/// Every file by its path.
pub(super) fn files() -> Files {
    let mut files = Files::new();
    let mut add = |path: &str, text: &str| files.insert(path.to_owned(), text.to_owned());
    add("pack.toml", include_str!("../../pack/pack.toml"));
    add("card.toml", include_str!("../../pack/card.toml"));
    add("README.md", include_str!("../../pack/README.md"));
    languages!(files:
        "replies.toml"
        "referrals.toml"
        "cards/comedown.md"
        "cards/cutting-down.md"
        "cards/driving-children.md"
        "cards/fear-voices.md"
        "cards/for-families.md"
        "cards/injecting.md"
        "cards/long-sessions.md"
        "cards/mixing.md"
        "cards/opioid-treatment.md"
        "cards/overdose-opioids.md"
        "cards/overheating-heart.md"
        "cards/rights.md"
        "cards/seizure.md"
        "cards/sex.md"
        "cards/skin-wounds.md"
        "cards/snorting-smoking.md"
        "cards/stimulants.md"
        "cards/testing.md"
        "cards/unknown-product.md"
        "scripts/overdose.md"
        "scripts/seizure.md"
        "scripts/stimulants.md"
        "scripts/suicide.md"
        "scripts/violence.md"
    );
    files
}
