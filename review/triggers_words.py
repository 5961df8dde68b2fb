"""The database's guards of what people said: signatures, notes, opinions, answers, verdicts, letters, files.

What the services legally change stays open; everything else about a word once given is refused.
"""

from .triggers import refuse_sql

NEVER_CHANGED = ("review_annotationreply", "portal_storedfile")
FILING = """
CREATE TRIGGER review_formalfiling_unchanged BEFORE UPDATE ON review_formalfiling
  FOR EACH ROW EXECUTE FUNCTION portal_refuse();
"""
NO_DELETE = ("review_response", "review_verdict")
REFUSED = "USING ERRCODE = 'check_violation'"


def same_but(*columns: str) -> str:
    """Return the condition that an update touches other columns than these."""
    names = ", ".join(f"'{c}'" for c in columns)
    return f"(to_jsonb(NEW) - ARRAY[{names}]::text[]) IS DISTINCT FROM (to_jsonb(OLD) - ARRAY[{names}]::text[])"


def guard(table: str, body: str, *, on: str = "INSERT OR UPDATE", name: str = "", args: str = "") -> str:
    """Return a row trigger with its own function; ``body`` leaves by falling through."""
    name = name or f"{table}_words"
    return f"""
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
{body}
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
{attach(table, name, on=on, args=args)}"""


def attach(table: str, function: str, *, on: str, args: str = "") -> str:
    return f"CREATE TRIGGER {table}_words BEFORE {on} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}({args});\n"


SIGNATURE = f"""
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.ended_at IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM review_batch b
        JOIN review_batchagency a ON a.batch_id = b.id AND a.organisation_id = NEW.agency_id
        JOIN portal_membership m ON m.id = NEW.signed_by_id AND m.organisation_id = NEW.agency_id
        LEFT JOIN review_batchline l ON l.id = NEW.line_id
        WHERE b.id = NEW.batch_id AND b.state = 'cosigning' AND m.role = 'agency_signer'
          AND CASE WHEN NEW.line_id IS NULL THEN NEW.digest = b.joint_digest
                   ELSE l.batch_id = b.id AND l.left_out_at IS NULL AND NEW.digest = l.digest END) THEN
      RAISE EXCEPTION 'a signature is given by a co-signing agency''s signer, to a text being signed round' {REFUSED};
    END IF;
  ELSIF {same_but("ended_at", "ended_reason")} THEN
    RAISE EXCEPTION 'signature %: what was signed never changes', OLD.id {REFUSED};
  ELSIF to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD) AND (
      OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL
      OR (SELECT state FROM review_batch WHERE id = OLD.batch_id) = 'issued') THEN
    RAISE EXCEPTION 'signature %: it ends once, and before the letters are issued', OLD.id {REFUSED};
  END IF;"""
ANNOTATION = f"""
BEGIN
  IF OLD.published_at IS NOT NULL AND (TG_OP = 'DELETE' OR {same_but("resolved_at", "resolution")}) THEN
    RAISE EXCEPTION 'note %: it is published and never changes', OLD.id {REFUSED};
  END IF;"""
OPINION = f"""
BEGIN
  IF NEW.sent_at IS NOT NULL AND NEW.signed_at IS NULL THEN
    RAISE EXCEPTION 'opinion %: only a signed opinion is sent', NEW.id {REFUSED};
  END IF;
  IF TG_OP = 'INSERT' THEN RETURN NEW; END IF;
  IF OLD.number IS NOT NULL AND NEW.number IS DISTINCT FROM OLD.number THEN
    RAISE EXCEPTION 'opinion %: its number stays', OLD.id {REFUSED};
  END IF;
  IF OLD.sent_at IS NOT NULL AND to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD) THEN
    RAISE EXCEPTION 'opinion %: it was sent and never changes', OLD.id {REFUSED};
  END IF;
  IF OLD.signed_at IS NOT NULL AND {same_but("sent_at")}
     AND (NEW.signed_at IS NOT NULL OR {same_but("signed_by_id", "signed_at", "digest")}) THEN
    RAISE EXCEPTION 'opinion %: it is signed; only the signature itself can be taken back', OLD.id {REFUSED};
  END IF;
  IF OLD.signed_at IS NULL AND NEW.signed_at IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM portal_membership m WHERE m.id = NEW.signed_by_id AND m.role = 'group_leader') THEN
    RAISE EXCEPTION 'opinion %: the group leader signs', OLD.id {REFUSED};
  END IF;"""


