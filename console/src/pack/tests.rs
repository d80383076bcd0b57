use super::read::Files;
use super::*;

fn files(changes: &[(&str, &str)]) -> Files {
    let mut files = starter::files();
    for (path, text) in changes {
        files.insert((*path).to_owned(), (*text).to_owned());
    }
    files
}

#[test]
fn the_pack_of_the_program_is_read() {
    let pack = Pack::starter();
    assert!(pack.starter);
    assert!(pack.replies.len() > 15);
    assert!(files(&[]).len() > 3);
}
