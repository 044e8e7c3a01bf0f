import { eventTypes } from '../../domain/event.ts';
import { builder } from '../builder.ts';
import { eventTypeName } from './event.ts';

/** `SYNC_PROGRESSED` in the graph is `sync.progressed` in queues and webhooks. */
export const eventTypeEnum = builder.enumType('EventType', {
  description: 'The types of events, to narrow what is read. Each has an object type of its own.',
  values: Object.fromEntries(
    eventTypes.map((type) => [
      type.replace('.', '_').toUpperCase(),
      { value: type, description: `\`${eventTypeName(type)}\`; \`${type}\` in queues and webhooks.` },
    ]),
  ),
});
