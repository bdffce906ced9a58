//! How bad a weakness is, from its CVSS vector: versions 2.0, 3.0, 3.1 and 4.0 of <https://www.first.org/cvss>.
//!
//! Scores are computed, never taken from text beside a vector. The equations are those of the crate `cvss`; what it does not say,
//! the temporal score of 3.x and the base score of 4.0, is added here.
//!
//! ```
//! use bartizan_core::Severity;
//! use bartizan_formats::cvss::Cvss;
//! let cvss = Cvss::parse("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:P")?;
//! assert_eq!((cvss.base_score(), cvss.score(), cvss.severity()), (9.8, 9.3, Severity::Critical));
//! # Ok::<(), bartizan_formats::cvss::InvalidCvss>(())
//! ```

use bartizan_core::Severity;
use cvss::{
    v2,
    v3::{
        self,
        metric::temporal::{ExploitCodeMaturity, RemediationLevel, ReportConfidence},
    },
    v4,
};

/// A vector, with the scores that follow from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cvss {
    vector: cvss::Cvss,
    /// Of a vector of 4.0 its base metrics alone.
    base: Option<v4::Vector>,
}

/// A version of the standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CvssVersion {
    /// 2.0.
    V2,
    /// 3.0.
    V30,
    /// 3.1.
    V31,
    /// 4.0.
    V4,
}

/// What a text is that is no vector.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{vector}` is no CVSS vector: {reason}")]
pub struct InvalidCvss {
    /// The text.
    pub vector: String,
    /// What is wrong with it.
    pub reason: String,
}

impl Cvss {
    /// Reads a vector; those without a prefix are of version 2.0.
    pub fn parse(text: &str) -> Result<Self, InvalidCvss> {
        let trimmed = text.trim().trim_start_matches('(').trim_end_matches([')', '/']);
        let invalid = |error: cvss::Error| InvalidCvss { vector: text.to_owned(), reason: error.to_string() };
        let vector: cvss::Cvss = trimmed.parse().map_err(invalid)?;
        // The crate takes vectors of 3.x as they are, and would give a score to a part of one.
        if let cvss::Cvss::CvssV30(vector) | cvss::Cvss::CvssV31(vector) = &vector
            && !has_base_3(vector)
        {
            return Err(InvalidCvss { vector: text.to_owned(), reason: "a base metric is missing".to_owned() });
        }
        let base = match &vector {
            cvss::Cvss::CvssV40(_) => Some(base_of_version_4(trimmed).parse().map_err(invalid)?),
            _ => None,
        };
        Ok(Self { vector, base })
    }

    /// The version of the standard.
    pub fn version(&self) -> CvssVersion {
        match &self.vector {
            cvss::Cvss::CvssV20(_) => CvssVersion::V2,
            cvss::Cvss::CvssV30(_) => CvssVersion::V30,
            cvss::Cvss::CvssV31(_) => CvssVersion::V31,
            // The enum of the crate may grow; nothing else is parsed by the version that is used here.
            _ => CvssVersion::V4,
        }
    }

    /// What the weakness itself amounts to.
    pub fn base_score(&self) -> f64 {
        match (&self.vector, &self.base) {
            (cvss::Cvss::CvssV20(vector), _) => vector.score().value(),
            (cvss::Cvss::CvssV30(vector) | cvss::Cvss::CvssV31(vector), _) => vector.base_score().value(),
            (_, Some(base)) => base.score().value(),
            (other, None) => other.score(),
        }
    }

    /// With what is known of exploits and fixes; what the vector does not say changes nothing. In 4.0 it is the whole score.
    pub fn temporal_score(&self) -> f64 {
        match &self.vector {
            cvss::Cvss::CvssV20(vector) => vector.temporal_score().value(),
            cvss::Cvss::CvssV30(vector) | cvss::Cvss::CvssV31(vector) => temporal_score(vector),
            other => other.score(),
        }
    }

    /// With what is known of the environment, too. In 4.0 it is the whole score.
    pub fn environmental_score(&self) -> f64 {
        match &self.vector {
            cvss::Cvss::CvssV20(vector) => vector.environmental_score().value(),
            cvss::Cvss::CvssV30(vector) | cvss::Cvss::CvssV31(vector) => vector.environmental_score().value(),
            other => other.score(),
        }
    }

    /// What all that the vector says amounts to.
    pub fn score(&self) -> f64 {
        let says = match &self.vector {
            cvss::Cvss::CvssV20(vector) => (has_environment_2(vector), has_time_2(vector)),
            cvss::Cvss::CvssV30(vector) | cvss::Cvss::CvssV31(vector) => (has_environment_3(vector), true),
            _ => (true, true),
        };
        match says {
            (true, _) => self.environmental_score(),
            (false, true) => self.temporal_score(),
            (false, false) => self.base_score(),
        }
    }

    /// The name of the score. Version 2.0 has none: what the National Vulnerability Database says, up to `high`.
    pub fn severity(&self) -> Severity {
        let score = self.score();
        if score <= 0.0 {
            Severity::Info
        } else if score < 4.0 {
            Severity::Low
        } else if score < 7.0 {
            Severity::Medium
        } else if score < 9.0 || self.version() == CvssVersion::V2 {
            Severity::High
        } else {
            Severity::Critical
        }
    }
}

/// Section 7.2 of <https://www.first.org/cvss/v3.1/specification-document>.
fn temporal_score(vector: &v3::Vector) -> f64 {
    let exploit = vector.e.unwrap_or(ExploitCodeMaturity::NotDefined);
    let remediation = vector.rl.unwrap_or(RemediationLevel::NotDefined);
    let report = vector.rc.unwrap_or(ReportConfidence::NotDefined);
    use v3::metric::Metric as _;
    let product = vector.base_score().value() * exploit.score() * remediation.score() * report.score();
    v3::Score::new(product).roundup_for_version(vector.minor_version).value()
}

fn has_base_3(vector: &v3::Vector) -> bool {
    let exploitability = [vector.av.is_some(), vector.ac.is_some(), vector.pr.is_some(), vector.ui.is_some(), vector.s.is_some()];
    let impact = [vector.c.is_some(), vector.i.is_some(), vector.a.is_some()];
    exploitability.into_iter().chain(impact).all(|is_said| is_said)
}

fn has_environment_3(vector: &v3::Vector) -> bool {
    [vector.cr.is_some(), vector.ir.is_some(), vector.ar.is_some(), vector.ms.is_some(), vector.mav.is_some(), vector.mac.is_some()]
        .into_iter()
        .chain([vector.mpr.is_some(), vector.mui.is_some(), vector.mc.is_some(), vector.mi.is_some(), vector.ma.is_some()])
        .any(|is_said| is_said)
}

fn has_environment_2(vector: &v2::Vector) -> bool {
    vector.to_string().split('/').any(|metric| ["CDP:", "TD:", "CR:", "IR:", "AR:"].iter().any(|name| metric.starts_with(name)))
}

fn has_time_2(vector: &v2::Vector) -> bool {
    vector.to_string().split('/').any(|metric| ["E:", "RL:", "RC:"].iter().any(|name| metric.starts_with(name)))
}

/// The base metrics of a vector of 4.0: <https://www.first.org/cvss/v4.0/specification-document>, table 23.
fn base_of_version_4(text: &str) -> String {
    const BASE: &[&str] = &["CVSS", "AV", "AC", "AT", "PR", "UI", "VC", "VI", "VA", "SC", "SI", "SA"];
    let kept = text.split('/').filter(|metric| BASE.contains(&metric.split(':').next().unwrap_or_default()));
    kept.collect::<Vec<_>>().join("/")
}
