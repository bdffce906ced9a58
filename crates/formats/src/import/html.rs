//! Tables of web pages, for tools whose reports have no other form.

use super::{identifier::plain, node::Node};

/// How many cells are read.
const MAX_CELLS: usize = 5_000_000;

/// Reads every table of a page that names its columns: a list of maps, one a row. A table within a cell is a part of its text.
pub(super) fn parse(text: &str) -> Node {
    let mut tables = Tables::default();
    let (mut rest, mut n_cells) = (text, 0);
    while let Some((before, after)) = rest.split_once('<') {
        tables.text(before);
        let Some((tag, behind)) = after.split_once('>') else { break };
        rest = behind;
        let name: String = tag.chars().take_while(|character| !character.is_whitespace()).collect::<String>().to_ascii_lowercase();
        // What is in there is no markup.
        if name == "script" || name == "style" {
            let end = format!("</{name}");
            rest = rest.split_once(&*end).map_or("", |(_, rest)| rest);
            continue;
        }
        n_cells += usize::from(name == "td" || name == "th");
        if MAX_CELLS < n_cells {
            break;
        }
        tables.tag(&name, tag);
    }
    Node::List(tables.rows)
}

#[derive(Default)]
struct Tables {
    rows: Vec<Node>,
    depth: usize,
    names: Vec<String>,
    cells: Vec<String>,
    cell: Option<String>,
    has_data: bool,
}

impl Tables {
    fn text(&mut self, text: &str) {
        if let Some(cell) = &mut self.cell {
            cell.push_str(text);
        }
    }

    fn tag(&mut self, name: &str, tag: &str) {
        match (name, self.depth) {
            ("table", 0) => {
                self.depth = 1;
                self.names.clear();
            }
            ("table", _) => self.depth += 1,
            ("/table", 1) => {
                self.row();
                self.depth = 0;
            }
            ("/table", _) => self.depth = self.depth.saturating_sub(1),
            ("tr", 1) => self.row(),
            ("/tr", 1) => self.row(),
            ("td" | "th", 1) => {
                self.cell_ends();
                self.has_data |= name == "td";
                self.cell = Some(String::new());
            }
            ("/td" | "/th", 1) => self.cell_ends(),
            (_, 0) => {}
            // Within a cell: kept, so that its text becomes what people see.
            _ => self.text(&format!("<{tag}>")),
        }
    }

    fn cell_ends(&mut self) {
        if let Some(cell) = self.cell.take() {
            self.cells.push(plain(&cell));
        }
    }

    fn row(&mut self) {
        self.cell_ends();
        let cells = std::mem::take(&mut self.cells);
        if !std::mem::take(&mut self.has_data) {
            if !cells.is_empty() {
                self.names = cells;
            }
        } else if !self.names.is_empty() {
            let members = self.names.iter().zip(cells).map(|(name, cell)| (name.as_str().into(), Node::Text(cell.into())));
            self.rows.push(Node::Map(members.collect()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_maps() {
        let page = "<html><style>td {}</style><table><thead><tr><th>A</th><th>B</th></tr></thead><tr><td><a href='x'>1</a></td><td>x<table><tr><td>y</td></tr></table></td></tr></table>";
        let node = parse(page);
        assert_eq!((node.str("A"), node.str("B").replace('\n', "").as_str()), ("1", "xy"));
    }
}
