import * as fc from 'fast-check';
import { tries } from '@countersign/text/testing';
import { nextState, type MinedVersion, type NodeView, type SendState } from './next-state';

const NONCE = 7;
const FOREIGN = `0x${'fe'.repeat(32)}` as const;
const OTHER = `0x${'0e'.repeat(32)}` as const;

const first: MinedVersion = { version: 1, blockNumber: 100, blockHash: '0xaa', succeeded: true };
const second: MinedVersion = { version: 2, blockNumber: 101, blockHash: '0xbb', succeeded: true };
const reverted: MinedVersion = { ...first, succeeded: false };

/** A node at block 110, which calls 90 final and has used no nonce of the send. */
const nothing: NodeView = {
  ...{ head: 110, finalHead: 90, nonces: NONCE, finalNonces: NONCE },
  ...{ mined: null, foreign: null },
};
const behind: NodeView = { ...nothing, head: 99 };
const inBlock = (mined: MinedVersion): NodeView => ({ ...nothing, nonces: NONCE + 1, mined });
const inFinal = (mined: MinedVersion): NodeView => ({
  ...inBlock(mined),
  ...{ finalHead: 105, finalNonces: NONCE + 1 },
});
const usedBy = (foreign: NodeView['foreign']): NodeView => ({
  ...nothing,
  ...{ nonces: NONCE + 1, finalNonces: NONCE + 1, foreign },
});

const both = (view: NodeView): readonly NodeView[] => [view, view];
const elsewhere: MinedVersion = { ...first, blockHash: '0xcc' };
const finalUntil = (finalHead: number): NodeView => ({ ...inFinal(first), finalHead });

type OpenState = Parameters<typeof nextState>[0];
const broadcasting: OpenState = { name: 'broadcasting' };
const mined = (version: MinedVersion): OpenState => ({ name: 'mined', ...version });
const final = (version: MinedVersion): SendState => ({ name: 'final', ...version });
const failed = (version: MinedVersion): SendState => ({ name: 'failed', ...version });
const replaced: SendState = { name: 'replaced', by: FOREIGN };

