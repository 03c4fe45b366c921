import { toNano, type Address } from '@ton/core';
import { Blockchain } from '@ton/sandbox';
import { WalletContractV4, WalletContractV5R1 } from '@ton/ton';
import { PROOF_DOMAIN, PROVEN_AT, tonAccount, tonSigner } from '../../testing/ton-signer';
import { readTonProof } from './ton-proof';
import { verifyTonProof, type TonProofPolicy } from './verify-ton-proof';

const signer = tonSigner(5);
const { publicKey } = signer;
const wallets = {
  v4r2: WalletContractV4.create({ workchain: 0, publicKey }),
  v5r1: WalletContractV5R1.create({ publicKey }),
};
const policy: TonProofPolicy = {
  payload: 'payload',
  network: '-239',
  address: null,
  domain: PROOF_DOMAIN,
  issuedAt: new Date(PROVEN_AT * 1000),
  now: new Date(PROVEN_AT * 1000),
};

async function keyOnChain(chain: Blockchain, address: Address): Promise<Buffer> {
  const { stackReader } = await chain.runGetMethod(address, 'get_public_key');
  return Buffer.from(stackReader.readBigNumber().toString(16).padStart(64, '0'), 'hex');
}

describe('a wallet that runs', () => {
  it.each(Object.entries(wallets))('%s says the key that its state init shows', async (name, contract) => {
    const chain = await Blockchain.create();
    const treasury = await chain.treasury('treasury');
    await treasury.send({ to: contract.address, value: toNano('1'), init: contract.init });
    const key = await keyOnChain(chain, contract.address);
    const account = tonAccount(signer, contract, { payload: policy.payload });
    const withoutState = readTonProof({ ...account, walletStateInit: undefined, publicKey: undefined });
    const whole = readTonProof(account);
    if (!withoutState.ok || !whole.ok) throw new Error('the account of a wallet was not read');
    const proven = {
      status: 'proven',
      address: contract.address.toRawString(),
      publicKey: publicKey.toString('hex'),
    };

    expect(key).toEqual(publicKey);
    expect(verifyTonProof(whole.value, policy)).toEqual({ ok: true, value: { ...proven, wallet: name } });
    expect(verifyTonProof(withoutState.value, policy)).toMatchObject({
      value: { status: 'needs-public-key' },
    });
    expect(verifyTonProof(withoutState.value, { ...policy, publicKey: key })).toEqual({
      ok: true,
      value: { ...proven, wallet: null },
    });
  });
});
