import { z } from 'zod';
import { Failure } from '../../domain/failure.ts';
import type { BankEndpoint } from '../connector.ts';

/** What differs between the sites that this connector reads, as data of the provider's entry. */
const schema = z.strictObject({
  /** The cookie that a site leaves in a browser which passed a challenge, and does not ask again. */
  trustCookie: z.string().min(1).max(100).default('portal_browser'),
  /** Which printed statement lines are understood. */
  labelGrammar: z.enum(['french', 'none']).default('french'),
});

/** The quirks of a site; throws CONNECTOR_CONFIG_INVALID naming the entry that is wrong. */
export function portalQuirks(endpoint: BankEndpoint): z.infer<typeof schema> {
  const parsed = schema.safeParse(endpoint.quirks);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Failure('CONNECTOR_CONFIG_INVALID', {
    message: `The provider's quirks are wrong: ${[issue?.path.join('.'), issue?.message].filter(Boolean).join(': ')}.`,
    cause: parsed.error,
  });
}
