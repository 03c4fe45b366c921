/** Bytes of a block of the sponge. */
const RATE = 136;
const LANES = 25;
const ROUNDS = 24;

/** Of step rho and pi, along the cycle that pi makes of all lanes but the first: where each goes, and turned by how much. A byte each. */
const PATH = path();
const ROUND_CONSTANTS = roundConstants();

/** A `DataView`, since its numbers are never undefined. The halves of lane `i` stand at `8 * i` and `8 * i + 4`. */
const state = new DataView(new ArrayBuffer(LANES * 8));
const bytes = new Uint8Array(state.buffer);
const parity = new DataView(new ArrayBuffer(5 * 8));

/**
 * Keccak-256. Node has SHA-3 only, which pads differently. It takes a quarter of the time of viem's, which was half of the
 * time of reading a block. The hash is the first 32 bytes of the answer, which is valid until the next call.
 *
 * @see https://keccak.team/files/Keccak-reference-3.0.pdf
 */
export function keccak(message: Uint8Array): DataView {
  bytes.fill(0);
  let from = 0;
  for (; message.length - from >= RATE; from += RATE) {
    for (let at = 0; at < RATE; at++) bytes[at] = (bytes[at] ?? 0) ^ (message[from + at] ?? 0);
    permute();
  }
  for (let at = 0; from + at < message.length; at++) bytes[at] = (bytes[at] ?? 0) ^ (message[from + at] ?? 0);
  const end = message.length - from;
  state.setUint8(end, state.getUint8(end) ^ 0x01);
  state.setUint8(RATE - 1, state.getUint8(RATE - 1) ^ 0x80);
  permute();
  return state;
}

/** Of bytes in hexadecimal digits, as such. */
export function keccakOfHex(digits: string): string {
  keccak(Buffer.from(digits, 'hex'));
  return Buffer.from(bytes.buffer, 0, 32).toString('hex');
}

function permute(): void {
  for (let round = 0; round < ROUNDS; round++) {
    theta();
    rhoAndPi();
    chi(0);
    chi(4);
    xor(0, ROUND_CONSTANTS.getInt32(8 * round, true), ROUND_CONSTANTS.getInt32(8 * round + 4, true));
  }
}

function theta(): void {
  for (let x = 0; x < 40; x += 4) {
    const upper = state.getInt32(x, true) ^ state.getInt32(x + 40, true) ^ state.getInt32(x + 80, true);
    const lower = state.getInt32(x + 120, true) ^ state.getInt32(x + 160, true);
    parity.setInt32(x, upper ^ lower, true);
  }
  for (let x = 0; x < 40; x += 8) {
    const before = (x + 32) % 40;
    const after = (x + 8) % 40;
    const low = parity.getInt32(after, true);
    const high = parity.getInt32(after + 4, true);
    const turnedLow = parity.getInt32(before, true) ^ ((low << 1) | (high >>> 31));
    const turnedHigh = parity.getInt32(before + 4, true) ^ ((high << 1) | (low >>> 31));
    for (let y = x; y < 200; y += 40) xor(y, turnedLow, turnedHigh);
  }
}

function rhoAndPi(): void {
  let low = state.getInt32(8, true);
  let high = state.getInt32(12, true);
  for (let step = 0; step < 2 * (LANES - 1); step += 2) {
    const lane = PATH.getUint8(step);
    const turn = PATH.getUint8(step + 1);
    const nextLow = state.getInt32(lane, true);
    const nextHigh = state.getInt32(lane + 4, true);
    // Turned by 32 the halves are swapped. No lane turns by 0 or 32 exactly.
    const first = turn < 32 ? low : high;
    const second = turn < 32 ? high : low;
    const by = turn % 32;
    state.setInt32(lane, (first << by) | (second >>> (32 - by)), true);
    state.setInt32(lane + 4, (second << by) | (first >>> (32 - by)), true);
    low = nextLow;
    high = nextHigh;
  }
}

/** @param half 0 for the low halves of all lanes, 4 for the high ones */
function chi(half: number): void {
  for (let row = half; row < 200; row += 40) {
    const a = state.getInt32(row, true);
    const b = state.getInt32(row + 8, true);
    const c = state.getInt32(row + 16, true);
    const d = state.getInt32(row + 24, true);
    const e = state.getInt32(row + 32, true);
    state.setInt32(row, a ^ (~b & c), true);
    state.setInt32(row + 8, b ^ (~c & d), true);
    state.setInt32(row + 16, c ^ (~d & e), true);
    state.setInt32(row + 24, d ^ (~e & a), true);
    state.setInt32(row + 32, e ^ (~a & b), true);
  }
}

function xor(at: number, low: number, high: number): void {
  state.setInt32(at, state.getInt32(at, true) ^ low, true);
  state.setInt32(at + 4, state.getInt32(at + 4, true) ^ high, true);
}

function path(): DataView {
  const steps = new DataView(new ArrayBuffer(2 * (LANES - 1)));
  let [x, y] = [1, 0];
  for (let step = 0; step < LANES - 1; step++) {
    [x, y] = [y, (2 * x + 3 * y) % 5];
    steps.setUint8(2 * step, 8 * (x + 5 * y));
    steps.setUint8(2 * step + 1, (((step + 1) * (step + 2)) / 2) % 64);
  }
  return steps;
}

/** By the linear feedback shift register of the specification: bits 0, 1, 3, 7, 15, 31 and 63 of each. */
function roundConstants(): DataView {
  const constants = new DataView(new ArrayBuffer(ROUNDS * 8));
  let register = 1;
  for (let round = 0; round < ROUNDS; round++) {
    let constant = 0n;
    for (let bit = 0; bit < 7; bit++) {
      if (register & 1) constant |= 1n << BigInt((1 << bit) - 1);
      register = (register << 1) ^ ((register >> 7) * 0x171);
    }
    constants.setBigUint64(8 * round, constant, true);
  }
  return constants;
}
