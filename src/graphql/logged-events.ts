import DataLoader from 'dataloader';
import type { LogEntry } from '../domain/event.ts';
import { scopeOf } from '../domain/viewer.ts';
import type { EventId } from '../kernel/id.ts';
import type { GraphqlContext } from './context.ts';

const loaders = new WeakMap<GraphqlContext, DataLoader<EventId, LogEntry | null>>();

/** The event with this id, if the viewer may see it and the log still keeps it; those of a page are one statement. */
export function loadEvent(context: GraphqlContext, id: EventId): Promise<LogEntry | null> {
  let loader = loaders.get(context);
  if (!loader) {
    const { viewer, events } = context;
    const scope = scopeOf(viewer);
    loader = new DataLoader<EventId, LogEntry | null>(
      async (ids) => (scope ? events.find(scope, ids) : ids.map(() => null)),
      { cache: false },
    );
    loaders.set(context, loader);
  }
  return loader.load(id);
}
