//! What a client answers before the end: to be counted, and shown to nobody.

use std::collections::BTreeMap;

use vestibule_protocol::SurveyAnswer;

/// The answers of one client, one for each question.
#[derive(Default)]
pub(crate) struct Answers(BTreeMap<u8, SurveyAnswer>);

impl Answers {
    /// The first answer to a question is the one.
    pub(crate) fn take(&mut self, answer: SurveyAnswer) {
        self.0.entry(answer.question()).or_insert(answer);
    }

    /// One of each question that was answered.
    pub(crate) fn all(&self) -> impl Iterator<Item = SurveyAnswer> {
        self.0.values().copied()
    }
}

#[cfg(test)]
mod tests {
    use vestibule_wire::Cell;

    use super::*;

    #[test]
    fn the_first_answer_to_each_question_is_kept() {
        let mut answers = Answers::default();
        for (table, label) in [("would_return", "yes"), ("helped", "no"), ("helped", "yes")] {
            answers.take(SurveyAnswer::new(Cell::of(table, label)).unwrap());
        }
        let cells: Vec<Cell> = answers.all().map(SurveyAnswer::cell).collect();
        assert_eq!(cells, [Cell::of("helped", "no"), Cell::of("would_return", "yes")]);
    }
}
