//! What one pom says, as it is written.

use serde::{Deserialize, Serialize};

use crate::PackageIndex;

/// What one pom says, as it is written; profiles that are active by default are part of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Pom {
    /// Its group; that of its parent where there is none.
    pub group: Option<String>,
    /// Its artifact.
    pub artifact: Option<String>,
    /// Its version; that of its parent where there is none.
    pub version: Option<String>,
    /// What it inherits from.
    pub parent: Option<Parent>,
    /// Its properties; of two with one name the last counts.
    pub properties: Vec<(String, String)>,
    /// What it depends on.
    pub dependencies: Vec<Declared>,
    /// What it says of dependencies wherever they are declared.
    pub managed: Vec<Declared>,
}

/// The pom that another inherits from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Parent {
    /// Its group.
    pub group: String,
    /// Its artifact.
    pub artifact: String,
    /// Its version.
    pub version: String,
    /// Where it is, from the folder of the pom: `../pom.xml` where nothing is said, nowhere in the project where it is empty.
    pub path: Option<String>,
}

/// A dependency as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Declared {
    /// Its group.
    pub group: String,
    /// Its artifact.
    pub artifact: String,
    /// Its version.
    pub version: Option<String>,
    /// Its type; `jar` where nothing is said.
    pub kind: Option<String>,
    /// Its classifier.
    pub classifier: Option<String>,
    /// Its scope.
    pub scope: Option<String>,
    /// Whether it may be left out: `true`, or a property.
    pub optional: Option<String>,
    /// The package that stands for it in the inventory; nothing for what is only managed.
    pub package: Option<PackageIndex>,
}
