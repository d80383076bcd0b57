use super::*;

/// Paints the drawing into a bitmap as a renderer would, eight dots to a module.
fn painted(svg: &str) -> Vec<Vec<bool>> {
    const DOTS: usize = 8;
    let between = |text: &str, from: &str, to: &str| {
        text.split_once(from).unwrap().1.split_once(to).unwrap().0.to_owned()
    };
    let size: usize = between(svg, "viewBox=\"0 0 ", " ").parse().unwrap();
    let path = between(svg, "<path d=\"", "\"");
    let mut dots = vec![vec![false; size * DOTS]; size * DOTS];
    for line in path.split('M').skip(1) {
        let end_of_start = line.find(['h', 'm']).unwrap();
        let (x, y) = line[..end_of_start].split_once(' ').unwrap();
        let mut x: usize = x.parse().unwrap();
        let y: usize = y.strip_suffix(".5").unwrap().parse().unwrap();
        let mut rest = &line[end_of_start..];
        while !rest.is_empty() {
            let next = rest[1..].find(['h', 'm']).map_or(rest.len(), |place| place + 1);
            let step = rest[1..next].trim_end_matches(" 0");
            let length: usize = step.parse().unwrap();
            if rest.starts_with('h') {
                for row in &mut dots[y * DOTS..(y + 1) * DOTS] {
                    row[x * DOTS..(x + length) * DOTS].fill(true);
                }
            }
            x += length;
            rest = &rest[next..];
        }
    }
    dots
}

/// What an independent library reads.
fn decoded(svg: &str) -> String {
    let dots = painted(svg);
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(dots.len(), dots.len(), |x, y| {
        if dots[y][x] { 0 } else { 255 }
    });
    let grids = image.detect_grids();
    assert_eq!(grids.len(), 1);
    grids[0].decode().unwrap().1
}

fn codes(page: &str) -> Vec<&str> {
    page.split("<svg ").skip(1).map(|rest| rest.split_once("</svg>").unwrap().0).collect()
}

fn addresses(count: usize) -> Vec<Zeroizing<String>> {
    let text = |number| {
        let letters = format!("{number:04}-abcdefghijklmnopqrstuvwxyz_ABCDEFGHIJKLMNOPQRSTUVWXYZ");
        let text: String = letters.chars().cycle().skip(number % 50).take(204).collect();
        Zeroizing::new(format!("https://relay.example/#{text}"))
    };
    (0..count).map(text).collect()
}

#[test]
fn every_code_reads_as_its_link() {
    let origin = Origin::parse("https://relay.example").unwrap();
    let addresses = addresses(25);
    let until = Timestamp(1_795_392_000);
    let page = page(&origin, &addresses, Printed::OneTime, until).unwrap();
    let codes = codes(&page);
    assert_eq!(codes.len(), 25);
    for (code, address) in codes.iter().zip(&addresses) {
        assert_eq!(decoded(code), **address);
    }
    assert_eq!(page.matches("class=\"page\"").count(), 3);
    assert_eq!(page.matches(">relay.example<").count(), 25);
    assert_eq!(page.matches("2026-11-23 00:00 UTC").count(), 25);
}

#[test]
fn a_page_loads_nothing_runs_nothing_and_spells_no_link() {
    let origin = Origin::parse("https://relay.example").unwrap();
    let addresses = addresses(2);
    for printed in [Printed::OneTime, Printed::Door] {
        let page = page(&origin, &addresses, printed, Timestamp(0)).unwrap();
        for part in ["<script", "src=", "href=", "url(", "@import", "http:", "https:", "#0000"] {
            assert!(!page.contains(part), "{part}");
        }
        assert!(page.contains("default-src 'none'"));
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    assert!(qr_lines(&"x".repeat(3_000)).is_err());
}
