-- A connection sees the rows of the organization that its transaction names, whatever a statement asks for.
-- The owner of the tables is bound by it, too; a superuser is not.

CREATE FUNCTION present_organization() RETURNS BYTEA LANGUAGE sql STABLE
    RETURN decode(replace(current_setting('bartizan.organization', true), '-', ''), 'hex');

DO $$
DECLARE kept TEXT;
BEGIN
    FOREACH kept IN ARRAY ARRAY['team', 'repository', 'scan', 'finding', 'occurrence', 'witness', 'tally', 'event', 'chain']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', kept);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', kept);
        EXECUTE format('CREATE POLICY of_organization ON %I USING (organization = present_organization())', kept);
    END LOOP;
END
$$;
