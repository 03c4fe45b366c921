/** What an embedded wallet does on behalf of its person. */
export const actNames = [
  'sign-message',
  'sign-typed-data',
  'sign-transaction',
  'send',
  'ton-proof',
  'ton-data',
  'export',
] as const;
export type ActName = (typeof actNames)[number];
