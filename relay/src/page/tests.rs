use std::fs;

use super::{Page, PageError};

#[test]
fn a_directory_is_read_with_its_content_types() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("index.html"), "page").unwrap();
    fs::create_dir(directory.path().join("fonts")).unwrap();
    fs::write(directory.path().join("fonts/a-b_c.woff2"), "font").unwrap();
    let page = Page::load(directory.path()).unwrap();
    assert_eq!(page.file("/").unwrap().content_type, "text/html; charset=utf-8");
    assert_eq!(page.file("/index.html").unwrap().bytes, "page");
    assert_eq!(page.file("/fonts/a-b_c.woff2").unwrap().content_type, "font/woff2");
    assert!(page.file("/fonts").is_none());
    assert!(page.file("/../page.rs").is_none());
}

#[test]
fn compressed_files_lie_beside_what_they_are_of() {
    let directory = tempfile::tempdir().unwrap();
    for name in ["index.html", "app.js", "app.js.br", "app.js.gz", "only.gz"] {
        fs::write(directory.path().join(name), name).unwrap();
    }
    let page = Page::load(directory.path()).unwrap();
    let app = page.file("/app.js").unwrap();
    for (accepted, encoding, bytes) in [
        ("gzip, br", Some("br"), "app.js.br"),
        ("gzip", Some("gzip"), "app.js.gz"),
        ("zstd", None, "app.js"),
    ] {
        assert_eq!(app.for_who_accepts(accepted), (encoding, bytes.into()));
    }
    assert_eq!(page.file("/").unwrap().for_who_accepts("br"), (None, "index.html".into()));
    assert!(page.file("/app.js.br").is_none() && page.file("/app.js.gz").is_none());
    // Of nothing: a file like any other.
    assert_eq!(page.file("/only.gz").unwrap().bytes, "only.gz");
}

#[test]
fn what_is_no_page_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    assert!(matches!(Page::load(directory.path()), Err(PageError::NoIndex)));
    assert!(matches!(Page::load(&directory.path().join("x")), Err(PageError::Unreadable(_))));
    fs::write(directory.path().join("index.html"), vec![0; 9 * 1_024 * 1_024]).unwrap();
    assert!(matches!(Page::load(directory.path()), Err(PageError::TooLarge)));
    fs::write(directory.path().join("index.html"), "page").unwrap();
    fs::create_dir_all(directory.path().join("a/b/c/d")).unwrap();
    assert!(matches!(Page::load(directory.path()), Err(PageError::TooLarge)));
    fs::remove_dir_all(directory.path().join("a")).unwrap();
    fs::write(directory.path().join("a b"), "").unwrap();
    assert!(matches!(Page::load(directory.path()), Err(PageError::StrangeName)));
}
