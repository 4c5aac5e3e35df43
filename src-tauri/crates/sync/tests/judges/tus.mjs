// The npm package @tus/server behind the addresses of our protocol. Prints its port; ends with its standard input.
import http from 'node:http';
import { FileStore } from '@tus/file-store';
import { Server } from '@tus/server';

const folder = process.argv[2];
const tus = new Server({
  path: '/files',
  datastore: new FileStore({ directory: folder }),
  relativeLocation: true,
});
const json = (response, status, body) => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
};
const server = http.createServer((request, response) => {
  if (request.url.endsWith('/buffer')) request.url = '/files';
  if (request.url.startsWith('/files')) return tus.handle(request, response);
  // What a tus server does not know: nothing is held, and the finalisation has to wait.
  if (request.url.endsWith('/inventory')) {
    request.resume();
    return json(response, 200, {
      received: 0, highest: 0, lost: [], receipts: [], gaps: [], foreign: [], next_sequence: 1,
    });
  }
  request.resume();
  response.writeHead(503, { 'retry-after': '60' });
  response.end();
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('end', () => process.exit(0)).resume();
