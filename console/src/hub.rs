//! How pages, the duty socket and the consultations reach the one owner of a desk's state, which is
//! [`Desk`](crate::desk::Desk).

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use zeroize::Zeroizing;

use crate::consultations::ConsultationEvent;
use crate::context::Context;
use crate::desk::{Belongings, Desk, Looked};
use crate::duty::DutyEvent;
use crate::messages::PageMessage;
use crate::pack::{Pack, PackProblem};
use crate::report::{NoReport, Report};
use crate::totals::file::TotalsFile;
use crate::totals::to_hand_in::SlipId;
use crate::words::Language;

/// Things that happened and wait for the desk.
const INPUT_LEN_MAX: usize = 256;

/// One message for a page, shared by all pages. Wiped when the last has sent it.
pub(crate) type PageText = Arc<Zeroizing<String>>;

/// Names a page while it is connected. Never given twice.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct PageId(pub(crate) u64);

/// A page that is shown the desk from now on, and what it is to be sent.
pub(crate) type JoinedPage = (PageId, mpsc::Receiver<PageText>);

/// Something that happened.
pub(crate) enum Input {
    /// A page wants to be shown the desk.
    PageJoined(oneshot::Sender<Option<JoinedPage>>),
    /// A page asks for something.
    Page(PageId, PageMessage),
    /// A passphrase was tried against the worker's file.
    TriedPassphrase { right: bool },
    /// The pack's folder was read again.
    ReadPack(Box<Result<Pack, PackProblem>>),
    /// The relay was asked for what it has published, for this page.
    FetchedReport { page: PageId, language: Language, fetched: Box<Result<Report, NoReport>> },
    /// A client's file was decoded.
    LookedAtFile(Box<Looked>),
    /// Of one turn of duty.
    Duty { run: u64, event: DutyEvent },
    /// Of one consultation.
    Consultation { id: u64, event: ConsultationEvent },
    /// The relay has counted a slip.
    Counted(SlipId),
    /// The program ends.
    Stop,
}

/// Reaches the desk.
#[derive(Clone)]
pub(crate) struct Hub(mpsc::Sender<Input>);

/// Reaches the desk on behalf of one turn of duty.
#[derive(Clone)]
pub(crate) struct DutyEvents {
    pub(crate) desk: mpsc::WeakSender<Input>,
    pub(crate) run: u64,
}

/// Reaches the desk on behalf of one consultation.
pub(crate) struct ConsultationEvents {
    pub(crate) desk: mpsc::WeakSender<Input>,
    pub(crate) id: u64,
}

impl Hub {
    /// Starts a desk. It ends after [`stop`](Self::stop), or when nobody can reach it any more.
    pub(crate) fn start(
        context: Arc<Context>,
        belongings: Belongings,
        totals_file: TotalsFile,
    ) -> (Self, JoinHandle<()>) {
        let (sender, inputs) = mpsc::channel(INPUT_LEN_MAX);
        let desk = Desk::new(context, belongings, totals_file, sender.downgrade());
        (Self(sender), tokio::spawn(desk.run(inputs)))
    }

    /// What a new page is to be shown, from the snapshot on; `None` when there are too many pages.
    pub(crate) async fn join(&self) -> Option<JoinedPage> {
        let (answer, joined) = oneshot::channel();
        self.0.send(Input::PageJoined(answer)).await.ok()?;
        joined.await.ok()?
    }

    /// What a page asks for.
    pub(crate) async fn ask(&self, page: PageId, message: PageMessage) {
        let _ = self.0.send(Input::Page(page, message)).await;
    }

    /// Waits until the desk has ended.
    pub(crate) async fn over(&self) {
        self.0.closed().await;
    }

    /// Whether the desk has ended.
    pub(crate) fn is_over(&self) -> bool {
        self.0.is_closed()
    }

    /// Ends every consultation with a goodbye, then the desk.
    pub(crate) async fn stop(&self) {
        let _ = self.0.send(Input::Stop).await;
    }
}

impl DutyEvents {
    pub(crate) async fn send(&self, event: DutyEvent) {
        if let Some(desk) = self.desk.upgrade() {
            let _ = desk.send(Input::Duty { run: self.run, event }).await;
        }
    }
}

impl ConsultationEvents {
    pub(crate) async fn send(&self, event: ConsultationEvent) {
        if let Some(desk) = self.desk.upgrade() {
            let _ = desk.send(Input::Consultation { id: self.id, event }).await;
        }
    }
}
