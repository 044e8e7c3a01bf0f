import fc from 'fast-check';
import { expect, it } from 'vitest';
import { permissions } from '../../src/domain/viewer.ts';
import { grantable, narrowScope, subjectKinds } from '../../src/oauth/scopes.ts';

const somePermissions = fc.subarray([...permissions]);
const asked = fc.option(
  fc.array(fc.oneof(fc.constantFrom(...permissions), fc.string({ maxLength: 12 }))).map((parts) => parts.join(' ')),
  { nil: undefined },
);

it('never gives more than was asked for, nor more than the client has, and refuses the whole or gives the whole', () => {
  const property = fc.property(
    somePermissions,
    fc.boolean(),
    fc.constantFrom(...subjectKinds),
    asked,
    (has, isClientModeAllowed, kind, requested) => {
      const available = grantable({ permissions: has, isClientModeAllowed }, kind);
      const wanted = requested?.split(' ').filter((part) => part !== '') ?? available;
      const narrowed = narrowScope(requested, available);
      expect(has).toEqual(expect.arrayContaining([...available]));
      if (narrowed.permissions === null) {
        expect(wanted).toContain(narrowed.refused);
        expect(available).not.toContain(narrowed.refused);
      } else {
        expect(new Set(narrowed.permissions)).toEqual(new Set(wanted));
        expect(available).toEqual(expect.arrayContaining([...narrowed.permissions]));
      }
    },
  );
  fc.assert(property);
});

it('leaves a client without client mode its users, and a user his own data', () => {
  expect(grantable({ permissions, isClientModeAllowed: false }, 'client')).toEqual(['users_manage', 'users_read']);
  expect(grantable({ permissions, isClientModeAllowed: true }, 'client')).toEqual(permissions);
  for (const isClientModeAllowed of [true, false]) {
    expect(grantable({ permissions, isClientModeAllowed }, 'user')).toEqual([
      'users_read',
      'accounts_read',
      'accounts_manage',
      'connections_read',
      'connections_manage',
      'connections_sync',
      'transactions_read',
      'transactions_manage',
      'events_read',
    ]);
  }
});
