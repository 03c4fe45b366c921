import { createServer } from 'node:http';

const answers = new Map(
  Object.entries(JSON.parse(process.env.ANSWERS)).map(([path, { status, size }]) => [
    path,
    { status, body: fixedJson(size) },
  ]),
);
const unknown = { status: 404, body: fixedJson(0) };

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    const { status, body } = answers.get(request.url) ?? unknown;
    response.writeHead(
      status,
      status === 204 ? {} : { 'content-type': 'application/json', 'content-length': body.length },
    );
    response.end(body);
  });
});

server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('disconnect', () => process.exit());

function fixedJson(size) {
  const frame = '{"fixed":""}';
  const filling = 'x'.repeat(Math.max(0, size - frame.length));
  return Buffer.from(size === 0 ? '' : frame.replace('""', `"${filling}"`));
}
