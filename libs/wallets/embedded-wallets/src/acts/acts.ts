import type { EntityManager } from 'typeorm';
import { stepUpRequired, type ActDecisions } from '@countersign/account';
import { defineActs, type Act, type Principal } from '@countersign/sessions';

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

const ofAccount = { level: 'account', needsStepUp: false } as const;

/** Besides what the application allows, and its grant. */
export const embeddedWalletActs = defineActs({
  'wallet.create': { title: 'Create a wallet whose key the service has', ...ofAccount },
  'wallet.grant': {
    title: 'Let another application use the wallet',
    level: 'account',
    needsStepUp: true,
  },
  'wallet.sign_message': { title: 'Sign a message with a wallet', ...ofAccount },
  'wallet.sign_typed_data': { title: 'Sign typed data with a wallet', ...ofAccount },
  'wallet.sign_transaction': { title: 'Sign a transaction with a wallet', ...ofAccount },
  'wallet.send': { title: 'Send from a wallet', ...ofAccount },
  'wallet.prove_ton': { title: 'Prove to a site that one owns a wallet of TON', ...ofAccount },
  'wallet.sign_ton_data': { title: 'Sign data for a site with a wallet of TON', ...ofAccount },
  'wallet.export': { title: 'Ask for the words of a wallet', ...ofAccount },
  'wallet.unfreeze': { title: 'Ask for the end of the freeze of a wallet', ...ofAccount },
});

export const actOf: Readonly<Record<ActName, Act>> = {
  'sign-message': embeddedWalletActs['wallet.sign_message'],
  'sign-typed-data': embeddedWalletActs['wallet.sign_typed_data'],
  'sign-transaction': embeddedWalletActs['wallet.sign_transaction'],
  send: embeddedWalletActs['wallet.send'],
  'ton-proof': embeddedWalletActs['wallet.prove_ton'],
  'ton-data': embeddedWalletActs['wallet.sign_ton_data'],
  export: embeddedWalletActs['wallet.export'],
};

/**
 * Only the grant of a launch that named the act steps up for it: a step-up of the session may have been for another one.
 * @throws AppError account.step_up_required, account.grant_invalid, auth.assurance_too_low, session.ended
 */
export async function assertGranted(
  decisions: ActDecisions,
  tx: EntityManager,
  caller: Principal,
  act: Act,
): Promise<void> {
  if (!caller.stepUpGrant) throw stepUpRequired(act);
  await decisions.assertSteppedUp(tx, caller, act);
}
