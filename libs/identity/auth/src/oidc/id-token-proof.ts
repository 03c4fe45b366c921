import type { Bot } from '@countersign/applications';
import { sha256 } from '@countersign/crypto';
import { normalizePhoneNumber, type IdTokenProfile, type VerifiedIdToken } from '@countersign/telegram';
import type { ClaimedProfile } from '@countersign/users';
import { proofIdOf } from '../proof/proof-id';
import type { VerifiedProof } from '../proof/verified-proof';

/**
 * @param code Telegram's, of this login. Two logins within one second may have equal tokens, and are two
 * proofs.
 * @param idToken as received from Telegram: no browser has seen it, so it can seal the pair for re-entry
 */
export function proofOfIdToken(
  bot: Bot,
  code: string,
  idToken: string,
  verified: VerifiedIdToken,
): VerifiedProof {
  const { provider, environment, botId } = bot;
  const { subject, sub, issuer, clientId, issuedAt, signedText, profile } = verified;
  return {
    provider,
    environment,
    subject,
    applicationId: bot.applicationId,
    botId,
    botRowId: bot.id,
    profile: profileOf(profile),
    hints: profile.name === undefined ? {} : { firstName: profile.name },
    alias: { issuer, audience: clientId, subject: sub },
    madeAt: issuedAt,
    startParam: null,
    proofId: proofIdOf({
      provider,
      environment,
      botId,
      fields: [
        ['code', sha256(code).toString('hex')],
        ['id_token', signedText],
      ],
    }),
    secret: sha256(`${code}\n${idToken}`),
    assurance: 'platform',
    door: 'telegram-oidc',
  };
}

/**
 * Claims depend on the scope, so a missing claim means unknown. `name` is first and last name in one, so it
 * is only a hint. A name in two parts without the second is a person without a last name.
 */
function profileOf(profile: IdTokenProfile): ClaimedProfile {
  const { givenName, familyName, preferredUsername, picture } = profile;
  const phoneNumber = normalizePhoneNumber(profile.phoneNumber ?? '');
  return {
    ...(givenName === undefined ? {} : { firstName: givenName, lastName: familyName ?? null }),
    ...(preferredUsername === undefined ? {} : { username: preferredUsername }),
    ...(picture === undefined ? {} : { photoUrl: picture }),
    ...(phoneNumber === null ? {} : { phoneNumber }),
  };
}
