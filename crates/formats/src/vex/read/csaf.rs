//! CSAF 2.0 and 2.1, profile VEX: <https://docs.oasis-open.org/csaf/csaf/v2.0/csaf-v2.0.html>, section 4.5.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Draft, items, justification, purl, text, texts};
use crate::{
    Timestamp,
    purl::PackageUrl,
    vex::{Justification, Product, Statement, Status},
};

/// Products that are within products that are within products … up to here.
const MAX_RELATIONS: usize = 16;

/// The lists of `product_status`, and what they mean. What was fixed first, and what is recommended, is not vulnerable any more.
const LISTS: [(&str, Status); 7] = [
    ("known_not_affected", Status::NotAffected),
    ("fixed", Status::Fixed),
    ("first_fixed", Status::Fixed),
    ("known_affected", Status::Affected),
    ("first_affected", Status::Affected),
    ("last_affected", Status::Affected),
    ("under_investigation", Status::UnderInvestigation),
];

/// What a document knows by an id.
#[derive(Debug, Default)]
struct Tree<'d> {
    /// Package URLs by the id of a product.
    products: BTreeMap<&'d str, Vec<PackageUrl>>,
    /// What is within what, by the id of both together.
    relations: BTreeMap<&'d str, (&'d str, &'d str)>,
    /// Products by the id of their group.
    groups: BTreeMap<&'d str, Vec<&'d str>>,
}

pub(super) fn read(root: &Value, draft: &mut Draft) {
    let null = Value::Null;
    let about = root.get("document").unwrap_or(&null);
    let tracking = about.get("tracking").unwrap_or(&null);
    text(tracking, "id").clone_into(&mut draft.document.id);
    about.get("publisher").map(|publisher| text(publisher, "name")).unwrap_or_default().clone_into(&mut draft.document.author);
    draft.document.timestamp = Timestamp::parse(text(tracking, "current_release_date"));
    let tree = Tree::read(root.get("product_tree").unwrap_or(&null));
    for vulnerability in items(root, "vulnerabilities") {
        let ids = items(vulnerability, "ids").iter().map(|id| text(id, "text"));
        let flaws: Vec<String> =
            std::iter::once(text(vulnerability, "cve")).chain(ids).filter(|name| !name.is_empty()).map(str::to_owned).collect();
        let status = vulnerability.get("product_status").unwrap_or(&null);
        for (id, status) in LISTS.iter().flat_map(|(name, meant)| texts(status, name).map(move |id| (id, *meant))) {
            let Some(products) = tree.resolve(id) else {
                draft.problem(format!("`{id}` is no product of the document's product tree"));
                continue;
            };
            let (justification, flagged) = tree.flag(vulnerability, id);
            draft.add(Statement {
                flaws: flaws.clone(),
                products,
                status,
                justification,
                explanation: tree.details(vulnerability, "threats", "impact", id),
                action: tree.details(vulnerability, "remediations", "", id),
                timestamp: flagged.or(draft.document.timestamp),
            });
        }
    }
}

impl<'d> Tree<'d> {
    fn read(value: &'d Value) -> Self {
        let mut tree = Self::default();
        items(value, "full_product_names").iter().for_each(|product| tree.add(product));
        tree.add_branches(items(value, "branches"));
        for relation in items(value, "relationships") {
            let Some(product) = relation.get("full_product_name") else { continue };
            tree.add(product);
            let ends = (text(relation, "product_reference"), text(relation, "relates_to_product_reference"));
            tree.relations.insert(text(product, "product_id"), ends);
        }
        for group in items(value, "product_groups") {
            tree.groups.insert(text(group, "group_id"), texts(group, "product_ids").collect());
        }
        tree
    }

    /// The depth is that of the document, which its parser limits.
    fn add_branches(&mut self, branches: &'d [Value]) {
        for branch in branches {
            branch.get("product").into_iter().for_each(|product| self.add(product));
            self.add_branches(items(branch, "branches"));
        }
    }

    fn add(&mut self, product: &'d Value) {
        let helper = product.get("product_identification_helper").unwrap_or(&Value::Null);
        // 2.1 has several.
        let purls = std::iter::once(text(helper, "purl")).chain(texts(helper, "purls")).filter_map(purl);
        self.products.entry(text(product, "product_id")).or_default().extend(purls);
    }

    /// What an id means; nothing if the document does not define it.
    fn resolve(&self, id: &str) -> Option<Vec<Product>> {
        let own = self.products.get(id)?;
        let of_purl = |purl: &PackageUrl| Product { id: id.to_owned(), purl: Some(purl.clone()), ..Product::default() };
        if !own.is_empty() {
            return Some(own.iter().map(of_purl).collect());
        }
        let unknown = || Product { id: id.to_owned(), ..Product::default() };
        let Some((component, whole)) = self.relations.get(id) else { return Some(vec![unknown()]) };
        let components = self.purls(component, 0);
        let wholes = self.purls(whole, 0);
        // Something within a product that has no package URL can't be told from the same thing within another one.
        let products = wholes.iter().map(|whole| Product {
            components: components.clone(),
            has_unknown_components: components.is_empty(),
            ..of_purl(whole)
        });
        let products: Vec<Product> = products.collect();
        Some(if products.is_empty() { vec![unknown()] } else { products })
    }

    /// The package URLs of a product, or of the component that it stands for.
    fn purls(&self, id: &str, depth: usize) -> Vec<PackageUrl> {
        let own = self.products.get(id).cloned().unwrap_or_default();
        match self.relations.get(id) {
            Some((component, _)) if own.is_empty() && depth < MAX_RELATIONS => self.purls(component, depth + 1),
            _ => own,
        }
    }

    /// Whether an entry of a vulnerability is about a product: by name, or as one of a group.
    fn concerns(&self, entry: &Value, id: &str) -> bool {
        let of_groups: BTreeSet<&str> = texts(entry, "group_ids").filter_map(|group| self.groups.get(group)).flatten().copied().collect();
        texts(entry, "product_ids").any(|product| product == id) || of_groups.contains(id)
    }

    /// Why a product is not affected, and when that was said.
    fn flag(&self, vulnerability: &Value, id: &str) -> (Option<Justification>, Option<Timestamp>) {
        let flag = items(vulnerability, "flags").iter().find(|flag| self.concerns(flag, id));
        (flag.and_then(|flag| justification(text(flag, "label"))), flag.and_then(|flag| Timestamp::parse(text(flag, "date"))))
    }

    /// What is said about a product at length, in entries of a category.
    fn details(&self, vulnerability: &Value, list: &str, category: &str, id: &str) -> String {
        let entries = items(vulnerability, list).iter().filter(|entry| category.is_empty() || text(entry, "category") == category);
        let details = entries.filter(|entry| self.concerns(entry, id)).map(|entry| text(entry, "details"));
        details.filter(|details| !details.is_empty()).collect::<Vec<_>>().join("; ")
    }
}
