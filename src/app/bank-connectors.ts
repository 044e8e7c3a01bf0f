import type { BankHttp } from '../connectors/bank-http.ts';
import type { BankIdentities } from '../connectors/bank-identity.ts';
import { createBerlinGroupConnector } from '../connectors/berlin-group/connector.ts';
import { berlinGroupQuirks } from '../connectors/berlin-group/quirks.ts';
import type { BankEndpoint } from '../connectors/connector.ts';
import { createPortalConnector } from '../connectors/portal/connector.ts';
import { portalQuirks } from '../connectors/portal/quirks.ts';
import { createRegistry, type ConnectorRegistry } from '../connectors/registry.ts';
import { createStetConnector } from '../connectors/stet/connector.ts';
import { stetQuirks } from '../connectors/stet/quirks.ts';

/** The connectors that come with the program. */
export function bankConnectors(http: BankHttp, identities: BankIdentities): ConnectorRegistry {
  return createRegistry([
    createBerlinGroupConnector(http, identities),
    createStetConnector(http, identities),
    createPortalConnector(http),
  ]);
}

/** How each dialect reads the quirks of an entry; throws CONNECTOR_CONFIG_INVALID with what is wrong. */
export const quirkReaders: ReadonlyMap<string, (endpoint: BankEndpoint) => unknown> = new Map<
  string,
  (endpoint: BankEndpoint) => unknown
>([
  ['berlin-group', berlinGroupQuirks],
  ['stet', stetQuirks],
  ['portal', portalQuirks],
]);
