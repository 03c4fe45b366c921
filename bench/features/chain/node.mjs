import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { recordedBlocks } from './recording.mjs';
import { RepeatedChain } from './repeated-chain.mjs';

/** A node of a chain of `length` blocks. It counts its requests. */
const [file, recorded, length] = process.argv.slice(2);
const chain = new RepeatedChain(await recordedBlocks(file, Number(recorded)));
const first = chain.firstNumber;
const head = first + Number(length) - 1;
const hash = (digit) => `0x${digit.repeat(64)}`;
const genesis = { number: '0x0', hash: hash('1'), parentHash: hash('0'), transactions: [] };
let counted = { posts: 0, calls: {} };

/** JSON, or null for a method that it does not have. */
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
  const error = { jsonrpc: '2.0', id, error: { code: -32601, message: 'not found' } };
  const pieces =
    result === null
      ? [JSON.stringify(error)]
      : [`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":`, result, '}'];
  return pieces.map((piece) => Buffer.from(piece));
}

const server = createServer(async (request, response) => {
  const asked = await json(request);
  counted.posts += 1;
  const batch = (calls) => calls.flatMap((one, at) => [Buffer.from(at > 0 ? ',' : '['), ...respond(one)]);
  const body = Array.isArray(asked) ? [...batch(asked), Buffer.from(']')] : respond(asked);
  response.writeHead(200, { 'content-type': 'application/json' }).end(Buffer.concat(body));
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port, first, head }));
process.on('message', () => {
  process.send(counted);
  counted = { posts: 0, calls: {} };
});
process.on('disconnect', () => process.exit());
