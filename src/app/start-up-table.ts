import { styleText } from 'node:util';

/** Where the doors of a running installation are. */
export interface Addresses {
  readonly publicUrl: string | null;
  readonly testBankUrl: string | null;
  readonly database: string;
}

const firstQuery = `{ providers(first: 5) { nodes { name country channelDefinitions { kind } } } }`;

function rowsOf(addresses: Addresses): [name: string, value: string][] {
  const { publicUrl, testBankUrl } = addresses;
  return [
    ...(publicUrl
      ? ([
          ['GraphQL, GraphiQL', `${publicUrl}/graphql`],
          ['Subscriptions', `${publicUrl.replace(/^http/, 'ws')}/graphql`],
          ['Tokens', `${publicUrl}/oauth/token`],
          ['Metadata', `${publicUrl}/.well-known/oauth-authorization-server`],
          ['Health', `${publicUrl}/health/ready`],
          ['Metrics', `${publicUrl}/metrics`],
        ] as [string, string][])
      : []),
    ...(testBankUrl ? ([['Test bank', `${testBankUrl}/`]] as [string, string][]) : []),
    ['Database', addresses.database],
  ];
}

/** What an operator reads when the server is ready: every address, and in the sandbox how to ask a first question. */
export function startUpTable(addresses: Addresses, isSandbox: boolean): string {
  const rows = rowsOf(addresses);
  const width = Math.max(...rows.map(([name]) => name.length));
  const table = rows.map(([name, value]) => `  ${styleText('dim', name.padEnd(width))}  ${styleText('cyan', value)}`);
  const question =
    isSandbox && addresses.publicUrl
      ? [
          '',
          '  A first query:',
          '',
          `  TOKEN=$(curl -s -u sandbox:sandbox-secret -d grant_type=client_credentials ${addresses.publicUrl}/oauth/token | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`,
          `  curl -s ${addresses.publicUrl}/graphql -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' \\`,
          `    -d '${JSON.stringify({ query: firstQuery })}'`,
          '',
          '  The whole journey, in a second terminal: npm run demo',
        ]
      : [];
  return ['', `${styleText('bold', 'Tributary is ready')}`, '', ...table, ...question, ''].join('\n');
}
