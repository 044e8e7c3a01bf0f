CREATE TABLE "provider_terms" (
	"term" text COLLATE "C",
	"provider_id" text COLLATE "C",
	CONSTRAINT "provider_terms_pkey" PRIMARY KEY("term","provider_id")
);
--> statement-breakpoint
ALTER TABLE "providers" ADD COLUMN "groups" text[] DEFAULT '{}'::text[] NOT NULL;--> statement-breakpoint
ALTER TABLE "providers" ALTER COLUMN "bic" SET DATA TYPE text COLLATE "C" USING "bic"::text COLLATE "C";--> statement-breakpoint
CREATE INDEX "provider_terms_provider" ON "provider_terms" ("provider_id","term");--> statement-breakpoint
CREATE INDEX "providers_country" ON "providers" ("country","name","id");--> statement-breakpoint
CREATE INDEX "providers_groups" ON "providers" USING gin ("groups");--> statement-breakpoint
ALTER TABLE "provider_terms" ADD CONSTRAINT "provider_terms_provider_id_providers_id_fkey" FOREIGN KEY ("provider_id") REFERENCES "providers"("id") ON DELETE CASCADE;--> statement-breakpoint
CREATE FUNCTION "search_fold"("given" text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  select replace(replace(replace(translate(lower(regexp_replace(normalize("given", NFKD), '[\u0300-\u036f]', '', 'g')),
    'ŒÆØŁĐøłđ', 'œæoldold'), 'œ', 'oe'), 'æ', 'ae'), 'ß', 'ss')
$$;
--> statement-breakpoint
CREATE FUNCTION "provider_terms_follow"() RETURNS trigger LANGUAGE plpgsql AS $$
declare
  names text := normalize(new."name" || ' ' || array_to_string(new."groups", ' '), NFC);
  -- How names with umlauts are written where the keyboard has none.
  spelled text := replace(replace(replace(replace(replace(replace(names,
    'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue'), 'Ä', 'AE'), 'Ö', 'OE'), 'Ü', 'UE');
begin
  delete from "provider_terms" where "provider_id" = new."id";
  insert into "provider_terms" ("term", "provider_id")
  select distinct substr(word, start), new."id"
  from unnest(array[search_fold(names), search_fold(spelled)]) as folded,
    regexp_split_to_table(folded, '[^a-z0-9\u00c0-\u1fff\u2c00-\uffff]+') as word,
    generate_series(1, least(length(word), 100)) as start;
  return null;
end $$;
--> statement-breakpoint
CREATE TRIGGER "provider_terms_follow" AFTER INSERT OR UPDATE OF "name", "groups" ON "providers"
  FOR EACH ROW EXECUTE FUNCTION "provider_terms_follow"();
--> statement-breakpoint
UPDATE "providers" SET "name" = "name";
