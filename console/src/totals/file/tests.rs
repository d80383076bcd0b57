use std::collections::BTreeSet;

use vestibule_wire::{Alias, LanguageSet, Role, Timestamp};

use super::super::tests::finished;
use super::*;
use crate::enrolment::Terms;
use crate::origin::Origin;
use crate::service_file::Service;

const AT: Timestamp = Timestamp(1_795_392_000);

fn service() -> Service {
    let origins = vec![Origin::parse("https://relay.example").unwrap()];
    Service::create("Open Door", origins, None, AT).unwrap()
}

fn enrolled(service: &Service, alias: &str, first_day: Timestamp) -> Enrolment {
    let terms = Terms {
        alias: Alias::new(alias).unwrap(),
        role: Role::Peer,
        languages: LanguageSet::from_bits(3).unwrap(),
        first_day,
        days: 2,
    };
    Enrolment::new(service, &terms)
}

fn waiting(consultations: usize) -> ToHandIn {
    let mut waiting = ToHandIn::default();
    for _ in 0..consultations {
        waiting.add(&finished(&[("consultation", "held"), ("need", "legal")]));
    }
    waiting
}

struct Place {
    folder: tempfile::TempDir,
    service: Service,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), service: service() }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("anna.age.totals")
    }

    fn file_of(&self, enrolment: &Enrolment) -> TotalsFile {
        TotalsFile::beside(&self.folder.path().join("anna.age"), enrolment)
    }

    fn file(&self) -> TotalsFile {
        self.file_of(&enrolled(&self.service, "Anna", AT))
    }

    fn write(&self, waiting: &ToHandIn) -> Vec<u8> {
        let sealed = self.file().seal(waiting);
        fs::write(self.path(), &sealed).unwrap();
        sealed
    }

    fn written(&self) -> Vec<u8> {
        fs::read(self.path()).unwrap()
    }
}

const DEADLINE: Duration = Duration::from_mins(1);

#[tokio::test]
async fn what_is_kept_is_there_at_the_next_start_also_with_a_renewed_enrolment() {
    let place = Place::new();
    let (mut keeper, nothing) = Keeper::start(place.file());
    assert!(nothing.is_empty());
    keeper.keep(&waiting(3));
    keeper.finish(DEADLINE).await;
    let renewed = enrolled(&place.service, "Anna", AT.plus_seconds(30 * 86_400));
    let (_keeper, read) = Keeper::start(place.file_of(&renewed));
    assert!(read == waiting(3));
}

#[test]
fn the_file_tells_nothing() {
    let place = Place::new();
    let two = [waiting(0), waiting(50)].map(|waiting| place.write(&waiting));
    assert_eq!((two[0].len(), two[1].len()), (FILE_LEN, FILE_LEN));
    // The same is sealed differently each time, and looks like chance.
    assert!(place.file().seal(&waiting(0)) != two[0]);
    for sealed in two {
        // Most of what is sealed is nought.
        assert!(sealed.windows(4).all(|four| four != [0; 4]));
    }
}

#[test]
fn it_opens_for_nobody_else() {
    let place = Place::new();
    place.write(&waiting(3));
    assert!(place.file().read().is_ok());
    let colleague = enrolled(&place.service, "Boris", AT);
    assert!(place.file_of(&colleague).read().is_err(), "a colleague with the same secrets");
    let elsewhere = enrolled(&service(), "Anna", AT);
    assert!(place.file_of(&elsewhere).read().is_err(), "another service");
}

#[tokio::test]
async fn what_cannot_be_read_stays_until_there_is_something_new() {
    let place = Place::new();
    let sealed = place.write(&waiting(3));
    let mut turned = sealed.clone();
    *turned.last_mut().unwrap() ^= 1;
    for foreign in [turned, sealed[..100].to_vec(), Vec::new(), b"notes of somebody".to_vec()] {
        fs::write(place.path(), &foreign).unwrap();
        let (mut keeper, read) = Keeper::start(place.file());
        assert!(read.is_empty());
        keeper.keep(&read);
        keeper.finish(DEADLINE).await;
        assert!(place.written() == foreign, "nothing new");
        let (mut keeper, _) = Keeper::start(place.file());
        keeper.keep(&waiting(1));
        keeper.finish(DEADLINE).await;
        assert!(place.file().read().ok() == Some(waiting(1)));
    }
}

#[tokio::test]
async fn a_file_that_may_not_be_read_or_written_stops_nothing() {
    let place = Place::new();
    fs::create_dir(place.path()).unwrap();
    let (mut keeper, read) = Keeper::start(place.file());
    assert!(read.is_empty());
    keeper.keep(&waiting(1));
    keeper.finish(DEADLINE).await;
    assert!(place.path().is_dir());
}

#[tokio::test]
async fn the_last_order_is_the_last_thing_that_happens() {
    let place = Place::new();
    for _ in 0..5 {
        let sealed = place.write(&waiting(3));
        let (mut keeper, _) = Keeper::start(place.file());
        keeper.keep(&waiting(4));
        tokio::task::yield_now().await;
        keeper.keep(&waiting(5));
        keeper.destroy();
        keeper.finish(DEADLINE).await;
        let after = place.written();
        assert!(after.len() == sealed.len() && place.file().read().is_err());
        let pieces: BTreeSet<&[u8]> = sealed.windows(24).collect();
        let left = after.windows(24).filter(|piece| pieces.contains(piece)).count();
        assert_eq!(left, 0, "not a piece of what was sealed is left");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn where_there_is_no_file_none_is_destroyed_into_being() {
    use std::os::unix::fs::MetadataExt;

    let place = Place::new();
    let (keeper, _) = Keeper::start(place.file());
    keeper.destroy();
    keeper.finish(DEADLINE).await;
    assert!(!place.path().exists());
    // One that is there is overwritten where it lies.
    place.write(&waiting(3));
    let before = fs::metadata(place.path()).unwrap().ino();
    let (keeper, _) = Keeper::start(place.file());
    keeper.destroy();
    keeper.finish(DEADLINE).await;
    assert_eq!(fs::metadata(place.path()).unwrap().ino(), before);
}

#[test]
fn only_its_owner_may_read_it() {
    let place = Place::new();
    do_with(&place.file(), &Order::Keep { sealed: Arc::new(vec![1]), is_empty: false });
    let metadata = fs::metadata(place.path()).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(metadata.permissions().mode() & 0o077, 0);
    }
}
