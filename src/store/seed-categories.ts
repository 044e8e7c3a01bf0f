import { sql } from 'drizzle-orm';
import { categoryCatalogue } from '../domain/category-catalogue.ts';
import type { Db, Tx } from './database.ts';
import { categories } from './schema/transactions.ts';

/** Writes the catalogue; labels and places of what is there follow it, nothing is ever removed. */
export async function seedCategories(tx: Tx): Promise<void> {
  await tx
    .insert(categories)
    .values([...categoryCatalogue])
    .onConflictDoUpdate({
      target: categories.key,
      set: {
        parentKey: sql`excluded.parent_key`,
        labelEn: sql`excluded.label_en`,
        labelFr: sql`excluded.label_fr`,
        position: sql`excluded.position`,
      },
    });
}

/** The keys of the catalogue that the table does not have yet. */
export async function missingCategories(db: Db | Tx): Promise<string[]> {
  const rows = await db.select({ key: categories.key }).from(categories);
  const stored = new Set(rows.map((row) => row.key));
  return categoryCatalogue.map((category) => category.key).filter((key) => !stored.has(key));
}
