//! Reads `pip.conf` and `pip.ini`: <https://pip.pypa.io/en/stable/topics/configuration/>.

use crate::{Claim, Ecosystem, Parsed, Read, Reader, Serves, SourceText, line};

/// `pip.conf`.
pub(crate) static READER: Reader = Reader {
    name: "pip.conf",
    claims: &[Claim::Name("pip.conf"), Claim::Name("pip.ini"), Claim::Name(".pip.conf")],
    read: Read::Text(read),
};

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    // A value may go on in lines that are indented.
    let mut is_extra = false;
    for (range, content) in line::of(source.text) {
        if content.is_empty() || content.starts_with(['#', ';', '[']) {
            is_extra = false;
            continue;
        }
        let is_indented = source.text.get(..range.start()).is_some_and(|before| before.ends_with([' ', '\t']));
        let (name, value) = match content.split_once(['=', ':']).filter(|_| !is_indented) {
            Some((name, value)) => (name.trim(), value.trim()),
            None if is_extra => ("extra-index-url", content),
            None => continue,
        };
        let serves = match name {
            "index-url" | "index_url" => Serves::All,
            "extra-index-url" | "extra_index_url" => Serves::Also,
            _ => {
                is_extra = false;
                continue;
            }
        };
        is_extra = serves == Serves::Also;
        for url in value.split_ascii_whitespace() {
            parsed.inventory.asks(Ecosystem::PyPi, url, serves.clone(), range);
        }
    }
    parsed
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::{Serves, SourceText};

    #[test]
    fn values_may_go_on_in_further_lines() {
        let text = "[global]\nindex-url = https://pypi.example.com/simple\nextra-index-url =\n    https://a.example.com\n    https://b.example.com\ntimeout = 60\n";
        let parsed = READER.read_text(&SourceText { path: "pip.conf", text }).unwrap();
        let found: Vec<_> = parsed.inventory.indexes.iter().map(|index| (index.url.as_str(), index.serves.clone())).collect();
        let expected = [
            ("https://pypi.example.com/simple", Serves::All),
            ("https://a.example.com", Serves::Also),
            ("https://b.example.com", Serves::Also),
        ];
        assert_eq!(found, expected);
    }
}
