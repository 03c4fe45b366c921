import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { extendKeyRing, generateKeyRing } from '@countersign/crypto';
import { times } from '../factories';
import { anAct, TestCustody } from '../support/custody';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';

const ring = generateKeyRing();
const custody = useFixture(() => TestCustody.start(ring), { close: (one) => one.close() });
const media = useFixture(() => ({ folder: mkdtempSync(join(tmpdir(), 'holders-')) }), {
  close: ({ folder }) => rmSync(folder, { recursive: true }),
});

const ringFile = () => join(dirname(custody.socket), 'keys.json');
let made = 0;
/** New files, each in a folder of its own. */
const files = (count: number): string[] =>
  times(count, () => {
    const folder = join(media.folder, String((made += 1)));
    mkdirSync(folder);
    return join(folder, 'share.json');
  });
const split = (...shares: readonly string[]) =>
  custody.command('ring', 'split', '--ring', ringFile(), ...shares);
const joined = (out: string, ...shares: readonly string[]) =>
  custody.command('ring', 'join', '--out', out, ...shares);

describe('the key ring of custody', () => {
  it('is split among three holders, of whom any two restore the service that has lost it', async () => {
    const walletId = await custody.aWallet();
    const { evmAddress } = await custody.client.describe(walletId);
    const [first = '', second = '', third = ''] = files(3);
    expect(custody.output).toContain('the key ring is not split among holders');
    expect(custody.command('status')).toMatch(/^0: Wallets act\.\nWarning: the key ring is not split/);

    expect(split(first, second, third)).toMatch(/^0: The shares are written/);
    expect(custody.command('status')).toBe('0: Wallets act.\nThe key ring is split among holders.');
    const share = readFileSync(second, 'utf8');
    for (const { secret } of [...ring.sealing, ...ring.index]) expect(share).not.toContain(secret);

    await custody.kill();
    const lost = readFileSync(ringFile(), 'utf8');
    rmSync(ringFile());
    expect(joined(ringFile(), third)).toMatch(/^1: name the files of 2 different shares/);
    expect(joined(ringFile(), third, third)).toMatch(/^1: name the files of 2 different shares/);
    expect(joined(ringFile(), third, first)).toBe('0:');
    expect(readFileSync(ringFile(), 'utf8')).toBe(lost);
    await custody.run();
    expect(custody.output).not.toContain('the key ring');
    expect(await custody.client.describe(walletId)).toMatchObject({ evmAddress });
    expect(await custody.signText(anAct(walletId))).toHaveLength(65);
  });

  it('is given by no mixed or changed shares, and overwrites no file', () => {
    const [one, other] = [files(3), files(3)];
    split(...one);
    split(...other);
    const [out = '', changed = ''] = files(2);

    expect(joined(out, one[0] ?? '', other[1] ?? '')).toMatch(/^1: the shares are of different splits/);
    const share = JSON.parse(readFileSync(one[1] ?? '', 'utf8')) as { readonly share: string };
    const bytes = Buffer.from(share.share, 'base64');
    bytes[7] = (bytes[7] ?? 0) ^ 1;
    writeFileSync(changed, JSON.stringify({ ...share, share: bytes.toString('base64') }));
    expect(joined(out, one[0] ?? '', changed)).toMatch(/^1: the shares do not give the ring/);
    writeFileSync(out, 'a file');
    expect(joined(out, one[0] ?? '', one[2] ?? '')).toMatch(/^1: EEXIST/);
    expect(readFileSync(out, 'utf8')).toBe('a file');
  });

  it('is split into no folder twice, and no other ring than the one in use', () => {
    const [one = '', two = '', three = ''] = files(3);
    const problem = /^1: name a new file for each share/;
    expect(split(one, two, join(dirname(two), 'another.json'))).toMatch(problem);
    expect(split(one, two)).toMatch(problem);
    const foreign = join(media.folder, 'foreign.json');
    writeFileSync(foreign, JSON.stringify(generateKeyRing()));
    expect(custody.command('ring', 'split', '--ring', foreign, one, two, three)).toBe(
      '1: custody refuses it: ring_differs',
    );
  });

  it('has to be split again when it has changed', async () => {
    custody.writeKeyRing(extendKeyRing(ring, 'sealing').document);
    custody.signal('SIGHUP');
    await until(() => custody.output.includes('the key ring has changed since it was split'));

    expect(custody.command('status')).toContain('Warning: the key ring has changed since');
    split(...files(3));
    expect(custody.command('status')).toContain('The key ring is split among holders.');
  });
});
