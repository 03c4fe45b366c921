import { fastify } from 'fastify';

const server = fastify();
server.get('/v1/gateway/authorize', (_, reply) => reply.code(200).send());

await server.listen({ port: 0, host: '127.0.0.1' });
process.send({ port: server.server.address().port });
process.on('disconnect', () => process.exit());
