import { FeaturesInUse } from '../../../api/src/features';
import { createProgram } from '../program';

const OF_EVERY_PROOF = ['as', 'application', 'provider', 'third-party', 'json'];

describe('countersign explain', () => {
  it('has the options of all doors, and no others', async () => {
    await FeaturesInUse.load(['all']);
    const { inputs, proofOptions } = await import('../explained-proofs.js');
    const program = createProgram(() => Promise.reject(new Error('nothing is run')));
    const explain = program.commands.find((command) => command.name() === 'explain');
    const options = (explain?.options ?? []).map(({ long }) => String(long).replace('--', ''));

    expect(options.filter((name) => !OF_EVERY_PROOF.includes(name)).sort()).toEqual(
      [...inputs.map((input) => `${input}-stdin`), ...proofOptions].sort(),
    );
  });
});
