export const WALLET_KEPT = 'until the wallet is unlinked or the account is erased';
