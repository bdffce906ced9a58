-- What both databases run. Ids are UUIDs of version 7, times are microseconds since 1970, 0 and 1 are no and yes.

CREATE TABLE organization (
    id BYTEA PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    created_us BIGINT NOT NULL,
    -- The end of its chain of events.
    chain_length BIGINT NOT NULL,
    chain_digest BYTEA NOT NULL
);

CREATE TABLE team (
    id BYTEA PRIMARY KEY,
    organization BYTEA NOT NULL REFERENCES organization (id),
    name TEXT NOT NULL,
    created_us BIGINT NOT NULL,
    UNIQUE (organization, name)
);

CREATE TABLE repository (
    id BYTEA PRIMARY KEY,
    organization BYTEA NOT NULL REFERENCES organization (id),
    name TEXT NOT NULL,
    default_branch TEXT NOT NULL,
    team BYTEA REFERENCES team (id),
    -- How much hangs on it, who can reach it, and what data it has: words of the organization's policy.
    tier TEXT,
    exposure TEXT,
    data_class TEXT,
    is_archived BIGINT NOT NULL,
    created_us BIGINT NOT NULL,
    -- Counts its scans; whoever counts up is alone with the repository until the end of the transaction.
    n_scans BIGINT NOT NULL,
    UNIQUE (organization, name)
);

-- One run of one tool over one repository. It is written with all that it found, or not at all.
CREATE TABLE scan (
    id BYTEA PRIMARY KEY,
    organization BYTEA NOT NULL REFERENCES organization (id),
    repository BYTEA NOT NULL REFERENCES repository (id),
    branch TEXT NOT NULL,
    commit_id TEXT NOT NULL,
    tool TEXT NOT NULL,
    tool_version TEXT,
    -- Of the report's bytes: the same report is taken once.
    digest BYTEA NOT NULL,
    is_complete BIGINT NOT NULL,
    sealed_us BIGINT NOT NULL,
    n_seen BIGINT NOT NULL,
    n_new BIGINT NOT NULL,
    n_shared BIGINT NOT NULL,
    n_moved BIGINT NOT NULL,
    n_unchanged BIGINT NOT NULL,
    n_closed BIGINT NOT NULL,
    n_reopened BIGINT NOT NULL,
    n_not_observed BIGINT NOT NULL,
    UNIQUE (repository, branch, tool, commit_id, digest)
);

-- One weakness of one repository, whoever sees it, wherever it moves.
CREATE TABLE finding (
    id BYTEA PRIMARY KEY,
    organization BYTEA NOT NULL,
    repository BYTEA NOT NULL,
    tool TEXT NOT NULL,
    rule TEXT NOT NULL,
    title TEXT NOT NULL,
    -- From 0 (info) to 4 (critical); -1 where the tool did not say.
    severity BIGINT NOT NULL,
    state TEXT NOT NULL,
    -- Whether somebody has to do something.
    is_open BIGINT NOT NULL,
    -- What belongs to the state, as JSON; nothing for one that is new and that nothing happened to.
    lifecycle TEXT,
    risk BIGINT NOT NULL,
    owner TEXT,
    owner_reason TEXT,
    due_us BIGINT,
    path TEXT,
    line BIGINT,
    opened_us BIGINT NOT NULL,
    changed_us BIGINT NOT NULL,
    closed_us BIGINT,
    first_scan BYTEA NOT NULL,
    -- Counts the changes, so that two people can't overwrite each other.
    version BIGINT NOT NULL
);
CREATE INDEX finding_inbox ON finding (organization, is_open, risk, id);
CREATE INDEX finding_of_repository ON finding (organization, repository, is_open, risk, id);
CREATE INDEX finding_of_owner ON finding (organization, owner, is_open, risk, id);
-- Those that a scan contradicts by seeing them as they were.
CREATE INDEX finding_held_gone ON finding (repository) WHERE state IN ('verified', 'fix-merged');
CREATE INDEX finding_of_rule ON finding (organization, rule, is_open, risk, id);

-- A place where a tool saw a finding, on a branch.
CREATE TABLE occurrence (
    id BYTEA PRIMARY KEY,
    organization BYTEA NOT NULL,
    finding BYTEA NOT NULL,
    repository BYTEA NOT NULL,
    branch TEXT NOT NULL,
    tool TEXT NOT NULL,
    rule TEXT NOT NULL,
    path TEXT,
    start_line BIGINT,
    end_line BIGINT,
    -- By what it is known again.
    keys BYTEA NOT NULL,
    -- By what it was known before that.
    keys_before BYTEA,
    -- Rules of other tools that are known to say the same, one a line.
    also_called TEXT,
    -- What the report says beyond that, as JSON.
    detail TEXT,
    first_scan BYTEA NOT NULL,
    -- The scan that no longer saw it.
    gone_scan BYTEA,
    -- How it was known again by the scan before the last change, and how surely (in thousandths).
    tier TEXT,
    score BIGINT
);
CREATE INDEX occurrence_present ON occurrence (repository, tool, branch) WHERE gone_scan IS NULL;
CREATE INDEX occurrence_of_finding ON occurrence (finding);

-- Another tool's rule that vouches for a finding, and why it is held to be the same weakness. The first one is the finding's own.
CREATE TABLE witness (
    finding BYTEA NOT NULL,
    tool TEXT NOT NULL,
    rule TEXT NOT NULL,
    organization BYTEA NOT NULL,
    reason TEXT NOT NULL,
    first_scan BYTEA NOT NULL,
    PRIMARY KEY (finding, tool, rule)
);

-- How many findings of a repository have a severity and a state; kept, never counted.
CREATE TABLE tally (
    organization BYTEA NOT NULL,
    repository BYTEA NOT NULL,
    severity BIGINT NOT NULL,
    state TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (organization, repository, severity, state)
);

-- What happened; rows are added, and never changed. All events of one transaction are a batch.
CREATE TABLE event (
    batch BYTEA NOT NULL,
    position BIGINT NOT NULL,
    organization BYTEA NOT NULL,
    at_us BIGINT NOT NULL,
    actor TEXT NOT NULL,
    kind TEXT NOT NULL,
    repository BYTEA,
    finding BYTEA,
    body TEXT NOT NULL,
    PRIMARY KEY (batch, position)
);
CREATE INDEX event_of_finding ON event (finding) WHERE finding IS NOT NULL;

-- The batches in their order, each bound to the one before it.
CREATE TABLE chain (
    organization BYTEA NOT NULL REFERENCES organization (id),
    number BIGINT NOT NULL,
    batch BYTEA NOT NULL,
    n_events BIGINT NOT NULL,
    -- Of the batch's events, in their order.
    content BYTEA NOT NULL,
    -- Of the digest before, the number and the content.
    digest BYTEA NOT NULL,
    PRIMARY KEY (organization, number)
);
CREATE UNIQUE INDEX chain_of_batch ON chain (batch);
