import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import postgres from 'postgres';
import { questions } from './questions.ts';

/**
 * The limit that reads are held against: node:http and one prepared statement, written by hand, that returns the
 * finished JSON. It knows no tokens and no GraphQL. `GET /nested?id=usr_…`; DATABASE_URL tells where the data is.
 */
const sql = postgres(process.env['DATABASE_URL'] ?? '', { max: 10, connection: { TimeZone: 'UTC' } });
const [client] = await sql<{ id: string }[]>`select id from clients where oauth_client_id = 'sandbox'`;
const clientId = client?.id ?? '';
const statements = new Map(questions.map(({ name, statement }) => [`/${name}`, statement]));

const server = createServer((request, response) => {
  const [path = '', query = ''] = (request.url ?? '').split('?id=');
  const statement = statements.get(path);
  if (statement === undefined) return void response.writeHead(404).end();
  sql
    .unsafe<{ body: string }[]>(statement, [query, clientId], { prepare: true })
    .then(([row]) => {
      const body = Buffer.from(row?.body ?? '');
      response.writeHead(row ? 200 : 404, { 'content-type': 'application/json', 'content-length': body.length });
      response.end(body);
    })
    .catch((error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      response.writeHead(500).end();
    });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}/\n`);
});
process.once('SIGTERM', () => process.exit(0));
