//! Whole reports in every format.

#[cfg(test)]
mod csv;
#[cfg(test)]
mod cvss;
#[cfg(test)]
mod every;
#[cfg(test)]
mod gitlab;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod html;
#[cfg(test)]
mod json;
#[cfg(test)]
mod junit;
#[cfg(test)]
mod markdown;
#[cfg(test)]
mod purl;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod sarif;
#[cfg(test)]
mod sbom;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod semgrep_json;
#[cfg(test)]
mod support;
#[cfg(test)]
mod vex;
