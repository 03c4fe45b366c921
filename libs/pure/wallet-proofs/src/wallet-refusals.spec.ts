import type { ErrorDefinition } from '@countersign/errors';
import { evmSignatureRefusals, tonProofRefusals, walletAddressRefusals } from './wallet-refusals';

const refusals = { ...walletAddressRefusals, ...evmSignatureRefusals, ...tonProofRefusals };

describe('refusals of wallets', () => {
  it.each(Object.entries<ErrorDefinition>(refusals))('%s says what is wrong', (code, definition) => {
    expect(code).toMatch(/^wallet\.[a-z_]+$/);
    expect(definition.title).toMatch(/^[A-Z].*[^.]$/);
    if (definition.remedy !== undefined) expect(definition.remedy).toMatch(/^[A-Z].*\.$/);
  });
});
