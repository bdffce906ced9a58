//! Rules for code that were read and compiled before.
//!
//! What was understood of one set of rule files is kept beside the results of scans, under a hash of their texts and of this
//! build, together with the patterns that were compiled, those of the rules that the binary carries among them.

use std::{io, sync::Arc};

use bartizan_sast::KeptPatterns;
use bartizan_scan::{CacheSettings, KeptBytes};
use serde::{Deserialize, Serialize};

use crate::{
    rule_files::RuleText,
    sast_rules::{self, Understood},
};

/// Rules that were read and compiled, now or before.
#[derive(Debug)]
pub(crate) struct RuleCache {
    /// Nothing if nothing is kept.
    kept: Option<KeptBytes>,
    /// One for each file, if they were read before.
    understood: Option<Vec<Understood>>,
    /// The same as it is written.
    packed: Vec<u8>,
    pub(crate) patterns: Arc<KeptPatterns>,
}

/// What is kept.
#[derive(Debug, Serialize, Deserialize)]
struct Content<'a> {
    /// What was understood of each rule file.
    understood: &'a [u8],
    patterns: &'a [u8],
}

impl RuleCache {
    /// What is known of rule files. Without a cache, or one that can't be used, nothing is.
    pub(crate) fn open(settings: Option<CacheSettings>, build: &[u8], texts: &[RuleText]) -> Self {
        let subject: Vec<&[u8]> = [b"rules".as_slice(), build].into_iter().chain(texts.iter().map(|text| text.text.as_bytes())).collect();
        let kept = settings.and_then(|settings| KeptBytes::open(settings, &subject).ok());
        let bytes = kept.as_ref().and_then(KeptBytes::read).unwrap_or_default();
        let content: Option<Content<'_>> = postcard::from_bytes(&bytes).ok();
        let understood = content.as_ref().and_then(|content| postcard::from_bytes(content.understood).ok());
        let understood = understood.filter(|known: &Vec<Understood>| known.len() == texts.len());
        let (packed, patterns) = content.map_or_else(Default::default, |content| (content.understood.to_vec(), content.patterns));
        Self { kept, understood, packed, patterns: Arc::new(KeptPatterns::unpack(patterns)) }
    }

    /// What each file means.
    pub(crate) fn understand(&mut self, texts: &[RuleText]) -> Vec<Understood> {
        if let Some(known) = self.understood.take() {
            return known;
        }
        let understood: Vec<Understood> = texts.iter().map(|text| sast_rules::understand_with(text, &self.patterns)).collect();
        self.packed = postcard::to_stdvec(&understood).unwrap_or_default();
        understood
    }

    /// Keeps what was compiled since.
    pub(crate) fn save(&self) {
        let Some(kept) = &self.kept else { return };
        let Some(patterns) = self.patterns.pack() else { return };
        let Ok(bytes) = postcard::to_stdvec(&Content { understood: &self.packed, patterns: &patterns }) else { return };
        // What can't be written is made again next time; the results of the scan say it if the folder can't be used.
        let _is_written: io::Result<()> = kept.write(&bytes);
    }
}
