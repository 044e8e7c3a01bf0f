import type { BankHttp } from '../connectors/bank-http.ts';
import type { BankIdentities } from '../connectors/bank-identity.ts';
import { createBerlinGroupConnector } from '../connectors/berlin-group/connector.ts';
import { createRegistry, type ConnectorRegistry } from '../connectors/registry.ts';

/** The connectors that come with the program. */
export function bankConnectors(http: BankHttp, identities: BankIdentities): ConnectorRegistry {
  return createRegistry([createBerlinGroupConnector(http, identities)]);
}
