//! The operator's figures: nothing in them may follow a consultation.

use std::io;

use crate::claims::{Claim, Severity};
use crate::http::Visitor;
use crate::ledger::Ledger;
use crate::target::Target;

/// Every figure that is published, with the one label that it may have.
const KNOWN: [(&str, &str); 5] = [
    ("vestibule_up", ""),
    ("vestibule_build_info", "version"),
    ("vestibule_indicators_written", ""),
    ("vestibule_refusals", "code"),
    ("vestibule_redis_answers", ""),
];
/// Told anew every six hours under noise: these alone may change meanwhile.
const MAY_CHANGE: &str = "vestibule_refusals";

/// One look at the figures: the lines that are no comments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures(Vec<String>);

impl Figures {
    /// Asks for them.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn ask(url: &str, ledger: &Ledger) -> io::Result<Self> {
        let (origin, path) = split(url);
        let target = Target::find(&origin, None).await?;
        let answer = Visitor::arrive(&target, ledger).await?.get(&path).await?;
        if answer.status != 200 {
            return Err(io::Error::other(format!("status {}", answer.status)));
        }
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        Ok(Self(lines.map(str::to_owned).collect()))
    }

    fn unknown(&self) -> Vec<String> {
        self.0.iter().filter(|line| !is_known(line)).cloned().collect()
    }

    fn fixed(&self) -> Vec<&String> {
        self.0.iter().filter(|line| !line.starts_with(MAY_CHANGE)).collect()
    }
}

/// What looks before, amid and after consultations say.
pub fn judge(looks: &[Figures]) -> Vec<Claim> {
    let unknown: Vec<String> = looks.iter().flat_map(Figures::unknown).collect();
    let mut known = vec![format!("lines: {}", looks.first().map_or(0, |look| look.0.len()))];
    let is_known = unknown.is_empty();
    known.extend(unknown);
    known.dedup();
    let mut still = vec![format!("looks: {}", looks.len())];
    for (first, second) in looks.iter().zip(looks.iter().skip(1)) {
        let (first, second) = (first.fixed(), second.fixed());
        still.extend(
            second.iter().filter(|line| !first.contains(line)).map(|line| format!("new: {line}")),
        );
        still.extend(
            first.iter().filter(|line| !second.contains(line)).map(|line| format!("gone: {line}")),
        );
    }
    vec![
        Claim::expect("metrics-known", is_known, Severity::Medium, known),
        Claim::expect("metrics-still", still.len() == 1, Severity::High, still),
    ]
}

fn is_known(line: &str) -> bool {
    let name = line.split(['{', ' ']).next().unwrap_or_default();
    let label = line.split_once('{').map_or("", |(_, rest)| rest.split('=').next().unwrap_or("?"));
    let labels = line.matches('=').count();
    KNOWN.contains(&(name, label)) && labels <= 1
}

fn split(url: &str) -> (String, String) {
    let scheme_end = url.find("://").map_or(0, |at| at + 3);
    match url[scheme_end..].find('/') {
        Some(at) => (url[..scheme_end + at].to_owned(), url[scheme_end + at..].to_owned()),
        None => (url.to_owned(), "/metrics".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Figures, judge};
    use crate::claims::Verdict;

    fn look(lines: &[&str]) -> Figures {
        Figures(lines.iter().map(|line| (*line).to_owned()).collect())
    }

    fn hold(looks: &[Figures]) -> [bool; 2] {
        let claims = judge(looks);
        [0, 1].map(|place| claims[place].verdict == Verdict::Holds)
    }

    #[test]
    fn unknown_figures_labels_and_changes_are_found() {
        let clean = look(&["vestibule_up 1", "vestibule_refusals{code=\"crowded\"} 20"]);
        let later = look(&["vestibule_up 1", "vestibule_refusals{code=\"crowded\"} 50"]);
        assert_eq!(hold(&[clean.clone(), later]), [true, true]);
        for strange in [
            "sockets 3",
            "vestibule_up{worker=\"a\"} 1",
            "vestibule_refusals{code=\"a\",from=\"b\"} 1",
        ] {
            let strange = look(&["vestibule_up 1", strange]);
            assert_eq!(hold(&[strange.clone(), strange]), [false, true]);
        }
        let moved = look(&["vestibule_up 2"]);
        assert_eq!(hold(&[look(&["vestibule_up 1"]), moved]), [true, false]);
    }
}
