import { type Kysely, sql } from "kysely";
import type { Dialect } from "../dialect.ts";

/** Creates every table of the first version. */
export async function up(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  const bytes = dialect === "postgres" ? sql`bytea` : sql`blob`;
  const { schema } = db;

  await schema
    .createTable("communities")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("name", "text", (c) => c.notNull())
    .addColumn("seq", "bigint", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .execute();
  await schema
    .createTable("courtyards")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("community_id", "text", (c) => c.notNull().references("communities.id"))
    .addColumn("name", "text", (c) => c.notNull())
    .addColumn("boards_at", "text", (c) => c.notNull())
    .addColumn("open_boards", "integer", (c) => c.notNull())
    .addColumn("places_version", "integer", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addUniqueConstraint("courtyards_name", ["community_id", "name"])
    .execute();
  await schema
    .createTable("buildings")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("courtyard_id", "text", (c) => c.notNull().references("courtyards.id"))
    .addColumn("name", "text", (c) => c.notNull())
    .addColumn("sort", "integer", (c) => c.notNull())
    .addUniqueConstraint("buildings_name", ["courtyard_id", "name"])
    .execute();
  await schema
    .createTable("units")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("building_id", "text", (c) => c.notNull().references("buildings.id"))
    .addColumn("name", "text", (c) => c.notNull())
    .addColumn("sort", "integer", (c) => c.notNull())
    .addUniqueConstraint("units_name", ["building_id", "name"])
    .execute();
  await schema
    .createTable("households")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("courtyard_id", "text", (c) => c.notNull().references("courtyards.id"))
    .addColumn("building_id", "text", (c) => c.notNull().references("buildings.id"))
    .addColumn("unit_id", "text", (c) => c.notNull().references("units.id"))
    .addColumn("door", "text", (c) => c.notNull())
    .addColumn("sort", "integer", (c) => c.notNull())
    .addColumn("floor", "integer")
    .addColumn("area", "bigint")
    .addColumn("contact", "text")
    .addColumn("phoneless", "integer", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addUniqueConstraint("households_door", ["unit_id", "door"])
    .execute();
  await schema.createIndex("households_by_courtyard").on("households").column("courtyard_id").execute();
  await schema
    .createTable("events")
    .addColumn("community_id", "text", (c) => c.notNull().references("communities.id"))
    .addColumn("seq", "bigint", (c) => c.notNull())
    .addColumn("at", "bigint", (c) => c.notNull())
    .addColumn("name", "text", (c) => c.notNull())
    .addColumn("rooms", "text", (c) => c.notNull())
    .addColumn("data", "text", (c) => c.notNull())
    .addPrimaryKeyConstraint("events_key", ["community_id", "seq"])
    .execute();

  await schema
    .createTable("residents")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("community_id", "text", (c) => c.notNull().references("communities.id"))
    .addColumn("household_id", "text", (c) => c.references("households.id"))
    .addColumn("display_name", "text", (c) => c.notNull())
    .addColumn("status", "text", (c) => c.notNull())
    .addColumn("password_hash", "text")
    .addColumn("failed_sign_ins", "integer", (c) => c.notNull())
    .addColumn("locked_until", "bigint", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("confirmed_at", "bigint")
    .addColumn("confirmed_by", "text")
    .execute();
  await schema.createIndex("residents_by_household").on("residents").column("household_id").execute();
  await schema
    .createTable("role_grants")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("resident_id", "text", (c) => c.notNull().references("residents.id"))
    .addColumn("role", "text", (c) => c.notNull())
    .addColumn("courtyard_id", "text", (c) => c.references("courtyards.id"))
    .addColumn("building_id", "text", (c) => c.references("buildings.id"))
    .addColumn("granted_by", "text")
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("ended_at", "bigint")
    .execute();
  await schema.createIndex("role_grants_by_resident").on("role_grants").column("resident_id").execute();
  await schema
    .createTable("invitations")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("community_id", "text", (c) => c.notNull())
    .addColumn("kind", "text", (c) => c.notNull())
    .addColumn("household_id", "text", (c) => c.references("households.id"))
    .addColumn("resident_id", "text", (c) => c.references("residents.id"))
    .addColumn("code_hash", "text", (c) => c.notNull().unique())
    .addColumn("created_by", "text")
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("expires_at", "bigint", (c) => c.notNull())
    .addColumn("uses_left", "integer", (c) => c.notNull())
    .addColumn("used_count", "integer", (c) => c.notNull())
    .addColumn("revoked_at", "bigint")
    .execute();
  // INV-3: a household has one slip, a person holds a role once, however many ask at the same moment.
  await sql`create unique index invitations_one_slip on invitations (household_id) where kind = 'household' and revoked_at is null`.execute(
    db,
  );
  await sql`create unique index role_grants_once on role_grants (resident_id, role, coalesce(courtyard_id, ''), coalesce(building_id, '')) where ended_at is null`.execute(
    db,
  );
  await schema.createIndex("invitations_by_household").on("invitations").column("household_id").execute();
  await schema
    .createTable("sessions")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("token_hash", "text", (c) => c.notNull().unique())
    .addColumn("community_id", "text", (c) => c.notNull())
    .addColumn("resident_id", "text", (c) => c.references("residents.id"))
    .addColumn("kiosk_id", "text")
    .addColumn("strong", "integer", (c) => c.notNull())
    .addColumn("device", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("seen_at", "bigint", (c) => c.notNull())
    .addColumn("expires_at", "bigint", (c) => c.notNull())
    .addColumn("ended_at", "bigint")
    .execute();
  await schema.createIndex("sessions_by_resident").on("sessions").column("resident_id").execute();

  await schema
    .createTable("boards")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("community_id", "text", (c) => c.notNull())
    .addColumn("courtyard_id", "text", (c) => c.notNull().references("courtyards.id"))
    .addColumn("building_id", "text", (c) => c.unique().references("buildings.id"))
    .addColumn("seq", "bigint", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .execute();
  await schema.createIndex("boards_by_courtyard").on("boards").column("courtyard_id").execute();
  await schema
    .createTable("board_lists")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("board_id", "text", (c) => c.notNull().references("boards.id"))
    .addColumn("title", "text", (c) => c.notNull())
    .addColumn("sort", "integer", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .execute();
  for (const table of ["board_updates", "board_snapshots"]) {
    await schema
      .createTable(table)
      .addColumn("board_id", "text", (c) => c.notNull().references("boards.id"))
      .addColumn("seq", "bigint", (c) => c.notNull())
      .addColumn("at", "bigint", (c) => c.notNull())
      .addColumn("data", bytes, (c) => c.notNull())
      .addPrimaryKeyConstraint(`${table}_key`, ["board_id", "seq"])
      .execute();
  }
  await schema
    .createTable("board_clients")
    .addColumn("board_id", "text", (c) => c.notNull().references("boards.id"))
    .addColumn("client_id", "bigint", (c) => c.notNull())
    .addColumn("resident_id", "text", (c) => c.notNull())
    .addColumn("bound_at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("board_clients_key", ["board_id", "client_id"])
    .execute();
  await schema
    .createTable("board_items")
    .addColumn("board_id", "text", (c) => c.notNull().references("boards.id"))
    .addColumn("household_id", "text", (c) => c.notNull())
    .addColumn("item_id", "text", (c) => c.notNull())
    .addColumn("title", "text", (c) => c.notNull())
    .addColumn("category", "text", (c) => c.notNull())
    .addColumn("note", "text", (c) => c.notNull())
    .addColumn("quantity", "integer", (c) => c.notNull())
    .addColumn("position", "text", (c) => c.notNull())
    .addColumn("added_at", "bigint", (c) => c.notNull())
    .addColumn("changed_at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("board_items_key", ["board_id", "household_id", "item_id"])
    .execute();
  await schema
    .createIndex("board_items_by_age")
    .on("board_items")
    .columns(["board_id", "added_at"])
    .execute();
  await schema
    .createTable("board_history")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("board_id", "text", (c) => c.notNull().references("boards.id"))
    .addColumn("seq", "bigint", (c) => c.notNull())
    .addColumn("at", "bigint", (c) => c.notNull())
    .addColumn("place", "text", (c) => c.notNull())
    .addColumn("cell", "text", (c) => c.notNull())
    .addColumn("item_id", "text", (c) => c.notNull())
    .addColumn("before", "text")
    .addColumn("after", "text")
    .addColumn("resident_id", "text", (c) => c.notNull())
    .addColumn("on_behalf", "integer", (c) => c.notNull())
    .execute();
  await schema
    .createIndex("board_history_by_cell")
    .on("board_history")
    .columns(["board_id", "cell", "at"])
    .execute();

  await schema
    .createTable("channels")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("courtyard_id", "text", (c) => c.notNull().references("courtyards.id"))
    .addColumn("building_id", "text", (c) => c.unique().references("buildings.id"))
    .addColumn("seq", "bigint", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .execute();
  await schema.createIndex("channels_by_courtyard").on("channels").column("courtyard_id").execute();
  // A unique column takes any number of nulls, so the courtyard's own channel needs an index of its own.
  await sql`create unique index channels_of_courtyard on channels (courtyard_id) where building_id is null`.execute(
    db,
  );
  await schema
    .createTable("messages")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("channel_id", "text", (c) => c.notNull().references("channels.id"))
    .addColumn("seq", "bigint", (c) => c.notNull())
    .addColumn("author_id", "text", (c) => c.notNull().references("residents.id"))
    .addColumn("text", "text", (c) => c.notNull())
    .addColumn("at", "bigint", (c) => c.notNull())
    .addColumn("edited_at", "bigint")
    .addColumn("deleted_at", "bigint")
    .addColumn("state", "text", (c) => c.notNull())
    .addColumn("version", "integer", (c) => c.notNull())
    .addColumn("log_after", "bigint", (c) => c.notNull())
    .addUniqueConstraint("messages_order", ["channel_id", "seq"])
    .execute();
  await schema
    .createTable("message_reports")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("message_id", "text", (c) => c.notNull().references("messages.id"))
    .addColumn("reporter_id", "text", (c) => c.notNull())
    .addColumn("rule", "text", (c) => c.notNull())
    .addColumn("at", "bigint", (c) => c.notNull())
    .addColumn("decided_at", "bigint")
    .addColumn("decided_by", "text")
    .addColumn("decision", "text")
    .addUniqueConstraint("message_reports_once", ["message_id", "reporter_id"])
    .execute();
  await schema
    .createTable("channel_marks")
    .addColumn("channel_id", "text", (c) => c.notNull().references("channels.id"))
    .addColumn("resident_id", "text", (c) => c.notNull().references("residents.id"))
    .addColumn("seen_seq", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("channel_marks_key", ["channel_id", "resident_id"])
    .execute();
  await schema
    .createTable("mutes")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("courtyard_id", "text", (c) => c.notNull().references("courtyards.id"))
    .addColumn("resident_id", "text", (c) => c.notNull().references("residents.id"))
    .addColumn("until", "bigint", (c) => c.notNull())
    .addColumn("reason", "text", (c) => c.notNull())
    .addColumn("by_id", "text", (c) => c.notNull())
    .addColumn("at", "bigint", (c) => c.notNull())
    .addColumn("lifted_at", "bigint")
    .execute();
  await schema
    .createIndex("mutes_by_resident")
    .on("mutes")
    .columns(["courtyard_id", "resident_id"])
    .execute();

  await schema
    .createTable("proposals")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("courtyard_id", "text", (c) => c.notNull().references("courtyards.id"))
    .addColumn("title", "text", (c) => c.notNull())
    .addColumn("body", "text", (c) => c.notNull())
    .addColumn("kind", "text", (c) => c.notNull())
    .addColumn("options", "text", (c) => c.notNull())
    .addColumn("rule", "text", (c) => c.notNull())
    .addColumn("state", "text", (c) => c.notNull())
    .addColumn("round", "integer", (c) => c.notNull())
    .addColumn("register_id", "text")
    .addColumn("created_by", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("opened_at", "bigint")
    .addColumn("closes_at", "bigint")
    .addColumn("closed_at", "bigint")
    .addColumn("closed_by", "text")
    .addColumn("close_reason", "text")
    .addColumn("revealed_at", "bigint")
    .addColumn("result", "text")
    .execute();
  await schema.createIndex("proposals_by_courtyard").on("proposals").column("courtyard_id").execute();
  await schema
    .createTable("proposal_rounds")
    .addColumn("proposal_id", "text", (c) => c.notNull().references("proposals.id"))
    .addColumn("round", "integer", (c) => c.notNull())
    .addColumn("register_id", "text", (c) => c.notNull())
    .addColumn("opened_at", "bigint", (c) => c.notNull())
    .addColumn("closes_at", "bigint", (c) => c.notNull())
    .addColumn("closed_at", "bigint")
    .addColumn("closed_by", "text")
    .addColumn("close_reason", "text")
    .addColumn("revealed_at", "bigint")
    .addColumn("result", "text")
    .addColumn("restarted_at", "bigint", (c) => c.notNull())
    .addColumn("restart_reason", "text", (c) => c.notNull())
    .addPrimaryKeyConstraint("proposal_rounds_key", ["proposal_id", "round"])
    .execute();
  await schema
    .createTable("proposal_acts")
    .addColumn("proposal_id", "text", (c) => c.notNull().references("proposals.id"))
    .addColumn("seq", "integer", (c) => c.notNull())
    .addColumn("round", "integer", (c) => c.notNull())
    .addColumn("at", "bigint", (c) => c.notNull())
    .addColumn("act", "text", (c) => c.notNull())
    .addColumn("by_id", "text")
    .addColumn("reason", "text")
    .addPrimaryKeyConstraint("proposal_acts_key", ["proposal_id", "seq"])
    .execute();
  await schema
    .createTable("registers")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("courtyard_id", "text", (c) => c.notNull().references("courtyards.id"))
    .addColumn("proposal_id", "text", (c) => c.notNull().references("proposals.id"))
    .addColumn("round", "integer", (c) => c.notNull())
    .addColumn("frozen_at", "bigint", (c) => c.notNull())
    .addColumn("households", "integer", (c) => c.notNull())
    .addColumn("area", "bigint", (c) => c.notNull())
    .addUniqueConstraint("registers_once", ["proposal_id", "round"])
    .execute();
  await schema
    .createTable("register_entries")
    .addColumn("register_id", "text", (c) => c.notNull().references("registers.id"))
    .addColumn("household_id", "text", (c) => c.notNull().references("households.id"))
    .addColumn("area", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("register_entries_key", ["register_id", "household_id"])
    .execute();
  await schema
    .createTable("ballots")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("proposal_id", "text", (c) => c.notNull().references("proposals.id"))
    .addColumn("round", "integer", (c) => c.notNull())
    .addColumn("household_id", "text", (c) => c.notNull().references("households.id"))
    .addColumn("option_id", "text", (c) => c.notNull())
    .addColumn("cast_by", "text", (c) => c.notNull())
    .addColumn("cast_at", "bigint", (c) => c.notNull())
    .addColumn("receipt", "text", (c) => c.notNull())
    .addColumn("superseded_at", "bigint")
    .execute();
  await schema
    .createIndex("ballots_by_household")
    .on("ballots")
    .columns(["household_id", "proposal_id", "round"])
    .execute();
  // INV-3: one ballot that counts for each household and round; superseded ones are kept (INV-10).
  await sql`create unique index ballots_once on ballots (proposal_id, round, household_id) where superseded_at is null`.execute(
    db,
  );

  await schema
    .createTable("kiosks")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("community_id", "text", (c) => c.notNull())
    .addColumn("courtyard_id", "text", (c) => c.notNull().references("courtyards.id"))
    .addColumn("name", "text", (c) => c.notNull())
    .addColumn("paired_by", "text", (c) => c.notNull())
    .addColumn("paired_at", "bigint", (c) => c.notNull())
    .addColumn("unpaired_at", "bigint")
    .addColumn("last_seen_at", "bigint")
    .execute();
  await schema
    .createTable("kiosk_pairings")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("code_hash", "text", (c) => c.notNull().unique())
    .addColumn("device_hash", "text", (c) => c.notNull().unique())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("expires_at", "bigint", (c) => c.notNull())
    .addColumn("kiosk_id", "text")
    .addColumn("claimed_at", "bigint")
    .addColumn("repeatable", "integer", (c) => c.notNull())
    .execute();
}
