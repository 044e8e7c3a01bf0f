import type { Viewer } from './viewer.ts';

/** Who acts: a client or a user by a token, the operator at the command line, or the house itself (jobs, bank returns). */
export const actorKinds = ['CLIENT', 'USER', 'OPERATOR', 'SYSTEM'] as const;

/** Who acts, and from where. */
export interface Actor {
  readonly kind: (typeof actorKinds)[number];
  readonly id: string | null;
  /** The whole address; what is kept of it is its network only. */
  readonly ipAddress: string | null;
}

/** What is written down; the rest of the names follow the mutations and commands. */
export type AuditedAction =
  | 'account.close'
  | 'account.delete'
  | 'account.merge'
  | 'account.update'
  | 'application.create'
  | 'application.disable'
  | 'application.rotate_secret'
  | 'category_rule.create'
  | 'category_rule.delete'
  | 'challenge.answer'
  | 'client.create'
  | 'client.disable'
  | 'client.enable'
  | 'client.rotate_secret'
  | 'client.update'
  | 'connection.create'
  | 'connection.delete'
  | 'connection.sync'
  | 'connection.update_credentials'
  | 'consent.decide'
  | 'consent.renew'
  | 'consent.revoke'
  | 'key.rotate'
  | 'sync.cancel'
  | 'terms.accept'
  | 'transaction.update'
  | 'user.create'
  | 'user.delete'
  | 'user.export'
  | 'user.update'
  | 'webhook.create'
  | 'webhook.delete'
  | 'webhook.rotate_secret'
  | 'webhook.update';

/** The house itself: jobs, the schedule, and a browser that comes back from a bank. */
export const systemActor: Actor = { kind: 'SYSTEM', id: null, ipAddress: null };

/** Whoever runs a command. */
export const operatorActor: Actor = { kind: 'OPERATOR', id: null, ipAddress: null };

/** The actor behind a token. */
export function actorOf(viewer: Viewer, ipAddress: string | null): Actor {
  switch (viewer.kind) {
    case 'anonymous':
      return { ...systemActor, ipAddress };
    case 'client':
      return { kind: 'CLIENT', id: viewer.clientId, ipAddress };
    case 'user':
      return { kind: 'USER', id: viewer.userId, ipAddress };
  }
}
