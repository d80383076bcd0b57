//! The report as Markdown.

use super::document::Document;
use super::words::Words;

pub(super) fn text(document: &Document, words: &Words) -> String {
    let mut lines = vec![
        format!("# {}", document.title),
        document.subtitle.clone(),
        document.written.clone(),
        format!("**{}**", document.summary),
    ];
    lines.extend(document.paragraphs.iter().cloned());
    for row in &document.claims {
        lines.push(format!("## {}", row.claim));
        lines.push(format!("{}: **{}**", words.say("result", &[]), row.result));
        lines.push(format!("{}: {}", words.say("method", &[]), row.method));
        match (&row.advice, row.class) {
            (Some(advice), "finding") => {
                lines.push(format!("{}: {advice}", words.say("advice", &[])));
            }
            (Some(reason), _) => lines.push(reason.clone()),
            (None, _) => {}
        }
        if !row.evidence.is_empty() {
            // Nothing that a log or a file holds can end this block.
            let evidence: Vec<String> = row
                .evidence
                .iter()
                .map(|line| format!("    {}", line.replace('\n', " ")))
                .collect();
            lines.push(evidence.join("\n"));
        }
    }
    let [title, limits] = &document.limits;
    lines.extend([format!("## {title}"), limits.clone(), document.signature.clone()]);
    lines.join("\n\n") + "\n"
}
