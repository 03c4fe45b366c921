import './send-reading.errors';

/** The codes with which the acts of an embedded wallet are refused. */
export const codesOfActs = {
  reading: [
    'wallet.acts_stopped',
    'wallet.came_by_merge',
    'wallet.frozen',
    'wallet.embedded_off',
    'wallet.not_embedded',
    'wallet.act_not_allowed',
  ],
  performing: ['wallet.act_not_found', 'wallet.act_expired', 'wallet.act_performed', 'wallet.consent_needed'],
  custody: ['wallet.custody_unavailable', 'wallet.key_missing'],
  rules: ['wallet.above_day_limit', 'wallet.above_hour_limit', 'wallet.asset_not_allowed'],
};

/** The codes with which a request to send is refused, besides those of signing. */
export const codesOfSends = [
  'send.address_invalid',
  'send.amount_invalid',
  'send.amount_zero',
  'send.chain_off',
  'send.chain_unsupported',
  'send.data_too_large',
  'send.fee_above_cap',
  'send.fees_unknown',
  'send.funds_too_low',
  'send.gas_above_cap',
  'send.gas_unknown',
  'send.intent_malformed',
  'send.to_own_wallet',
  'send.to_token_contract',
  'send.to_zero_address',
  'send.would_fail',
] as const;
