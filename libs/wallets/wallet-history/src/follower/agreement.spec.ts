import { NodeError, type Chain, type EvmNode, type RpcAnswer } from '@countersign/chains';
import { Agreement, Disagreement, OUTVOTED, type BlockInQuestion } from './agreement';

const CHAIN = { id: 'eip155:1' } as Chain;

interface Said {
  /** Of the block with each number; the same for nodes that agree. */
  readonly branch?: string;
  readonly head?: number;
  /** `null`: it knows no final block. */
  readonly finalized?: number | null;
  readonly isAway?: boolean;
  readonly isPaused?: boolean;
}

function hashOf(number: number, branch = 'a'): `0x${string}` {
  return `0x${branch.repeat(2)}${String(number).padStart(62, '0')}`;
}

function nodeOf(index: number, said: Said, asked: number[]): EvmNode {
  const { branch, head = 100, finalized = head, isAway = false, isPaused = false } = said;
  const blockOf = (tag: string): unknown => {
    const number = tag === 'finalized' ? finalized : Number(tag);
    if (number === null || number > head) return null;
    return {
      number: `0x${number.toString(16)}`,
      hash: hashOf(number, branch),
      parentHash: hashOf(number, 'f'),
    };
  };
  const batch: EvmNode['batch'] = (calls) => {
    asked.push(index);
    if (isAway) return Promise.reject(new NodeError('away', { reason: 'time_limit' }));
    return Promise.resolve(calls.map(({ params }) => ({ ok: true, result: blockOf(params[0] as string) })));
  };
  return { chain: CHAIN, index, isPaused, batch, request: () => Promise.reject(new Error('one by one')) };
}

