"""The database's own check of who moves a case or a batch, and that the move stands in the audit trail."""

from .actors import Actor

REFUSED = "USING ERRCODE = 'check_violation'"
COLUMNS = """
ALTER TABLE review_transition ADD COLUMN actors varchar(20)[] NOT NULL DEFAULT '{}';
ALTER TABLE review_batchtransition ADD COLUMN role varchar(20) NOT NULL DEFAULT '';
"""
# Each actor of the workflow as a condition on m (the post), o (its organisation), c (the case) and its city.
_RECUSED = "EXISTS (SELECT 1 FROM review_recusal r WHERE r.case_id = c.id AND r.user_id = m.user_id)"
_LEADS = """EXISTS (SELECT 1 FROM review_batchline l JOIN review_batchagency g ON g.batch_id = l.batch_id
    WHERE l.case_id = c.id AND g.position = 1 AND g.organisation_id = o.id)"""
IS = {
    Actor.CITY_LEAD: "m.role = 'city_lead' AND city.government_id = COALESCE(o.parent_id, o.id)",
    Actor.CHANNEL: "m.role IN ('channel_office', 'local_drc') AND o.id = c.channel_id",
    Actor.LOCAL_DRC: "m.role = 'local_drc' AND o.id = c.local_drc_id",
    Actor.GROUP_OFFICE: f"m.role = 'group_office' AND NOT {_RECUSED}",
    Actor.GROUP_LEADER: f"m.role = 'group_leader' AND NOT {_RECUSED}",
    Actor.LEAD_HANDLER: f"m.role = 'agency_handler' AND {_LEADS}",
    Actor.LEAD_SIGNER: f"m.role = 'agency_signer' AND {_LEADS}",
}


def may_move() -> str:
    """Return the triggers that refuse a move by a post that is none of its row's actors."""
    whens = "\n          ".join(f"WHEN '{actor.value}' THEN {condition}" for actor, condition in IS.items())
    return f"""
CREATE FUNCTION review_move_by() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
      SELECT 1 FROM review_transition t
      CROSS JOIN unnest(t.actors) actor
      JOIN portal_membership m ON m.id = NEW.by_id
      JOIN portal_organisation o ON o.id = m.organisation_id
      JOIN review_case c ON c.id = NEW.case_id
      JOIN applications_city city ON city.code = c.city_id
      WHERE t.name = NEW.name AND t.source = NEW.source AND t.target = NEW.target
        AND CASE actor
          {whens}
          ELSE false END) THEN
    RAISE EXCEPTION 'case %: post % does not take the step %', NEW.case_id, NEW.by_id, NEW.name {REFUSED};
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER review_move_by BEFORE INSERT ON review_move FOR EACH ROW EXECUTE FUNCTION review_move_by();
CREATE FUNCTION review_batchmove_by() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
      SELECT 1 FROM review_batchtransition t
      JOIN portal_membership m ON m.id = NEW.by_id AND m.role = t.role
      JOIN review_batchagency g ON g.batch_id = NEW.batch_id AND g.organisation_id = m.organisation_id
      WHERE t.name = NEW.name AND t.source = NEW.source AND t.target = NEW.target AND g.position = 1) THEN
    RAISE EXCEPTION 'batch %: post % does not take the step %', NEW.batch_id, NEW.by_id, NEW.name {REFUSED};
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER review_batchmove_by BEFORE INSERT ON review_batchmove
  FOR EACH ROW EXECUTE FUNCTION review_batchmove_by();
"""


def is_recorded(table: str, key: str, kind: str, prefix: str) -> str:
    """Return the trigger that asks at commit for the audit entry of the same step by the same post."""
    return f"""
CREATE FUNCTION {table}_recorded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
      SELECT 1 FROM portal_auditentry e
      WHERE e.object_kind = '{kind}' AND e.object_id = NEW.{key}::text AND e.action = '{prefix}' || NEW.name
        AND e.result = 'done' AND e.post_id = NEW.by_id
        AND e.text::json -> 'data' ->> 'number' = NEW.number::text
        AND e.text::json -> 'data' ->> 'source' = NEW.source AND e.text::json -> 'data' ->> 'target' = NEW.target) THEN
    RAISE EXCEPTION '{kind} %: move % has no audit entry', NEW.{key}, NEW.number {REFUSED};
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER {table}_recorded AFTER INSERT ON {table}
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {table}_recorded();
"""


def everything() -> str:
    """Return the checks of who moves, in the order in which they are installed."""
    return "\n".join(
        [
            COLUMNS,
            may_move(),
            is_recorded("review_move", "case_id", "case", "move:"),
            is_recorded("review_batchmove", "batch_id", "batch", "batch:"),
        ]
    )


def rows() -> dict[str, dict[tuple[str, str, str], list[str] | str]]:
    """Return who takes each legal step, by the table that the database keeps it in."""
    from .batch_machine import TABLE
    from .workflow import WAYS

    return {
        "review_transition": {
            (name, source.value, way.target.value): sorted(actor.value for actor in way.by)
            for (name, source), way in WAYS.items()
        },
        "review_batchtransition": {(w.name, w.source.value, w.target.value): w.by.value for w in TABLE.values()},
    }


COLUMN = {"review_transition": "actors", "review_batchtransition": "role"}


def fill_transitions(cursor) -> None:
    """Make both transition tables equal to the workflow tables; a change of those needs a migration that calls this."""
    for table, legal in rows().items():
        column = COLUMN[table]
        cursor.executemany(
            f"INSERT INTO {table} (name, source, target, {column}) VALUES (%s, %s, %s, %s) "  # noqa: S608
            f"ON CONFLICT (name, source, target) DO UPDATE SET {column} = EXCLUDED.{column}",
            [(*step, who) for step, who in legal.items()],
        )
        cursor.execute(f"DELETE FROM {table} WHERE (name, source, target) NOT IN %s", [tuple(legal)])  # noqa: S608
