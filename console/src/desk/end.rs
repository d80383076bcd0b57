//! The end of a desk: with goodbyes, or in a hurry.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep_until, timeout};

use super::Desk;
use crate::consultations::ConsultationCommand;
use crate::hub::Input;
use crate::random;

/// For the last goodbyes when the program ends.
const GOODBYE_DEADLINE: Duration = Duration::from_secs(2);
/// The same when somebody is at the door.
const PANIC_DEADLINE: Duration = Duration::from_millis(300);
/// For the disk to take what replaces the worker's file and the totals.
const FILE_DEADLINE: Duration = Duration::from_secs(2);

/// For a slow disk to take the totals of the shift: they are nowhere else.
const TOTALS_DEADLINE: Duration = Duration::from_secs(10);

/// Why the program ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum HowToEnd {
    /// The worker has finished.
    Goodbye,
    /// Nobody is to find anything.
    Panic,
}

impl Desk {
    /// Nothing more is shown, and everything goes.
    pub(super) fn panic(&mut self) {
        self.pages.locked = true;
        self.belongings.reports.clear();
        self.belongings.pictures.clear();
        self.belongings.sounds.clear();
        self.ending = Some(HowToEnd::Panic);
    }

    /// Says goodbye to every client and waits a little for the goodbyes to leave. After a panic the
    /// worker's file is gone, and every key and word in memory.
    pub(super) async fn end_all(mut self, how: HowToEnd, mut inputs: mpsc::Receiver<Input>) {
        let file = (how == HowToEnd::Panic).then(|| {
            self.keeper.destroy();
            let file = Arc::clone(&self.belongings.worker_file);
            // There is nobody left to whom a failure could be told.
            spawn_blocking(move || file.destroy().is_ok())
        });
        let deadline = Instant::now()
            + match how {
                HowToEnd::Goodbye => GOODBYE_DEADLINE,
                HowToEnd::Panic => PANIC_DEADLINE,
            };
        self.go_off_duty();
        for kept in self.consultations.values() {
            // Once to end it, and once more so that its goodbye waits for no slot.
            for _ in 0..2 {
                let _ = kept.commands.try_send(ConsultationCommand::End);
            }
        }
        self.expected.clear();
        while !self.tasks.is_empty() {
            tokio::select! {
                Some(input) = inputs.recv() => self.take(input),
                _ = self.tasks.join_next() => {}
                () = sleep_until(deadline) => break,
            }
        }
        // What has not ended by itself ends here, and its keys with it.
        self.tasks.shutdown().await;
        self.hand_ins.shutdown().await;
        if how == HowToEnd::Goodbye {
            while let Ok(input) = inputs.try_recv() {
                self.take(input);
            }
            self.keep_for_next_time();
        }
        if let Some(file) = file {
            let _ = timeout(FILE_DEADLINE, file).await;
        }
        let deadline = match how {
            HowToEnd::Goodbye => TOTALS_DEADLINE,
            HowToEnd::Panic => FILE_DEADLINE,
        };
        self.keeper.finish(deadline).await;
        // Pages whose messages end see by this whether the desk is over or they lagged behind.
        drop(inputs);
    }
}

