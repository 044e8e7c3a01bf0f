import { builder } from '../builder.ts';
import { unauthenticated } from '../request-error.ts';
import { viewerType } from '../types/viewer.ts';

builder.queryField('viewer', (t) =>
  t.field({
    type: viewerType,
    authScopes: { token: true },
    description: 'Who asks. Needs a token, of any scope.',
    resolve: (_root, _args, { viewer }) => {
      if (viewer.kind === 'anonymous') throw unauthenticated();
      return viewer;
    },
  }),
);
