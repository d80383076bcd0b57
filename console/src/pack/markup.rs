//! Card text (section 8 of the protocol): headings, lists, paragraphs, and nothing else.

use crate::words::words;

/// What a line of card text belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    Heading,
    Item,
    Paragraph,
}

/// What is wrong, and where.
pub(super) struct Wrong<'a> {
    /// From 0 on.
    pub(super) line: usize,
    /// As it stands.
    pub(super) text: &'a str,
    /// In the person's language.
    pub(super) reason: String,
}

/// Brings card text into the form in which it travels: each block on one line, however it was
/// wrapped in the file.
pub(super) fn card_text(source: &str) -> Result<String, Wrong<'_>> {
    let mut text = String::with_capacity(source.len());
    // The block of the line before, unless an empty line has ended it.
    let mut open = None;
    let mut last = None;
    for (number, line) in source.lines().enumerate() {
        let trimmed = line.trim();
        if trimmed.is_empty() {
            open = None;
            continue;
        }
        let (block, content) = if let Some(heading) = trimmed.strip_prefix("## ") {
            (Block::Heading, heading)
        } else if let Some(item) = trimmed.strip_prefix("- ") {
            (Block::Item, item)
        } else if is_other_markup(trimmed) {
            return Err(Wrong { line: number, text: line, reason: words("pack-markup", &[]) });
        } else if matches!(open, Some(Block::Item | Block::Paragraph)) {
            text.push(' ');
            text.push_str(trimmed);
            continue;
        } else {
            (Block::Paragraph, trimmed)
        };
        text.push_str(between(last, block));
        text.push_str(match block {
            Block::Heading => "## ",
            Block::Item => "- ",
            Block::Paragraph => "",
        });
        text.push_str(content.trim());
        open = Some(block);
        last = Some(block);
    }
    Ok(text)
}

fn between(last: Option<Block>, next: Block) -> &'static str {
    match (last, next) {
        (None, _) => "",
        (Some(Block::Heading), Block::Item | Block::Paragraph)
        | (Some(Block::Item), Block::Item) => "\n",
        (Some(_), _) => "\n\n",
    }
}

/// What people know from Markdown, and what would be shown as it stands here.
fn is_other_markup(line: &str) -> bool {
    let digits = line.trim_start_matches(|it: char| it.is_ascii_digit());
    let numbered =
        digits.len() < line.len() && (digits.starts_with(". ") || digits.starts_with(") "));
    let alone = line.len() >= 3 && line.bytes().all(|byte| b"-=_*".contains(&byte));
    numbered || alone || line == "-" || line.starts_with(['#', '*', '>', '|', '`', '+', '•', '–'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &str) -> String {
        card_text(source).unwrap_or_else(|wrong| panic!("{}: {}", wrong.line, wrong.reason))
    }

    #[test]
    fn wrapped_lines_are_joined_and_blocks_stand_apart() {
        let source =
            "\n\nBefore you\n  begin:\n\n## Now\n- one\n  and more\n- two\n## Then\n\nlast";
        assert_eq!(
            read(source),
            "Before you begin:\n\n## Now\n- one and more\n- two\n\n## Then\nlast"
        );
        assert_eq!(read("a\r\nb\r\n\r\nc\r\n"), "a b\n\nc");
        assert_eq!(read(""), "");
    }

    #[test]
    fn what_travels_is_read_as_it_is() {
        let text = read("intro\n\n## A\n- one\n- two\n\nmore\n\n- three\n\n## B\nend");
        assert_eq!(read(&text), text);
    }

    #[test]
    fn other_markup_is_refused_where_it_stands() {
        for line in
            ["# A", "### A", "* a", "1. a", "12) a", "> a", "```", "---", "-", "**a**", "• a"]
        {
            let source = format!("ok\n\n{line}\n");
            let wrong = card_text(&source).err().unwrap_or_else(|| panic!("{line}"));
            assert_eq!((wrong.line, wrong.text), (2, line));
        }
        assert_eq!(read("112 is the number"), "112 is the number");
        assert_eq!(read("-5 degrees"), "-5 degrees");
    }
}
