//! A bar with its error, as SVG. The drawing is stretched to its place, so that it holds no letters.

use std::fmt::Write;

use super::super::figures::{Figure, real};

/// Of the drawing.
const WIDTH: f64 = 240.0;
const HEIGHT: f64 = 16.0;
/// Half of the thin line's ends.
const CAP: f64 = 3.5;

/// Where a plot's numbers end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scale {
    pub(super) end: i64,
}

impl Scale {
    /// The smallest round number that holds every bar and its error: 1, 2 or 5 with noughts behind it,
    /// but never so small that noise fills the plot.
    pub(super) fn of(figures: &[Figure]) -> Self {
        let far = |figure: &Figure| real(figure.value()) + figure.expected_error;
        let farthest = figures.iter().map(far).fold(10.0, f64::max);
        let mut end = 10_i64;
        let mut steps = [2, 5, 10].into_iter().cycle();
        let mut ten = 10;
        while real(end) < farthest {
            let step = steps.next().unwrap_or(10);
            end = ten * step;
            if step == 10 {
                ten = end;
            }
        }
        Self { end }
    }

    fn place(self, number: f64) -> f64 {
        (number / real(self.end)).clamp(0.0, 1.0) * WIDTH
    }
}

/// Draws a figure. Where lines run from right to left, bars do so too.
pub(super) fn bar(figure: &Figure, scale: Scale, mirrored: bool) -> String {
    let across = |x: f64| if mirrored { WIDTH - x } else { x };
    let middle = HEIGHT / 2.0;
    let mut svg = format!(
        "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
    );
    let grid = [0.0, 0.5, 1.0].map(|part| {
        let x = across(part * WIDTH);
        format!("M{x:.1} 0V{HEIGHT}")
    });
    let _ = write!(svg, "<path class=\"grid\" d=\"{}\"/>", grid.concat());
    let value = real(figure.value());
    if figure.value() > 0 && !figure.is_under_5() {
        let length = scale.place(value);
        let begin = if mirrored { WIDTH - length } else { 0.0 };
        let _ = write!(
            svg,
            "<rect class=\"bar\" x=\"{begin:.1}\" y=\"3\" width=\"{length:.1}\" height=\"10\"/>"
        );
        if !figure.is_exact() {
            let from = across(scale.place(value - figure.expected_error));
            let to = across(scale.place(value + figure.expected_error));
            let (top, bottom) = (middle - CAP, middle + CAP);
            let _ = write!(
                svg,
                "<path class=\"error\" d=\"M{from:.1} {middle}H{to:.1}M{from:.1} {top}V{bottom}\
                 M{to:.1} {top}V{bottom}\"/>"
            );
        }
    }
    svg.push_str("</svg>");
    svg
}
