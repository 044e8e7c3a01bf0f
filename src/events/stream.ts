import type { EventType, LogEntry } from '../domain/event.ts';
import type { ConnectionId } from '../kernel/id.ts';
import { comparePlaces, cursorAt, type Place } from '../store/log-place.ts';
import { readLog } from '../store/log-reader.ts';
import type { Tail } from './tail.ts';

const pageSize = 200;

/**
 * The last item of a stream whose subscriber took longer than the window lasts: nothing is lost, subscribing again with
 * `after: cursor` goes on from there.
 */
export interface Lagged {
  readonly type: 'lagged';
  readonly cursor: string;
}

/** What a subscriber receives. */
export type StreamItem = LogEntry | Lagged;

/** Which events of a stream are wanted; absent means all. */
export interface EventFilter {
  readonly types?: readonly EventType[];
  readonly connectionId?: ConnectionId;
}

/**
 * The events after a place: first from the log, then live from the tail, with no gap and no duplicate between, because
 * both are the same log and the subscriber is nothing but a place in it. It reads on only when it is asked for the
 * next item, so a slow consumer costs no memory; one that was live and has fallen out of the window gets `Lagged` and
 * the end. Ends when the signal aborts.
 */
export async function* follow(
  tail: Tail,
  from: Place,
  filter: EventFilter,
  signal: AbortSignal,
): AsyncGenerator<StreamItem, void, void> {
  let place = from;
  let isLive = false;
  while (!signal.aborted) {
    if (comparePlaces(place, tail.start) < 0) {
      if (isLive) {
        yield { type: 'lagged', cursor: cursorAt(place) };
        return;
      }
      // The tail has read up to its end, so up to there the log is settled and one pass over it is complete.
      const upTo = tail.end;
      yield* replay(tail, place, cursorAt(upTo), filter, signal);
      place = upTo;
      continue;
    }
    const entry = tail.next(place);
    if (entry) {
      place = entry.place;
      if (isWanted(entry.event, filter)) yield entry.event;
    } else {
      isLive = true;
      // oxlint-disable-next-line no-await-in-loop -- waiting for the next event is the point
      await tail.moved(signal);
    }
  }
}

/** What the log holds between two places, page by page, read on only as it is asked for. */
export async function* replay(
  tail: Tail,
  from: Place,
  upTo: string,
  filter: EventFilter,
  signal: AbortSignal,
): AsyncGenerator<LogEntry, void, void> {
  let after = cursorAt(from);
  let hasMore = true;
  while (hasMore && !signal.aborted) {
    // oxlint-disable-next-line no-await-in-loop -- each page begins where the one before ended
    const page = await readLog(tail.database, tail.scope, { ...filter, after, upTo, limit: pageSize });
    for (const event of page.events) {
      if (signal.aborted) return;
      yield event;
    }
    after = page.events.at(-1)?.cursor ?? after;
    hasMore = page.hasMore;
  }
}

/** True for an event that the filter lets through. */
export function isWanted(event: LogEntry, filter: EventFilter): boolean {
  const { types, connectionId } = filter;
  if (types && (event.type === 'unknown' || !types.includes(event.type))) return false;
  return !connectionId || ('connectionId' in event.facts && event.facts.connectionId === connectionId);
}