describe('Agreement', () => {
  const asked: number[] = [];
  beforeEach(() => (asked.length = 0));

  /** @param others the nodes after the one that is read */
  function ask(others: readonly Said[], question: Partial<BlockInQuestion> = {}): Promise<unknown> {
    const nodes = [{}, ...others].map((said, index) => nodeOf(index, said, asked));
    const agreement = new Agreement({ ...CHAIN, nodeCount: nodes.length }, { of: () => nodes });
    return agreement.on(nodes[0] as EvmNode, { number: 90, confirmed: 40, hashAt: hashOf, ...question });
  }

  it.each<[string, readonly Said[], object]>([
    ['no other node is configured', [], { kind: 'agreed', number: 90 }],
    ['another node has the block', [{}], { kind: 'agreed', number: 90 }],
    ['another node calls an earlier one final', [{ finalized: 70 }], { kind: 'agreed', number: 70 }],
    ['its head is lower', [{ head: 60 }], { kind: 'agreed', number: 60 }],
    ['it knows no final block', [{ finalized: null }], { kind: 'agreed', number: 40 }],
    [
      'it knows none, and has another block near its head',
      [{ finalized: null, branch: 'b' }],
      { kind: 'behind' },
    ],
    ['it knows none, and has not got the block', [{ finalized: null, head: 80 }], { kind: 'behind' }],
    ['it is away', [{ isAway: true }], { kind: 'alone' }],
    ['it was away a moment ago', [{ isPaused: true }], { kind: 'alone' }],
    ['one is away and another is not', [{ isAway: true }, {}], { kind: 'agreed', number: 90 }],
    ['one of three differs', [{ branch: 'b' }, {}], { kind: 'agreed', number: 90 }],
    ['the first of two is slow', [{ finalized: 41 }, {}], { kind: 'agreed', number: 90 }],
    ['both of two are slow', [{ finalized: 41 }, { finalized: 70 }], { kind: 'agreed', number: 70 }],
    ['one is slow and one differs', [{ finalized: 41 }, { branch: 'b' }], { kind: 'agreed', number: 41 }],
    [
      'one is slow, one differs, and another agrees',
      [{ finalized: 41 }, { branch: 'b' }, {}],
      { kind: 'agreed', number: 90 },
    ],
    [
      'two differ, and of three others the last two are slow',
      [{ branch: 'b' }, { branch: 'c' }, {}, { finalized: 70 }, { finalized: 41 }],
      { kind: 'agreed', number: 70 },
    ],
    ['two of five differ', [{ branch: 'b' }, { branch: 'c' }, {}, {}], { kind: 'agreed', number: 90 }],
  ])('where %s', async (_, others, verdict) => {
    expect(await ask(others)).toMatchObject(verdict);
  });

  it('tells how far a node is whose last final block is no longer in memory', async () => {
    const hashAt = (number: number) => (number < 80 ? null : hashOf(number));

    expect(await ask([{ finalized: 70 }], { hashAt })).toEqual({ kind: 'behind', number: 70 });
  });

  it('tells the highest last final block of several', async () => {
    const hashAt = (number: number) => (number < 80 ? null : hashOf(number));

    expect(await ask([{ finalized: 41 }, { finalized: 70 }, { finalized: 60 }], { hashAt })).toEqual({
      kind: 'behind',
      number: 70,
    });
  });

  it('asks the next one where a node has called nothing else final for long', async () => {
    expect(await ask([{ finalized: 70 }, {}], { above: 70 })).toEqual({ kind: 'agreed', number: 90 });
    expect(await ask([{ finalized: 70 }], { above: 70 })).toEqual({ kind: 'behind', number: 70 });
  });

  it('asks one node once where that one agrees', async () => {
    await ask([{}, {}, {}]);

    expect(asked).toEqual([1]);
  });

  it('asks each of the others once where none calls as much final', async () => {
    await ask([{ finalized: 41 }, { finalized: 70 }, { isPaused: true }, { finalized: 60 }]);

    expect(asked).toEqual([1, 2, 4]);
  });

  it.each<[string, readonly Said[], readonly number[]]>([
    ['as many as agree on less', [{ finalized: 41 }, { branch: 'b' }, { branch: 'b' }], [0, 1, 2, 3]],
    ['the other node', [{ branch: 'b' }], [0, 1]],
    ['its last final block', [{ branch: 'b', finalized: 70 }], [0, 1]],
    ['the only one that answers', [{ isAway: true }, { branch: 'b' }], [0, 2]],
    ['two, each in its own way', [{ branch: 'b' }, { branch: 'c' }], [0, 1, 2]],
    ['as many as agree', [{ branch: 'b' }, { branch: 'b' }, {}], [0, 1, 2, 3]],
  ])('is none where %s differs', async (_, others, indexes) => {
    const disagreement = await ask(others).catch((error: unknown) => error);

    expect(disagreement).toBeInstanceOf(Disagreement);
    expect(disagreement).toMatchObject({ indexes });
  });

  it('is against the node that is read where more tell the same other block', async () => {
    await expect(ask([{ branch: 'b' }, { branch: 'b' }])).rejects.toMatchObject({
      kind: 'lying',
      details: { reason: OUTVOTED },
    });
  });

  it('is against it too where these call different blocks of one chain final', async () => {
    const others = [
      { branch: 'b', finalized: 80 },
      { branch: 'b', finalized: 85 },
    ];

    await expect(ask(others)).rejects.toMatchObject({ kind: 'lying', details: { reason: OUTVOTED } });

    expect(asked).toEqual([1, 2, 1, 2]);
  });

  it('asks no third time', async () => {
    const falling = ['0x50', '0x4b', '0x46', '0x41'];
    const node = nodeOf(1, { branch: 'b' }, asked);
    const batch: EvmNode['batch'] = async (calls) => {
      const [at] = await node.batch(calls);
      const number = falling.shift();
      return [
        at as RpcAnswer,
        { ok: true, result: { number, hash: hashOf(Number(number), 'b'), parentHash: hashOf(0) } },
      ];
    };
    const nodes = [
      nodeOf(0, {}, asked),
      { ...node, batch },
      nodeOf(2, { branch: 'b', finalized: 85 }, asked),
    ];
    const agreement = new Agreement({ ...CHAIN, nodeCount: 3 }, { of: () => nodes });

    const question = { number: 90, confirmed: 40, hashAt: hashOf };
    await expect(agreement.on(nodes[0] as EvmNode, question)).rejects.toBeInstanceOf(Disagreement);

    expect(asked).toEqual([1, 2, 1, 2]);
  });

  it.each<[string, readonly Said[], boolean]>([
    ['no other node is configured', [], false],
    ['another one calls a later block final', [{ finalized: 91 }], true],
    ['another one calls the same block final', [{ finalized: 90 }], false],
    ['another one knows no final block', [{ finalized: null }], false],
    ['one of two is later', [{}, { finalized: 90 }], false],
    ['both of two are later', [{}, { finalized: 91 }], true],
    ['the only one that answers is later', [{ isAway: true }, {}], true],
    ['one that failed a moment ago is later', [{ isPaused: true }], false],
  ])('finds a node behind, or not, where %s', async (_, others, isBehind) => {
    const nodes = [{}, ...others].map((said, index) => nodeOf(index, said, asked));
    const agreement = new Agreement({ ...CHAIN, nodeCount: nodes.length }, { of: () => nodes });

    expect(await agreement.isBehind(nodes[0] as EvmNode, 90)).toBe(isBehind);
  });
});
