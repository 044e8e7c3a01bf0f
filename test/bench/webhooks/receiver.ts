import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Takes what it is sent and answers 204; `GET /` tells how much that was. */
let received = 0;
const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    if (request.method === 'POST') {
      received += 1;
      response.writeHead(204).end();
    } else {
      response.end(String(received));
    }
  });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}/\n`);
});
process.once('SIGTERM', () => process.exit(0));
