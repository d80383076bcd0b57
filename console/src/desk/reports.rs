//! A coordinator's report: fetched from the relay, written as a page, and put where this machine's
//! browser may look at it once.

use std::sync::Arc;

use vestibule_wire::Role;

use super::Desk;
use crate::hub::{Input, PageId};
use crate::messages::{ConsoleMessage, Day, Notice, PageLanguage};
use crate::report::{self, NoReport, Question, Report};
use crate::words::Language;

impl Desk {
    /// Asks the relay, for coordinators alone and for one page at a time.
    pub(super) fn make_report(&mut self, page: PageId, from: Day, to: Day, language: PageLanguage) {
        if self.worker.role != Role::Coordinator.name() || self.report_asked {
            return;
        }
        let Some(question) = Question::days(from.0, to.0) else {
            return self.notice(Notice::ReportNoPeriods);
        };
        self.report_asked = true;
        let (context, own_inputs) = (Arc::clone(&self.context), self.own_inputs.clone());
        self.tasks.spawn(async move {
            let fetched = report::fetch(&context.enrolment, context.clock, question).await;
            let fetched = Box::new(fetched);
            if let Some(desk) = own_inputs.upgrade() {
                let language = language.0;
                let _ = desk.send(Input::FetchedReport { page, language, fetched }).await;
            }
        });
    }

    /// Tells the page that asked where the report is; or why there is none.
    pub(super) fn take_report(
        &mut self,
        page: PageId,
        language: Language,
        fetched: Result<Report, NoReport>,
    ) {
        self.report_asked = false;
        // Nobody may be there any more who asked for it.
        if self.lock.is_locked() || self.ending.is_some() {
            return;
        }
        match fetched {
            Ok(fetched) => {
                let written = report::page(&fetched, &self.belongings.pack, language);
                for path in self.belongings.reports.put(vec![written]) {
                    self.pages.tell_one(page, &ConsoleMessage::Report { path: &path });
                }
            }
            Err(why) => self.notice(match why {
                NoReport::NoPeriods => Notice::ReportNoPeriods,
                NoReport::Unreachable => Notice::ReportUnreachable,
                NoReport::NotARelay => Notice::ReportNotCounted,
                NoReport::NotCoordinator
                | NoReport::NotEnrolled(_)
                | NoReport::Refused
                | NoReport::ClockWrong => Notice::ReportRefused,
            }),
        }
    }
}
