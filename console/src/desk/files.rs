//! Files of clients: whether they may come, how far they are, and looking at them.

use std::sync::Arc;

use hyper::body::Bytes;
use vestibule_protocol::{FileKind, FileNumber, FileOffer, FileReply};
use vestibule_viewer::{FileKind as ViewedKind, Pictures, Seen, ViewProblem};
use zeroize::Zeroizing;

use super::Desk;
use crate::consultations::{ConsultationCommand, FileEvent};
use crate::hub::{Input, PageId};
use crate::messages::{ConsoleMessage, FileStatus, FileView, Notice};
use crate::received_files::ReceivedFile;

/// What became of a look.
pub(crate) struct Looked {
    pub(crate) page: PageId,
    pub(crate) consultation: u64,
    pub(crate) file: FileNumber,
    pub(crate) seen: Result<Seen, ViewProblem>,
}

impl Desk {
    pub(super) fn file_happened(&mut self, id: u64, event: FileEvent) {
        match event {
            FileEvent::Offered(offer) => {
                self.add_message(id, |transcript, at| transcript.add_file(&offer, at));
            }
            FileEvent::Answered { file, accepted } => {
                let status = if accepted { FileStatus::Coming } else { FileStatus::Refused };
                self.change_file(id, file, |view| view.status = status);
            }
            FileEvent::Came { file, bytes } => self.change_file(id, file, |view| view.came = bytes),
            FileEvent::Whole { offer, content } => self.keep_file(id, offer, content.into()),
            FileEvent::Withdrawn { file } => {
                self.change_file(id, file, |view| view.status = FileStatus::Withdrawn);
            }
        }
    }

    pub(super) fn answer_file(&mut self, id: u64, file: u16, reply: FileReply) {
        self.command(id, ConsultationCommand::AnswerFile { file: FileNumber(file), reply });
    }

    /// What has not come of the files of a consultation will not.
    pub(super) fn give_up_files(&mut self, id: u64) {
        let Some(kept) = self.consultations.get_mut(&id) else { return };
        for (message, file) in kept.transcript.give_up_files() {
            self.pages.tell(&ConsoleMessage::File { consultation: id, message, file });
        }
    }

    /// Has a file decoded where nothing else can be reached.
    pub(super) fn look_at_file(&mut self, page: PageId, id: u64, file: u16) {
        let file = FileNumber(file);
        let Some(received) = self.files.find(id, file).filter(|_| !self.looking).cloned() else {
            return;
        };
        self.looking = true;
        self.belongings.sounds.clear();
        let (viewer, own_inputs) = (self.belongings.viewer.clone(), self.own_inputs.clone());
        self.tasks.spawn(async move {
            let ReceivedFile { kind, content, .. } = received;
            let seen = vestibule_viewer::view(&viewer, viewed_as(kind), &content).await;
            let looked = Box::new(Looked { page, consultation: id, file, seen });
            if let Some(desk) = own_inputs.upgrade() {
                let _ = desk.send(Input::LookedAtFile(looked)).await;
            }
        });
    }

    pub(super) fn take_seen(&mut self, looked: Looked) {
        self.looking = false;
        let Looked { page, consultation, file, seen } = looked;
        // Whoever asked may be gone, and so may the client's file.
        if self.lock.is_locked() || self.ending.is_some() {
            return;
        }
        if self.files.find(consultation, file).is_none() {
            return;
        }
        match seen {
            Ok(Seen::Sound(sound)) => {
                let paths = self.belongings.sounds.put(vec![Bytes::from_owner(sound)]);
                for path in &paths {
                    let message = ConsoleMessage::Sound { consultation, file: file.0, path };
                    self.pages.tell_one(page, &message);
                }
            }
            Ok(Seen::Pictures(Pictures { pngs, pages_in_all })) => {
                let paths = self.belongings.pictures.put(pngs);
                let (file, paths) = (file.0, &paths[..]);
                let message =
                    ConsoleMessage::Pictures { consultation, file, paths, pages: pages_in_all };
                self.pages.tell_one(page, &message);
            }
            Err(ViewProblem::NotConfined | ViewProblem::NotStarted) => {
                self.notice(Notice::NoViewer);
            }
            Err(_) => self.notice(Notice::FileNotShown),
        }
    }

    fn keep_file(&mut self, id: u64, offer: FileOffer, content: Arc<Zeroizing<Vec<u8>>>) {
        if !self.consultations.contains_key(&id) {
            return;
        }
        let FileOffer { file, kind, .. } = offer;
        let gone = self.files.keep(ReceivedFile { consultation: id, file, kind, content });
        self.change_file(id, file, |view| {
            (view.status, view.came) = (FileStatus::Here, view.size);
        });
        for ReceivedFile { consultation, file, .. } in gone {
            self.change_file(consultation, file, |view| view.status = FileStatus::Gone);
        }
    }

    fn change_file(&mut self, id: u64, file: FileNumber, change: impl FnOnce(&mut FileView)) {
        let Some(kept) = self.consultations.get_mut(&id) else { return };
        if let Some((message, file)) = kept.transcript.change_file(file, change) {
            self.tell(&ConsoleMessage::File { consultation: id, message, file });
        }
    }
}

/// The program that looks at files knows nothing of the protocol.
fn viewed_as(kind: FileKind) -> ViewedKind {
    match kind {
        FileKind::Jpeg => ViewedKind::Jpeg,
        FileKind::Png => ViewedKind::Png,
        FileKind::Webp => ViewedKind::WebP,
        FileKind::Pdf => ViewedKind::Pdf,
        FileKind::Voice => ViewedKind::Voice,
    }
}