describe('the state of a send', () => {
  it.each<readonly [string, OpenState, readonly NodeView[], SendState]>([
    ['stays broadcasting', broadcasting, both(nothing), broadcasting],
    ['stays without nodes', mined(first), [], mined(first)],

    ['is mined at two nodes', broadcasting, both(inBlock(first)), mined(first)],
    ['is mined at two of three', broadcasting, [nothing, ...both(inBlock(first))], mined(first)],
    ['is mined as a later version', broadcasting, both(inBlock(second)), mined(second)],
    ['is mined and reverted', broadcasting, both(inBlock(reverted)), mined(reverted)],
    ['stays by one node', broadcasting, [inBlock(first), nothing], broadcasting],
    ['stays by one node that answers', broadcasting, [inBlock(first)], broadcasting],
    ['stays by two blocks', broadcasting, [inBlock(first), inBlock(elsewhere)], broadcasting],
    ['stays by two versions', broadcasting, [inBlock(first), inBlock(second)], broadcasting],
    ['stays by two outcomes', broadcasting, [inBlock(first), inBlock(reverted)], broadcasting],
    ['stays by two and two', broadcasting, [first, second].map(inBlock).flatMap(both), broadcasting],

    ['waits again when two nodes dropped it', mined(first), both(nothing), broadcasting],
    ['stays mined when one node dropped it', mined(first), [nothing, inBlock(first)], mined(first)],
    ['stays mined when one node answers', mined(first), [nothing], mined(first)],
    ['stays mined beside two nodes that are behind', mined(first), both(behind), mined(first)],
    ['stays mined beside a node that is behind', mined(first), [behind, nothing], mined(first)],
    ['is in another block', mined(first), both(inBlock(second)), mined(second)],
    ['is in another block of its height', mined(first), both(inBlock(elsewhere)), mined(elsewhere)],

    ['is final at two nodes', mined(first), both(inFinal(first)), final(first)],
    ['is final at once', broadcasting, both(inFinal(first)), final(first)],
    ['is final as another version', mined(first), both(inFinal(second)), final(second)],
    ['is failed at two nodes', mined(reverted), both(inFinal(reverted)), failed(reverted)],
    ['stays mined where one calls it final', mined(first), [inFinal(first), inBlock(first)], mined(first)],
    ['is mined while one node calls it final', broadcasting, [inFinal(first), inBlock(first)], mined(first)],
    ['stays by one outcome each', mined(first), [inFinal(first), inFinal(reverted)], mined(first)],
    ['is final in the last final block', mined(first), both(finalUntil(100)), final(first)],
    ['stays mined one block above it', mined(first), both(finalUntil(99)), mined(first)],

    ['is replaced at two nodes', broadcasting, both(usedBy(FOREIGN)), replaced],
    ['is replaced after it was mined', mined(first), both(usedBy(FOREIGN)), replaced],
    ['is not replaced by one node', broadcasting, [usedBy(FOREIGN), nothing], broadcasting],
    ['is not replaced by two hashes', broadcasting, [usedBy(FOREIGN), usedBy(OTHER)], broadcasting],
    [
      'stays where a nonce is used',
      broadcasting,
      both({ ...nothing, nonces: 9, finalNonces: 9 }),
      broadcasting,
    ],
    ['stays final and foreign', mined(first), [inFinal(first), usedBy(FOREIGN)].flatMap(both), mined(first)],
    ['is final beside a liar', mined(first), [usedBy(FOREIGN), ...both(inFinal(first))], final(first)],
    ['is replaced beside a liar', mined(first), [inFinal(first), ...both(usedBy(FOREIGN))], replaced],
    ['is mined beside a liar', broadcasting, [usedBy(FOREIGN), ...both(inBlock(first))], mined(first)],
  ])('%s (%#)', (_, state, nodes, next) => {
    expect(nextState(state, NONCE, nodes).state).toEqual(next);
  });

  it.each<readonly [string, Partial<NodeView>, NodeView]>([
    ['is above its head', { head: 99 }, inBlock(first)],
    ['has a final block above its head', { finalHead: 111 }, inFinal(first)],
    ['used fewer nonces than there', { nonces: NONCE }, inBlock(first)],
    ['used fewer nonces when it was final', { finalNonces: NONCE }, inFinal(first)],
    ['used more nonces when it was final', { finalNonces: NONCE + 2 }, inFinal(first)],
    ['has two transactions with one nonce', { foreign: FOREIGN }, inFinal(first)],
    ['used fewer nonces than another one', { finalNonces: NONCE }, usedBy(FOREIGN)],
  ])('does not follow a node whose answer %s', (_, changed, view) => {
    const odd = { ...view, ...changed };

    expect(nextState(broadcasting, NONCE, [odd, odd])).toEqual({
      state: broadcasting,
      areNodesContradictory: false,
    });
  });

  it.each<readonly [string, readonly NodeView[], boolean]>([
    ['one is behind', [nothing, inBlock(first)], false],
    ['one is on another fork', [inBlock(first), inBlock(second)], false],
    ['one calls it final earlier', [inFinal(first), inBlock(first)], false],
    ['both call other blocks final', [inFinal(first), inFinal(second)], true],
    ['one has another transaction', [inFinal(first), usedBy(FOREIGN)], true],
    ['both have other transactions', [usedBy(OTHER), usedBy(FOREIGN)], true],
    ['they know two outcomes of one block', [inBlock(first), inBlock(reverted)], true],
    ['they know two numbers of one block', [inBlock(first), inBlock({ ...first, blockNumber: 101 })], true],
  ])('says whether nodes contradict each other: %s', (_, nodes, areNodesContradictory) => {
    expect(nextState(broadcasting, NONCE, nodes).areNodesContradictory).toBe(areNodesContradictory);
  });
});

describe('one node', () => {
  const aVersion = fc.record({
    version: fc.integer({ min: 1, max: 3 }),
    blockNumber: fc.integer({ min: 95, max: 105 }),
    blockHash: fc.constantFrom('0xaa', '0xbb'),
    succeeded: fc.boolean(),
  });
  const aView: fc.Arbitrary<NodeView> = fc.oneof(
    fc.record({
      head: fc.integer({ min: 95, max: 110 }),
      finalHead: fc.integer({ min: 90, max: 110 }),
      nonces: fc.integer({ min: NONCE - 1, max: NONCE + 2 }),
      finalNonces: fc.integer({ min: NONCE - 1, max: NONCE + 2 }),
      mined: fc.option(aVersion),
      foreign: fc.option(fc.constantFrom(FOREIGN, OTHER)),
    }),
    fc.constantFrom<NodeView>(inBlock(first), inFinal(first), usedBy(FOREIGN), nothing),
  );
  const aState: fc.Arbitrary<OpenState> = fc.oneof(fc.constant(broadcasting), aVersion.map(mined));

  it('moves nothing alone', () => {
    fc.assert(
      fc.property(aState, aView, (state, liar) => {
        expect(nextState(state, NONCE, [liar]).state).toEqual(state);
      }),
      tries(500),
    );
  });

  it('that lies beside two that agree changes nothing', () => {
    const honest = fc.constantFrom<NodeView>(inBlock(first), inFinal(first), usedBy(FOREIGN), nothing);
    fc.assert(
      fc.property(aState, honest, aView, fc.nat({ max: 2 }), (state, view, liar, at) => {
        const nodes: NodeView[] = [view, view];
        const truth = nextState(state, NONCE, nodes).state;
        nodes.splice(at, 0, liar);

        expect(nextState(state, NONCE, nodes).state).toEqual(truth);
      }),
      tries(500),
    );
  });
});
