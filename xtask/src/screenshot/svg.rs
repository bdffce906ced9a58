//! Draws a terminal window.

use std::fmt::Write as _;

use super::ansi::{Color, Look, Span};

/// A character's place, in pixels.
const CELL_WIDTH: f64 = 8.4;
const LINE_HEIGHT: f64 = 19.0;
const FONT_SIZE: f64 = 14.0;
/// Around the text.
const PADDING: f64 = 18.0;
/// The window's own bar.
const BAR_HEIGHT: f64 = 34.0;

const BACKGROUND: &str = "#16191f";
const BAR: &str = "#22262e";
const TEXT: &str = "#d5d9e0";

/// Draws lines of text in a window of so many columns.
pub(super) fn render(title: &str, lines: &[Vec<Span>], columns: usize) -> String {
    let width = at_column(columns) + PADDING;
    let height = LINE_HEIGHT.mul_add(to_f64(lines.len()), BAR_HEIGHT + 2.0 * PADDING);
    let middle = width / 2.0;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" \
         aria-label=\"{}: what a terminal shows\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"10\" fill=\"{BACKGROUND}\"/>\n\
         <path d=\"M0 {BAR_HEIGHT}V10A10 10 0 0 1 10 0H{:.0}A10 10 0 0 1 {width:.0} 10V{BAR_HEIGHT}Z\" fill=\"{BAR}\"/>\n",
        escape(title),
        width - 10.0
    );
    for (index, color) in ["#ef6b5f", "#f3be4f", "#5fc454"].iter().enumerate() {
        let _ = writeln!(out, "<circle cx=\"{:.0}\" cy=\"17\" r=\"6\" fill=\"{color}\"/>", to_f64(index).mul_add(20.0, 20.0));
    }
    let font = "font-family=\"ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace\"";
    let _ = writeln!(out, "<g {font} font-size=\"{FONT_SIZE}\" fill=\"{TEXT}\">");
    let _ =
        writeln!(out, "<text x=\"{middle:.0}\" y=\"22\" text-anchor=\"middle\" fill=\"#8b93a1\" font-size=\"13\">{}</text>", escape(title));
    for (index, line) in lines.iter().enumerate() {
        let y = LINE_HEIGHT.mul_add(to_f64(index) + 1.0, BAR_HEIGHT + PADDING) - 4.0;
        draw_line(&mut out, line, y);
    }
    out.push_str("</g>\n</svg>\n");
    out
}

/// Draws each span at its own place and in its own width, so that columns stay columns in any font.
fn draw_line(out: &mut String, line: &[Span], y: f64) {
    let mut column = 0;
    for Span { look, text } in line {
        let n_columns = text.chars().count();
        let n_before = text.chars().take_while(|&character| character == ' ').count();
        let shown = text.trim();
        if !shown.is_empty() {
            let length = to_f64(shown.chars().count()) * CELL_WIDTH;
            let _ = writeln!(
                out,
                "<text x=\"{:.1}\" y=\"{y:.1}\" textLength=\"{length:.1}\" xml:space=\"preserve\"{}>{}</text>",
                at_column(column + n_before),
                attributes(*look),
                escape(shown)
            );
        }
        column += n_columns;
    }
}

fn attributes(look: Look) -> String {
    let mut attributes = look.color.map(|color| format!(" fill=\"{}\"", hex(color))).unwrap_or_default();
    if look.is_bold {
        attributes.push_str(" font-weight=\"bold\"");
    }
    if look.is_dim {
        attributes.push_str(" opacity=\"0.62\"");
    }
    if look.is_underlined {
        attributes.push_str(" text-decoration=\"underline\"");
    }
    attributes
}

/// Colors that are easy to read on the background.
const fn hex(color: Color) -> &'static str {
    match color {
        Color::Black => "#3b414d",
        Color::Red => "#e06c66",
        Color::Green => "#8cc17a",
        Color::Yellow => "#e3b65c",
        Color::Blue => "#6da7e8",
        Color::Magenta => "#c58be0",
        Color::Cyan => "#5fbdc4",
        Color::White => "#d5d9e0",
        Color::BrightBlack => "#7d8593",
        Color::BrightRed => "#ff7b72",
        Color::BrightGreen => "#a4d88f",
        Color::BrightYellow => "#f2cc7a",
        Color::BrightBlue => "#7fb4f0",
        Color::BrightMagenta => "#e08ae8",
        Color::BrightCyan => "#79d4db",
        Color::BrightWhite => "#ffffff",
    }
}

fn at_column(column: usize) -> f64 {
    CELL_WIDTH.mul_add(to_f64(column), PADDING)
}

/// Lines and columns of a terminal are few.
fn to_f64(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_stand_in_their_columns() {
        let red = Look { color: Some(Color::Red), ..Look::default() };
        let line = vec![Span { look: Look::default(), text: "ab  ".to_owned() }, Span { look: red, text: " <c>".to_owned() }];
        let svg = render("t & u", &[line], 10);
        assert!(svg.contains("aria-label=\"t &amp; u: what"), "{svg}");
        assert!(svg.contains("x=\"18.0\"") && svg.contains(">ab</text>"), "{svg}");
        assert!(svg.contains("x=\"60.0\"") && svg.contains("fill=\"#e06c66\">&lt;c&gt;</text>"), "{svg}");
    }
}
