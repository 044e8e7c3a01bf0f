import { sql } from 'drizzle-orm';
import {
  foreignKey,
  index,
  integer,
  jsonb,
  snakeCase,
  primaryKey,
  text,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { ChallengeDetails } from '../../domain/challenge.ts';
import type { FailureRecord } from '../../domain/failure.ts';
import {
  challengeKinds,
  challengeOutcomes,
  challengeStatuses,
  noChanges,
  openSyncStatuses,
  syncStatuses,
  syncStepKinds,
  syncStepStatuses,
  syncTriggers,
  syncTypes,
  type ChangeCounts,
} from '../../domain/sync.ts';
import { bytes, idColumn, instant, oneOf } from './columns.ts';
import { channels, connections } from './connections.ts';

/** Runs over a connection. The partial unique index is what keeps a connection at one open sync. */
export const syncs = snakeCase.table(
  'syncs',
  {
    id: idColumn<'sync'>().notNull(),
    userId: idColumn<'user'>().notNull(),
    clientId: idColumn<'client'>().notNull(),
    connectionId: idColumn<'connection'>().notNull(),
    type: text({ enum: syncTypes }).notNull(),
    trigger: text({ enum: syncTriggers }).notNull(),
    status: text({ enum: syncStatuses }).notNull(),
    progressPercent: integer().notNull().default(0),
    counts: jsonb().$type<ChangeCounts>().notNull().default(noChanges),
    failure: jsonb().$type<FailureRecord>(),
    /** Where a person is present: what his request tells the bank. Erased when the sync ends. */
    psu: jsonb().$type<{ ipAddress: string; userAgent?: string }>(),
    /** When that person was there: his request, or his last answer. */
    psuSeenAt: instant(),
    attempt: integer().notNull().default(0),
    /** How many attempts ended in order: handed back, or waiting for the person. The others have lost their worker. */
    pauseCount: integer().notNull().default(0),
    /** When a sync that waits for the person is looked at again by itself: to ask the bank, or because time is up. */
    resumeAt: instant(),
    /** A running sync whose lease has run out has lost its worker and is taken up again. */
    leaseExpiresAt: instant(),
    requestedAt: instant().notNull(),
    startedAt: instant(),
    finishedAt: instant(),
  },
  (table) => [
    primaryKey({ columns: [table.id, table.userId] }),
    unique('syncs_owner').on(table.id, table.userId, table.clientId),
    foreignKey({
      name: 'syncs_connection',
      columns: [table.connectionId, table.userId, table.clientId],
      foreignColumns: [connections.id, connections.userId, connections.clientId],
    }).onDelete('cascade'),
    uniqueIndex('syncs_one_open')
      .on(table.connectionId, table.userId)
      .where(sql`${table.status} in (${sql.raw(openSyncStatuses.map((status) => `'${status}'`).join(', '))})`),
    index('syncs_connection').on(table.connectionId, table.requestedAt, table.id),
    index('syncs_finished').on(table.clientId, table.finishedAt),
    index('syncs_lease')
      .on(table.leaseExpiresAt)
      .where(sql`${table.status} = 'RUNNING'`),
    index('syncs_resume')
      .on(table.resumeAt)
      .where(sql`${table.status} = 'WAITING_FOR_USER'`),
    oneOf('syncs_type', table.type, syncTypes),
    oneOf('syncs_trigger', table.trigger, syncTriggers),
    oneOf('syncs_status', table.status, syncStatuses),
  ],
);

/** The steps of a sync, numbered from 1 in the order in which they run. */
export const syncSteps = snakeCase.table(
  'sync_steps',
  {
    syncId: idColumn<'sync'>().notNull(),
    userId: idColumn<'user'>().notNull(),
    clientId: idColumn<'client'>().notNull(),
    position: integer().notNull(),
    kind: text({ enum: syncStepKinds }).notNull(),
    channelId: idColumn<'channel'>(),
    /** The account that a READ_ACCOUNT step reads. */
    accountId: idColumn<'account'>(),
    status: text({ enum: syncStepStatuses }).notNull(),
    counts: jsonb().$type<ChangeCounts>().notNull().default(noChanges),
    failure: jsonb().$type<FailureRecord>(),
    startedAt: instant(),
    finishedAt: instant(),
  },
  (table) => [
    primaryKey({ columns: [table.syncId, table.userId, table.position] }),
    foreignKey({
      name: 'sync_steps_sync',
      columns: [table.syncId, table.userId, table.clientId],
      foreignColumns: [syncs.id, syncs.userId, syncs.clientId],
    }).onDelete('cascade'),
    oneOf('sync_steps_kind', table.kind, syncStepKinds),
    oneOf('sync_steps_status', table.status, syncStepStatuses),
  ],
);

/**
 * Questions that a bank asks during a sync. What the person answers lies here sealed until a worker takes it, which
 * erases it: an answer is used at most once.
 */
export const challenges = snakeCase.table(
  'challenges',
  {
    id: idColumn<'challenge'>().notNull(),
    userId: idColumn<'user'>().notNull(),
    clientId: idColumn<'client'>().notNull(),
    connectionId: idColumn<'connection'>().notNull(),
    channelId: idColumn<'channel'>().notNull(),
    syncId: idColumn<'sync'>().notNull(),
    kind: text({ enum: challengeKinds }).notNull(),
    status: text({ enum: challengeStatuses }).notNull(),
    prompt: text().notNull(),
    details: jsonb().$type<ChallengeDetails>().notNull(),
    /** What the bank made of the answer; null until it has spoken. */
    outcome: text({ enum: challengeOutcomes }),
    /** The connector's session of this sign-in, with its state; erased when the challenge is closed. */
    sealedSession: bytes(),
    sealedAnswer: bytes(),
    /** SHA-256 of the state with which a REDIRECT sends the browser back, in base64url; while it is open. */
    stateHash: text(),
    expiresAt: instant().notNull(),
    createdAt: instant().notNull(),
    closedAt: instant(),
  },
  (table) => [
    primaryKey({ columns: [table.id, table.userId] }),
    foreignKey({
      name: 'challenges_sync',
      columns: [table.syncId, table.userId, table.clientId],
      foreignColumns: [syncs.id, syncs.userId, syncs.clientId],
    }).onDelete('cascade'),
    foreignKey({
      name: 'challenges_channel',
      columns: [table.channelId, table.userId, table.clientId],
      foreignColumns: [channels.id, channels.userId, channels.clientId],
    }).onDelete('cascade'),
    index('challenges_sync').on(table.syncId, table.createdAt),
    uniqueIndex('challenges_one_open')
      .on(table.syncId, table.userId)
      .where(sql`${table.status} = 'OPEN'`),
    index('challenges_state')
      .on(table.stateHash)
      .where(sql`${table.stateHash} is not null`),
    oneOf('challenges_kind', table.kind, challengeKinds),
    oneOf('challenges_status', table.status, challengeStatuses),
    oneOf('challenges_outcome', table.outcome, challengeOutcomes),
  ],
);
