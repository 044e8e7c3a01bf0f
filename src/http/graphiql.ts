import type { ServerResponse } from 'node:http';

const defaultQuery = `# Welcome to Tributary.
#
# Every operation but introspection needs an access token. Get one for a client or for one of its users:
#
#   curl -u sandbox:sandbox-secret ORIGIN/oauth/token \\
#     -d grant_type=client_credentials
#
# and paste it into the "Headers" tab below:
#
#   { "Authorization": "Bearer <access token>" }
#
# Subscriptions use the same header. Here they run over server-sent events; a WebSocket answers on this path too.

query FirstLook {
  __schema {
    queryType {
      fields {
        name
        description
      }
    }
  }
}
`;

// The page brings its scripts with it; it needs inline ones, workers from blobs, and to reach this very host.
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
  'worker-src blob:',
  "style-src 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "connect-src 'self' ws: wss: blob: data:",
  "frame-ancestors 'none'",
].join('; ');

/** The GraphiQL page, from our own files: it works without internet, and no foreign script sees a token. */
export async function answerGraphiql(response: ServerResponse, origin: string): Promise<void> {
  // Nine megabytes: loaded when somebody opens the page for the first time.
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const page = renderGraphiQL({
    title: 'Tributary GraphiQL',
    endpoint: '/graphql',
    // Its WebSocket client does not send the headers of the page; server-sent events on the same path do.
    subscriptionsProtocol: 'SSE',
    defaultQuery: defaultQuery.replace('ORIGIN', origin),
    headers: '{}',
    shouldPersistHeaders: false,
  });
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': pagePolicy });
  response.end(page);
}
