use super::*;

const FAST: Work = Work::Factor(2);

fn secret(text: &str) -> SecretString {
    SecretString::from(text.to_owned())
}

fn sealed() -> Vec<u8> {
    seal(Kind::Worker, &"content".to_owned(), secret("right"), FAST)
}

#[test]
fn a_file_opens_with_its_passphrase_only() {
    let content: String = open(Kind::Worker, &sealed(), secret("right")).unwrap();
    assert_eq!(content, "content");
    let wrong = open::<String>(Kind::Worker, &sealed(), secret("wrong"));
    assert!(matches!(wrong, Err(KeyFileError::WrongPassphrase)));
}

#[test]
fn a_file_that_is_written_again_is_as_hard_to_open() {
    for factor in [2, 3, 12] {
        let file = seal(Kind::Worker, &"x".to_owned(), secret("right"), Work::Factor(factor));
        assert!(work_of(&file) == Work::Factor(factor));
    }
    assert!(work_of(b"something else") == Work::OneSecond);
}

#[test]
fn a_file_of_another_kind_is_named() {
    let error = open::<String>(Kind::Service, &sealed(), secret("right")).unwrap_err();
    assert!(matches!(
        error,
        KeyFileError::OtherKind { needed: Kind::Service, found: Kind::Worker }
    ));
    let sentence = error.about(Path::new("anna.age")).to_string();
    assert_eq!(
        sentence,
        "The file anna.age is a worker's file (made with “vestibule worker enrol”), but a service \
         file (made with “vestibule service new”) is needed here."
    );
}

#[test]
fn every_truncation_and_every_changed_byte_is_refused() {
    let file = sealed();
    for length in 0..file.len() {
        assert!(
            open::<String>(Kind::Worker, &file[..length], secret("right")).is_err(),
            "{length}"
        );
    }
    for place in 0..file.len() {
        let mut changed = file.clone();
        changed[place] ^= 1;
        assert!(open::<String>(Kind::Worker, &changed, secret("right")).is_err(), "{place}");
    }
    let longer = [&file[..], b"x"].concat();
    assert!(open::<String>(Kind::Worker, &longer, secret("right")).is_err());
}

#[test]
fn other_versions_and_members_are_refused() {
    let with = |json: &str| {
        open::<String>(
            Kind::Worker,
            &encrypt(json.as_bytes(), secret("right"), FAST),
            secret("right"),
        )
    };
    assert!(with(r#"{"kind":"vestibule worker","version":1,"content":"x"}"#).is_ok());
    let newer = with(r#"{"kind":"vestibule worker","version":2,"other":"x"}"#);
    assert!(matches!(newer, Err(KeyFileError::Newer)));
    for json in [
        r#"{"kind":"vestibule worker","version":0,"content":"x"}"#,
        r#"{"kind":"vestibule worker","version":1,"content":"x","more":1}"#,
        r#"{"kind":"vestibule worker","version":1}"#,
        r#"{"kind":"something","version":1,"content":"x"}"#,
        r#"{"kind":"vestibule worker","version":1,"content":"x"} "x""#,
        "[]",
        "",
    ] {
        assert!(matches!(with(json), Err(KeyFileError::Damaged)), "{json}");
    }
}

#[test]
fn foreign_files_are_refused() {
    for bytes in [&b""[..], b"not age", &[0xff; 3_000], b"age-encryption.org/v1\n"] {
        let error = open::<String>(Kind::Worker, bytes, secret("right")).unwrap_err();
        assert!(matches!(error, KeyFileError::NotAKeyFile));
    }
}

#[test]
fn nothing_is_replaced() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.age");
    write_new(&path, b"first", Readers::Owner).unwrap();
    assert!(write_new(&path, b"second", Readers::Owner).is_err());
    assert_eq!(fs::read(&path).unwrap(), b"first");
    assert!(write_new(&directory.path().join("no/such/folder.age"), b"x", Readers::Owner).is_err());
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
}

#[test]
fn a_file_is_replaced_whole_or_left_as_it_was() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.age");
    write_new(&path, b"first", Readers::Owner).unwrap();
    // A second name of the file shows whether it was written into or a new one took its place.
    let second_name = directory.path().join("b.age");
    fs::hard_link(&path, &second_name).unwrap();
    replace(&path, b"second", Readers::Owner).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"second");
    assert_eq!(fs::read(&second_name).unwrap(), b"first");
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 2);

    let folder = directory.path().join("folder");
    fs::create_dir(&folder).unwrap();
    assert!(replace(&folder, b"third", Readers::Owner).is_err());
    assert!(folder.is_dir());
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 3);
}

#[cfg(unix)]
#[test]
fn a_key_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;

    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.age");
    write_new(&path, b"x", Readers::Owner).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let path = directory.path().join("card.bin");
    write_new(&path, b"x", Readers::Everybody).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o644);
}
