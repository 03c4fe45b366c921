import { createServer } from 'node:http';

/** Answers 204 to every webhook, and says how many came, without those that came again. */
const ids = new Set();
let received = 0;
const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    received += 1;
    ids.add(request.headers['webhook-id']);
    response.writeHead(204).end();
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('message', () => process.send({ received, different: ids.size }));
process.on('disconnect', () => process.exit(0));
