import { Failure } from '../../domain/failure.ts';
import type { PageDocument } from './document.ts';

/** A form of a page, with what it posts beside what a person types. */
export interface PageForm {
  /** As the page writes it. */
  readonly action: string;
  /** The hidden fields by name; the token against forged requests is among them. */
  readonly hidden: ReadonlyMap<string, string>;
  /** Names of all fields that are there. */
  readonly names: ReadonlySet<string>;
}

const fieldsMax = 200;

/**
 * The form that has a field of this name, or posts to an address that ends so; null when the page has none. Throws
 * CONNECTOR_BUG for one that a browser would not post.
 */
export function findForm(document: PageDocument, sought: { field: string } | { actionEnd: string }): PageForm | null {
  for (const element of document('form').toArray().slice(0, 20)) {
    const form = document(element);
    const action = form.attr('action') ?? '';
    const fields = form.find('input, button, select, textarea').toArray().slice(0, fieldsMax);
    const hidden = new Map<string, string>();
    const names = new Set<string>();
    for (const field of fields) {
      const name = document(field).attr('name') ?? '';
      if (name === '') continue;
      names.add(name);
      if (document(field).attr('type') === 'hidden') hidden.set(name, document(field).attr('value') ?? '');
    }
    const isSought = 'field' in sought ? names.has(sought.field) : action.endsWith(sought.actionEnd);
    if (!isSought) continue;
    if (form.attr('method')?.toLowerCase() !== 'post') throw new Failure('CONNECTOR_BUG');
    return { action, hidden, names };
  }
  return null;
}
