//! Which characters a pack's texts may hold, and how many.

use toml::Spanned;

use super::PackProblem;
use super::limits::{ID_LEN_MAX, LINE_CHARACTERS_MAX};
use super::toml_file::SourceText;
use crate::words::words;

/// The first character of a text that is refused: controls, what turns the direction of the text
/// around it without being seen, and what is no character.
fn refused(text: &str, several_lines: bool) -> Option<char> {
    text.chars().find(|character| match character {
        '\n' => !several_lines,
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => true,
        '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFD}' => true,
        '\u{E0000}'..='\u{E007F}' => true,
        other => other.is_control(),
    })
}

/// A character as people look it up: `U+202E`.
fn name(character: char) -> String {
    format!("U+{:04X}", u32::from(character))
}

/// Refuses a whole file that holds a character that no text may hold. TOML's escapes can still
/// bring one in, so that its values are looked at too.
pub(super) fn check_file(file: SourceText<'_>) -> Result<(), PackProblem> {
    let unseen = |character: char| {
        character != '\r'
            && character != '\t'
            && refused(character.encode_utf8(&mut [0; 4]), true).is_some()
    };
    match file.text.char_indices().find(|(_, character)| unseen(*character)) {
        Some((place, character)) => Err(file.problem_at(place, refusal(character))),
        None => Ok(()),
    }
}

fn refusal(character: char) -> String {
    words("pack-character", &[("character", name(character).into())])
}

/// A text of one line and at most so many bytes.
pub(super) fn line_of_bytes(
    file: SourceText<'_>,
    value: &Spanned<String>,
    bytes_max: usize,
) -> Result<String, PackProblem> {
    let text = value.get_ref().trim();
    if let Some(character) = refused(text, false) {
        return Err(file.problem_in(value, refusal(character)));
    }
    check_length(file, value, text.len(), bytes_max)?;
    Ok(text.to_owned())
}

/// A text of one line that people read in lists.
pub(super) fn line(file: SourceText<'_>, value: &Spanned<String>) -> Result<String, PackProblem> {
    line_of_bytes(file, value, LINE_CHARACTERS_MAX * 4)
}

/// A text of one line and at most so many characters.
pub(super) fn line_of_characters(
    file: SourceText<'_>,
    value: &Spanned<String>,
    characters_max: usize,
) -> Result<String, PackProblem> {
    let text = line_of_bytes(file, value, usize::MAX)?;
    check_count(file, value, &text, characters_max)?;
    Ok(text)
}

/// A text of several lines and at most so many bytes, without space around it.
pub(super) fn lines_of_bytes(
    file: SourceText<'_>,
    value: &Spanned<String>,
    bytes_max: usize,
) -> Result<String, PackProblem> {
    let text = lines(file, value)?;
    check_length(file, value, text.len(), bytes_max)?;
    Ok(text)
}

/// A text of several lines and at most so many characters, without space around it.
pub(super) fn lines_of_characters(
    file: SourceText<'_>,
    value: &Spanned<String>,
    characters_max: usize,
) -> Result<String, PackProblem> {
    let text = lines(file, value)?;
    check_count(file, value, &text, characters_max)?;
    check_length(file, value, text.len(), usize::MAX)?;
    Ok(text)
}

fn check_count(
    file: SourceText<'_>,
    value: &Spanned<String>,
    text: &str,
    characters_max: usize,
) -> Result<(), PackProblem> {
    let count = text.chars().count();
    if count > characters_max {
        let reason = words(
            "pack-too-many-characters",
            &[("length", count.into()), ("maximum", characters_max.into())],
        );
        return Err(file.problem_in(value, reason));
    }
    Ok(())
}

fn lines(file: SourceText<'_>, value: &Spanned<String>) -> Result<String, PackProblem> {
    let text = value.get_ref().trim();
    if let Some(character) = refused(text, true) {
        return Err(file.problem_in(value, refusal(character)));
    }
    Ok(text.to_owned())
}

fn check_length(
    file: SourceText<'_>,
    value: &Spanned<String>,
    length: usize,
    bytes_max: usize,
) -> Result<(), PackProblem> {
    if length == 0 {
        return Err(file.problem_in(value, words("pack-empty", &[])));
    }
    if length > bytes_max {
        return Err(file.problem_in(value, too_long(length, bytes_max)));
    }
    Ok(())
}

/// Why a text of so many bytes is refused.
pub(super) fn too_long(length: usize, bytes_max: usize) -> String {
    words("pack-too-long", &[("length", length.into()), ("maximum", bytes_max.into())])
}

/// Whether this can be an id: small Latin letters, digits, `-` and `_`.
pub(super) fn is_id(text: &str) -> bool {
    let character =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
    (1..=ID_LEN_MAX).contains(&text.len()) && text.bytes().all(character)
}

/// An id.
pub(super) fn id(file: SourceText<'_>, value: &Spanned<String>) -> Result<String, PackProblem> {
    if is_id(value.get_ref()) {
        return Ok(value.get_ref().clone());
    }
    Err(file.problem_in(value, not_an_id(value.get_ref())))
}

/// Why a text is no id.
pub(super) fn not_an_id(text: &str) -> String {
    words("pack-id", &[("text", text.into()), ("maximum", ID_LEN_MAX.into())])
}
