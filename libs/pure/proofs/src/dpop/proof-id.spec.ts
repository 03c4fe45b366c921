import { aRequest } from '../../testing/dpop/a-request';
import { DeviceKey } from '../../testing/dpop/device-key';
import { verifyDpopProof } from './verify-dpop-proof';

const { request, expected } = aRequest();
const key = DeviceKey.generate();

describe('the id of a proof', () => {
  async function proofIdOf(proof: string): Promise<string | null> {
    const result = await verifyDpopProof(proof, expected);
    return result.ok ? result.value.proofId.toString('hex') : null;
  }

  it('is that of its other signature too', async () => {
    const proof = await key.prove({ ...request, jti: 'a' });
    const other = withOtherSignature(proof);

    expect(other).not.toBe(proof);
    expect(await proofIdOf(other)).toBe(await proofIdOf(proof));
    expect(await proofIdOf(other)).toHaveLength(64);
  });

  it('differs by key and by id', async () => {
    const devices = [key, DeviceKey.generate()];
    const ids = await Promise.all(
      devices.flatMap((device) =>
        ['a', 'A', 'b'].map(async (jti) => proofIdOf(await device.prove({ ...request, jti }))),
      ),
    );

    expect(ids).not.toContain(null);
    expect(new Set(ids).size).toBe(6);
  });
});

/** For (r, s) also (r, n - s) is a signature; n is the order of P-256. */
function withOtherSignature(proof: string): string {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const dot = proof.lastIndexOf('.');
  const signature = Buffer.from(proof.slice(dot + 1), 'base64url');
  const s = order - BigInt(`0x${signature.subarray(32).toString('hex')}`);
  const other = Buffer.from(s.toString(16).padStart(64, '0'), 'hex');
  return `${proof.slice(0, dot)}.${Buffer.concat([signature.subarray(0, 32), other]).toString('base64url')}`;
}