impl Desk {
    /// Whatever was kept is finished, and its totals are kept on the disk: as slips, if they are of
    /// enough consultations, for the next time.
    fn keep_for_next_time(&mut self) {
        self.finish_every_consultation();
        self.to_hand_in.close_shift(&mut random::system());
        self.keep_totals();
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;
    use vestibule_protocol::Cover;
    use vestibule_wire::{Alias, Cell, LanguageSet, Role, Timestamp};
    use zeroize::Zeroizing;

    use super::*;
    use crate::account::Finished;
    use crate::clock::Clock;
    use crate::context::Context;
    use crate::dates;
    use crate::desk::{Belongings, lock};
    use crate::enrolment::{Enrolment, Terms};
    use crate::hub::JoinedPage;
    use crate::key_file::Work;
    use crate::lock::Lock;
    use crate::messages::{AnyText, PageMessage};
    use crate::origin::Origin;
    use crate::pack::Pack;
    use crate::service_file::Service;
    use crate::shelf::Shelf;
    use crate::totals::file::TotalsFile;
    use crate::worker_file::WorkerFile;
    use std::path::PathBuf;

    type Inputs = mpsc::Receiver<Input>;

    fn enrolment() -> Enrolment {
        let now = Clock::system().now();
        let origins = vec![Origin::parse("https://relay.example").unwrap()];
        let service = Service::create("Open Door", origins, None, now).unwrap();
        let terms = Terms {
            alias: Alias::new("Anna").unwrap(),
            role: Role::Peer,
            languages: LanguageSet::from_bits(3).unwrap(),
            first_day: dates::start_of_day(now),
            days: 2,
        };
        Enrolment::new(&service, &terms)
    }

    /// A desk that nobody sits at, and what it was made of.
    fn desk(folder: &tempfile::TempDir) -> (Desk, Arc<Context>, mpsc::Sender<Input>, Inputs) {
        let path = folder.path().join("worker.age");
        let enrolment = enrolment();
        std::fs::write(&path, enrolment.seal("x".to_owned().into(), Work::Factor(4))).unwrap();
        let context = Arc::new(Context::new(enrolment, Clock::system(), Cover::Steady));
        let worker_file = Arc::new(WorkerFile::read(&path).unwrap());
        let belongings = Belongings {
            worker_file,
            pack: Pack::starter(),
            pack_folder: None,
            reports: Shelf::new("/report/"),
            pictures: Shelf::new("/picture/"),
            sounds: Shelf::new("/sound/"),
            viewer: PathBuf::new(),
        };
        let (own, inputs) = mpsc::channel(8);
        let totals_file = TotalsFile::beside(&path, &context.enrolment);
        let desk = Desk::new(Arc::clone(&context), belongings, totals_file, own.downgrade());
        (desk, context, own, inputs)
    }

    async fn page(own: &mpsc::Sender<Input>) -> JoinedPage {
        let (answer, joined) = oneshot::channel();
        let _ = own.send(Input::PageJoined(answer)).await;
        joined.await.unwrap().unwrap()
    }

    #[tokio::test]
    async fn a_passphrase_that_was_being_tried_shows_nothing_after_a_panic() {
        let folder = tempfile::tempdir().unwrap();
        let (mut desk, _, own, inputs) = desk(&folder);
        // Keeps the desk at its goodbyes for as long as they may take.
        desk.tasks.spawn(std::future::pending());
        let desk = tokio::spawn(desk.run(inputs));
        let (id, mut messages) = page(&own).await;
        let passphrase = || AnyText(Zeroizing::new("x".to_owned()));
        for message in [
            PageMessage::Lock {},
            PageMessage::Unlock { passphrase: passphrase() },
            PageMessage::Panic {},
        ] {
            let _ = own.send(Input::Page(id, message)).await;
        }
        let _ = own.send(Input::TriedPassphrase { right: true }).await;
        desk.await.unwrap();
        assert!(messages.recv().await.unwrap().contains("\"locked\":false"), "before");
        while let Some(message) = messages.recv().await {
            assert!(!message.contains("\"locked\":false"), "after");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_desk_whose_machine_has_slept_locks_when_it_wakes() {
        let folder = tempfile::tempdir().unwrap();
        let (mut desk, _, own, inputs) = desk(&folder);
        // The clock by which tasks wait has stood still for an hour.
        let mut moment = lock::moment(&desk.context);
        moment.wall = Timestamp(moment.wall.0 - 3_600);
        desk.lock = Lock::open(moment);
        let (answer, joined) = oneshot::channel();
        desk.page_joined(answer);
        let (_, mut messages) = joined.await.unwrap().unwrap();
        let woken = Instant::now();
        let desk = tokio::spawn(desk.run(inputs));
        assert!(messages.recv().await.unwrap().contains("\"locked\":false"), "before");
        assert!(messages.recv().await.unwrap().contains("\"locked\":true"));
        assert!(woken.elapsed() <= Duration::from_secs(5));
        drop(own);
        desk.await.unwrap();
    }

    #[tokio::test]
    async fn a_panic_leaves_no_key_in_memory() {
        let folder = tempfile::tempdir().unwrap();
        let (mut desk, context, own, inputs) = desk(&folder);
        let keys = Arc::downgrade(&context);
        let sealed = Arc::downgrade(&desk.belongings.worker_file);
        // A consultation whose client is not there says its goodbye for ten minutes.
        desk.tasks.spawn(async move {
            let _keys = context;
            std::future::pending::<()>().await;
        });
        let desk = tokio::spawn(desk.run(inputs));
        let (page, mut messages) = page(&own).await;
        assert!(messages.recv().await.unwrap().contains("Anna"));
        assert!(keys.upgrade().is_some());
        let _ = own.send(Input::Page(page, PageMessage::Panic {})).await;
        desk.await.unwrap();
        assert!(keys.upgrade().is_none(), "the worker's keys");
        assert!(sealed.upgrade().is_none(), "the worker's file");
        assert!(messages.recv().await.is_none(), "nothing is shown any more");
    }

    #[tokio::test]
    async fn what_happens_during_a_panic_brings_no_totals_back() {
        let folder = tempfile::tempdir().unwrap();
        let (mut desk, context, own, inputs) = desk(&folder);
        for _ in 0..5 {
            desk.to_hand_in.add(&Finished {
                cells: vec![Cell::of("need", "legal"), Cell::of("consultation", "held")],
                is_consultation: true,
            });
        }
        desk.close_shift();
        let slips: Vec<_> = desk.to_hand_in.slips().iter().map(|slip| slip.id).collect();
        // Keeps the desk at its goodbyes for as long as they may take.
        desk.tasks.spawn(std::future::pending());
        let desk = tokio::spawn(desk.run(inputs));
        let (page, _messages) = page(&own).await;
        let file = TotalsFile::beside(&folder.path().join("worker.age"), &context.enrolment);
        while file.read().is_ok_and(|read| read.is_empty()) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(file.read().unwrap().slips().len(), 2);
        let _ = own.send(Input::Page(page, PageMessage::Panic {})).await;
        while file.read().is_ok() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        // The desk is still at its goodbyes.
        let _ = own.send(Input::Counted(slips[0])).await;
        desk.await.unwrap();
        assert!(file.read().is_err(), "destroyed, and not written again");
    }
}
