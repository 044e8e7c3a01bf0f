import { Redis } from 'ioredis';
import type { Log } from '../kernel/log.ts';
import type { Wakes } from './log-wake.ts';

const channel = 'tributary_events';

/** Hints by Redis, and the end of its connections. */
export interface RedisWakes extends Wakes {
  close(): Promise<void>;
}

/**
 * The same hints as by PostgreSQL's NOTIFY, by publish and subscribe of Redis: for installations with so many commits
 * that NOTIFY's lock is felt. Nothing is kept in Redis and nothing waits for it: while it cannot be reached, readers
 * find what is new by polling the log.
 */
export function createRedisWakes(url: string, log: Log): RedisWakes {
  // A hint that cannot be sent now is worth nothing later.
  const publisher = connect(url, { enableOfflineQueue: false });
  const listeners = new Set<Redis>();

  function connect(address: string, options: { enableOfflineQueue: boolean }): Redis {
    const redis = new Redis(address, {
      ...options,
      maxRetriesPerRequest: null,
      retryStrategy: (attempt) => Math.min(attempt * 100, 2000),
    });
    redis.on('error', (error: Error) => log.warn({ err: error }, 'Redis cannot be reached; readers of events poll.'));
    return redis;
  }

  return {
    async notify(payloads) {
      await Promise.all(payloads.map((payload) => publisher.publish(channel, payload)));
    },
    async listen(onPayload, onConnected) {
      const subscriber = connect(url, { enableOfflineQueue: true });
      listeners.add(subscriber);
      subscriber.on('message', (_channel: string, payload: string) => onPayload(payload));
      // Not awaited: without Redis the process starts all the same, and ioredis subscribes again after each break.
      const subscribe = () =>
        subscriber.subscribe(channel).then(onConnected, (error: unknown) => {
          log.warn({ error }, 'Redis let nobody subscribe; readers of events poll.');
        });
      subscriber.on('ready', () => void subscribe());
      return {
        async close() {
          listeners.delete(subscriber);
          subscriber.disconnect();
        },
      };
    },
    async close() {
      for (const redis of [publisher, ...listeners]) redis.disconnect();
    },
  };
}
