import { sql, type SQL } from 'drizzle-orm';
import type { WebhookId } from '../kernel/id.ts';
import { events } from './schema/events.ts';

/** The condition that an event is no test of this endpoint: to that one a test is a delivery of its own, tried once. */
export function isNoTestOf(id: WebhookId): SQL {
  return sql`(${events.type} <> 'webhook.tested' or ${events.facts} ->> 'webhookId' <> ${id})`;
}
