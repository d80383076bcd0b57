use std::collections::BTreeSet;

use super::document::Document;
use super::words::{Language, Words};
use super::{Report, html, markdown};
use crate::claims::{CLAIMS, Claim, Reason, Severity, Verdict};
use crate::ledger::Amounts;

const SOURCES: [(&str, &str); 4] = [
    ("en", include_str!("../../locales/en/audit.ftl")),
    ("ru", include_str!("../../locales/ru/audit.ftl")),
    ("uk", include_str!("../../locales/uk/audit.ftl")),
    ("ar", include_str!("../../locales/ar/audit.ftl")),
];

fn report(verdict: Verdict) -> Report {
    let evidence = vec!["in <file> & \"more\"".to_owned()];
    let claim = |id| Claim { id, verdict, evidence: evidence.clone() };
    Report {
        format: 1,
        kit: "0",
        relay: "https://relay.example".to_owned(),
        written: 1_700_000_000,
        process: Some(1),
        planted: Amounts::default(),
        exit: 0,
        claims: CLAIMS.into_iter().map(claim).collect(),
    }
}

#[test]
fn every_language_has_every_text_and_nothing_else() {
    let names = |source: &str| -> BTreeSet<String> {
        let name = |line: &str| line.split_once(" = ").map(|(name, _)| name.to_owned());
        source.lines().filter(|line| !line.starts_with('#')).filter_map(name).collect()
    };
    let english = names(SOURCES[0].1);
    for (code, source) in SOURCES {
        assert_eq!(names(source), english, "{code}");
    }
    let of_claims: BTreeSet<String> =
        CLAIMS.iter().flat_map(|id| ["c", "m", "a"].map(|head| format!("{head}-{id}"))).collect();
    assert!(of_claims.is_subset(&english));
    let claim_like = |name: &&String| ["c-", "m-", "a-"].iter().any(|head| name.starts_with(head));
    assert_eq!(english.iter().filter(claim_like).count(), of_claims.len());
}

/// A text that is not there, or lacks an argument, would be its own name.
#[test]
fn every_report_is_written_in_words() {
    let verdicts = [
        Verdict::Holds,
        Verdict::Finding { severity: Severity::Low },
        Verdict::Finding { severity: Severity::High },
        Verdict::NotChecked { reason: Reason::NeedsProcess },
        Verdict::NotChecked { reason: Reason::NoAnswer },
    ];
    for language in Language::ALL {
        let words = Words::of(language);
        for verdict in verdicts {
            let document = Document::of(&report(verdict), &words);
            let texts =
                document.claims.iter().flat_map(|row| [&row.claim, &row.method, &row.result]);
            let advice = document.claims.iter().filter_map(|row| row.advice.as_ref());
            let others =
                [&document.title, &document.subtitle, &document.written, &document.summary];
            let ends =
                document.limits.iter().chain(&document.paragraphs).chain([&document.signature]);
            for text in texts.chain(advice).chain(others).chain(ends) {
                assert!(text.contains(' ') || !text.contains('-') && !text.is_empty(), "{text}");
                assert!(!text.contains('{'), "{text}");
            }
            let page = html::page(&document, &words);
            assert!(page.contains(&format!("dir=\"{}\"", language.direction())));
            assert!(page.contains("&lt;file&gt; &amp;") && !page.contains("<file>"));
            assert_eq!(page.matches("<section").count(), CLAIMS.len() + 1);
            let text = markdown::text(&document, &words);
            assert_eq!(text.matches("\n## ").count(), CLAIMS.len() + 1);
        }
    }
}
