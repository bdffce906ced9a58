//! Words for severities, confidences and their like.

use schemars::JsonSchema;
use serde::Serialize;

/// Declares an enum of words, and how the vocabulary's enum becomes one.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident of $core:ty { $($(#[$variant_doc:meta])* $variant:ident,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
        #[serde(rename_all = "kebab-case")]
        pub(crate) enum $name { $($(#[$variant_doc])* $variant,)* }

        impl From<$core> for $name {
            fn from(value: $core) -> Self {
                match value { $(<$core>::$variant => Self::$variant,)* }
            }
        }
    };
}

words! {
    /// How bad a weakness is if it is real; says nothing about how sure the finding is.
    Severity of bartizan_core::Severity {
        /// It gives an attacker the system or its data.
        Critical,
        /// It lets an attacker do harm.
        High,
        /// It helps an attacker together with another weakness.
        Medium,
        /// Little harm, or unlikely circumstances.
        Low,
        /// Worth knowing; nothing needs to be done.
        Info,
    }
}

words! {
    /// How sure a finding is; says nothing about how bad it would be.
    Confidence of bartizan_core::Confidence {
        /// Rarely wrong.
        High,
        /// More often right than wrong.
        Medium,
        /// A hint: more often wrong than right.
        Low,
    }
}

words! {
    /// How far the code of a project reaches what is wrong with a component.
    Reachability of bartizan_core::Reachability {
        /// The project calls what the advisory names.
        Called,
        /// The project imports it.
        Imported,
        /// It can't be told.
        Unknown,
        /// Nothing in the project imports it, and nothing that does so depends on it.
        NotImported,
    }
}

words! {
    /// What kind of reason a piece of evidence is: `proven` beats `structural` beats `contextual`.
    Strength of bartizan_core::Strength {
        /// A check that a random value would fail has passed: a checksum, a parse, a signature.
        Proven,
        /// The value has the shape that its issuer documents.
        Structural,
        /// What stands around the value suggests it.
        Contextual,
    }
}

words! {
    /// Whether a fix may be applied without a person's look.
    FixSafety of bartizan_core::FixSafety {
        /// Same behavior for correct inputs, and the rule is silent afterwards.
        Safe,
        /// A person decides.
        NeedsReview,
    }
}

words! {
    /// How a finding compares with the baseline.
    BaselineState of bartizan_core::BaselineState {
        /// It was not there before.
        New,
        /// It was there before.
        Unchanged,
    }
}

words! {
    /// What a diagnostic means for the result.
    Level of bartizan_core::Level {
        /// Good to know; the scan is complete.
        Note,
        /// Something was not analyzed: the scan is incomplete.
        Incomplete,
        /// Something that the caller asked for failed: the scan is incomplete, and the caller should change something.
        Error,
    }
}

words! {
    /// Why a file was not looked into.
    SkipReason of bartizan_core::SkipReason {
        /// It is binary, and no engine reads its kind.
        Binary,
        /// It is empty.
        Empty,
        /// No engine is interested in it.
        NotInteresting,
        /// A diagnostic says why.
        Problem,
    }
}

words! {
    /// What a dependency is needed for.
    Scope of bartizan_core::Scope {
        /// It runs in production.
        Runtime,
        /// It may be absent at run time.
        Optional,
        /// It is needed to build.
        Build,
        /// It is needed to test.
        Test,
        /// It is needed to develop.
        Development,
    }
}

words! {
    /// What a component is to the project.
    ComponentKind of bartizan_core::ComponentKind {
        /// The project itself, or a member of its workspace.
        Application,
        /// Something that it is made of.
        Library,
        /// An image of a container.
        Container,
        /// A package of an operating system.
        OperatingSystem,
        /// The image of a container that was looked at.
        Image,
    }
}

words! {
    /// How a hash is made.
    HashAlgorithm of bartizan_core::HashAlgorithm {
        /// MD5.
        Md5,
        /// SHA-1.
        Sha1,
        /// SHA-256.
        Sha256,
        /// SHA-384.
        Sha384,
        /// SHA-512.
        Sha512,
    }
}
