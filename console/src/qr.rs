//! QR codes as the desk page draws them.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::messages::Words;

/// Modules of white around a code: cameras need them.
const QUIET_ZONE: usize = 4;

/// A code in modules: a square of `size`, and an SVG path of what is dark in it.
#[derive(Serialize)]
pub(crate) struct QrView {
    size: usize,
    path: Words,
}

/// The code of a text, or `None` when it is too long for one.
pub(crate) fn view(text: &str) -> Option<QrView> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    let width = code.width();
    let mut path = Zeroizing::new(String::new());
    for (row, modules) in code.to_colors().chunks(width).enumerate() {
        let mut column = 0;
        for run in modules.chunk_by(|one, next| one == next) {
            if run.first() == Some(&Color::Dark) {
                let (x, y, length) = (column + QUIET_ZONE, row + QUIET_ZONE, run.len());
                let _ = write!(path, "M{x} {y}h{length}v1h-{length}z");
            }
            column += run.len();
        }
    }
    Some(QrView { size: width + 2 * QUIET_ZONE, path: Words(path) })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a browser paints.
    fn painted(view: &QrView) -> Vec<bool> {
        let mut dark = vec![false; view.size * view.size];
        for run in view.path.0.split_terminator('z') {
            let numbers: Vec<usize> = run
                .split(|letter: char| !letter.is_ascii_digit())
                .filter_map(|number| number.parse().ok())
                .collect();
            let [x, y, length, 1, back] = numbers[..] else { panic!("{run}") };
            assert_eq!(length, back);
            dark[y * view.size + x..][..length].fill(true);
        }
        dark
    }

    #[test]
    fn the_path_paints_the_code() {
        let text = format!("https://relay.example/#{}", "A".repeat(204));
        let view = view(&text).unwrap();
        let dark = painted(&view);
        let code = QrCode::with_error_correction_level(&text, EcLevel::L).unwrap();
        let colors = code.to_colors();
        for y in 0..view.size {
            for x in 0..view.size {
                let inside = (QUIET_ZONE..view.size - QUIET_ZONE).contains(&x)
                    && (QUIET_ZONE..view.size - QUIET_ZONE).contains(&y);
                let expected = inside
                    && colors[(y - QUIET_ZONE) * code.width() + x - QUIET_ZONE] == Color::Dark;
                assert_eq!(dark[y * view.size + x], expected, "{x} {y}");
            }
        }
    }
}
