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
