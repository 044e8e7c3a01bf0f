import { serverAudits } from 'graphql-http';
import { expect, test } from 'vitest';
import { openGateway } from '../support/gateway.ts';

test('every audit of GraphQL over HTTP is ok', async () => {
  const { url } = await openGateway();
  const audits = serverAudits({ url: `${url}/graphql` });
  const results = await Promise.all(audits.map((audit) => audit.fn()));
  const failed = results.filter(({ status }) => status !== 'ok');
  expect(failed.map(({ id, name, status }) => ({ id, name, status }))).toEqual([]);
  expect(results.length).toBeGreaterThan(60);
});
