import { applyDecorators } from '@nestjs/common';
import { defineScopes } from '@countersign/admin';
import { SettingsGroup, MIN_SECONDS } from '@countersign/applications';
import { defineEvents, commonFields } from '@countersign/audit';
import { IsBoolean, IsInt, Max, Min } from 'class-validator';
import { DAY, HOUR, MINUTE, SECOND } from '@countersign/runtime';
import { userFields } from '@countersign/users';

const WholeSeconds = (most: number): PropertyDecorator =>
  applyDecorators(Max(most / SECOND), Min(MIN_SECONDS), IsInt());

/** All times are in whole seconds. */
class SessionSettings {
  /** An access token ends when unused for this long; each use restarts the time. */
  @WholeSeconds(DAY)
  accessIdle = (30 * MINUTE) / SECOND;

  /** An access token ends this long after its issue, regardless of use. */
  @WholeSeconds(7 * DAY)
  accessAbsolute = (12 * HOUR) / SECOND;

  /** A session ends when not refreshed for this long. */
  @WholeSeconds(400 * DAY)
  refreshIdle = (30 * DAY) / SECOND;

  /** A session ends this long after sign-in. */
  @WholeSeconds(400 * DAY)
  absolute = (90 * DAY) / SECOND;
}

/** Keys that a client binds its session to (DPoP, RFC 9449). */
class DeviceKeySettings {
  /** Whether a sign-in without such a key is refused. */
  @IsBoolean()
  required = false;
}

const assurance = { format: 'text', meaning: 'The assurance of the proof' } as const;
const door = { format: 'text', meaning: 'The sign-in door' } as const;

const { userId, sessionId, identityId } = userFields;
const { applicationId, reason } = commonFields;

export const sessionEvents = defineEvents({
  opened: {
    name: 'session.opened',
    isCounted: true,
    meaning: 'A person signed in. A proof that is sent again gets its session back, without an event',
    orderedBy: 'userId',
    fields: { userId, sessionId, applicationId, identityId, assurance, door },
    optional: ['door'],
  },
  ended: {
    name: 'session.ended',
    meaning: 'A session ended. Sessions that only expire have no event',
    orderedBy: 'userId',
    fields: { userId, sessionId, applicationId, reason },
  },
});

export const sessionScopes = defineScopes({ sessionsRead: ['sessions:read', 'List and read sessions'] });

export const sessionSettings = new SettingsGroup('session', SessionSettings);
export const deviceKeySettings = new SettingsGroup('deviceKey', DeviceKeySettings);