def of_unsigned(opinions: str, what: str) -> str:
    """Return the body that refuses rows of a signed opinion; ``opinions`` selects o from the OLD and NEW rows."""
    return f"""
DECLARE
  was record;
BEGIN
  FOR was IN SELECT * FROM (VALUES (CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END),
                                   (CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END)) v(r) WHERE r IS NOT NULL LOOP
    IF EXISTS (SELECT 1 FROM review_opinion o WHERE o.signed_at IS NOT NULL AND {opinions}) THEN
      RAISE EXCEPTION 'the opinion is signed: {what}' {REFUSED};
    END IF;
  END LOOP;"""


ITEM = of_unsigned("o.id = (was.r ->> 'opinion_id')::bigint", "its items no longer change")
SOURCE = of_unsigned(
    "o.id = (SELECT i.opinion_id FROM review_opinionitem i WHERE i.id = (was.r ->> 'opinionitem_id')::bigint)",
    "its notes no longer change",
)
DECLINE = of_unsigned(
    "o.round_id = (SELECT a.round_id FROM review_annotation a WHERE a.id = (was.r ->> 'annotation_id')::bigint)",
    "what it left out no longer changes",
)
VIEW = of_unsigned(
    "o.kind = 'formal' AND o.version_id = (was.r ->> 'version_id')::bigint", "its members'' views no longer change"
)
PRINT = f"""
BEGIN
  IF {same_but("made_at", "file_id", "problem")} OR OLD.file_id IS NOT NULL THEN
    RAISE EXCEPTION 'the print % of an opinion is made once', OLD.id {REFUSED};
  END IF;"""
# Arguments: the states in which the word may be written.
OF_THE_ROUND = f"""
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.item_id <> OLD.item_id OR NOT EXISTS (
      SELECT 1 FROM review_opinionitem i
      JOIN review_opinion o ON o.id = i.opinion_id
      JOIN review_case c ON c.id = o.case_id
      WHERE i.id = NEW.item_id AND o.sent_at IS NOT NULL AND c.state = ANY (TG_ARGV)
        AND o.round_id = (SELECT r.id FROM review_round r WHERE r.case_id = c.id AND r.opened_at IS NOT NULL
                          ORDER BY r.number DESC LIMIT 1)) THEN
    RAISE EXCEPTION '% of item %: it is written only while its round is at that step', TG_TABLE_NAME, NEW.item_id
      {REFUSED};
  END IF;"""
LETTER = f"""
CREATE OR REPLACE FUNCTION review_letter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.number IS DISTINCT FROM
       (SELECT last FROM review_lettercounter c WHERE c.series = NEW.series AND c.year = NEW.year) THEN
      RAISE EXCEPTION 'letter number % is not the next of its series', NEW.number {REFUSED};
    END IF;
    IF NEW.status <> 'valid' OR NEW.replaced_by_id IS NOT NULL OR NEW.content ->> 'code' IS DISTINCT FROM NEW.code THEN
      RAISE EXCEPTION 'letter %: it begins valid, with the code it prints', NEW.number {REFUSED};
    END IF;
  ELSIF {same_but("status", "replaced_by_id", "file_id", "made_at", "problem", "seen_at")}
        OR (OLD.file_id IS NOT NULL AND NEW.file_id IS DISTINCT FROM OLD.file_id) THEN
    RAISE EXCEPTION 'letter %: what was issued never changes', OLD.id {REFUSED};
  ELSIF (NEW.status, NEW.replaced_by_id) IS DISTINCT FROM (OLD.status, OLD.replaced_by_id) AND (
      OLD.status = 'revoked' OR NEW.status = 'valid' OR NOT EXISTS (
        SELECT 1 FROM review_letter r JOIN review_batch b ON b.id = r.batch_id
        WHERE r.id = NEW.replaced_by_id AND r.id > OLD.id AND b.kind = 'rescind')) THEN
    RAISE EXCEPTION 'letter %: only a later rescinding letter ends it', OLD.id {REFUSED};
  END IF;
  RETURN NEW;
END $$;
"""


