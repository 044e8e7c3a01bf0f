import { builder } from '../builder.ts';

builder.subscriptionType({
  description:
    'What can be followed, over a WebSocket (graphql-transport-ws) or server-sent events. Every stream resumes with `after`.',
});
