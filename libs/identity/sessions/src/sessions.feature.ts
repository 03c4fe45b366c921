import { defineScopes } from '@countersign/admin';
import { defineSettings } from '@countersign/applications';
import { defineEventFields, defineActs } from '@countersign/events';
import type { Declared, NamesOf } from '@countersign/text';
import { DeviceKeySettings } from './device-keys/device-key.settings';
import { SessionSettings } from './session.settings';

const eventFields = defineEventFields({
  assurance: { format: 'text', meaning: 'The assurance of the proof' },
  door: { format: 'text', meaning: 'The sign-in door' },
});

const acts = defineActs({
  'session.opened': {
    meaning: 'A person signed in. A proof that is sent again gets its session back, without an event',
    orderedBy: 'userId',
    fields: ['userId', 'sessionId', 'applicationId', 'identityId', 'assurance', 'door'],
    optional: ['door'],
  },
  'session.ended': {
    meaning: 'A session ended. Sessions that only expire have no event',
    orderedBy: 'userId',
    fields: ['userId', 'sessionId', 'applicationId', 'reason'],
  },
});

const scopes = defineScopes({
  'sessions:read': 'List and read sessions',
});

const sessionSettings = defineSettings('session', SessionSettings);
const deviceKeySettings = defineSettings('deviceKey', DeviceKeySettings);

declare module '@countersign/admin' {
  interface Scopes extends NamesOf<typeof scopes> {}
}

declare module '@countersign/events' {
  interface EventFields extends NamesOf<typeof eventFields> {}
  interface Acts extends Declared<typeof acts> {}
}

declare module '@countersign/applications' {
  interface SettingsGroups extends Declared<typeof sessionSettings & typeof deviceKeySettings> {}
}
