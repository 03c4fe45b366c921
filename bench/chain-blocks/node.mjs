import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { RepeatedChain } from './chain.mjs';
import { recordedBlocks } from './recording.mjs';

/** A process that answers as a node whose chain is `process.argv[3]` blocks long. It counts what it is asked. */
const [, , file, length] = process.argv;
const chain = new RepeatedChain(await recordedBlocks(file));
const head = chain.firstNumber + Number(length) - 1;
const genesis = {
  number: '0x0',
  hash: `0x${'1'.repeat(64)}`,
  parentHash: `0x${'0'.repeat(64)}`,
  transactions: [],
};
let counted = { posts: 0, calls: {} };

function answerTo(method, [subject, isWhole]) {
  if (method === 'eth_chainId') return '"0x7a69"';
  if (method === 'eth_blockNumber') return JSON.stringify(`0x${head.toString(16)}`);
  const number = ['latest', 'safe', 'finalized'].includes(subject) ? head : Number(subject);
  if (number === 0) return JSON.stringify(genesis);
  if (number > head) return 'null';
  if (method === 'eth_getBlockReceipts') return chain.receipts(number) ?? 'null';
  if (method !== 'eth_getBlockByNumber') return null;
  return isWhole ? (chain.block(number) ?? 'null') : JSON.stringify(chain.header(number));
}

function respond({ id, method, params }) {
  counted.calls[method] = (counted.calls[method] ?? 0) + 1;
  const result = answerTo(method, params);
  if (result === null) {
    return [
      Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32601, message: 'not found' } })),
    ];
  }
  return [
    Buffer.from(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":`),
    Buffer.from(result),
    Buffer.from('}'),
  ];
}

const server = createServer(async (request, response) => {
  const asked = await json(request);
  counted.posts += 1;
  const parts = Array.isArray(asked)
    ? [
        Buffer.from('['),
        ...asked.flatMap((one, at) => [...(at > 0 ? [Buffer.from(',')] : []), ...respond(one)]),
        Buffer.from(']'),
      ]
    : respond(asked);
  response.writeHead(200, { 'content-type': 'application/json' }).end(Buffer.concat(parts));
});
server.listen(0, '127.0.0.1', () =>
  process.send({ port: server.address().port, first: chain.firstNumber, head }),
);
process.on('message', () => {
  process.send(counted);
  counted = { posts: 0, calls: {} };
});
process.on('disconnect', () => process.exit());
