import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import { isUserScope, type Scope, type UserScope } from '../domain/viewer.ts';
import type { Database } from '../store/database.ts';
import type { UserId } from '../kernel/id.ts';
import { readAddedEvents } from '../store/log-added.ts';
import { eventOf, readUserLogs, userOfText, type PlacedEvent } from '../store/log-of-users.ts';
import { comparePlaces, cursorAt, placeOf, type Place } from '../store/log-place.ts';
import { readLog } from '../store/log-reader.ts';

const pageSize = 500;
/** Below it each stream is looked up by itself, above it all that the log has got lately is read in one go. */
const addedReadsMin = 100;
/** So often, for a millisecond each, those who are woken one after another are waited for while more come. */
const gatheringsMax = 20;
const readsPerStatement = 250;
const readsPerBatch = 10_000;
/** While so many are under way, what comes waits and is read together. */
const batchesAtOnce = 2;

/** The looks of the relay at the log, told as snapshots of PostgreSQL. */
export interface Looks {
  latest: string;
  /** The one before. */
  earlier: string;
}

/** A stream that is read on from its end. It is told by calls, not by promises: thousands of them move at once. */
export interface ReadStream {
  readonly scope: Scope;
  readonly end: Place;
  /** It has all that was visible in this snapshot. */
  readonly seen: string;
  /** Whatever was committed before this call is read. */
  began(): void;
  /** The events after its end, in their order. */
  take(events: PlacedEvent[]): void;
  /** The read has ended; unless there is more, the stream has all now that was visible in the snapshot. */
  ended(snapshot: string, hasMore: boolean, isHeld: boolean): void;
  failed(error: unknown): void;
}

/** Reads the next page of a stream, which must not ask again before it was told how that went. */
export type ReadOn = (stream: ReadStream) => void;

type UserStream = ReadStream & { readonly scope: UserScope };

/**
 * The reads of all tails of this process: those of users that come in the same turn, or while others are under way, are
 * one read, because when a nightly sync moves thousands of streams, a statement for each would be the bottleneck.
 */
export function createTailReads(database: Database, looks: Looks): ReadOn {
  let waiting: UserStream[] = [];
  let batches = 0;
  let isScheduled = false;

  function schedule(): void {
    if (isScheduled || batches >= batchesAtOnce || waiting.length === 0) return;
    isScheduled = true;
    void gathered().then(() => {
      isScheduled = false;
      const batch = waiting.slice(0, readsPerBatch);
      waiting = waiting.slice(readsPerBatch);
      batches += 1;
      void readBatch(batch).finally(() => {
        batches -= 1;
        schedule();
      });
      schedule();
    });
  }

  /** Settles when all that are woken together wait. One that is woken alone does not wait for others. */
  async function gathered(): Promise<void> {
    await turn();
    let before = addedReadsMin - 1;
    for (let gathering = 0; gathering < gatheringsMax && waiting.length > before; gathering += 1) {
      before = waiting.length;
      // oxlint-disable-next-line no-await-in-loop -- it waits for what comes meanwhile
      await pause(1);
    }
  }

  async function readBatch(batch: readonly UserStream[]): Promise<void> {
    for (const stream of batch) stream.began();
    const { alike, others } = partsOf(batch, looks);
    const reads = [...alike.map(({ byUser, seen }) => readAdded(byUser, seen)), readEach(others)];
    await Promise.all(reads);
  }

  async function readAdded(byUser: ReadonlyMap<UserId, UserStream>, seen: string): Promise<void> {
    const [first] = byUser.values();
    if (!first) return;
    // What was visible in it is visible to a statement that is sent now.
    const { latest } = looks;
    try {
      const { clientId } = first.scope;
      const userIds = () => [...byUser.keys()];
      await readAddedEvents(database, { clientId, snapshot: seen, userIds }, (texts) => giveOut(byUser, texts));
    } catch (error) {
      for (const stream of byUser.values()) stream.failed(error);
      return;
    }
    for (const stream of byUser.values()) stream.ended(latest, false, false);
  }

  async function readEach(streams: readonly UserStream[]): Promise<void> {
    const parts: Promise<void>[] = [];
    for (let first = 0; first < streams.length; first += readsPerStatement) {
      parts.push(readSome(streams.slice(first, first + readsPerStatement)));
    }
    await Promise.all(parts);
  }

  async function readSome(streams: readonly UserStream[]): Promise<void> {
    const { latest } = looks;
    const pages = await readUserLogs(database, streams, pageSize).catch((error: unknown) => {
      for (const stream of streams) stream.failed(error);
    });
    for (const [index, { events, hasMore }] of (pages ?? []).entries()) {
      streams[index]?.take(events);
      streams[index]?.ended(latest, hasMore, false);
    }
  }

  async function readAlone(stream: ReadStream): Promise<void> {
    const { latest } = looks;
    stream.began();
    const read = readLog(database, stream.scope, { after: cursorAt(stream.end), limit: pageSize });
    const page = await read.catch((error: unknown) => stream.failed(error));
    if (!page) return;
    stream.take(page.events.map((event) => ({ place: placeOf(event.cursor), event })));
    stream.ended(latest, page.hasMore, page.isHeld);
  }

  return (stream) => {
    if (!isOfUser(stream)) return void readAlone(stream);
    waiting.push(stream);
    schedule();
  };
}

/** Gives each stream what it does not have yet, all that stands together at once; true when most was for one of them. */
function giveOut(byUser: ReadonlyMap<string, UserStream>, texts: readonly string[]): boolean {
  let owner = '';
  let stream: UserStream | undefined;
  let run: PlacedEvent[] = [];
  let ofStreams = 0;
  for (const text of texts) {
    const userId = userOfText(text);
    if (userId !== owner) {
      if (run.length > 0) stream?.take(run);
      run = [];
      owner = userId;
      stream = byUser.get(userId);
    }
    if (!stream) continue;
    ofStreams += 1;
    const placed = eventOf(stream.scope, text);
    // They are in order: behind one that it lacks it lacks all.
    if (run.length > 0 || comparePlaces(placed.place, stream.end) > 0) run.push(placed);
  }
  if (run.length > 0) stream?.take(run);
  return ofStreams * 2 >= texts.length;
}

/** Those of one client that have all of one recent snapshot, where they are many; and the others. */
function partsOf(batch: readonly UserStream[], { latest, earlier }: Looks) {
  const alike: { byUser: Map<UserId, UserStream>; seen: string }[] = [];
  const others: UserStream[] = [];
  for (const ofClient of Map.groupBy(batch, ({ scope }) => scope.clientId).values()) {
    for (const [seen, streams] of Map.groupBy(ofClient, (stream) => stream.seen)) {
      if (streams.length < addedReadsMin || (seen !== latest && seen !== earlier)) {
        others.push(...streams);
        continue;
      }
      const byUser = new Map<UserId, UserStream>();
      // A tail that was closed while it waited may stand beside the next one of the same user.
      for (const stream of streams) {
        if (byUser.has(stream.scope.userId)) others.push(stream);
        else byUser.set(stream.scope.userId, stream);
      }
      alike.push({ byUser, seen });
    }
  }
  return { alike, others };
}

function isOfUser(stream: ReadStream): stream is UserStream {
  return isUserScope(stream.scope);
}
