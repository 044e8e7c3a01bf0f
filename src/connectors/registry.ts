import { Failure } from '../domain/failure.ts';
import type { Connector } from './connector.ts';

/** The connectors of this installation, by dialect. */
export type ConnectorRegistry = ReadonlyMap<string, Connector>;

/** A registry of these connectors; two of one dialect are a mistake of the installation. */
export function createRegistry(connectors: readonly Connector[]): ConnectorRegistry {
  const registry = new Map<string, Connector>();
  for (const connector of connectors) {
    if (registry.has(connector.dialect)) throw new Error(`Two connectors for the dialect ${connector.dialect}.`);
    registry.set(connector.dialect, connector);
  }
  return registry;
}

/** The connector of a dialect; throws CONNECTOR_DISABLED when this installation has none. */
export function connectorFor(registry: ConnectorRegistry, dialect: string): Connector {
  const connector = registry.get(dialect);
  if (!connector) throw new Failure('CONNECTOR_DISABLED');
  return connector;
}
