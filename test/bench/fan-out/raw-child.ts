import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

// The limit: a bare ws server that sends texts, given by POST, to all sockets, or the nth text to the nth socket.
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { texts, isEach } = JSON.parse(Buffer.concat(chunks).toString()) as { texts: string[]; isEach: boolean };
    let index = 0;
    for (const socket of sockets.clients) {
      if (isEach) socket.send(texts[index % texts.length] ?? '');
      else for (const text of texts) socket.send(text);
      index += 1;
    }
    response.end();
  });
});
const sockets = new WebSocketServer({ server });
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address) console.log(`http://127.0.0.1:${address.port}/`);
});
process.once('SIGTERM', () => process.exit(0));
