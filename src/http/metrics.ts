import type { ServerResponse } from 'node:http';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What the gateway counts, in the format of Prometheus. Labels are few and fixed: never an id, never a path. */
export interface GatewayMetrics {
  readonly requestSeconds: Histogram<'door' | 'method' | 'status'>;
  readonly operations: Counter<'transport' | 'outcome'>;
  readonly sockets: Gauge;
  readonly subscriptions: Gauge<'transport'>;
  answer(response: ServerResponse): Promise<void>;
}

/**
 * Metrics in a registry of their own, so that two gateways in one process do not share them. `openStreams` counts the
 * streams of events that are read now.
 */
export function createMetrics(openStreams?: () => number): GatewayMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  if (openStreams) {
    new Gauge({
      name: 'tributary_event_streams',
      help: 'Streams of events that are read now, for subscriptions and for polls that wait',
      registers,
      collect() {
        this.set(openStreams());
      },
    });
  }
  return {
    requestSeconds: new Histogram({
      name: 'tributary_http_request_duration_seconds',
      help: 'From the first byte of a request to the end of its answer',
      labelNames: ['door', 'method', 'status'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    }),
    operations: new Counter({
      name: 'tributary_graphql_operations_total',
      help: 'GraphQL operations by transport (http, ws) and outcome (ok, error, stream)',
      labelNames: ['transport', 'outcome'],
      registers,
    }),
    sockets: new Gauge({ name: 'tributary_websocket_connections', help: 'Open WebSockets', registers }),
    subscriptions: new Gauge({
      name: 'tributary_graphql_subscriptions',
      help: 'Running subscriptions by transport (sse, ws)',
      labelNames: ['transport'],
      registers,
    }),
    async answer(response) {
      const text = await registry.metrics();
      response.writeHead(200, { 'content-type': registry.contentType });
      response.end(text);
    },
  };
}
