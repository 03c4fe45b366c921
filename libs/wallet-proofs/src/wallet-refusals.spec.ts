import { walletRefusals, type WalletRefusalDefinition } from './wallet-refusals';

describe('walletRefusals', () => {
  it.each(Object.entries<WalletRefusalDefinition>(walletRefusals))(
    '%s says what is wrong',
    (code, definition) => {
      expect(code).toMatch(/^wallet\.[a-z_]+$/);
      expect(definition.title).toMatch(/^[A-Z].*[^.]$/);
      if (definition.remedy !== undefined) expect(definition.remedy).toMatch(/^[A-Z].*\.$/);
    },
  );
});
