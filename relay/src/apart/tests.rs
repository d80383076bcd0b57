use tempfile::TempDir;

use super::*;
use crate::Limits;
use crate::headers::strict_headers;
use crate::testing::{FakeService, config};

const BUILT: &str = "<!doctype html>\n<meta name=\"relay\" content=\"\">\n";

fn origins() -> Vec<Origin> {
    ["https://talk.example", "http://abcdefgh.onion"].map(|text| Origin::new(text).unwrap()).into()
}

fn page() -> Page {
    let folder = TempDir::new().unwrap();
    for (name, text) in [
        ("index.html", BUILT),
        ("index.html.br", "compressed"),
        ("app.js", "script"),
        ("app.js.gz", "script, compressed"),
        ("manifest.json", "old"),
        ("manifest.json.sig", "old"),
    ] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    Page::load(folder.path()).unwrap()
}

fn written(page: Page) -> (TempDir, Result<(), ApartError>) {
    let folder = TempDir::new().unwrap();
    let mut config = config(&[&FakeService::new(1)], Limits::default());
    (config.origins, config.page) = (origins(), page);
    let outcome = config.write_page(&folder.path().join("apart"));
    (folder, outcome)
}

#[test]
fn the_page_names_the_relay_and_its_list_has_the_hash_of_every_file() {
    let (folder, outcome) = written(page());
    outcome.unwrap();
    let page = folder.path().join("apart/page");
    let index = fs::read_to_string(page.join("index.html")).unwrap();
    let named = "<meta name=\"relay\" content=\"https://talk.example http://abcdefgh.onion\">";
    assert_eq!(index, BUILT.replace(PLACE, named));
    let hash = |name: &str| format!("{:x}", Sha256::digest(fs::read(page.join(name)).unwrap()));
    let listed = ["app.js", "app.js.gz", "index.html"]
        .map(|name| format!("    \"{name}\": \"{}\"", hash(name)))
        .join(",\n");
    let manifest = fs::read_to_string(page.join("manifest.json")).unwrap();
    assert_eq!(manifest, format!("{{\n  \"version\": 1,\n  \"sha256\": {{\n{listed}\n  }}\n}}\n"));
    assert_eq!(fs::read_dir(&page).unwrap().count(), 4);
}

#[test]
fn a_page_of_another_version_and_a_folder_that_is_there_are_refused() {
    let old = Page::default().with_file("/index.html", b"<!doctype html>".to_vec());
    assert!(matches!(written(old).1, Err(ApartError::NoPlace)));
    let mut config = config(&[&FakeService::new(1)], Limits::default());
    config.page = page();
    let folder = TempDir::new().unwrap();
    assert!(matches!(config.write_page(folder.path()), Err(ApartError::NotWritten(_))));
}

/// The one source of truth: what a server apart sends is what the relay sends, but for one directive.
#[test]
fn the_headers_are_the_relay_s_own_but_for_what_the_page_may_speak_to() {
    let (folder, _) = written(page());
    let read = |name: &str| fs::read_to_string(folder.path().join("apart").join(name)).unwrap();
    let strict = strict_headers(&origins(), None);
    let expected = |form: &dyn Fn(&str, &str) -> String| -> String {
        let line = |(name, value): (&str, &str)| {
            let own = "'self' wss://talk.example ws://abcdefgh.onion";
            let apart = "'self' https://talk.example wss://talk.example \
                         http://abcdefgh.onion ws://abcdefgh.onion";
            format!("{}\n", form(name, &value.replace(own, apart)))
        };
        sorted(&strict).into_iter().map(line).collect()
    };
    let text = read("headers.txt");
    assert_eq!(text, expected(&|name, value| format!("{name}: {value}")));
    assert!(text.contains("connect-src 'self' https://talk.example wss://talk.example"));
    assert_eq!(text.lines().count(), strict.len());
    let quoted = |value: &str| format!("\"{value}\"");
    let nginx = expected(&|name, value| format!("add_header {name} {} always;", quoted(value)));
    assert_eq!(read("headers.nginx"), nginx);
    let caddy = expected(&|name, value| format!("\t{name} {}", quoted(value)));
    assert_eq!(read("headers.caddy"), format!("header {{\n{caddy}}}\n"));
    // Neither server would take such a value.
    assert!(!text.contains(['"', '\\', '$', '{']));
}
