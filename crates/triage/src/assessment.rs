//! What is decided of a finding when it is first seen: whose it is, how urgent, until when.

use bartizan_core::{Owner, Severity};
use bartizan_formats::codeowners::CodeOwners;

use crate::{
    asset::{DataClass, Exposure},
    intake::Seen,
    ownership::{self, Place},
    risk, sla, ssvc,
    state::StateKind,
    time::Time,
};

/// What is known of a repository and of the organization's policies, to assess its findings by.
pub struct Assessor {
    /// Its code-owners file.
    pub code_owners: Option<CodeOwners>,
    /// The team that answers for it.
    pub team: Option<Owner>,
    /// How much it matters, 1 the most.
    pub tier: Option<u8>,
    /// Who can reach it.
    pub exposure: Option<Exposure>,
    /// What it holds.
    pub data_class: Option<DataClass>,
    /// How authors become owners.
    pub ownership: ownership::Policy,
    /// The table that chooses the band.
    pub table: ssvc::Table,
    /// How risk is weighed.
    pub risk: risk::Policy,
    /// What is due when.
    pub sla: sla::Policy,
    /// The present.
    pub now: Time,
}

/// What is decided of a finding.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assessment {
    /// Who is asked first; nobody if nobody is known.
    pub owner: Option<String>,
    /// Why they are, in words.
    pub owner_reason: Option<String>,
    /// How urgent it is, from 0 to 999.
    pub risk: u32,
    /// Until when it is to be dealt with.
    pub due: Option<Time>,
}

impl Assessor {
    /// An assessor with the policies that Bartizan has of its own, who knows nothing of the repository.
    #[must_use]
    pub fn new(now: Time) -> Self {
        Self {
            code_owners: None,
            team: None,
            tier: None,
            exposure: None,
            data_class: None,
            ownership: ownership::Policy::default(),
            table: ssvc::Table::built_in(),
            risk: risk::Policy::default(),
            sla: sla::Policy::default(),
            now,
        }
    }

    /// Assesses what was seen for the first time.
    ///
    /// ```
    /// use bartizan_core::Severity;
    /// use bartizan_formats::import::{Observation, Place};
    /// use bartizan_triage::{assessment::Assessor, intake::Seen, time::{DAY, Time}};
    ///
    /// let critical = Observation { rule: "sqli".to_owned(), severity: Some(Severity::Critical), ..Observation::default() };
    /// let assessment = Assessor::new(Time(0)).assess(&Seen::of("semgrep", &critical));
    /// assert_eq!(assessment.owner, None);
    /// assert!(0 < assessment.risk);
    /// ```
    #[must_use]
    pub fn assess(&self, seen: &Seen) -> Assessment {
        // Of a severity that nobody gave the middle is assumed, so that it is neither buried nor shouted.
        let severity = seen.severity.unwrap_or(Severity::Medium);
        let risk = risk::assess(
            &risk::Inputs {
                severity,
                cvss: seen.cvss.clone(),
                epss: None,
                kev: None,
                public_exploit: None,
                reachability: None,
                exposure: self.exposure,
                data_class: self.data_class,
                first_seen: self.now,
            },
            &self.table,
            &self.risk,
            self.now,
        );
        let due = sla::due(
            &sla::Facts {
                state: StateKind::New,
                severity,
                priority: risk.priority,
                tier: self.tier,
                exposure: self.exposure,
                exploited: None,
                outcome: None,
                first_seen: self.now,
                confirmed: None,
                reopened: None,
            },
            &self.sla,
        );
        let place =
            Place { code_owners: self.code_owners.as_ref(), path: seen.path.as_deref(), team: self.team.as_ref(), ..Place::default() };
        let ownership = ownership::of(&place, &self.ownership, self.now);
        let owner = ownership.owners.first().map(|owner| owner.0.clone());
        Assessment { owner_reason: owner.is_some().then(|| ownership.why.to_string()), owner, risk: risk.score, due: due.due }
    }
}
