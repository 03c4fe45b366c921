// Loaded before the client: a message of the parent makes the next block, a second after the one before, and nothing else does.
import { Miner } from './node_modules/@ethereumjs/client/dist/esm/src/miner/miner.js';

const MINED = 'mined';
const { now } = Date;
let miner;
let aheadMs = 0;

Date.now = () => now() + aheadMs;

Miner.prototype.queueNextAssembly = function remember() {
  miner = this;
  return Promise.resolve();
};

process.on('message', () => {
  aheadMs += 1_000;
  // The client does not check proofs of work of a chain of one's own.
  miner.nextSolution = { nonce: new Uint8Array(8), mixHash: new Uint8Array(32) };
  miner.assembleBlock().then(() => process.send(MINED));
});
