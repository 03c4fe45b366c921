import { createServer } from 'node:http';

const answers = new Map(
  Object.entries(JSON.parse(process.env.SIZES)).map(([path, size]) => [path, fixedJson(size)]),
);

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    const body = answers.get(request.url);
    response.writeHead(body ? 200 : 404, {
      'content-type': 'application/json',
      'content-length': body?.length ?? 0,
    });
    response.end(body);
  });
});

server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('disconnect', () => process.exit());

function fixedJson(size) {
  const frame = '{"fixed":""}';
  return Buffer.from(frame.replace('""', `"${'x'.repeat(size - frame.length)}"`));
}
