"""The database's own guards, as SQL; the migration that installs them is checked against this text."""

APPEND_ONLY = (
    "portal_auditentry",
    "review_move",
    "review_batchmove",
    "applications_planversion",
)
NO_DELETE = (
    "review_case",
    "review_batch",
    "review_letter",
    "review_lettercounter",
    "review_signature",
    "review_opinion",
    "review_formalfiling",
    "portal_audithead",
)


def guard_sql(table: str, move_table: str, key: str, setting: str, first: str) -> str:
    """Return the three triggers that bind a table's state to its recorded moves."""
    return f"""
CREATE FUNCTION {table}_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> '{first}' OR NEW.moves <> 0 THEN
      RAISE EXCEPTION '{table}: a row begins as {first}' USING ERRCODE = 'check_violation';
    END IF;
  ELSIF NEW.state IS DISTINCT FROM OLD.state OR NEW.moves IS DISTINCT FROM OLD.moves THEN
    IF NEW.moves <> OLD.moves + 1 OR NOT EXISTS (
        SELECT 1 FROM {move_table} m
        WHERE m.id = NULLIF(current_setting('{setting}', true), '')::bigint
          AND m.{key} = OLD.id AND m.number = NEW.moves AND m.source = OLD.state AND m.target = NEW.state
    ) THEN
      RAISE EXCEPTION '{table} %: % -> % without a recorded move', OLD.id, OLD.state, NEW.state
        USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER {table}_guard BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_guard();
CREATE FUNCTION {move_table}_agrees() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT (state, moves) FROM {table} WHERE id = NEW.{key}) IS DISTINCT FROM
     (SELECT (target, number) FROM {move_table} WHERE {key} = NEW.{key} ORDER BY number DESC LIMIT 1) THEN
    RAISE EXCEPTION '{table} % does not stand where its last move left it', NEW.{key}
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER {move_table}_agrees AFTER INSERT ON {move_table}
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {move_table}_agrees();
"""


TRANSITIONS = """
CREATE TABLE review_transition (
  name varchar(30) NOT NULL, source varchar(20) NOT NULL, target varchar(20) NOT NULL,
  PRIMARY KEY (name, source, target));
CREATE TABLE review_batchtransition (
  name varchar(30) NOT NULL, source varchar(12) NOT NULL, target varchar(12) NOT NULL,
  PRIMARY KEY (name, source, target));
"""
FOREIGN_KEYS = """
ALTER TABLE review_move ADD CONSTRAINT move_is_a_row_of_the_workflow
  FOREIGN KEY (name, source, target) REFERENCES review_transition (name, source, target);
ALTER TABLE review_batchmove ADD CONSTRAINT batch_move_is_a_row_of_its_table
  FOREIGN KEY (name, source, target) REFERENCES review_batchtransition (name, source, target);
"""
REFUSE = """
CREATE FUNCTION portal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on % is refused: these rows are kept for ever', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'check_violation';
END $$;
"""
LETTER_GUARD = """
CREATE FUNCTION review_letter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.number IS DISTINCT FROM
       (SELECT last FROM review_lettercounter c WHERE c.series = NEW.series AND c.year = NEW.year) THEN
      RAISE EXCEPTION 'letter number % is not the next of its series', NEW.number USING ERRCODE = 'check_violation';
    END IF;
  ELSIF (NEW.series, NEW.year, NEW.number, NEW.code, NEW.content::text, NEW.content_digest, NEW.issued_on)
        IS DISTINCT FROM
        (OLD.series, OLD.year, OLD.number, OLD.code, OLD.content::text, OLD.content_digest, OLD.issued_on)
        OR (OLD.file_id IS NOT NULL AND NEW.file_id IS DISTINCT FROM OLD.file_id) THEN
    RAISE EXCEPTION 'letter %: what was issued never changes', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER review_letter_guard BEFORE INSERT OR UPDATE ON review_letter
  FOR EACH ROW EXECUTE FUNCTION review_letter_guard();
"""


def refuse_sql(table: str, *, append_only: bool) -> str:
    """Return the triggers that keep rows from being deleted, and from being changed where ``append_only``."""
    on = "UPDATE OR DELETE" if append_only else "DELETE"
    return f"""
CREATE TRIGGER {table}_kept BEFORE {on} ON {table} FOR EACH ROW EXECUTE FUNCTION portal_refuse();
CREATE TRIGGER {table}_not_truncated BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION portal_refuse();
"""


def everything() -> str:
    """Return all guards in the order in which they are installed."""
    return "\n".join(
        [
            TRANSITIONS,
            FOREIGN_KEYS,
            REFUSE,
            guard_sql("review_case", "review_move", "case_id", "review.move", "draft"),
            guard_sql("review_batch", "review_batchmove", "batch_id", "review.batch_move", "composing"),
            LETTER_GUARD,
            *(refuse_sql(t, append_only=True) for t in APPEND_ONLY),
            *(refuse_sql(t, append_only=False) for t in NO_DELETE),
        ]
    )
