import { command, group } from '../declaration';

export const identityKey = group('identity-key', 'keys that sign identity tokens', {
  list: command('list the keys and their states').list({
    read: async (_call, app, { issuer }) =>
      (await app.get(issuer.IdentityKeys).list()).map((key) => issuer.IdentityKeyResponse.of(key)),
    columns: {
      key: 'kid',
      algorithm: 'algorithm',
      state: 'state',
      made: 'createdAt',
      'signs from': 'signsFromAt',
    },
  }),
  rotate: command('publish the next key, which signs a while later').act(async (_call, app, { issuer }) => {
    const key = await app.get(issuer.IdentityKeys).rotate();
    const { kid, state, signsFrom } = key;
    const text =
      state === 'signing'
        ? `Key ${kid} signs`
        : `Key ${kid} is published and signs from ${signsFrom.toISOString()}`;
    return { json: issuer.IdentityKeyResponse.of(key), text };
  }),
  revoke: command('take a key back at once; another one signs', { '<kid>': 'the key, as list names it' }).act(
    async ({ argument: kid }, app, { issuer }) => {
      const signing = await app.get(issuer.IdentityKeys).revoke(kid);
      const text = [
        `Key ${kid} is revoked; ${signing.kid} signs`,
        'Services accept what it signed until they renew the keys that they keep: ' +
          `${issuer.JWKS_MAX_AGE_SECONDS} s for those that heed its time, longer for those that cannot reach this service.`,
      ];
      return { json: { kid, signing: issuer.IdentityKeyResponse.of(signing) }, text: text.join('\n') };
    },
  ),
});
