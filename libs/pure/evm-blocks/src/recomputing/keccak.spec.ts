import { randomBytes } from 'node:crypto';
import { keccak256 } from 'viem';
import { keccak } from './keccak';

function whole(message: Uint8Array): string {
  const state = keccak(message);
  return `0x${Buffer.from(state.buffer, 0, 32).toString('hex')}`;
}

describe('keccak', () => {
  it.each([
    // https://eips.ethereum.org/EIPS/eip-1052: of no code.
    ['', '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470'],
    // The topics of https://eips.ethereum.org/EIPS/eip-20 and eip-1155.
    [
      'Transfer(address,address,uint256)',
      '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef',
    ],
    [
      'TransferSingle(address,address,address,uint256,uint256)',
      '0xc3d58168c5ae7397731d063d5bbf3d657854427343f4c083240f7aacaa2d0f62',
    ],
    [
      'TransferBatch(address,address,address,uint256[],uint256[])',
      '0x4a39dc06d4c0dbc64b70af90fd698a233a518aa5d07e595d983b8c0526c8f7fb',
    ],
  ])('hashes %j as published', (text, hash) => {
    expect(whole(Buffer.from(text))).toBe(hash);
  });

  it('hashes messages of all lengths as viem does, of one block of the sponge and of several', () => {
    for (let length = 0; length < 3 * 136 + 2; length++) {
      const message = randomBytes(length);
      expect(whole(message)).toBe(keccak256(message));
    }
  });
});