LINE = f"""
BEGIN
  IF TG_OP <> 'UPDATE' OR {same_but("left_out_at", "left_out_reason", "is_current")} THEN
    IF EXISTS (SELECT 1 FROM review_batch b WHERE b.id IN (OLD.batch_id, NEW.batch_id) AND b.state <> 'composing') THEN
      RAISE EXCEPTION 'the list of batch % and its texts change only while it is composed',
        COALESCE(NEW.batch_id, OLD.batch_id) {REFUSED};
    END IF;
  ELSIF (OLD.left_out_at, OLD.left_out_reason) IS DISTINCT FROM (NEW.left_out_at, NEW.left_out_reason)
     AND (OLD.left_out_at IS NOT NULL OR (SELECT state FROM review_batch WHERE id = OLD.batch_id)
                                          NOT IN ('composing', 'signed')) THEN
    RAISE EXCEPTION 'line %: a city is taken out once, while the batch is composed or its signing is closed', OLD.id
      {REFUSED};
  END IF;"""
LANE = f"""
BEGIN
  IF (TG_OP <> 'UPDATE' OR (OLD.batch_id, OLD.organisation_id, OLD.position)
                           IS DISTINCT FROM (NEW.batch_id, NEW.organisation_id, NEW.position))
     AND EXISTS (SELECT 1 FROM review_batch b
                 WHERE b.id IN (OLD.batch_id, NEW.batch_id) AND b.state <> 'composing') THEN
    RAISE EXCEPTION 'the agencies of batch % change only while it is composed', COALESCE(NEW.batch_id, OLD.batch_id)
      {REFUSED};
  END IF;"""
BATCH = f"""
BEGIN
  IF OLD.state <> 'composing' AND {same_but("state", "moves", "due", "frozen_at", "issued_at")} THEN
    RAISE EXCEPTION 'batch %: what was sent round changes only while it is composed', OLD.id {REFUSED};
  END IF;"""


def signed_texts() -> str:
    """Return the guards that tie the text of a batch to the digest its agencies sign."""
    return "\n".join(
        [
            guard("review_batchline", LINE, on="INSERT OR UPDATE OR DELETE"),
            guard("review_batchagency", LANE, on="INSERT OR UPDATE OR DELETE"),
            guard("review_batch", BATCH, on="UPDATE"),
        ]
    )


def views() -> str:
    """Return the guard that keeps what members said of a plan filed formally, once the opinion on it is signed."""
    return guard("review_memberview", VIEW, on="INSERT OR UPDATE OR DELETE")


def prints() -> str:
    """Return the guards of printed opinions: a print belongs to one signature and its file stays."""
    return guard("review_opinionprint", PRINT, on="UPDATE") + refuse_sql("review_opinionprint", append_only=False)


def everything() -> str:
    """Return the guards of words given, in the order in which they are installed."""
    rounds = guard(
        "review_response", OF_THE_ROUND, name="review_word_of_the_round", args="'under_revision', 'maturing'"
    )
    return "\n".join(
        [
            guard("review_signature", SIGNATURE),
            guard("review_annotation", ANNOTATION, on="UPDATE OR DELETE"),
            guard("review_opinion", OPINION),
            guard("review_opinionitem", ITEM, on="INSERT OR UPDATE OR DELETE"),
            guard("review_opinionitem_sources", SOURCE, on="INSERT OR UPDATE OR DELETE"),
            guard("review_annotationdecline", DECLINE, on="INSERT OR UPDATE OR DELETE"),
            rounds,
            attach("review_verdict", "review_word_of_the_round", on="INSERT OR UPDATE", args="'recheck'"),
            LETTER,
            *(refuse_sql(t, append_only=True) for t in NEVER_CHANGED),
            *(refuse_sql(t, append_only=False) for t in NO_DELETE),
        ]
    )
