import { patience } from '../runner/patience.cjs';
import { freePort, startScript, type RunningScript } from '../system/support/program';

const INSTALL_AND_RUN_MS = 400_000 * patience;
const STOP_MS = 60_000 * patience;

describe('npm run example:wallet', () => {
  let example: RunningScript;

  beforeAll(async () => {
    const port = 30_000 + ((await freePort()) % 2_000) * 10;
    const words = ['scripts/example-wallet.mjs', '--port', String(port)];
    example = await startScript(
      words,
      { ...process.env, PATIENCE: undefined },
      'Press Ctrl-C to stop everything.',
    );
  }, INSTALL_AND_RUN_MS);
  afterAll(async () => {
    example.child.kill('SIGINT');
    await example.ended;
  }, STOP_MS);

  it('shows coins and a token on two chains, and that a key is used once', () => {
    const { output } = example;
    for (const [chain, coin] of [
      ['anvil', 'ETH'],
      ['ton', 'GRAM'],
    ]) {
      expect(output).toMatch(new RegExp(`${chain}: the wallet \\S+ of Ada has test coins\\.`));
      for (const asset of [coin, 'USDT'])
        expect(output).toMatch(
          new RegExp(
            `${chain}: Ada sends 0\\.5 ${asset}, for at most [\\d.]+ ${coin}\\.\\n(?: {4}.*\\n)+` +
              '  The same key again: the same send\\.\\n  (?:\\w+, )*final',
          ),
        );
      expect(output).toContain(`  Grace has 0.5 ${coin}. Confirmed, and final.`);
    }
    expect(output.match(/ {2}Grace has 0\.5 USDT\. Confirmed, and final\./g)).toHaveLength(2);
  });
});
